//! A backend that gives back what another one did before.

use crate::base::units::SimSpan;
use crate::miner::Alarm;
use crate::miner::Backend;
use crate::miner::Fault;
use crate::miner::RecordingContent;
use crate::work::Completion;
use crate::work::Output;
use crate::work::Work;
use std::sync::Arc;

/// Gives back what a recording keeps of one miner; what it does not keep is bad input.
#[derive(Debug)]
pub(crate) struct Recorded {
    place: u32,
    kept: Arc<RecordingContent>,
    alarm: Alarm,
}

impl Recorded {
    /// The backend of the miner at `place` of the recording.
    pub(crate) fn new(place: u32, kept: Arc<RecordingContent>, alarm: Alarm) -> Self {
        Self { place, kept, alarm }
    }
}

impl Backend for Recorded {
    fn compute(&mut self, batch: &[Work], out: &mut Vec<Completion>) {
        for work in batch {
            out.push(self.one(*work));
        }
    }
}

impl Recorded {
    fn one(&mut self, work: Work) -> Completion {
        if let Some(produced) = self.kept.get(self.place, work.job()) {
            return produced;
        }
        let name = self.kept.name(self.place);
        self.alarm.raise(Fault::Input(format!(
            "the recording has no work of {name} for job {}: it was made from another scenario or \
             by another version",
            work.job()
        )));
        refused()
    }
}

/// What a backend answers that cannot go on; a second, so that time goes on until the run has stopped.
pub(super) fn refused() -> Completion {
    Completion { took: SimSpan::from_ms(1000), outcome: Output::Failed, ack: None }
}
