//! The validator that does as its version says.

use crate::model::strategy::SentRow;
use crate::model::strategy::Strategy;
use crate::model::strategy::ValidatorSight;

/// Weighs what it sees by its rule and sends the result.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Faithful;

impl Strategy for Faithful {
    fn row(&mut self, seen: &ValidatorSight<'_>) -> SentRow {
        SentRow::of(seen.weighting.weigh(&seen.board))
    }
}
