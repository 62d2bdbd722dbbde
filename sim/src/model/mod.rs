//! Rules without a clock: a folder a family of interchangeable members, and what a version of the subnet's code means.

pub(crate) mod arrivals;
pub(crate) mod latency;
pub(crate) mod operator;
pub(crate) mod router;
pub(crate) mod rules;
pub(crate) mod scoring;
pub(crate) mod strategy;
pub(crate) mod weighting;
