//! `assay run --recording`: the miners' work comes from a file.

use crate::cli::outcome::Failure;
use crate::miner::Alarm;
use crate::miner::Fault;
use crate::miner::Kept;
use crate::report::MeasuredClaim;
use crate::scenario::Run;
use crate::scenario::Scenario;
use crate::study;
use crate::study::Study;
use crate::work::digest::Digest;
use anyhow::anyhow;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// A recording and the digest it claims.
#[derive(Debug)]
pub(super) struct Played {
    file: PathBuf,
    kept: Arc<Kept>,
    digest: Digest,
}

impl Played {
    /// Reads a finished recording.
    pub(super) fn open(file: &Path) -> Result<Self, Failure> {
        let (kept, digest) = Kept::finished(file).map_err(Failure::input)?;
        Ok(Self { file: file.to_path_buf(), kept: Arc::new(kept), digest })
    }

    /// The recording's replication is the only one.
    pub(super) fn choose_replication(&self, run: &mut Run) {
        run.replications = 1;
        run.first_replication = self.kept.header.replication;
    }

    /// The run, its miners' work taken from the recording.
    pub(super) fn play(
        &self,
        scenario: &Scenario,
        stop: &Arc<AtomicBool>,
    ) -> Result<Study, Failure> {
        let file = self.file.display();
        if let Some(why) = study::foreign(scenario, &self.kept.header) {
            return Err(Failure::input(anyhow!("{file}: {why}")));
        }
        let alarm = Alarm::new(stop.clone());
        match (study::replay(scenario, &self.kept, &alarm), alarm.fault()) {
            (Some(served), _) => Ok(Study::of(vec![served])),
            (None, None) => Err(Failure::Interrupted),
            (None, Some(Fault::Input(why))) => Err(Failure::input(anyhow!("{file}: {why}"))),
            (None, Some(Fault::Machine(why))) => Err(Failure::machine(anyhow!("{file}: {why}"))),
        }
    }

    /// What of the run was measured, and on what.
    pub(super) fn claim(&self, scenario: &Scenario) -> MeasuredClaim {
        MeasuredClaim::of(scenario, std::slice::from_ref(&self.kept))
    }

    /// The words of the command that name the recording, without its place on this machine.
    pub(super) fn words(&self) -> Vec<String> {
        let name = self.file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        vec!["--recording".to_string(), name]
    }

    /// What to say when the run gave another digest than the recording claims.
    pub(super) fn difference(&self, study: &Study) -> Option<String> {
        let found = study.replications[0].digest;
        (found != self.digest).then(|| {
            let file = self.file.display();
            format!("{file} was recorded with digest {}, this run gives {found}", self.digest)
        })
    }
}
