//! Both sides of a mean in a declared range: a lower and an upper confidence sequence, each at a level of its own.

use crate::base::math;
use crate::statistics::CarriedSequence;
use crate::statistics::LowerSequence;
use crate::statistics::asymptotic::Asymptotic;
use crate::statistics::beta_binomial::BetaBinomial;
use crate::statistics::betting::Betting;
use crate::statistics::empirical_bernstein::EmpiricalBernstein;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

/// Which confidence sequence bounds the mean.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// Capital of bets against a line; the sharpest for most metrics.
    #[default]
    Betting,
    /// Empirical Bernstein: a closed form, cheap for very many runs.
    EmpiricalBernstein,
    /// Beta-binomial mixture: for 0 and 1 only.
    BetaBinomial,
    /// Asymptotic, behind a guard: for numbers without a declared range, or with one above 50 margins.
    Asymptotic,
}

impl Method {
    /// The words in verdicts.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Betting => "betting confidence sequence",
            Self::EmpiricalBernstein => "empirical Bernstein confidence sequence",
            Self::BetaBinomial => "beta-binomial confidence sequence",
            Self::Asymptotic => "asymptotic confidence sequence",
        }
    }

    fn sequence(self, level: f64) -> Box<dyn LowerSequence> {
        match self {
            Self::Betting => Box::new(Betting::new(level)),
            Self::EmpiricalBernstein => Box::new(EmpiricalBernstein::new(level)),
            Self::BetaBinomial => Box::new(BetaBinomial::new(level)),
            Self::Asymptotic => Box::new(Asymptotic::new(level)),
        }
    }
}

/// A sequence of one side: made anew, or one that knows its lines and can be taken up again.
#[derive(Debug)]
enum Side {
    New(Box<dyn LowerSequence>),
    Carried(CarriedSequence),
}

impl Side {
    fn sequence(&mut self) -> &mut dyn LowerSequence {
        match self {
            Self::New(sequence) => sequence.as_mut(),
            Self::Carried(carried) => carried,
        }
    }

    fn lower(&self) -> f64 {
        match self {
            Self::New(sequence) => sequence.lower(),
            Self::Carried(carried) => carried.lower(),
        }
    }
}

/// What two carried sequences and the mean need to be taken up again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CarriedBounds {
    /// The sequence from below.
    pub below: CarriedSequence,
    /// The sequence from above, of the range turned round.
    pub above: CarriedSequence,
    /// Numbers that were taken in so far.
    pub count: u64,
    /// Sum of the numbers taken in.
    pub sum: f64,
}

/// The mean so far, and what can be said about the true one, in the units of the metric.
#[derive(Debug)]
pub struct Bounds {
    /// What no number can leave; infinite for an asymptotic sequence without a declared one.
    range: (f64, f64),
    /// What is 0 and 1 to the sequences: the range, or nothing in particular.
    scale: (f64, f64),
    is_scaled: bool,
    below: Side,
    above: Side,
    count: u64,
    sum: f64,
}

impl Bounds {
    /// No runs yet. `levels` are those of the lower and of the upper bound.
    ///
    /// # Panics
    /// When the range is empty, or not finite where the method needs one, or a level is not inside `0..1`: the caller has
    /// checked them.
    #[must_use]
    pub fn new(method: Method, range: (f64, f64), levels: (f64, f64)) -> Self {
        for level in [levels.0, levels.1] {
            assert!(level > 0.0 && level < 1.0, "a level inside 0..1");
        }
        let is_free = method == Method::Asymptotic;
        assert!(
            range.0 < range.1 && (is_free || (range.1 - range.0).is_finite()),
            "a finite range"
        );
        let scale = if is_free { (0.0, 1.0) } else { range };
        let (below, above) = (method.sequence(levels.0), method.sequence(levels.1));
        let (below, above) = (Side::New(below), Side::New(above));
        Self { range, scale, is_scaled: !is_free, below, above, count: 0, sum: 0.0 }
    }

    /// The same against a few lines only, from below and from above, so that it can be laid aside; none for a method whose
    /// evidence cannot be carried on.
    #[must_use]
    pub fn carriable(
        method: Method,
        range: (f64, f64),
        levels: (f64, f64),
        lines: (&[f64], &[f64]),
    ) -> Option<CarriedBounds> {
        let (low, high) = range;
        let below: Vec<f64> = lines.0.iter().map(|line| (line - low) / (high - low)).collect();
        let above: Vec<f64> = lines.1.iter().map(|line| (high - line) / (high - low)).collect();
        Some(CarriedBounds {
            below: CarriedSequence::new(method, levels.0, &below)?,
            above: CarriedSequence::new(method, levels.1, &above)?,
            count: 0,
            sum: 0.0,
        })
    }

