//! An epoch fires: drain, compute, pay (chain.md 5).

use super::Subnet;
use crate::hyper::OwnerPay;
use crate::hyper::tao_weight_of;
use crate::neurons::Moment;
use crate::payout::Distribution;

/// Where the alpha of one tempo went \[rao\]: `minted = owner + miners + validators + burned + recycled + remainder`.
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
    /// To miners \[rao\].
    pub miners: u64,
    /// To validators, their nominators and root's \[rao\].
    pub validators: u64,
    /// Withheld from the owner's hotkeys and burned \[rao\].
    pub burned: u64,
    /// Withheld from them or of root, and taken out of issuance \[rao\].
    pub recycled: u64,
    /// Paid to nobody \[rao\]: lost to rounding, and, where root's part is recycled, the miners' pending above half of what
    /// the epoch shares out. A few rao below 0 where the shares round in favour of miners: nothing ties their pay to
    /// what is pending for them.
    pub remainder: i64,
}

impl Subnet {
    /// Runs the epoch of the current block if one is due; the uids' pay is in [`payouts`](Self::payouts) and
    /// [`epoch`](Self::epoch).
    ///
    /// # Panics
    /// Only by a bug: amounts are below the supply.
    pub fn run_epoch(&mut self) -> Option<Settlement> {
        if !self.is_due() {
            return None;
        }
        self.reveal_on_time();
        let drained = self.counters.drain();
        self.trigger.fired(self.block);
        self.commits.earliest_pending(
            self.trigger.epoch_index,
            self.hyper.commit_reveal_period,
            &mut self.neurons.commits,
        );
        let stake_fraction = self.refresh_totals();
        let moment = Moment {
            block: self.block,
            tempo: self.trigger.tempo,
            last_step_block: self.last_step_block,
            owner: self.owner_uid(),
            rao: drained.server + drained.validator + drained.root,
            hyper: &self.hyper,
            stake: &self.totals,
            stake_fraction,
        };
        self.neurons.run_epoch(&moment, &mut self.epoch);
        self.payouts.distribute(&Distribution {
            pending_server: drained.server,
            pending_validator: drained.validator,
            pending_root: drained.root,
            server_emission: self.epoch.server_emission(),
            validator_emission: self.epoch.validator_emission(),
            alpha_stake: &self.alpha,
            root_stake: &self.root_tao,
            tao_weight: tao_weight_of(self.hyper.tao_weight),
            take: &self.take,
            withheld: &self.of_owner,
        });
        self.last_step_block = self.block;
        let withheld = self.payouts.withheld;
        let (burned, recycled) = match self.hyper.owner_pay {
            OwnerPay::Burn => (withheld, 0),
            OwnerPay::Recycle => (0, withheld),
        };
        self.counters.recycle(recycled);
        let amount = |total: u128| u64::try_from(total).expect("an amount is below the supply");
        Some(
            Settlement {
                block: self.block,
                epoch_index: self.trigger.epoch_index,
                minted: drained.minted,
                owner: drained.owner,
                miners: amount(self.payouts.miners_total()),
                validators: amount(self.payouts.validators_total()),
                burned,
                recycled: recycled + drained.recycled,
                remainder: 0,
            }
            .balanced(),
        )
    }
}

impl Settlement {
    /// Books what is missing as the remainder.
    fn balanced(self) -> Self {
        let paid = [self.owner, self.miners, self.validators, self.burned, self.recycled];
        let paid: i128 = paid.into_iter().map(i128::from).sum();
        let remainder = i128::from(self.minted) - paid;
        Self { remainder: i64::try_from(remainder).expect("amounts are below the supply"), ..self }
    }
}
