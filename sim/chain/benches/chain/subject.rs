//! The epoch that is timed: 64 validators, 256 uids, 16 weight matrices in rotation, bonds carried on.

use assay_chain::Epoch;
use assay_chain::Hyper;
use assay_chain::Row;
use assay_chain::State;

pub(crate) const VALIDATORS: usize = 64;
pub(crate) const UIDS: usize = 256;
/// Weight matrices in rotation.
pub(crate) const MATRICES: usize = 16;

/// Raw weights `[matrix][validator * UIDS + miner]` and stakes, as `des-peers` makes them: a quality per miner, 20 %
/// of noise per validator, stakes that differ a hundredfold.
pub(crate) struct Votes {
    pub(crate) weights: Vec<Vec<u16>>,
    pub(crate) stakes: Vec<f64>,
}

/// SplitMix64 as numbers of `0.0..1.0`.
struct Draw(u64);

impl Draw {
    fn unit(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }
}

impl Votes {
    /// Votes in which a share of the columns is in use; 1.0 for all.
    pub(crate) fn new(density: f64) -> Self {
        let mut draw = Draw(1);
        let quality: Vec<f64> = (0..UIDS).map(|_| draw.unit()).collect();
        let used: Vec<bool> = (0..UIDS).map(|_| draw.unit() < density / 0.9).collect();
        let cells: Vec<bool> = (0..VALIDATORS * UIDS)
            .map(|cell| used[cell % UIDS] && (density >= 1.0 || draw.unit() < 0.9))
            .collect();
        let mut weight = |cell: usize| {
            let noise = 0.8 + 0.4 * draw.unit();
            let own = cell % UIDS == cell / UIDS;
            if own || !cells[cell] {
                0
            } else {
                (quality[cell % UIDS] * noise / 1.2 * 65_535.0) as u16
            }
        };
        let mut matrix = || (0..VALIDATORS * UIDS).map(&mut weight).collect();
        let weights = (0..MATRICES).map(|_| matrix()).collect();
        let stakes = (0..VALIDATORS).map(|_| draw.unit()).map(|u| u * u * u + 0.01).collect();
        Self { weights, stakes }
    }

    /// Votes in which every validator sends the first one's row.
    pub(crate) fn all_equal(mut self) -> Self {
        for matrix in &mut self.weights {
            let mut row = matrix[..UIDS].to_vec();
            row[..VALIDATORS].fill(0);
            matrix.chunks_exact_mut(UIDS).for_each(|other| other.copy_from_slice(&row));
        }
        self
    }
}

/// A subnet's stored state between epochs.
pub(crate) struct Subject {
    matrices: Vec<Vec<Row>>,
    stake: Vec<u128>,
    bonds: Vec<Row>,
    hyper: Hyper,
    epoch: Epoch,
    turn: usize,
}

impl Subject {
    /// The state before the first epoch. Cells of weight 0 are not sent.
    pub(crate) fn new(votes: &Votes, hyper: Hyper) -> Self {
        let row = |cells: &[u16]| {
            (0..).zip(cells).filter(|(_, weight)| **weight > 0).map(|(uid, &w)| (uid, w)).collect()
        };
        let rows = |matrix: &Vec<u16>| {
            let mut rows: Vec<Row> = matrix.chunks_exact(UIDS).map(row).collect();
            rows.resize(UIDS, Row::new());
            rows
        };
        let mut stake: Vec<u128> = votes.stakes.iter().map(|s| (s * 1e15) as u128).collect();
        stake.resize(UIDS, 0);
        Self {
            matrices: votes.weights.iter().map(rows).collect(),
            stake,
            bonds: vec![Row::new(); UIDS],
            hyper,
            epoch: Epoch::default(),
            turn: 0,
        }
    }

    /// One epoch with the next matrix; gives an incentive, so that nothing is optimised away.
    pub(crate) fn step(&mut self) -> i64 {
        let permits: [bool; UIDS] = std::array::from_fn(|uid| uid < VALIDATORS);
        self.epoch.run(&State {
            block: 7_200,
            tempo: 360,
            last_step_block: 6_840,
            owner: None,
            rao: 295_201_647_360,
            hyper: &self.hyper,
            stake: &self.stake,
            stake_fraction: 0,
            last_update: &[7_199; UIDS],
            registered: &[0; UIDS],
            permits: &permits,
            commits: &[None; UIDS],
            weights: &self.matrices[self.turn % MATRICES],
            bonds: &self.bonds,
            consensus: &[0; UIDS],
        });
        self.turn += 1;
        self.epoch.store_bonds(&mut self.bonds);
        self.epoch.incentive()[UIDS - 1].bits()
    }
}
