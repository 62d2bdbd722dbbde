//! THE SEAM: a miner's operator decides (a behaviour), a backend does the work.
//!
//! Only the backend is replaced by hardware. Everything around it, routing, queue, callbacks, scoring and pay, is the
//! same code whether the work is drawn from a law or computed on a device.

mod drawn;

use crate::record::Produced;
use crate::record::Work;
pub(crate) use drawn::Drawn;
pub(crate) use drawn::ImageSize;
pub(crate) use drawn::Speed;
use std::fmt::Debug;

/// Does the work of one miner. It works alone: it knows neither scores nor stakes nor other miners.
pub(crate) trait Backend: Debug + Send {
    /// Does one piece of work and says how long it took and what came out.
    fn compute(&mut self, work: &Work) -> Produced;
}

/// How many miners one subnet can hold. Source: spec/chain.md section 8, max uids.
pub(crate) const MINERS_MAX: usize = 256;
