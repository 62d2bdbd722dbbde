//! What may be replaced: nothing, an empty folder, or a results folder that is ours by its content and holds nothing else.

use crate::base::reading;
use crate::report::manifest::MANIFEST;
use crate::report::manifest::scenario_hash;
use crate::report::seal;
use crate::report::seal::Seal;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::fs::FileType;
use std::io;
use std::path::Path;

/// Largest manifest read [bytes].
pub(crate) const MANIFEST_BYTES_MAX: u64 = 64 << 20;
/// Files that a folder of a version without seals may hold, beside its plots.
const OLD_FILES: &[&str] = &[
    MANIFEST,
    "miners.csv",
    "epochs.csv",
    "metrics.csv",
    "verdicts.json",
    "compare.csv",
    "sweep.csv",
    "replay.csv",
    "validation.csv",
    "report.html",
];
/// Folder of the plots.
pub(crate) const PLOTS: &str = "plots";
/// Deepest folder looked into; ours have one below them.
const DEPTH_MAX: usize = 8;

/// Why a folder is not replaced, in words after its name; none when it may be.
///
/// # Errors
/// When something in the folder cannot be looked at or read.
pub(crate) fn objection(target: &Path) -> io::Result<Option<String>> {
    let about = match fs::symlink_metadata(target) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        other => other?.file_type(),
    };
    if !about.is_dir() {
        return Ok(Some(format!("is {}, and only a results folder is replaced", kind(about))));
    }
    let mut entries = BTreeMap::new();
    walk(target, "", 0, &mut entries)?;
    if entries.is_empty() {
        return Ok(None);
    }
    let odd = entries.iter().find(|(_, about)| !about.is_dir() && !about.is_file());
    if let Some((name, about)) = odd {
        return Ok(Some(format!("holds {name}, {}, which no results folder has", kind(*about))));
    }
    if !entries.get(MANIFEST).is_some_and(FileType::is_file) {
        return Ok(Some(format!("is no results folder (it has no {MANIFEST})")));
    }
    let Ok(manifest) = reading::whole(&target.join(MANIFEST), MANIFEST_BYTES_MAX) else {
        return Ok(Some(format!("has a {MANIFEST} that cannot be read")));
    };
    let files: Vec<String> =
        entries.iter().filter(|(_, about)| about.is_file()).map(|(name, _)| name.clone()).collect();
    let folders = entries.iter().filter(|(_, about)| about.is_dir()).map(|(name, _)| name);
    let empty = folders.into_iter().find(|folder| {
        let below = format!("{folder}/");
        !files.iter().any(|file| file.starts_with(&below))
    });
    if let Some(folder) = empty {
        return Ok(Some(format!("holds {folder}, which is not ours")));
    }
    Ok(match seal::seal_of(&manifest) {
        _ if !has_mark(&manifest) => {
            Some(format!("has a {MANIFEST} that is none of ours (package is another)"))
        }
        Seal::Broken => Some(format!("has a {MANIFEST} that was changed since it was written")),
        Seal::Whole(hashes) => sealed_objection(target, &files, &hashes)?,
        Seal::None => old_objection(&manifest, &files),
    })
}

/// What a folder with a seal holds beside the files that were sealed.
fn sealed_objection(
    target: &Path,
    files: &[String],
    hashes: &seal::Hashes,
) -> io::Result<Option<String>> {
    for name in files.iter().filter(|name| *name != MANIFEST) {
        let Some(hash) = hashes.get(name) else {
            return Ok(Some(format!("holds {name}, which is not ours")));
        };
        if seal::hash(&fs::read(target.join(name))?) != *hash {
            return Ok(Some(format!("holds {name}, which was changed since it was written")));
        }
    }
    Ok(None)
}

/// The same of a folder of a version without seals: its names have to do.
fn old_objection(manifest: &[u8], files: &[String]) -> Option<String> {
    let keys: Value = serde_json::from_slice(manifest).unwrap_or_default();
    let word = |key: &str| keys.get(key).and_then(Value::as_str);
    let claimed = word("scenario_hash").unwrap_or_default();
    let is_hash = claimed.len() == seal::hash(b"").len();
    let fits = word("scenario_text").is_none_or(|text| scenario_hash(text) == claimed);
    if !is_hash || !fits {
        return Some(format!("has a {MANIFEST} that is none of ours (scenario_hash does not fit)"));
    }
    let is_known = |name: &&String| {
        let plot = Path::new(name).parent() == Some(Path::new(PLOTS));
        let ending = Path::new(name).extension().and_then(|ending| ending.to_str());
        OLD_FILES.contains(&name.as_str()) || plot && matches!(ending, Some("svg" | "png"))
    };
    let foreign = files.iter().find(|name| !is_known(name));
    foreign.map(|name| format!("holds {name}, which is not ours"))
}

