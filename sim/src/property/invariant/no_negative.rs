//! No amount is below 0. By type none can be; one that wrapped round is larger than what it is a part of.

use crate::base::units::Rao;
use crate::property::invariant::Books;
use crate::property::invariant::InvariantChecker;
use crate::property::invariant::ensure;
use crate::work::EpochRecord;

/// Checks each epoch by itself, and the window's weight shares.
#[derive(Debug)]
pub(super) struct NoNegative;

impl InvariantChecker for NoNegative {
    fn epoch(&mut self, record: &EpochRecord) -> Result<(), String> {
        let number = record.number;
        // Rounding may favour the parts, by what a remainder below 0 says.
        let favour = record.remainder_rao.min(0).unsigned_abs();
        let whole = Rao(record.minted.0.saturating_add(favour));
        for (whose, part) in [
            ("the owner's cut", record.owner),
            ("validators' pay", record.validators),
            ("miners' pay", record.miners),
            ("what was burned", record.burned),
            ("what was recycled", record.recycled),
        ] {
            ensure(part <= whole, || {
                format!(
                    "epoch {number}: {whose}, {part}, is more than all that was minted, {whole}"
                )
            })?;
        }
        for (place, pay) in record.miner_pay.iter().enumerate() {
            ensure(*pay <= record.miners, || {
                format!("epoch {number}: miner {place} was paid {pay} of {}", record.miners)
            })?;
        }
        for (place, pay) in record.validator_pay.iter().enumerate() {
            ensure(*pay <= record.validators, || {
                format!("epoch {number}: validator {place} was paid {pay} of {}", record.validators)
            })?;
        }
        Ok(())
    }

    fn end(&mut self, books: &Books<'_>) -> Result<(), String> {
        for (place, miner) in books.facts.miners.iter().enumerate() {
            let share = miner.weight_share;
            ensure((0.0..=1.0).contains(&share), || {
                format!("miner {place}: weight share {share}")
            })?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::MinerSummary;
    use crate::metrics::RunSummary;
    use crate::property::Invariant;
    use crate::property::invariant::sample;

    fn broken(change: impl FnOnce(&mut EpochRecord)) -> Option<String> {
        let mut record = sample::epoch(0);
        change(&mut record);
        let facts = RunSummary::default();
        let books = Books { jobs: 0, facts: &facts };
        sample::broken(Invariant::NoNegative, &[], &[record], &books)
    }

    #[test]
    fn an_amount_that_wrapped_round_is_found_everywhere() {
        let minus_one = Rao(0_u64.wrapping_sub(1));
        let doctored = [
            broken(|r| r.owner = minus_one),
            broken(|r| r.validators = minus_one),
            broken(|r| r.miners = minus_one),
            broken(|r| r.burned = minus_one),
            broken(|r| r.recycled = minus_one),
            broken(|r| r.miner_pay[0] = minus_one),
            broken(|r| r.validator_pay[0] = minus_one),
        ];
        assert!(doctored.iter().all(Option::is_some), "{doctored:?}");
    }

    #[test]
    fn rounding_in_favour_of_a_part_is_allowed() {
        let all = |r: &mut EpochRecord| {
            (r.owner, r.validators, r.burned, r.validator_pay) =
                (Rao(0), Rao(0), Rao(0), Vec::new());
            (r.miners, r.miner_pay, r.remainder_rao) = (Rao(101), vec![Rao(101)], -1);
        };
        assert_eq!(broken(all), None);
        assert!(
            broken(|r| {
                all(r);
                r.remainder_rao = 0;
            })
            .is_some()
        );
    }

    #[test]
    fn a_weight_share_outside_the_whole_is_found() {
        for weight_share in [-0.1, 1.1, f64::NAN] {
            let miner = MinerSummary { weight_share, ..MinerSummary::default() };
            let facts = RunSummary { miners: vec![miner], ..RunSummary::default() };
            let books = Books { jobs: 0, facts: &facts };
            assert!(sample::broken(Invariant::NoNegative, &[], &[], &books).is_some());
        }
    }
}
