//! `chain.runtime` in a scenario: the rules of older and newer chains reach a run, and 425 is what a file without it means.

use crate::common::assay;
use assay_testing::TestFolder;
use std::fs;

/// Two miners of unlike speed, one validator.
const SCENARIO: &str = r#"
[run]
epochs = 6
replications = 1
[[client]]
name = "client"
arrivals.closed_loop = { think_ms = 5000.0 }
[[validator]]
name = "one"
stake_alpha = 60000.0
[[validator]]
name = "two"
stake_alpha = 30000.0
[[cohort]]
name = "fast"
stake_alpha = 500.0
count = 1
service.constant = { value_ms = 4000.0 }
[[cohort]]
name = "slow"
stake_alpha = 500.0
count = 1
service.constant = { value_ms = 9000.0 }
"#;

/// The digest of a run and its table of epochs, as (epoch, block, minted, paid to miners).
fn run(set: &[&str]) -> (String, Vec<[u64; 4]>) {
    let place = TestFolder::new();
    let (file, out) = (place.write("scenario.toml", SCENARIO), place.path("out"));
    let mut arguments = vec!["run", &file, "--out", &out];
    for set in set {
        arguments.extend_from_slice(&["--set", set]);
    }
    let ended = assay(&arguments);
    assert_eq!(ended.code, 0, "{set:?}: {}", ended.err);
    let digest = ended.out.lines().find_map(|line| line.strip_prefix("digest"));
    let table = fs::read_to_string(format!("{out}/epochs.csv")).unwrap();
    let names: Vec<&str> = table.lines().next().unwrap().split(',').collect();
    let place = |name: &str| names.iter().position(|own| *own == name).unwrap();
    let columns = ["epoch", "block", "minted_rao_mean", "miners_rao_mean"].map(place);
    let epochs = table.lines().skip(1).map(|line| {
        let cells: Vec<&str> = line.split(',').collect();
        columns.map(|column| cells[column].parse().unwrap())
    });
    (digest.unwrap().trim().to_string(), epochs.collect())
}

#[test]
fn a_file_without_a_runtime_means_425() {
    let (plain, _) = run(&[]);
    assert_eq!(run(&["chain.runtime=425"]).0, plain);
    // What moves none of the rules that this scenario meets moves nothing.
    assert_eq!(run(&["chain.runtime=436"]).0, plain);
    assert_eq!(run(&["chain.runtime=446"]).0, plain);
}

#[test]
fn before_423_an_epoch_comes_every_tempo_and_one_block() {
    for (runtime, period) in [("326", 361), ("400", 361), ("422", 361), ("423", 360), ("446", 360)]
    {
        let (_, epochs) = run(&[&format!("chain.runtime={runtime}")]);
        for (number, [epoch, block, minted, _]) in (0..).zip(epochs) {
            let at = 6_800_000 + period * (number + 1);
            assert_eq!([epoch, block, minted], [number, at, period * 1_000_000_000], "{runtime}");
        }
    }
    let first = run(&["chain.runtime=326", "chain.first_epoch_block=100"]).1;
    assert_eq!([first[0][1], first[1][1]], [6_800_100, 6_800_461]);
}

#[test]
fn committed_weights_are_a_tempo_late_as_the_runtime_reveals_them() {
    let first_paid = |set: &[&str]| run(set).1.iter().find(|epoch| epoch[3] > 0).unwrap()[0];
    for runtime in ["chain.runtime=326", "chain.runtime=425"] {
        let at_once = first_paid(&[runtime]);
        let committed = [runtime, "chain.commit_reveal=true"];
        // From 423 on a lag of 0 is "known at once"; before, the chain cannot read a commit so early.
        let known = first_paid(&[&committed[..], &["chain.reveal_lag=0"]].concat());
        assert_eq!(known, at_once + u64::from(runtime.ends_with("326")), "{runtime}");
        for lag in ["chain.reveal_lag=1", "chain.reveal_lag=4", "chain.reveal_lag=350"] {
            assert_eq!(
                first_paid(&[&committed[..], &[lag]].concat()),
                at_once + 1,
                "{runtime} {lag}"
            );
        }
    }
}

