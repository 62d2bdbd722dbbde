//! Bursts: spells of many requests and spells of few.

use crate::base::family::Doc;
use crate::base::family::MemberProblem;
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

/// Bursts: spells of many requests and spells of few.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Spec {
    /// Mean number of requests an hour in a busy spell [1/h].
    #[schemars(range(min = rate::PER_H_MIN, max = rate::PER_H_MAX))]
    pub(crate) on_rate_per_h: f64,
    /// Mean number of requests an hour in a quiet spell [1/h]; 0 is silence.
    #[serde(default)]
    #[schemars(range(min = 0.0, max = rate::PER_H_MAX))]
    pub(crate) off_rate_per_h: f64,
    /// Mean length of a busy spell [s].
    #[schemars(range(min = 0.001, max = 31_536_000.0))]
    pub(crate) mean_on_s: f64,
    /// Mean length of a quiet spell [s].
    #[schemars(range(min = 0.001, max = 31_536_000.0))]
    pub(crate) mean_off_s: f64,
}

/// Fewest requests in a busy and a quiet spell together, so that a request is never a million spells away.
const REQUESTS_MIN: f64 = 0.01;

impl Doc for Spec {
    const NAME: &'static str = "on_off";
    const ABOUT: &'static str =
        "Bursts: a Poisson process whose rate switches between two at exponential times.";
    const SOURCE: &'static str = "Heffes, Lucantoni 1986: the Markov-modulated Poisson process";
    const EXAMPLE: &'static str = "[on_off]\non_rate_per_h = 3600.0\noff_rate_per_h = 60.0\n\
         mean_on_s = 120.0\nmean_off_s = 600.0\n";

    fn check(&self) -> Vec<MemberProblem> {
        let on = self.on_rate_per_h * self.mean_on_s;
        let requests = (on + self.off_rate_per_h * self.mean_off_s) / rate::SECONDS_PER_H;
        if requests >= REQUESTS_MIN {
            return Vec::new();
        }
        let allowed = "so high that a busy and a quiet spell have 0.01 requests in the mean";
        vec![MemberProblem::new("on_rate_per_h", self.on_rate_per_h, allowed)]
    }

    fn told(&self) -> Option<String> {
        /// Milliseconds of a second.
        const SECOND_MS: f64 = 1_000.0;
        let figure = wording::figure;
        let span = |seconds: f64| wording::span(seconds * SECOND_MS);
        Some(format!(
            "{} requests an hour in busy spells of {} in the mean, {} in quiet ones of {}",
            figure(self.on_rate_per_h),
            span(self.mean_on_s),
            figure(self.off_rate_per_h),
            span(self.mean_off_s)
        ))
    }
}

impl Spec {
    pub(super) fn build(&self) -> OnOff {
        let per_s = |rate: f64| rate / rate::SECONDS_PER_H;
        OnOff {
            on: Spell { rate_per_s: per_s(self.on_rate_per_h), mean_s: self.mean_on_s },
            off: Spell { rate_per_s: per_s(self.off_rate_per_h), mean_s: self.mean_off_s },
            state: None,
        }
    }
}

/// The process made from a [`Spec`]. All it needs for a gap, new spells too, comes from the gap's word.
#[derive(Clone, Copy, Debug)]
pub(super) struct OnOff {
    on: Spell,
    off: Spell,
    /// Whether the spell is busy, and when it ends; none before the first gap.
    state: Option<(bool, SimTime)>,
}

#[derive(Clone, Copy, Debug)]
struct Spell {
    rate_per_s: f64,
    mean_s: f64,
}

impl Arrivals for OnOff {
    fn waits_for_answer(&self) -> bool {
        false
    }

