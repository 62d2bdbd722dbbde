//! `check`, `compare` and `sweep` as CI and people call them.

use crate::common::assay;
use assay_testing::TableRow;
use assay_testing::TestFolder;
use assay_testing::TextTable;
use std::fs;

/// Two groups of five miners, one twice as fast; a run takes milliseconds.
const WORLD: &str = "# Who is paid?
[run]
replications = 4
epochs = 12
warm_up_epochs = 2

[[client]]
name = \"client\"
arrivals.closed_loop = { think_ms = 10000.0 }

[[cohort]]
name = \"fast\"
count = 5
stake_alpha = 500.0
service.lognormal = { median_ms = 3000.0, sigma = 0.1 }

[[cohort]]
name = \"slow\"
count = 5
stake_alpha = 500.0
service.lognormal = { median_ms = 6000.0, sigma = 0.1 }
";

/// A claim on the fast group's pay share; `more` overrides or adds keys.
fn property(threshold: f64, margin: f64, more: &str) -> String {
    format!(
        "{WORLD}\n[[property]]\nid = \"fast-share\"\nclaim = \"The fast are paid more.\"\nkind = \"mean\"\n\
         quantity.pay_share = {{}}\nover.classes = [\"fast\"]\nrelation = \"at_least\"\nthreshold = {threshold}\n\
         margin = {margin}\n{more}\n"
    )
}

struct JudgedFile {
    code: i32,
    out: String,
    err: String,
    place: TestFolder,
}

fn judge(text: &str, more: &[&str]) -> JudgedFile {
    let place = TestFolder::new();
    let file = place.write("world.toml", text);
    let mut arguments = vec!["check", &file, "--quiet"];
    arguments.extend(more);
    let ended = assay(&arguments);
    JudgedFile { code: ended.code, out: ended.out, err: ended.err, place }
}

#[test]
fn the_exit_code_says_whether_verdicts_are_as_expected() {
    let passes = judge(&property(0.4, 0.05, ""), &[]);
    assert_eq!(passes.code, 0, "{}", passes.out);
    let fails = judge(&property(0.9, 0.05, ""), &[]);
    assert_eq!(fails.code, 1, "{}", fails.out);
    let worst = format!(
        "worst: assay run {} --replications 1 --set run.first",
        fails.place.path("world.toml")
    );
    assert!(fails.out.contains(&worst), "{}", fails.out);
    let expected = "expect = \"fail\"\nbecause = \"half of the pot is theirs\"";
    assert_eq!(judge(&property(0.9, 0.05, expected), &[]).code, 0);
    let surprise = judge(&property(0.4, 0.05, expected), &[]);
    assert!(surprise.code == 1 && surprise.out.contains("surprise"), "{}", surprise.out);
    let undecided = judge(&property(0.4, 0.05, "max_replications = 7"), &[]);
    assert!(undecided.code == 3 && undecided.out.contains("UNDECIDED"), "{}", undecided.out);
}

#[test]
fn a_verdict_does_not_depend_on_threads_and_follows_the_seed() {
    let text = property(0.4, 0.05, "");
    let verdicts = |more: &[&str]| judge(&text, &[&["--json"], more].concat()).out;
    let one = verdicts(&["--threads", "1"]);
    assert_eq!(one, verdicts(&["--threads", "4"]));
    assert_ne!(one, verdicts(&["--seed-from", "12"]));
    assert_eq!(verdicts(&["--seed", "12"]), verdicts(&["--seed-from", "12"]));
}

#[test]
fn the_worst_replication_can_be_run_by_itself() {
    let fails = judge(&property(0.9, 0.05, ""), &["--json"]);
    let suites: serde_json::Value = serde_json::from_str(&fails.out).unwrap();
    let verdicts = suites[0]["verdicts"].as_array().unwrap();
    let failed = verdicts.iter().find(|v| v["id"] == "fast-share").unwrap();
    let command = failed["worst_command"].as_str().unwrap();
    let words: Vec<&str> = command.split(' ').skip(1).collect();
    let [file, jobs, out] = ["world.toml", "worst.csv", "out"].map(|name| fails.place.path(name));
    let words = words.iter().map(|word| match *word {
        "world.toml" => file.as_str(),
        "worst.csv" => jobs.as_str(),
        other => other,
    });
    let mut words: Vec<&str> = words.collect();
    words.extend(["--out", &out, "--quiet"]);
    assert_eq!(assay(&words).code, 0);
    assert!(fs::read_to_string(jobs).unwrap().lines().count() > 100);
    let rows = fails.place.read("out/miners.csv");
    let number = failed["worst_replication"].as_u64().unwrap().to_string();
    assert!(rows.lines().nth(1).unwrap().starts_with(&format!("{number},")), "{rows}");
}

