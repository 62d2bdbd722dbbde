//! Who is paid what an epoch hands out (chain.md 5).

use crate::runtime::DividendRule;
use crate::wide::U96F32;

/// What is pending when an epoch fires, the owner's cut excluded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pending {
    /// The three parts that are pending from runtime 343 on.
    Three {
        /// For the miners \[rao\].
        server: u64,
        /// For the validators \[rao\].
        validator: u64,
        /// What is pending for root \[rao\].
        root: u64,
    },
    /// The two parts that are pending before runtime 343.
    Two {
        /// For miners and validators together \[rao\].
        pending: u64,
        /// Sold for root \[rao\].
        swapped: u64,
        /// TAO that it was sold for \[rao\].
        root_tao: u64,
    },
}

impl Pending {
    /// What the epoch shares out \[rao\].
    #[must_use]
    pub fn total(&self) -> u128 {
        match *self {
            Self::Three { server, validator, root } => {
                [server, validator, root].map(u128::from).iter().sum()
            }
            Self::Two { pending, swapped, .. } => u128::from(pending) + u128::from(swapped),
        }
    }

    /// What the validators share \[rao\]; without miners to pay, the miners' part too.
    fn for_validators(&self, is_idle: bool) -> u64 {
        match *self {
            Self::Three { server, validator, .. } => {
                validator.saturating_add(if is_idle { server } else { 0 })
            }
            Self::Two { pending, .. } if is_idle => pending,
            Self::Two { swapped, .. } => {
                let half = u64::try_from(self.total() / 2).unwrap_or(u64::MAX);
                half.saturating_sub(swapped)
            }
        }
    }

    /// What root shares: alpha \[rao\], before runtime 343 TAO \[rao\].
    fn for_root(&self) -> u64 {
        match *self {
            Self::Three { root, .. } => root,
            Self::Two { root_tao, .. } => root_tao,
        }
    }
}

/// What [`Payouts::distribute`] reads. Every slice has one entry a uid.
#[derive(Clone, Copy, Debug)]
pub struct PayoutInput<'a> {
    /// How dividends are split.
    pub rule: DividendRule,
    /// What is pending since the last epoch.
    pub pending: Pending,
    /// The epoch's emission to miners \[rao\].
    pub server_emission: &'a [u64],
    /// The epoch's emission to validators \[rao\].
    pub validator_emission: &'a [u64],
    /// Alpha stake of each neuron \[rao\].
    pub alpha_stake: &'a [u64],
    /// Root TAO stake \[rao\].
    pub root_stake: &'a [u64],
    /// Whether the hotkey holds a uid on root, which runtimes from 442 on ask.
    pub root_registered: &'a [bool],
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
    /// For what its alpha stake earned, before it is rounded into the two below \[rao\].
    pub alpha_dividend: Vec<u64>,
    /// To the validator, of what its alpha stake earned \[rao\].
    pub validator_take: Vec<u64>,
    /// To its nominators, of the same \[rao\].
    pub nominators: Vec<u64>,
    /// For what its root TAO earned, before it is rounded into the two below \[rao\]; this and they are TAO before runtime
    /// 343.
    pub root_dividend: Vec<u64>,
    /// To the validator, of what its root TAO earned \[rao\].
    pub root_take: Vec<u64>,
    /// To its nominators on root, of the same \[rao\].
    pub root_claimable: Vec<u64>,
    /// Miner pay withheld from all of the owner's hotkeys together \[rao\].
    pub withheld: u64,
    /// The same as a part of all miner pay, `0.0..=1.0` (`MinerBurned`).
    pub miner_burned: U96F32,
    /// Root's part where it reached nobody and left the issuance (from runtime 442) \[rao\].
    pub root_recycled: u64,
    /// Alpha and root part of each validator's emission.
    parts: Vec<(U96F32, U96F32)>,
}

