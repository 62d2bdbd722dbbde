//! A run is a rebuild: by hand, at the edges, and over arbitrary histories.

use super::*;
use crate::model::scoring::ScoringSpec;
use proptest::prelude::Just;
use proptest::prelude::any;
use proptest::prelude::prop;
use proptest::prelude::prop_oneof;
use proptest::prelude::proptest;
use proptest::strategy::Strategy;

/// Version v001's rule with runs that begin with nothing, as since 1f6be52.
const ANEW: &str = "[v001]\nstarts_from = \"nothing\"\n";
const WEEK_MS: u64 = 604_800_000;

fn rule(text: &str) -> Box<dyn Scoring> {
    toml::from_str::<ScoringSpec>(text).unwrap().build()
}

fn success(at_ms: u64, total_runtime_ms: u64) -> FinishedJob {
    FinishedJob {
        at_ms,
        success: true,
        total_runtime_ms: Some(total_runtime_ms),
        kind_weight: 1.0,
        ..FinishedJob::default()
    }
}

fn job(number: u64, visible_ms: u64, event: &FinishedJob) -> Finished {
    Finished { number, created_ms: event.at_ms, visible_ms, event: *event }
}

fn failure(at_ms: u64) -> FinishedJob {
    FinishedJob { at_ms, kind_weight: 1.0, ..FinishedJob::default() }
}

/// The plain rebuild from all jobs that a run must equal: the oracle.
fn rebuilt(rule: &dyn Scoring, jobs: &[(u64, u64, FinishedJob)], now_ms: u64) -> Published {
    let from_ms = rule.terms().lookback_ms.map_or(0, |back| now_ms.saturating_sub(back));
    let mut jobs: Vec<_> = jobs
        .iter()
        .filter(|(_, visible, event)| *visible <= now_ms && event.at_ms >= from_ms)
        .collect();
    jobs.sort_by_key(|(number, _, event)| (event.at_ms, *number));
    let mut record = Record::default();
    for (_, _, event) in jobs {
        if let Some(sample) = rule.judge(event) {
            rule.advance(&mut record, seconds(event.at_ms), Some(sample));
        }
    }
    publish(rule, &record, now_ms)
}

/// 1 - 6000/60000 = 0.9; after a week without a job 0.45.
#[test]
fn a_run_publishes_the_decayed_record_and_keeps_it() {
    let rule = rule(ANEW);
    let mut ledger = History::default();
    ledger.finished(&*rule, &job(0, 0, &success(0, 6000)), false);
    for _ in 0..2 {
        assert!((ledger.run(&*rule, 0).score - 0.9).abs() < 1e-12);
    }
    assert!((ledger.run(&*rule, WEEK_MS).score - 0.45).abs() < 1e-12);
}

#[test]
fn without_a_job_the_record_is_all_zero() {
    for text in ["[v001]", ANEW, "[head]", "[document_sum]"] {
        let published = History::default().run(&*rule(text), 5);
        assert!(published.score.abs() < 1e-12 && published.success_count == 0, "{text}");
    }
}

#[test]
fn a_job_counts_from_the_millisecond_it_is_visible() {
    let rule = rule(ANEW);
    let mut ledger = History::with_grace(20);
    ledger.finished(&*rule, &job(0, 110, &success(100, 6000)), false);
    assert_eq!(ledger.run(&*rule, 109).success_count, 0);
    assert_eq!(ledger.run(&*rule, 110).success_count, 1);
    assert_eq!(ledger.late(), 0);
}

#[test]
fn the_look_back_reaches_exactly_seven_days() {
    let rule = rule("[head]");
    let mut ledger = History::default();
    ledger.finished(&*rule, &job(0, 0, &success(0, 6000)), false);
    assert_eq!(ledger.run(&*rule, WEEK_MS).success_count, 1);
    let after = ledger.run(&*rule, WEEK_MS + 1);
    assert_eq!((after.success_count, after.failure_count), (0, Some(0)));
    assert!(after.score.abs() < 1e-12);
}

#[test]
fn an_overwritten_status_is_replaced_until_a_run_has_settled_it() {
    let rule = rule(ANEW);
    let mut ledger = History::default();
    ledger.finished(&*rule, &job(7, 10, &failure(10)), false);
    assert!(ledger.finished(&*rule, &job(7, 20, &success(20, 6000)), true));
    let run = ledger.run(&*rule, 30);
    assert_eq!((run.success_count, run.failure_count), (1, Some(0)));
    assert!(!ledger.finished(&*rule, &job(7, 40, &failure(40)), true));
    assert_eq!(ledger.run(&*rule, 50).failure_count, Some(1));
}

