//! What can be known of a claim before the first run: how many runs it takes at the least, and what a budget can decide.
//!
//! Source: spec/theory.md 1.3. Counts are those of numbers that are all equal; noise slows on average.

use crate::property::ClaimShape;
use crate::property::MeanClaim;
use crate::property::Relation;
use crate::property::VerdictStatus;
use crate::property::finding::short;
use crate::statistics::Method;
use crate::statistics::Wanted;

/// How many runs a claim needs, and what its budget can decide.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Need {
    /// The least runs: no data whatever can PASS sooner; none where none can at all.
    pub(crate) floor: Option<u64>,
    /// Runs until a PASS when every number is the threshold; none where that decides nothing, or nobody can know.
    pub(crate) at_threshold: Option<u64>,
    /// The runs that the property allows.
    pub(crate) budget: u64,
    /// The means nearest to the threshold that the budget decides: the verdict, and the mean as a bound in words.
    pub(crate) nearest: Vec<(VerdictStatus, String)>,
    method: Method,
    /// How far the nearest of them lies from the threshold.
    pub(crate) distance: Option<f64>,
}

/// The line that one side of the evidence has to exclude, in the units of the metric, and from which side.
#[derive(Clone, Copy)]
enum ExcludedLine {
    /// The mean has to be shown to lie above it.
    Above(f64),
    /// A line that the mean lies below, in the metric's unit.
    Below(f64),
}

/// A line with the level at which it has to be excluded.
type Aim = (ExcludedLine, f64);

impl MeanClaim {
    /// How many runs the claim needs, and what its budget can decide.
    pub(crate) fn need(&self) -> Need {
        let (passes, fails) = self.lines();
        let budget = self.max_replications;
        let threshold = match self.shape {
            ClaimShape::Side { threshold, .. } | ClaimShape::Within { threshold, .. } => threshold,
        };
        let all = |runs: Vec<Option<u64>>| {
            runs.into_iter().collect::<Option<Vec<u64>>>().and_then(|runs| runs.into_iter().max())
        };
        let floor = all(passes.iter().map(|line| self.runs(*line, self.best(*line))).collect());
        let is_known = self.method != Method::Asymptotic;
        let at_threshold = all(passes.iter().map(|line| self.runs(*line, threshold)).collect())
            .filter(|_| is_known);
        let mut nearest = Vec::new();
        let mut distance: Option<f64> = None;
        let mut tell = |status, line| {
            let Some(mean) = self.nearest(line, budget) else { return };
            let word = match line.0 {
                ExcludedLine::Above(_) => "at least",
                ExcludedLine::Below(_) => "at most",
            };
            let far = (mean - threshold).abs();
            distance = Some(distance.map_or(far, |so_far: f64| so_far.min(far)));
            nearest.push((status, format!("{word} {}", short(mean))));
        };
        // Two sides of a PASS have to be shown at once: no single mean says which it is.
        if let [line] = passes.as_slice() {
            tell(VerdictStatus::Pass, *line);
        }
        for line in &fails {
            tell(VerdictStatus::Fail, *line);
        }
        Need { floor, at_threshold, budget, nearest, method: self.method, distance }
    }

    /// The lines, with their levels, that have to be excluded for a PASS, all of them, and for a FAIL, one of them.
    fn lines(&self) -> (Vec<Aim>, Vec<Aim>) {
        let (a, b) = (self.alpha, self.beta);
        match self.shape {
            ClaimShape::Side { relation: Relation::AtLeast, threshold: t, margin: d } => {
                (vec![(ExcludedLine::Above(t - d), b)], vec![(ExcludedLine::Below(t), a)])
            }
            ClaimShape::Side { relation: Relation::AtMost, threshold: t, margin: d } => {
                (vec![(ExcludedLine::Below(t + d), b)], vec![(ExcludedLine::Above(t), a)])
            }
            ClaimShape::Within { threshold: t, margin: d } => (
                vec![(ExcludedLine::Above(t - d), b), (ExcludedLine::Below(t + d), b)],
                vec![(ExcludedLine::Below(t - d), a / 2.0), (ExcludedLine::Above(t + d), a / 2.0)],
            ),
        }
    }

    /// A mean, or a line, as a share of the range from the side that is looked from.
    fn share(&self, line: ExcludedLine, x: f64) -> f64 {
        if self.method == Method::Asymptotic {
            return match line {
                ExcludedLine::Above(_) => x,
                ExcludedLine::Below(_) => -x,
            };
        }
        let (low, high) = self.range;
        match line {
            ExcludedLine::Above(_) => (x - low) / (high - low),
            ExcludedLine::Below(_) => (high - x) / (high - low),
        }
    }

    fn wanted(&self, (line, level): (ExcludedLine, f64)) -> Wanted {
        let (ExcludedLine::Above(at) | ExcludedLine::Below(at)) = line;
        Wanted { method: self.method, level, line: self.share(line, at) }
    }

