//! Plots of a scenario held against a trace: what is real beside what is simulated.

mod distances;
mod latency;
mod panels;
mod requests;

use crate::report::plot::Plot;
use crate::trace::validate::ValidationResult;

/// Every plot, in the order of the page.
pub(super) const ALL: &[Plot<ValidationResult>] =
    &[distances::LAST, latency::PLOT, requests::PLOT, distances::WHOLE];