/// The run at 10 settles the failure, which then counts; a success that takes its place at 10 comes before the run.
#[test]
fn a_status_counts_where_a_run_saw_it_before_another_took_its_place() {
    for (superseded_ms, failures) in [(11, 1), (10, 0)] {
        for text in [ANEW, "[head]"] {
            let rule = rule(text);
            let mut history = History::default();
            history.superseded(&*rule, &job(0, 10, &failure(10)), superseded_ms);
            history.finished(&*rule, &job(0, superseded_ms, &success(superseded_ms, 6000)), false);
            history.run(&*rule, 10);
            let run = history.run(&*rule, 20);
            assert_eq!((run.success_count, run.failure_count), (1, Some(failures)), "{text}");
        }
    }
}

#[test]
fn a_changed_configuration_never_reaches_a_known_miner() {
    let (slow, fast) = (rule("[head]"), rule("[head]\nhalf_life_s = 1.0"));
    let mut ledger = History::default();
    ledger.finished(&*slow, &job(0, 0, &success(0, 6000)), false);
    let before = ledger.run(&*slow, 1000).score;
    assert!((ledger.run(&*fast, 1000).score - before).abs() < 1e-12);
}

#[test]
fn a_job_later_than_the_grace_is_counted_as_late() {
    let rule = rule(ANEW);
    let mut ledger = History::default();
    ledger.finished(&*rule, &job(0, 10, &success(10, 1)), false);
    ledger.finished(&*rule, &job(1, 20, &success(5, 1)), false);
    ledger.run(&*rule, 10);
    ledger.run(&*rule, 20);
    assert_eq!(ledger.late(), 1);
}

#[test]
fn settling_between_runs_changes_nothing() {
    for text in RULES {
        let rule = rule(text);
        let (mut settled, mut plain) = (History::default(), History::default());
        for number in 0..10 {
            let event =
                if number % 3 == 0 { failure(number) } else { success(number, 100 * number) };
            settled.finished(&*rule, &job(number, number, &event), false);
            plain.finished(&*rule, &job(number, number, &event), false);
            settled.settle(&*rule, number);
        }
        assert_eq!(settled.waiting.len(), 0);
        assert_eq!(settled.run(&*rule, 50), plain.run(&*rule, 50), "{text}");
    }
}

const RULES: [&str; 6] = [
    ANEW,
    "[v001]\nstarts_from = \"nothing\"\nema_alpha = 0.3\n",
    "[v001]\nlookback_days = 0.01\n",
    "[head]\nlookback_days = 0.01\n",
    "[head]\nlookback_days = 0.01\nema_alpha = 0.3\nfailure_penalty_weight = 0.7\n",
    "[document_sum]",
];
/// Longest time from event to visibility in the histories below [ms].
const LAG_MS: u64 = 60_000;
/// Length of the histories below [ms]: several look-backs of 864 s.
const SPAN_MS: u64 = 4_000_000;

fn history() -> impl Strategy<Value = Vec<(u64, u64, FinishedJob)>> {
    let job = (0..SPAN_MS, 0..=LAG_MS, any::<bool>(), 0..70_000_u64);
    prop::collection::vec(job, 0..60).prop_map(|jobs| {
        let mut numbered = Vec::new();
        for (number, (at_ms, lag, good, runtime)) in (0..).zip(jobs) {
            let event = if good { success(at_ms, runtime) } else { failure(at_ms) };
            numbered.push((number, at_ms + lag, event));
        }
        numbered
    })
}

proptest! {
    #[test]
    fn runs_now_and_then_equal_a_rebuild_to_the_bit(jobs in history(), step in 50_000_u64..900_000) {
        for text in RULES {
            let rule = rule(text);
            let mut ledger = History::with_grace(LAG_MS);
            for (number, visible, event) in &jobs {
                ledger.finished(&*rule, &job(*number, *visible, event), false);
            }
            let mut now_ms = 0;
            while now_ms < SPAN_MS + LAG_MS + step {
                let (got, expected) = (ledger.run(&*rule, now_ms), rebuilt(&*rule, &jobs, now_ms));
                assert_eq!(got, expected, "{text} at {now_ms}");
                assert_eq!(got.score.to_bits(), expected.score.to_bits(), "{text} at {now_ms}");
                now_ms += step;
            }
            assert_eq!(ledger.late(), 0);
        }
    }
}

