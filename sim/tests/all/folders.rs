//! Folders and files that a command writes: whole or not at all, in the place of what is ours, and of nothing else.

use crate::common::Ended;
use crate::common::assay;
use assay_testing::TestFolder;
use assay_testing::command;
use std::fs;
use std::process::Stdio;

const BASE: &str = "sim/tests/cases/files/base.toml";
const FAILS: &str = "sim/tests/cases/files/41/willfail.toml";
const SHORT: [&str; 5] = ["--quiet", "--replications", "2", "--epochs", "2"];

/// Calls a verb on the small scenario, with an output folder.
fn small(verb: &str, out: &str, more: &[&str]) -> Ended {
    assay(&[&[verb, BASE, "--out", out][..], &SHORT[..], more].concat())
}

fn verify(folder: &str, place: &TestFolder) -> Ended {
    assay(&["verify", folder, "--quiet", "--jobs", &place.path("verify-jobs.csv")])
}

#[test]
fn a_folder_with_a_file_called_manifest_is_not_ours_for_that() {
    let place = TestFolder::new();
    fs::create_dir(place.path("mine")).unwrap();
    place.write("mine/manifest.json", "{\"name\": \"an extension\"}");
    place.write("mine/thesis.tex", "years of work");
    let ended = small("run", &place.path("mine"), &[]);
    assert_eq!(ended.code, 2, "{ended:?}");
    assert_eq!(place.read("mine/thesis.tex"), "years of work");

    let out = place.path("out");
    assert_eq!(small("run", &out, &[]).code, 0);
    assert_eq!(small("run", &out, &["--seed", "9"]).code, 0, "what is ours is replaced");
    place.write("out/notes.txt", "mine");
    let ended = small("run", &out, &[]);
    assert!(ended.code == 2 && ended.err.contains("notes.txt"), "{ended:?}");
    assert_eq!(place.read("out/notes.txt"), "mine");
    assert_eq!(place.names(), ["mine", "out"], "no draft is left");
}

#[test]
fn outputs_that_are_in_the_way_of_something_are_refused() {
    let place = TestFolder::new();
    let own = place.write("own.toml", fs::read(assay_testing::root().join(BASE)).unwrap());
    let (out, jobs) = (place.path("out"), place.path("out/jobs.csv"));
    let inside = place.path("dir");
    fs::create_dir(&inside).unwrap();
    for words in [
        vec!["run", &own, "--out", &out, "--jobs", &own],
        vec!["run", &own, "--out", &out, "--jobs", &jobs],
        vec!["run", &own, "--out", &out, "--jobs", "/dev/null"],
        vec!["run", &own, "--out", &out, "--jobs", &inside],
        vec!["run", &own, "--out", &own],
        vec!["run", &own, "--out", "."],
        vec!["check", &own, "--junit", &own],
        vec!["check", &own, "--junit", "/dev/null"],
        vec!["fit", "sim/tests/cases/files/40/fit_image_size.csv", "--out", &inside],
    ] {
        let ended = assay(&[&words[..], &["--quiet"]].concat());
        assert_eq!(ended.code, 2, "{words:?}: {ended:?}");
    }
    assert_eq!(place.names(), ["dir", "own.toml"]);
    assert!(place.read("own.toml").contains("[[cohort]]"), "the input is as it was");
}

#[cfg(unix)]
#[test]
fn links_are_not_followed() {
    let place = TestFolder::new();
    let (target, link) = (place.path("target"), place.path("link"));
    assert_eq!(small("run", &target, &[]).code, 0);
    std::os::unix::fs::symlink(&target, &link).unwrap();
    for out in [link.clone(), format!("{link}/")] {
        let ended = small("run", &out, &[]);
        assert!(ended.code == 2 && ended.err.contains("symbolic link"), "{ended:?}");
    }
    fs::remove_dir_all(place.path("target/plots")).unwrap();
    fs::create_dir(place.path("elsewhere")).unwrap();
    place.write("elsewhere/lorenz.svg", "mine");
    std::os::unix::fs::symlink(place.path("elsewhere"), place.path("target/plots")).unwrap();
    let ended = assay(&["report", &target]);
    assert!(ended.code == 2 && ended.err.contains("plots"), "{ended:?}");
    assert_eq!(place.read("elsewhere/lorenz.svg"), "mine");
}

