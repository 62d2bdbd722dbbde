//! Requests that rise and fall: a Poisson process whose rate is a cosine of time, of a day's period or another.

use crate::base::math;
use crate::trace::fit::arrivals::Candidate;
use crate::trace::fit::arrivals::Process;
use crate::trace::fit::arrivals::judge::GapsJudged;
use crate::trace::fit::arrivals::optimum;
use crate::trace::fit::arrivals::requests::Requests;
use crate::trace::jobs::HOUR_MS;
use crate::trace::measure::numbers;

/// Hours in a day.
const DAY_H: f64 = 24.0;
/// Of the trace's time a day is at least so much, or nothing is known of its rise and fall. Source: ours.
const DAYS_MIN: f64 = 0.5;
/// Bins of time in which periods are looked for, and how many of them, in halves of the trace's time. Source: ours.
const BINS: usize = 720;
const PERIODS: usize = 120;
/// More requests than this are counted by so many pieces of time, each a small part of any period. Source: ours, for time.
const COUNTED_MAX: usize = 1 << 13;
/// Deepest swing tried: at 1 the rate falls to nothing, and one request there rules it out.
const DEEPEST: f64 = 0.999;
/// How far a search reaches at first.
const REACH: f64 = 0.2;

const TURN: f64 = 2.0 * std::f64::consts::PI;

/// A cosine: logarithms of mean rate [1/h] and depth, peak [h], logarithm of the period [h].
struct Cosine {
    mean: f64,
    depth: f64,
    peak: f64,
    period: f64,
}

impl Cosine {
    /// From what a search moves; the period is given where it does not move.
    fn of(at: &[f64], period: Option<f64>) -> Self {
        Self {
            mean: math::exp(at[0]),
            depth: math::exp(at[1]),
            peak: at[2],
            period: period.unwrap_or_else(|| math::exp(at[3])),
        }
    }

    /// The rate at an instant over the mean rate.
    fn share(&self, at_h: f64) -> f64 {
        1.0 + self.depth * math::cos(TURN * (at_h - self.peak) / self.period)
    }

    /// Requests expected up to an instant, from any fixed one.
    fn mass(&self, at_h: f64) -> f64 {
        let turn = TURN / self.period;
        let quarter = 0.25 * self.period;
        // The sine, as a cosine a quarter later.
        let sine = math::cos(turn * (at_h - self.peak - quarter));
        self.mean * (at_h + self.depth * sine / turn)
    }

    fn log_likelihood(&self, counts: &Counts) -> f64 {
        if self.depth >= 1.0 {
            return f64::NEG_INFINITY;
        }
        let one = |(at, count): &(f64, f64)| count * math::ln(self.share(*at));
        let shares: f64 = counts.each.iter().map(one).sum();
        let (first, last) = counts.span;
        counts.all * math::ln(self.mean) + shares - (self.mass(last) - self.mass(first))
    }
}

/// Requests by time: each at its instant, or of many how many about which [h].
struct Counts {
    each: Vec<(f64, f64)>,
    all: f64,
    span: (f64, f64),
}

impl Counts {
    /// The requests after the first, which only begins the time looked at.
    fn of(times: &[f64]) -> Self {
        let span = (times[0], times[times.len() - 1]);
        let all = math::float_len(times.len() - 1);
        let width = (span.1 - span.0) / math::float_len(COUNTED_MAX);
        let each = if times.len() <= COUNTED_MAX || width <= 0.0 {
            times.iter().skip(1).map(|at| (*at, 1.0)).collect()
        } else {
            let mut counts = vec![0.0; COUNTED_MAX];
            for at in &times[1..] {
                let place = math::trunc_to_u64((at - span.0) / width);
                let place = usize::try_from(place).unwrap_or(COUNTED_MAX).min(COUNTED_MAX - 1);
                counts[place] += 1.0;
            }
            let middle = |place: usize| span.0 + (math::float_len(place) + 0.5) * width;
            counts.into_iter().enumerate().map(|(place, count)| (middle(place), count)).collect()
        };
        Self { each, all, span }
    }
}

/// Requests of a day's rise and fall; none of a trace much shorter than a day.
pub(super) fn daily(requests: &Requests) -> Option<Candidate> {
    let times = hours(requests)?;
    let long = times[times.len() - 1] - times[0] >= DAYS_MIN * DAY_H;
    long.then(|| fitted(&times, DAY_H, true)).flatten()
}

/// Requests of a rise and fall of any period that the trace's time holds half of.
pub(super) fn of_any_period(requests: &Requests) -> Option<Candidate> {
    let times = hours(requests)?;
    let period = period(&times)?;
    fitted(&times, period, false)
}

/// Instants of the requests [h]; none of a trace that does not show every one.
fn hours(requests: &Requests) -> Option<Vec<f64>> {
    let hour = math::float(HOUR_MS);
    requests.is_whole.then(|| requests.times.iter().map(|ms| ms / hour).collect())
}

