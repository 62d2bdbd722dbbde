//! A fit of a simulated run gives back the known parameters; traces in other forms; bad ones.
//!
//! Parameters must lie within three of their own standard errors, and a millisecond for times recorded in whole ones. Of
//! the 22 checks one in 17 such suites would fail by chance alone (1 - 0.9973^22); the seeds are fixed, so these do not.

use crate::common::Ended;
use crate::common::assay;
use assay_testing::root;
use assay_testing::shared;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::path::PathBuf;

/// Steady miners of one kind, ten above the cap and three below.
const STEADY: &str = r#"
[run]
seed = 5
replications = 1
epochs = 50
[[client]]
name = "client"
[client.arrivals.closed_loop]
think_ms = 20000.0
jitter_ms = 60.0
[router.v001]
cap_alpha = 500.0
[[cohort]]
name = "honest"
poll_ms = 0.0
ack.lognormal = { median_ms = 400.0, sigma = 0.15 }
service.lognormal = { median_ms = 6500.0, sigma = 0.2 }
count = 13
stake_alpha = 900.0
miner = [{ name = "low", stake_alpha = 120.0 }, { name = "middle", stake_alpha = 250.0 },
         { name = "high", stake_alpha = 330.0 }]
"#;

/// Two operators that switch, each at its hour.
const SWITCHING: &str = r#"
[run]
seed = 6
replications = 1
epochs = 40
[[client]]
name = "client"
[client.arrivals.closed_loop]
think_ms = 15000.0
jitter_ms = 10.0
[router.v001]
[[cohort]]
name = "phantom"
count = 6
stake_alpha = 500.0
poll_ms = 0.0
ack.lognormal = { median_ms = 300.0, sigma = 0.1 }
behaviour.failing = { refused_share = 0.03, silent_share = 0.02, inner.no_image = {} }
[cohort.service.regimes]
steps = [
  { from_h = 0.0, law.lattice = { a_ms = 700.0, step_ms = 1000.0, weights = [0.5, 0.3, 0.2], jitter_ms = 15.0 } },
  { from_h = 20.3, law.lognormal = { median_ms = 500.0, sigma = 0.25 } },
]
[[cohort]]
name = "switch"
count = 6
stake_alpha = 500.0
poll_ms = 0.0
ack.lognormal = { median_ms = 600.0, sigma = 0.2 }
[cohort.service.regimes]
steps = [
  { from_h = 0.0, law.lognormal = { median_ms = 9000.0, sigma = 0.1 } },
  { from_h = 30.7, law.lognormal = { median_ms = 1200.0, sigma = 0.1 } },
]
[cohort.behaviour.regimes]
steps = [{ from_h = 0.0, behaviour.honest = {} }, { from_h = 30.7, behaviour.tiny_image = {} }]
"#;

/// Requests without a rhythm, and stock miners, who look for the file every half second.
const POISSON: &str = r#"
[run]
seed = 7
replications = 1
epochs = 25
[[client]]
name = "client"
[client.arrivals.poisson]
rate_per_h = 200.0
[router.v001]
[[cohort]]
name = "stock"
count = 12
stake_alpha = 500.0
concurrency = 8
ack.lognormal = { median_ms = 250.0, sigma = 0.1 }
service.lognormal = { median_ms = 4000.0, sigma = 0.2 }
"#;

/// The jobs of a world, in a folder of their own.
pub(crate) fn jobs(world: &str, place: &Path) -> PathBuf {
    let scenario = place.join("world.toml");
    fs::write(&scenario, world).unwrap();
    let trace = place.join("jobs.csv");
    let (out, scenario) = (place.join("out"), scenario.to_str().unwrap());
    let paths = ["--out", out.to_str().unwrap(), "--jobs", trace.to_str().unwrap()];
    let ended = assay(&[&["run", scenario], &paths[..]].concat());
    assert_eq!(ended.code, 0, "{ended:?}");
    trace
}

fn fit(trace: &Path, more: &[&str]) -> (Ended, PathBuf) {
    let out = trace.with_file_name("fitted.toml");
    let paths = [trace.to_str().unwrap(), "--out", out.to_str().unwrap()];
    (assay(&[&["fit"], &paths[..], more].concat()), out)
}

