//! Variants: a scenario that differs from another in what a property or a comparison says.

use crate::config::load::Loaded;
use crate::config::load::load;
use crate::config::problem::Diagnostic;
use crate::config::problem::Troubles;
use crate::config::tree::SourcePlace;
use crate::property::Variant;
use std::path::Path;

/// Reads the variant of the scenario at `path` with `sets` laid on it, as `variant` says.
///
/// # Errors
/// What is wrong with the variant; that it is the same scenario again; that it does not run on the same seeds.
pub(crate) fn load_variant(
    path: &Path,
    sets: &[String],
    base: &Loaded,
    variant: &Variant,
) -> Result<Loaded, Troubles> {
    let loaded = match variant {
        Variant::Set(changes) => {
            let all: Vec<String> = sets.iter().chain(changes).cloned().collect();
            load(path, &all)?
        }
        Variant::File(name) => {
            let other = path.parent().unwrap_or_else(|| Path::new("")).join(name);
            load(&other, sets)?
        }
    };
    let fault = if is_same(base, &loaded) {
        Some("is the same scenario again: a comparison with itself shows nothing")
    } else if !on_same_seeds(base, &loaded) {
        Some("has another run.seed or run.first_replication: pairs need the same seeds")
    } else {
        None
    };
    match fault {
        None => Ok(loaded),
        Some(fault) => Err(Troubles(vec![Diagnostic {
            place: SourcePlace { file: path.display().to_string().into(), line: 0 },
            key: "variant".to_string(),
            text: fault.to_string(),
        }])),
    }
}

/// Whether two scenarios differ in nothing that a run depends on.
fn is_same(first: &Loaded, second: &Loaded) -> bool {
    let bare = |loaded: &Loaded| {
        let mut scenario = loaded.scenario.clone();
        scenario.property.clear();
        scenario.sweep = None;
        scenario
    };
    bare(first) == bare(second)
}

fn on_same_seeds(first: &Loaded, second: &Loaded) -> bool {
    let seeds = |loaded: &Loaded| {
        let run = &loaded.scenario.run;
        (run.seed, run.first_replication)
    };
    seeds(first) == seeds(second)
}
