//! Arrivals: when a client asks for the next image.

mod closed_loop;
mod diurnal;
mod interval;
mod on_off;
mod poisson;
mod rate;
mod renewal_gamma;
mod trace;
#[cfg(test)]
mod trial;

use crate::base::family::family;
use crate::base::random::Word;
use crate::base::units::SimSpan;
use crate::base::units::SimTime;
use std::fmt::Debug;

/// A client's clock: when it asks next.
pub(crate) trait Arrivals: Debug + Send {
    /// Whether the next request waits for the orchestrator's answer to the last one (a closed loop).
    fn waits_for_answer(&self) -> bool;

    /// Time from `now` (the last request, or its answer in a closed loop; at first the client's start) to the next
    /// request; none when the client has finished.
    fn gap(&mut self, now: SimTime, word: Word) -> Option<SimSpan>;
}

family! {
    /// Which arrival process a scenario asks for.
    ArrivalsSpec => dyn Arrivals {
        ClosedLoop = closed_loop,
        Poisson = poisson,
        Interval = interval,
        OnOff = on_off,
        Diurnal = diurnal,
        Trace = trace,
        RenewalGamma = renewal_gamma,
    }
}
