//! A slow epoch straight from chain.md, section by section: sparse rows, i128 arithmetic, nothing shared with
//! the package. Raw bits of I32F32 are `i128` here; clamping to the container is explicit.

#![expect(clippy::many_single_char_names, reason = "the names of the specification")]

pub(crate) use crate::numbers::ONE;
use crate::numbers::clamp;
use crate::numbers::div;
use crate::numbers::exp_of;
use crate::numbers::long_ratio;
use crate::numbers::mul;
use crate::numbers::normalise;
pub(crate) use crate::numbers::prop_u16;
use crate::numbers::ratio;
use crate::numbers::scores_of;
use crate::numbers::sum;

/// A row: (uid, raw bits or stored integer), in the order of submission.
pub(crate) type Cells = Vec<(usize, i128)>;

/// One epoch's input, the specification's names.
#[derive(Clone, Debug)]
pub(crate) struct Input {
    pub(crate) n: usize,
    pub(crate) block: u64,
    pub(crate) tempo: u64,
    pub(crate) last_mechanism_step_block: u64,
    pub(crate) rao: u64,
    pub(crate) owner: Option<usize>,
    pub(crate) stake: Vec<u128>,
    pub(crate) stake_fraction: u32,
    pub(crate) last_update: Vec<u64>,
    pub(crate) reg_block: Vec<u64>,
    pub(crate) permits: Vec<bool>,
    pub(crate) commits: Vec<Option<u64>>,
    pub(crate) weights: Vec<Vec<(u16, u16)>>,
    pub(crate) bonds: Vec<Vec<(u16, u16)>>,
    pub(crate) kappa: u16,
    pub(crate) bonds_penalty: u16,
    pub(crate) bonds_moving_average: u64,
    pub(crate) cutoff_factor_milli: u64,
    pub(crate) max_allowed_validators: usize,
    pub(crate) stake_threshold: u64,
    pub(crate) yuma3: bool,
    pub(crate) liquid_alpha: bool,
    pub(crate) alpha_low: u16,
    pub(crate) alpha_high: u16,
    pub(crate) steepness: i16,
    pub(crate) commit_reveal: bool,
    /// Spec version, and what only some of them read.
    pub(crate) runtime: u16,
    pub(crate) cutoff_blocks: Option<u64>,
    /// 0 auto, 1 current, 2 previous.
    pub(crate) mode: u8,
    pub(crate) consensus: Vec<u16>,
}

/// What an epoch gives.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Output {
    pub(crate) active: Vec<bool>,
    pub(crate) stake: Vec<i128>,
    pub(crate) active_stake: Vec<i128>,
    pub(crate) new_permits: Vec<bool>,
    pub(crate) consensus: Vec<i128>,
    pub(crate) validator_trust: Vec<i128>,
    pub(crate) incentive: Vec<i128>,
    pub(crate) dividend: Vec<i128>,
    pub(crate) bond_bits: Vec<Cells>,
    pub(crate) bonds: Vec<Vec<(u16, u16)>>,
    pub(crate) server: Vec<u64>,
    pub(crate) validator: Vec<u64>,
    pub(crate) combined: Vec<u64>,
    pub(crate) scores: Vec<u16>,
}

/// Each column divided by what `of` makes of its cells; zero columns stay.
fn columns_over(rows: &[Cells], n: usize, of: fn(i128, i128) -> i128) -> Vec<Cells> {
    let mut whole = vec![0; n];
    rows.iter().flatten().for_each(|&(j, x)| whole[j] = of(whole[j], x));
    let cell = |&(j, x): &(usize, i128)| (j, if whole[j] == 0 { x } else { div(x, whole[j]) });
    rows.iter().map(|row| row.iter().map(cell).collect()).collect()
}
fn by_sum(rows: &[Cells], n: usize) -> Vec<Cells> {
    columns_over(rows, n, |a, b| clamp(a + b))
}

