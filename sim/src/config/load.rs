//! From a file to a checked scenario: read, extend, set, check, parse.

use crate::base::reading;
use crate::base::units::SimTime;
use crate::config::age::KnownKeys;
use crate::config::file::ScenarioFile;
use crate::config::file::json_schema;
use crate::config::overlay;
use crate::config::problem::Diagnostic;
use crate::config::problem::Troubles;
use crate::config::schedule;
use crate::config::schedule::Phase;
use crate::config::schema;
use crate::config::schema::Schema;
use crate::config::tree;
use crate::config::tree::Node;
use crate::config::tree::SourcePlace;
use crate::config::tree::SpellingFault;
use crate::config::tree::Value;
use std::fs;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;

/// Longest chain of `extends`; a longer one is a mistake.
const EXTENDS_MAX: usize = 16;
/// Largest scenario file read [bytes].
const FILE_BYTES_MAX: u64 = 16 << 20;

/// A scenario whose keys and values are allowed, with the tree it was read from.
#[derive(Clone, Debug)]
pub(crate) struct Loaded {
    /// The scenario as written, defaults filled in.
    pub(crate) scenario: ScenarioFile,
    /// What holds from each change of its schedule on, in the order of time.
    pub(crate) phases: Vec<Phase>,
    /// The tree, for places and for what was written and what is a default.
    pub(crate) tree: Node,
    /// The files that it was read from.
    pub(crate) files: Vec<PathBuf>,
    /// Keys of older versions that it has and that are not heeded; a scenario file has none.
    pub(crate) unheeded: Vec<Diagnostic>,
}

/// Reads the scenario at `path` and lays the `sets` on it.
///
/// # Errors
/// All problems at once: a missing file, faults of spelling, unknown keys, values out of range.
pub(crate) fn load(path: &Path, sets: &[String]) -> Result<Loaded, Troubles> {
    let json = json_schema();
    let schema = Schema::new(&json);
    let mut files = Vec::new();
    let mut tree = read_extended(schema, path, &mut Vec::new(), &mut files)?;
    let mut troubles = Vec::new();
    for assignment in sets {
        troubles.extend(overlay::set(schema, &mut tree, assignment).err());
    }
    crate::config::table::fill(&mut tree, path, &mut troubles, &mut files);
    Ok(Loaded { files, ..checked(KnownKeys::of_files(schema), tree, troubles)? })
}

/// Reads the scenario that results keep as `text` in `file`; keys that went since they were made are not heeded.
///
/// # Errors
/// All that is no scenario of this version.
pub(crate) fn load_kept(file: &str, text: &str) -> Result<Loaded, Troubles> {
    let json = json_schema();
    let schema = Schema::new(&json);
    let tree = tree::parse(&file.into(), text).map_err(spelling)?;
    checked(KnownKeys::of_all_ages(schema), tree, Vec::new())
}

/// What a whole tree means, with every stretch of its schedule.
///
/// # Errors
/// All that is wrong with the tree: unknown keys, values out of range, stretches that contradict each other.
pub(super) fn checked(
    keys: KnownKeys<'_>,
    mut tree: Node,
    troubles: Vec<Diagnostic>,
) -> Result<Loaded, Troubles> {
    let mut unheeded = keys.take_removed(&mut tree);
    let scenario = parsed(keys.schema, &tree, troubles)?;
    let phases = phases(keys, &tree, &scenario, &mut unheeded)?;
    Ok(Loaded { scenario, phases, tree, files: Vec::new(), unheeded })
}

/// Faults of spelling, as problems of a scenario.
fn spelling(faults: Vec<SpellingFault>) -> Troubles {
    let trouble = |(place, text)| Diagnostic { place, key: String::new(), text };
    Troubles(faults.into_iter().map(trouble).collect())
}

/// The scenario that a whole tree means, when nothing in it is wrong.
fn parsed(
    schema: Schema<'_>,
    tree: &Node,
    mut troubles: Vec<Diagnostic>,
) -> Result<ScenarioFile, Troubles> {
    troubles.extend(schema::faults(schema, tree));
    if !troubles.is_empty() {
        return Err(Troubles(troubles));
    }
    let parsed: Result<ScenarioFile, _> = tree.plain().try_into();
    let scenario = parsed.map_err(|e| {
        let text = format!("cannot be read: {}", e.message());
        Troubles(vec![Diagnostic { place: tree.place.clone(), key: String::new(), text }])
    })?;
    let troubles = crate::config::check::troubles(&scenario, tree);
    if troubles.is_empty() { Ok(scenario) } else { Err(Troubles(troubles)) }
}

