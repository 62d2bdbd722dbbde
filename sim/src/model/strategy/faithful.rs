//! The validator that does as its version says.

use crate::model::strategy::Row;
use crate::model::strategy::Seen;
use crate::model::strategy::Strategy;

/// Weighs what it sees by its rule and sends the result.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Faithful;

impl Strategy for Faithful {
    fn row(&mut self, seen: &Seen<'_>) -> Row {
        Row::of(seen.weighting.weigh(&seen.board))
    }
}
