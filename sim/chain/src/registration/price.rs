//! What a registration costs (chain.md 7.2, before runtime 401: 11.2).

use crate::fixed::FRACTION;
use crate::hyper::Hyper;
use crate::runtime::PriceRule;
use crate::wide::at_price;

/// The number 1 in Q32.
const ONE: u64 = 1 << FRACTION;
/// 1 in U64F64, the least that a multiplier counts as. Source: chain.md 7.2.
const MULTIPLIER_LEAST: u128 = 1 << 64;
/// Fractional bits of U110F18. Source: chain.md 11.2.
const ADJUSTED_FRACTION: u32 = 18;
/// Registrations an interval takes, as multiples of its target. Source: chain.md 11.2.
const TARGETS_AN_INTERVAL: u64 = 3;

/// The registration price as it stands after the step of a block, and what it depends on beside the parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Price {
    /// Price of a registration \[rao\].
    pub rao: u64,
    /// Block after whose step it is this.
    pub block: u64,
    /// Before runtime 401: block in which it was last reconsidered (`LastAdjustmentBlock`).
    pub last_adjustment_block: u64,
    /// Registrations since the interval began.
    pub registered_in_interval: u16,
    /// Registrations in the block.
    pub registered_in_block: u16,
    /// Half-life for which `factor` holds \[blocks\].
    half_life: u16,
    /// What a block multiplies the price by, in Q32.
    factor: u64,
}

/// The limit that a registration meets before the price (before runtime 401).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Limit {
    /// At most so many registrations in a block.
    Block(u16),
    /// At most so many registrations in an interval.
    Interval(u64),
}

impl Price {
    /// A price \[rao\] after the step of a block.
    #[must_use]
    pub fn new(rao: u64, block: u64) -> Self {
        Self {
            rao,
            block,
            last_adjustment_block: 0,
            registered_in_interval: 0,
            registered_in_block: 0,
            half_life: 0,
            factor: ONE,
        }
    }

    /// The price after the step of a later block, without a registration on the way.
    ///
    /// ```
    /// use assay_chain::Hyper;
    /// use assay_chain::Price;
    ///
    /// let hyper = Hyper::default();
    /// let price = Price::new(1_000_000_000, 1_000);
    /// // A registration costs the next one 26 % more, and 360 blocks halve the price.
    /// assert_eq!(price.raised(&hyper).rao, 1_260_000_000);
    /// assert_eq!(price.after(1_001, &hyper).rao, 998_076_443);
    /// ```
    #[must_use]
    pub fn after(mut self, block: u64, hyper: &Hyper) -> Self {
        if block <= self.block {
            return self;
        }
        self.registered_in_block = 0;
        match hyper.runtime.price {
            PriceRule::Continuous => self.decay(block, hyper),
            PriceRule::Interval => self.adjust(block, hyper),
        }
        self.block = block;
        self
    }

    /// The price after a registration, which is counted.
    #[must_use]
    pub fn raised(mut self, hyper: &Hyper) -> Self {
        self.registered_in_block = self.registered_in_block.saturating_add(1);
        self.registered_in_interval = self.registered_in_interval.saturating_add(1);
        match hyper.runtime.price {
            PriceRule::Interval => self,
            PriceRule::Continuous => {
                let multiplier = hyper.burn_multiplier.max(MULTIPLIER_LEAST);
                Self { rao: clamped(at_price(self.rao, multiplier), hyper), ..self }
            }
        }
    }

    /// The limit on registrations that is reached, if one is.
    pub(crate) fn reached(&self, hyper: &Hyper) -> Option<Limit> {
        if hyper.runtime.price == PriceRule::Continuous {
            return None;
        }
        let a_block = hyper.max_registrations_per_block;
        if self.registered_in_block >= a_block {
            return Some(Limit::Block(a_block));
        }
        let an_interval = TARGETS_AN_INTERVAL * u64::from(hyper.target_registrations_per_interval);
        let is_full = u64::from(self.registered_in_interval) >= an_interval;
        is_full.then_some(Limit::Interval(an_interval))
    }

    /// The block steps up to `block`, each multiplying by the factor of the half-life. The step of block 1 changes nothing.
    fn decay(&mut self, block: u64, hyper: &Hyper) {
        if self.half_life != hyper.burn_half_life {
            self.half_life = hyper.burn_half_life;
            self.factor = decay_factor(self.half_life);
        }
        for _ in self.block.max(1)..block {
            let next = clamped(scale_q32(self.rao, self.factor), hyper);
            // A price that a block does not change is changed by none.
            if next == self.rao {
                break;
            }
            self.rao = next;
        }
    }

    /// The block steps up to `block`, of which one an interval reconsiders the price.
    fn adjust(&mut self, block: u64, hyper: &Hyper) {
        let interval = hyper.adjustment_interval.max(1);
        loop {
            let due = self.last_adjustment_block.saturating_add(interval).max(self.block + 1);
            if due > block {
                return;
            }
            self.last_adjustment_block = due;
            let before = self.rao;
            self.reconsider(hyper);
            let is_idle = std::mem::take(&mut self.registered_in_interval) == 0;
            if is_idle && self.rao == before {
                // What one idle interval does not change, no later one does.
                self.last_adjustment_block = due + (block - due) / interval * interval;
                return;
            }
        }
    }

