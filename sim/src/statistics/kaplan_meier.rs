//! How long requests take to be answered when some are not answered yet: Kaplan and Meier's estimate, and bounds.
//!
//! Source: Kaplan, Meier 1958, "Nonparametric estimation from incomplete observations", JASA 53(282). The estimate supposes
//! that when a request stops being watched has nothing to do with how long it takes: true under a stationary load, not
//! under overload, where late requests take longer and are watched for less. The bounds suppose nothing: the lower one lets
//! every unfinished request end now, the upper one never.

use crate::base::math;

/// What became of so many requests at one time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct SurvivalStep {
    time: u64,
    finished: u64,
    unfinished: u64,
}

/// Times of requests, finished and not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Survival {
    /// In ascending order of time, each once.
    steps: Vec<SurvivalStep>,
    /// Requests that will never be answered.
    lost: u64,
}

/// How requests without an answer are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfinished {
    /// As watched until their age, and no longer.
    Censored,
    /// As ending now: a lower bound.
    EndNow,
    /// As never ending: an upper bound.
    NeverEnd,
}

impl Survival {
    /// Of times as (time, how many): of the `finished`, ages of the `unfinished`, and so many `lost` for ever.
    #[must_use]
    pub fn of(
        finished: impl IntoIterator<Item = (u64, u64)>,
        unfinished: impl IntoIterator<Item = (u64, u64)>,
        lost: u64,
    ) -> Self {
        let ends =
            finished.into_iter().map(|(time, n)| SurvivalStep { time, finished: n, unfinished: 0 });
        let open = unfinished.into_iter();
        let open = open.map(|(time, n)| SurvivalStep { time, finished: 0, unfinished: n });
        let mut all: Vec<SurvivalStep> = ends.chain(open).collect();
        all.sort_by_key(|step| step.time);
        let mut steps: Vec<SurvivalStep> = Vec::new();
        for step in all {
            match steps.last_mut().filter(|before| before.time == step.time) {
                Some(same) => {
                    same.finished += step.finished;
                    same.unfinished += step.unfinished;
                }
                None => steps.push(step),
            }
        }
        Self { steps, lost }
    }

