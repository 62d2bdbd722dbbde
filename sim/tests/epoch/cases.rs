//! The committed cases and random ones through `assay epoch`, against the slow reference.

use crate::generate::Draw;
use crate::generate::input_of_any_runtime;
use crate::reference;
use crate::reference::Input;
use crate::reference::Output;
use serde_json::Value;
use serde_json::json;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;
use std::process::Command;
use std::process::Stdio;

/// What `assay epoch` prints for a file.
pub(crate) fn answer_of(file: &Path) -> Value {
    let run = Command::new(env!("CARGO_BIN_EXE_assay")).arg("epoch").arg(file).output().unwrap();
    let errors = String::from_utf8_lossy(&run.stderr);
    assert!(run.status.success(), "{}: {errors}", file.display());
    serde_json::from_slice(&run.stdout).unwrap()
}

/// What `assay epoch -` prints for a text, with exit code and standard error.
pub(crate) fn answer_to(text: &str) -> (Option<i32>, String, String) {
    let mut run = Command::new(env!("CARGO_BIN_EXE_assay"))
        .args(["epoch", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    run.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let run = run.wait_with_output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (run.status.code(), text(run.stdout), text(run.stderr))
}

pub(crate) fn committed() -> Vec<PathBuf> {
    assay_testing::files("sim/tests/cases/chain", "json")
}

fn u64s(list: &Value) -> Vec<u64> {
    list.as_array().unwrap().iter().map(|x| x.as_u64().unwrap()).collect()
}

fn row(list: &Value) -> Vec<(u16, u16)> {
    let number = |x: &Value| u16::try_from(x.as_u64().unwrap()).unwrap();
    list.as_array().unwrap().iter().map(|cell| (number(&cell[0]), number(&cell[1]))).collect()
}

fn rows(list: &Value) -> Vec<Vec<(u16, u16)>> {
    list.as_array().unwrap().iter().map(row).collect()
}

/// The reference's input of a case; a missing hyper-parameter has the default of chain.md 8.
fn input_of(case: &Value) -> Input {
    let n = usize::try_from(case["n"].as_u64().unwrap()).unwrap();
    let number = |key: &str| case[key].as_u64().unwrap();
    let alpha = u64s(&case["stake"]);
    // 971718665099567868 * 2^32 / (2^64 - 1) = 226245882.
    let weigh =
        |(uid, tao): (usize, u64)| (u128::from(alpha[uid]) << 32) + u128::from(tao) * 226_245_882;
    let tao = case.get("tao_stake").map_or_else(|| vec![0; n], u64s);
    let mut input = Input {
        n,
        block: number("block"),
        tempo: number("tempo"),
        last_mechanism_step_block: number("last_mechanism_step_block"),
        rao: number("rao_emission"),
        owner: case["owner_uid"].as_u64().map(|uid| usize::try_from(uid).unwrap()),
        stake: tao.into_iter().enumerate().map(weigh).collect(),
        stake_fraction: 32,
        last_update: u64s(&case["last_update"]),
        reg_block: u64s(&case["block_at_registration"]),
        permits: case["permits"].as_array().unwrap().iter().map(|p| p.as_bool().unwrap()).collect(),
        commits: match case.get("commit_blocks") {
            None => vec![None; n],
            Some(blocks) => blocks.as_array().unwrap().iter().map(Value::as_u64).collect(),
        },
        weights: rows(&case["weights"]),
        bonds: case.get("bonds").map_or_else(|| vec![vec![]; n], rows),
        kappa: 32_767,
        bonds_penalty: 65_535,
        bonds_moving_average: 900_000,
        cutoff_factor_milli: 13_889,
        max_allowed_validators: 64,
        stake_threshold: 0,
        yuma3: true,
        liquid_alpha: false,
        alpha_low: 45_875,
        alpha_high: 58_982,
        steepness: 1_000,
        commit_reveal: true,
        runtime: 425,
        cutoff_blocks: None,
        mode: 0,
        consensus: vec![0; n],
    };
    set_hyper(&mut input, &case["hyper"]);
    input
}

fn set_hyper(x: &mut Input, hyper: &Value) {
    for (key, value) in hyper.as_object().into_iter().flatten() {
        let small = || u16::try_from(value.as_u64().unwrap()).unwrap();
        match key.as_str() {
            "kappa" => x.kappa = small(),
            "bonds_penalty" => x.bonds_penalty = small(),
            "bonds_moving_average" => x.bonds_moving_average = value.as_u64().unwrap(),
            "activity_cutoff_factor_milli" => x.cutoff_factor_milli = value.as_u64().unwrap(),
            "max_allowed_validators" => x.max_allowed_validators = small().into(),
            "stake_threshold" => x.stake_threshold = value.as_u64().unwrap(),
            "yuma3" => x.yuma3 = value.as_bool().unwrap(),
            "liquid_alpha" => x.liquid_alpha = value.as_bool().unwrap(),
            "alpha_sigmoid_steepness" => {
                x.steepness = i16::try_from(value.as_i64().unwrap()).unwrap();
            }
            "commit_reveal" => x.commit_reveal = value.as_bool().unwrap(),
            other => panic!("the committed cases use no {other}"),
        }
    }
}

/// Applies a step to the reference's input, in the order of appendix A.
fn apply(x: &mut Input, step: &Value) {
    let pairs = |key: &str| step.get(key).and_then(Value::as_array).cloned().unwrap_or_default();
    let uid = |pair: &Value| usize::try_from(pair[0].as_u64().unwrap()).unwrap();
    x.block = step["block"].as_u64().unwrap();
    set_hyper(x, step.get("hyper").unwrap_or(&Value::Null));
    for pair in pairs("replace_uid") {
        let (gone, block) = (uid(&pair), pair[1].as_u64().unwrap());
        (x.last_update[gone], x.reg_block[gone], x.stake[gone]) = (block, block, 0);
        (x.permits[gone], x.weights[gone], x.bonds[gone]) = (false, vec![], vec![]);
        let votes = x.weights.iter_mut().flatten();
        votes.filter(|(voted, _)| usize::from(*voted) == gone).for_each(|(_, weight)| *weight = 0);
    }
    for pair in pairs("set_weights") {
        x.weights[uid(&pair)] = row(&pair[1]);
        x.last_update[uid(&pair)] = x.block;
    }
    for pair in pairs("set_last_update") {
        x.last_update[uid(&pair)] = pair[1].as_u64().unwrap();
    }
    for pair in pairs("set_stake") {
        x.stake[uid(&pair)] = u128::from(pair[1].as_u64().unwrap()) << 32;
    }
}

/// The keys of `expected` that the reference gives.
fn expected(out: &Output) -> Value {
    let u16s = |bits: &[i128]| bits.iter().map(|&x| reference::prop_u16(x)).collect::<Vec<_>>();
    let bits = |bits: &[i128]| bits.iter().map(|&x| i64::try_from(x).unwrap()).collect::<Vec<_>>();
    let row = |row: &reference::Cells| {
        row.iter().map(|&(j, x)| (j, i64::try_from(x).unwrap())).collect::<Vec<_>>()
    };
    let mut keys = json!({
        "stake_bits": bits(&out.stake), "active_stake_bits": bits(&out.active_stake),
        "consensus_bits": bits(&out.consensus), "validator_trust_bits": bits(&out.validator_trust),
        "incentive_bits": bits(&out.incentive), "dividend_bits": bits(&out.dividend),
        "bond_bits": out.bond_bits.iter().map(row).collect::<Vec<_>>(), "bonds": out.bonds,
        "stake_weight": u16s(&out.stake), "consensus": u16s(&out.consensus),
        "validator_trust": u16s(&out.validator_trust), "incentive": u16s(&out.incentive),
        "dividends": u16s(&out.dividend), "active": out.active, "validator_permit": out.new_permits,
        "server_emission": out.server, "validator_emission": out.validator, "emission": out.combined,
    });
    if !out.scores.is_empty() {
        keys["pruning_scores"] = json!(out.scores);
    }
    keys
}

/// Compares but for the digests, which the vectors check.
fn assert_same(place: &str, expected: &Value, mut got: Value) {
    let keys = got.as_object_mut().unwrap();
    keys.remove("bond_bits_digest").unwrap();
    keys.remove("bonds_digest").unwrap();
    assert_eq!(expected, &got, "{place}");
}

#[test]
fn the_committed_cases_give_what_the_reference_gives() {
    let files = committed();
    assert!(files.len() >= 20);
    for file in files {
        let case: Value = serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
        let (mut x, got) = (input_of(&case), answer_of(&file));
        let place = file.display().to_string();
        let Some(steps) = case.get("steps") else {
            assert_same(&place, &expected(&reference::epoch(&x)), got);
            continue;
        };
        let mut out = None;
        for (index, step) in steps.as_array().unwrap().iter().enumerate() {
            apply(&mut x, step);
            let epoch = reference::epoch(&x);
            let (want, short) = (expected(&epoch), &got["steps"][index]);
            for key in ["incentive", "dividends", "consensus"] {
                assert_eq!(short[key], want[key], "{place}, step {index}");
            }
            x.bonds.clone_from(&epoch.bonds);
            x.permits.clone_from(&epoch.new_permits);
            x.last_mechanism_step_block = x.block;
            out = Some(want);
        }
        assert_same(&place, &out.unwrap(), got["final"].clone());
    }
}

#[test]
fn two_validators_and_a_miner_by_hand() {
    // S = 3/4 and 1/4, both weights 1, so consensus, both trusts, rank and incentive are 1 = 2^32.
    // Each bond is mul(alpha, 1) = 429496730 bits; N = 1/2 each, t = 1/2, mul(t, S) = 3/8 and 1/8, normalised 3/4 and
    // 1/4. M = 2: the miner has 1/2, the validators 3/8 and 1/8 of 1000 rao. A bond as u16 is 0.1 * 65535 = 6553.5.
    let file = committed().into_iter().find(|file| file.ends_with("by_hand.json")).unwrap();
    let got = answer_of(&file);
    let one = 1u64 << 32;
    assert_eq!(got["active_stake_bits"], json!([3 * one / 4, one / 4, 0]));
    assert_eq!(got["consensus_bits"], json!([0, 0, one]));
    assert_eq!(got["validator_trust_bits"], json!([one, one, 0]));
    assert_eq!(got["incentive_bits"], json!([0, 0, one]));
    assert_eq!(got["bond_bits"], json!([[[2, 429_496_730]], [[2, 429_496_730]], []]));
    assert_eq!(got["bonds"], json!([[[2, 6_553]], [[2, 6_553]], []]));
    assert_eq!(got["dividend_bits"], json!([3 * one / 4, one / 4, 0]));
    assert_eq!(got["server_emission"], json!([0, 0, 500]));
    assert_eq!(got["validator_emission"], json!([375, 125, 0]));
}

/// A case file of a random input; raw stakes as I64F64 bits.
fn case_of(x: &Input) -> String {
    let stake = match x.stake_fraction {
        64 => ("stake_bits", format!("{:?}", x.stake)),
        fraction => {
            ("stake", format!("{:?}", x.stake.iter().map(|s| s >> fraction).collect::<Vec<_>>()))
        }
    };
    let mode = ["auto", "current", "previous"][usize::from(x.mode)];
    let mut case = json!({
        "runtime": x.runtime, "consensus": x.consensus,
        "n": x.n, "block": x.block, "tempo": x.tempo, "rao_emission": x.rao, "owner_uid": x.owner,
        "last_mechanism_step_block": x.last_mechanism_step_block, "last_update": x.last_update,
        "block_at_registration": x.reg_block, "permits": x.permits, "weights": x.weights,
        "bonds": x.bonds, "commit_blocks": x.commits,
        "hyper": {
            "kappa": x.kappa, "bonds_penalty": x.bonds_penalty, "yuma3": x.yuma3,
            "bonds_moving_average": x.bonds_moving_average, "liquid_alpha": x.liquid_alpha,
            "activity_cutoff_factor_milli": x.cutoff_factor_milli, "alpha_low": x.alpha_low,
            "max_allowed_validators": x.max_allowed_validators, "alpha_high": x.alpha_high,
            "stake_threshold": x.stake_threshold, "alpha_sigmoid_steepness": x.steepness,
            "commit_reveal": x.commit_reveal,
            "liquid_alpha_consensus_mode": mode,
        },
    });
    if let Some(blocks) = x.cutoff_blocks {
        case["hyper"]["activity_cutoff_blocks"] = json!(blocks);
    }
    let mut case = case.to_string();
    case.truncate(case.len() - 1);
    format!("{case},\"{}\":{}}}", stake.0, stake.1)
}

#[test]
fn random_cases_give_the_same_through_the_command() {
    for seed in 0..60 {
        let mut draw = Draw(3_000_000 + seed);
        let n = 1 + draw.index(20);
        let mut x = input_of_any_runtime(&mut draw, n);
        if x.stake_fraction == 32 {
            x.stake.iter_mut().for_each(|stake| *stake = (*stake >> 32) << 32);
        }
        let (code, text, errors) = answer_to(&case_of(&x));
        assert_eq!(code, Some(0), "seed {seed}: {errors}");
        let got = serde_json::from_str(&text).unwrap();
        assert_same(&format!("seed {seed}, {}", x.runtime), &expected(&reference::epoch(&x)), got);
    }
}
