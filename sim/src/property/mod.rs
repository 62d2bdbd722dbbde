//! Properties: claims about emissions, and verdicts on them from numbers, with error bounds. No engine, no scenario.
//!
//! **The unit of evidence is the replication.** A per-epoch quantity is first reduced to one number per replication
//! ([`Reducer`]); epochs are never counted as trials. Let theta be the mean of that number (for a probability or with an
//! `event`: of its 0 or 1; with a `variant`: of the paired difference, variant less this scenario, or of the bounded
//! relative one). Let `m` be the number of statistical properties judged together (all files of a `check`, all cells of a
//! `sweep`), fixed before the first run, `a = alpha/m` and `b = beta/m`; `L` and `U` one-sided confidence sequences. After
//! every replication a claim `theta >= t` with margin `d`
//!
//! - PASSes once `L(b) > t - d`: "within the margin" where `U(a) < t` has been seen, else "up to the margin"; wrong with
//!   probability at most `b` when `theta <= t - d`;
//! - FAILs once `U(a) <= t - d`: "refuted"; wrong with probability at most `a` when `theta >= t`;
//! - goes on otherwise, also inside the margin, so that the verdict is stable there. When the budget is spent it FAILs
//!   where `U(a) < t` has been seen ("refuted, margin undecided") and is UNDECIDED else.
//!
//! For `theta <= t` the two swap; a claim without a margin PASSes once `L(b) > t` and FAILs once `U(a) < t`. An equivalence
//! `|theta - t| <= d` PASSes once the sequences at `b` a side lie inside, and FAILs once one at `a/2` lies outside. Over the
//! `m` properties the chance of any wrong PASS is at most `beta`, of any wrong FAIL at most `alpha`, however dependent they
//! are. Source: spec/theory.md 1.

mod check;
mod choice;
#[cfg(test)]
mod error_rates;
#[cfg(feature = "report")]
mod fairness;
mod finding;
mod invariant;
mod judge;
mod need;
mod reduce;
mod table;
#[cfg(test)]
mod vectors;
mod verdict;

pub(crate) use check::check_all;
pub(crate) use choice::MinerChoice;
pub(crate) use finding::Finding;
pub(crate) use invariant::Books;
pub(crate) use invariant::Broken;
pub(crate) use invariant::Invariant;
pub(crate) use invariant::InvariantObserver;
pub(crate) use invariant::Mechanism;
pub(crate) use judge::ClaimShape;
pub(crate) use judge::Evidence;
pub(crate) use judge::Judge;
pub(crate) use judge::MeanClaim;
pub(crate) use need::Need;
pub(crate) use reduce::Reduce;
pub(crate) use reduce::Reducer;
pub(crate) use table::ClaimKind;
pub(crate) use table::Contrast;
pub(crate) use table::Expect;
pub(crate) use table::NumberEvent;
pub(crate) use table::Property;
pub(crate) use table::Relation;
pub(crate) use table::Variant;
pub use verdict::ConfidenceBound;
pub(crate) use verdict::Verdict;
pub use verdict::VerdictStatus;
