//! Are miners paid the same, simulated, as they were with real work? Pairs coupled by seed, their number fixed beforehand.
//!
//! Each seed is run three times: with real work, simulated, and simulated again with other draws of the same service laws.
//! Even under a perfect model the real and the simulated run differ by chance, as much as the two simulated ones do. So a
//! distance is judged by its excess: how much larger it is than the distance between the two simulated runs.
//!
//! Source: Schuirmann 1987 for the two one-sided tests. Every class has to be within the margin, each at level 0.05:
//! an intersection-union test needs no correction for their number (Berger 1982, Technometrics 24(4)).

use crate::base::math;
use crate::base::units::Rao;
use crate::metrics::Latencies;
use crate::metrics::RunSummary;
use crate::statistics::Interval;
use crate::statistics::RunningMoments;
use crate::statistics::tost;
use serde::Serialize;

/// Level of every one-sided test. Source: ours, the customary one.
const LEVEL: f64 = 0.05;
/// Two-sided coverage of the interval whose ends are one-sided bounds at that level.
const COVERAGE: f64 = 0.90;
/// Quantiles of latency that are reported. Source: ours; the middle, and two of the tail.
const QUANTILES: [f64; 3] = [0.5, 0.9, 0.99];

/// How far apart real and simulated may be.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub(crate) struct Margins {
    /// Pay share of a class, `0.0..=1.0`.
    pub(crate) share: f64,
    /// Excess of the total variation of pay by miner, `0.0..=1.0`.
    pub(crate) variation: f64,
    /// Excess of the share of pairs of miners that are ranked otherwise, `0.0..=1.0`.
    pub(crate) rank: f64,
}

/// The three runs of one seed: real, simulated, simulated again.
#[derive(Clone, Debug)]
pub(crate) struct SeedTrio {
    /// The replication with real work.
    pub(crate) real: RunSummary,
    /// The replication that is simulated throughout.
    pub(crate) simulated: RunSummary,
    /// Simulated with other service times.
    pub(crate) again: RunSummary,
}

/// A class's pay share, real and simulated.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct ClassLine {
    /// Name of the class of miners.
    pub(crate) class: String,
    /// Mean share with real work, `0.0..=1.0`.
    pub(crate) real: f64,
    /// Mean share simulated, `0.0..=1.0`.
    pub(crate) simulated: f64,
    /// Mean of the paired differences, simulated less real.
    pub(crate) difference: f64,
    /// The one-sided bounds of that mean.
    pub(crate) bounds: (f64, f64),
    /// The larger p-value of the two one-sided tests.
    pub(crate) p: f64,
    /// Whether it is within the margin.
    pub(crate) is_within: bool,
}

/// A distance of real from simulated runs above that of simulated ones from each other.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Excess {
    /// Mean distance of real and simulated.
    pub(crate) real: f64,
    /// Mean distance of simulated and simulated.
    pub(crate) simulated: f64,
    /// Upper 95 % bound of the excess.
    pub(crate) upper: f64,
    /// Margin that the excess must stay below.
    pub(crate) margin: f64,
    /// Whether the excess lies within its margin.
    pub(crate) is_within: bool,
}

/// A quantile of a class's latency; reported, not judged.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct LatencyLine {
    /// Name of the class of miners.
    pub(crate) class: String,
    /// Which quantile of the latency, `0.0..=1.0`.
    pub(crate) quantile: f64,
    /// With real work [ms].
    pub(crate) real_ms: Option<u64>,
    /// The quantile of the simulated latency [ms].
    pub(crate) simulated_ms: Option<u64>,
}

/// How real and simulated runs agree, over all pairs.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Agreement {
    /// Number of pairs of runs, real and simulated.
    pub(crate) pairs: usize,
    /// Runs in which nobody was paid: with any there is no agreement.
    pub(crate) unpaid: usize,
    /// How far apart the two may be.
    pub(crate) margins: Margins,
    /// How pay agrees, class by class.
    pub(crate) classes: Vec<ClassLine>,
    /// Total variation of pay by miner: half the sum of absolute differences of pay share.
    pub(crate) variation: Excess,
    /// Share of pairs of miners that are ranked otherwise by pay; a tie in one alone counts half.
    pub(crate) rank: Excess,
    /// How the latency of successes agrees, by class and quantile.
    pub(crate) latency: Vec<LatencyLine>,
    /// Whether everything judged is within its margin.
    pub(crate) agrees: bool,
}

