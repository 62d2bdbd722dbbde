//! What a check tells before its first run, what its properties share, and what it keeps for the next night.

use crate::common::Ended;
use crate::common::assay;
use assay_testing::TestFolder;
use serde_json::Value;

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

/// A claim on the fast group's pay share.
fn claim(id: &str, threshold: f64, more: &str) -> String {
    format!(
        "\n[[property]]\nid = \"{id}\"\nclaim = \"The fast are paid more.\"\nkind = \"mean\"\nquantity.pay_share = {{}}\n\
         over.classes = [\"fast\"]\nrelation = \"at_least\"\nthreshold = {threshold}\nmargin = 0.05\n{more}\n"
    )
}

fn verdicts(ended: &Ended) -> Vec<Value> {
    let suites: Value =
        serde_json::from_str(&ended.out).unwrap_or_else(|e| panic!("{e}: {ended:?}"));
    let all = suites.as_array().unwrap().iter();
    all.flat_map(|suite| suite["verdicts"].as_array().unwrap().clone()).collect()
}

fn verdict(ended: &Ended, id: &str) -> Value {
    verdicts(ended).into_iter().find(|verdict| verdict["id"] == id).unwrap()
}

#[test]
fn what_a_budget_can_decide_is_told_before_the_first_run() {
    let place = TestFolder::new();
    let short = claim("short", 0.4, "max_replications = 12");
    let file = &place.write("world.toml", format!("{WORLD}{short}"));
    let quiet = assay(&["check", file, "--quiet"]);
    for words in
        ["world: short: at least 5 runs, 34 with every number at the threshold", "may take 12"]
    {
        assert!(quiet.err.contains(words), "{words}: {}", quiet.err);
    }
    assert!(quiet.err.contains("PASS from a mean of at least 0."), "{}", quiet.err);
    assert!(quiet.err.contains("FAIL from a mean of at most 0."), "{}", quiet.err);
    // A budget that is enough is no reason to speak to who wants quiet.
    place.write("world.toml", format!("{WORLD}{}", claim("enough", 0.4, "max_replications = 34")));
    assert_eq!(assay(&["check", file, "--quiet"]).err, "");
    assert!(assay(&["check", file]).err.contains("world: enough: at least 5 runs, 34 with"));
    place.write("world.toml", format!("{WORLD}{}", claim("none", 0.4, "max_replications = 4")));
    let refused = assay(&["check", file, "--quiet"]);
    assert!(refused.code == 2 && refused.out.is_empty(), "{refused:?}");
    for words in ["property none (1 judged together)", "is 4, allowed: at least 5", "takes 34"] {
        assert!(refused.err.contains(words), "{words}: {}", refused.err);
    }
}

#[test]
fn properties_of_all_files_of_a_check_share_their_error_bounds() {
    let place = TestFolder::new();
    let one = &place.write("one.toml", format!("{WORLD}{}", claim("a", 0.4, "")));
    let text = format!("{WORLD}{}{}", claim("b", 0.4, ""), claim("c", 0.3, ""));
    let two = &place.write("two.toml", text);
    let level = |ended: &Ended, id: &str| verdict(ended, id)["lower"]["level"].as_f64().unwrap();
    let alone = assay(&["check", one, "--json", "--quiet"]);
    let together = assay(&["check", one, two, "--json", "--quiet"]);
    assert!((level(&alone, "a") - 0.05).abs() < 1e-12);
    for id in ["a", "b", "c"] {
        assert!((level(&together, id) - 0.05 / 3.0).abs() < 1e-12, "{id}");
    }
    let told = assay(&["check", one, two, "--quiet"]);
    assert!(
        told.out.starts_with("m = 3 statistical properties are judged together"),
        "{}",
        told.out
    );
    let suites: Value = serde_json::from_str(&together.out).unwrap();
    assert_eq!(suites[1]["judged_together"], 3);
}

#[test]
fn claims_are_judged_on_replications_that_a_run_does_not_show() {
    let place = TestFolder::new();
    let file = &place.write("world.toml", format!("{WORLD}{}", claim("false", 0.9, "")));
    let out = &place.path("out");
    let ended = assay(&["check", file, "--json", "--quiet", "--out", out]);
    let worst = verdict(&ended, "false")["worst_replication"].as_u64().unwrap();
    assert!(worst >= 1_000_000, "{worst}");
    let rows = place.read("out/miners.csv");
    let shown: Vec<&str> = rows.lines().skip(1).map(|row| row.split(',').next().unwrap()).collect();
    assert!(shown.contains(&"0") && shown.contains(&"3") && shown.len() == 40, "{shown:?}");
}

