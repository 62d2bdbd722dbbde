//! Requests that rise and fall with the hour of the day.

use crate::base::family::Doc;
use crate::base::math;
use crate::base::random::Word;
use crate::base::sample;
use crate::base::units::SimSpan;
use crate::base::units::SimTime;
use crate::base::wording;
use crate::model::arrivals::Arrivals;
use crate::model::arrivals::rate;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

/// Requests that rise and fall with the hour of the day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Spec {
    /// Number of requests an hour, in the mean over a period [1/h].
    #[schemars(range(min = rate::PER_H_MIN, max = rate::PER_H_MAX))]
    pub(crate) mean_rate_per_h: f64,
    /// How far the rate swings about its mean, `0.0..=1.0`; 1 falls to nothing and rises to double.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub(crate) depth: f64,
    /// Hour of the period at which most is asked [h].
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 8760.0))]
    pub(crate) peak_h: f64,
    /// Length of the period [h].
    #[serde(default = "day")]
    #[schemars(range(min = 0.001, max = 8760.0))]
    pub(crate) period_h: f64,
}

/// Hours in a day.
fn day() -> f64 {
    24.0
}

impl Doc for Spec {
    const NAME: &'static str = "diurnal";
    const ABOUT: &'static str =
        "A Poisson process whose rate rises and falls with the hour, as a cosine.";
    const SOURCE: &'static str =
        "Lewis, Shedler 1979: thinning; ours: a cosine, the trace shows no daily cycle";
    const EXAMPLE: &'static str =
        "[diurnal]\nmean_rate_per_h = 833.0\ndepth = 0.6\npeak_h = 15.0\n";

    fn told(&self) -> Option<String> {
        let rate = |share: f64| wording::figure(self.mean_rate_per_h * share);
        Some(format!(
            "{} requests an hour in the mean, between {} and {} in {} h with the most at hour {}",
            rate(1.0),
            rate(1.0 - self.depth),
            rate(1.0 + self.depth),
            wording::figure(self.period_h),
            wording::figure(self.peak_h)
        ))
    }
}

impl Spec {
    pub(super) fn build(&self) -> Diurnal {
        Diurnal(self.clone())
    }
}

/// The process made from a [`Spec`].
#[derive(Clone, Debug)]
pub(super) struct Diurnal(Spec);

impl Diurnal {
    /// The rate at an instant over the highest rate.
    fn share(&self, at: SimTime) -> f64 {
        let hours = at.seconds() / rate::SECONDS_PER_H - self.0.peak_h;
        let angle = 2.0 * std::f64::consts::PI * hours / self.0.period_h;
        (1.0 + self.0.depth * math::cos(angle)) / (1.0 + self.0.depth)
    }
}

impl Arrivals for Diurnal {
    fn waits_for_answer(&self) -> bool {
        false
    }

    /// Requests at the highest rate, each kept with the share that the rate has of it.
    fn gap(&mut self, now: SimTime, word: Word) -> Option<SimSpan> {
        let mean_s = rate::mean_gap_s(self.0.mean_rate_per_h * (1.0 + self.0.depth));
        let mut draws = word.expand();
        let mut at = now;
        loop {
            at = at + SimSpan::from_seconds(mean_s * sample::exponential(&mut draws));
            if at == SimTime::NEVER || draws.unit() < self.share(at) {
                return Some(at.since(now));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::sample::oracle;
    use crate::model::arrivals::trial;

    fn spec(depth: f64) -> Spec {
        Spec { mean_rate_per_h: 1000.0, depth, peak_h: 15.0, period_h: 24.0 }
    }

    /// Given their number, the requests of whole days are independent draws from the rate: at hour `h` after the peak
    /// `F(h) = (h + depth sin(2 pi h / 24) 24 / (2 pi)) / 24`.
    #[test]
    fn hours_of_requests_follow_the_rate() {
        let depth = 0.6;
        let start = SimTime(0) + SimSpan::from_seconds(15.0 * 3600.0);
        let times = trial::requests(&mut spec(depth).build(), 1, start, 60_000);
        let hours: Vec<f64> = times.iter().map(|at| at.since(start).seconds() / 3600.0).collect();
        let days = (hours[hours.len() - 1] / 24.0).floor();
        let hours: Vec<f64> =
            hours.into_iter().filter(|h| *h < 24.0 * days).map(|h| h % 24.0).collect();
        let turn = 2.0 * std::f64::consts::PI / 24.0;
        let bound = oracle::distance_max(hours.len());
        let count = hours.len();
        let got = oracle::distance(hours, |h| (h + depth * math::sin(turn * h) / turn) / 24.0);
        assert!(got < bound, "{got} is above {bound}");
        let expected = 24_000.0 * days;
        let error = 4.9 * expected.sqrt();
        assert!((math::float_len(count) - expected).abs() < error, "{count} is not {expected}");
    }

    #[test]
    fn without_depth_it_is_a_poisson_process() {
        use statrs::distribution::ContinuousCDF;
        let law = statrs::distribution::Exp::new(1.0 / 3.6).unwrap();
        let gap = |word| spec(0.0).build().gap(SimTime(1), word).unwrap().seconds();
        oracle::assert_follows(2, gap, |seconds| law.cdf(seconds));
    }

    #[test]
    fn the_first_requests_are_pinned() {
        assert_eq!(
            trial::first(&mut spec(0.6).build()),
            [1_350_598_947, 2_935_824_007, 6_734_838_334]
        );
    }

    #[test]
    fn a_rate_that_falls_to_nothing_comes_back() {
        let trough = SimTime(0) + SimSpan::from_seconds(3.0 * 3600.0);
        let slow = Spec { mean_rate_per_h: 1e-6, ..spec(1.0) };
        assert!(slow.build().gap(trough, Word(1)).is_some());
        assert!(spec(1.0).build().gap(trough, Word(1)).unwrap().seconds() < 6.0 * 3600.0);
    }
}
