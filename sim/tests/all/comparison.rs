//! `compare`, and what `run` says beside its figures: names, titles, commands that do it again, unfinished requests.

use crate::common::assay;
use assay_testing::TableRow;
use assay_testing::TestFolder;
use assay_testing::TextTable;

/// Two groups of five miners, one twice as fast; a run takes milliseconds.
const WORLD: &str = "# Who is paid?
[run]
replications = 8
epochs = 60
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
name = \"slow one\"
count = 5
stake_alpha = 500.0
service.lognormal = { median_ms = 6000.0, sigma = 0.1 }
";
const FASTER: &str = "cohort.slow one.speed.factor = 4";

/// The words of a printed command after the program; a word in quotes is one.
fn words(command: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut is_quoted = false;
    for c in command.trim().chars() {
        match c {
            '\'' => is_quoted = !is_quoted,
            ' ' if !is_quoted => words.push(String::new()),
            c => words.last_mut().unwrap().push(c),
        }
    }
    assert_eq!(words.remove(0), "assay", "{command}");
    words
}

/// What stands behind `label` in the output.
fn said(out: &str, label: &str) -> String {
    let line = out.lines().find_map(|line| line.strip_prefix(label));
    line.unwrap_or_else(|| panic!("no {label}: {out}")).trim().to_string()
}

fn ended(words: &[String]) -> assay_testing::Ended {
    assay(&words.iter().map(String::as_str).collect::<Vec<_>>())
}

#[test]
fn a_printed_comparison_is_the_same_again() {
    let place = TestFolder::new();
    let file = &place.write("my world.toml", WORLD);
    for more in [
        vec!["--epochs", "9", "--set", FASTER],
        vec!["--seed", "5", "--both", "run.epochs = 9", "--set", "run.warm_up_epochs = 1"],
    ] {
        let mut first = vec!["compare", file.as_str(), "--quiet"];
        first.extend(more);
        let once = assay(&first);
        assert_eq!(once.code, 0, "{once:?}");
        let again = said(&once.out, "again");
        let mut words = words(&again);
        assert_eq!(words[1], *file, "as it was given: {again}");
        words.push("--quiet".to_string());
        let twice = ended(&words);
        assert_eq!((twice.code, &twice.out), (0, &once.out), "{again}: {}", twice.err);
    }
}

#[test]
fn what_changed_stands_first_and_the_answer_within_ten_rows() {
    let place = TestFolder::new();
    let file = &place.write("world.toml", WORLD);
    let other = WORLD.replace("6000.0", "1500.0").replace("epochs = 60", "epochs = 20");
    let second =
        &place.write("other.toml", other.replace("think_ms = 10000.0", "think_ms = 9000.0"));
    let ended = assay(&["compare", file, second, "--quiet", "--out", &place.path("out")]);
    assert_eq!(ended.code, 0, "{ended:?}");
    let first = ended.out.lines().next().unwrap();
    assert!(first.starts_with("What changes with ") && first.contains("\u{2192}"), "{first}");
    let row = ended.out.lines().position(|line| line.starts_with("Miners that gain")).unwrap();
    assert!(row <= 10, "{row} rows before the answer");
    assert!(ended.out.contains("think_ms: 10000.0 \u{2192} 9000.0"), "{}", ended.out);
    let page = place.read("out/report.html");
    assert!(page.contains("<h1>What changes with "), "the page's title");
    let header = ended.out.lines().find(|line| line.contains("variance ratio")).unwrap();
    assert!(!header.contains("gained"), "{header}");
    let manifest = place.read("out/manifest.json");
    assert!(manifest.contains("\"compared\"") && manifest.contains("\"second\": \"other\""));
}

