//! `assay explain`: the reasons for a miner's pay hold in the world that is asked about and are not told in its neighbour, and a
//! scenario is told in words before keys.

use crate::common::assay;
use assay_testing::TestFolder;

/// Three rich miners and one that is asked about; hours pass in milliseconds.
const WORLD: &str = "# Who is paid?
[run]
replications = 2
epochs = 4

[[client]]
name = \"client\"
arrivals.poisson = { rate_per_h = 60.0 }

[[kind]]
name = \"asked\"

[[kind]]
name = \"other\"
weight = 0.0

[[cohort]]
name = \"rich\"
count = 3
stake_alpha = 500.0
service.constant = { value_ms = 3000.0 }

[[cohort]]
name = \"odd\"
count = 1
stake_alpha = 400.0
service.constant = { value_ms = 20000.0 }
";

/// What is told of the odd miner in the world with these changes.
fn told(changes: &[&str]) -> String {
    told_of("odd", changes)
}

fn told_of(miner: &str, changes: &[&str]) -> String {
    let place = TestFolder::new();
    let (file, out) = (place.write("world.toml", WORLD), place.path("out"));
    let mut words = vec!["run", &file, "--quiet", "--only", "miners.csv", "--out", &out];
    words.extend(changes.iter().flat_map(|change| ["--set", change]));
    let ended = assay(&words);
    assert_eq!(ended.code, 0, "{ended:?}");
    let ended = assay(&["explain", &out, "--miner", miner]);
    assert_eq!(ended.code, 0, "{ended:?}");
    ended.out
}

/// Asserts that the reason is told in one world and not in the other.
fn assert_reason(reason: &str, here: &[&str], not_there: &[&str]) {
    let (found, other) = (told(here), told(not_there));
    assert!(found.contains(reason), "{here:?}: {found}");
    assert!(!other.contains(reason), "{not_there:?}: {other}");
}

#[test]
fn a_miner_that_was_not_there_is_told_apart_from_one_that_was_never_valid() {
    assert_reason("it was never there", &["cohort.odd.from_h=100"], &["cohort.odd.from_h=1"]);
    // Health is checked every ten minutes: between 0.05 h and 0.1 h nobody looks.
    let short = ["cohort.odd.from_h=0.05", "cohort.odd.until_h=0.1"];
    assert_reason(
        "it was never valid",
        &short,
        &["cohort.odd.from_h=0.05", "cohort.odd.until_h=1"],
    );
    assert!(!told(&short).contains("stake its routing weight"), "it has stake");
}

#[test]
fn a_miner_without_requests_is_told_what_the_router_lacks() {
    let none = "without stake its routing weight is 0";
    assert_reason(none, &["cohort.odd.stake_alpha=0"], &[]);
    assert_reason(
        none,
        &["cohort.odd.stake_alpha=0"],
        &["cohort.odd.stake_alpha=0", "router.uniform={}"],
    );
    assert_reason(
        "sees whole tokens of stake",
        &["cohort.odd.stake_alpha=0.5"],
        &["cohort.odd.stake_alpha=1.5"],
    );
    let offers = ["router.head={}", "cohort.odd.offer=[{kind=\"other\"}]"];
    assert_reason(
        "offers no kind of job",
        &offers,
        &["router.head={}", "cohort.odd.offer=[{kind=\"asked\"}]"],
    );
    // With stake and validity nothing but chance is left: nobody asks more than twice.
    let chance = told(&["client.client.limit=1", "cohort.odd.stake_alpha=1"]);
    assert!(chance.contains("chance left it out"), "{chance}");
    for wrong in ["never valid", "without stake", "no stake"] {
        assert!(!chance.contains(wrong), "{wrong}: {chance}");
    }
}

#[test]
fn the_newcomer_trap_is_told_where_the_router_goes_by_scores() {
    // It comes up shortly before the score run at hour 4, which finds no success of it.
    let late = ["cohort.odd.from_h=3.9", "client.client.arrivals.poisson.rate_per_h=20"];
    let uniform = [&late[..], &["router.uniform={}"]].concat();
    assert_reason("The newcomer trap: the score run at hour 4", &late, &uniform);
    assert_reason("The newcomer trap", &late, &[]);
}