    /// Number of requests, answered and unanswered.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.lost + self.steps.iter().map(|step| step.finished + step.unfinished).sum::<u64>()
    }

    /// How many are not finished, and not lost.
    #[must_use]
    pub fn unfinished(&self) -> u64 {
        self.steps.iter().map(|step| step.unfinished).sum()
    }

    /// The steps of the estimate: time, part that takes longer, and Greenwood's variance of that part (none, where all are
    /// finished, for it has none). Ends come before what stops being watched at the same time.
    #[must_use]
    pub fn estimate(&self) -> Vec<(u64, f64, Option<f64>)> {
        let (mut at_risk, mut part, mut sum) = (self.count(), 1.0, 0.0);
        let mut found = Vec::new();
        for step in &self.steps {
            if step.finished > 0 {
                let (ends, risk) = (math::float(step.finished), math::float(at_risk));
                part *= 1.0 - ends / risk;
                sum += ends / (risk * (risk - ends));
                let variance = (step.finished < at_risk).then_some(part * part * sum);
                found.push((step.time, part, variance));
            }
            at_risk -= step.finished + step.unfinished;
        }
        found
    }

    /// The first time within which at least a part `q` of the requests is answered; none where that is never seen.
    #[must_use]
    pub fn quantile(&self, q: f64, unfinished: Unfinished) -> Option<u64> {
        /// What rounding may leave of a part that is exactly reached.
        const ROUNDING: f64 = 1e-12;
        if unfinished == Unfinished::Censored {
            let mut steps = self.estimate().into_iter();
            return steps.find(|(_, part, _)| *part <= 1.0 - q + ROUNDING).map(|(time, ..)| time);
        }
        let needed = q * math::float(self.count()) - ROUNDING * math::float(self.count());
        let mut so_far = 0;
        for step in &self.steps {
            so_far += step.finished;
            if unfinished == Unfinished::EndNow {
                so_far += step.unfinished;
            }
            if so_far > 0 && math::float(so_far) >= needed {
                return Some(step.time);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(got: f64, expected: f64) {
        assert!((got - expected).abs() < 1e-12, "{got} is not {expected}");
    }

    #[test]
    fn five_requests_worked_by_hand() {
        // Ends at 1, 3, 4; watched until 2 and 4. After 1: 4/5; after 3: 4/5 x 2/3; at 4 one of two ends: x 1/2.
        let survival = Survival::of([(3, 1), (1, 1), (4, 1)], [(2, 1), (4, 1)], 0);
        let steps = survival.estimate();
        assert_eq!(steps.iter().map(|step| step.0).collect::<Vec<_>>(), [1, 3, 4]);
        for (step, right) in steps.iter().zip([0.8, 8.0 / 15.0, 4.0 / 15.0]) {
            close(step.1, right);
        }
        close(steps[0].2.unwrap(), 0.64 / 20.0);
        assert_eq!((survival.count(), survival.unfinished()), (5, 2));
        assert_eq!(survival.quantile(0.5, Unfinished::Censored), Some(4));
        assert_eq!(survival.quantile(0.5, Unfinished::EndNow), Some(3));
        assert_eq!(survival.quantile(0.5, Unfinished::NeverEnd), Some(4));
        assert_eq!(survival.quantile(0.8, Unfinished::NeverEnd), None);
    }

    #[test]
    fn without_unfinished_requests_all_three_are_the_plain_quantile() {
        let survival = Survival::of((1..=10).map(|time| (time, 1)), [], 0);
        for how in [Unfinished::Censored, Unfinished::EndNow, Unfinished::NeverEnd] {
            for (q, right) in [(0.1, 1), (0.5, 5), (0.95, 10), (1.0, 10)] {
                assert_eq!(survival.quantile(q, how), Some(right), "{q} {how:?}");
            }
        }
        assert_eq!(survival.estimate()[9].2, None, "all are finished: no variance");
    }

    #[test]
    fn what_is_lost_never_ends() {
        let survival = Survival::of([(5, 6)], [], 4);
        for how in [Unfinished::Censored, Unfinished::EndNow, Unfinished::NeverEnd] {
            assert_eq!(survival.quantile(0.6, how), Some(5));
            assert_eq!(survival.quantile(0.7, how), None);
        }
    }

    #[test]
    fn nothing_has_no_time() {
        let none = Survival::of([], [], 0);
        assert_eq!(none.quantile(0.5, Unfinished::EndNow), None);
        assert_eq!(none.quantile(0.5, Unfinished::Censored), None);
        let unanswered = Survival::of([], [(7, 2)], 0);
        assert_eq!(unanswered.quantile(0.5, Unfinished::EndNow), Some(7));
        assert_eq!(unanswered.quantile(0.5, Unfinished::NeverEnd), None);
        assert!(unanswered.estimate().is_empty());
    }

    /// A server that works off one request a time unit while one and a half come: the fluid limit of theory.md 3.2. The
    /// median over successes is T/6, Kaplan-Meier's .2155 T, the truth (all followed to the end) T/4, which the upper bound
    /// finds; the control is the median over successes, which is 33 % low.
    #[test]
    fn overload_gives_the_fluid_limits_and_the_bounds_hold_the_truth() {
        let (window, requests) = (1_000_000_u64, 3_000_u64);
        let mut ends = Vec::new();
        let mut open = Vec::new();
        for request in 0..requests {
            let arrival = request * window / requests;
            let answered = request * window * 3 / (requests * 2);
            if answered <= window {
                ends.push((answered - arrival, 1));
            } else {
                open.push((window - arrival, 1));
            }
        }
        let survival = Survival::of(ends.clone(), open, 0);
        let part = |time: Option<u64>| math::float(time.unwrap()) / math::float(window);
        let near =
            |found: f64, right: f64| assert!((found - right).abs() < 1e-3, "{found} {right}");
        near(part(Survival::of(ends, [], 0).quantile(0.5, Unfinished::Censored)), 0.5 / 3.0);
        let exact = 0.5 / 1.5 * (1.0 - math::pow(0.5, 1.5));
        near(part(survival.quantile(0.5, Unfinished::Censored)), exact);
        near(part(survival.quantile(0.5, Unfinished::NeverEnd)), 0.25);
        let low = part(survival.quantile(0.5, Unfinished::EndNow));
        assert!(low < 0.25, "{low}");
    }
}