#[test]
fn a_folder_of_a_check_says_how_many_were_judged_together_and_is_judged_again() {
    let place = TestFolder::new();
    let compared = claim("compared", 0.0, "variant.set = [\"cohort.slow.speed.factor = 0.9\"]")
        .replace("kind = \"mean\"", "kind = \"comparison\"");
    let text = format!("{WORLD}{}{compared}", claim("fast", 0.4, ""));
    let file = &place.write("world.toml", text);
    let out = &place.path("out");
    assert_eq!(assay(&["check", file, "--quiet", "--out", out]).code, 0);
    let manifest: Value = serde_json::from_str(&place.read("out/manifest.json")).unwrap();
    assert_eq!(manifest["judged_together"], 2);
    let same = assay(&["verify", out, "--quiet"]);
    assert!(same.code == 0 && same.out.contains("verdicts.json  as claimed"), "{same:?}");
    let verdicts = place.read("out/verdicts.json");
    place.write(
        "out/verdicts.json",
        verdicts.replace("\"up to the margin\"", "\"within the margin\""),
    );
    let other = assay(&["verify", out, "--quiet"]);
    assert!(other.code == 1 && other.out.contains("verdicts.json  differs"), "{other:?}");
}

#[test]
fn cells_of_a_sweep_share_their_error_bounds() {
    let place = TestFolder::new();
    let sweep =
        "\n[sweep]\ngrid = [{ key = \"cohort.slow.speed.factor\", values = [0.8, 1.0, 1.1] }]\n";
    let text = format!("{WORLD}{}{}{sweep}", claim("a", 0.4, ""), claim("b", 0.3, ""));
    let file = &place.write("world.toml", text);
    let ended = assay(&["sweep", file, "--quiet", "--out", &place.path("out")]);
    assert_eq!(ended.code, 0, "{ended:?}");
    assert!(ended.out.contains("m = 6 statistical properties in 3 cells"), "{}", ended.out);
    let manifest: Value = serde_json::from_str(&place.read("out/manifest.json")).unwrap();
    assert_eq!(manifest["judged_together"], 6);
    let verdicts: Value = serde_json::from_str(&place.read("out/verdicts.json")).unwrap();
    let own = verdicts.as_array().unwrap().iter().find(|verdict| verdict["id"] == "a").unwrap();
    assert!((own["lower"]["level"].as_f64().unwrap() - 0.05 / 6.0).abs() < 1e-12);
}

#[test]
fn a_relative_difference_says_what_a_miner_loses() {
    let place = TestFolder::new();
    let loses = claim("loses", 0.0, "variant.set = [\"cohort.slow.speed.factor = 4.0\"]")
        .replace("kind = \"mean\"", "kind = \"comparison\"\ncontrast = \"relative_difference\"");
    let file = &place.write("world.toml", format!("{WORLD}{loses}"));
    let ended = assay(&["check", file, "--json", "--quiet"]);
    assert_eq!(ended.code, 1, "{ended:?}");
    let found = verdict(&ended, "loses");
    let [mean, of_means] =
        ["estimate", "relative_of_means"].map(|key| found[key].as_f64().unwrap());
    assert!(mean < -0.1 && of_means < -0.1, "{found}");
    assert_eq!(
        (&found["quantity"], &found["pairs_both_zero"]),
        (&"relative change of pay_share".into(), &0.into())
    );
    let told = assay(&["check", file, "--quiet"]);
    assert!(told.out.contains("relative difference of the means"), "{}", told.out);
}