#[test]
fn requests_that_all_fail_are_told_apart_from_the_trap() {
    let failing = "cohort.odd.behaviour.failing={refused_share=1.0}";
    assert_reason("None of its requests stands as a success", &[failing], &[]);
}

#[test]
fn a_shared_coldkey_is_told_where_the_validators_heed_it() {
    let rule = "validators.weighting.win_rate.duplicate_coldkeys";
    let shared = ["cohort.odd.count=2", "cohort.odd.shared_coldkey=true"];
    let on = format!("{rule}=true");
    let heeded = [&shared[..], &[on.as_str()]].concat();
    let found = told_of("odd-0", &heeded);
    assert!(found.contains("It shares its coldkey with odd-1"), "{found}");
    assert!(!told_of("odd-0", &shared).contains("shares its coldkey"));
    let apart = ["cohort.odd.count=2", &format!("{rule}=true")];
    assert!(!told_of("odd-0", &apart).contains("shares its coldkey"));
}

#[test]
fn a_weight_that_rounds_to_nothing_is_told_and_one_that_is_burned_is_not() {
    // A place is 1/255 of a win rate; at 0.0002 it is worth exp(-19.6), less than half of 1/65535.
    let cold = "validators.weighting.win_rate.temperature=0.0002";
    assert_reason("Its weight rounds to 0 in all 2 replications", &[cold], &[]);
    let burned = "validators.weighting.win_rate.burn.fixed=1.0";
    assert_reason("All weight is burned", &[burned], &[cold]);
    assert!(!told(&[burned, cold]).contains("rounds to 0"));
}

#[test]
fn what_a_place_is_worth_is_computed_from_the_scenario() {
    assert!(told(&[]).contains("is worth 5.4 % of the weight"), "{}", told(&[]));
    let warm = told(&["validators.weighting.win_rate.temperature=1.0"]);
    assert!(warm.contains("is worth 0.39 % of the weight"), "{warm}");
    let proportional = told(&["validators.weighting.proportional={exponent=1.0}"]);
    assert!(!proportional.contains("One place more"), "{proportional}");
    assert!(proportional.contains("in proportion to the score"), "{proportional}");
}

#[test]
fn a_scenario_is_told_in_words_then_by_the_keys_it_sets_and_by_all_when_asked() {
    let place = TestFolder::new();
    let file = &place.write("my world.toml", WORLD);
    let ended = assay(&["explain", file, "--set", "router.v001.cap_alpha=1250"]);
    assert_eq!(ended.code, 0, "{ended:?}");
    let at = |part: &str| ended.out.find(part).unwrap_or_else(|| panic!("{part}: {}", ended.out));
    let order = [
        "Who takes part",
        "Cohort rich: 3 miners with 500 alpha each",
        "half of the jobs take at most 3 s (constant)",
        "60 requests an hour",
        "version v001 (27 October 2025)",
        "by stake up to 1250 alpha",
        "4 epochs of 360 blocks",
        "What is judged",
        "Keys that the scenario sets",
        "cap_alpha = 1250",
    ];
    assert!(order.windows(2).all(|pair| at(pair[0]) < at(pair[1])), "{}", ended.out);
    for absent in ["Source", "Default:", "half_life_s", "tempo ="] {
        assert!(!ended.out.contains(absent), "{absent}: {}", ended.out);
    }
    let all = assay(&["explain", file, "--set", "router.v001.cap_alpha=1250", "--defaults"]);
    let line = |part: &str| {
        let found = all.out.lines().find(|line| line.contains(part));
        found.unwrap_or_else(|| panic!("{part}: {}", all.out)).to_string()
    };
    assert!(line("tempo = 360").contains("Default: chain.md section 8"), "{}", line("tempo = 360"));
    // What the user set has no default's source beside it, whatever it is set to.
    for own in ["epochs = 4", "cap_alpha = 1250", "replications = 2"] {
        assert!(line(own).starts_with('*') && !line(own).contains("Default"), "{}", line(own));
    }
}