#[test]
fn stake_on_root_and_the_threshold_decide_who_votes() {
    let (plain, _) = run(&[]);
    // 30,000 alpha are below the threshold: the larger validator alone has a say, and gets all dividends.
    let (alone, epochs) = run(&["chain.stake_threshold_rao=31000000000000"]);
    assert_ne!(alone, plain);
    assert!(epochs.iter().any(|epoch| epoch[3] > 0));
    // 10,000 TAO at 0.18 are 1,800 alpha, which lift it above.
    let rooted =
        ["chain.stake_threshold_rao=31000000000000", "validator.two.root_stake_tao=10000.0"];
    assert_ne!(run(&rooted).0, alone);
    let weightless = [&rooted[..], &["chain.tao_weight=0.0"]].concat();
    assert_eq!(run(&weightless).0, alone);
}

#[test]
fn every_rao_adds_up_with_a_part_for_root() {
    for set in [
        &["chain.root_prop=0.25", "chain.root_sell=true", "validator.one.root_stake_tao=5000.0"][..],
        &["chain.root_prop=0.25", "chain.runtime=446", "validator.one.root_stake_tao=5000.0"],
        &["chain.root_prop=0.25", "chain.runtime=446", "chain.root_sell=true"],
        &["chain.root_prop=0.25", "chain.runtime=343"],
    ] {
        // The run itself checks every epoch; that it ends well is the point.
        let (_, epochs) = run(set);
        assert_eq!(epochs.len(), 6, "{set:?}");
    }
}

/// What a scenario with these settings is refused with.
fn refusal(set: &[&str]) -> String {
    let place = TestFolder::new();
    let (file, out) = (place.write("scenario.toml", SCENARIO), place.path("out"));
    let mut arguments = vec!["run", &file, "--out", &out];
    for set in set {
        arguments.extend_from_slice(&["--set", set]);
    }
    let ended = assay(&arguments);
    assert_eq!(ended.code, 2, "{set:?}: {}", ended.err);
    ended.err
}

#[test]
fn what_no_runtime_and_no_clock_can_hold_is_refused_with_its_keys() {
    for version in [325, 438, 441, 447] {
        let told = refusal(&[&format!("chain.runtime={version}")]);
        assert!(told.contains("chain.runtime") && told.contains(&version.to_string()), "{told}");
    }
    let told = refusal(&["chain.runtime=440"]);
    assert!(told.contains("326..=446 without 438..=441"), "{told}");
    // 30,500 epochs of 50,400 blocks of 12 s are 1.84464e19 ns, 2^64 ns are 1.84467e19.
    let told = refusal(&["chain.tempo=50400", "run.epochs=30501"]);
    assert!(told.contains("run.epochs: is 30501") && told.contains("chain.tempo 50400"), "{told}");
    assert!(told.contains("up to 30500"), "{told}");
    let told = refusal(&["chain.root_prop=0.5", "chain.runtime=342"]);
    assert!(
        told.contains("chain.root_prop: is 0.5") && told.contains("chain.runtime 343"),
        "{told}"
    );
    let told = refusal(&["chain.registration.burn_min_rao=200000000000"]);
    assert!(told.contains("burn_min_rao") && told.contains("burn_max_rao 100000000000"), "{told}");
}

#[test]
fn explain_names_the_runtime_and_its_rules() {
    let place = TestFolder::new();
    let file = place.write("scenario.toml", SCENARIO);
    let told = |set: &str| assay(&["explain", &file, "--set", set]).out;
    assert!(told("run.seed=1").contains("Chain: runtime 425 (30 June 2026)"));
    assert!(told("chain.runtime=330").contains("Chain: runtime 330 (rules of 326)"));
}
