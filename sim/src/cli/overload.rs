//! What is said before a run whose queues will grow.

use crate::cli::outcome;
use crate::cli::outcome::Failure;
use crate::simulation::Simulation;

/// Says on standard error where clients ask for more than miners can serve: it may be meant so.
///
/// # Errors
/// When a change of the scenario cannot be.
pub(super) fn note(world: &Simulation) -> Result<(), Failure> {
    if let Some(words) = world.overload()? {
        outcome::note_each(&[format!("{}: {words}", world.name())]);
    }
    Ok(())
}