    /// The number that speaks most for it.
    fn best(&self, (line, _): (ExcludedLine, f64)) -> f64 {
        match line {
            ExcludedLine::Above(_) => self.range.1,
            ExcludedLine::Below(_) => self.range.0,
        }
    }

    fn runs(&self, line: (ExcludedLine, f64), x: f64) -> Option<u64> {
        self.wanted(line).runs(self.share(line.0, x))
    }

    fn nearest(&self, line: (ExcludedLine, f64), runs: u64) -> Option<f64> {
        let share = self.wanted(line).nearest(runs)?;
        let (low, high) = self.range;
        Some(match line.0 {
            ExcludedLine::Above(_) => low + (high - low) * share,
            ExcludedLine::Below(_) => high - (high - low) * share,
        })
    }
}

impl Need {
    /// Why the budget is refused; none where some data can PASS.
    pub(crate) fn refusal(&self) -> Option<String> {
        let Self { floor, budget, .. } = self;
        match floor {
            None => Some(
                "no data whatever can PASS: the margin is 0 at the end of the range".to_string(),
            ),
            Some(floor) if budget < floor => {
                let at_threshold = self
                    .at_threshold
                    .map(|runs| format!("; with every number at the threshold it takes {runs}"));
                Some(format!(
                    "max_replications is {budget}, allowed: at least {floor}, for no data whatever can PASS sooner{}",
                    at_threshold.unwrap_or_default()
                ))
            }
            Some(_) => None,
        }
    }

    /// Whether a mean at the threshold may stay undecided within the budget.
    pub(crate) fn is_short(&self) -> bool {
        self.at_threshold.is_none_or(|needed| needed > self.budget)
    }

    /// What is to be told before the first run.
    pub(crate) fn words(&self) -> String {
        let floor = self.floor.unwrap_or(0);
        let about = if self.method == Method::BetaBinomial { "about " } else { "" };
        let at_threshold = match self.at_threshold {
            Some(needed) => format!(", {about}{needed} with every number at the threshold"),
            None if self.method == Method::Asymptotic => {
                " (asymptotic: more as the spread and skewness of the numbers ask)".to_string()
            }
            None => ", a mean at the threshold is never decided".to_string(),
        };
        let decided: Vec<String> = self
            .nearest
            .iter()
            .filter(|_| self.is_short())
            .map(|(status, mean)| format!("{} from a mean of {mean}", status.name()))
            .collect();
        let decided = match decided.as_slice() {
            [] => String::new(),
            told => format!(", which can decide: {}", told.join(", ")),
        };
        format!("at least {floor} runs{at_threshold}; it may take {}{decided}", self.budget)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claim(shape: ClaimShape, budget: u64) -> MeanClaim {
        MeanClaim {
            shape,
            event: None,
            range: (0.0, 1.0),
            method: Method::Betting,
            alpha: 0.05,
            beta: 0.05,
            max_replications: budget,
        }
    }

    fn side(relation: Relation) -> ClaimShape {
        ClaimShape::Side { relation, threshold: 0.5, margin: 0.05 }
    }

    #[test]
    fn both_sides_need_the_same() {
        let need = |relation| claim(side(relation), 44).need();
        let (least, most) = (need(Relation::AtLeast), need(Relation::AtMost));
        assert_eq!((least.floor, least.at_threshold), (Some(6), Some(44)));
        assert_eq!((most.floor, most.at_threshold), (Some(6), Some(44)));
        assert!(!least.is_short() && !least.words().contains("decide"), "{}", least.words());
    }

    #[test]
    fn a_budget_below_the_floor_is_refused_and_one_below_the_need_told() {
        let refused = claim(side(Relation::AtLeast), 5).need().refusal().unwrap();
        assert!(
            refused.contains("is 5, allowed: at least 6") && refused.contains("takes 44"),
            "{refused}"
        );
        let short = claim(side(Relation::AtLeast), 43).need();
        assert!(short.refusal().is_none() && short.is_short());
        let words = short.words();
        assert!(words.contains("PASS from a mean of at least 0.50"), "{words}");
        assert!(words.contains("FAIL from a mean of at most 0.4"), "{words}");
    }

    #[test]
    fn a_margin_of_0_is_never_decided_at_the_threshold() {
        let shape =
            |threshold| ClaimShape::Side { relation: Relation::AtLeast, threshold, margin: 0.0 };
        let need = claim(shape(0.5), 1000).need();
        assert!(need.at_threshold.is_none() && need.floor.is_some());
        assert!(need.words().contains("never decided"), "{}", need.words());
        assert!(claim(shape(1.0), 1000).need().refusal().unwrap().contains("no data whatever"));
    }

    #[test]
    fn an_equivalence_needs_both_sides() {
        let within = claim(ClaimShape::Within { threshold: 0.4, margin: 0.05 }, 1000).need();
        let side = |relation| {
            let shape = ClaimShape::Side { relation, threshold: 0.4, margin: 0.05 };
            claim(shape, 1000).need().at_threshold.unwrap()
        };
        let worse = side(Relation::AtLeast).max(side(Relation::AtMost));
        assert_eq!(within.at_threshold, Some(worse));
    }
}