/// The period at which counts swing most, by least squares [h].
fn period(times: &[f64]) -> Option<f64> {
    let (first, span) = (times[0], times[times.len() - 1] - times[0]);
    if span <= 0.0 {
        return None;
    }
    let bins = math::float_len(BINS);
    let mut counts = vec![0.0; BINS];
    for at in times {
        let place = usize::try_from(math::trunc_to_u64((at - first) / span * bins)).ok()?;
        counts[place.min(BINS - 1)] += 1.0;
    }
    let mean = numbers::mean(&counts)?;
    let strength = |number: usize| {
        let turn = 0.5 * TURN * math::float_len(number) / bins;
        let waves = (0..BINS).map(|place| {
            let angle = turn * (math::float_len(place) + 0.5);
            [math::cos(angle), math::cos(angle - 0.25 * TURN)]
        });
        let waves: Vec<[f64; 2]> = waves.collect();
        let centre = [0, 1].map(|k| waves.iter().map(|wave| wave[k]).sum::<f64>() / bins);
        let (mut squares, mut both, mut other) = (0.0, 0.0, 0.0);
        let mut along = [0.0; 2];
        for (wave, count) in waves.iter().zip(&counts) {
            let (c, s) = (wave[0] - centre[0], wave[1] - centre[1]);
            squares += c * c;
            both += c * s;
            other += s * s;
            along[0] += c * (count - mean);
            along[1] += s * (count - mean);
        }
        let area = squares * other - both * both;
        let explained = other * along[0] * along[0] - 2.0 * both * along[0] * along[1]
            + squares * along[1] * along[1];
        if area > 0.0 { explained / area } else { 0.0 }
    };
    let best = (1..=PERIODS).max_by(|a, b| strength(*a).total_cmp(&strength(*b)))?;
    Some(2.0 * span / math::float_len(best))
}

/// The likeliest cosine of a period near this one, or of this one; none where it does not swing.
fn fitted(times: &[f64], period: f64, is_day: bool) -> Option<Candidate> {
    let span = times[times.len() - 1] - times[0];
    let count = math::float_len(times.len() - 1);
    let fixed = is_day.then_some(period);
    let counts = Counts::of(times);
    let worth = |at: &[f64]| Cosine::of(at, fixed).log_likelihood(&counts);
    let start = |part: f64| {
        let mut at = vec![math::ln(count / span), math::ln(0.3), part * period];
        at.extend((!is_day).then(|| math::ln(period)));
        at
    };
    let quarters = [0.0, 0.25, 0.5, 0.75].map(start);
    let first = quarters.into_iter().max_by(|a, b| worth(a).total_cmp(&worth(b)))?;
    let found = optimum::climb(&worth, &first, REACH);
    let ((mut at, worth), covariance) = optimum::polish(&worth, found);
    let cosine = Cosine::of(&at, fixed);
    if cosine.depth > DEEPEST || covariance.is_none() {
        return None;
    }
    // A peak of the first period from hour 0 on.
    at[2] = cosine.peak - (cosine.peak / cosine.period).floor() * cosine.period;
    let masses: Vec<f64> = times.iter().map(|at| cosine.mass(*at)).collect();
    let places = masses.windows(2).map(|pair| 1.0 - math::exp(pair[0] - pair[1])).collect();
    let name = if is_day { "diurnal" } else { "diurnal of another period" };
    let told = GapsJudged {
        name: (name.to_string(), if is_day { 3 } else { 4 }),
        // Instants are in hours, the other likelihoods are of milliseconds.
        log_likelihood_per_gap: worth / count - math::ln(math::float(HOUR_MS)),
        places,
        part: 1.0,
        is_row: true,
    };
    let process = Process::Diurnal {
        mean_rate_per_h: cosine.mean,
        depth: cosine.depth,
        peak_h: at[2],
        period_h: cosine.period,
        is_day,
    };
    Some(Candidate { process, covariance, told })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of 12 h with the rate `10 (1 + cos)` of a day's period from its peak on, half the mass is `60 + 10 * 24 / (2 pi)`
    /// after 6 h and 120 after 12.
    #[test]
    fn the_mass_is_the_integral_of_the_rate() {
        let cosine = Cosine { mean: 10.0, depth: 1.0, peak: 0.0, period: 24.0 };
        let mass = |at: f64| cosine.mass(at) - cosine.mass(0.0);
        assert!((mass(6.0) - (60.0 + 240.0 / TURN)).abs() < 1e-9, "{}", mass(6.0));
        assert!((mass(12.0) - 120.0).abs() < 1e-9);
    }

    #[test]
    fn a_period_is_found_by_its_swing() {
        let cosine = Cosine { mean: 40.0, depth: 0.8, peak: 2.0, period: 7.0 };
        let (mut times, mut next) = (Vec::new(), 0.0);
        for step in 0..60_000_u32 {
            let at = f64::from(step) / 1000.0;
            if cosine.mass(at) - cosine.mass(0.0) >= next {
                times.push(at);
                next += 1.0;
            }
        }
        let found = period(&times).unwrap();
        assert!((found - 7.0).abs() < 0.6, "{found}");
    }
}
