//! Lists of a case that have one entry a uid.

use super::number::Whole;

/// Why a case is refused: text that names key, value and range.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct CaseRefusal(pub(super) String);

/// A list that has one entry a uid.
///
/// # Errors
/// When the list has another length than there are uids.
pub(super) fn one_a_uid<'a, T>(key: &str, n: u16, list: &'a [T]) -> Result<&'a [T], CaseRefusal> {
    if list.len() == usize::from(n) {
        return Ok(list);
    }
    Err(CaseRefusal(format!("{key}: {} entries, but n is {n}: one entry a uid", list.len())))
}

/// The numbers of such a list.
///
/// # Errors
/// When the list has another length than there are uids.
pub(super) fn numbers(key: &str, n: u16, list: &[Whole<u64>]) -> Result<Vec<u64>, CaseRefusal> {
    Ok(one_a_uid(key, n, list)?.iter().map(|&Whole(value)| value).collect())
}