    /// Takes up again what was laid aside, in the range that it was made for.
    #[must_use]
    pub fn taken_up(range: (f64, f64), carried: CarriedBounds) -> Self {
        let CarriedBounds { below, above, count, sum } = carried;
        let (below, above) = (Side::Carried(below), Side::Carried(above));
        Self { range, scale: range, is_scaled: true, below, above, count, sum }
    }

    /// What is laid aside; none where it was not made for that.
    #[must_use]
    pub fn laid_aside(&self) -> Option<CarriedBounds> {
        let (Side::Carried(below), Side::Carried(above)) = (&self.below, &self.above) else {
            return None;
        };
        let (below, above) = (below.clone(), above.clone());
        Some(CarriedBounds { below, above, count: self.count, sum: self.sum })
    }

    /// Takes in the number of the next run, in seed order.
    ///
    /// # Panics
    /// When it is outside the range: the metric has declared a range it does not keep.
    pub fn push(&mut self, x: f64) {
        let (low, high) = self.range;
        assert!((low..=high).contains(&x), "{x} outside the declared range {low}..={high}");
        self.count += 1;
        self.sum += x;
        let (low, high) = self.scale;
        let (mut up, mut down) = ((x - low) / (high - low), (high - x) / (high - low));
        if self.is_scaled {
            (up, down) = (up.clamp(0.0, 1.0), down.clamp(0.0, 1.0));
        }
        self.below.sequence().push(up);
        self.above.sequence().push(down);
    }

    /// Whether it is certain, at the lower bound's level, that the mean is above `line`.
    pub fn is_above(&mut self, line: f64) -> bool {
        let (low, high) = self.scale;
        self.below.sequence().exceeds((line - low) / (high - low))
    }

    /// Whether it is certain, at the upper bound's level, that the mean is below `line`.
    pub fn is_below(&mut self, line: f64) -> bool {
        let (low, high) = self.scale;
        self.above.sequence().exceeds((high - line) / (high - low))
    }

    /// The lower bound; of a carried sequence the highest of its lines that is excluded, the end of the range before.
    #[must_use]
    pub fn lower(&self) -> f64 {
        let (low, high) = self.scale;
        (low + (high - low) * self.below.lower()).max(self.range.0)
    }

    /// The upper bound; of a carried sequence the lowest of its lines that is excluded, the end of the range before.
    #[must_use]
    pub fn upper(&self) -> f64 {
        let (low, high) = self.scale;
        (high - (high - low) * self.above.lower()).min(self.range.1)
    }

    /// The mean of the runs so far; none before the first.
    #[must_use]
    pub fn mean(&self) -> Option<f64> {
        (self.count > 0).then(|| self.sum / math::float(self.count))
    }

    /// Number of runs that were taken in.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.count
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn before_the_first_run_the_bounds_are_the_range() {
        for method in [Method::Betting, Method::EmpiricalBernstein, Method::BetaBinomial] {
            let bounds = Bounds::new(method, (-3.0, 5.0), (0.05, 0.01));
            assert_eq!((bounds.lower(), bounds.upper()), (-3.0, 5.0));
            assert_eq!(bounds.mean(), None);
        }
    }

    #[test]
    fn the_upper_bound_is_the_lower_one_turned_round() {
        let xs = [0.2, 0.9, 0.4, 0.4, 0.7, 0.1, 0.3, 0.2];
        for method in [Method::Betting, Method::EmpiricalBernstein] {
            let mut plain = Bounds::new(method, (0.0, 1.0), (0.3, 0.4));
            let mut turned = Bounds::new(method, (-1.0, 0.0), (0.4, 0.3));
            for x in xs {
                plain.push(x);
                turned.push(-x);
            }
            assert!((plain.lower() + turned.upper()).abs() < 1e-12);
            assert!((plain.upper() + turned.lower()).abs() < 1e-12);
        }
    }

    #[test]
    #[should_panic(expected = "outside the declared range")]
    fn a_number_outside_the_range_is_a_bug() {
        Bounds::new(Method::Betting, (0.0, 1.0), (0.05, 0.05)).push(1.5);
    }

    #[test]
    #[should_panic(expected = "a level inside 0..1")]
    fn a_level_of_0_is_a_bug() {
        let _bounds = Bounds::new(Method::Betting, (0.0, 1.0), (0.0, 0.05));
    }

    proptest! {
        #![proptest_config(crate::statistics::coverage::written_seed())]

        #[test]
        fn the_unit_of_the_metric_does_not_matter(
            xs in prop::collection::vec(0.0_f64..=1.0, 1..40)
        ) {
            let mut one = Bounds::new(Method::Betting, (0.0, 1.0), (0.2, 0.2));
            let mut other = Bounds::new(Method::Betting, (-8.0, 8.0), (0.2, 0.2));
            for x in &xs {
                one.push(*x);
                other.push(16.0 * x - 8.0);
            }
            prop_assert!((16.0 * one.lower() - 8.0 - other.lower()).abs() < 1e-9);
            prop_assert!((16.0 * one.upper() - 8.0 - other.upper()).abs() < 1e-9);
        }
    }
}
