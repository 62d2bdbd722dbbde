//! Overload is a legal study below a stated bound: told before the run, ended with an error at the bound.

use crate::common::assay;
use assay_testing::Ended;
use assay_testing::TestFolder;

/// One miner that serves 360 jobs an hour, 432 an epoch of 72 minutes, and clients that ask for `per_h`.
fn run(verb: &str, per_h: &str, waiting_max: &str) -> (Ended, TestFolder) {
    let place = TestFolder::new();
    let text = format!(
        "[run]\nreplications = 2\nepochs = 4\nwaiting_max = {waiting_max}\n\n\
         [[client]]\nname = \"crowd\"\narrivals.poisson = {{ rate_per_h = {per_h} }}\n\n\
         [[cohort]]\nname = \"m\"\ncount = 1\nstake_alpha = 500.0\ngive_up_ms = 0.0\n\
         service.constant = {{ value_ms = 10000.0 }}\n"
    );
    let (file, out) = (place.write("s.toml", &text), place.path("out"));
    let ended = assay(&[verb, &file, "--quiet", "--out", &out]);
    (ended, place)
}

#[test]
fn more_waiting_jobs_than_may_end_the_run_with_bound_load_and_capacity() {
    for verb in ["run", "check"] {
        let (ended, place) = run(verb, "1000.0", "300");
        assert_eq!(ended.code, 2, "{verb}: {}", ended.err);
        for word in ["run.waiting_max is 300", "jobs an epoch", "serve about 432", "100000000"] {
            assert!(ended.err.contains(word), "{verb}, {word}: {}", ended.err);
        }
        assert!(!std::path::Path::new(&place.path("out")).exists(), "{verb}");
    }
}

#[test]
fn overload_below_the_bound_is_told_and_runs() {
    let (ended, _place) = run("run", "1000.0", "6000");
    assert_eq!(ended.code, 0, "{}", ended.err);
    assert!(ended.err.contains("note: s: clients ask for about 1"), "{}", ended.err);
    assert!(ended.err.contains("serve about 432"), "{}", ended.err);
}

#[test]
fn what_can_be_served_is_no_overload() {
    let (ended, _place) = run("run", "300.0", "6000");
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
}

/// A miner of eight slots serves eight times as many; one that leaves after half the run, half of that.
#[test]
fn slots_and_the_time_that_a_miner_is_there_count() {
    let (ended, place) = run("run", "1000.0", "6000");
    assert!(ended.err.contains("serve about 432"), "{}", ended.err);
    let (file, out) = (place.path("s.toml"), place.path("more"));
    for (set, is_told) in [("cohort.m.concurrency=8", false), ("cohort.m.concurrency=2", true)] {
        let ended = assay(&["run", &file, "--set", set, "--quiet", "--out", &out]);
        assert_eq!((ended.code, ended.err.contains("serve about 864")), (0, is_told), "{set}");
    }
}
