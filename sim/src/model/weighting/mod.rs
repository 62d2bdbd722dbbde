//! Weighting rules: what a validator makes of the published scores.
//!
//! A rule is pure: scores of all uids in, one row of weights out. All arithmetic is in f64; production computes in f32,
//! which differs by less than 1e-6. Left out: the validator's own smoothing, `0.9 * 0 + 0.1 * w`, restarts from zero
//! at every step, so it only scales the row, and the scale cancels when the row becomes u16.

mod burn;
mod proportional;
mod quantise;
mod win_rate;

pub(crate) use burn::Burn;
pub(crate) use burn::OwnerWeight;
pub(crate) use quantise::to_u16;
pub(crate) use win_rate::Spec as WinRateSpec;

use crate::base::family::family;
use std::fmt::Debug;

/// All a validator reads, by position: one entry for every uid of the metagraph, in order of uid.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Board<'a> {
    /// Published score; 0 for a uid that is not listed, slashed or failed.
    pub(crate) scores: &'a [f64],
    /// Whether the entry is marked invalid; production never marks one.
    pub(crate) invalid: &'a [bool],
    /// Whether hotkey or coldkey stands on the ban list. A replay names who does; in a run nobody is listed until audits
    /// and bans by the validators themselves are modelled.
    pub(crate) banned: &'a [bool],
    /// Number of the coldkey; equal numbers are one coldkey, none is an empty one.
    pub(crate) coldkeys: &'a [Option<u32>],
    /// Position of the subnet owner's uid; none when it is not registered.
    pub(crate) owner: Option<usize>,
    /// Block at which the validator steps.
    pub(crate) block: u64,
}

/// What a validator makes of a board, by position.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Weighing {
    /// How many others the uid's score beats, before any mask.
    pub(crate) wins: Vec<u32>,
    /// Share of the others beaten, `0.0..=1.0`; minus infinity where a mask takes the uid out.
    pub(crate) win_rates: Vec<f64>,
    /// Weights, summing to 1; NaN where production computes one and submits 0.
    pub(crate) weights: Vec<f64>,
}

/// A weighting rule: from published scores to a validator's weights.
pub(crate) trait Weighting: Debug + Send + Sync {
    /// Wins, win rates and weights of every uid.
    fn weigh(&self, board: &Board<'_>) -> Weighing;

    /// Share that the rule burns at a block through the owner's uid, `0.0..=1.0`.
    fn burn_rate(&self, block: u64) -> f64;

    /// What a weight gains by beating one more of `uids`, `0.0..`; none where weights do not follow from ranks alone.
    fn place_gain(&self, uids: u16) -> Option<f64> {
        let _ = uids;
        None
    }
}

impl Default for WeightingSpec {
    fn default() -> Self {
        Self::WinRate(win_rate::Spec::default())
    }
}

family! {
    /// Which weighting rule a scenario asks for.
    WeightingSpec => dyn Weighting {
        WinRate = win_rate,
        Proportional = proportional,
    }
}