#[expect(clippy::too_many_lines, reason = "the specification in its own order, from 4.1 to 4.10")]
pub(crate) fn epoch(x: &Input) -> Output {
    let n = x.n;
    // 4.1
    let by_factor = (u128::from(x.cutoff_factor_milli) * u128::from(x.tempo) / 1_000).max(1);
    let cutoff = match (x.runtime < 423, x.cutoff_blocks) {
        (true, blocks) => u128::from(blocks.unwrap_or(5_000)),
        (false, Some(blocks)) => u128::from(blocks.max(1)),
        (false, None) => by_factor,
    };
    let privileged = if x.runtime < 401 { None } else { x.owner };
    let active: Vec<bool> =
        x.last_update.iter().map(|&u| u128::from(u) + cutoff >= u128::from(x.block)).collect();
    // 4.2
    let held = |i: usize| x.stake[i].min((1u128 << (63 + x.stake_fraction)) - 1);
    let counts = |i: usize| {
        privileged == Some(i) || held(i) >> x.stake_fraction >= u128::from(x.stake_threshold)
    };
    let totals: Vec<u128> = (0..n).map(|i| if counts(i) { held(i) } else { 0 }).collect();
    let total: u128 = totals.iter().sum();
    let s: Vec<i128> =
        totals.iter().map(|&t| if total == 0 { 0 } else { long_ratio(t, total) }).collect();
    // 4.3
    let mut old_permit = x.permits.clone();
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by_key(|&i| s[i]);
    let mut new_permits: Vec<bool> = s.iter().map(|&s| s != 0).collect();
    for &i in order.iter().take(n.saturating_sub(x.max_allowed_validators)) {
        new_permits[i] = false;
    }
    if let Some(owner) = privileged {
        old_permit[owner] = true;
        new_permits[owner] = true;
    }
    // 4.4
    let says = |i: usize| if active[i] && old_permit[i] { s[i] } else { 0 };
    let big_s = normalise(&(0..n).map(says).collect::<Vec<_>>());
    // 4.5
    let w: Vec<Cells> = (0..n).map(|i| weight_row(x, i, old_permit[i])).collect();
    // 4.6 and 4.7
    let consensus = consensus(x, &big_s, &w);
    let clipped: Vec<Cells> = w.iter().map(|row| clip(row, &consensus)).collect();
    let validator_trust: Vec<i128> =
        clipped.iter().map(|row| sum(row.iter().map(|c| c.1))).collect();
    let mut rank = vec![0; n];
    for (i, row) in clipped.iter().enumerate() {
        for &(j, c) in row {
            rank[j] = clamp(rank[j] + mul(big_s[i], c));
        }
    }
    let incentive = normalise(&rank);
    // 4.8
    let wb = weights_for_bonds(x, &w, &clipped);
    let old: Vec<Cells> = (0..n).map(|i| old_bonds(x, i)).collect();
    let (bond_bits, dividend) = if x.yuma3 {
        yuma3(x, &wb, &old, &consensus, (&incentive, &big_s))
    } else {
        classic(x, &wb, &old, (&incentive, &big_s))
    };
    let quantised =
        |row: &Cells| row.iter().map(|&(j, e)| (u16::try_from(j).unwrap(), prop_u16(e))).collect();
    let stored = |i: usize| if new_permits[i] { quantised(&bond_bits[i]) } else { vec![] };
    let bonds = (0..n).map(stored).collect();
    // 4.9
    let m = sum(incentive.iter().chain(&dividend).copied());
    let stakes = if sum(big_s.iter().copied()) != 0 { &big_s } else { &s };
    let parts = |of: &[i128], idle: &[i128]| -> Vec<i128> {
        (0..n).map(|i| if m == 0 { idle[i] } else { div(of[i], m) }).collect()
    };
    let share = |of: &[i128], idle: &[i128]| -> Vec<u64> {
        let rao = |share: &i128| u64::try_from((share * i128::from(x.rao)) >> 32).unwrap();
        parts(of, idle).iter().map(rao).collect()
    };
    let both: Vec<i128> = incentive.iter().zip(&dividend).map(|(a, b)| a + b).collect();
    let server = share(&incentive, &vec![0; n]);
    let (validator, combined) = (share(&dividend, stakes), share(&both, stakes));
    let scores = if x.runtime < 365 { scores_of(&parts(&both, stakes)) } else { vec![] };
    Output {
        active,
        stake: s,
        active_stake: big_s,
        new_permits,
        consensus,
        validator_trust,
        incentive,
        dividend,
        bond_bits,
        bonds,
        server,
        validator,
        combined,
        scores,
    }
}