/// Whether a manifest says that this program made it.
fn has_mark(manifest: &[u8]) -> bool {
    let keys: Value = serde_json::from_slice(manifest).unwrap_or_default();
    keys.get("package").and_then(Value::as_str) == Some(env!("CARGO_PKG_NAME"))
}

/// Everything in a folder, by its name below it.
fn walk(
    folder: &Path,
    below: &str,
    depth: usize,
    entries: &mut BTreeMap<String, FileType>,
) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = format!("{below}{}", entry.file_name().to_string_lossy());
        let about = entry.file_type()?;
        entries.insert(name.clone(), about);
        if about.is_dir() && depth < DEPTH_MAX {
            walk(&entry.path(), &format!("{name}/"), depth + 1, entries)?;
        }
    }
    Ok(())
}

/// What stands at a place, in words.
pub(crate) fn kind(about: FileType) -> &'static str {
    if about.is_symlink() {
        "a symbolic link"
    } else if about.is_dir() {
        "a folder"
    } else if about.is_file() {
        "a file"
    } else {
        "a device, a pipe or a socket"
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::folder::Folder;

    fn ours(target: &Path) {
        let folder = Folder::begin(target).unwrap();
        folder.write(MANIFEST, br#"{"package": "assay-sim"}"#).unwrap();
        folder.write("miners.csv", b"a\n").unwrap();
        folder.write("plots/scores.svg", b"<svg/>").unwrap();
        folder.finish().unwrap();
    }

    #[test]
    fn a_folder_of_ours_that_holds_nothing_else_may_go() {
        let place = tempfile::tempdir().unwrap();
        let target = place.path().join("results");
        assert_eq!(objection(&target).unwrap(), None);
        ours(&target);
        assert_eq!(objection(&target).unwrap(), None);
        fs::remove_dir_all(target.join(PLOTS)).unwrap();
        assert_eq!(objection(&target).unwrap(), None, "what is missing is no loss");
    }

    #[test]
    fn whatever_else_stands_there_keeps_it() {
        type Spoil = fn(&Path);
        let cases: [(&str, Spoil); 5] = [
            ("notes.txt, which is not ours", |t| fs::write(t.join("notes.txt"), "mine").unwrap()),
            ("miners.csv, which was changed", |t| fs::write(t.join("miners.csv"), "b\n").unwrap()),
            ("plots/mine.svg, which is not", |t| fs::write(t.join("plots/mine.svg"), "").unwrap()),
            ("empty, which is not ours", |t| fs::create_dir(t.join("empty")).unwrap()),
            ("package is another", |t| {
                fs::write(t.join(MANIFEST), r#"{"name": "an extension"}"#).unwrap();
            }),
        ];
        for (told, spoil) in cases {
            let place = tempfile::tempdir().unwrap();
            let target = place.path().join("results");
            ours(&target);
            spoil(&target);
            let found = objection(&target).unwrap().unwrap_or_default();
            assert!(found.contains(told), "{told}: {found}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn links_are_told() {
        let place = tempfile::tempdir().unwrap();
        let (target, link) = (place.path().join("results"), place.path().join("link"));
        ours(&target);
        std::os::unix::fs::symlink(&target, &link).unwrap();
        assert!(objection(&link).unwrap().unwrap().contains("symbolic link"));
        std::os::unix::fs::symlink("/", target.join("epochs.csv")).unwrap();
        assert!(objection(&target).unwrap().unwrap().contains("epochs.csv, a symbolic link"));
    }

    #[test]
    fn a_folder_without_a_seal_goes_by_its_names_and_its_hash() {
        let text = "[run]\n";
        let keys = format!(
            "{{\"package\": \"assay-sim\", \"scenario_hash\": {:?}, \"scenario_text\": {text:?}}}",
            scenario_hash(text)
        );
        let known = [MANIFEST.to_string(), "plots/x.svg".to_string(), "miners.csv".to_string()];
        assert_eq!(old_objection(keys.as_bytes(), &known), None);
        let told = old_objection(keys.as_bytes(), &["thesis.tex".to_string()]).unwrap();
        assert!(told.contains("thesis.tex"));
        let bent = keys.replace("[run]", "[chain]");
        assert!(old_objection(bent.as_bytes(), &known).unwrap().contains("scenario_hash"));
    }
}