#[test]
fn names_need_six_pairs_and_say_so_below() {
    let place = TestFolder::new();
    let file = &place.write("world.toml", WORLD);
    let with = |pairs: &str| {
        assay(&[
            "compare",
            file,
            "--set",
            FASTER,
            "--replications",
            pairs,
            "--epochs",
            "9",
            "--quiet",
        ])
    };
    let (few, enough) = (with("5"), with("6"));
    assert!(few.out.contains("Nobody can be named: 5 pairs were run"), "{}", few.out);
    for words in [
        "Miners that gain a share of the pay: slow one-",
        "Miners that lose a share of the pay: fast-",
        "The same in every pair, so exact: class",
    ] {
        assert!(enough.out.contains(words), "{words}: {}", enough.out);
    }
}

#[test]
fn a_comparison_with_a_larger_world_says_what_has_no_spread() {
    let place = TestFolder::new();
    let file = &place.write("world.toml", WORLD);
    let out = place.path("out");
    let ended =
        assay(&["compare", file, "--set", FASTER, "--epochs", "9", "--quiet", "--out", &out]);
    assert_eq!(ended.code, 0, "{ended:?}");
    let table = TextTable::read(place.path("out/compare.csv"));
    let of = |group: &str, name: &str| -> TableRow<'_> {
        let is = |row: &TableRow<'_>| row.text("group") == group && row.text("name") == name;
        table.rows().find(is).unwrap_or_else(|| panic!("no {group} {name}"))
    };
    let miner = of("miner", "slow one-1");
    assert_eq!(miner.text("named"), "gains");
    assert!(miner.number("p") <= 0.05 && miner.number("low") > 0.0);
    // Ranks decide the pay, and the two groups change places: their shares change by the same amount in every pair.
    let class = of("class", "slow one");
    assert!(class.text("note").contains("exact") && class.text("named").is_empty(), "{class:?}");
    assert!(of("operator", "slow one").text("note").contains("repeated"), "the class again");
    assert!(of("metric", "burned_share").text("note").contains("exact"));
    assert_eq!(of("metric", "burned_share").text("p"), "");
}

/// A run of an overloaded server: load 1.5 over three epochs.
fn overloaded(place: &TestFolder) -> TextTable {
    let out = place.path("out");
    let rate = "client.crowd.arrivals.poisson.rate_per_h=2700";
    let run = assay(&[
        "run",
        "scenarios/theory/mm1.toml",
        "--quiet",
        "--out",
        &out,
        "--epochs",
        "3",
        "--set",
        rate,
        "--set",
        "run.warm_up_epochs=0",
    ]);
    assert_eq!(run.code, 0, "{run:?}");
    TextTable::read(place.path("out/metrics.csv"))
}

/// The fluid limit of theory.md 3.2 at load 1.5: the median over successes is T/6, Kaplan and Meier's .2155 T, the truth T/4.
/// Twenty replications; the median of each has a deviation of about 2 %, the mean of .5 %: 3 % is six of them.
#[test]
fn unfinished_requests_are_held_between_bounds_under_overload() {
    let place = TestFolder::new();
    let table = overloaded(&place);
    let of = |metric: &str| {
        let is =
            |row: &TableRow<'_>| row.text("metric") == metric && row.text("grouping") == "whole";
        table.rows().find(is).unwrap().number("mean")
    };
    // Three epochs of 72 minutes end with the third; the first begins at the run's beginning.
    let window = 3.0 * 72.0 * 60_000.0;
    let part = |metric: &str| of(metric) / window;
    let near =
        |found: f64, right: f64| assert!((found / right - 1.0).abs() < 0.03, "{found} {right}");
    near(part("latency_ms_p50_upper"), 0.25);
    near(part("latency_ms_p50_kaplan_meier"), 0.2155);
    near(part("latency_ms_p50"), 1.0 / 6.0);
    assert!(part("latency_ms_p50_lower") < 0.25);
    let is = |row: &TableRow<'_>| row.text("metric") == "latency_ms_p95_upper";
    let beyond = table.rows().find(is).unwrap();
    assert!(beyond.text("reason").contains("beyond the longest time"), "{beyond:?}");
}