/// Two miners that are asked in turn: nothing is left to chance, and a margin of a thousandth of the range needs 2,286 runs.
const RANGE_LIMITED: &str = "
[run]
replications = 1
epochs = 1
[chain]
tempo = 10
uids = 8
owner_uid = 7
[[client]]
name = \"c\"
limit = 10
arrivals.interval = { every_ms = 1000.0 }
[router.smooth_round_robin]
[[cohort]]
name = \"a\"
count = 1
stake_alpha = 100.0
service.constant.value_ms = 1.0
[[cohort]]
name = \"b\"
count = 1
stake_alpha = 100.0
service.constant.value_ms = 1.0
[[property]]
id = \"p\"
claim = \"x.\"
kind = \"comparison\"
quantity = { share = { of = \"requests\" } }
over = { classes = [\"a\"] }
relation = \"at_least\"
threshold = 0.0
margin = 0.002
variant = { set = [\"cohort.a.service.constant.value_ms=2.0\"] }
";

#[test]
fn a_margin_that_is_narrow_for_the_range_is_told_before_the_first_run() {
    let place = TestFolder::new();
    let file = &place.write("r.toml", RANGE_LIMITED);
    let ended = assay(&["check", file, "--quiet"]);
    assert_eq!(ended.code, 3, "{ended:?}");
    let told = "r: p: at least 7 runs, 2286 with every number at the threshold; it may take 1000, which can decide: PASS \
                from a mean of at least 0.0025";
    assert!(ended.err.contains(told), "{}", ended.err);
    // With the runs that it asks for it is decided, in exactly as many.
    let ended =
        assay(&["check", file, "--quiet", "--json", "--set", "property.p.max_replications=2286"]);
    let found = verdict(&ended, "p");
    assert_eq!((&found["status"], &found["runs"]), (&"PASS".into(), &2286.into()), "{found}");
    assert!(ended.err.is_empty(), "{}", ended.err);
}

#[test]
fn a_quantity_without_a_range_is_judged_asymptotically_and_says_so() {
    let place = TestFolder::new();
    let fast = claim("fast", 9000.0, "method = \"asymptotic\"")
        .replace("pay_share", "latency_mean")
        .replace("at_least", "at_most");
    let file = &place.write("world.toml", format!("{WORLD}{fast}"));
    let found = verdict(&assay(&["check", file, "--json", "--quiet"]), "fast");
    assert_eq!(
        (&found["status"], &found["method"]),
        (&"PASS".into(), &"asymptotic confidence sequence".into())
    );
    assert!(found["runs"].as_u64().unwrap() >= 50, "{found}");
    let short = assay(&["check", file, "--quiet", "--set", "property.fast.max_replications=49"]);
    assert!(short.code == 2 && short.err.contains("is 49, allowed: at least 50"), "{short:?}");
}

/// The ledger's entry of a property.
fn entry(place: &TestFolder, id: &str) -> Value {
    let ledger: Value = serde_json::from_str(&place.read("ledger.json")).unwrap();
    let claims = ledger["claims"].as_array().unwrap();
    claims.iter().find(|claim| claim["property"] == id).unwrap().clone()
}

#[test]
fn nights_of_a_ledger_say_what_one_check_says() {
    let place = TestFolder::new();
    let text = |budget: u32| {
        format!("{WORLD}{}", claim("fast", 0.5, &format!("max_replications = {budget}")))
    };
    let file = &place.write("world.toml", text(400));
    let whole = verdict(&assay(&["check", file, "--json", "--quiet"]), "fast");
    assert!(whole["runs"].as_u64().unwrap() > 8, "{whole}");
    place.write("world.toml", text(6));
    let ledger = &place.path("ledger.json");
    let mut nights = 0;
    let last = loop {
        let mut words = vec!["check", file, "--json", "--quiet", "--ledger", ledger];
        words.extend(["--reserve", "0"].into_iter().take(if nights == 0 { 2 } else { 0 }));
        let night = assay(&words);
        nights += 1;
        if night.code != 3 {
            break night;
        }
        assert_eq!(entry(&place, "fast")["next_replication"], 1_000_000 + 6 * nights);
        assert_eq!(entry(&place, "fast")["evidence"]["runs"], 6 * nights);
    };
    assert!(nights > 1 && last.code == 0, "{nights} {last:?}");
    let found = verdict(&last, "fast");
    for key in ["status", "finding", "runs", "estimate"] {
        assert_eq!(found[key], whole[key], "{key}");
    }
    // What is decided is not bet on again.
    let evidence = entry(&place, "fast")["evidence"].clone();
    assert_eq!(assay(&["check", file, "--quiet", "--ledger", ledger]).code, 0);
    assert_eq!(entry(&place, "fast")["evidence"], evidence);
}

#[test]
fn a_ledger_starts_a_line_again_for_another_world_and_keeps_places_for_later_claims() {
    let place = TestFolder::new();
    let text = |claims: &[String]| format!("{WORLD}{}", claims.concat());
    let first = claim("fast", 0.55, "max_replications = 6");
    let file = &place.write("world.toml", text(std::slice::from_ref(&first)));
    let ledger = &place.path("ledger.json");
    let check =
        |more: &[&str]| assay(&[&["check", file, "--quiet", "--ledger", ledger], more].concat());
    let made = check(&["--reserve", "1"]);
    assert!(made.out.contains("m = 2") && made.out.contains("has 1 places free"), "{made:?}");
    assert!(check(&["--reserve", "1"]).err.contains("fixed when it was made"));
    // Another budget is the same claim; another world is not, and its replications are new too.
    place.write("world.toml", text(&[claim("fast", 0.55, "max_replications = 7")]));
    assert!(!check(&[]).err.contains("starts again"));
    assert_eq!(entry(&place, "fast")["evidence"]["runs"], 13);
    let again = check(&["--set", "cohort.slow.speed.factor=1.1"]);
    assert!(again.err.contains("starts again, for the scenario changed; 13 runs"), "{again:?}");
    assert_eq!(entry(&place, "fast")["evidence"]["runs"], 7);
    assert_eq!(entry(&place, "fast")["next_replication"], 1_000_020);
    // A later claim takes the reserve; one more finds no place.
    let second = claim("second", 0.5, "");
    place.write("world.toml", text(&[first.clone(), second.clone()]));
    assert!(check(&[]).err.contains("second: takes a place of the reserve"));
    place.write("world.toml", text(&[first, second, claim("third", 0.5, "")]));
    let before = place.read("ledger.json");
    let full = check(&[]);
    assert!(full.code == 2 && full.err.contains("all 2 places are taken"), "{full:?}");
    assert_eq!(place.read("ledger.json"), before);
    place.write("ledger.json", "{}");
    assert!(check(&[]).err.contains("is no ledger"));
    let method = claim("fast", 0.5, "method = \"empirical_bernstein\"");
    place.write("world.toml", text(&[method]));
    let other = place.path("other.json");
    let refused = assay(&["check", file, "--quiet", "--ledger", &other]);
    assert!(
        refused.code == 2 && refused.err.contains("nothing that can be carried on"),
        "{refused:?}"
    );
}
