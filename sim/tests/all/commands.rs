//! Every command that is printed runs exactly as printed: in a shell, from where it says, for a scenario whose path a shell would
//! cut in pieces.

use crate::common::Ended;
use assay_testing::TestFolder;
use std::fs;
use std::path::Path;
use std::process::Command;

/// Two groups of miners, and a claim that is false; a run takes milliseconds.
const WORLD: &str = "# Who is paid?
[run]
replications = 4
epochs = 12

[[client]]
name = \"client\"
arrivals.poisson = { rate_per_h = 60.0 }

[[cohort]]
name = \"fast\"
count = 3
stake_alpha = 500.0
service.lognormal = { median_ms = 3000.0, sigma = 0.1 }

[[cohort]]
name = \"-odd 'one'\"
count = 1
class = \"odd\"
service.lognormal = { median_ms = 6000.0, sigma = 0.1 }

[[property]]
id = \"odd-share\"
claim = \"The odd one is paid most.\"
kind = \"mean\"
quantity.pay_share = {}
over.classes = [\"odd\"]
relation = \"at_least\"
threshold = 0.9
margin = 0.05

[[sweep.grid]]
key = \"run.epochs\"
values = [3, 4]
";

/// Changes that a printed command may not drop.
const CHANGES: [&str; 8] =
    ["--set", "cohort.fast.class=a b", "--epochs", "9", "--replications", "5", "--seed", "3"];

/// A folder and a file in it whose names have to be quoted.
const FILE: &str = "my files/it's.toml";

fn place() -> TestFolder {
    let place = TestFolder::new();
    fs::create_dir(place.path("my files")).unwrap();
    place.write(FILE, WORLD);
    place
}

/// Calls `assay` from a folder.
fn assay(from: &Path, arguments: &[&str]) -> Ended {
    let mut command = Command::new(env!("CARGO_BIN_EXE_assay"));
    Ended::from(command.args(arguments).current_dir(from).output().unwrap())
}

/// Runs a printed command in a shell that finds `assay`, from a folder.
fn shell(from: &Path, command: &str) -> Ended {
    let binary = Path::new(env!("CARGO_BIN_EXE_assay"));
    let found = format!("PATH=\"$ASSAY_FOLDER:$PATH\"; {command}");
    let mut shell = Command::new("sh");
    let shell = shell.args(["-c", &found]).current_dir(from);
    let shell = shell.env("ASSAY_FOLDER", binary.parent().unwrap());
    Ended::from(shell.output().unwrap())
}

/// Asserts that a printed command runs; gives what it says.
fn assert_runs(from: &Path, command: &str) -> Ended {
    for option in ["--replications", "--epochs", "--seed", "--jobs"] {
        assert!(command.matches(option).count() <= 1, "{command}");
    }
    let ended = shell(from, command);
    assert_eq!(ended.code, 0, "{command}: {ended:?}");
    ended
}

/// What follows `label` in a line of a text, wherever the line is.
fn after<'t>(text: &'t str, label: &str) -> &'t str {
    let found = text.lines().find_map(|line| line.split_once(label));
    found.unwrap_or_else(|| panic!("no {label} in {text}")).1
}

/// XML and HTML text as it is read.
fn read(text: &str) -> String {
    let named = [
        ("&#x27;", "'"),
        ("&#39;", "'"),
        ("&apos;", "'"),
        ("&#x2f;", "/"),
        ("&quot;", "\""),
        ("&gt;", ">"),
    ];
    let plain = named.iter().fold(text.to_string(), |text, (name, sign)| text.replace(name, sign));
    plain.replace("&amp;", "&")
}

/// The digest of the worst replication, run by hand with the same changes.
fn digest_of(place: &TestFolder, command: &str) -> String {
    let number = after(command, "run.first_replication=").split(' ').next().unwrap();
    let (set, out) = (format!("run.first_replication={number}"), place.path("by-hand"));
    let mut words = vec!["run", FILE, "--quiet", "--out", &out];
    words.extend(CHANGES.iter().map(|word| if *word == "5" { "1" } else { word }));
    words.extend(["--set", &set]);
    assay(place.folder(), &words).line("digest")
}

#[test]
fn what_check_prints_runs_from_where_it_was_called() {
    let (place, elsewhere) = (place(), TestFolder::new());
    let (file, junit) = (place.path(FILE), place.path("junit.xml"));
    // Called with a relative path from one folder, with an absolute one from another.
    for (from, given) in [(place.folder(), FILE), (elsewhere.folder(), file.as_str())] {
        let words = [&["check", given, "--quiet", "--junit", &junit][..], &CHANGES].concat();
        let checked = assay(from, &words);
        assert_eq!(checked.code, 1, "{checked:?}");
        let json = assay(from, &[&words[..], &["--json"]].concat());
        let json: serde_json::Value = serde_json::from_str(&json.out).unwrap();
        let verdicts = json[0]["verdicts"].as_array().unwrap();
        let worst = verdicts.iter().find_map(|verdict| verdict["worst_command"].as_str()).unwrap();
        let told = after(&checked.out, "worst: ").to_string();
        assert_eq!(worst, told);
        assert!(read(&place.read("junit.xml")).contains(&format!("worst: {told}")));
        let digest = assert_runs(from, &told).line("digest");
        assert_eq!(digest, digest_of(&place, &told), "{told}");
        assert!(from.join("worst.csv").is_file());
    }
}

