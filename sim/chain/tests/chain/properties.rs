//! What holds for every epoch.

use crate::generate::Draw;
use crate::generate::input;
use crate::random::fast;
use crate::reference::Input;
use crate::reference::Output;
use assay_chain::Epoch;
use proptest::prelude::*;

fn run(x: &Input) -> Output {
    fast(x, &mut Epoch::default())
}

fn random(seed: u64) -> Input {
    let mut draw = Draw(seed);
    let n = 2 + draw.index(12);
    input(&mut draw, n)
}

fn sorted(rows: &mut [Vec<(u16, u16)>]) {
    for row in rows {
        row.sort_unstable();
    }
}

/// The epoch with every uid renamed: `uid` becomes `names[uid]`.
fn renamed(x: &Input, names: &[usize]) -> Input {
    fn moved<T: Clone>(list: &[T], names: &[usize]) -> Vec<T> {
        let mut out = list.to_vec();
        names.iter().zip(list).for_each(|(&to, value)| out[to] = value.clone());
        out
    }
    let rows = |rows: &[Vec<(u16, u16)>]| {
        let name = |&(uid, value): &(u16, u16)| {
            let known = names.get(usize::from(uid)).map(|&to| u16::try_from(to).unwrap());
            (known.unwrap_or(uid), value)
        };
        let mut rows = moved(rows, names);
        for row in &mut rows {
            *row = row.iter().map(name).collect();
        }
        sorted(&mut rows);
        rows
    };
    Input {
        owner: x.owner.map(|uid| names[uid]),
        stake: moved(&x.stake, names),
        last_update: moved(&x.last_update, names),
        reg_block: moved(&x.reg_block, names),
        permits: moved(&x.permits, names),
        commits: moved(&x.commits, names),
        weights: rows(&x.weights),
        bonds: rows(&x.bonds),
        ..x.clone()
    }
}

fn total(amounts: &[u64]) -> u128 {
    amounts.iter().map(|&rao| u128::from(rao)).sum()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    /// Shares sum to 1 but for truncations: each of n shares by 2^-32, of stakes, weights and two normalisations, and each
    /// amount by 1 rao.
    #[test]
    fn emission_is_conserved_up_to_truncation(seed: u64) {
        let x = random(seed);
        let out = run(&x);
        let paid = total(&out.server) + total(&out.validator);
        let n = x.n as u128;
        prop_assert!(paid <= u128::from(x.rao));
        let staked = out.stake.iter().any(|&s| s > 0);
        let lost = 2 * n + ((4 * n * u128::from(x.rao)) >> 32);
        prop_assert!(!staked || paid + lost >= u128::from(x.rao), "{paid} of {}", x.rao);
    }

    #[test]
    fn renaming_uids_renames_the_result_where_nothing_ties(seed: u64, shuffle: u64) {
        let mut x = random(seed);
        sorted(&mut x.weights);
        sorted(&mut x.bonds);
        // Different stakes, so that no permit is decided by the uid.
        (0..).zip(&mut x.stake).for_each(|(uid, stake)| *stake = ((1u128 << 40) + (uid << 20)) << x.stake_fraction);
        let mut draw = Draw(shuffle);
        let mut names: Vec<usize> = (0..x.n).collect();
        (1..x.n).rev().for_each(|k| names.swap(k, draw.index(k + 1)));
        let (out, other) = (run(&x), run(&renamed(&x, &names)));
        for (uid, &to) in names.iter().enumerate() {
            prop_assert_eq!(out.stake[uid], other.stake[to]);
            prop_assert_eq!(out.new_permits[uid], other.new_permits[to]);
            prop_assert_eq!(out.consensus[uid], other.consensus[to]);
            prop_assert_eq!(out.validator_trust[uid], other.validator_trust[to]);
            prop_assert_eq!(out.server[uid], other.server[to]);
            prop_assert_eq!(out.validator[uid], other.validator[to]);
            prop_assert_eq!(out.combined[uid], other.combined[to]);
        }
    }

    #[test]
    fn scaling_a_row_of_weights_changes_nothing(seed: u64, row: usize, factor in 2u16..9) {
        let mut x = random(seed);
        x.weights.iter_mut().flatten().for_each(|(_, weight)| *weight /= factor);
        let out = run(&x);
        let row = row % x.n;
        x.weights[row].iter_mut().for_each(|(_, weight)| *weight *= factor);
        prop_assert_eq!(out, run(&x));
    }

    /// A validator without stake and permit has no row at all; with a permit (stake was taken since) it still has a trust
    /// and, in Yuma3, a part of the columns of bonds, but no say in consensus and incentive.
    #[test]
    fn a_validator_without_stake_changes_nothing(seed: u64) {
        let mut x = random(seed);
        let idle = x.n - 1;
        x.stake[idle] = 0;
        x.owner = x.owner.filter(|&uid| uid != idle);
        x.permits[idle] = false;
        x.bonds[idle].clear();
        let votes = std::mem::take(&mut x.weights[idle]);
        let silent = run(&x);
        x.weights[idle] = votes;
        prop_assert_eq!(&silent, &run(&x));
        x.permits[idle] = true;
        let heard = run(&x);
        prop_assert_eq!(&silent.consensus, &heard.consensus);
        prop_assert_eq!(&silent.incentive, &heard.incentive);
        if !x.yuma3 {
            prop_assert_eq!(&silent.dividend, &heard.dividend);
            prop_assert_eq!(&silent.server, &heard.server);
        }
    }
}