/// What happens to jobs one after the other: each finishes with an event time a little later, and is final then or later.
fn course() -> impl Strategy<Value = Vec<(u64, u64, u64, FinishedJob)>> {
    let job = (0..SPAN_MS, 0..3_u64, prop_oneof![Just(0), 0..LAG_MS], any::<bool>(), 0..70_000_u64);
    prop::collection::vec(job, 0..60).prop_map(|mut jobs| {
        jobs.sort_unstable_by_key(|job| job.0);
        let numbered =
            (0..).zip(jobs).map(|(number, (now_ms, upload_ms, open_ms, good, runtime))| {
                let at_ms = now_ms + if good { upload_ms } else { 0 };
                let event = if good { success(at_ms, runtime) } else { failure(at_ms) };
                (number, now_ms, now_ms + open_ms, event)
            });
        numbered.collect()
    })
}

proptest! {
    #[test]
    fn settling_final_jobs_at_once_changes_no_run(jobs in course(), step in 50_000_u64..900_000) {
        let mut happenings: Vec<(u64, bool, usize)> = Vec::new();
        for (place, (_, now_ms, final_ms, _)) in jobs.iter().enumerate() {
            happenings.extend([(*now_ms, false, place), (*final_ms, true, place)]);
        }
        happenings.sort_unstable();
        for text in RULES {
            let rule = rule(text);
            let (mut at_once, mut plain) = (History::default(), History::default());
            let mut next_run_ms = 0;
            for (now_ms, is_final, place) in &happenings {
                while next_run_ms < *now_ms {
                    let (one, other) = (at_once.run(&*rule, next_run_ms), plain.run(&*rule, next_run_ms));
                    assert_eq!(one, other, "{text} at {next_run_ms}");
                    assert_eq!(one.score.to_bits(), other.score.to_bits(), "{text} at {next_run_ms}");
                    next_run_ms += step;
                }
                let (number, _, _, event) = &jobs[*place];
                if *is_final {
                    at_once.closed(&*rule, *number, *now_ms);
                } else {
                    at_once.finished(&*rule, &job(*number, event.at_ms, event), false);
                    plain.finished(&*rule, &job(*number, event.at_ms, event), false);
                }
            }
            assert!(at_once.waiting.len() <= plain.waiting.len());
            let end_ms = next_run_ms + SPAN_MS;
            assert_eq!(at_once.run(&*rule, end_ms), plain.run(&*rule, end_ms), "{text}");
        }
    }
}

#[test]
fn a_busy_miners_final_jobs_do_not_wait_for_the_run() {
    let rule = rule("[head]");
    let mut history = History::default();
    for number in 0..1000 {
        history.finished(
            &*rule,
            &job(number, 10 * number + 1, &success(10 * number + 1, 6000)),
            false,
        );
        history.closed(&*rule, number, 10 * number);
        assert!(history.waiting.len() <= 1, "{number}");
    }
    // One that is not final holds back those after it.
    history.finished(&*rule, &job(1000, 10_001, &success(10_001, 6000)), false);
    history.finished(&*rule, &job(1001, 10_011, &success(10_011, 6000)), false);
    history.closed(&*rule, 1001, 20_000);
    assert_eq!(history.waiting.len(), 2);
    history.closed(&*rule, 1000, 20_000);
    assert_eq!(history.waiting.len(), 0);
    assert_eq!(history.run(&*rule, 30_000).success_count, 1002);
}

/// A stretch of a schedule may change what a run begins with: what is held goes where the next run looks.
#[test]
fn jobs_are_not_lost_when_a_run_begins_with_something_else() {
    let (stored, anew) = (rule("[v001]"), rule("[v001]\nlookback_days = 7.0\n"));
    let mut history = History::default();
    history.finished(&*stored, &job(0, 10, &success(10, 6000)), false);
    assert_eq!(history.run(&*stored, 20).success_count, 1);
    assert_eq!(history.run(&*stored, 20).success_count, 2);
    assert_eq!(history.run(&*anew, 20).success_count, 1);
    history.finished(&*anew, &job(1, 30, &failure(30)), false);
    let run = history.run(&*anew, 40);
    assert_eq!((run.success_count, run.failure_count), (1, Some(1)));
    let back = history.run(&*stored, 50);
    assert_eq!((back.success_count, back.failure_count), (1, Some(1)));
    assert_eq!(history.run(&*stored, 60).success_count, 2);
}
