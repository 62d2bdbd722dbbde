//! Who is paid what an epoch hands out (chain.md 5).

use crate::wide::U96F32;

/// What [`Payouts::distribute`] reads. Every slice has one entry a uid.
#[derive(Clone, Copy, Debug)]
pub struct Distribution<'a> {
    /// Pending of the miners \[rao\].
    pub pending_server: u64,
    /// Pending of the validators \[rao\].
    pub pending_validator: u64,
    /// Pending of root \[rao\].
    pub pending_root: u64,
    /// The epoch's emission to miners \[rao\].
    pub server_emission: &'a [u64],
    /// The epoch's emission to validators \[rao\].
    pub validator_emission: &'a [u64],
    /// Alpha stake \[rao\].
    pub alpha_stake: &'a [u64],
    /// Root TAO stake \[rao\].
    pub root_stake: &'a [u64],
    /// What one TAO on root counts beside one alpha; see [`tao_weight_of`](crate::tao_weight_of).
    pub tao_weight: U96F32,
    /// Part that the validator keeps from its nominators \[1/65535\].
    pub take: &'a [u16],
    /// Whether the hotkey belongs to the subnet's owner, whose miner pay is withheld.
    pub withheld: &'a [bool],
}

/// What each uid was paid, one entry a uid \[rao\].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Payouts {
    /// To the miner \[rao\]; 0 where it was withheld.
    pub incentive: Vec<u64>,
    /// To the validator, of what its alpha stake earned \[rao\].
    pub validator_take: Vec<u64>,
    /// To its nominators, of the same \[rao\].
    pub nominators: Vec<u64>,
    /// To the validator, of what its root TAO earned \[rao\].
    pub root_take: Vec<u64>,
    /// To its nominators on root, of the same \[rao\].
    pub root_claimable: Vec<u64>,
    /// Miner pay withheld from all of the owner's hotkeys together \[rao\].
    pub withheld: u64,
    /// Alpha and root part of each validator's emission.
    parts: Vec<(U96F32, U96F32)>,
}

impl Payouts {
    /// Pays an epoch's emission, in place of what was paid before; the chain's `distribute`.
    ///
    /// # Panics
    /// If the slices differ in length.
    pub fn distribute(&mut self, args: &Distribution<'_>) {
        self.pay_miners(args);
        self.split_dividends(args);
        // Without miners to pay, the validators share the miners' pending too.
        let idle = args.server_emission.iter().all(|&rao| rao == 0);
        let pool =
            args.pending_validator.saturating_add(if idle { args.pending_server } else { 0 });
        let (pool, root_pool) = (U96F32::whole(pool), U96F32::whole(args.pending_root));
        let sum = |of: fn(&(U96F32, U96F32)) -> U96F32| {
            self.parts.iter().map(of).fold(U96F32::ZERO, U96F32::plus)
        };
        let (alpha_sum, root_sum) = (sum(|parts| parts.0), sum(|parts| parts.1));
        self.validator_take.clear();
        self.nominators.clear();
        self.root_take.clear();
        self.root_claimable.clear();
        for (&(alpha, root), &take) in self.parts.iter().zip(args.take) {
            let take = U96F32::ratio(take);
            let (kept, passed) = shared(pool.times(alpha.over(alpha_sum)), take);
            self.validator_take.push(kept);
            self.nominators.push(passed);
            let (kept, passed) = shared(root_pool.times(root.over(root_sum)), take);
            self.root_take.push(kept);
            self.root_claimable.push(passed);
        }
    }

    /// Everything that reached a miner \[rao\].
    #[must_use]
    pub fn miners_total(&self) -> u128 {
        total(&self.incentive)
    }

    /// Everything that reached a validator or its nominators \[rao\].
    #[must_use]
    pub fn validators_total(&self) -> u128 {
        [&self.validator_take, &self.nominators, &self.root_take, &self.root_claimable]
            .into_iter()
            .map(|amounts| total(amounts))
            .sum()
    }

    fn pay_miners(&mut self, args: &Distribution<'_>) {
        self.incentive.clear();
        self.withheld = 0;
        assert_eq!(
            args.server_emission.len(),
            args.withheld.len(),
            "every uid has an owner or not"
        );
        for (&rao, &withheld) in args.server_emission.iter().zip(args.withheld) {
            self.incentive.push(if withheld { 0 } else { rao });
            self.withheld += if withheld { rao } else { 0 };
        }
    }

    /// Splits each dividend into what alpha earned and what root TAO earned.
    fn split_dividends(&mut self, args: &Distribution<'_>) {
        let stakes = args.alpha_stake.iter().zip(args.root_stake);
        assert_eq!(stakes.len(), args.validator_emission.len(), "every uid has its stakes");
        self.parts.clear();
        self.parts.extend(stakes.zip(args.validator_emission).map(
            |((&alpha, &tao), &dividend)| {
                let (dividend, root) =
                    (U96F32::whole(dividend), U96F32::whole(tao).times(args.tao_weight));
                let root = dividend.times(root.over(root.plus(U96F32::whole(alpha))));
                (dividend.minus(root), root)
            },
        ));
    }
}

/// What of a payment is the validator's take, and what goes on to its nominators \[rao\].
fn shared(payment: U96F32, take: U96F32) -> (u64, u64) {
    let kept = payment.times(take);
    (kept.floor(), payment.minus(kept).floor())
}

fn total(amounts: &[u64]) -> u128 {
    amounts.iter().map(|&rao| u128::from(rao)).sum()
}
