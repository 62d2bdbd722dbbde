//! Scenarios drawn from the schema's own ranges: each runs, or is bad input. None is a panic.

use assay_sim::simulation::Error;
use assay_sim::simulation::Simulation;
use assay_sim::simulation::schema;
use assay_testing::TestFolder;
use assay_testing::files;
use proptest::prelude::ProptestConfig;
use proptest::prelude::any;
use proptest::prelude::prop_assert;
use proptest::prelude::proptest;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;
use std::fs;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;
use std::time::Duration;

/// Keys that are not drawn: names, files of others, and what another verb reads.
const LEFT_OUT: [&str; 16] = [
    "csv",
    "column",
    "unit",
    "property",
    "sweep",
    "replay",
    "schedule",
    "extends",
    "name",
    "class",
    "operator",
    "kinds",
    "offer",
    "uid",
    "replications",
    "limit",
];
/// Time after which a run is stopped, which is no failure: what is asked for here may take years.
const PATIENCE: Duration = Duration::from_millis(800);

/// Draws values from a schema.
struct SchemaDraw<'s> {
    schema: &'s Value,
    state: u64,
    /// Share of the keys that are drawn where they may be left out, in a thousand.
    share: u64,
}

impl<'s> SchemaDraw<'s> {
    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, count: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(count).unwrap()).unwrap()
    }

    fn resolved(&self, mut here: &'s Value) -> &'s Value {
        loop {
            if let Some(target) = here["$ref"].as_str() {
                here = self.schema.pointer(target.trim_start_matches('#')).unwrap();
            } else if let Some(each) = here["anyOf"].as_array() {
                here = each.iter().find(|one| one["type"] != "null").unwrap();
            } else {
                return here;
            }
        }
    }

    fn number(&mut self, here: &Value) -> f64 {
        let bound = |names: [&str; 2], usual: f64| {
            names.iter().find_map(|name| here[*name].as_f64()).unwrap_or(usual)
        };
        let least = bound(["minimum", "exclusiveMinimum"], 0.0);
        let most = bound(["maximum", "exclusiveMaximum"], 1e6);
        let part = f64::from(u32::try_from(self.next() >> 32).unwrap()) / f64::from(u32::MAX);
        match self.below(4) {
            0 => least,
            1 => most,
            2 => least + (most - least) * part,
            _ => least + (most - least) * part * part * part * part * part,
        }
    }

    fn value(&mut self, here: &'s Value, depth: usize) -> Option<Value> {
        let here = self.resolved(here);
        if let Some(each) = here["oneOf"].as_array() {
            let one = &each[self.below(each.len())];
            let Some(properties) = one["properties"].as_object() else {
                return Some(one["const"].clone());
            };
            let (name, inner) = properties.iter().next().unwrap();
            return Some(json!({ name: self.value(inner, depth + 1)? }));
        }
        if let Some(words) = here["enum"].as_array() {
            return Some(words[self.below(words.len())].clone());
        }
        let kinds = match &here["type"] {
            Value::Array(each) => each.clone(),
            other => vec![other.clone()],
        };
        let is = |kind: &str| kinds.iter().any(|own| own == kind);
        if is("object") {
            let mut table = Map::new();
            for (key, inner) in here["properties"].as_object()? {
                let needed = here["required"].as_array().is_some_and(|n| n.contains(&json!(key)));
                let drawn = needed || self.next() % 1000 < self.share;
                if drawn && !LEFT_OUT.contains(&key.as_str()) {
                    table.extend(self.value(inner, depth + 1).map(|value| (key.clone(), value)));
                }
            }
            return Some(Value::Object(table));
        }
        if is("array") {
            if depth > 6 {
                return None;
            }
            let count = 1 + self.below(2);
            return (0..count).map(|_| self.value(&here["items"], depth + 1)).collect();
        }
        if is("boolean") {
            return Some(json!(self.next().is_multiple_of(2)));
        }
        let number = self.number(here);
        // Bounds of 64 bits are no floats: the largest is cut to what is one.
        #[expect(clippy::cast_possible_truncation, reason = "a cast that saturates")]
        let whole = json!(number as i64);
        if is("integer") { Some(whole) } else { is("number").then(|| json!(number)) }
    }

    /// A scenario of two epochs, a hundred requests a client.
    fn scenario(&mut self) -> Value {
        let schema = self.schema;
        let mut all = Map::new();
        for section in ["router", "orchestrator", "validators", "chain"] {
            if self.below(3) > 0 {
                let drawn = self.value(&schema["properties"][section], 0);
                all.extend(drawn.map(|value| (section.to_string(), value)));
            }
        }
        for (section, counts) in [
            ("client", [1, 1, 2]),
            ("cohort", [1, 2, 2]),
            ("kind", [0, 0, 2]),
            ("validator", [0, 1, 2]),
        ] {
            let items = schema["properties"][section]["items"].clone();
            let items =
                self.schema.pointer(items["$ref"].as_str().unwrap().trim_start_matches('#'));
            let count = counts[self.below(3)];
            let drawn: Vec<Value> = (0..count)
                .filter_map(|place| {
                    let mut one = self.value(items.unwrap(), 0)?;
                    one["name"] = json!(format!("{section}{place}"));
                    match section {
                        "client" => one["limit"] = json!(100),
                        "cohort" | "validator" => one["count"] = json!(1 + self.below(3)),
                        _ => {}
                    }
                    Some(one)
                })
                .collect();
            all.insert(section.to_string(), json!(drawn));
        }
        let seed = self.next() >> 1;
        all.insert("run".to_string(), json!({ "seed": seed, "replications": 1, "epochs": 2 }));
        Value::Object(all)
    }
}

