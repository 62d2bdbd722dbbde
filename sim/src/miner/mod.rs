//! THE SEAM: a miner's operator decides (a behaviour), a backend does the work.
//!
//! Only the backend is replaced by hardware. Everything around it, routing, queue, callbacks, scoring and pay, is the
//! same code whether the work is drawn from a law or computed on a device.

mod alarm;
mod drawn;
mod recorded;
mod recording;
mod tape;

use crate::base::units::SimTime;
use crate::work::Accepted;
use crate::work::Completion;
use crate::work::Work;
pub use alarm::Alarm;
pub use alarm::Fault;
pub(crate) use drawn::Drawn;
pub(crate) use drawn::ImageSize;
pub(crate) use drawn::Speed;
pub(crate) use recorded::Recorded;
pub(crate) use recording::Recording;
use std::fmt::Debug;
pub(crate) use tape::Header;
pub(crate) use tape::RecordingContent;
pub(crate) use tape::RecordingWriter;
pub(crate) use tape::TapeError;
pub(crate) use tape::seal;

/// Does the work of one miner. It works alone: it knows neither scores nor stakes nor other miners.
///
/// One that cannot go on tells an [`Alarm`] and answers [`Output::Failed`](crate::work::Output::Failed): the run ends soon after, without a result.
pub trait Backend: Debug + Send {
    /// Whether it takes a piece of work whose request reaches it `at` this instant.
    fn accept(&mut self, _work: &Work, _at: SimTime) -> Accepted {
        Accepted::Taken
    }

    /// Does the pieces of work that begin together, and puts into `out`, for each in its order, how long it took and what
    /// came of it. There is one piece, but where a server takes several at a time.
    fn compute(&mut self, batch: &[Work], out: &mut Vec<Completion>);
}

/// Has `backend` do one piece of work by itself.
///
/// # Panics
/// When the backend does not answer the piece: that is its error.
pub fn compute_one(backend: &mut dyn Backend, work: Work) -> Completion {
    let mut out = Vec::with_capacity(1);
    backend.compute(&[work], &mut out);
    out.pop().expect("a backend answers every piece of work")
}

/// Set in the number of the job that an audit's repetition is: it stands beside the number of the job repeated.
pub(crate) const RERUN_BIT: u64 = 1 << 63;

/// How many miners one subnet can hold. Source: spec/chain.md section 8, max uids.
pub(crate) const MINERS_MAX: usize = 256;
