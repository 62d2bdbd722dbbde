//! The hash of the sources from which a digest can come: what it covers, who keeps it, and what `assay verify` makes of it.

use crate::common::Ended;
use crate::common::assay;
use crate::tidy::floors;
use crate::tidy::imports;
use crate::tidy::module_of;
use std::fs;
use std::path::Path;
use std::path::PathBuf;

#[path = "../../build/sources.rs"]
mod sources;

fn package() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn the_version_is_told_with_the_hash_of_these_sources() {
    let ended = assay(&["--version"]);
    let hash = sources::hash(package()).unwrap();
    assert_eq!(ended.out, format!("assay {} (sources {hash})\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn every_folder_that_is_hashed_is_there() {
    for folder in sources::FOLDERS {
        let inside = fs::read_dir(package().join(folder));
        assert!(inside.is_ok_and(|inside| inside.count() > 0), "{folder} has no file");
    }
}

/// Modules of the simulator whose folder is hashed.
fn hashed() -> Vec<&'static str> {
    sources::FOLDERS.iter().filter_map(|folder| folder.strip_prefix("src/")).collect()
}

#[test]
fn every_floor_up_to_the_engine_is_hashed_and_so_is_the_chain() {
    let floors = floors();
    let engine = floors.iter().position(|floor| floor == "engine").unwrap();
    for floor in &floors[..=engine] {
        assert!(hashed().contains(&floor.as_str()), "{floor} is not in build/sources.rs");
    }
    assert!(sources::FOLDERS.contains(&"chain/src"));
}

#[test]
fn whatever_a_hashed_module_imports_is_hashed() {
    let mut seen = 0;
    for (file, module, _) in imports() {
        if hashed().contains(&module_of(&file).as_str()) {
            assert!(hashed().contains(&module.as_str()), "{} imports {module}", file.display());
            seen += 1;
        }
    }
    assert!(seen > 500, "{seen} imports");
}

/// A package with these files.
fn package_of(files: &[(&str, &str)]) -> tempfile::TempDir {
    let place = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = place.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    place
}

fn hash(files: &[(&str, &str)]) -> String {
    sources::hash(package_of(files).path()).unwrap()
}

#[test]
fn the_hash_sees_each_text_and_its_place_and_nothing_else() {
    let base = [("chain/src/lib.rs", "a\nb\n"), ("src/engine/deep/x.rs", "c\n")];
    let own = hash(&base);
    assert_eq!(hash(&[base[1], base[0]]), own, "order of writing");
    assert_eq!(hash(&[("chain/src/lib.rs", "a\r\nb\r\n"), base[1]]), own, "line endings");
    assert_eq!(hash(&[base[0], base[1], ("src/cli/y.rs", "d"), ("src/base/a.rs~", "e")]), own);
    for other in [
        &[("chain/src/lib.rs", "a\nc\n"), base[1]][..],
        &[("chain/src/lib2.rs", "a\nb\n"), base[1]],
        &[base[0], ("src/engine/x.rs", "c\n")],
        &[("chain/src/lib.rs", "a\nb\nc\n"), ("src/engine/deep/x.rs", "")],
        &[base[0], base[1], ("src/base/y.rs", "")],
        &base[..1],
    ] {
        assert_ne!(hash(other), own, "{other:?}");
    }
    assert_eq!(hash(&[]).len(), 32, "a package of nothing still has a hash");
}

const SCENARIO: &str = "
[run]
replications = 2
epochs = 3
[[client]]
name = \"c\"
arrivals.poisson = { rate_per_h = 60.0 }
[[cohort]]
name = \"a\"
count = 3
stake_alpha = 500.0
service.lognormal = { median_ms = 9000.0, sigma = 0.3 }
";

/// A results folder in `place`.
fn results(place: &Path) -> PathBuf {
    let (scenario, folder) = (place.join("small.toml"), place.join("results"));
    fs::write(&scenario, SCENARIO).unwrap();
    let ended =
        assay(&["run", scenario.to_str().unwrap(), "--quiet", "--out", folder.to_str().unwrap()]);
    assert_eq!(ended.code, 0, "{ended:?}");
    folder
}

/// Changes a line of the manifest.
fn claim(folder: &Path, old: &str, new: &str) {
    let file = folder.join("manifest.json");
    let text = fs::read_to_string(&file).unwrap();
    assert_eq!(text.matches(old).count(), 1, "{old}");
    fs::write(&file, text.replace(old, new)).unwrap();
}

fn verify(folder: &Path) -> Ended {
    let jobs = folder.with_file_name("jobs.csv");
    assay(&["verify", folder.to_str().unwrap(), "--quiet", "--jobs", jobs.to_str().unwrap()])
}

#[test]
fn another_version_and_other_sources_are_a_note_and_no_failure() {
    let place = tempfile::tempdir().unwrap();
    let folder = results(place.path());
    let ended = verify(&folder);
    assert!(ended.code == 0 && ended.err.is_empty(), "{ended:?}");

    let sources = format!("  \"sources\": \"{}\",\n", sources::hash(package()).unwrap());
    let other = "0".repeat(32);
    claim(&folder, &sources, &format!("  \"sources\": \"{other}\",\n"));
    let ended = verify(&folder);
    assert!(ended.code == 0 && ended.err.contains(&format!("(sources {other})")), "{ended:?}");

    claim(&folder, &format!("  \"sources\": \"{other}\",\n"), "");
    let version = format!("\"package_version\": \"{}\"", env!("CARGO_PKG_VERSION"));
    claim(&folder, &version, "\"package_version\": \"0.1.0\"");
    let ended = verify(&folder);
    assert_eq!(ended.code, 0, "{ended:?}");
    let note = "was made by version 0.1.0 (sources not kept), this is";
    assert!(ended.err.starts_with("note: ") && ended.err.contains(note), "{ended:?}");
    assert!(ended.out.contains("as claimed"), "{ended:?}");
}

#[test]
fn what_differs_is_told_with_whether_the_sources_differ_too() {
    let place = tempfile::tempdir().unwrap();
    let folder = results(place.path());
    let miners = fs::read_to_string(folder.join("miners.csv")).unwrap();
    fs::write(folder.join("miners.csv"), miners.replacen("500", "501", 1)).unwrap();
    let own = sources::hash(package()).unwrap();
    let ended = verify(&folder);
    assert_eq!(ended.code, 1, "{ended:?}");
    assert!(ended.line("sources").starts_with(&format!("{own}, as claimed")), "{ended:?}");

    let other = "0".repeat(32);
    claim(&folder, &own, &other);
    let ended = verify(&folder);
    assert_eq!(ended.code, 1, "{ended:?}");
    let told = format!("differ too: {other} made the folder, this is {own}");
    assert_eq!(ended.line("sources"), told, "{ended:?}");

    claim(&folder, &format!("  \"sources\": \"{other}\",\n"), "");
    let ended = verify(&folder);
    assert!(ended.code == 1 && ended.line("sources").contains("were not kept"), "{ended:?}");
}

#[test]
fn a_digest_that_differs_is_told_with_the_sources_too() {
    let place = tempfile::tempdir().unwrap();
    let folder = results(place.path());
    let file = folder.join("manifest.json");
    let mut manifest: serde_json::Value =
        serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
    let digests = [assay_sim::work::Digest::parse(&"7".repeat(32)).unwrap(); 2];
    manifest["replication_digests"] = digests.map(|digest| digest.to_string()).to_vec().into();
    manifest["digest"] = assay_sim::work::Digest::of_replications(&digests).to_string().into();
    manifest["sources"] = "0".repeat(32).into();
    fs::write(&file, serde_json::to_vec_pretty(&manifest).unwrap()).unwrap();
    let ended = verify(&folder);
    assert!(ended.code == 1 && ended.line("first") == "replication 0", "{ended:?}");
    assert!(ended.line("sources").starts_with("differ too: "), "{ended:?}");
}
