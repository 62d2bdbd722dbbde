//! Where results go when no place is named, and how many threads there may be.

use crate::simulation::Error;
use crate::simulation::Simulation;
use std::path::Path;
use std::path::PathBuf;

/// Length of the hash in the folder's name of a changed scenario.
const SHORT_HASH: usize = 8;
/// Folder below `results/` that git ignores: a plain run leaves a clone as it was.
const LOCAL: &str = "local";

/// The folder of a verb's results; `ending` is added to the scenario's name, and ends the name of a scenario of one's own.
///
/// # Errors
/// When a change of the scenario cannot be.
pub(super) fn default_folder(
    world: &Simulation,
    ending: &str,
    own_ending: &str,
) -> Result<PathBuf, Error> {
    let name = world.name();
    let shipped = world.file().components().any(|part| part.as_os_str() == "scenarios");
    if !shipped {
        return Ok(PathBuf::from(format!("{}{own_ending}", name.replace('/', "-"))));
    }
    let local = Path::new("results").join(LOCAL);
    if world.is_unchanged() {
        return Ok(local.join(format!("{name}{ending}")));
    }
    Ok(local.join(format!("{name}{ending}-{}", &world.hash()?[..SHORT_HASH])))
}