pub(crate) fn fitted(world: &str) -> Value {
    let place = tempfile::tempdir().unwrap();
    let (ended, out) = fit(&jobs(world, place.path()), &["--json"]);
    assert_eq!(ended.code, 0, "{ended:?}");
    let checked = assay(&["explain", out.to_str().unwrap()]);
    assert_eq!(checked.code, 0, "{checked:?}");
    serde_json::from_str(&ended.out).unwrap()
}

/// Value and error of an estimate.
pub(crate) fn estimate(report: &Value, part: &str, parameter: &str) -> (f64, f64) {
    let all = report["estimates"].as_array().unwrap();
    let found = all.iter().find(|one| one["part"] == part && one["parameter"] == parameter);
    let found = found.unwrap_or_else(|| {
        let own: Vec<_> =
            all.iter().map(|one| format!("{}/{}", one["part"], one["parameter"])).collect();
        panic!("no {part}/{parameter} in {own:?}")
    });
    (found["value"].as_f64().unwrap(), found["standard_error"].as_f64().unwrap_or(0.0))
}

pub(crate) fn assert_recovered(report: &Value, checks: &[(&str, &str, f64)]) {
    for (part, parameter, known) in checks {
        let (value, error) = estimate(report, part, parameter);
        let rounding = if parameter.ends_with("_ms") { 1.0 } else { 1e-9 };
        assert!(error > 0.0 || rounding > 0.5, "{part}/{parameter} states no error");
        let allowed = 3.0 * error + rounding;
        assert!(
            (value - known).abs() <= allowed,
            "{part}/{parameter}: {value} ± {error}, known {known}"
        );
    }
}

#[test]
fn a_steady_world_is_recovered() {
    let report = fitted(STEADY);
    assert_recovered(
        &report,
        &[
            ("arrivals", "think_ms", 20_000.0),
            ("arrivals", "jitter_ms", 60.0),
            ("image-1 regime 0", "ack.lognormal.median_ms", 400.0),
            ("image-1 regime 0", "ack.lognormal.sigma", 0.15),
            ("image-1 regime 0", "service.lognormal.median_ms", 6500.0),
            ("image-1 regime 0", "service.lognormal.sigma", 0.2),
            ("miner low", "own_stake_alpha", 120.0),
            ("miner middle", "own_stake_alpha", 250.0),
            ("miner high", "own_stake_alpha", 330.0),
            ("image-1", "refused_share", 0.0),
        ],
    );
    assert_eq!(estimate(&report, "routing", "plateau_miners").0.to_string(), "10");
    let text = report.to_string();
    assert!(
        !text.contains("image-2") && !text.contains("image-1 regime 1"),
        "one operator, one law"
    );
}

#[test]
fn operators_and_their_switches_are_recovered() {
    let report = fitted(SWITCHING);
    assert_recovered(
        &report,
        &[
            ("phantom-1 regime 0", "service.lattice.a_ms", 700.0),
            ("phantom-1 regime 0", "service.lattice.jitter_ms", 15.0),
            ("phantom-1 regime 0", "service.lattice.weight", 0.5),
            ("phantom-1 regime 1", "from_h", 20.3),
            ("phantom-1 regime 1", "service.lognormal.median_ms", 500.0),
            ("phantom-1", "refused_share", 0.03),
            ("phantom-1", "silent_share", 0.02),
            ("tiny_switch-1 regime 0", "service.lognormal.median_ms", 9000.0),
            ("tiny_switch-1 regime 1", "from_h", 30.7),
            ("tiny_switch-1 regime 1", "service.lognormal.sigma", 0.1),
        ],
    );
    assert!(!report.to_string().contains("-2 regime"), "two operators");
}

#[test]
fn a_poisson_world_on_the_stock_grid_is_recovered() {
    let report = fitted(POISSON);
    assert_recovered(
        &report,
        &[
            ("arrivals", "rate_per_h", 200.0),
            ("image-1 regime 0", "ack.lognormal.median_ms", 250.0),
        ],
    );
    let (step, _) = estimate(&report, "image-1 regime 0", "service.lattice.step_ms");
    assert!((step - 500.0).abs() < 1e-9);
    assert_eq!(report["arrival_models"][0]["model"], "Poisson");
}

