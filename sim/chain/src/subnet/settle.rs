//! An epoch fires: drain, compute, pay (chain.md 5 and 12.3).

use super::Subnet;
use crate::hyper::OwnerPay;
use crate::hyper::tao_weight_of;
use crate::neurons::Moment;
use crate::payout::PayoutInput;
use crate::payout::Pending;
use crate::registration::Settled;
use crate::runtime::PendingRule;

/// Where the alpha of one tempo went \[rao\]:
/// `minted = owner + miners + validators + burned + recycled + sold + remainder`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Settlement {
    /// Block of the epoch.
    pub block: u64,
    /// Number of the epoch, from 1.
    pub epoch_index: u64,
    /// Minted since the last epoch \[rao\].
    pub minted: u64,
    /// To the owner, its cut \[rao\].
    pub owner: u64,
    /// Paid to miners by the settlement \[rao\].
    pub miners: u64,
    /// To validators, their nominators and, from runtime 343 on, root's \[rao\].
    pub validators: u64,
    /// Withheld from the owner's hotkeys and burned \[rao\].
    pub burned: u64,
    /// Withheld from them or of root, and taken out of issuance \[rao\].
    pub recycled: u64,
    /// Sold for root's TAO, before runtime 343 \[rao\].
    pub sold: u64,
    /// Paid to nobody \[rao\]: lost to rounding, and, where root's part is recycled, the miners' pending above half of what
    /// the epoch shares out. A few rao below 0 where the shares round in favour of miners: nothing ties their pay to
    /// what is pending for them.
    pub remainder: i64,
}

impl Subnet {
    /// Runs the epoch of the current block if one is due; the uids' pay is in [`payouts`](Self::payouts) and
    /// [`epoch`](Self::epoch), what it did to collateral in [`settled`](Self::settled).
    ///
    /// # Panics
    /// Only by a bug: amounts are below the supply.
    pub fn run_epoch(&mut self) -> Option<Settlement> {
        if !self.is_due() {
            return None;
        }
        let drained = self.counters.drain();
        let rule = self.hyper.runtime.pending;
        let pending = drained.pending(rule, self.hyper.swap_price);
        let amount = |total: u128| u64::try_from(total).expect("an amount is below the supply");
        self.run_epoch_on(amount(pending.total()));
        self.pay(&pending);
        let withheld = self.payouts.withheld;
        let (burned, kept) = match self.hyper.owner_pay {
            OwnerPay::Burn => (withheld, 0),
            OwnerPay::Recycle => (0, withheld),
        };
        let recycled = kept + self.payouts.root_recycled;
        self.counters.recycle(recycled);
        let (root_in_alpha, sold) = match rule {
            PendingRule::Three => (self.payouts.root_total(), 0),
            PendingRule::Two => (0, drained.root),
        };
        let settlement = Settlement {
            block: self.block,
            epoch_index: self.trigger.epoch_index,
            minted: drained.minted,
            owner: drained.owner,
            miners: amount(self.payouts.miners_total()),
            validators: amount(self.payouts.validators_total() + root_in_alpha),
            burned,
            recycled: recycled + drained.recycled,
            sold,
            remainder: 0,
        };
        Some(settlement.balanced())
    }

    /// Computes the epoch of the current block on an amount \[rao\] and stores what it gives, but pays nobody: for amounts
    /// that come from elsewhere. [`pay`](Self::pay) follows it.
    pub fn run_epoch_on(&mut self, rao: u64) {
        self.trigger.fired(self.block);
        self.commits.earliest_pending(
            self.trigger.counter(self.block),
            self.hyper.commit_reveal_period,
            &self.hotkeys,
            &mut self.neurons.commits,
        );
        let stake_fraction = self.refresh_totals();
        let moment = Moment {
            block: self.block,
            tempo: self.trigger.tempo,
            last_step_block: self.last_step_block,
            owner: self.owner_uid(),
            rao,
            hyper: &self.hyper,
            stake: &self.totals,
            stake_fraction,
        };
        self.neurons.run_epoch(&moment, &mut self.epoch);
        self.last_step_block = self.block;
    }

    /// Pays what is pending by the epoch that ran in this block, and settles it with the collateral.
    pub fn pay(&mut self, pending: &Pending) {
        self.payouts.distribute(&PayoutInput {
            rule: self.hyper.runtime.dividend,
            pending: *pending,
            server_emission: self.epoch.server_emission(),
            validator_emission: self.epoch.validator_emission(),
            alpha_stake: &self.alpha,
            root_stake: &self.root_tao,
            root_registered: &self.on_root,
            tao_weight: tao_weight_of(self.hyper.tao_weight),
            take: &self.take,
            withheld: &self.of_owner,
        });
        self.settled.clear();
        self.settled.resize(self.hotkeys.all().len(), Settled::default());
        if !self.hyper.runtime.has_collateral || self.collateral.is_empty() {
            return;
        }
        let paid = &self.payouts;
        for (uid, &hotkey) in self.hotkeys.all().iter().enumerate() {
            for (emission, capturable) in [
                (paid.incentive[uid], paid.incentive[uid]),
                (paid.alpha_dividend[uid], paid.validator_take[uid]),
                (paid.root_dividend[uid], paid.root_take[uid]),
            ] {
                let one = self.collateral.settle(hotkey, emission, capturable);
                self.settled[uid].captured += one.captured;
                // Before it is gone no row releases more than a u64 of what it holds.
                self.settled[uid].released =
                    self.settled[uid].released.saturating_add(one.released);
            }
        }
    }
}

impl Settlement {
    /// Books what is missing as the remainder.
    fn balanced(self) -> Self {
        let paid =
            [self.owner, self.miners, self.validators, self.burned, self.recycled, self.sold];
        let paid: i128 = paid.into_iter().map(i128::from).sum();
        let remainder = i128::from(self.minted) - paid;
        Self { remainder: i64::try_from(remainder).expect("amounts are below the supply"), ..self }
    }
}