#[test]
fn what_a_page_prints_runs_where_its_scenario_lies() {
    let (place, elsewhere) = (place(), TestFolder::new());
    let (file, out) = (place.path(FILE), place.path("out"));
    // An absolute path does not go into a page; its commands run where the file is.
    let beside = place.folder().join("my files");
    for (from, given, there) in [
        (place.folder(), FILE, place.folder()),
        (elsewhere.folder(), file.as_str(), beside.as_path()),
    ] {
        let words = [&["check", given, "--quiet", "--out", &out][..], &CHANGES].concat();
        assert_eq!(assay(from, &words).code, 1);
        let page = read(&place.read("out/report.html"));
        assert!(!page.contains(place.folder().to_str().unwrap()), "a path of this machine");
        let command = after(&page, "the worst run again: <code>").split("</code>").next().unwrap();
        assert_eq!(assert_runs(there, command).line("digest"), digest_of(&place, command));
        let manifest = place.read("out/manifest.json");
        let manifest: serde_json::Value = serde_json::from_str(&manifest).unwrap();
        let made = manifest["command"].as_str().unwrap();
        let again = shell(there, &format!("{made} --quiet --out again"));
        assert_eq!(again.code, 1, "{made}: {again:?}");
        assert_eq!(
            fs::read(there.join("again/verdicts.json")).unwrap(),
            fs::read(place.path("out/verdicts.json")).unwrap()
        );
    }
}

#[test]
fn what_run_compare_explain_init_and_sweep_print_runs() {
    let place = place();
    let from = place.folder();
    let ended =
        assay(from, &[&["run", FILE, "--quiet", "--out", "my results"][..], &CHANGES].concat());
    let mut lines = ended.out.lines().skip_while(|line| !line.starts_with("next"));
    let first = lines.next().unwrap().trim_start_matches("next").trim().to_string();
    let second = lines.next().unwrap().trim().to_string();
    assert!(first.contains("--miner='") || first.contains("'--miner="), "{first}");
    let miner = assert_runs(from, &first);
    assert_runs(from, &format!("{} --quiet", miner.line("again")));
    let words = assert_runs(from, &second);
    assert_runs(from, words.out.lines().last().unwrap().split(": ").nth(1).unwrap());
    let compared = [
        "compare",
        FILE,
        "--quiet",
        "--set",
        "cohort.fast.stake_alpha=10",
        "--both",
        "cohort.fast.class=a b",
    ];
    let ended = assay(from, &[&compared[..], &CHANGES[2..]].concat());
    let again = assert_runs(from, &format!("{} --quiet", ended.line("again")));
    assert_eq!(again.out, ended.out);
    place.write("my files/other.toml", WORLD.replace("500.0", "50.0"));
    let ended =
        assay(from, &[&["compare", FILE, "my files/other.toml", "--quiet"][..], &CHANGES].concat());
    assert_eq!(assert_runs(from, &format!("{} --quiet", ended.line("again"))).out, ended.out);
    let ended = assay(from, &["init", "my files/-new one.toml"]);
    assert_runs(from, &format!("{} --quiet --epochs 2", after(&ended.out, "next: ")));
    let ended = assay(from, &["sweep", FILE, "--quiet", "--out", "swept", "--replications", "8"]);
    assert_eq!(ended.code, 1, "{ended:?}");
    let made: serde_json::Value = serde_json::from_str(&place.read("swept/manifest.json")).unwrap();
    assert_eq!(shell(from, &format!("{} --quiet", made["command"].as_str().unwrap())).code, 1);
}

#[test]
fn what_replay_and_validate_keep_and_fit_prints_runs_beside_the_trace() {
    let place = place();
    let from = place.folder();
    let jobs = ["run", FILE, "--quiet", "--out", "r", "--jobs", "my jobs.csv", "--epochs", "60"];
    assert_eq!(assay(from, &jobs).code, 0);
    let replayed =
        ["replay", "my jobs.csv", "--scenario", FILE, "--set", "chain.tempo = 361", "--out", "p"];
    assert_eq!(assay(from, &replayed).code, 0, "{:?}", assay(from, &replayed));
    let made: serde_json::Value = serde_json::from_str(&place.read("p/manifest.json")).unwrap();
    assert_runs(from, made["command"].as_str().unwrap());
    let ended = assay(from, &["fit", "my jobs.csv", "--out", "my fit.toml", "--quiet"]);
    assert_eq!(ended.code, 0, "{ended:?}");
    let next = after(&ended.out, "next: ");
    let again = shell(from, &format!("{next} --help"));
    assert_eq!(again.code, 0, "{next}: {again:?}");
    assert!(next.contains("'my jobs.csv'") && next.contains("'my fit.toml'"), "{next}");
    let text = place.read("my fit.toml");
    let command = after(&text, "assay fit ");
    let command = command.split('`').next().unwrap();
    assert_runs(from, &format!("assay fit {command} --quiet"));
}
