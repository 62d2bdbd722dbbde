//! A client as it is simulated: its arrivals, when it is there, and what it asks for.

use crate::base::ids::KindId;
use crate::base::units::SimTime;
use crate::model::arrivals::ArrivalsSpec;

/// Somebody who asks for images.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Client {
    /// Its name; its randomness hangs on it.
    pub(crate) name: String,
    /// The process by which the client asks.
    pub(crate) arrivals: ArrivalsSpec,
    /// First instant it may ask.
    pub(crate) from: SimTime,
    /// Instant from which it asks no more.
    pub(crate) until: SimTime,
    /// Requests after which it stops; 0: no limit.
    pub(crate) limit: u64,
    /// Kinds it asks for, with cumulated weights that end at 1.
    pub(crate) kinds: Vec<(KindId, f64)>,
}
