//! What a trace does not say is unknown to a fit, and what no scenario allows it does not write.

use crate::common::Ended;
use crate::common::assay;
use crate::fit::jobs;
use assay_testing::root;
use std::fs;
use std::path::Path;

fn fit(trace: &Path, more: &[&str]) -> (Ended, String) {
    let place = tempfile::tempdir().unwrap();
    let out = place.path().join("fitted.toml");
    let paths = ["fit", trace.to_str().unwrap(), "--out", out.to_str().unwrap(), "--quiet"];
    let ended = assay(&[&paths[..], more].concat());
    if ended.code == 0 {
        let short = ["--replications", "1", "--epochs", "2", "--quiet"];
        let results = place.path().join("results");
        let paths = ["run", out.to_str().unwrap(), "--out", results.to_str().unwrap()];
        let ran = assay(&[&paths[..], &short[..]].concat());
        assert_eq!(ran.code, 0, "what was fitted runs: {ran:?}");
    }
    let text = fs::read_to_string(&out).unwrap_or_default();
    (ended, text)
}

#[test]
fn without_a_column_of_images_honest_miners_stay_honest() {
    let folder = root().join("sim/tests/cases/27-fit-no-image-column");
    let of = |map: &str| {
        let map = folder.join(map);
        fit(&folder.join("t.csv"), &["--map", map.to_str().unwrap()])
    };
    let (ended, text) = of("without.toml");
    assert_eq!(ended.code, 0, "{ended:?}");
    for cheat in ["no_image", "tiny_image", "canned_image"] {
        assert!(!text.contains(cheat), "{cheat} in {text}");
    }
    assert!(ended.out.contains("does not say which successes carried one"), "{}", ended.out);
    let (ended, text) = of("with.toml");
    assert_eq!(ended.code, 0, "{ended:?}");
    assert!(!ended.out.contains("does not say which"), "{}", ended.out);
    assert!(text.contains("class = \"image\""), "{text}");
}

/// Miners of a simulated world, of whose jobs columns are taken away one after another.
const WORLD: &str = r#"
[run]
seed = 21
replications = 1
epochs = 12
[[client]]
name = "c"
arrivals.poisson.rate_per_h = 90.0
[router.v001]
[[cohort]]
name = "honest"
count = 6
stake_alpha = 500.0
concurrency = 16
poll_ms = 0.0
ack.lognormal = { median_ms = 400.0, sigma = 0.3 }
service.lognormal = { median_ms = 3000.0, sigma = 0.3 }
behaviour.failing = { callback_failed_share = 0.05, inner.honest = {} }
"#;

#[test]
fn a_trace_without_answers_sizes_or_reasons_gives_a_scenario_that_runs() {
    let place = tempfile::tempdir().unwrap();
    let trace = jobs(WORLD, place.path());
    let text = fs::read_to_string(&trace).unwrap();
    let heading = text.lines().next().unwrap().to_string();
    for gone in [
        &["dispatched_ms"][..],
        &["image_size"],
        &["failure_reason"],
        &["dispatched_ms", "has_image"],
    ] {
        let places: Vec<usize> = gone
            .iter()
            .map(|own| heading.split(',').position(|name| name == *own).unwrap())
            .collect();
        let blank = |line: &str| {
            let cell = |(n, cell)| if places.contains(&n) { "" } else { cell };
            line.split(',').enumerate().map(cell).collect::<Vec<_>>().join(",")
        };
        let rows: Vec<String> = text.lines().skip(1).map(blank).collect();
        let poor = place.path().join("poor.csv");
        fs::write(&poor, format!("{heading}\n{}\n", rows.join("\n"))).unwrap();
        let (ended, text) = fit(&poor, &[]);
        assert_eq!(ended.code, 0, "{gone:?}: {ended:?}");
        assert!(!text.contains("no_image ="), "{gone:?}");
        // Without answers a total is all that is known: their 400 ms and the work's 3000.
        if gone.contains(&"dispatched_ms") {
            assert!(
                text.contains("ack.regimes]\nsteps = [\n  { from_h = 0.0000, law.constant"),
                "{text}"
            );
        }
    }
}

#[test]
fn images_larger_than_a_scenario_allows_are_told_and_written_as_the_largest() {
    let trace = root().join("sim/tests/cases/files/40/fit_image_size.csv");
    let (ended, text) = fit(&trace, &[]);
    assert_eq!(ended.code, 0, "{ended:?}");
    assert!(ended.out.contains("larger than a scenario allows"), "{}", ended.out);
    assert!(text.contains("bytes_max = 1000000000"), "{text}");
}

/// Names that a scenario's text has to quote, and one that it refuses.
#[test]
fn odd_names_of_miners_are_written_or_refused_before_anything_is() {
    let place = tempfile::tempdir().unwrap();
    let trace = jobs(WORLD, place.path());
    let text = fs::read_to_string(&trace).unwrap();
    let odd = place.path().join("odd.csv");
    fs::write(&odd, text.replace("honest-1", "a'b\\u{7}c").replace("honest-2", "ü 漢 # ] ="))
        .unwrap();
    let (ended, text) = fit(&odd, &[]);
    assert_eq!(ended.code, 0, "{ended:?}");
    assert!(text.contains("ü 漢 # ] =") && text.contains("a'b"), "{text}");
}