#[test]
fn a_run_says_how_much_warm_up_it_needs_and_pay_over_work() {
    let place = TestFolder::new();
    let file = &place.write("my world.toml", WORLD);
    let out = place.path("my out");
    let run = assay(&["run", file, "--quiet", "--out", &out, "--set", "run.replications = 2"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.out.contains("Warm-up: 2 epochs are cut; MSER-5 "), "{}", run.out);
    assert!(run.out.contains("pay/work") && run.out.contains("alpha/miner"), "{}", run.out);
    let page = place.read("my out/report.html");
    assert!(page.contains("Warm-up: 2 epochs are cut; MSER-5 ") && page.contains("Pay over work"));
    // The commands that it names run as they stand.
    let lines: Vec<&str> = run.out.lines().collect();
    let next = lines.iter().position(|line| line.starts_with("next ")).unwrap();
    for line in [lines[next].trim_start_matches("next"), lines[next + 1]] {
        let told = ended(&words(line));
        assert_eq!(told.code, 0, "{line}: {told:?}");
    }
    assert!(lines[next + 1].contains("--set 'run.replications = 2'"), "{}", lines[next + 1]);
}

#[test]
fn slopes_say_whom_they_leave_out() {
    let place = TestFolder::new();
    let out = place.path("out");
    let run = assay(&["run", "scenarios/silence.toml", "--quiet", "--out", &out, "--epochs", "12"]);
    assert_eq!(run.code, 0, "{run:?}");
    let table = TextTable::read(place.path("out/metrics.csv"));
    let of = |metric: &str| {
        let is =
            |row: &TableRow<'_>| row.text("metric") == metric && row.text("grouping") == "whole";
        table.rows().find(is).unwrap_or_else(|| panic!("no {metric}"))
    };
    // Ten miners are silent and unpaid, all with stake.
    assert!((of("pay_stake_slope_left_out").number("mean") - 10.0).abs() < 1e-9);
    assert!(of("pay_stake_slope_poisson_left_out").number("mean").abs() < 1e-9);
    assert_eq!(of("pay_stake_slope_poisson").text("mean"), "", "all have one stake");
    assert_eq!(of("latency_ms_mean").text("interval"), "bootstrap-t");
    assert_eq!(of("gini_pay_by_miner").text("interval"), "Student");
}

/// Service times whose law has a tail index of 1.2, on a server that nobody waits for: their mean has no finite variance.
#[test]
fn a_mean_without_finite_variance_gives_way_to_quantiles() {
    let place = TestFolder::new();
    let heavy = "service.truncated_pareto = { min_ms = 100.0, max_ms = 1e9, shape = 1.2 }";
    let world = WORLD.replace("service.lognormal = { median_ms = 3000.0, sigma = 0.1 }", heavy);
    let file = &place.write("world.toml", world.replace("count = 5", "count = 40"));
    let out = place.path("out");
    let rate = "client.client.arrivals={ poisson = { rate_per_h = 2000.0 } }";
    let run = assay(&["run", file, "--quiet", "--out", &out, "--set", rate, "--epochs", "12"]);
    assert_eq!(run.code, 0, "{run:?}");
    let table = TextTable::read(place.path("out/metrics.csv"));
    let of = |metric: &str, group: &str| {
        let is = |row: &TableRow<'_>| row.text("metric") == metric && row.text("group") == group;
        table.rows().find(is).unwrap_or_else(|| panic!("no {metric}"))
    };
    let mean = of("latency_ms_mean", "fast");
    assert_eq!((mean.text("mean"), mean.text("low_95")), ("", ""), "{mean:?}");
    assert!(mean.text("reason").contains("no finite variance") && mean.number("p50") > 100.0);
    assert!(
        of("latency_ms_mean", "slow one").number("mean") > 0.0,
        "the other class has a light tail"
    );
    assert!(of("latency_ms_p50", "fast").number("mean") > 100.0);
    assert!(run.out.contains("(median; tail index"), "{}", run.out);
}