    /// The price moves by how many registered beside how many were meant to.
    fn reconsider(&mut self, hyper: &Hyper) {
        let (registered, target) = (
            u128::from(self.registered_in_interval),
            u128::from(hyper.target_registrations_per_interval),
        );
        if (1..=target).contains(&registered) {
            return;
        }
        // Below 2^82, and below 2^99 after the product.
        let price = u128::from(self.rao) << ADJUSTED_FRACTION;
        let moved = (price * (registered + target)).checked_div(2 * target).unwrap_or(0);
        let one = 1u128 << ADJUSTED_FRACTION;
        let stays =
            (u128::from(hyper.adjustment_alpha) << ADJUSTED_FRACTION) / u128::from(u64::MAX);
        let times = |part: u128, number: u128| (part * number) >> ADJUSTED_FRACTION;
        let next = times(stays, price) + times(one - stays, moved);
        let bound = |rao: u64| u128::from(rao) << ADJUSTED_FRACTION;
        self.rao = if next >= bound(hyper.burn_max) {
            hyper.burn_max
        } else if next <= bound(hyper.burn_min) {
            hyper.burn_min
        } else {
            u64::try_from(next >> ADJUSTED_FRACTION).expect("it is below the largest price")
        };
    }
}

fn clamped(rao: u64, hyper: &Hyper) -> u64 {
    rao.min(hyper.burn_max).max(hyper.burn_min)
}

/// What a block multiplies the price by, in Q32: the largest number whose `half_life`-th power is at most one half; 1 for a
/// half-life of 0, which keeps the price.
#[must_use]
pub fn decay_factor(half_life: u16) -> u64 {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runtime::Runtime;

    #[test]
    fn the_decay_factor_is_that_of_the_specification() {
        let known = [(1, 2_147_483_648), (2, 3_037_000_500), (10, 4_007_346_185)];
        let known = known.into_iter().chain([(360, 4_286_705_684), (7_200, 4_294_553_838)]);
        for (half_life, factor) in known.chain([(0, ONE)]) {
            assert_eq!(decay_factor(half_life), factor, "half-life {half_life}");
        }
        assert!(
            power_q32(4_286_705_684, 360) <= ONE / 2 && power_q32(4_286_705_685, 360) > ONE / 2
        );
    }

    #[test]
    fn a_registration_multiplies_the_price_by_1_26() {
        let hyper = Hyper::default();
        for rao in [500_000, 1_000_000_000, 79_365_079_365] {
            assert_eq!(Price::new(rao, 5).raised(&hyper).rao, rao * 126 / 100);
        }
        assert_eq!(Price::new(90_000_000_000, 5).raised(&hyper).rao, 100_000_000_000);
        let falling = Hyper { burn_multiplier: 0, ..hyper };
        assert_eq!(Price::new(7_000_000, 5).raised(&falling).rao, 7_000_000, "never below 1");
    }

    #[test]
    fn the_worked_prices_of_the_specification() {
        // chain.md 7.2: price 1e9 after block 1000.
        let hyper = Hyper::default();
        let mut price = Price::new(1_000_000_000, 1_000);
        let mut pays = |block, registrations: &[u64], left| {
            price = price.after(block, &hyper);
            for &paid in registrations {
                assert_eq!(price.rao, paid, "in block {block}");
                price = price.raised(&hyper);
            }
            assert_eq!(price.rao, left, "after block {block}");
        };
        pays(1_001, &[998_076_443], 1_257_576_318);
        pays(1_002, &[1_255_157_298], 1_581_498_195);
        pays(1_003, &[1_578_456_093, 1_988_854_677, 2_505_956_893], 3_157_505_685);
        pays(1_004, &[], 3_151_432_044);
        pays(1_013, &[3_097_292_324], 3_902_588_328);
        pays(1_373, &[], 1_951_294_024);
    }

    #[test]
    fn the_price_of_an_interval_moves_by_its_registrations() {
        // chain.md 11.2: 0.97 of 1e9 and 0.03 of it by (r + 1) / 2.
        let hyper = Hyper::at(Runtime::of(326).unwrap());
        for (registrations, next) in
            [(0, 984_998_703), (1, 1_000_000_000), (2, 1_015_001_296), (3, 1_030_002_593)]
        {
            let start = Price { last_adjustment_block: 1_000, ..Price::new(1_000_000_000, 1_000) };
            let mut price = start;
            for block in 0..registrations {
                price = price.after(1_001 + block, &hyper);
                assert_eq!(price.reached(&hyper), None);
                price = price.raised(&hyper);
                assert_eq!(price.reached(&hyper), Some(Limit::Block(1)));
            }
            assert_eq!(price.after(1_359, &hyper).rao, 1_000_000_000);
            price = price.after(1_359, &hyper);
            let full = (registrations == 3).then_some(Limit::Interval(3));
            assert_eq!(price.reached(&hyper), full);
            price = price.after(1_360, &hyper);
            assert_eq!((price.rao, price.last_adjustment_block), (next, 1_360));
            assert_eq!(price.reached(&hyper), None);
        }
    }
}
