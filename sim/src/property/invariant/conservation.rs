//! Every rao minted is somewhere.

use crate::base::units::Rao;
use crate::metrics::RunSummary;
use crate::property::invariant::Books;
use crate::property::invariant::InvariantChecker;
use crate::property::invariant::ensure;
use crate::work::EpochRecord;

/// Checks each epoch by itself, and the sums of the window. Sums are in 128 bits: a doctored amount cannot wrap round.
#[derive(Debug)]
pub(super) struct Conservation;

impl InvariantChecker for Conservation {
    fn epoch(&mut self, record: &EpochRecord) -> Result<(), String> {
        let place = format!("epoch {}", record.number);
        let parts =
            [record.owner, record.validators, record.miners, record.burned, record.recycled];
        adds_up(&place, record.minted, &parts, record.remainder_rao)?;
        is_sum(&place, "miners", record.miners, record.miner_pay.iter().copied())?;
        is_sum(&place, "validators", record.validators, record.validator_pay.iter().copied())
    }

    fn end(&mut self, books: &Books<'_>) -> Result<(), String> {
        let RunSummary { totals, miners, .. } = books.facts;
        let parts =
            [totals.owner, totals.validators, totals.miners, totals.burned, totals.recycled];
        adds_up("the window", totals.minted, &parts, totals.remainder_rao)?;
        is_sum("the window", "miners", totals.miners, miners.iter().map(|miner| miner.pay))
    }
}

fn sum(amounts: impl IntoIterator<Item = Rao>) -> i128 {
    amounts.into_iter().map(|rao| i128::from(rao.0)).sum()
}

fn adds_up(place: &str, minted: Rao, parts: &[Rao], remainder: i64) -> Result<(), String> {
    let spent = sum(parts.iter().copied()) + i128::from(remainder);
    ensure(spent == i128::from(minted.0), || {
        let off = spent - i128::from(minted.0);
        format!("{place}: minted {minted}, but the parts sum to {spent} rao ({off:+})")
    })
}

fn is_sum(
    place: &str,
    of: &str,
    whole: Rao,
    parts: impl Iterator<Item = Rao>,
) -> Result<(), String> {
    let paid = sum(parts);
    ensure(paid == i128::from(whole.0), || {
        format!("{place}: {of} were paid {whole}, but their pay sums to {paid} rao")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::property::Invariant;
    use crate::property::invariant::sample;

    fn broken(change: impl FnOnce(&mut EpochRecord)) -> Option<String> {
        let mut record = sample::epoch(4);
        change(&mut record);
        let facts = RunSummary::default();
        let books = Books { jobs: 0, facts: &facts };
        sample::broken(Invariant::Conservation, &[], &[record], &books)
    }

    #[test]
    fn a_rao_taken_from_any_part_is_found() {
        let taken = [
            broken(|r| r.minted = Rao(101)),
            broken(|r| r.owner = Rao(17)),
            broken(|r| r.burned = Rao(29)),
            broken(|r| r.recycled = Rao(1)),
            broken(|r| r.remainder_rao = 0),
            broken(|r| r.miner_pay[1] = Rao(2)),
            broken(|r| r.validator_pay[0] = Rao(40)),
            broken(|r| (r.miners, r.minted) = (Rao(9), Rao(99))),
        ];
        for (place, what) in taken.into_iter().enumerate() {
            assert!(what.is_some_and(|what| what.starts_with("epoch 4")), "{place}");
        }
    }

    #[test]
    fn a_remainder_below_0_counts_with_its_sign() {
        assert_eq!(broken(|r| (r.remainder_rao, r.minted) = (-2, Rao(97))), None);
    }

    #[test]
    fn amounts_that_would_wrap_round_are_found() {
        let found = broken(|r| r.owner = Rao(u64::MAX)).unwrap();
        assert!(found.contains("(+18446744073709551597)"), "{found}");
    }

    #[test]
    fn a_miner_whose_pay_is_not_in_the_sum_is_found() {
        let mut facts = RunSummary::default();
        facts.totals.minted = Rao(5);
        facts.totals.miners = Rao(5);
        let books = Books { jobs: 0, facts: &facts };
        let found = sample::broken(Invariant::Conservation, &[], &[], &books).unwrap();
        assert_eq!(found, "the window: miners were paid 5 rao, but their pay sums to 0 rao");
    }
}
