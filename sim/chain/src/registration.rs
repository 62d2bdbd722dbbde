//! Registration: price, immunity and pruning (chain.md 7.2 to 7.4).

use crate::fixed::FRACTION;
use crate::hyper::Hyper;
use core::error::Error;
use core::fmt;

/// 1 in Q32.
const ONE: u64 = 1 << FRACTION;
/// Fractional bits of the multiplier. Source: chain.md 7.2, U64F64.
const MULTIPLIER_FRACTION: u32 = 64;

/// Why a registration is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RegistrationRefusal {
    /// The subnet takes none.
    Closed,
    /// The hotkey has a uid already.
    Present {
        /// Its uid.
        uid: u16,
    },
    /// The price is above what the caller has.
    NotAffordable {
        /// Price \[rao\].
        price: u64,
        /// What the caller has \[rao\].
        purse: u64,
    },
    /// The subnet is full and every neuron is protected.
    NobodyToPrune,
}

impl fmt::Display for RegistrationRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Closed => f.write_str("registration is closed"),
            Self::Present { uid } => {
                write!(f, "the hotkey is registered already, as uid {uid}")
            }
            Self::NotAffordable { price, purse } => {
                write!(f, "the price of {price} rao is above the {purse} rao at hand")
            }
            Self::NobodyToPrune => f.write_str("the subnet is full and no neuron can be pruned"),
        }
    }
}

impl Error for RegistrationRefusal {}

/// The registration price, which falls every block and rises with every registration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Price {
    /// Price \[rao\].
    pub rao: u64,
    /// Half-life for which `factor` holds \[blocks\].
    half_life: u16,
    /// What a block multiplies the price by, in Q32.
    factor: u64,
}

impl Price {
    /// A price \[rao\], moved inside the bounds of the parameters.
    #[must_use]
    pub fn new(rao: u64, hyper: &Hyper) -> Self {
        let half_life = hyper.burn_half_life;
        Self { rao, half_life, factor: decay_factor(half_life) }.clamped(hyper)
    }

    /// The price after so many blocks without a registration.
    ///
    /// ```
    /// use assay_chain::Hyper;
    /// use assay_chain::Price;
    ///
    /// let hyper = Hyper::default();
    /// let price = Price::new(1_000_000_000, &hyper);
    /// // A registration costs the next one 26 % more, and 360 blocks halve the price.
    /// assert_eq!(price.raised(&hyper).rao, 1_260_000_000);
    /// assert_eq!(price.decayed(1, &hyper).rao, 998_076_443);
    /// ```
    #[must_use]
    pub fn decayed(mut self, blocks: u64, hyper: &Hyper) -> Self {
        if self.half_life != hyper.burn_half_life {
            self = Self::new(self.rao, hyper);
        }
        for _ in 0..blocks {
            let next = Self { rao: scale_q32(self.rao, self.factor), ..self }.clamped(hyper);
            // A price that a block does not change is changed by none.
            if next == self {
                break;
            }
            self = next;
        }
        self
    }

    /// The price after a registration.
    #[must_use]
    pub fn raised(self, hyper: &Hyper) -> Self {
        let (whole, part) = (
            hyper.burn_multiplier >> MULTIPLIER_FRACTION,
            hyper.burn_multiplier & u128::from(u64::MAX),
        );
        let price = u128::from(self.rao);
        let raised =
            price.saturating_mul(whole).saturating_add((price * part) >> MULTIPLIER_FRACTION);
        Self { rao: u64::try_from(raised).unwrap_or(u64::MAX), ..self }.clamped(hyper)
    }

    fn clamped(self, hyper: &Hyper) -> Self {
        Self { rao: self.rao.min(hyper.burn_max).max(hyper.burn_min), ..self }
    }
}

/// Largest Q32 number whose `half_life`-th power is at most one half; a half-life of 0 keeps the price.
fn decay_factor(half_life: u16) -> u64 {
    if half_life == 0 {
        return ONE;
    }
    let (mut low, mut high) = (0, ONE);
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if power_q32(middle, half_life) <= ONE / 2 {
            low = middle;
        } else {
            high = middle;
        }
    }
    low
}

/// Power by squaring from the low bit, every product floored.
fn power_q32(base: u64, exponent: u16) -> u64 {
    let (mut result, mut square, mut left) = (ONE, base, exponent);
    while left > 0 {
        if left % 2 == 1 {
            result = scale_q32(result, square);
        }
        left /= 2;
        if left > 0 {
            square = scale_q32(square, square);
        }
    }
    result
}

