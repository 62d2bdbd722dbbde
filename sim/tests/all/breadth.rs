//! What a researcher asks for beyond the published rules: schedules, kinds of job, costs, dead miners, versions.

use crate::common::assay;
use assay_testing::TestFolder;
use assay_testing::TextTable;

const BASE: &str = "
[run]
replications = 1
epochs = 6

[[client]]
name = \"client\"
arrivals.closed_loop = { think_ms = 20000.0 }

[[cohort]]
name = \"a\"
count = 3
stake_alpha = 500.0
service.constant = { value_ms = 3000.0 }

[[cohort]]
name = \"b\"
count = 3
stake_alpha = 500.0
service.constant = { value_ms = 5000.0 }
";

/// A run of `text`: exit code, its digest line, standard error, and a reader of its tables.
struct RunOutput {
    code: i32,
    digest: String,
    err: String,
    place: TestFolder,
}

fn run(text: &str, more: &[&str]) -> RunOutput {
    let place = TestFolder::new();
    let (file, out, jobs) =
        (place.write("s.toml", text), place.path("out"), place.path("jobs.csv"));
    let mut arguments = vec!["run", &file, "--out", &out, "--jobs", &jobs, "--quiet"];
    arguments.extend(more);
    let ended = assay(&arguments);
    let digest = ended.out.lines().find(|line| line.starts_with("digest"));
    RunOutput {
        code: ended.code,
        digest: digest.unwrap_or_default().to_string(),
        err: ended.err,
        place,
    }
}

impl RunOutput {
    /// Columns of a table, as text.
    fn table(&self, file: &str, columns: &[&str]) -> Vec<Vec<String>> {
        TextTable::read(self.place.path(file)).columns(columns)
    }
}

const HOUR_NS: f64 = 3.6e12;