/// The drawn scenario in TOML.
fn text(scenario: &Value) -> String {
    toml::to_string(scenario).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn values_in_their_ranges_run_or_are_bad_input(state in any::<u64>(), share in 20_u64..400) {
        let schema = schema();
        let mut draw = SchemaDraw { schema: &schema["else"], state, share };
        let whole = &schema;
        let mut root = schema["else"].clone();
        root["$defs"] = whole["$defs"].clone();
        draw.schema = &root;
        let scenario = draw.scenario();
        let place = TestFolder::new();
        let file = place.write("drawn.toml", text(&scenario));
        let stop = Arc::new(AtomicBool::new(false));
        let flag = stop.clone();
        // The thread outlives a run that is shorter, and harms nobody.
        std::thread::spawn(move || {
            std::thread::sleep(PATIENCE);
            flag.store(true, Ordering::Relaxed);
        });
        let ended = Simulation::load(&file).and_then(|world| world.stop(&stop).run());
        let is_fine = matches!(ended, Ok(_) | Err(Error::Input(_) | Error::Stopped));
        prop_assert!(is_fine, "{:?}: {}", ended.err(), text(&scenario));
    }
}

#[test]
fn a_public_validator_accepts_every_shipped_scenario() {
    let validator = jsonschema::validator_for(&schema()).unwrap();
    let mut count = 0;
    for file in files("scenarios", "toml") {
        let text = fs::read_to_string(&file).unwrap();
        let scenario: toml::Value = toml::from_str(&text).unwrap();
        let scenario = serde_json::to_value(scenario).unwrap();
        let told: Vec<String> = validator
            .iter_errors(&scenario)
            .map(|error| format!("{}: {error}", error.instance_path))
            .collect();
        assert!(told.is_empty(), "{}:\n{}", file.display(), told.join("\n"));
        count += 1;
    }
    assert!(count > 60, "{count} scenarios");
    for (bad, why) in [
        (json!({ "extends": "a.toml", "runn": {} }), "an unknown key"),
        (json!({ "extends": "a.toml", "run": { "seed": -1 } }), "a value out of range"),
        (json!({ "extends": 5 }), "a path that is none"),
        (json!({ "cohort": [{ "name": "a" }] }), "a whole file without a service"),
    ] {
        assert!(!validator.is_valid(&bad), "{why}");
    }
    let part = json!({ "extends": "a.toml", "cohort": [{ "name": "a", "cost_alpha_per_h": 1.0 }] });
    assert!(validator.is_valid(&part));
}