/// Judges the trios; there must be at least two.
pub(crate) fn agreement(trios: &[SeedTrio], margins: Margins) -> Agreement {
    let names = &trios[0].real.names.classes;
    let unpaid = |facts: &RunSummary| usize::from(pot(facts) == Rao(0));
    let unpaid =
        trios.iter().map(|t| unpaid(&t.real) + unpaid(&t.simulated) + unpaid(&t.again)).sum();
    let classes: Vec<_> = names
        .iter()
        .enumerate()
        .filter(|(class, _)| trios[0].real.miners.iter().any(|m| m.class.index() == *class))
        .map(|(class, name)| class_line(trios, class, name, margins.share))
        .collect();
    let excess = |distance: fn(&RunSummary, &RunSummary) -> f64, margin: f64| {
        let real: Vec<_> = trios.iter().map(|t| distance(&t.real, &t.simulated)).collect();
        let simulated: Vec<_> = trios.iter().map(|t| distance(&t.again, &t.simulated)).collect();
        let above: Vec<_> = real.iter().zip(&simulated).map(|(a, b)| a - b).collect();
        let upper = interval(&above).high;
        let mean = |xs: &[f64]| RunningMoments::of(xs).mean().unwrap_or_default();
        let (real, simulated) = (mean(&real), mean(&simulated));
        Excess { real, simulated, upper, margin, is_within: upper < margin }
    };
    let variation = excess(total_variation, margins.variation);
    let rank = excess(rank_disagreement, margins.rank);
    let are_within = classes.iter().all(|line| line.is_within);
    Agreement {
        pairs: trios.len(),
        unpaid,
        margins,
        latency: latency(trios),
        agrees: unpaid == 0 && are_within && variation.is_within && rank.is_within,
        classes,
        variation,
        rank,
    }
}

fn class_line(trios: &[SeedTrio], class: usize, name: &str, margin: f64) -> ClassLine {
    let share = |facts: &RunSummary| {
        let shares = shares(facts);
        let own = facts.miners.iter().zip(shares).filter(|(m, _)| m.class.index() == class);
        own.map(|(_, share)| share).sum::<f64>()
    };
    let real: Vec<_> = trios.iter().map(|t| share(&t.real)).collect();
    let simulated: Vec<_> = trios.iter().map(|t| share(&t.simulated)).collect();
    let differences: Vec<_> = simulated.iter().zip(&real).map(|(s, r)| s - r).collect();
    let sample = RunningMoments::of(&differences);
    let mean = |xs: &[f64]| RunningMoments::of(xs).mean().unwrap_or_default();
    let bounds = interval(&differences);
    let p = tost(&sample, 0.0, margin).unwrap_or(1.0);
    ClassLine {
        class: name.to_string(),
        real: mean(&real),
        simulated: mean(&simulated),
        difference: mean(&differences),
        bounds: (bounds.low, bounds.high),
        p,
        is_within: p <= LEVEL,
    }
}

fn interval(xs: &[f64]) -> Interval {
    let nothing_known = Interval { low: f64::NEG_INFINITY, high: f64::INFINITY };
    RunningMoments::of(xs).interval(COVERAGE).unwrap_or(nothing_known)
}

fn pot(facts: &RunSummary) -> Rao {
    facts.miners.iter().map(|m| m.pay).sum()
}

/// Pay share of every miner; all 0 where nobody is paid.
fn shares(facts: &RunSummary) -> Vec<f64> {
    let pot = math::float(pot(facts).0.max(1));
    facts.miners.iter().map(|m| math::float(m.pay.0) / pot).collect()
}

fn total_variation(a: &RunSummary, b: &RunSummary) -> f64 {
    let sum: f64 = shares(a).iter().zip(shares(b)).map(|(x, y)| (x - y).abs()).sum();
    sum / 2.0
}

