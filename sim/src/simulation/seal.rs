//! Seals a recording anew: its header and digest become those of this version, the recorded work stays as it is.

use crate::simulation::error::Error;
use crate::simulation::recording::PlayedRecording;
use crate::simulation::world::Simulation;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// A recording that was run again, to be sealed anew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    /// Its text with the header that its scenario gives it now and every check chained anew; no work has changed.
    pub text: String,
    /// Where the run gives another digest than the recording said, in words.
    pub difference: Option<String>,
}

/// Runs the recording at `file` again as `world` says, and seals it anew.
///
/// # Errors
/// When it cannot be read, is corrupted or unfinished, is of another seed or of other miners, lacks work that the run asks
/// for, or `stop` was set before the end.
pub fn seal(world: &Simulation, file: &Path, stop: &Arc<AtomicBool>) -> Result<Sealed, Error> {
    let played = PlayedRecording::open(file)?;
    let scenario = world.clone().recording(file)?.resolved()?;
    let study = played.replay(&scenario, stop)?;
    let text = played.sealed(&scenario, study.replications[0].digest)?;
    Ok(Sealed { text, difference: played.difference(&study) })
}
