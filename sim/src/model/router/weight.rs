//! The routing weight of every published version: pure functions, one miner at a time.
//!
//! A job goes to a candidate with probability weight / sum of weights; a sum of 0 is the uniform fallback over all
//! candidates ([`is_uniform`]), which picks slashed miners too when nobody else has weight. Source of every rule:
//! spec/offchain.md section 1; the commits are named at the constants.

use crate::model::router::Payload;

/// What a version looks at besides stake.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Slashing {
    /// Nothing takes a miner's weight away.
    Never,
    /// `is_slashed` in the payload gives weight 0.
    Payload,
    /// `failed_audits` above 0 on the miner's record gives weight 0.
    FailedAudits,
}

/// One miner as a routing weight reads it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct RoutedStanding<'a> {
    /// Stake [alpha]; below zero counts as zero.
    pub(crate) alpha_stake: f64,
    /// Published score payload; none before the first score run that saw the miner.
    pub(crate) payload: Option<&'a Payload>,
    /// Failed audits on the miner's record.
    pub(crate) failed_audits: u32,
}

/// The weight rule of one version.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct WeightRule {
    /// Stake above this adds nothing [alpha].
    pub(crate) cap: f64,
    /// Smallest score multiplier, `0.0..=1.0`.
    pub(crate) floor: f64,
    /// Whether the score multiplies.
    pub(crate) score_weighted: bool,
    /// Whether 1 / (1 + failures) multiplies.
    pub(crate) failure_penalty: bool,
    /// Which faults take all routing weight away.
    pub(crate) slashing: Slashing,
}

/// Stake cap of the version the FAQ links to. Source: dippy-studio-bittensor a51cdf8.
pub(crate) const CAP_PINNED: f64 = 1000.0;
/// Stake cap of the first orchestrator, and of the FAQ's text. Source: orchestrator e3b1837.
pub(crate) const CAP_EARLY: f64 = 6000.0;
/// Stake cap since the trace's version. Source: orchestrator b164b3e.
pub(crate) const CAP: f64 = 500.0;
/// Smallest score multiplier: the share of its weight that a miner with score 0 keeps. Source: orchestrator b164b3e.
pub(crate) const FLOOR: f64 = 0.05;

impl WeightRule {
    /// The version the FAQ links to: stake up to 1000, nothing else. It was never the router of the trace.
    pub(crate) const PINNED: Self = Self {
        cap: CAP_PINNED,
        floor: FLOOR,
        score_weighted: false,
        failure_penalty: false,
        slashing: Slashing::Never,
    };
    /// The first orchestrator (e3b1837): stake up to 6000, nothing else.
    pub(crate) const EARLY: Self = Self { cap: CAP_EARLY, ..Self::PINNED };
    /// The version of the trace (b164b3e): stake up to 500 times score.
    pub(crate) const V001: Self =
        Self { cap: CAP, score_weighted: true, slashing: Slashing::Payload, ..Self::PINNED };
    /// Since 503d738: failed audits on the record take the place of the payload's `is_slashed`.
    pub(crate) const AUDITED: Self = Self { slashing: Slashing::FailedAudits, ..Self::V001 };
    /// Since 4dbc66b, up to head: times 1 / (1 + failures of seven days).
    pub(crate) const HEAD: Self = Self { failure_penalty: true, ..Self::AUDITED };

    /// The weight of one candidate, at least 0.
    pub(crate) fn weight(&self, miner: &RoutedStanding<'_>) -> f64 {
        let slashed = match self.slashing {
            Slashing::Never => false,
            Slashing::Payload => miner.payload.is_some_and(|payload| payload.is_slashed),
            Slashing::FailedAudits => miner.failed_audits > 0,
        };
        let stake = clamp(miner.alpha_stake, self.cap);
        if slashed {
            return 0.0;
        }
        let score = if self.score_weighted { self.score_multiplier(miner.payload) } else { 1.0 };
        let penalty = if self.failure_penalty { failure_multiplier(miner.payload) } else { 1.0 };
        stake * score * penalty
    }

    /// What the published score makes of the stake: 1 without a record or without a score in it, else the larger of
    /// the two scores, never below the floor.
    ///
    /// A miner without a record has multiplier 1 and loses it at the first score run, which writes a record of score 0
    /// (the newcomer trap).
    fn score_multiplier(&self, payload: Option<&Payload>) -> f64 {
        let Some(payload) = payload else { return 1.0 };
        let present = payload.scores.iter().chain(&payload.ema_score);
        let best = present.map(|score| clamp(*score, 1.0)).reduce(f64::max);
        best.map_or(1.0, |score| if score > self.floor { score } else { self.floor })
    }
}

