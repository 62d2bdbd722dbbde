//! The chain part of a full run: 64 validators send the same row, then the epoch fires.

use crate::subject::MATRICES;
use crate::subject::UIDS;
use crate::subject::VALIDATORS;
use crate::subject::Votes;
use assay_chain::Genesis;
use assay_chain::Hyper;
use assay_chain::Submission;
use assay_chain::Subnet;
use std::hint::black_box;

/// A subnet and the rows its validators send.
pub(crate) struct Full {
    subnet: Subnet,
    uids: Vec<Vec<u16>>,
    values: Vec<Vec<u16>>,
    turn: usize,
}

impl Full {
    pub(crate) fn new(votes: &Votes) -> Self {
        let hyper = Hyper { commit_reveal: false, ..Hyper::default() };
        let mut subnet = Subnet::new(Genesis { hyper, ..Genesis::default() });
        for hotkey in 0..UIDS as u64 {
            let uid = subnet.seat(hotkey);
            let stake = votes.stakes.get(usize::from(uid)).map_or(0, |s| (s * 1e15) as u64);
            subnet.set_stake(uid, stake);
        }
        let sent = |matrix: &[u16]| {
            let cells = (0..).zip(matrix).filter(|(_, weight)| **weight > 0);
            cells.map(|(uid, &weight)| (uid, weight)).unzip()
        };
        let rows: Vec<(Vec<u16>, Vec<u16>)> =
            votes.weights.iter().map(|m| sent(&m[..UIDS])).collect();
        let (uids, values) = rows.into_iter().unzip();
        Self { uids, values, subnet, turn: 0 }
    }

    /// One tempo: up to the block before the epoch, weights, epoch.
    pub(crate) fn step(&mut self) {
        let due = self.subnet.next_due().expect("the tempo is not 0");
        self.subnet.advance_to(due - 1);
        let matrix = self.turn % MATRICES;
        self.turn += 1;
        for hotkey in 0..VALIDATORS as u64 {
            let sent = self.subnet.set_weights(&Submission {
                hotkey,
                netuid: 11,
                mechanism: 0,
                version_key: 0,
                uids: &self.uids[matrix],
                values: &self.values[matrix],
            });
            assert!(
                sent.is_ok() || self.turn == 1,
                "before the first epoch nobody has a permit: {sent:?}"
            );
        }
        self.subnet.advance_to(due);
        let settlement = self.subnet.run_epoch().expect("an epoch is due");
        assert!(self.turn < 3 || settlement.miners > 0, "the miners are paid");
        black_box(settlement);
    }
}
