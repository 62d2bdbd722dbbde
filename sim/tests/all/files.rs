//! Files of strangers, as their users hand them over: each case is read rightly, or refused by its place; none is a panic.

use crate::common::Ended;
use crate::common::assay;
use assay_testing::TestFolder;
use std::fs;
use std::path::Path;

/// Calls `assay replay` on a case's trace with its map.
fn replay(trace: &str, map: &str) -> Ended {
    let place = TestFolder::new();
    let at = |name: &str| format!("sim/tests/cases/files/{name}");
    let (trace, map, out) = (at(trace), at(map), place.path("out"));
    let rules = "scenarios/replay/v001.toml";
    assay(&["replay", &trace, "--map", &map, "--scenario", rules, "--out", &out])
}

/// Checks that a call is bad input, and what is told.
fn refused(ended: &Ended, parts: &[&str]) {
    assert_eq!(ended.code, 2, "{ended:?}");
    for part in parts {
        assert!(ended.err.contains(part), "{part:?} is missing: {}", ended.err);
    }
}

/// Runs a scenario of the cases.
fn run(name: &str, more: &[&str]) -> Ended {
    let place = TestFolder::new();
    let (file, out) = (format!("sim/tests/cases/files/{name}"), place.path("out"));
    let mut words = vec!["run", &file, "--quiet", "--replications", "1", "--out", &out];
    words.extend_from_slice(more);
    assay(&words)
}

#[test]
fn snapshots_become_scenarios_that_run_and_every_guess_is_told() {
    for (name, told) in [
        ("01/realistic.csv", "nothing says who owns the subnet"),
        ("01/snapshot.csv", "uid 1"),
        ("02/sn.json", "whoever has dividends is taken for a validator"),
        ("06/s.csv", "alpha alone"),
        ("08/m.csv", "nothing says who owns the subnet"),
    ] {
        let place = TestFolder::new();
        let (file, made) = (format!("sim/tests/cases/files/{name}"), place.path("made.toml"));
        let ended = assay(&["init", &made, "--metagraph", &file]);
        assert_eq!(ended.code, 0, "{ended:?}");
        assert!(ended.err.contains(told), "{name}: {}", ended.err);
        assert!(place.read("made.toml").contains("# Guess: "), "{name}");
        let out = place.path("out");
        let short = ["--epochs", "1", "--replications", "1", "--quiet", "--out", &out];
        let ran = assay(&[&["run", made.as_str()][..], &short].concat());
        assert_eq!(ran.code, 0, "{name}: {ran:?}");
    }
}

#[test]
fn rows_after_the_reference_time_are_left_out_and_counted() {
    let ended = replay("20/late.csv", "20/sec_as_ms.toml");
    assert_eq!(ended.code, 0, "{ended:?}");
    assert!(ended.out.contains("1 jobs of 2 miners, 1 left out"), "{}", ended.out);
    assert!(ended.out.contains("after the reference time"), "{}", ended.out);
}

#[test]
fn a_unit_is_asked_for_where_the_numbers_do_not_say_it() {
    let place = ["line 2, column 1 (c)", "time_unit"];
    refused(&replay("20/sec_as_ms.csv", "20/sec_as_ms.toml"), &place);
}

#[test]
fn a_comma_before_a_fraction_is_read() {
    let ended = replay("20/tz.csv", "20/tz.toml");
    assert_eq!(ended.code, 0, "{ended:?}");
}

#[test]
fn public_traces_are_read_with_constants_in_the_map() {
    let azure = "time_unit = \"iso\"\n[columns]\ncreated_at_ms = \"TIMESTAMP\"\n\
        [constants]\nminer = \"gpu\"\nstatus = \"success\"\nnum_inference_steps = 30\n";
    let place = TestFolder::new();
    let (map, out) = (place.write("map.toml", azure), place.path("out"));
    let trace = "sim/tests/cases/files/20/azure.csv";
    let rules = "scenarios/replay/v001.toml";
    let ended = assay(&["replay", trace, "--map", &map, "--scenario", rules, "--out", &out]);
    assert_eq!(ended.code, 0, "{ended:?}");
    assert!(ended.out.contains("3 jobs of 1 miners, 0 left out"), "{}", ended.out);
    assert_eq!(replay("20/burst.csv", "20/burst.toml").code, 0);
}