/// Ten rows a minute apart, in the published columns.
fn small_trace(rows: usize) -> String {
    let mut text = "job,created_at_ms,dispatched_ms,miner,num_inference_steps,status,failure_reason,latency_ms,total_runtime_ms,callback_received_ms,response_ms,last_updated_ms,has_image,image_size\n".to_string();
    for job in 0..rows {
        let at = job * 60_000;
        writeln!(
            text,
            "{job},{at},{},m{},60,success,,{},{},{},{},{},1,{}",
            at + 300 + job % 17,
            job % 4,
            5000 + job % 90,
            5300 + job % 90 + job % 17,
            at + 5300 + job % 90 + job % 17,
            at + 5400 + job % 90,
            at + 5500 + job % 90,
            1_000_000 + job
        )
        .unwrap();
    }
    text
}

#[test]
fn a_packed_trace_gives_the_same_and_a_broken_one_is_bad_input() {
    let place = tempfile::tempdir().unwrap();
    let (plain, packed) = (place.path().join("t.csv"), place.path().join("t.csv.gz"));
    fs::write(&plain, small_trace(400)).unwrap();
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(small_trace(400).as_bytes()).unwrap();
    let bytes = encoder.finish().unwrap();
    fs::write(&packed, &bytes).unwrap();
    let (first, _) = fit(&plain, &["--json"]);
    let (second, _) = fit(&packed, &["--json"]);
    assert_eq!((first.code, &first.out), (0, &second.out), "{second:?}");
    fs::write(&packed, &bytes[..bytes.len() / 2]).unwrap();
    let (broken, _) = fit(&packed, &[]);
    assert_eq!(broken.code, 2, "{broken:?}");
    assert!(
        broken.err.contains("damaged after line") && broken.err.contains("t.csv.gz"),
        "{broken:?}"
    );
    let out = place.path().join("r");
    let scenario = root().join("scenarios/replay/v001.toml");
    let replayed = assay(&[
        "replay",
        packed.to_str().unwrap(),
        "--scenario",
        scenario.to_str().unwrap(),
        "--out",
        out.to_str().unwrap(),
    ]);
    assert_eq!(replayed.code, 2, "{replayed:?}");
}

#[test]
fn bad_calls_and_files_are_bad_input() {
    let place = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &[u8]| {
        let path = place.path().join(name);
        fs::write(&path, text).unwrap();
        path
    };
    let good = file("good.csv", small_trace(400).as_bytes());
    let map = file(
        "map.toml",
        b"[columns]\ncreated_at_ms = 'created_at_ms'\nminer = 'hotkey'\nstatus = 'status'\n",
    );
    let no_map = file("nomap.toml", b"[columns]\nminer = 5\n");
    let nan = small_trace(400).replacen(",5000,", ",NaN,", 1);
    let typed = small_trace(400).replacen(",60,success", ",sixty,success", 3);
    let failed = small_trace(400).replace("success", "failed");
    for (trace, more, told) in [
        (&good, vec!["--until", "0"], "--until is 0"),
        (&good, vec!["--until", "NaN"], "--until is NaN"),
        (&good, vec!["--until", "0.01"], "at least 20"),
        (&good, vec!["--map", map.to_str().unwrap()], "no column \"hotkey\""),
        (&good, vec!["--map", no_map.to_str().unwrap()], "line 2"),
        (&file("nan.csv", nan.as_bytes()), vec![], "line 2, column 8 (latency_ms)"),
        (&file("typed.csv", typed.as_bytes()), vec![], "line 2, column 5"),
        (&file("empty.csv", b""), vec![], "empty"),
        (&file("few.csv", small_trace(5).as_bytes()), vec![], "at least 20"),
        (&file("failed.csv", failed.as_bytes()), vec![], "no latency to fit"),
        (&file("bytes.csv", b"\xff\xfe\x00"), vec![], "columns are missing"),
        (&place.path().to_path_buf(), vec![], "folder"),
        (&place.path().join("none.csv"), vec![], "cannot open"),
    ] {
        let (ended, _) = fit(trace, &more);
        assert_eq!(ended.code, 2, "{trace:?} {more:?}: {ended:?}");
        assert!(ended.err.contains(told), "{told}: {ended:?}");
        let name = trace.file_name().unwrap().to_str().unwrap();
        let of_call = told.starts_with("--") || told == "line 2" || ended.err.contains(name);
        assert!(of_call, "{name}: {ended:?}");
    }
}