#[test]
fn junit_has_a_suite_a_scenario_and_a_case_a_property() {
    let place = TestFolder::new();
    let fails = judge(&property(0.9, 0.05, ""), &["--junit", &place.path("junit.xml")]);
    assert_eq!(fails.code, 1);
    let xml = place.read("junit.xml");
    for part in [
        "<testsuite name=\"world\" tests=\"6\"",
        "failures=\"1\"",
        "name=\"fast-share\"",
        "worst: assay run",
        "estimate 0.5650, &lt;= 0.8",
        "claimed &gt;= 0.9, margin 0.05",
        "FAIL refuted",
    ] {
        assert!(xml.contains(part), "{part}: {xml}");
    }
    assert!(!xml.contains("Some("), "{xml}");
}

#[test]
fn several_scenarios_are_judged_and_the_worst_counts() {
    let good = judge(&property(0.4, 0.05, ""), &[]);
    let other = good.place.write("other.toml", property(0.9, 0.05, ""));
    let file = good.place.path("world.toml");
    let both = assay(&["check", &file, &other, "--quiet"]);
    assert_eq!(both.code, 1);
    assert!(both.out.contains("world\n") && both.out.contains("other\n"), "{}", both.out);
    let missing = assay(&["check", &file, "no-such.toml", "--quiet"]);
    assert!(missing.code == 2 && missing.out.is_empty(), "{missing:?}");
}

#[test]
fn quantities_may_be_taken_epoch_by_epoch() {
    for reduce in ["mean", "min", "max", "last"] {
        let judged = judge(&property(0.4, 0.39, &format!("reduce = \"{reduce}\"")), &["--json"]);
        assert_eq!(judged.code, 0, "{reduce}: {}", judged.out);
    }
    let share = "reduce = \"share_of_epochs\"\nepoch_event = { at_least = 0.2 }";
    assert_eq!(judge(&property(0.4, 0.05, share), &[]).code, 0);
    let estimate = |more: &str| {
        let close = property(0.4, 0.39, more).replace("median_ms = 6000.0", "median_ms = 3300.0");
        let judged = judge(&close, &["--json", "--replications", "16"]);
        let suites: serde_json::Value = serde_json::from_str(&judged.out).unwrap();
        let all = suites[0]["verdicts"].as_array().unwrap().clone();
        all.iter().find(|v| v["id"] == "fast-share").unwrap()["estimate"].as_f64().unwrap()
    };
    let (least, mean, most) =
        (estimate("reduce = \"min\""), estimate("reduce = \"mean\""), estimate("reduce = \"max\""));
    assert!(least < mean && mean < most, "{least} {mean} {most}");
}

#[test]
fn bad_properties_are_refused_with_place_and_remedy() {
    let good = property(0.4, 0.05, "");
    let variant = |v: &str| {
        good.replace("kind = \"mean\"", &format!("kind = \"comparison\"\n{v}"))
            .replace("threshold = 0.4", "threshold = 0.0")
    };
    for (text, words) in [
        (good.replace("pay_share = {}", "luck = {}"), "property"),
        (good.replace("margin = 0.05", ""), "margin"),
        (good.clone() + "alpha = 0.0\n", "alpha"),
        (good.replace("over.classes = [\"fast\"]", "over.classes = [\"nobody\"]"), "nobody"),
        (good.replace("quantity.pay_share = {}", "quantity.starvation = {}"), "finite range"),
        (good.clone() + "max_replications = 3\n", "no data whatever can PASS sooner"),
        (good.clone() + "contrast = \"relative_difference\"\n", "only with a variant"),
        (good.clone() + "method = \"asymptotic\"\n", "above 50 margins"),
        (variant("variant.set = []"), "variant"),
        (variant("variant.set = [\"run.epochs = 12\"]"), "itself"),
        (variant("variant.set = [\"run.seed = 3\"]"), "same seeds"),
        (variant("variant.set = [\"no.such = 1\"]"), "no.such"),
        (variant("variant.file = \"missing.toml\""), "missing.toml"),
        (good.clone() + "expect = \"fail\"\n", "because"),
    ] {
        let judged = judge(&text, &[]);
        assert_eq!(judged.code, 2, "{words}: {}", judged.out);
        assert!(judged.err.contains(words) && judged.out.is_empty(), "{words}: {}", judged.err);
    }
}

