//! Times on a grid: a first one, and whole steps beyond it.

use crate::base::family::Doc;
use crate::base::family::MemberProblem;
use crate::base::math;
use crate::base::random::Word;
use crate::base::sample;
use crate::base::sample::AliasTable;
use crate::base::units::SimSpan;
use crate::base::units::SimTime;
use crate::model::latency::Distribution;
use crate::model::latency::bounds;
use crate::model::latency::bounds::LONGEST_MS;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

/// Times on a grid: a first one, and whole steps beyond it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Spec {
    /// The first time of the grid [ms].
    #[schemars(range(min = 0.0, max = LONGEST_MS))]
    pub(crate) a_ms: f64,
    /// From one time of the grid to the next [ms].
    #[schemars(range(min = 0.0, max = LONGEST_MS))]
    pub(crate) step_ms: f64,
    /// How often 0, 1, 2... steps are added, in proportion; they need not add up to 1.
    #[schemars(length(min = 1))]
    pub(crate) weights: Vec<f64>,
    /// Standard deviation of a normal time added to it, cut so that no time is below 0 [ms].
    #[serde(default)]
    #[schemars(range(min = 0.0, max = LONGEST_MS))]
    pub(crate) jitter_ms: f64,
}

impl Doc for Spec {
    const NAME: &'static str = "lattice";
    const ABOUT: &'static str = "A first time and whole steps beyond it: sleeps, retries, polling.";
    const SOURCE: &'static str = "trace of October 2025: phantom miners answer after 0.731 s + k s";
    const EXAMPLE: &'static str = "[lattice]\na_ms = 731.0\nstep_ms = 1000.0\n\
         weights = [0.23, 0.20, 0.19, 0.18, 0.19]\njitter_ms = 20.0\n";

    fn check(&self) -> Vec<MemberProblem> {
        sample::weight_problems("weights", self.weights.iter().copied())
    }
}

impl Spec {
    pub(super) fn build(&self) -> Lattice {
        Lattice { spec: self.clone(), steps: AliasTable::new(&self.weights) }
    }
}

/// The law made from a [`Spec`].
#[derive(Clone, Debug)]
pub(super) struct Lattice {
    spec: Spec,
    steps: AliasTable,
}

impl Lattice {
    fn time_ms(&self, steps: usize) -> f64 {
        self.spec.a_ms + math::float_len(steps) * self.spec.step_ms
    }
}

impl Distribution for Lattice {
    fn draw(&self, _at: SimTime, word: Word) -> SimSpan {
        let ms = self.time_ms(self.steps.pick(word));
        if self.spec.jitter_ms <= 0.0 {
            return bounds::span(ms);
        }
        bounds::span(ms + self.spec.jitter_ms * sample::normal(&mut word.derive(0).expand()))
    }

    /// Stated where the jitter is so small that it never reaches 0 or the longest time.
    fn mean_ns(&self, _at: SimTime) -> Option<f64> {
        /// Standard deviations that a normal variate leaves less than once in 10^11.
        const SIGMAS: f64 = 7.0;
        let Spec { a_ms, jitter_ms, weights, .. } = &self.spec;
        let reach = SIGMAS * jitter_ms;
        let inside = *a_ms >= reach && self.time_ms(weights.len()) + reach <= LONGEST_MS;
        let largest = weights.iter().copied().fold(0.0, f64::max);
        let sum: f64 = weights.iter().map(|w| w / largest).sum();
        let times = weights.iter().enumerate().map(|(k, w)| w / largest * self.time_ms(k));
        bounds::mean_ns(times.sum::<f64>() / sum, if inside { 0.0 } else { 1.0 })
    }

    /// Stated where nothing is added to the grid.
    fn median_ns(&self, _at: SimTime) -> Option<f64> {
        let Spec { jitter_ms, weights, .. } = &self.spec;
        if *jitter_ms > 0.0 {
            return None;
        }
        let half = 0.5 * weights.iter().sum::<f64>();
        let mut sum = 0.0;
        let place = weights.iter().position(|weight| {
            sum += weight;
            sum >= half
        })?;
        Some(bounds::ns(self.time_ms(place)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::latency::trial;
    use statrs::distribution::ContinuousCDF;
    use statrs::distribution::Normal;

    fn law(a_ms: f64, weights: &[f64], jitter_ms: f64) -> Lattice {
        Spec { a_ms, step_ms: 1000.0, weights: weights.to_vec(), jitter_ms }.build()
    }

    #[test]
    fn draws_follow_the_law_and_its_mean() {
        let oracle = Normal::new(731.0, 20.0).unwrap();
        let cdf = |ms: f64| 0.7 * oracle.cdf(ms) + 0.3 * oracle.cdf(ms - 2000.0);
        trial::assert_law(&law(731.0, &[7.0, 0.0, 3.0], 20.0), 1, cdf);
    }

    #[test]
    fn without_jitter_only_the_grid_is_drawn() {
        let law = law(731.0, &[1.0, 1.0], 0.0);
        assert_eq!(law.draw(SimTime(0), Word(0)), SimSpan::from_ms(731));
        assert_eq!(law.draw(SimTime(0), Word(u64::MAX)), SimSpan::from_ms(1731));
    }

    #[test]
    fn the_first_draws_are_pinned() {
        assert_eq!(
            trial::first(&law(731.0, &[1.0, 1.0], 20.0)),
            [1_766_812_214, 1_744_441_558, 719_337_397]
        );
    }

    #[test]
    fn jitter_never_makes_a_time_negative_and_then_there_is_no_stated_mean() {
        let law = law(0.0, &[1.0], 20.0);
        trial::assert_bounded(&law);
        assert_eq!(law.mean_ns(SimTime(0)), None);
        assert_eq!(law.draw(SimTime(0), Word(0)), law.draw(SimTime(0), Word(0)));
    }

    #[test]
    fn weights_that_choose_nothing_are_refused() {
        let spec = Spec { a_ms: 1.0, step_ms: 1.0, weights: vec![0.0], jitter_ms: 0.0 };
        assert_eq!(spec.check()[0].key, "weights");
    }
}