/// `value * factor` for a factor of at most 1 in Q32, floored.
fn scale_q32(value: u64, factor: u64) -> u64 {
    u64::try_from((u128::from(value) * u128::from(factor)) >> FRACTION)
        .expect("the factor is at most 1")
}

/// What decides who is pruned. Every slice has one entry a uid.
#[derive(Clone, Copy, Debug)]
pub struct Pruning<'a> {
    /// What it earned as miner and validator in the last epoch \[rao\].
    pub emission: &'a [u64],
    /// Block of registration.
    pub registered: &'a [u64],
    /// Block of the registration that asks for a place.
    pub block: u64,
    /// Time in which a new neuron is protected \[blocks\].
    pub immunity_period: u64,
    /// Number of neurons without immunity up to which they are left alone.
    pub min_non_immune: u16,
    /// Uids that are never pruned.
    pub immortal: &'a [u16],
}

impl Pruning<'_> {
    /// The uid that makes room, none where all that could are protected; the chain's `get_neuron_to_prune`.
    ///
    /// ```
    /// use assay_chain::Pruning;
    ///
    /// let pruning = Pruning {
    ///     emission: &[60, 40, 20, 0],
    ///     registered: &[50, 90_000, 94_000, 99_500],
    ///     block: 100_002,
    ///     immunity_period: 5_000,
    ///     min_non_immune: 1,
    ///     immortal: &[],
    /// };
    /// // Uid 3 earned nothing yet, but is immune; of the others uid 2 earned least.
    /// assert_eq!(pruning.victim(), Some(2));
    /// ```
    #[must_use]
    pub fn victim(&self) -> Option<u16> {
        let mut worst = [None, None];
        let mut non_immune = 0;
        let neurons = (0..=u16::MAX).zip(self.emission.iter().zip(self.registered));
        for (uid, (&emission, &registered)) in neurons {
            if self.immortal.contains(&uid) {
                continue;
            }
            let immune = self.block.saturating_sub(registered) < self.immunity_period;
            non_immune += u32::from(!immune);
            let key = (emission, registered, uid);
            let worst = &mut worst[usize::from(immune)];
            *worst = Some(worst.map_or(key, |other| key.min(other)));
        }
        let [mortal, immune] = worst;
        let chosen = if non_immune > u32::from(self.min_non_immune) { mortal } else { immune };
        chosen.map(|(_, _, uid)| uid)
    }
}

/// The owner's uids that are never pruned: its hotkey first, then the earliest registered of the others, up to the limit.
pub(super) fn immortal(
    owner: Option<u16>,
    of_owner: &[bool],
    registered: &[u64],
    limit: u16,
    list: &mut Vec<u16>,
) {
    list.clear();
    list.extend(
        (0..=u16::MAX).zip(of_owner).filter(|(_, of_owner)| **of_owner).map(|(uid, _)| uid),
    );
    list.sort_unstable_by_key(|&uid| (Some(uid) != owner, registered[usize::from(uid)], uid));
    list.truncate(usize::from(limit));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_decay_factor_is_that_of_the_specification() {
        assert_eq!(decay_factor(360), 4_286_705_684);
        assert!(
            power_q32(4_286_705_684, 360) <= ONE / 2 && power_q32(4_286_705_685, 360) > ONE / 2
        );
        // Half-life 1: one half itself.
        assert_eq!((decay_factor(1), decay_factor(0)), (ONE / 2, ONE));
    }

    #[test]
    fn a_registration_multiplies_the_price_by_1_26() {
        let hyper = Hyper::default();
        for rao in [500_000, 1_000_000_000, 79_365_079_365] {
            assert_eq!(Price::new(rao, &hyper).raised(&hyper).rao, rao * 126 / 100);
        }
        assert_eq!(Price::new(90_000_000_000, &hyper).raised(&hyper).rao, 100_000_000_000);
    }

    #[test]
    fn the_owner_hotkey_is_immortal_before_the_owners_others() {
        let mut list = Vec::new();
        let of_owner = [true, false, true, true];
        immortal(Some(3), &of_owner, &[5, 0, 4, 9], 2, &mut list);
        assert_eq!(list, [3, 2]);
        immortal(None, &of_owner, &[5, 0, 4, 9], 1, &mut list);
        assert_eq!(list, [2]);
    }
}