/// The scenarios that hold from each change of the schedule on, in the order of time: each is the one before it with the
/// change laid on it. What of a change is not heeded is added to `unheeded`.
fn phases(
    keys: KnownKeys<'_>,
    tree: &Node,
    first: &ScenarioFile,
    unheeded: &mut Vec<Diagnostic>,
) -> Result<Vec<Phase>, Troubles> {
    let place = |number: usize| match tree.get("schedule").map(|node| &node.value) {
        Some(Value::Array(items)) => items.get(number).map_or(&tree.place, |item| &item.place),
        _ => &tree.place,
    };
    let mut troubles = Vec::new();
    let mut report = |number: usize, text: String| {
        let key = format!("schedule.{number}");
        troubles.push(Diagnostic { place: place(number).clone(), key, text });
    };
    let mut order: Vec<(SimTime, usize)> = Vec::new();
    for (number, change) in first.schedule.iter().enumerate() {
        match change.instant_fault() {
            Some(fault) => report(number, fault),
            None => order.push((change.instant(&first.chain), number)),
        }
    }
    order.sort_unstable();
    let mut whole = tree.clone();
    let mut phases = Vec::new();
    for (_, number) in order {
        let change = &first.schedule[number];
        for assignment in &change.set {
            if let Err(trouble) = overlay::set(keys.schema, &mut whole, assignment) {
                report(number, format!("{assignment}: {}", trouble.text));
            }
        }
        if crate::config::table::unread(&whole).is_some() {
            report(
                number,
                "names a csv, allowed: numbers in a list, as the scenario itself is read once"
                    .to_string(),
            );
        }
        unheeded.extend(keys.take_removed(&mut whole));
        match parsed(keys.schema, &whole, Vec::new()) {
            Err(found) => {
                for trouble in found.0 {
                    report(number, format!("{} {}", trouble.key, trouble.text));
                }
            }
            Ok(scenario) => {
                for key in schedule::forbidden(first, &scenario) {
                    report(number, format!("changes {key}, which no change may"));
                }
                phases.push(Phase { change: change.clone(), scenario });
            }
        }
    }
    if troubles.is_empty() { Ok(phases) } else { Err(Troubles(troubles)) }
}

/// Reads `path` and what it extends, and adds the names to `files`; `seen` are the files that led here.
fn read_extended(
    schema: Schema<'_>,
    path: &Path,
    seen: &mut Vec<PathBuf>,
    files: &mut Vec<PathBuf>,
) -> Result<Node, Troubles> {
    files.push(path.to_path_buf());
    let file: Arc<str> = path.display().to_string().into();
    let fail = |line, key: &str, text: String| {
        let place = SourcePlace { file: file.clone(), line };
        Troubles(vec![Diagnostic { place, key: key.to_string(), text }])
    };
    let text = read(path).map_err(|text| fail(0, "", text))?;
    let mut tree = tree::parse(&file, &text).map_err(spelling)?;
    let Some(extends) = tree.take("extends") else { return Ok(tree) };
    let line = extends.place.line;
    let Value::Text(base) = &extends.value else {
        let text = format!("is {}, allowed: a path from this file to another", extends.value);
        return Err(fail(line, "extends", text));
    };
    seen.push(fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf()));
    let base_path = path.parent().unwrap_or_else(|| Path::new("")).join(base);
    let canonical = fs::canonicalize(&base_path)
        .map_err(|e| fail(line, "extends", format!("cannot read {}: {e}", base_path.display())))?;
    if seen.contains(&canonical) {
        let text = format!("{base} extends this file again: remove one of the two");
        return Err(fail(line, "extends", text));
    }
    if seen.len() > EXTENDS_MAX {
        let text = format!("more than {EXTENDS_MAX} files extend each other");
        return Err(fail(line, "extends", text));
    }
    let mut whole = read_extended(schema, &base_path, seen, files)?;
    overlay::lay(Some(schema), &mut whole, tree);
    Ok(whole)
}

/// The text of a file that is small enough and is UTF-8.
///
/// # Errors
/// Why the text cannot be read: no such file, a folder, too long, no UTF-8.
pub(crate) fn read(path: &Path) -> Result<String, String> {
    reading::text(path, FILE_BYTES_MAX).map_err(|error| error.to_string())
}
