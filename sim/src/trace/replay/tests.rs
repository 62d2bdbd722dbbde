//! Small traces worked by hand, and the equalities a replay must keep.

use super::*;
use crate::config;
use std::fmt::Write;

const HEADING: &str = "job,created_at_ms,dispatched_ms,miner,num_inference_steps,status,failure_reason,latency_ms,total_runtime_ms,callback_received_ms,response_ms,last_updated_ms,has_image,image_size\n";

/// One hour, an hour apart; weights after a burn of 3/4.
const HOURLY: &str =
    "[replay]\nreference_time_ms = 7200000\nfirst_run_ms = 3600000\nlast_run_ms = 7200000\n";

fn plan(text: &str) -> ReplayPlan {
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("s.toml");
    std::fs::write(&file, text).unwrap();
    let loaded = config::load(&file, &[]).unwrap();
    ReplayPlan::of(&config::resolve("s", "", &loaded))
}

fn run(scenario: &str, rows: &str) -> Result<ReplayResult, TraceError> {
    let text = format!("{HEADING}{rows}");
    replay(&|| Ok(text.as_bytes()), &plan(scenario), None, false)
}

fn close(got: f64, expected: f64) {
    assert!((got - expected).abs() < 1e-12, "{got} is not {expected}");
}

/// m0 answers in 6 s (0.9) in the first hour, m1 in 30 s (0.5) in the second, m2 fails.
const ROWS: &str = "0,0,100,m0,60,success,,5900,6000,6000,6000,6000,1,2000\n\
    1,1000,1100,m2,60,failed,empty_image_payload,,,,,2000,,\n\
    2,4000000,4000100,m1,60,success,,29900,30000,4030000,4030000,4030000,0,\n\
    3,4000000,4000100,m1,60,pending,,,,,,4000100,,\n";

/// At 2 h: m0 has 0.9 halved over (7200 - 6) s, m1 0.5 over (7200 - 4030) s. Of 256 uids m0 beats 255, m1 254. The
/// ratio of their weights is exp(1/255/0.075). In the first hour m0 alone has the pot, so its mean share is (1 + s)/2.
#[test]
fn two_miners_are_scored_ranked_and_paid() {
    let replayed = run(HOURLY, ROWS).unwrap();
    assert_eq!((replayed.scan.rows, replayed.averaged, replayed.miners.len()), (4, 2, 3));
    let [m0, m1, m2] = [0, 1, 2].map(|index| &replayed.miners[index]);
    close(m0.published.score, 0.9 * math::pow(0.5, 7194.0 / 604_800.0));
    close(m1.published.score, 0.5 * math::pow(0.5, 3170.0 / 604_800.0));
    assert_eq!((m0.wins, m1.wins, m2.wins), (255, 254, 0));
    close(m1.win_rate, 254.0 / 255.0);
    let ratio = math::exp(1.0 / 255.0 / 0.075);
    let share = ratio / (1.0 + ratio);
    close(m0.weight_share.unwrap(), share);
    close(m0.weight, 0.25 * share);
    close(m0.mean_share.unwrap(), 0.5 * (1.0 + share));
    close(m1.mean_share.unwrap(), 0.5 * (1.0 - share));
    close(m0.pay_share.unwrap() + m1.pay_share.unwrap(), 1.0);
    assert!((m0.pay_share.unwrap() - share).abs() < 1e-4, "u16 moves it a little");
    // Both runs take the failure in: at 1 h and, on top of the stored record, at 2 h.
    assert_eq!((m2.published.failure_count, m2.pay_share), (Some(2), Some(0.0)));
    assert!(m2.win_rate < 0.0 && m2.win_rate.is_infinite());
}

#[test]
fn a_required_image_and_a_smallest_size_take_successes_away() {
    let scores = |settings: &str| -> Vec<f64> {
        let text = format!("[orchestrator.scoring.v001]\n{settings}\n{HOURLY}");
        run(&text, ROWS).unwrap().miners.iter().map(|miner| miner.published.score).collect()
    };
    let positive = |scores: Vec<f64>| scores.iter().map(|score| *score > 0.0).collect::<Vec<_>>();
    assert_eq!(positive(scores("")), [true, true, false]);
    assert_eq!(positive(scores("require_image = true")), [true, false, false]);
    assert_eq!(positive(scores("image_bytes_min = 2000")), [true, false, false]);
    assert_eq!(positive(scores("image_bytes_min = 2001")), [false, false, false]);
}

/// As image edits: 6 s is under the floor of 8 s, 29.9 s above the limit of 15 s: three failures and no pay.
#[test]
fn a_relabelled_job_goes_through_its_kinds_callback_rules() {
    let text = "[orchestrator]\nversion = \"head\"\n[orchestrator.scoring.head]\n[replay]\nkind = \"img-h100_pcie\"\n";
    let replayed = run(text, ROWS).unwrap();
    let failures: Vec<_> =
        replayed.miners.iter().map(|miner| miner.published.failure_count).collect();
    assert_eq!(failures, [Some(1), Some(1), Some(1)]);
    assert_eq!(replayed.miners[0].weight_share, None);
    assert_eq!(replayed.miners[0].pay_share, None);
    assert_eq!(replayed.miners[0].mean_share, None, "no runs are averaged by default");
    assert_eq!(replayed.reference_ms, 4_030_000, "the last write");
}

