//! Properties: claims about emissions, and verdicts on them from numbers, with error bounds. No engine, no scenario.
//!
//! **The unit of evidence is the replication.** A per-epoch quantity is first reduced to one number per replication
//! ([`Reducer`]); epochs are never counted as trials. Let theta be the mean of that number (for a probability or with an
//! `event`: of its 0 or 1; with a `variant`: of the paired difference, variant less this scenario). With `m` the number of
//! statistical properties in the file, fixed before the first run, a claim `theta >= t` with margin `d`
//!
//! - PASSes once a one-sided lower confidence sequence at level `beta/m` is above `t - d`: wrong with probability at most
//!   `beta/m` when `theta <= t - d`;
//! - FAILs once a one-sided upper one at level `alpha/m` is below `t + d`: wrong with probability at most `alpha/m` when
//!   `theta >= t + d`;
//! - is decided by the estimate where both hold at once, and is UNDECIDED when the budget is spent.
//!
//! For `theta <= t` the two swap. An equivalence `|theta - t| <= d` PASSes once the two-sided sequence at `beta/m` lies
//! inside, and FAILs once the one at `alpha/m` lies outside. Over the `m` properties of a file the chance of any wrong PASS
//! is at most `beta`, of any wrong FAIL at most `alpha`, however dependent they are.

mod check;
mod choice;
#[cfg(test)]
mod error_rates;
mod invariant;
mod judge;
mod reduce;
mod table;
mod verdict;

pub(crate) use check::check_all;
pub(crate) use choice::Choice;
pub(crate) use invariant::Books;
pub(crate) use invariant::Broken;
pub(crate) use invariant::Invariant;
pub(crate) use invariant::Mechanism;
pub(crate) use invariant::Watch;
pub(crate) use judge::Claim;
pub(crate) use judge::Judge;
pub(crate) use judge::Shape;
pub(crate) use reduce::Reduce;
pub(crate) use reduce::Reducer;
pub(crate) use table::Event;
pub(crate) use table::Expect;
pub(crate) use table::Kind;
pub(crate) use table::Property;
pub(crate) use table::Relation;
pub(crate) use table::Variant;
pub use verdict::Bound;
pub use verdict::Status;
pub(crate) use verdict::Verdict;
