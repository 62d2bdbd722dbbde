//! The page as its readers meet it: the answer first, where everything stands, values of plots.

use assay_testing::Ended;
use assay_testing::TestFolder;
use assay_testing::TextTable;
use std::collections::BTreeMap;
use std::collections::BTreeSet;

/// Three classes: two stakes among the honest, and one that computes nothing; one claim.
const SCENARIO: &str = "# Who is paid for what?
[run]
seed = 3
replications = 4
epochs = 12
[[client]]
name = \"crowd\"
[client.arrivals.poisson]
rate_per_h = 900.0
[[cohort]]
name = \"rich\"
count = 3
stake_alpha = 700.0
[cohort.service.exponential]
mean_ms = 4000.0
[[cohort]]
name = \"poor\"
count = 5
stake_alpha = 100.0
[cohort.service.exponential]
mean_ms = 6000.0
[[cohort]]
name = \"idle\"
count = 2
stake_alpha = 100.0
behaviour.no_image = { hold_ms = 8050.0 }
[cohort.service.exponential]
mean_ms = 6000.0
[[property]]
id = \"nobody-idle\"
claim = \"Nobody is paid for nothing.\"
kind = \"mean\"
relation = \"at_most\"
threshold = 0.9
margin = 0.05
max_replications = 200
[property.quantity.pay_share_of_idle]
";

/// Calls `assay` where the scenario lies.
fn assay(place: &TestFolder, arguments: &[&str]) -> Ended {
    let mut command = assay_testing::command(env!("CARGO_BIN_EXE_assay"), arguments);
    command.current_dir(place.folder()).output().unwrap().into()
}

fn made(arguments: &[&str]) -> (TestFolder, String) {
    let place = TestFolder::new();
    place.write("s.toml", SCENARIO);
    let [verb, rest @ ..] = arguments else { panic!("a verb") };
    let all = [&[*verb, "s.toml", "--quiet", "--out", "out"], rest].concat();
    let ended = assay(&place, &all);
    assert!(ended.code == 0 || ended.code == 3, "{ended:?}");
    let page = place.read("out/report.html");
    (place, page)
}

/// What stands between two marks, for every such pair.
fn between<'t>(text: &'t str, from: &str, to: &str) -> Vec<&'t str> {
    text.split(from).skip(1).filter_map(|rest| rest.split_once(to).map(|(part, _)| part)).collect()
}

/// Shares of each miner in a column, by replication.
fn shares(place: &TestFolder, column: &str) -> BTreeMap<String, Vec<f64>> {
    let table = TextTable::read(place.path("out/miners.csv"));
    let mut all: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    for row in table.rows() {
        all.entry(row.text("replication").to_string()).or_default().push(row.number(column));
    }
    for values in all.values_mut() {
        let sum: f64 = values.iter().sum();
        for value in values {
            *value /= sum;
        }
    }
    all
}

#[test]
fn the_page_opens_with_how_far_pay_is_from_work() {
    let (place, page) = made(&["run"]);
    let (first, _) = page.split_once("<h2").unwrap();
    // The mean over replications of half the distances of the shares, from the table.
    let (pay, work) = (shares(&place, "pay_rao"), shares(&place, "useful_steps"));
    let each = pay.iter().map(|(replication, pay)| {
        let gaps = pay.iter().zip(&work[replication]).map(|(p, w)| (p - w).abs());
        gaps.sum::<f64>() / 2.0
    });
    let mean = each.sum::<f64>() / 4.0;
    let right = format!("<b class=\"figure\">{:.1}\u{a0}%</b>", mean * 100.0);
    assert!(first.contains(&right), "{right} in {first}");
    for part in [
        "Total variation distance between pay share and share of useful work, by miner",
        "mean of 4 replications, 95\u{a0}% interval",
        "<strong>Is it fair?</strong> No: in all 4 replications some class",
        "4 of 4",
        "delta = 1.00, 95\u{a0}% interval 0.40 to 1.00",
        "invariants hold in every epoch of every run.",
    ] {
        assert!(first.contains(part), "no {part} in {first}");
    }
}

#[test]
fn claims_that_nobody_judged_come_with_the_command_that_does_and_it_runs() {
    let (place, page) = made(&["run", "--set", "cohort.poor.stake_alpha=90.0"]);
    assert!(page.contains("claim, not judged by a plain run"), "{page}");
    let command = between(&page, "This judges it: <code>", "</code>")[0];
    assert_eq!(command, "assay check s.toml --set cohort.poor.stake_alpha=90.0");
    let words: Vec<&str> = command.split(' ').skip(1).collect();
    let ended = assay(&place, &words);
    assert_eq!(ended.code, 0, "{ended:?}");
    assert!(ended.out.contains("nobody-idle"), "{ended:?}");
}

#[test]
fn judged_claims_are_counted_on_the_first_screen() {
    let (_place, page) = made(&["check"]);
    let (first, rest) = page.split_once("<h2").unwrap();
    assert!(first.contains("1 of 1") && first.contains("claims hold up to their margins"));
    assert!(rest.contains("<b>nobody-idle</b>: Nobody is paid for nothing."));
    assert!(rest.contains("conservation"));
}