#[test]
fn a_report_keeps_what_stands_beside_it_and_its_folder_stays_ours() {
    let place = TestFolder::new();
    let out = place.path("out");
    assert_eq!(small("run", &out, &[]).code, 0);
    assert_eq!(assay(&["report", &out, "--png", "--quiet"]).code, 0);
    assert_eq!(verify(&out, &place).code, 0);
    assert_eq!(small("run", &out, &[]).code, 0, "a report's folder is ours still");
    let (other, again) = (place.path("other"), place.path("again"));
    assert_eq!(assay(&["report", &out, "--quiet", "--out", &other]).code, 0);
    assert_eq!(assay(&["report", &out, "--quiet", "--out", &other]).code, 0);
    fs::create_dir(&again).unwrap();
    place.write("again/thesis.tex", "mine");
    assert_eq!(assay(&["report", &out, "--quiet", "--out", &again]).code, 2);
}

#[test]
fn only_the_files_asked_for_are_kept_and_verified() {
    let place = TestFolder::new();
    let out = place.path("out");
    assert_eq!(small("run", &out, &["--only", "metrics.csv,verdicts.json"]).code, 0);
    let mut names: Vec<_> = fs::read_dir(&out).unwrap().map(|e| e.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, ["columns.json", "manifest.json", "metrics.csv", "verdicts.json"]);
    let ended = verify(&out, &place);
    assert!(ended.code == 0 && ended.out.contains("not kept"), "{ended:?}");
    assert_eq!(small("run", &out, &["--only", "thesis.tex"]).code, 2);
}

#[test]
fn verify_finds_whatever_was_changed_or_is_missing() {
    let place = TestFolder::new();
    let out = place.path("out");
    let ended = assay(&["check", FAILS, "--quiet", "--epochs", "4", "--out", &out]);
    assert_eq!(ended.code, 1, "{ended:?}");
    assert_eq!(verify(&out, &place).code, 0, "{:?}", verify(&out, &place));
    for (name, from, to) in [
        ("verdicts.json", "FAIL", "PASS"),
        ("miners.csv", "500", "501"),
        ("manifest.json", "assay check ", "assay check  "),
        ("report.html", "<body", "<body "),
        ("plots/verdicts.svg", "<svg", "<svg "),
    ] {
        let file = format!("out/{name}");
        let before = place.read(&file);
        let after = before.replacen(from, to, 1);
        assert_ne!(before, after, "{name}");
        place.write(&file, &after);
        let ended = verify(&out, &place);
        assert!(ended.code == 1 && ended.out.contains(name), "{name}: {ended:?}");
        place.write(&file, &before);
    }
    for name in ["miners.csv", "epochs.csv", "metrics.csv", "verdicts.json", "report.html"] {
        let file = format!("out/{name}");
        let before = place.read(&file);
        fs::remove_file(place.path(&file)).unwrap();
        let ended = verify(&out, &place);
        assert!(ended.code == 1 && ended.out.contains(name), "{name}: {ended:?}");
        place.write(&file, &before);
    }
    assert_eq!(verify(&out, &place).code, 0);
}