fn weight_row(x: &Input, i: usize, permit: bool) -> Cells {
    if !permit {
        return vec![];
    }
    let mut row: Cells =
        x.weights[i].iter().map(|&(j, v)| (usize::from(j), i128::from(v))).collect();
    row.retain(|&(j, _)| j < x.n);
    row.retain(|&(j, _)| j != i || x.owner == Some(i));
    row.retain(|&(j, _)| x.last_update[i] > x.reg_block[j]);
    if x.commit_reveal {
        row.retain(|&(j, _)| x.commits[i].is_none_or(|c| c >= x.reg_block[j]));
    }
    let total: i128 = row.iter().map(|c| c.1 << 32).sum();
    row.iter().map(|&(j, v)| (j, if total > 0 { div(v << 32, total) } else { 0 })).collect()
}

/// 4.6 by the loop of the specification.
fn consensus(x: &Input, big_s: &[i128], w: &[Cells]) -> Vec<i128> {
    let rows: Vec<usize> = (0..x.n).filter(|&i| big_s[i] > 0).collect();
    let u = normalise(&rows.iter().map(|&i| big_s[i]).collect::<Vec<_>>());
    let t = sum(u.iter().copied());
    let minority = t - ratio(x.kappa);
    let cell = |i: usize, j: usize| w[i].iter().find(|c| c.0 == j).map_or(0, |c| c.1);
    (0..x.n)
        .map(|j| {
            let column: Vec<i128> = rows.iter().map(|&i| cell(i, j)).collect();
            pivot_search(&column, &u, minority, t)
        })
        .collect()
}

fn pivot_search(column: &[i128], u: &[i128], minority: i128, t: i128) -> i128 {
    let mut part: Vec<usize> = (0..column.len()).collect();
    let (mut lo, mut hi) = (0, t);
    for _ in 0..=column.len() {
        match part[..] {
            [] => return 0,
            [one] => return column[one],
            _ => {}
        }
        let p = column[part[part.len() / 2]];
        let below: Vec<usize> = part.iter().copied().filter(|&i| column[i] < p).collect();
        let above: Vec<usize> = part.iter().copied().filter(|&i| column[i] > p).collect();
        let ls = sum(below.iter().map(|&i| u[i]));
        let hs = sum(above.iter().map(|&i| u[i]));
        if minority < lo + ls && !below.is_empty() {
            part = below;
            hi = lo + ls;
        } else if hi - hs <= minority && !above.is_empty() {
            part = above;
            lo = hi - hs;
        } else {
            return p;
        }
    }
    0
}

fn clip(row: &Cells, consensus: &[i128]) -> Cells {
    let mut clipped = vec![];
    for &(j, w) in row {
        match consensus[j] {
            c if c < w && c == 0 => {}
            c if c < w => clipped.push((j, c)),
            _ => clipped.push((j, w)),
        }
    }
    clipped
}

fn at(row: &Cells, j: usize) -> i128 {
    row.iter().find(|c| c.0 == j).map_or(0, |c| c.1)
}

fn weights_for_bonds(x: &Input, w: &[Cells], clipped: &[Cells]) -> Vec<Cells> {
    let penalty = ratio(x.bonds_penalty);
    if penalty == 0 {
        return w.to_vec();
    }
    if penalty == ONE {
        return clipped.to_vec();
    }
    let blend = |i: usize, j: usize| {
        let (whole, cut) = (at(&w[i], j), at(&clipped[i], j));
        (j, clamp(whole + mul(penalty, cut - whole)))
    };
    (0..x.n).map(|i| (0..x.n).map(|j| blend(i, j)).filter(|c| c.1 > 0).collect()).collect()
}

fn old_bonds(x: &Input, i: usize) -> Cells {
    let last_tempo = match x.last_mechanism_step_block {
        block if block > 0 && x.runtime >= 423 => block + 1,
        _ => x.block.saturating_sub(x.tempo),
    };
    let row = x.bonds[i].iter().map(|&(j, b)| (usize::from(j), i128::from(b) << 32));
    row.filter(|&(j, _)| j < x.n && last_tempo > x.reg_block[j]).collect()
}