#[test]
fn an_offset_holds_and_a_zone_without_one_is_refused() {
    refused(&replay("21/t.csv", "21/map.toml"), &["line 4, column 4 (d)", "PDT", "offset"]);
    let place = TestFolder::new();
    let text = fs::read_to_string(
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/files/21/t.csv"),
    );
    let text = text.unwrap();
    let good: Vec<&str> = text.lines().take(3).collect();
    let (trace, out) = (place.write("t.csv", good.join("\n")), place.path("out"));
    let map = "sim/tests/cases/files/21/map.toml";
    let rules = "scenarios/replay/v001.toml";
    let ended = assay(&["replay", &trace, "--map", map, "--scenario", rules, "--out", &out]);
    assert_eq!(ended.code, 0, "{ended:?}");
    // Five seconds each: 1 - 5/60, as old as each other but for a minute.
    let table = place.read("out/replay.csv");
    let scores: Vec<f64> =
        table.lines().skip(1).map(|row| row.split(',').nth(4).unwrap().parse().unwrap()).collect();
    assert!((scores[0] - scores[1]).abs() < 1e-3, "{table}");
}

#[test]
fn numbers_in_another_unit_than_the_map_says_are_refused_in_their_place() {
    refused(&replay("22/t.csv", "22/map.toml"), &["line 2, column 1 (c)", "a date"]);
    refused(&replay("24/us.csv", "24/map.toml"), &["line 2, column 1 (c)", "seconds"]);
    refused(&replay("40/iso_panic.csv", "40/iso_map.toml"), &["line 2, column 1 (c)"]);
}

#[test]
fn values_in_their_ranges_run_or_are_refused_before_the_run() {
    for name in ["30/s.toml", "40/panic_tempo.toml"] {
        let ended = run(name, &["--epochs", "2"]);
        assert_eq!(ended.code, 0, "{name}: {ended:?}");
    }
    refused(&run("40/panic_first_epoch.toml", &[]), &["chain.first_epoch_block", "allowed"]);
    refused(&run("40/panic_start_block.toml", &[]), &["chain.first_epoch_block", "allowed"]);
    refused(&run("40/panic_cost_per_h.toml", &[]), &["cohort.fast.cost_alpha_per_h", "allowed"]);
    let place = TestFolder::new();
    let (file, out) = ("sim/tests/cases/files/40/sweep_same_key_min.toml", place.path("out"));
    refused(&assay(&["sweep", file, "--quiet", "--out", &out]), &["run.seed on two axes"]);
    assert!(place.names().is_empty(), "{:?}", place.names());
}

#[test]
fn bounds_are_shown_with_all_their_digits() {
    let ended = run("30/s.toml", &["--set", "run.seed=-1"]);
    refused(&ended, &["run.seed: is -1, allowed: a whole number from 0 to 9223372036854775807"]);
}

#[test]
fn a_bomb_and_what_has_no_end_are_refused() {
    let place = TestFolder::new();
    let bomb = place.path("bomb.csv.gz");
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    let zeros = vec![b'\n'; 1 << 20];
    for _ in 0..64 {
        std::io::Write::write_all(&mut packer, &zeros).unwrap();
    }
    fs::write(&bomb, packer.finish().unwrap()).unwrap();
    let rules = "scenarios/replay/v001.toml";
    let ended = assay(&["replay", &bomb, "--scenario", rules, "--out", &place.path("out")]);
    refused(&ended, &["unpacks to more than"]);
    #[cfg(target_os = "linux")]
    refused(&assay(&["run", "/dev/zero", "--out", &place.path("out")]), &["more than"]);
}
