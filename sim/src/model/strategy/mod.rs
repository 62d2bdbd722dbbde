//! Strategies: what a validator sends, given what it sees.
//!
//! A strategy is told what is seen and answers with a row of weights. Validators that go by the same strategy and rules send
//! the same row, which is computed once.

mod faithful;

pub(crate) use faithful::Faithful;

use crate::base::ids::Uid;
use crate::model::weighting;
use crate::model::weighting::Board;
use crate::model::weighting::Weighing;
use crate::model::weighting::Weighting;
use std::fmt::Debug;

/// All that a validator sees when it acts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ValidatorSight<'a> {
    /// The scores it is answered, with the metagraph.
    pub(crate) board: Board<'a>,
    /// Its rule for weights.
    pub(crate) weighting: &'a dyn Weighting,
}

/// What a validator sends, and how it came to it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct SentRow {
    /// Wins, win rates and weights, by uid.
    pub(crate) weighing: Weighing,
    /// Uids that get weight, in the order in which they are sent.
    pub(crate) uids: Vec<u16>,
    /// Their weights as they are sent; 65535 is the largest of the row.
    pub(crate) values: Vec<u16>,
}

impl SentRow {
    /// The row that sends `weighing`.
    pub(crate) fn of(weighing: Weighing) -> Self {
        let sent = weighting::to_u16(&weighing.weights).into_iter();
        let (uids, values) = sent.map(|(uid, value)| (uid.0, value)).unzip();
        Self { weighing, uids, values }
    }

    /// The weight sent for a uid; 0 where the row leaves it out.
    pub(crate) fn value(&self, uid: Uid) -> u16 {
        let place = self.uids.iter().position(|own| *own == uid.0);
        place.map_or(0, |place| self.values[place])
    }
}

/// A validator's way of making its row.
pub(crate) trait Strategy: Debug + Send {
    /// The row for what is seen now.
    fn row(&mut self, seen: &ValidatorSight<'_>) -> SentRow;
}