/// E = mul(alpha, new) + mul(1 - alpha, old) for all columns, cells above 0.
fn plain_ema(x: &Input, new: &[Cells], old: &[Cells]) -> Vec<Cells> {
    let alpha = clamp(ONE - clamp((i128::from(x.bonds_moving_average) << 32) / 1_000_000));
    let keep = clamp(ONE - alpha);
    let cell =
        |i: usize, j: usize| (j, clamp(mul(alpha, at(&new[i], j)) + mul(keep, at(&old[i], j))));
    (0..x.n).map(|i| (0..x.n).map(|j| cell(i, j)).filter(|c| c.1 > 0).collect()).collect()
}

type Earnings = (Vec<Cells>, Vec<i128>);

fn classic(x: &Input, wb: &[Cells], old: &[Cells], (incentive, s): (&[i128], &[i128])) -> Earnings {
    let b = by_sum(old, x.n);
    let staked = |(i, row): (usize, &Cells)| row.iter().map(|&(j, w)| (j, mul(w, s[i]))).collect();
    let d = by_sum(&wb.iter().enumerate().map(staked).collect::<Vec<Cells>>(), x.n);
    let e = by_sum(&plain_ema(x, &d, &b), x.n);
    let dividend: Vec<i128> =
        e.iter().map(|row| sum(row.iter().map(|&(j, e)| mul(incentive[j], e)))).collect();
    (columns_over(&e, x.n, i128::max), normalise(&dividend))
}

fn yuma3(
    x: &Input,
    wb: &[Cells],
    old: &[Cells],
    consensus: &[i128],
    (incentive, s): (&[i128], &[i128]),
) -> Earnings {
    let b: Vec<Cells> =
        old.iter().map(|r| r.iter().map(|&(j, v)| (j, div(v, 65_535 << 32))).collect()).collect();
    let e = if x.liquid_alpha && consensus.iter().any(|&c| c != 0) {
        let previous =
            x.runtime >= 446 && (x.mode == 2 || (x.mode == 0 && x.bonds_penalty == 65_535));
        let stored: Vec<i128> = x.consensus.iter().map(|&c| ratio(c)).collect();
        let compared = if previous { &stored } else { consensus };
        (0..x.n).map(|i| liquid_row(x, &wb[i], &b[i], compared)).collect()
    } else {
        plain_ema(x, wb, &b)
    };
    let share = |row: &Cells| sum(row.iter().map(|&(j, share)| mul(share, incentive[j])));
    let earned = by_sum(&e, x.n);
    let dividend: Vec<i128> = earned.iter().zip(s).map(|(row, &s)| mul(share(row), s)).collect();
    (e, normalise(&dividend))
}

fn liquid_row(x: &Input, wb: &Cells, b: &Cells, consensus: &[i128]) -> Cells {
    let (low, high) = (ratio(x.alpha_low), ratio(x.alpha_high));
    let hold = |v: i128, low: i128, high: i128| {
        if v < low {
            low
        } else if v > high {
            high
        } else {
            v
        }
    };
    let (mut w_cursor, mut b_cursor) = (0, 0);
    let seen = |row: &Cells, cursor: &mut usize, j: usize| {
        while *cursor < row.len() && row[*cursor].0 < j {
            *cursor += 1;
        }
        row.get(*cursor).filter(|c| c.0 == j).map_or(0, |c| c.1)
    };
    let mut alpha = vec![0; x.n];
    for j in 0..x.n {
        let (w, z) = (seen(wb, &mut w_cursor, j), seen(b, &mut b_cursor, j));
        let d = hold(if w >= z { w - consensus[j] } else { z - w }, 0, ONE);
        let slope = div(i128::from(x.steepness) << 32, -100 << 32);
        let sg = div(ONE, clamp(ONE + exp_of(mul(slope, d - ONE / 2), x.runtime)));
        alpha[j] = hold(low + mul(sg, high - low), low, high);
    }
    wb.iter()
        .map(|&(j, w)| {
            let grown = mul(alpha[j], w).max(0);
            (j, clamp(mul(ONE - alpha[j], at(b, j)) + grown).min(ONE))
        })
        .filter(|c| c.1 > 0)
        .collect()
}
