//! The fast epoch against the slow one, on thousands of random cases and on sequences of them.

use crate::generate::Draw;
use crate::generate::input;
use crate::generate::input_of_any_runtime;
use crate::reference;
use crate::reference::Input;
use crate::reference::Output;
use assay_chain::ActivityCutoff;
use assay_chain::ConsensusMode;
use assay_chain::Epoch;
use assay_chain::Hyper;
use assay_chain::I32F32;
use assay_chain::Runtime;
use assay_chain::State;

/// Cases with few neurons, with many, and sequences.
const SMALL_CASES: u64 = 20_000;
const LARGE_CASES: u64 = 16;
const SEQUENCES: u64 = 400;

pub(crate) fn hyper_of(x: &Input) -> Hyper {
    Hyper {
        kappa: x.kappa,
        bonds_penalty: x.bonds_penalty,
        bonds_moving_average: x.bonds_moving_average,
        runtime: Runtime::of(x.runtime).unwrap(),
        activity_cutoff: match x.cutoff_blocks {
            None => ActivityCutoff::FactorMilli(x.cutoff_factor_milli),
            Some(blocks) => ActivityCutoff::Blocks(blocks),
        },
        liquid_alpha_consensus_mode: [
            ConsensusMode::Auto,
            ConsensusMode::Current,
            ConsensusMode::Previous,
        ][usize::from(x.mode)],
        max_allowed_validators: u16::try_from(x.max_allowed_validators).unwrap(),
        stake_threshold: x.stake_threshold,
        yuma3: x.yuma3,
        liquid_alpha: x.liquid_alpha,
        alpha_low: x.alpha_low,
        alpha_high: x.alpha_high,
        alpha_sigmoid_steepness: x.steepness,
        commit_reveal: x.commit_reveal,
        ..Hyper::default()
    }
}

/// Runs the crate's epoch on the reference's input.
pub(crate) fn fast(x: &Input, epoch: &mut Epoch) -> Output {
    let hyper = hyper_of(x);
    epoch.run(&State {
        block: x.block,
        tempo: x.tempo,
        last_step_block: x.last_mechanism_step_block,
        owner: x.owner.map(|uid| u16::try_from(uid).unwrap()),
        rao: x.rao,
        hyper: &hyper,
        stake: &x.stake,
        stake_fraction: x.stake_fraction,
        last_update: &x.last_update,
        registered: &x.reg_block,
        permits: &x.permits,
        commits: &x.commits,
        weights: &x.weights,
        bonds: &x.bonds,
        consensus: &x.consensus,
    });
    let bits = |v: &[I32F32]| v.iter().map(|x| i128::from(x.bits())).collect::<Vec<_>>();
    let cell = |(j, e): (u16, I32F32)| (usize::from(j), i128::from(e.bits()));
    let mut bonds = vec![vec![]; x.n];
    epoch.store_bonds(&mut bonds);
    Output {
        active: epoch.active().to_vec(),
        stake: bits(epoch.stake()),
        active_stake: bits(epoch.active_stake()),
        new_permits: epoch.new_permits().to_vec(),
        consensus: bits(epoch.consensus()),
        validator_trust: bits(epoch.validator_trust()),
        incentive: bits(epoch.incentive()),
        dividend: bits(epoch.dividend()),
        bond_bits: (0..x.n).map(|i| epoch.bond_row(i).map(cell).collect()).collect(),
        bonds,
        server: epoch.server_emission().to_vec(),
        validator: epoch.validator_emission().to_vec(),
        combined: epoch.combined_emission().to_vec(),
        scores: epoch.pruning_scores().to_vec(),
    }
}

fn compare(x: &Input, epoch: &mut Epoch, place: &str) -> Output {
    let (slow, fast) = (reference::epoch(x), fast(x, epoch));
    assert!(slow == fast, "{place}: {x:#?}\nslow {slow:#?}\nfast {fast:#?}");
    slow
}

#[test]
fn the_fast_epoch_equals_the_slow_one_on_small_random_cases() {
    let mut epoch = Epoch::default();
    for seed in 0..SMALL_CASES {
        let mut draw = Draw(seed);
        let n = 1 + draw.index(12);
        let x = input(&mut draw, n);
        compare(&x, &mut epoch, &format!("seed {seed}"));
    }
}

#[test]
fn the_fast_epoch_equals_the_slow_one_on_large_random_cases() {
    let mut epoch = Epoch::default();
    for seed in 0..LARGE_CASES {
        let mut draw = Draw(1_000_000 + seed);
        let n = draw.of(&[40, 64, 100, 256]);
        let x = input(&mut draw, n);
        compare(&x, &mut epoch, &format!("seed {seed}, n {n}"));
    }
}