#[test]
fn the_contents_lead_to_every_heading_and_to_nothing_else() {
    for arguments in [&["run"][..], &["compare", "--set", "cohort.poor.stake_alpha=300.0"]] {
        let (_place, page) = made(arguments);
        let list = between(&page, "<nav", "</nav>")[0];
        let linked: Vec<&str> = between(list, "href=\"#", "\"");
        let headings: Vec<&str> = between(&page, "<h2 id=\"", "\"");
        assert_eq!(linked, headings);
        assert!(linked.len() > 6, "{linked:?}");
    }
}

#[test]
fn a_comparison_shows_both_on_one_scale_and_names_what_changed() {
    let (place, page) = made(&["compare", "--set", "cohort.poor.stake_alpha=300.0"]);
    let title = "What changes with cohort.poor.stake_alpha: 100.0 \u{2192} 300.0?";
    assert!(page.contains(&format!("<h1>{title}</h1>")));
    let (first, _) = page.split_once("<h2").unwrap();
    let table = TextTable::read(place.path("out/compare.csv"));
    let name = "total_variation_of_pay_and_useful_work_by_miner";
    let row = table.rows().find(|row| row.text("name") == name).unwrap();
    let [before, after] = ["before", "after"].map(|column| row.number(column) * 100.0);
    let right = format!("{before:.1}\u{a0}% \u{2192} {after:.1}\u{a0}%");
    assert!(first.contains(&right), "{right} in {first}");
    let figure = between(&page, "<figure id=\"before_after\">", "</figure>")[0];
    assert!(figure.contains("cohort.poor.stake_alpha: 100.0 \u{2192} 300.0"));
    for class in ["rich", "poor", "idle"] {
        assert!(figure.contains(&format!("<title>{class}: ")), "{class}");
    }
    assert!(figure.contains("<title>poor-4: "), "every miner");
}

#[test]
fn a_sweep_answers_for_its_cells() {
    let place = TestFolder::new();
    let axis = "{ key = \"cohort.poor.stake_alpha\", values = [100.0, 700.0] }";
    place.write("s.toml", format!("{SCENARIO}\n[sweep]\ngrid = [{axis}]\n"));
    let ended = assay(&place, &["sweep", "s.toml", "--quiet", "--out", "out"]);
    assert!(ended.code == 0 || ended.code == 3, "{ended:?}");
    let page = place.read("out/report.html");
    let (first, _) = page.split_once("<h2").unwrap();
    assert!(
        first.contains("What changes with cohort.poor.stake_alpha at 100.0, 700.0?"),
        "{first}"
    );
    assert!(
        first.contains("Pay is nearest to useful work at cohort.poor.stake_alpha = "),
        "{first}"
    );
}

#[test]
fn plots_tell_their_values_and_equal_stakes_stand_on_one_line() {
    let (_place, page) = made(&["run"]);
    let spots = |plot: &str| {
        let figure = between(&page, &format!("<figure id=\"{plot}\">"), "</figure>")[0];
        between(figure, "<g class=\"spots\"", "</g>")[0].to_string()
    };
    let stake = spots("pay_stake");
    assert_eq!(between(&stake, "<title>", "</title>").len(), 10, "a value a miner");
    let columns: BTreeSet<&str> = between(&stake, "cx=\"", "\"").into_iter().collect();
    assert_eq!(columns.len(), 2, "two stakes, two lines: {columns:?}");
    assert!(stake.contains("<title>rich-0 (rich): Stake [alpha] 700, pay "));
    let speed = spots("pay_speed");
    assert_eq!(between(&speed, "<title>", "</title>").len(), 8, "idle miners have no true speed");
    assert!(!speed.contains("idle"));
    for plot in ["pay_work", "lorenz", "class_pay", "scores", "latency", "emission"] {
        assert!(!between(&spots(plot), "<title>", "</title>").is_empty(), "{plot}");
    }
}

#[test]
fn captions_speak_of_windows_and_not_of_single_epochs() {
    let (place, page) = made(&["run"]);
    let caption = |plot: &str| {
        let figure = between(&page, &format!("<figure id=\"{plot}\">"), "</figure>")[0];
        between(figure, "<figcaption>", "</figcaption>")[0].to_string()
    };
    let window =
        "means over epochs 0 to 2 and 9 to 11, the first and the last quarter of those measured";
    for plot in ["class_pay", "latency", "concentration"] {
        assert!(caption(plot).contains(window), "{plot}: {}", caption(plot));
    }
    let table = TextTable::read(place.path("out/epochs.csv"));
    let shares: Vec<Option<f64>> =
        table.rows().map(|row| row.text("pay_share.rich_mean").parse().ok()).collect();
    let mean = |part: &[Option<f64>]| {
        let there: Vec<f64> = part.iter().flatten().copied().collect();
        there.iter().sum::<f64>() / f64::from(u32::try_from(there.len()).unwrap()) * 100.0
    };
    let right = format!("rich from {:.1} % to {:.1} %", mean(&shares[..3]), mean(&shares[9..]));
    assert!(caption("class_pay").contains(&right), "{right}: {}", caption("class_pay"));
}