#[test]
fn a_behaviour_changes_at_its_hour_and_for_its_operator_alone() {
    let text = format!(
        "{BASE}\n[[schedule]]\nat_hour = 3.0\nset = [\"operator.a.behaviour.no_image = {{}}\"]\n"
    );
    let ran = run(&text, &[]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let mut seen = [0, 0];
    for row in ran.table("jobs.csv", &["miner", "created_ns", "useful_steps"]) {
        let created: f64 = row[1].parse().unwrap();
        let (is_a, late) = (row[0].starts_with('a'), created >= 3.0 * HOUR_NS);
        let useful = row[2] != "0";
        if is_a {
            seen[usize::from(late)] += 1;
        }
        // The very last jobs are open when the run ends.
        if created < 7.0 * HOUR_NS {
            assert_eq!(useful, !(is_a && late), "{row:?}");
        }
    }
    assert!(seen[0] > 20 && seen[1] > 20, "{seen:?}");
}

#[test]
fn a_change_that_changes_nothing_leaves_the_digest() {
    let same = "\n[[schedule]]\nat_epoch = 2\nset = [\"cohort.a.stake_alpha = 500.0\"]\n";
    let plain = run(BASE, &[]);
    assert_eq!(run(&format!("{BASE}{same}"), &[]).digest, plain.digest);
    let other = same.replace("500.0", "50.0");
    assert_ne!(run(&format!("{BASE}{other}"), &[]).digest, plain.digest);
}

#[test]
fn stake_router_and_weights_may_change_and_names_may_not() {
    let change =
        |set: &str| run(&format!("{BASE}\n[[schedule]]\nat_epoch = 3\nset = [{set}]\n"), &[]);
    for set in [
        "\"router.uniform = {}\"",
        "\"validators.weighting.win_rate.burn.fixed = 1.0\"",
        "\"client.client.arrivals.poisson.rate_per_h = 600.0\"",
        "\"cohort.b.concurrency = 4\"",
        "\"cohort.b.service.constant.value_ms = 100.0\"",
        "\"orchestrator.version = 'head'\"",
    ] {
        let ran = change(set);
        assert_eq!(ran.code, 0, "{set}: {}", ran.err);
    }
    for (set, word) in [
        ("\"cohort.b.count = 4\"", "names"),
        ("\"run.epochs = 9\"", "run"),
        ("\"chain.tempo = 100\"", "tempo"),
        ("\"operator.nobody.stake_alpha = 1.0\"", "nobody"),
        ("\"cohort.b.stake_alpha = -1.0\"", "stake_alpha"),
        ("\"no.such.key = 1\"", "no"),
    ] {
        let ran = change(set);
        assert_eq!(ran.code, 2, "{set}: {}", ran.err);
        assert!(ran.err.contains("schedule.0") && ran.err.contains(word), "{set}: {}", ran.err);
    }
    let both = run(&format!("{BASE}\n[[schedule]]\nat_epoch = 1\nat_hour = 1.0\nset = []\n"), &[]);
    assert_eq!(both.code, 2);
    let none = run(&format!("{BASE}\n[[schedule]]\nset = []\n"), &[]);
    assert_eq!(none.code, 2);
}

/// Six epochs of 1.2 h at 2 alpha an hour and 5 alpha once: 19.4 alpha.
#[test]
fn taking_part_costs_by_the_hour_and_once() {
    let text = BASE.replacen(
        "service",
        "cost_alpha_per_h = 2.0\ncost_alpha_per_identity = 5.0\nservice",
        1,
    );
    let ran = run(&text, &[]);
    for row in ran.table("out/miners.csv", &["class", "cost_rao", "pay_rao", "net_pay_rao"]) {
        let cost: i64 = row[1].parse().unwrap();
        assert_eq!(cost, if row[0] == "a" { 19_400_000_000 } else { 0 });
        let net = row[2].parse::<i64>().unwrap() - cost;
        assert_eq!(net, row[3].parse::<i64>().unwrap());
    }
}

/// A price that doubles at the fourth of six epochs: 3 x 1.2 h x 2 + 3 x 1.2 h x 4 = 21.6 alpha.
#[test]
fn a_cost_that_changes_counts_from_there_on() {
    let text = BASE.replacen("service", "cost_alpha_per_h = 2.0\nservice", 1)
        + "\n[[schedule]]\nat_epoch = 3\nset = [\"cohort.a.cost_alpha_per_h = 4.0\"]\n";
    let ran = run(&text, &[]);
    let rows = ran.table("out/miners.csv", &["class", "cost_rao"]);
    assert!(rows.iter().all(|row| row[1] == if row[0] == "a" { "21600000000" } else { "0" }));
}

#[test]
fn a_miner_that_is_down_refuses_and_only_the_first_versions_forget_it() {
    let text = BASE.replacen("stake_alpha", "until_h = 2.0\nstake_alpha", 1);
    let failures_late = |version: &str| {
        let ran = run(&text, &["--set", &format!("orchestrator.version={version}")]);
        assert_eq!(ran.code, 0, "{}", ran.err);
        let rows = ran.table("jobs.csv", &["miner", "created_ns", "status"]);
        let down = rows.iter().filter(|row| {
            let created: f64 = row[1].parse().unwrap();
            row[0].starts_with('a') && created >= 2.0 * HOUR_NS
        });
        let down: Vec<_> = down.collect();
        assert!(down.iter().all(|row| row[2] == "failed"), "{version}: {down:?}");
        down.len()
    };
    let (first, newest) = (failures_late("v001"), failures_late("head"));
    assert!(newest > 10 * first.max(1), "{first} under v001, {newest} under head");
}

#[test]
fn a_kind_has_its_own_law_and_goes_only_to_those_who_offer_it() {
    let kinds = "
[[kind]]
name = \"base\"
job_type = \"base-h100_pcie\"

[[kind]]
name = \"edit\"
job_type = \"img-h100_pcie\"
";
    let offer = "offer = [{ kind = \"base\" }, { kind = \"edit\", service.constant = { value_ms = 9000.0 } }]\n";
    let text = format!("{kinds}{}", BASE.replacen("service", &format!("{offer}service"), 1))
        .replace("count = 3\nstake_alpha = 500.0\nservice.constant = { value_ms = 5000.0 }", "count = 3\nstake_alpha = 500.0\noffer = [{ kind = \"base\" }]\nservice.constant = { value_ms = 5000.0 }");
    let ran = run(&text, &["--set", "router.head={}", "--set", "orchestrator.version=head"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let rows = ran.table("jobs.csv", &["miner", "kind", "service_ns"]);
    let seconds = |miner: &str, kind: &str| {
        let own = rows.iter().filter(|row| row[0].starts_with(miner) && row[1].contains(kind));
        own.map(|row| row[2].parse::<f64>().unwrap() / 1e9)
            .fold((0, 0.0_f64), |(n, longest), s| (n + 1, longest.max(s)))
    };
    assert_eq!(seconds("b", "img").0 + seconds("b", "edit").0, 0);
    let edits = (
        seconds("a", "edit").0 + seconds("a", "img").0,
        seconds("a", "edit").1.max(seconds("a", "img").1),
    );
    assert!(edits.0 > 50, "{edits:?}");
    assert!((edits.1 - 9.0).abs() < 1e-9, "{edits:?}");
    assert!((seconds("a", "base").1 - 3.0).abs() < 1e-9);
    let unknown = text.replace("kind = \"edit\", service", "kind = \"edits\", service");
    let refused = run(&unknown, &[]);
    assert!(refused.code == 2 && refused.err.contains("edits is no kind"), "{}", refused.err);
}

/// Under burn 1 nobody is paid: metrics of pay are empty cells with a reason.
#[test]
fn under_full_burn_metrics_of_pay_have_no_value_and_say_why() {
    let ran = run(BASE, &["--set", "validators.weighting.win_rate.burn.fixed=1.0"]);
    let rows = ran.table("out/metrics.csv", &["metric", "grouping", "mean", "undefined", "reason"]);
    let gini = rows.iter().find(|row| row[0] == "gini_pay_by_miner" && row[1] == "whole").unwrap();
    assert_eq!((gini[2].as_str(), gini[3].as_str()), ("", "1"));
    assert!(gini[4].contains("no pay"), "{gini:?}");
    let burned = rows.iter().find(|row| row[0].starts_with("burned_share")).unwrap();
    assert_eq!(burned[2], "1");
}

#[test]
fn pay_of_operators_and_latency_of_classes_are_told_over_time() {
    let sellers = BASE.replace("name = \"b\"", "name = \"b\"\noperator = \"owner of b\"");
    let ran = run(
        &format!(
            "{sellers}\n[[schedule]]\nat_epoch = 3\nset = [\"cohort.b.service.constant.value_ms = 9000.0\"]\n"
        ),
        &[],
    );
    assert_eq!(ran.code, 0, "{}", ran.err);
    let number = |text: &String| text.parse::<f64>().unwrap();
    let columns = ["operator_pay_share.a_mean", "operator_pay_share.owner of b_mean"];
    let shares = ran.table("out/epochs.csv", &columns);
    let classes = ran.table("out/epochs.csv", &["pay_share.a_mean", "pay_share.b_mean"]);
    let paid = shares.iter().filter(|row| !row[0].is_empty());
    assert!(paid.clone().count() >= 3);
    assert!(paid.clone().all(|row| (number(&row[0]) + number(&row[1]) - 1.0).abs() < 1e-9));
    assert_eq!(shares, classes, "each operator runs one class here");
    let latency = ran.table("out/epochs.csv", &["latency_ms.a_mean", "latency_ms.b_mean"]);
    // Without a polling grid or an ack, the service time is the latency.
    let is = |text: &String, ms: f64| (number(text) - ms).abs() < 1e-9;
    assert!(latency.iter().all(|row| is(&row[0], 3000.0)), "{latency:?}");
    assert!(latency[..3].iter().all(|row| is(&row[1], 5000.0)), "{latency:?}");
    assert!(latency[4..].iter().all(|row| is(&row[1], 9000.0)), "{latency:?}");
}

/// The subnet has been at work before the run begins: its orchestrator has seen who is there.
#[test]
fn who_asks_at_the_start_finds_the_miners_that_are_there() {
    let text = "[run]\nreplications = 1\nepochs = 1\n\n\
        [[client]]\nname = \"loop\"\narrivals.closed_loop = { think_ms = 1000.0 }\n\n\
        [[cohort]]\nname = \"m\"\ncount = 1\nservice.constant = { value_ms = 100.0 }\n";
    let place = TestFolder::new();
    let (file, jobs, out) = (place.write("w.toml", text), place.path("j.csv"), place.path("out"));
    let ended = assay(&["run", &file, "--quiet", "--out", &out, "--jobs", &jobs]);
    assert_eq!(ended.code, 0, "{ended:?}");
    let first = TextTable::read(&jobs).rows().next().unwrap().number("created_at_ms");
    assert!(first < 1.0, "the first job was created at {first} ms");
}
