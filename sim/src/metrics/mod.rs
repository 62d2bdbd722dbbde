//! Metrics: one number from the facts of a finished replication, over chosen miners. They see records, never the
//! engine, so a run on real hardware is judged by the same code.
//!
//! ## Symbols
//!
//! | symbol | means |
//! |---|---|
//! | `C` | the chosen miners that were active in the window (see [`RunSummary::active`]); `n` their number |
//! | `i`, `j` | miners of `C`, or operators with a miner in `C` where a member says `by = "operator"` |
//! | `k` | a class |
//! | `x_i` | the amount asked for by `of`: pay \[rao\], useful work \[steps\], requests, or stake \[rao\] |
//! | `y_i` | the amount it is held `against` |
//! | `X`, `x_k` | sum of `x_i` over `C`, over the chosen miners of class `k` |
//! | `s_i = x_i / X` | share of the chosen miners' amount |
//! | `p` | pay share: pay of the chosen over pay of all miners, after u16 rounding and the chain |
//! | `w` | share of useful work: useful steps of the chosen over useful steps of all miners |
//! | `T` | length of the window \[s\] |
//!
//! Useful work and true speed are defined at [`MinerSummary`]. Sums run in the order of the scenario's miners and are
//! exact (integers) until one last division wherever a formula allows it. A metric without a value says why: it is
//! never 0 and never NaN.

mod amount;
mod burned_share;
mod correlation;
mod deviation;
mod deviation_share;
mod facts;
mod failure_share;
mod formula;
mod gini;
mod goodput;
mod grouping;
mod hhi;
mod jain;
mod kendall;
mod latency_mean;
mod latency_quantile;
mod latency_unfinished;
mod log_slope;
mod lorenz;
mod measured;
mod nakamoto;
mod net_pay;
mod pay_per_useful_job;
mod pay_share;
mod pay_share_gap;
mod pay_share_of_idle;
mod pay_speed_slope;
mod pay_stake_slope;
mod share;
mod slope;
mod some_class_deviates;
mod spearman;
mod standard;
mod starvation;
mod success_without_image;
mod theil;
mod total_variation;
mod utilisation;
mod weight_share;

pub(crate) use amount::Amount;
pub(crate) use amount::By;
pub use facts::Latencies;
pub use facts::MinerSummary;
pub use facts::Names;
pub use facts::RunSummary;
pub use facts::Totals;
#[cfg(test)]
pub(crate) use facts::sample::of_pay as facts_of_pay;
pub(crate) use formula::formula;
pub use grouping::Grouping;
pub(crate) use latency_mean::MEAN_OF_LATENCY;
pub use measured::Measured;
pub(crate) use standard::fairness;
pub(crate) use standard::fairness_members;
pub(crate) use standard::printed;
pub(crate) use standard::read;
pub(crate) use standard::standard;

use crate::base::family::family;
use crate::base::ids::MinerId;
use std::fmt::Debug;

/// What a metric says about its numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct Declared {
    /// Its name with its parameters, as tables print it: `gini_pay_by_miner`.
    pub label: String,
    /// Unit of its value; "1" for a pure number.
    pub unit: &'static str,
    /// Finite range that no value can leave; without one it cannot be claimed as a mean.
    pub range: Option<(f64, f64)>,
    /// For which groups of miners `metrics.csv` prints it.
    pub printed_for: &'static [Grouping],
}

/// A measure of a finished replication.
pub trait Metric: Debug + Send + Sync {
    /// Name, unit, range and groupings.
    fn declared(&self) -> Declared;

    /// Its value over the `chosen` miners, which are distinct and in the scenario's order.
    fn measure(&self, facts: &RunSummary, chosen: &[MinerId]) -> Measured;

    /// Where pay is fair, if the metric sets pay beside what it should follow; none where it says nothing of fairness.
    fn fair(&self) -> Option<Fair> {
        None
    }
}

/// Where a metric's values are when pay is fair.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fair {
    /// The lower the fairer.
    Low,
    /// The higher the fairer.
    High,
    /// At 0: what is above is paid too much, what is below too little.
    Zero,
}

family! {
    /// Which metric a scenario asks for.
    MetricSpec => dyn Metric {
        Gini = gini,
        Jain = jain,
        Theil = theil,
        Hhi = hhi,
        Lorenz = lorenz,
        Nakamoto = nakamoto,
        Kendall = kendall,
        Spearman = spearman,
        Correlation = correlation,
        PayStakeSlope = pay_stake_slope,
        PaySpeedSlope = pay_speed_slope,
        PayShare = pay_share,
        Share = share,
        WeightShare = weight_share,
        PayShareOfIdle = pay_share_of_idle,
        PayShareGap = pay_share_gap,
        Deviation = deviation,
        DeviationShare = deviation_share,
        TotalVariation = total_variation,
        SomeClassDeviates = some_class_deviates,
        PayPerUsefulJob = pay_per_useful_job,
        NetPay = net_pay,
        BurnedShare = burned_share,
        Starvation = starvation,
        LatencyQuantile = latency_quantile,
        LatencyMean = latency_mean,
        LatencyUnfinished = latency_unfinished,
        Goodput = goodput,
        Utilisation = utilisation,
        SuccessWithoutImage = success_without_image,
        FailureShare = failure_share,
    }
}
