//! The jobs of one replication, in the columns of the October trace and the truth beside them.

use crate::scenario::Resolved;

/// The jobs of replication `number` as CSV.
pub(crate) fn jobs(_scenario: &Resolved, _number: u64) -> Vec<u8> {
    Vec::new()
}
