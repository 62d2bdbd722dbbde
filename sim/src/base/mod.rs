//! The ground floor: what every other module may use and none of the domain knows.

pub(crate) mod cell;
pub(crate) mod family;
pub mod ids;
pub(crate) mod instant;
pub(crate) mod math;
pub mod random;
pub(crate) mod reading;
pub(crate) mod sample;
pub mod units;
pub(crate) mod wording;