impl Payouts {
    /// Pays an epoch's emission, in place of what was paid before; the chain's `distribute`.
    ///
    /// # Panics
    /// If the slices differ in length.
    pub fn distribute(&mut self, args: &PayoutInput<'_>) {
        self.pay_miners(args);
        self.split_dividends(args);
        let idle = args.server_emission.iter().all(|&rao| rao == 0);
        let pool = U96F32::whole(args.pending.for_validators(idle));
        let root_pool = U96F32::whole(args.pending.for_root());
        let sum = |of: fn(&(U96F32, U96F32)) -> U96F32| {
            self.parts.iter().map(of).fold(U96F32::ZERO, U96F32::plus)
        };
        let (alpha_sum, root_sum) = (sum(|parts| parts.0), sum(|parts| parts.1));
        let lists = [&mut self.alpha_dividend, &mut self.validator_take, &mut self.nominators];
        lists.into_iter().for_each(Vec::clear);
        let lists = [&mut self.root_dividend, &mut self.root_take, &mut self.root_claimable];
        lists.into_iter().for_each(Vec::clear);
        for (&(alpha, root), &take) in self.parts.iter().zip(args.take) {
            let take = U96F32::ratio(take);
            let payment = pool.times(alpha.over(alpha_sum));
            let (kept, passed) = shared(payment, take);
            self.alpha_dividend.push(payment.floor());
            self.validator_take.push(kept);
            self.nominators.push(passed);
            let payment = root_pool.times(root.over(root_sum));
            let (kept, passed) = shared(payment, take);
            self.root_dividend.push(payment.floor());
            self.root_take.push(kept);
            self.root_claimable.push(passed);
        }
        let is_lost = args.rule == DividendRule::AlphaFirst
            && self.root_dividend.iter().all(|&payment| payment == 0);
        self.root_recycled = if is_lost { args.pending.for_root() } else { 0 };
    }

    /// Everything that reached a miner \[rao\].
    #[must_use]
    pub fn miners_total(&self) -> u128 {
        total(&self.incentive)
    }

    /// Everything that reached a validator or its nominators of what alpha stake earned \[rao\].
    #[must_use]
    pub fn validators_total(&self) -> u128 {
        total(&self.validator_take) + total(&self.nominators)
    }

    /// Everything that reached a validator or its nominators of what root TAO earned \[rao\]; TAO before runtime 343.
    #[must_use]
    pub fn root_total(&self) -> u128 {
        total(&self.root_take) + total(&self.root_claimable)
    }

    fn pay_miners(&mut self, args: &PayoutInput<'_>) {
        self.incentive.clear();
        self.withheld = 0;
        assert_eq!(
            args.server_emission.len(),
            args.withheld.len(),
            "every uid has an owner or not"
        );
        for (&rao, &withheld) in args.server_emission.iter().zip(args.withheld) {
            self.incentive.push(if withheld { 0 } else { rao });
            self.withheld = self.withheld.saturating_add(if withheld { rao } else { 0 });
        }
        let all = args.server_emission.iter().fold(0u64, |all, &rao| all.saturating_add(rao));
        self.miner_burned = U96F32::whole(self.withheld).over(U96F32::whole(all));
    }

    /// Splits each dividend into what alpha earned and what root TAO earned.
    fn split_dividends(&mut self, args: &PayoutInput<'_>) {
        let stakes = args.alpha_stake.iter().zip(args.root_stake);
        assert_eq!(stakes.len(), args.validator_emission.len(), "every uid has its stakes");
        let lengths = [args.take.len(), args.root_registered.len()];
        assert!(lengths.iter().all(|&n| n == stakes.len()), "every uid has its take");
        self.parts.clear();
        let validators = stakes.zip(args.validator_emission).zip(args.root_registered);
        self.parts.extend(validators.map(|(((&alpha, &tao), &dividend), &on_root)| {
            let dividend = U96F32::whole(dividend);
            let root = U96F32::whole(tao).times(args.tao_weight);
            let alpha = U96F32::whole(alpha);
            let both = root.plus(alpha);
            match args.rule {
                DividendRule::RootFirst => {
                    let root = dividend.times(root.over(both));
                    (dividend.minus(root), root)
                }
                DividendRule::AlphaFirst => {
                    let none = both == U96F32::ZERO;
                    let alpha = if none { dividend } else { dividend.times(alpha.over(both)) };
                    (alpha, if on_root { dividend.minus(alpha) } else { U96F32::ZERO })
                }
            }
        }));
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