#[test]
fn a_comparison_prints_what_the_pairing_gained() {
    let text = property(0.0, 0.05, "variant.set = [\"cohort.slow.speed.factor = 2.0\"]")
        .replace("kind = \"mean\"", "kind = \"comparison\"")
        .replace("at_least", "at_most")
        .replace("median_ms = 6000.0", "median_ms = 3300.0");
    let judged = judge(&text, &[]);
    assert_eq!(judged.code, 0, "{}{}", judged.out, judged.err);
    assert!(judged.out.contains("pairs correlate at"), "{}", judged.out);
}

#[test]
fn compare_shows_every_metric_class_operator_and_miner() {
    let place = TestFolder::new();
    let file = &place.write("world.toml", WORLD);
    let faster = "cohort.slow.speed.factor=4";
    let ended = assay(&["compare", file, "--set", faster, "--out", &place.path("out"), "--quiet"]);
    assert_eq!(ended.code, 0, "{ended:?}");
    for words in ["gains most", "loses most", "gini_pay_by_miner", "95 % interval"] {
        assert!(ended.out.contains(words), "{words}: {}", ended.out);
    }
    let table = TextTable::read(place.path("out/compare.csv"));
    let of = |group: &str, name: &str| {
        let is = |row: &TableRow<'_>| row.text("group") == group && row.text("name") == name;
        let row = table.rows().find(is).unwrap();
        ["before", "after", "difference", "low", "high"].map(|column| row.number(column))
    };
    let [before, after, difference, low, high] = of("class", "slow");
    assert!(before < 0.5 && after > 0.5, "{before} {after}");
    assert!((after - before - difference).abs() < 1e-9 && low < difference && difference < high);
    let total: f64 = (0..5).map(|i| of("miner", &format!("slow-{i}"))[1]).sum();
    assert!((total - after).abs() < 1e-9, "{total} {after}");
    let itself = assay(&["compare", file, file, "--quiet"]);
    assert!(itself.code == 2 && itself.err.contains("itself"), "{itself:?}");
    let nothing = assay(&["compare", file, "--quiet"]);
    assert_eq!(nothing.code, 2);
    let other = assay(&[
        "compare",
        file,
        "scenarios/silence.toml",
        "--epochs",
        "6",
        "--replications",
        "2",
        "--quiet",
    ]);
    assert_eq!(other.code, 0, "{other:?}");
    assert!(other.out.contains("honest") && other.out.contains("fast"), "{}", other.out);
}

#[test]
fn sweep_has_a_row_a_cell_with_metrics_and_verdicts() {
    let place = TestFolder::new();
    let sweep = "
[sweep]
grid = [
  { key = \"router.v001.cap_alpha\", values = [100, 500.0] },
  { key = \"cohort.slow.speed.factor\", values = [1.0, 2.0, 4.0] },
]
list = [{ name = \"uniform\", set = [\"router.uniform = {}\"] }]
";
    let world = property(0.52, 0.05, "max_replications = 64");
    let file = &place.write("world.toml", world + sweep);
    let ended = assay(&["sweep", file, "--out", &place.path("out"), "--quiet"]);
    assert_eq!(ended.code, 1, "the fast do not keep their lead: {ended:?}");
    let table = TextTable::read(place.path("out/sweep.csv"));
    let rows: Vec<TableRow<'_>> = table.rows().collect();
    assert_eq!(rows.len(), 7);
    let verdict = |row: usize| rows[row].text("fast-share");
    assert_eq!((verdict(0), verdict(2)), ("PASS", "FAIL"));
    assert_eq!(rows[2].text("cohort.slow.speed.factor"), "4.0");
    assert_eq!(rows[6].text("cell"), "uniform");
    assert!(rows.iter().all(|row| !row.text("gini_pay_by_miner").is_empty()));
    for (wrong, words) in [
        (sweep.replace("router.v001.cap_alpha", "router.v001.cap"), "cap"),
        (sweep.replace("[100, 500.0]", "[]"), "at least 1"),
        (String::new(), "no [sweep]"),
    ] {
        place.write("world.toml", format!("{WORLD}{wrong}"));
        let refused = assay(&["sweep", file, "--quiet"]);
        assert!(refused.code == 2 && refused.err.contains(words), "{words}: {refused:?}");
    }
}
