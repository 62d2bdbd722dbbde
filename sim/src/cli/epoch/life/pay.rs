//! What is pending is paid, and becomes stake where the case says so.

use super::Life;
use super::answer::PayoutAnswer;
use super::case::PendingCase;
use crate::cli::epoch::lists::CaseRefusal;
use crate::cli::epoch::number::Whole;
use assay_chain::Pending;
use assay_chain::PendingRule;

impl Life {
    /// Pays by the epoch that has run.
    ///
    /// # Errors
    /// When an amount is more than the chain can hold.
    pub(super) fn pay(
        &mut self,
        pending: &Pending,
        case: &PendingCase,
    ) -> Result<PayoutAnswer, CaseRefusal> {
        self.subnet.pay(pending);
        let mut answer = PayoutAnswer::of(self.subnet.payouts(), self.subnet.settled());
        answer.credited = self.credits(case.owner.map_or(0, |Whole(rao)| rao))?;
        for (uid, &rao) in (0..).zip(&answer.credited) {
            let has = self.subnet.stake()[usize::from(uid)];
            let Some(stake) = has.checked_add(rao) else {
                let text = format!("stake[{uid}]: {has} and {rao} rao of pay pass {}", u64::MAX);
                return Err(CaseRefusal(text));
            };
            self.subnet.set_stake(uid, stake);
        }
        let keys = self.subnet.hotkeys().iter();
        let locked = |&key: &u64| self.subnet.collateral_of(key).map_or(0, |row| row.locked);
        answer.locked = keys.map(locked).collect();
        Ok(answer)
    }

    /// What goes to each seat's stake [rao]: all pay in alpha where it is restaked, else what was captured of it.
    fn credits(&self, owner: u64) -> Result<Vec<u64>, CaseRefusal> {
        let (paid, settled) = (self.subnet.payouts(), self.subnet.settled());
        if !self.restake {
            return Ok(settled.iter().map(|one| one.captured).collect());
        }
        let in_alpha = self.subnet.hyper().runtime.pending == PendingRule::Three;
        let owner_uid = self.subnet.owner_uid().map(usize::from);
        let credit = |uid: usize| {
            let parts = [
                paid.incentive[uid],
                paid.validator_take[uid],
                paid.nominators[uid],
                if in_alpha { paid.root_take[uid] } else { 0 },
                if owner_uid == Some(uid) { owner } else { 0 },
            ];
            let sum: u128 = parts.into_iter().map(u128::from).sum();
            u64::try_from(sum).map_err(|_| {
                CaseRefusal(format!("pending: pays uid {uid} {sum} rao, outside 0..={}", u64::MAX))
            })
        };
        (0..settled.len()).map(credit).collect()
    }
}