#[test]
fn a_banned_miner_is_not_paid_by_a_validator_that_heeds_the_list() {
    let text =
        format!("[validators.weighting.win_rate]\nban_list = true\n{HOURLY}banned = [\"m0\"]\n");
    let replayed = run(&text, ROWS).unwrap();
    close(replayed.miners[0].weight, 0.0);
    close(replayed.miners[1].weight, 0.25);
    assert_eq!(replayed.miners[1].wins, 254, "who is banned is still an opponent");
    let unknown = format!("{HOURLY}banned = [\"m9\"]\n");
    assert!(run(&unknown, ROWS).unwrap_err().to_string().contains("m9"));
}

#[test]
fn uids_leave_the_owner_out_and_come_from_the_name() {
    let row = |job: u32, name: &str| format!("{job},0,1,{name},60,success,,1,1,1,1,1,1,1\n");
    let rows = format!("{}{}{}", row(0, "m74"), row(1, "m73"), row(2, "m0"));
    let uids = |scenario: &str| -> Vec<(String, u16)> {
        let replayed = run(scenario, &rows).unwrap();
        replayed.miners.into_iter().map(|miner| (miner.name, miner.uid)).collect()
    };
    let named = |pairs: [(&str, u16); 3]| pairs.map(|(name, uid)| (name.to_string(), uid));
    assert_eq!(uids("[replay]"), named([("m0", 0), ("m73", 73), ("m74", 75)]));
    let listed = "[replay]\nminers = [\"m74\", \"m0\", \"m73\"]\n[chain]\nowner_uid = 1\n";
    assert_eq!(uids(listed), named([("m74", 0), ("m0", 2), ("m73", 3)]));
}

#[test]
fn who_has_no_place_is_told_with_a_line() {
    let text = |name: &str| format!("0,0,1,{name},60,success,,1,1,1,1,1,1,1\n");
    let told = |scenario: &str, name: &str| run(scenario, &text(name)).unwrap_err().to_string();
    let far = told("[replay]", "m300");
    assert!(far.contains("line 2: miner m300 would have uid 301, allowed: below"), "{far}");
    assert!(told("[replay]", "m254").contains("validator has"), "{}", told("[replay]", "m254"));
    assert!(told("[replay]\nminers = [\"a\"]\n", "b").contains("no miner b"));
}

/// A success is stored at 1 s and last written at 50 s, when the miner's answer comes; a run at 10 s does not see it.
/// A later job of the same miner, seen at once, is scored after it all the same.
#[test]
fn a_job_is_seen_from_its_last_write_and_scored_at_its_event() {
    let rows = "0,0,50000,m0,60,success,,,1000,1000,1000,50000,0,\n\
        1,2000,2100,m0,60,success,,2900,3000,5000,5000,5000,1,9\n";
    let text = "[orchestrator]\nversion = \"1f6be52\"\n\
        [replay]\nfirst_run_ms = 10000\nlast_run_ms = 10000\nreference_time_ms = ";
    let early = run(&format!("{text}10000\n"), rows).unwrap();
    let late = run(&format!("{text}60000\n"), rows).unwrap();
    assert_eq!(early.miners[0].published.success_count, 1);
    assert_eq!(late.miners[0].published.success_count, 2);
    close(late.miners[0].published.score, 0.95 * math::pow(0.5, 55.0 / 604_800.0));
}

/// A trace of some thousand jobs, with jobs that are last written long after their event.
fn long_trace(jobs: u64) -> String {
    let mut text = String::new();
    for job in 0..jobs {
        let word = crate::base::random::mix(job + 1);
        let (miner, runtime, created) = (word % 7, 500 + word / 7 % 70_000, job * 30_000);
        let at = created + runtime;
        let written = at + if word.is_multiple_of(11) { word % 5_000_000 } else { 0 };
        let status = if word.is_multiple_of(5) { "failed" } else { "success" };
        writeln!(text, "{job},{created},,m{miner},60,{status},,,{runtime},{at},{at},{written},1,9")
            .unwrap();
    }
    text
}

#[test]
fn hourly_runs_give_the_scores_of_one_run_to_the_bit() {
    let rows = long_trace(9_000);
    for rule in ["v001", "head", "document_sum"] {
        let settings = match rule {
            "head" => "ema_alpha = 0.3\nlookback_days = 0.5\n",
            _ => "",
        };
        let head = format!("[orchestrator.scoring.{rule}]\n{settings}[replay]\n");
        let kind = "kind = \"base-h100_pcie\"\nreference_time_ms = 280000000\n";
        let once = run(&format!("{head}{kind}"), &rows).unwrap();
        let hourly = format!("{head}{kind}last_run_ms = 277200000\n");
        let often = run(&hourly, &rows).unwrap();
        assert_eq!(often.averaged, 77);
        for (once, often) in once.miners.iter().zip(&often.miners) {
            assert_eq!(once.published, often.published, "{rule}");
            assert_eq!(once.published.score.to_bits(), often.published.score.to_bits());
            assert_eq!(once.weight.to_bits(), often.weight.to_bits());
        }
    }
}

#[test]
fn the_table_has_the_published_columns_and_empty_cells_for_what_has_no_value() {
    let text = "[orchestrator.scoring.document_sum]\n[replay]\n";
    let table = crate::trace::to_csv(&run(text, ROWS).unwrap().miners);
    let table = String::from_utf8(table).unwrap();
    let lines: Vec<_> = table.lines().collect();
    assert_eq!(
        lines[0],
        "miner,uid,success_count,failure_count,score,ema,wins,win_rate,weight_burn075,miner_share,mean_share_hourly,pay_share"
    );
    let cells: Vec<_> = lines[3].split(',').collect();
    assert_eq!(&cells[..8], ["m2", "2", "0", "", "0.0", "", "0", "-inf"]);
    assert_eq!(cells[10], "");
}