#[test]
fn bad_rows_can_be_left_out() {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("t.csv");
    fs::write(&path, small_trace(400).replacen("success", "perhaps", 3)).unwrap();
    let (ended, _) = fit(&path, &["--json", "--skip-bad"]);
    assert_eq!(ended.code, 0, "{ended:?}");
    let report: Value = serde_json::from_str(&ended.out).unwrap();
    assert_eq!(report["rows"], 397);
}

#[test]
fn a_snapshot_becomes_a_scenario_that_runs() {
    let place = tempfile::tempdir().unwrap();
    let (snapshot, file) = (place.path().join("s.csv"), place.path().join("s.toml"));
    let mut text =
        "uid,stake,coldkey,validator_permit,last_update\n0,90000,v,true,100\n".to_string();
    for uid in 1..80 {
        writeln!(text, "{uid},{},k{},false,90", 20 * uid, uid / 3).unwrap();
    }
    fs::write(&snapshot, &text).unwrap();
    let init =
        || assay(&["init", file.to_str().unwrap(), "--metagraph", snapshot.to_str().unwrap()]);
    assert_eq!(init().code, 0);
    let out = place.path().join("out");
    let paths = [file.to_str().unwrap(), "--out", out.to_str().unwrap()];
    let ended = assay(&[&["run"], &paths[..], &["--replications", "1", "--epochs", "2"]].concat());
    assert_eq!(ended.code, 0, "{ended:?}");
    fs::remove_file(&file).unwrap();
    fs::write(&snapshot, text + "7,1,k,false,90\n").unwrap();
    let ended = init();
    assert_eq!(ended.code, 2, "{ended:?}");
    assert!(ended.err.contains("line 82: uid 7 stands in line 9 too"), "{ended:?}");
    assert!(!file.exists());
}

assay_testing::needs_shared!(the_trace_of_october_is_fitted_as_it_is_known);

fn the_trace_of_october_is_fitted_as_it_is_known() {
    let trace = shared("data/sn11-2025-10/trace.csv");
    let place = tempfile::tempdir().unwrap();
    let out = place.path().join("o.toml");
    let paths = [trace.to_str().unwrap(), "--out", out.to_str().unwrap(), "--json"];
    let ended = assay(&[&["fit"], &paths[..]].concat());
    assert_eq!(ended.code, 0, "{ended:?}");
    let report: Value = serde_json::from_str(&ended.out).unwrap();
    // spec/trace-findings.md: a closed loop of 30.02 s, v001 by 95 nats, four levels, 60 miners on the plateau.
    assert!(report["arrival_models"][0]["model"].as_str().unwrap().starts_with("closed loop"));
    let (think, _) = estimate(&report, "arrivals", "think_ms");
    assert!((think - 30_021.0).abs() < 3.0, "{think}");
    assert!(report["routing"]["v001_over_stake_alone_nats"].as_f64().unwrap() > 90.0);
    assert_eq!(report["routing"]["levels"], 4);
    assert_eq!(estimate(&report, "routing", "plateau_miners").0.to_string(), "60");
    // The switches of the largest operator, at hours 38.8, 61.3 and 73.3, each to an hour.
    let hours: Vec<f64> = (1..9)
        .filter_map(|number| {
            let part = format!("phantom-1 regime {number}");
            let all = report["estimates"].as_array().unwrap();
            let found = all.iter().find(|one| one["part"] == part && one["parameter"] == "from_h");
            found.and_then(|one| one["value"].as_f64())
        })
        .collect();
    for known in [38.8, 61.3, 73.3] {
        assert!(hours.iter().any(|hour| (hour - known).abs() < 1.0), "{known} in {hours:?}");
    }
}
