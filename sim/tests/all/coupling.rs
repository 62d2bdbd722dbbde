//! Two mechanisms on the same seeds are coupled: most jobs go to the same miner, whichever runs.

use crate::common::assay;
use assay_testing::TestFolder;
use assay_testing::TextTable;
use std::fmt::Write;

/// Share of equal choices below which runs are no longer coupled. Source: DESIGN section 3, 0.72 for a choice by rejection
/// and 0.30 for one by prefix sums in a toy of these stakes.
const LEAST: f64 = 0.6;

/// A hundred miners of 50 to 3,000 alpha, answering at once, and five thousand jobs.
fn world() -> String {
    let mut text = String::from(
        "[run]\nreplications = 1\nepochs = 2\n\n[[client]]\nname = \"crowd\"\narrivals.poisson = { rate_per_h = 2000.0 }\n\n\
         [[cohort]]\nname = \"m\"\npoll_ms = 0.0\nservice.constant = { value_ms = 100.0 }\nminer = [\n",
    );
    for place in 0..100 {
        let stake = 50.0 + f64::from(place) * 2950.0 / 99.0;
        writeln!(text, "  {{ stake_alpha = {stake:.1} }},").unwrap();
    }
    text + "]\n"
}

/// The miner of every job, in the order of job numbers.
fn choices(sets: &[&str]) -> Vec<String> {
    let place = TestFolder::new();
    let (file, jobs, out) =
        (place.write("w.toml", world()), place.path("jobs.csv"), place.path("out"));
    let mut arguments = vec!["run", &file, "--quiet", "--out", &out, "--jobs", &jobs];
    for set in sets {
        arguments.extend(["--set", set]);
    }
    let ended = assay(&arguments);
    assert_eq!(ended.code, 0, "{ended:?}");
    TextTable::read(&jobs).rows().map(|row| row.text("miner").to_string()).collect()
}

fn equal_share(first: &[&str], second: &[&str]) -> f64 {
    let (first, second) = (choices(first), choices(second));
    assert!(first.len() > 4000 && first.len() == second.len());
    let equal = first.iter().zip(&second).filter(|(a, b)| a == b).count();
    #[expect(clippy::cast_precision_loss, reason = "thousands of jobs")]
    let share = equal as f64 / first.len() as f64;
    share
}

#[test]
fn another_cap_leaves_most_jobs_with_their_miner() {
    let cap = |alpha: &str| format!("router.stake_capped.cap_alpha={alpha}");
    let found = equal_share(&[&cap("500")], &[&cap("1000")]);
    assert!(found > LEAST, "{found}");
}

/// The control: other seeds have next to nothing in common.
#[test]
fn another_seed_gives_jobs_to_others() {
    let router = "router.stake_capped.cap_alpha=500";
    let found = {
        let (first, second) = (choices(&[router]), choices(&[router, "run.seed=12"]));
        let pairs = first.iter().zip(&second);
        let count = pairs.clone().count();
        let equal = pairs.filter(|(a, b)| a == b).count();
        #[expect(clippy::cast_precision_loss, reason = "thousands of jobs")]
        let share = equal as f64 / count as f64;
        share
    };
    assert!(found < 0.05, "{found}");
}
