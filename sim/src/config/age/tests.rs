use super::*;
use crate::config::load::Loaded;
use crate::config::load::checked;
use crate::config::load::load;
use crate::config::load::load_kept;
use crate::config::problem::Troubles;
use crate::config::tree;
use schemars::JsonSchema;
use std::fs;
use std::path::Path;
use std::path::PathBuf;

/// A scenario as version 0.1.0 had it.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
#[serde(default)]
struct Old {
    pace: f64,
    part: Vec<OldPart>,
    law: OldLaw,
}

#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
#[serde(default)]
struct OldPart {
    name: String,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum OldLaw {
    Flat(OldFlat),
}

#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
#[serde(default)]
struct OldFlat {
    level: f64,
}

impl Default for OldLaw {
    fn default() -> Self {
        Self::Flat(OldFlat::default())
    }
}

/// The same scenario, to which keys have come: at the top, in a list, in a family's member, and a whole table.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(default)]
struct Grown {
    #[schemars(extend("x-since" = "0.2.0"))]
    luck: f64,
    pace: f64,
    part: Vec<GrownPart>,
    law: GrownLaw,
    lease: Lease,
    #[schemars(extend("x-since" = "0.2.0"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    limit: Option<u32>,
}

impl Default for Grown {
    fn default() -> Self {
        Self {
            luck: 0.5,
            pace: 0.0,
            part: Vec::new(),
            law: GrownLaw::default(),
            lease: Lease::default(),
            limit: None,
        }
    }
}

#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
#[serde(default)]
struct GrownPart {
    name: String,
    #[schemars(extend("x-since" = "0.2.0"))]
    tags: Vec<String>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum GrownLaw {
    Flat(GrownFlat),
    Steep(Steep),
}

impl Default for GrownLaw {
    fn default() -> Self {
        Self::Flat(GrownFlat::default())
    }
}

#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
#[serde(default)]
struct GrownFlat {
    level: f64,
    #[schemars(extend("x-since" = "0.2.0"))]
    noise: bool,
}

/// A member that came later.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
#[schemars(extend("x-since" = "0.2.0"))]
#[serde(default)]
struct Steep {
    slope: f64,
    foot: u32,
}

/// A table that came later.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(extend("x-since" = "0.2.0"))]
#[serde(default)]
struct Lease {
    hours: u32,
    price: f64,
    note: Option<String>,
}

impl Default for Lease {
    fn default() -> Self {
        Self { hours: 24, price: 1.5, note: None }
    }
}

fn grown_text(grown: &Grown) -> String {
    let json = serde_json::to_value(schemars::schema_for!(Grown)).unwrap();
    as_text(&KnownKeys::of_all_ages(Schema::new(&json)).written(grown))
}

#[test]
fn later_keys_leave_a_text_as_it_was_while_they_have_their_defaults() {
    let parts = ["a", "b"].map(|name| OldPart { name: name.to_string() });
    let old = Old { pace: 2.0, part: parts.to_vec(), ..Old::default() };
    let parts = ["a", "b"].map(|name| GrownPart { name: name.to_string(), tags: Vec::new() });
    let grown = Grown { pace: 2.0, part: parts.to_vec(), ..Grown::default() };
    assert_eq!(grown_text(&grown), toml::to_string(&old).unwrap());
}

#[test]
fn a_later_key_with_another_value_is_written_and_no_other_with_it() {
    let base = grown_text(&Grown::default());
    let mut tagged = vec![GrownPart::default(), GrownPart::default()];
    tagged[1].tags.push("x".to_string());
    let flat = |noise| GrownLaw::Flat(GrownFlat { noise, ..GrownFlat::default() });
    let steep = GrownLaw::Steep(Steep { foot: 1, ..Steep::default() });
    for (grown, line, absent) in [
        (Grown { luck: 0.25, ..Grown::default() }, "luck = 0.25", "limit"),
        (Grown { limit: Some(7), ..Grown::default() }, "limit = 7", "luck"),
        (Grown { part: tagged, ..Grown::default() }, "tags = [\"x\"]", "luck"),
        (Grown { law: flat(true), ..Grown::default() }, "noise = true", "luck"),
        (Grown { law: steep, ..Grown::default() }, "[law.steep]\nfoot = 1", "slope"),
        (
            Grown { lease: Lease { price: 2.5, ..Lease::default() }, ..Grown::default() },
            "[lease]\nprice = 2.5",
            "hours",
        ),
    ] {
        let text = grown_text(&grown);
        assert_ne!(text, base, "{line}");
        assert!(text.contains(line), "{line}: {text}");
        assert!(!text.contains(absent) && text.matches("tags").count() < 2, "{line}: {text}");
    }
}

/// The schema of a scenario in which `run` has a key that came in version 0.2.0.
fn with_luck() -> Json {
    let mut json = json_schema();
    json["$defs"]["Run"]["properties"]["luck"] =
        serde_json::json!({ "type": "number", "default": 0.5, SINCE: "0.2.0" });
    json
}

#[test]
fn a_later_key_moves_no_text_and_no_hashed_text_of_a_real_scenario_until_it_is_set() {
    let scenario = ScenarioFile::default();
    let json = with_luck();
    let keys = KnownKeys::of_all_ages(Schema::new(&json));
    let table = Table::try_from(&scenario).unwrap();
    for (luck, is_same) in [(0.5, true), (0.75, false)] {
        let mut today = table.clone();
        let run = today["run"].as_table_mut().unwrap();
        run.insert("luck".to_string(), luck.into());
        assert_eq!(as_text(&keys.written(&today)) == text(&scenario), is_same, "{luck}");
        assert_eq!(as_text(&keys.hashed(&today)) == hashed_text(&scenario), is_same, "{luck}");
    }
}

/// Keys as if they had gone: one of a table, one of every item of a list, one whose default was not written.
const GONE: &[Removed] = &[
    Removed {
        path: "orchestrator.patience_ms",
        written: Some(WrittenDefault { after: "ack_timeout_ms", value: "250" }),
        since: "0.3.0",
        instead: "the time-out alone counts",
    },
    Removed {
        path: "cohort.*.luck",
        written: Some(WrittenDefault { after: "", value: "0.5" }),
        since: "0.2.0",
        instead: "nobody has any",
    },
    Removed {
        path: "chain.hurry",
        written: None,
        since: "0.3.0",
        instead: "blocks come as they come",
    },
];

const SMALL: &str = "
[[client]]
name = \"c\"
arrivals.poisson.rate_per_h = 10.0
[[cohort]]
name = \"a\"
count = 1
service.constant.value_ms = 3.0
[[cohort]]
name = \"b\"
count = 1
service.constant.value_ms = 4.0
";

fn small() -> ScenarioFile {
    toml::from_str(SMALL).unwrap()
}

/// The text of the small scenario as a version wrote it that had the keys of [`GONE`].
fn older_text(luck: f64, patience_ms: u32) -> String {
    let patience = format!("ack_timeout_ms = 0\npatience_ms = {patience_ms}\n");
    text(&small())
        .replace("ack_timeout_ms = 0\n", &patience)
        .replace("[[cohort]]\n", &format!("[[cohort]]\nluck = {luck:?}\n"))
}

#[test]
fn the_hash_of_recordings_has_the_keys_that_went_where_they_stood() {
    let json = json_schema();
    let keys = KnownKeys { schema: Schema::new(&json), removed: GONE };
    assert_eq!(as_text(&keys.hashed(&small())), older_text(0.5, 250));
    assert_eq!(as_text(&keys.written(&small())), text(&small()));
    assert!(keys.gone().contains("cohort.*.luck (since version 0.2.0: nobody has any)"));
    assert_eq!(gone().is_empty(), REMOVED.is_empty());
}

/// Reads a text as results of all ages are read, where [`GONE`] went.
fn load_older(text: &str) -> Result<Loaded, Troubles> {
    let json = json_schema();
    let tree = tree::parse(&"old/manifest.json".into(), text).unwrap();
    checked(KnownKeys { schema: Schema::new(&json), removed: GONE }, tree, Vec::new())
}

#[test]
fn an_old_text_with_keys_that_went_is_read_and_told_of() {
    let loaded = load_older(&older_text(0.75, 9)).unwrap();
    assert_eq!(text(&loaded.scenario), text(&small()));
    assert!(is_text_of(&loaded.tree, &loaded.scenario));
    let told: Vec<_> = loaded.unheeded.iter().map(ToString::to_string).collect();
    assert_eq!(told.len(), 3, "{told:?}");
    let patience = "orchestrator.patience_ms: is 9, not heeded since version 0.3.0: the time-out";
    assert!(told[0].starts_with("old/manifest.json:") && told[0].contains(patience), "{told:?}");
    assert!(told[1].contains(": cohort.a.luck: is 0.75,"), "{told:?}");
    assert!(told[2].contains(": cohort.b.luck: is 0.75,"), "{told:?}");
}

#[test]
fn a_change_in_time_of_a_key_that_went_is_read_and_told_of() {
    let schedule = "[[schedule]]\nat_hour = 2.0\nset = [\"chain.hurry = 3\", \"run.seed = 11\"]\n";
    let loaded = load_older(&format!("{SMALL}{schedule}")).unwrap();
    assert_eq!(loaded.phases.len(), 1);
    let told: Vec<_> = loaded.unheeded.iter().map(ToString::to_string).collect();
    assert!(told.len() == 1 && told[0].contains("chain.hurry: is 3, not heeded"), "{told:?}");
}

#[test]
fn other_faults_of_an_old_text_are_still_faults() {
    let text = older_text(0.5, 250).replace("[chain]", "[chain]\nno_such_key = 1");
    let said = load_older(&text).unwrap_err().to_string();
    assert!(said.contains("1 problem\n") && said.contains("no_such_key"), "{said}");
}

#[test]
fn a_file_written_today_may_not_have_a_key_that_went() {
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("a.toml");
    fs::write(&file, older_text(0.5, 250)).unwrap();
    let said = load(&file, &[]).unwrap_err().to_string();
    assert!(said.contains("patience_ms") && said.contains("cohort.a.luck"), "{said}");
}

#[test]
fn a_text_that_says_something_else_is_not_the_scenarios() {
    let loaded = load_kept("m", &text(&small())).unwrap();
    assert!(is_text_of(&loaded.tree, &loaded.scenario));
    let other = tree::parse(&"m".into(), &text(&small()).replace("3.0", "3.5")).unwrap();
    assert!(!is_text_of(&other, &loaded.scenario));
}

/// Every manifest below `folder`.
fn manifests(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            manifests(&path, out);
        } else if path.ends_with("manifest.json") {
            out.push(path);
        }
    }
}