#[test]
fn the_fast_epoch_equals_the_slow_one_on_random_cases_of_every_runtime() {
    let mut epoch = Epoch::default();
    for seed in 0..SMALL_CASES {
        let mut draw = Draw(4_000_000 + seed);
        let n = 1 + draw.index(12);
        let x = input_of_any_runtime(&mut draw, n);
        compare(&x, &mut epoch, &format!("seed {seed}, runtime {}", x.runtime));
    }
}

/// Each rule must decide some of those cases, else the comparison would not show it.
#[test]
fn every_rule_of_a_runtime_decides_some_random_cases() {
    let mut changed = [0; 5];
    for seed in 0..SMALL_CASES / 4 {
        let mut draw = Draw(4_000_000 + seed);
        let n = 1 + draw.index(12);
        let x = input_of_any_runtime(&mut draw, n);
        let at = |runtime| Output {
            scores: vec![],
            ..reference::epoch(&Input { runtime, ..x.clone() })
        };
        let pairs = [(326, 365), (365, 401), (411, 423), (425, 446), (326, 446)];
        for (count, (before, after)) in changed.iter_mut().zip(pairs) {
            *count += u32::from(at(before) != at(after));
        }
    }
    assert!(changed.iter().all(|&count| count >= 25), "{changed:?} of {}", SMALL_CASES / 4);
}

#[test]
fn bonds_and_permits_carried_from_epoch_to_epoch_stay_equal() {
    let mut epoch = Epoch::default();
    for seed in 0..SEQUENCES {
        let mut draw = Draw(2_000_000 + seed);
        let n = 2 + draw.index(14);
        let mut x = input_of_any_runtime(&mut draw, n);
        for step in 0..8 {
            let out = compare(&x, &mut epoch, &format!("seed {seed}, step {step}"));
            let next = input_of_any_runtime(&mut draw, n);
            let keep = draw.one_in(2);
            x = Input {
                bonds: out.bonds,
                permits: out.new_permits,
                consensus: out.consensus.iter().map(|&bits| reference::prop_u16(bits)).collect(),
                weights: if keep { x.weights } else { next.weights },
                last_mechanism_step_block: x.block.min(u64::MAX - 1),
                ..next
            };
        }
    }
}

/// Whether a case reaches a state.
type Wanted = fn(&Input, &Output) -> bool;

/// Shares of the small cases that must reach a state, else the comparison would be empty.
#[test]
fn the_random_cases_reach_every_state() {
    let count = |wanted: Wanted| {
        let hits = (0..2_000u64).filter(|&seed| {
            let mut draw = Draw(seed);
            let n = 1 + draw.index(12);
            let x = input(&mut draw, n);
            wanted(&x, &reference::epoch(&x))
        });
        hits.count()
    };
    let states: [(&str, Wanted); 9] = [
        ("consensus above 0", |_, out| out.consensus.iter().any(|&c| c > 0)),
        ("incentive and dividends", |_, out| {
            out.incentive.iter().any(|&i| i > 0) && out.dividend.iter().any(|&d| d > 0)
        }),
        ("no emission but by stake", |_, out| out.server.iter().all(|&s| s == 0)),
        ("an old bond that lives on", |x, out| {
            x.weights
                .iter()
                .zip(&out.bond_bits)
                .any(|(w, b)| b.iter().any(|&(j, _)| w.iter().all(|&(k, _)| usize::from(k) != j)))
        }),
        ("liquid alpha at work", |x, out| {
            x.yuma3 && x.liquid_alpha && out.consensus.iter().any(|&c| c > 0)
        }),
        ("bonds in another order", |_, out| {
            out.bond_bits.iter().any(|row| row.windows(2).any(|pair| pair[0].0 > pair[1].0))
        }),
        ("a cell stored as 0", |_, out| out.bonds.iter().flatten().any(|&(_, b)| b == 0)),
        ("a bond above 1", |_, out| {
            out.bond_bits.iter().flatten().any(|&(_, e)| e > reference::ONE)
        }),
        ("several weights in a column", |_, out| {
            out.validator_trust.iter().filter(|&&t| t > 0 && t < reference::ONE).count() > 2
        }),
    ];
    for (name, wanted) in states {
        let hits = count(wanted);
        assert!(hits >= 40, "{name}: {hits} of 2000");
    }
}