#[test]
fn a_reader_that_has_gone_changes_nothing() {
    let place = TestFolder::new();
    let (junit, out) = (place.path("junit.xml"), place.path("out"));
    let words = ["check", FAILS, "--quiet", "--epochs", "4", "--junit", &junit, "--out", &out];
    let mut child =
        command(env!("CARGO_BIN_EXE_assay"), &words).stdout(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    assert_eq!(child.wait().unwrap().code(), Some(1));
    assert_eq!(place.names(), ["junit.xml", "out"]);
    for words in [vec!["list"], vec!["schema"], vec!["--help"], vec!["explain", BASE]] {
        let mut child =
            command(env!("CARGO_BIN_EXE_assay"), &words).stdout(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        assert_eq!(child.wait().unwrap().code(), Some(0), "{words:?}");
    }
}

#[cfg(unix)]
#[test]
fn a_signal_ends_every_verb_with_130_and_leaves_nothing_half_written() {
    let place = TestFolder::new();
    let pipe = place.path("pipe");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.unwrap().success());
    let rules = "scenarios/replay/v001.toml";
    let (out, fitted) = (place.path("out"), place.path("fitted.toml"));
    for words in [
        vec!["run", "scenarios/sn11.toml", "--quiet", "--out", &out],
        vec!["replay", &pipe, "--scenario", rules, "--out", &out],
        vec!["fit", &pipe, "--out", &fitted],
        vec!["epoch", &pipe],
        vec!["rule", &pipe],
    ] {
        let mut child = command(env!("CARGO_BIN_EXE_assay"), &words).spawn().unwrap();
        std::thread::sleep(std::time::Duration::from_millis(1500));
        let number = child.id().to_string();
        let killed = std::process::Command::new("kill").args(["-INT", &number]).status();
        assert!(killed.unwrap().success());
        assert_eq!(child.wait().unwrap().code(), Some(130), "{words:?}");
        assert_eq!(place.names(), ["pipe"], "{words:?}");
    }
}

#[test]
fn threads_have_a_limit() {
    let place = TestFolder::new();
    for threads in ["1025", "1000000000"] {
        let ended = small("run", &place.path("out"), &["--threads", threads]);
        assert!(ended.code == 2 && ended.err.contains("to 1024"), "{ended:?}");
    }
    assert!(place.names().is_empty());
}

#[test]
fn a_plain_run_of_a_shipped_scenario_goes_where_git_does_not_look() {
    let ignored = fs::read_to_string(assay_testing::root().join(".gitignore")).unwrap();
    assert!(ignored.lines().any(|line| line == "/results/local/"));
    let place = TestFolder::new();
    fs::create_dir(place.path("scenarios")).unwrap();
    place.write("scenarios/small.toml", fs::read(assay_testing::root().join(BASE)).unwrap());
    let words = [&["run", "scenarios/small.toml"][..], &SHORT[..]].concat();
    let ended = command(env!("CARGO_BIN_EXE_assay"), &words).current_dir(place.folder()).output();
    assert_eq!(Ended::from(ended.unwrap()).code, 0);
    let made: Vec<_> = fs::read_dir(place.path("results")).unwrap().collect();
    assert_eq!(made.len(), 1);
    assert_eq!(made[0].as_ref().unwrap().file_name(), "local");
}

/// What the schemas of Jenkins (xunit plugin) and `JUnit` 5 allow of attributes, by element.
const ATTRIBUTES: [(&str, &[&str]); 6] = [
    ("testsuites", &["name", "time", "tests", "failures", "disabled", "errors"]),
    (
        "testsuite",
        &["name", "tests", "failures", "errors", "time", "disabled", "skipped", "timestamp", "id"],
    ),
    ("testcase", &["name", "assertions", "time", "classname", "status"]),
    ("failure", &["type", "message"]),
    ("error", &["type", "message"]),
    ("property", &["name", "value"]),
];

#[test]
fn junit_is_what_public_schemas_accept() {
    let place = TestFolder::new();
    let file = place.path("junit.xml");
    let ended = assay(&["check", "sim/tests/cases/files/10/s.toml", "--quiet", "--junit", &file]);
    let xml = place.read("junit.xml");
    assert!(!xml.contains('\u{fffe}') && !xml.contains("Some("), "{xml}");
    for tag in xml.split('<').skip(1).map(|rest| rest.split('>').next().unwrap()) {
        let name = tag.split([' ', '/', '?']).next().unwrap();
        let Some((_, allowed)) = ATTRIBUTES.iter().find(|(own, _)| *own == name) else { continue };
        let named = tag.split("=\"").map(|part| part.rsplit([' ', '\n']).next().unwrap());
        let count = tag.matches("=\"").count();
        for attribute in named.take(count) {
            assert!(allowed.contains(&attribute), "<{name} {attribute}>");
        }
        let has_time = tag.contains(" time=\"");
        assert!(has_time || !["testsuites", "testsuite", "testcase"].contains(&name), "{tag}");
    }
    // The figure is the table's.
    let estimate = xml.split("estimate ").nth(1).unwrap().split(',').next().unwrap();
    assert!(ended.out.contains(estimate), "{estimate}: {}", ended.out);
}
