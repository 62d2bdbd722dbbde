//! A backend that keeps what another one does, and does not ask it twice.

use crate::miner::Alarm;
use crate::miner::Backend;
use crate::miner::Fault;
use crate::miner::RecordingContent;
use crate::miner::RecordingWriter;
use crate::miner::compute_one;
use crate::miner::recorded::refused;
use crate::work::Completion;
use crate::work::Work;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;

/// Keeps the work of one miner on a tape. What the tape had when it was opened is given back.
#[derive(Debug)]
pub(crate) struct Recording {
    place: u32,
    inner: Box<dyn Backend>,
    kept: Arc<RecordingContent>,
    tape: Arc<Mutex<RecordingWriter>>,
    alarm: Alarm,
}

impl Recording {
    /// The backend of the miner at `place`, whose work `inner` does.
    pub(crate) fn new(
        place: u32,
        inner: Box<dyn Backend>,
        kept: Arc<RecordingContent>,
        tape: Arc<Mutex<RecordingWriter>>,
        alarm: Alarm,
    ) -> Self {
        Self { place, inner, kept, tape, alarm }
    }
}

impl Backend for Recording {
    fn compute(&mut self, batch: &[Work], out: &mut Vec<Completion>) {
        for work in batch {
            out.push(self.one(*work));
        }
    }
}

impl Recording {
    fn one(&mut self, work: Work) -> Completion {
        if let Some(produced) = self.kept.get(self.place, work.job()) {
            return produced;
        }
        // A run that is to stop, by Ctrl-C too, costs the device no more work, and keeps none.
        if self.alarm.is_set() {
            return refused();
        }
        let produced = compute_one(self.inner.as_mut(), work);
        if self.alarm.fault().is_some() {
            return refused();
        }
        let mut tape = self.tape.lock().unwrap_or_else(PoisonError::into_inner);
        if let Err(error) = tape.append(self.place, work.job(), &produced) {
            self.alarm.raise(Fault::Machine(error.to_string()));
        }
        produced
    }
}