fn rank_disagreement(a: &RunSummary, b: &RunSummary) -> f64 {
    let (mut pairs, mut wrong) = (0, 0.0);
    for i in 0..a.miners.len() {
        for j in 0..i {
            let order = |facts: &RunSummary| facts.miners[i].pay.cmp(&facts.miners[j].pay);
            let (first, second) = (order(a), order(b));
            pairs += 1;
            wrong += match (first == second, first.is_eq() || second.is_eq()) {
                (true, _) => 0.0,
                (false, true) => 0.5,
                (false, false) => 1.0,
            };
        }
    }
    if pairs == 0 { 0.0 } else { wrong / math::float(pairs) }
}

fn latency(trios: &[SeedTrio]) -> Vec<LatencyLine> {
    let names = &trios[0].real.names.classes;
    let of = |class: usize, side: fn(&SeedTrio) -> &RunSummary| {
        let mut all = Latencies::default();
        for latencies in trios.iter().filter_map(|trio| side(trio).latencies.get(class)) {
            all.add(latencies);
        }
        all
    };
    let mut lines = Vec::new();
    for (class, name) in names.iter().enumerate() {
        let (real, simulated) = (of(class, |t| &t.real), of(class, |t| &t.simulated));
        for quantile in QUANTILES {
            lines.push(LatencyLine {
                class: name.clone(),
                quantile,
                real_ms: real.quantile_ms(quantile),
                simulated_ms: simulated.quantile_ms(quantile),
            });
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::facts_of_pay;

    const MARGINS: Margins = Margins { share: 0.02, variation: 0.02, rank: 0.1 };

    fn trio(real: [u64; 3], simulated: [u64; 3], again: [u64; 3]) -> SeedTrio {
        let facts = |pay: [u64; 3]| facts_of_pay(&[(0, pay[0]), (1, pay[1]), (1, pay[2])]);
        SeedTrio { real: facts(real), simulated: facts(simulated), again: facts(again) }
    }

    #[test]
    fn distances_worked_by_hand() {
        let t = trio([50, 30, 20], [40, 25, 35], [50, 30, 20]);
        // |.5 - .4| + |.3 - .25| + |.2 - .35| = 0.3, half of it 0.15; one of three pairs is ranked otherwise.
        assert!((total_variation(&t.real, &t.simulated) - 0.15).abs() < 1e-12);
        assert!((rank_disagreement(&t.real, &t.simulated) - 1.0 / 3.0).abs() < 1e-12);
        let tie = trio([50, 30, 20], [40, 30, 30], [1, 1, 1]);
        assert!((rank_disagreement(&tie.real, &tie.simulated) - 0.5 / 3.0).abs() < 1e-12);
        assert!(rank_disagreement(&tie.real, &tie.real).abs() < 1e-12);
    }

    #[test]
    fn noise_that_two_simulations_share_is_no_disagreement_and_a_shift_is_one() {
        let noisy = |shift: u64| -> Vec<SeedTrio> {
            let one = |k: u64| {
                let (a, b, c) = (k * 7 % 5, k * 3 % 5, k * 11 % 5);
                trio(
                    [500 + a - a / 2 + shift, 300 + b, 200 + c],
                    [500 + b - b / 2, 300 + c, 200 + a],
                    [500 + c - c / 2, 300 + a, 200 + b],
                )
            };
            (0..30).map(one).collect()
        };
        let same = agreement(&noisy(0), MARGINS);
        assert!(same.agrees, "{same:?}");
        let other = agreement(&noisy(60), MARGINS);
        assert!(!other.agrees && other.classes.iter().all(|line| !line.is_within), "{other:?}");
        assert!(!other.variation.is_within && other.rank.is_within);
    }

    #[test]
    fn where_nobody_is_paid_there_is_no_agreement() {
        let paid = trio([5, 3, 2], [5, 3, 2], [5, 3, 2]);
        let unpaid = trio([0, 0, 0], [5, 3, 2], [5, 3, 2]);
        assert!(agreement(&[paid.clone(), paid.clone()], MARGINS).agrees);
        let judged = agreement(&[paid, unpaid], MARGINS);
        assert_eq!((judged.unpaid, judged.agrees), (1, false));
    }
}