/// The keys of version 0.1.0 stay written as they are: a text that it wrote is written again with the same bytes.
#[test]
fn committed_results_have_the_text_that_their_scenario_is_written_as_today() {
    let mut found = Vec::new();
    manifests(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../results"), &mut found);
    let mut seen = 0;
    for file in found {
        let manifest: Json = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
        let Some(kept) = manifest["scenario_text"].as_str() else { continue };
        let loaded = load_kept("m", kept).unwrap();
        assert!(is_text_of(&loaded.tree, &loaded.scenario), "{}", file.display());
        if loaded.unheeded.is_empty() {
            assert_eq!(text(&loaded.scenario), kept, "{}", file.display());
        }
        seen += 1;
    }
    assert!(seen > 30, "{seen} manifests with a text");
}

/// Every key of a scenario file in version 0.1.0, one a line.
const OLD_KEYS: &str = include_str!("../../../tests/cases/keys-0.1.0.txt");

/// Adds every key below `schema`, which stands at `path` within `above`, with whether it is said to have come later.
fn keys_below(
    (schema, is_later): (Schema<'_>, bool),
    path: &str,
    above: &[Schema<'_>],
    out: &mut Vec<(String, bool)>,
) {
    if above.iter().any(|upper| upper.is(schema)) {
        return;
    }
    let above = [above, &[schema]].concat();
    if let Some(items) = schema.items() {
        return keys_below((items, is_later), &format!("{path}.{EACH}"), &above, out);
    }
    let members = schema.members().unwrap_or_default();
    for key in members.iter().map(|(name, _)| *name).chain(schema.keys()) {
        let below = format!("{path}.{key}");
        let is_later = is_later || came_later(schema, key);
        out.push((below.trim_start_matches('.').to_string(), is_later));
        keys_below((schema.property(key).unwrap(), is_later), &below, &above, out);
    }
}

#[test]
fn every_key_that_came_later_says_so_and_every_key_that_went_is_listed() {
    let json = json_schema();
    let mut today = Vec::new();
    keys_below((Schema::new(&json), false), "", &[], &mut today);
    let old: Vec<&str> = OLD_KEYS.lines().collect();
    for (key, is_later) in &today {
        let is_old = old.contains(&key.as_str());
        assert!(
            is_old != *is_later,
            "{key}: say with x-since when it came, if it is no key of 0.1.0"
        );
    }
    for key in old {
        let is_there = today.iter().any(|(own, _)| own == key);
        let went = REMOVED.iter().any(|removed| removed.path == key);
        assert!(is_there != went, "{key} went: list it in REMOVED");
    }
}
