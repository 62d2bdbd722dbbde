//! The ground floor: what every other module may use and none of the domain knows.

pub(crate) mod family;
pub(crate) mod ids;
pub(crate) mod math;
pub(crate) mod random;
pub(crate) mod sample;
pub(crate) mod units;
