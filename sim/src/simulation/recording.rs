//! A finished recording in the place of miners that work: one replication, from a file.

use crate::miner::Alarm;
use crate::miner::Header;
use crate::miner::RecordingContent;
use crate::miner::seal;
use crate::report::MeasuredClaim;
use crate::report::quoted;
use crate::scenario::Run;
use crate::scenario::Scenario;
use crate::simulation::error::Error;
use crate::study;
use crate::study::Study;
use crate::work::Digest;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// A recording and the digest it claims.
#[derive(Debug)]
pub(super) struct PlayedRecording {
    file: PathBuf,
    kept: Arc<RecordingContent>,
    digest: Digest,
}

impl PlayedRecording {
    /// Reads a finished recording.
    ///
    /// # Errors
    /// When the recording cannot be read, or is unfinished or corrupted.
    pub(super) fn open(file: &Path) -> Result<Self, Error> {
        let (kept, digest) =
            RecordingContent::finished(file).map_err(|error| Error::input(&error))?;
        Ok(Self { file: file.to_path_buf(), kept: Arc::new(kept), digest })
    }

    /// The recording's replication is the only one.
    pub(super) fn choose_replication(&self, run: &mut Run) {
        run.replications = 1;
        run.first_replication = self.kept.header.replication;
    }

    /// The run, its miners' work taken from the recording.
    ///
    /// # Errors
    /// When the recording is of another scenario, lacks work that the run asks for, or `stop` was set before the end.
    pub(super) fn play(&self, scenario: &Scenario, stop: &Arc<AtomicBool>) -> Result<Study, Error> {
        let file = self.file.display().to_string();
        if let Some(why) = study::foreign(scenario, &self.kept.header) {
            return Err(Error::Input(format!("{file}: {why}")));
        }
        self.replay(scenario, stop)
    }

    /// The same whatever the recording says of its scenario, as long as its work is what the run asks for.
    ///
    /// # Errors
    /// When the recording lacks work that the run asks for, or `stop` was set before the end.
    pub(super) fn replay(
        &self,
        scenario: &Scenario,
        stop: &Arc<AtomicBool>,
    ) -> Result<Study, Error> {
        let file = self.file.display().to_string();
        let alarm = Alarm::new(stop.clone());
        let served = study::replay(scenario, &self.kept, &alarm);
        let served = served.map_err(|cut| Error::of_cut(&cut, &alarm).at(&file))?;
        Ok(Study::of(vec![served]))
    }

    /// The recording's text with the header that its scenario gives it now, and with this digest; whose work it is, on what
    /// it was measured and by which version stays as it was said.
    ///
    /// # Errors
    /// When the scenario has another seed or other miners, or the recording cannot be read.
    pub(super) fn sealed(&self, scenario: &Scenario, digest: Digest) -> Result<String, Error> {
        let old = &self.kept.header;
        let own = study::header(scenario, old.replication, &old.device, old.measured.clone());
        let header = Header { package_version: old.package_version.clone(), ..own };
        if (header.seed, &header.miners) != (old.seed, &old.miners) {
            let file = self.file.display();
            let text = format!("{file} has another seed or other miners than this scenario");
            return Err(Error::Input(text));
        }
        seal(&self.file, &header, digest).map_err(|error| Error::input(&error))
    }

    /// What of the run was measured, and on what.
    pub(super) fn claim(&self, scenario: &Scenario) -> MeasuredClaim {
        MeasuredClaim::of(scenario, std::slice::from_ref(&self.kept))
    }

    /// The words of the command that name the recording, without its place on this machine.
    pub(super) fn words(&self) -> Vec<String> {
        let name = self.file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        vec!["--recording".to_string(), quoted(&name)]
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
