//! Random epochs over all masks, ties, extremes and modes, from a written seed.

use crate::reference::Input;

/// A stream of random words by SplitMix64.
pub(crate) struct Draw(pub(crate) u64);

impl Draw {
    pub(crate) fn word(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
    /// A number below `bound`.
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.word() % bound.max(1)
    }
    pub(crate) fn one_in(&mut self, bound: u64) -> bool {
        self.below(bound) == 0
    }
    pub(crate) fn of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[usize::try_from(self.below(choices.len() as u64)).unwrap()]
    }
    pub(crate) fn index(&mut self, bound: usize) -> usize {
        usize::try_from(self.below(bound as u64)).unwrap()
    }
    fn u16(&mut self) -> u16 {
        u16::try_from(self.below(65_536)).unwrap()
    }
}

/// A random epoch of `n` neurons: every second one with usual figures, the others with extreme ones.
pub(crate) fn input(draw: &mut Draw, n: usize) -> Input {
    let wild = draw.one_in(2);
    let block = if wild { draw.of(&[0, 1, 360, 1_000, 7_200, u64::MAX - 1]) } else { 7_200 };
    let near = |draw: &mut Draw| {
        let back = draw.of(&[0, 1, 2, 100, 359, 360, 361, 5_000, 5_001]);
        block.saturating_sub(back).saturating_add(draw.below(2))
    };
    let young = draw.one_in(3);
    let (stake, stake_fraction) = stakes(draw, n);
    let calm = draw.one_in(2);
    let last_update = (0..n).map(|_| if calm { block } else { near(draw) }).collect();
    let reg_block = (0..n).map(|_| if young && draw.one_in(3) { near(draw) } else { 0 }).collect();
    let mut usual = |usual: u64, extremes: &[u64]| if wild { draw.of(extremes) } else { usual };
    let tempo = usual(360, &[0, 1, 99, 360, 50_400]);
    let cutoff_factor_milli = usual(13_889, &[0, 1_000, 13_889, 50_000, u64::MAX]);
    let stake_threshold = usual(0, &[0, 0, 1, 1_000_000, u64::MAX]);
    let rao = usual(295_201_647_360, &[0, 1, 295_201_647_360, u64::MAX]);
    let average = [0, 1, 900_000, 975_000, 999_999, 1_000_000, 1_000_001, 2_500_000, u64::MAX];
    Input {
        n,
        block,
        tempo,
        last_mechanism_step_block: if draw.one_in(3) { 0 } else { near(draw).min(u64::MAX - 1) },
        rao,
        owner: if draw.one_in(3) { Some(draw.index(n)) } else { None },
        stake,
        stake_fraction,
        last_update,
        reg_block,
        permits: permits(draw, n),
        commits: (0..n).map(|_| draw.one_in(3).then(|| near(draw))).collect(),
        weights: rows(draw, n),
        bonds: rows(draw, n),
        kappa: draw.of(&[0, 1, 16_384, 32_767, 32_767, 32_768, 49_151, 65_534, 65_535]),
        bonds_penalty: match draw.below(3) {
            0 => 0,
            1 => draw.u16(),
            _ => 65_535,
        },
        bonds_moving_average: draw.of(&average),
        cutoff_factor_milli,
        max_allowed_validators: draw.of(&[0, 1, 2, 5, 64, 128, 65_535]),
        stake_threshold,
        yuma3: draw.one_in(2),
        liquid_alpha: draw.one_in(2),
        alpha_low: draw.of(&[0, 1_638, 45_875, 45_875, 65_535]),
        alpha_high: draw.of(&[0, 1_638, 58_982, 58_982, 65_535]),
        steepness: draw.of(&[0, 1, 1_000, 1_000, -700, 100, -100, i16::MAX, i16::MIN]),
        commit_reveal: draw.one_in(2),
        runtime: 425,
        cutoff_blocks: None,
        mode: 0,
        consensus: vec![0; n],
    }
}

/// The versions that changed a rule, their neighbours, and the last.
pub(crate) const RUNTIMES: [u16; 17] =
    [326, 342, 343, 364, 365, 400, 401, 410, 411, 422, 423, 425, 436, 437, 442, 445, 446];

/// The same of any runtime, with what only some of them read.
pub(crate) fn input_of_any_runtime(draw: &mut Draw, n: usize) -> Input {
    let x = input(draw, n);
    let seldom = draw.one_in(4);
    Input {
        runtime: draw.of(&RUNTIMES),
        cutoff_blocks: seldom.then(|| draw.of(&[0, 1, 361, 5_000, u64::MAX])),
        mode: draw.of(&[0, 1, 2]),
        consensus: (0..n).map(|_| if draw.one_in(3) { 0 } else { draw.u16() }).collect(),
        ..x
    }
}

fn permits(draw: &mut Draw, n: usize) -> Vec<bool> {
    let share = draw.of(&[1, 1, 2, 4]);
    (0..n).map(|_| draw.one_in(share)).collect()
}

/// Stakes and their fractional bits: rao, rao with weighted TAO, or raw I64F64.
fn stakes(draw: &mut Draw, n: usize) -> (Vec<u128>, u32) {
    let kind = draw.below(10);
    let amount = |draw: &mut Draw| match kind {
        0 => 0,
        1 => 1_000_000_000_000,
        2 => draw.below(3),
        3 => u64::MAX - draw.below(2),
        4 => draw.word() >> draw.below(64),
        _ => draw.below(10_000_000_000_000),
    };
    let fraction = draw.of(&[0, 0, 32, 64]);
    let low = |draw: &mut Draw| match fraction {
        0 => 0,
        32 => u128::from(draw.word() & 0xffff_ffff),
        _ => u128::from(draw.word()),
    };
    let whole = |draw: &mut Draw| match fraction {
        64 => u128::from(amount(draw) >> 9) << 64,
        _ => u128::from(amount(draw)) << fraction,
    };
    ((0..n).map(|_| whole(draw) + low(draw)).collect(), fraction)
}

/// Stored rows: some equal, some empty, some out of order, with explicit zeros, self votes and uids that do not exist.
fn rows(draw: &mut Draw, n: usize) -> Vec<Vec<(u16, u16)>> {
    let equal = draw.one_in(3);
    let density = draw.of(&[1, 1, 2, 4, 20]);
    let sorted = draw.one_in(2);
    let palette = draw.of(&[0u64, 1, 2]);
    let mut rows: Vec<Vec<(u16, u16)>> = Vec::new();
    for i in 0..n {
        if draw.one_in(8) {
            rows.push(vec![]);
            continue;
        }
        if equal && i > 0 && !draw.one_in(4) {
            rows.push(rows[draw.index(i)].clone());
            continue;
        }
        let named = n + usize::from(draw.one_in(4)) * 3;
        let mut uids: Vec<usize> = (0..named).filter(|_| draw.one_in(density)).collect();
        if !sorted {
            for k in (1..uids.len()).rev() {
                uids.swap(k, draw.index(k + 1));
            }
        }
        let row = uids.into_iter().map(|uid| (u16::try_from(uid).unwrap(), value(draw, palette)));
        rows.push(row.collect());
    }
    rows
}

fn value(draw: &mut Draw, palette: u64) -> u16 {
    match palette {
        0 => draw.of(&[0, 1, 32_768, 65_535]),
        1 => draw.of(&[0, 65_535]),
        _ if draw.one_in(10) => 0,
        _ => draw.u16(),
    }
}
