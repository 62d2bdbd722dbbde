//! Statistics: bounds that hold at every step at once, and classical methods for a number of runs fixed beforehand.
//!
//! A confidence sequence may be looked at after every run, and the first look that decides may end the experiment: with
//! probability at least 1 - level no look was ever wrong. A fixed-sample interval has no such licence. All results serve
//! analysis; none enters a digest, so `statrs` may do their special functions.

mod asymptotic;
mod beta_binomial;
mod betting;
mod bootstrap_t;
mod bounds;
mod carried;
#[cfg(test)]
mod coverage;
mod empirical_bernstein;
mod gini;
mod hill;
mod holm;
mod input_uncertainty;
mod kaplan_meier;
mod least;
mod many;
mod mser5;
mod paired;
mod poisson_slope;
mod proportion;
mod relative;
mod restart;
mod signs;
mod student;
mod summary;
mod tost;
mod westfall_young;

pub use asymptotic::asymptotic_half_width;
pub use asymptotic::asymptotic_spread;
pub use bootstrap_t::Resamples;
pub use bounds::Bounds;
pub use bounds::CarriedBounds;
pub use bounds::Method;
pub use carried::CarriedSequence;
#[cfg(test)]
pub(crate) use coverage::is_refuted;
pub(crate) use gini::gini;
pub use hill::FINITE_VARIANCE;
pub use hill::hill;
pub use holm::holm;
pub use input_uncertainty::InputUncertainty;
pub use input_uncertainty::input_uncertainty;
pub use kaplan_meier::Survival;
pub use kaplan_meier::Unfinished;
pub use least::Wanted;
pub use many::ManyDifferences;
pub use many::SKEWNESS_MAX;
pub use many::skewness;
pub use mser5::mser5;
pub use paired::Pairs;
pub use poisson_slope::PowerLaw;
pub use poisson_slope::poisson_slope;
pub use proportion::proportion;
pub use relative::RelativePairs;
pub use relative::relative_difference;
pub use restart::RestartDetector;
pub use signs::SignPatterns;
pub use student::Interval;
pub use student::RunningMoments;
pub use summary::Summary;
pub use tost::tost;
pub use westfall_young::WestfallYoung;
pub use westfall_young::least_replications;
pub use westfall_young::westfall_young;

use std::fmt::Debug;

/// A one-sided lower confidence sequence for the mean of independent variables in `0.0..=1.0` with one mean.
///
/// Its bound never falls: what one look has excluded stays excluded (running intersection).
pub trait LowerSequence: Debug + Send {
    /// Takes in the next variable.
    fn push(&mut self, x: f64);

    /// Whether some look so far has excluded that the mean is at or below `line`. Asking again about a line costs little.
    fn exceeds(&mut self, line: f64) -> bool;

    /// The highest line that [`Self::exceeds`], 0 when there is none.
    fn lower(&self) -> f64;
}