    /// Within a spell gaps are exponential; one that would outlast its spell is drawn anew in the next, which is
    /// exact because an exponential has no memory. The first spell is drawn from the long-run shares.
    fn gap(&mut self, now: SimTime, word: Word) -> Option<SimSpan> {
        let mut draws = word.expand();
        let (mut busy, mut ends) = self.state.unwrap_or_else(|| {
            let busy = draws.unit() * (self.on.mean_s + self.off.mean_s) < self.on.mean_s;
            let spell = if busy { self.on } else { self.off };
            (busy, now + SimSpan::from_seconds(spell.mean_s * sample::exponential(&mut draws)))
        });
        let mut from = now;
        loop {
            let spell = if busy { self.on } else { self.off };
            if spell.rate_per_s > 0.0 {
                let gap_s = sample::exponential(&mut draws) / spell.rate_per_s;
                let next = from + SimSpan::from_seconds(gap_s);
                if next <= ends {
                    self.state = Some((busy, ends));
                    return Some(next.since(now));
                }
            }
            (from, busy) = (ends, !busy);
            let spell = if busy { self.on } else { self.off };
            ends = from + SimSpan::from_seconds(spell.mean_s * sample::exponential(&mut draws));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::math;
    use crate::base::sample::oracle;
    use crate::model::arrivals::trial;
    use statrs::distribution::ContinuousCDF;
    use statrs::distribution::Exp;

    fn spec(off_rate_per_h: f64) -> Spec {
        Spec { on_rate_per_h: 3600.0, off_rate_per_h, mean_on_s: 120.0, mean_off_s: 600.0 }
    }

    /// Counts in 20,000 windows of length T = 100 s, of a process of rates a, b in shares p, 1 - p of the time.
    ///
    /// The mean is `m = (p a + (1-p) b) T`. With `v = p (1-p) (a-b)^2` and the decay `r = 1/on + 1/off` the variance is
    /// `m + 2 v (T/r - (1 - e^(-rT))/r^2)`. Spells correlate windows, so the mean's standard error is about
    /// `sqrt(m/n + 2 v T/(r n))`, 1.4 % here; allowed are five of them, and 10 % for the variance.
    #[test]
    fn counts_have_the_mean_and_the_variance_of_the_process() {
        const WINDOW_S: f64 = 100.0;
        let (share, busy, quiet, decay) = (1.0 / 6.0, 1.0, 1.0 / 60.0, 1.0 / 120.0 + 1.0 / 600.0);
        let mean = (share * busy + (1.0 - share) * quiet) * WINDOW_S;
        let swing = share * (1.0 - share) * (busy - quiet) * (busy - quiet);
        let gone = 1.0 - math::exp(-decay * WINDOW_S);
        let variance = mean + 2.0 * swing * (WINDOW_S / decay - gone / (decay * decay));
        let mut counts = vec![0.0; 20_000];
        for at in trial::requests(&mut spec(60.0).build(), 1, SimTime(0), 1_000_000) {
            let place = usize::try_from(math::trunc_to_u64(at.seconds() / WINDOW_S)).unwrap();
            if let Some(count) = counts.get_mut(place) {
                *count += 1.0;
            }
        }
        let windows = math::float_len(counts.len());
        let got_mean = counts.iter().sum::<f64>() / windows;
        let squares = counts.iter().map(|x| (x - got_mean) * (x - got_mean)).sum::<f64>();
        let error = 5.0 * ((mean + 2.0 * swing * WINDOW_S / decay) / windows).sqrt();
        assert!((got_mean - mean).abs() < error, "{got_mean} is not {mean} within {error}");
        let ratio = squares / windows / variance;
        assert!((ratio - 1.0).abs() < 0.1, "variance off by the factor {ratio}");
    }

    #[test]
    fn equal_rates_are_a_poisson_process() {
        let spec = Spec { mean_on_s: 3.0, mean_off_s: 5.0, ..spec(3600.0) };
        let times = trial::requests(&mut spec.build(), 2, SimTime(0), 100_000);
        let gaps = times.windows(2).map(|pair| pair[1].since(pair[0]).seconds()).collect();
        let law = Exp::new(1.0).unwrap();
        let got = oracle::distance(gaps, |x| law.cdf(x));
        assert!(got < oracle::distance_max(99_999), "{got}");
    }

    #[test]
    fn in_silence_the_next_burst_is_waited_for() {
        let times = trial::requests(&mut spec(0.0).build(), 3, SimTime(0), 10_000);
        let long = times.windows(2).filter(|pair| pair[1].since(pair[0]).seconds() > 60.0);
        assert!(long.count() > 20);
    }

    #[test]
    fn the_first_requests_are_pinned() {
        assert_eq!(
            trial::first(&mut spec(60.0).build()),
            [355_583_916_096, 355_796_789_007, 357_378_195_473]
        );
    }

    #[test]
    fn spells_that_hold_next_to_no_request_are_refused() {
        let spec =
            Spec { on_rate_per_h: 1.0, off_rate_per_h: 0.0, mean_on_s: 1.0, mean_off_s: 1.0 };
        assert_eq!(spec.check()[0].key, "on_rate_per_h");
    }
}
