//! What a sweep says of its cells: claims that are known to be false fail no cell, and nothing is called safe without a claim of
//! fairness. Tables as wide as the terminal.

use crate::common::assay;
use assay_testing::TestFolder;
use assay_testing::command;

/// Two groups of miners that work alike, one with less stake: paid by rank, they are paid about alike.
const WORLD: &str = "# Is it safe?
[run]
replications = 2
epochs = 6

[[client]]
name = \"client\"
arrivals.poisson = { rate_per_h = 120.0 }

[[cohort]]
name = \"one\"
count = 3
stake_alpha = 500.0
service.lognormal = { median_ms = 3000.0, sigma = 0.1 }

[[cohort]]
name = \"other\"
count = 3
stake_alpha = 100.0
service.lognormal = { median_ms = 3000.0, sigma = 0.1 }

[[sweep.grid]]
key = \"cohort.other.stake_alpha\"
values = [100.0, 400.0]
";

/// A claim that is true whatever the stake, or false whatever it is.
fn claim(id: &str, quantity: &str, relation: &str, threshold: f64, more: &str) -> String {
    format!(
        "\n[[property]]\nid = \"{id}\"\nclaim = \"A claim.\"\nkind = \"mean\"\nquantity = {quantity}\n\
         over.classes = [\"one\"]\nrelation = \"{relation}\"\nthreshold = {threshold:?}\nmargin = 0.2\n{more}\n"
    )
}

const KNOWN: &str = "expect = \"fail\"\nbecause = \"nobody says so\"";

/// Exit code, the table and the page of a sweep with these claims.
fn swept(claims: &[String]) -> (i32, String, String) {
    let place = TestFolder::new();
    let file = place.write("world.toml", format!("{WORLD}{}", claims.concat()));
    let ended = assay(&["sweep", &file, "--quiet", "--out", &place.path("out"), "--csv"]);
    assert!(ended.code < 2, "{ended:?}");
    (ended.code, ended.out, place.read("out/report.html"))
}

#[test]
fn known_false_claims_fail_no_cell_and_other_claims_do() {
    let paid = claim("paid", "{ pay_share = {} }", "at_least", 0.3, "");
    let known = claim("known", "{ pay_share = {} }", "at_least", 1.0, KNOWN);
    let (code, table, page) = swept(&[paid.clone(), known]);
    assert_eq!(code, 0, "{table}");
    assert_eq!(table.matches("FAIL (expected)").count(), 2, "{table}");
    assert!(page.contains("In 2 of 2 cells every claim passes"), "{page}");
    assert!(page.contains("One claim that is known to be false is left aside."));
    // The control: the same claim, which nobody expected to fail.
    let (code, table, page) =
        swept(&[paid, claim("new", "{ pay_share = {} }", "at_least", 1.0, "")]);
    assert_eq!(code, 1, "{table}");
    assert!(!table.contains("(expected)"), "{table}");
    assert!(page.contains("In 0 of 2 cells every claim passes; in 2 at least one fails"));
}

#[test]
fn only_claims_of_fairness_make_a_value_safe() {
    let paid = claim("paid", "{ pay_share = {} }", "at_least", 0.3, "");
    let fair = |more: &str| claim("fair", "{ pay_share_gap = {} }", "at_most", 0.7, more);
    let safe = "Safe at 100.0 to 400.0, whatever";
    let (_, _, page) = swept(&[paid.clone(), fair("")]);
    assert!(page.contains(safe), "{page}");
    let (_, _, page) = swept(std::slice::from_ref(&paid));
    assert!(!page.contains("Safe at"), "{page}");
    assert!(page.contains("No claim of fairness was judged, so no value is called safe."));
    // One that is known to be false says nothing of safety, whatever comes of it.
    let (_, _, page) = swept(&[paid, fair(KNOWN)]);
    assert!(!page.contains("Safe at"), "{page}");
}

#[test]
fn tables_are_as_wide_as_the_terminal() {
    let file = "scenarios/faq/win-rate.toml";
    let wide = |columns: Option<&str>| {
        let words = ["run", file, "--quiet", "--epochs", "6", "--replications", "2", "--out"];
        let place = TestFolder::new();
        let out = place.path("out");
        let mut called = command(env!("CARGO_BIN_EXE_assay"), &[&words[..], &[&out]].concat());
        match columns {
            Some(columns) => called.env("COLUMNS", columns),
            None => called.env_remove("COLUMNS"),
        };
        let out = String::from_utf8(called.output().unwrap().stdout).unwrap();
        let table = out
            .lines()
            .skip_while(|line| !line.contains("class"))
            .take_while(|line| !line.starts_with("minted"));
        let lines: Vec<String> = table.map(str::to_string).collect();
        (lines.iter().map(|line| line.chars().count()).max().unwrap(), lines.join("\n"))
    };
    let (whole, plain) = wide(None);
    assert!(whole > 80 && plain.contains("alpha/miner"), "{plain}");
    assert_eq!(wide(Some("500")).1, plain);
    for columns in ["80", "60", "45"] {
        let (width, table) = wide(Some(columns));
        assert!(width <= columns.parse().unwrap(), "{columns}: {table}");
        assert!(table.contains("pay/work") && table.contains("alpha/miner"), "{table}");
    }
    assert_eq!(wide(Some("wide")).1, plain, "what is no width is none");
}