/// 1 / (1 + failures); 1 without a record.
fn failure_multiplier(payload: Option<&Payload>) -> f64 {
    let failures = payload.map_or(0, |payload| payload.failure_count);
    1.0 / (1.0 + crate::base::math::float(failures))
}

/// Whether the draw is uniform over all candidates: nobody has weight, or the sum is not a number.
pub(crate) fn is_uniform(weights: &[f64]) -> bool {
    let positive = weights.iter().sum::<f64>() > 0.0;
    !positive
}

/// Into `0.0..=top`; what is not a number is 0.
fn clamp(x: f64, top: f64) -> f64 {
    if x > top {
        top
    } else if x > 0.0 {
        x
    } else {
        0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn payload(scores: f64, ema_score: f64) -> Payload {
        Payload {
            scores: Some(scores),
            ema_score: Some(ema_score),
            is_slashed: false,
            failure_count: 0,
        }
    }

    fn weight(rule: WeightRule, alpha_stake: f64, payload: Option<&Payload>) -> f64 {
        rule.weight(&RoutedStanding { alpha_stake, payload, failed_audits: 0 })
    }

    fn assert_close(got: f64, expected: f64) {
        assert!((got - expected).abs() < 1e-12, "{got} is not {expected}");
    }

    #[test]
    fn each_version_has_its_cap() {
        let caps = [WeightRule::PINNED, WeightRule::EARLY, WeightRule::V001].map(|rule| rule.cap);
        let weights = [WeightRule::PINNED, WeightRule::EARLY, WeightRule::V001]
            .map(|rule| weight(rule, 9000.0, None));
        for (got, expected) in weights.into_iter().zip(caps) {
            assert_close(got, expected);
        }
        assert_close(weight(WeightRule::PINNED, -5.0, None), 0.0);
    }

    /// 200 alpha without a record: 200 x 1. With a record of score 0: 200 x 0.05 = 10.
    #[test]
    fn the_first_record_costs_a_newcomer_nineteen_parts_in_twenty() {
        assert_close(weight(WeightRule::V001, 200.0, None), 200.0);
        assert_close(weight(WeightRule::V001, 200.0, Some(&payload(0.0, 0.0))), 10.0);
        let empty = Payload { scores: None, ema_score: None, ..payload(0.0, 0.0) };
        assert_close(weight(WeightRule::V001, 200.0, Some(&empty)), 200.0);
    }

    /// min(500, 800) x max(0.5, 0.9) = 450: a failure that lowers only `scores` does not lower routing.
    #[test]
    fn the_larger_score_counts() {
        assert_close(weight(WeightRule::V001, 800.0, Some(&payload(0.5, 0.9))), 450.0);
        assert_close(weight(WeightRule::V001, 500.0, Some(&payload(1.7, -3.0))), 500.0);
        assert_close(weight(WeightRule::V001, 500.0, Some(&payload(f64::NAN, 0.01))), 25.0);
    }

    /// 500 x max(0.05, 0.01) x 1/(1 + 3) = 6.25: the floor is applied before the failures.
    #[test]
    fn failures_halve_and_more_at_head_only() {
        let failing = Payload { failure_count: 3, ..payload(0.01, 0.0) };
        assert_close(weight(WeightRule::HEAD, 500.0, Some(&failing)), 6.25);
        assert_close(weight(WeightRule::AUDITED, 500.0, Some(&failing)), 25.0);
    }

    #[test]
    fn what_slashes_depends_on_the_version() {
        let slashed = Payload { is_slashed: true, ..payload(1.0, 1.0) };
        let audited = RoutedStanding { alpha_stake: 10.0, payload: None, failed_audits: 1 };
        assert_close(weight(WeightRule::V001, 10.0, Some(&slashed)), 0.0);
        assert_close(weight(WeightRule::HEAD, 10.0, Some(&slashed)), 10.0);
        assert_close(WeightRule::V001.weight(&audited), 10.0);
        assert_close(WeightRule::AUDITED.weight(&audited), 0.0);
        assert_close(WeightRule::HEAD.weight(&audited), 0.0);
    }

    #[test]
    fn without_weight_the_draw_is_uniform() {
        assert!(is_uniform(&[0.0, 0.0]));
        assert!(is_uniform(&[]));
        assert!(!is_uniform(&[0.0, 1e-300]));
    }
}
