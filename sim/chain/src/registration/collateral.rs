//! What of a registration is locked until it is earned back (chain.md 12, from runtime 437).

use crate::hyper::Hyper;
use crate::wide::at_price;
use crate::wide::bought_at;
use crate::wide::price_ratio;

/// Locked alpha of one hotkey. It is ordinary stake of the hotkey, outlives its seat, and is gone when `locked` and
/// `min_locked` are both 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Collateral {
    /// Alpha that cannot be withdrawn \[rao\].
    pub locked: u64,
    /// Floor that the miner set: up to it income is locked, and nothing is released below it \[rao\].
    pub min_locked: u64,
    /// Earned since the row exists \[rao\].
    pub earned: u64,
    /// Alpha released for each alpha earned, as it was at the last registration \[2^-64\].
    pub drain_ratio: u128,
}

/// What a registration costs with a part of the price locked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Charge {
    /// What the hotkey has to have locked, TAO \[rao\].
    pub requirement: u64,
    /// What is burned, TAO \[rao\].
    pub burned: u64,
    /// What is paid for what the locked alpha does not cover yet, TAO \[rao\].
    pub topup: u64,
}

impl Charge {
    /// The charge of a price \[rao\] to a hotkey that has alpha locked \[rao\].
    ///
    /// ```
    /// use assay_chain::Charge;
    /// use assay_chain::Hyper;
    ///
    /// let hyper = Hyper { collateral_lock_share: 39_321, ..Hyper::default() };
    /// let charge = Charge::of(1_000_000_000, 0, &hyper);
    /// // Not quite 0.6 of the price: the share is rounded down.
    /// assert_eq!((charge.requirement, charge.burned), (599_999_999, 400_000_001));
    /// assert_eq!(charge.paid(), 1_000_000_000);
    /// ```
    #[must_use]
    pub fn of(price: u64, locked: u64, hyper: &Hyper) -> Self {
        let requirement = at_price(price, price_ratio(hyper.collateral_lock_share));
        let covered = at_price(locked, hyper.moving_price);
        Self {
            requirement,
            burned: price - requirement,
            topup: requirement.saturating_sub(covered),
        }
    }

    /// What is paid, TAO \[rao\]; at most the price.
    #[must_use]
    pub fn paid(&self) -> u64 {
        self.burned + self.topup
    }

    /// Alpha that the payment buys where alpha has one price \[rao\].
    #[must_use]
    pub fn bought(&self, hyper: &Hyper) -> u64 {
        bought_at(self.paid(), hyper.swap_price)
    }

    /// What of the alpha bought is locked \[rao\]; the rest is burned.
    ///
    /// # Panics
    /// Only by a bug: the top-up is at most what is paid.
    #[must_use]
    pub fn locked(&self, bought: u64) -> u64 {
        if self.topup == 0 {
            return 0;
        }
        let part = u128::from(bought) * u128::from(self.topup) / u128::from(self.paid());
        u64::try_from(part).expect("a part of what was bought is no more than it")
    }
}

/// What a payment did to the collateral.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Settled {
    /// Of the payment, locked and not paid out \[rao\].
    pub captured: u64,
    /// Of what was locked, free from now on \[rao\].
    pub released: u64,
}

impl Collateral {
    /// A payment arrives: of `emission` \[rao\], at most `capturable` \[rao\] may be locked to reach the floor; else what was
    /// earned releases what was locked, down to the floor.
    #[must_use]
    pub fn settle(&mut self, emission: u64, capturable: u64) -> Settled {
        if emission == 0 {
            return Settled::default();
        }
        self.earned = self.earned.saturating_add(emission);
        let shortfall = self.min_locked.saturating_sub(self.locked);
        if shortfall > 0 {
            let captured = capturable.min(shortfall);
            // At most up to the floor, which is a u64.
            self.locked += captured;
            return Settled { captured, released: 0 };
        }
        let released = at_price(emission, self.drain_ratio).min(self.locked - self.min_locked);
        self.locked -= released;
        Settled { captured: 0, released }
    }

    /// Whether nothing is locked and nothing is to be.
    #[must_use]
    pub fn is_gone(&self) -> bool {
        self.locked == 0 && self.min_locked == 0
    }
}

/// The collateral of every hotkey that has any, by hotkey.
#[derive(Clone, Debug, Default)]
pub(crate) struct CollateralBook {
    rows: Vec<(u64, Collateral)>,
}

impl CollateralBook {
    /// The collateral that a hotkey has locked, if any.
    pub(crate) fn of(&self, hotkey: u64) -> Option<&Collateral> {
        self.place(hotkey).ok().map(|place| &self.rows[place].1)
    }

    /// Sets a hotkey's collateral; one that is gone is taken out.
    pub(crate) fn set(&mut self, hotkey: u64, row: Collateral) {
        match (self.place(hotkey), row.is_gone()) {
            (Ok(place), false) => self.rows[place].1 = row,
            (Ok(place), true) => {
                self.rows.remove(place);
            }
            (Err(place), false) => self.rows.insert(place, (hotkey, row)),
            (Err(_), true) => {}
        }
    }

    /// Books a registration that locked alpha \[rao\], or none.
    pub(crate) fn registered(&mut self, hotkey: u64, locked: u64, hyper: &Hyper) {
        let row = self.of(hotkey).copied();
        if row.is_none() && locked == 0 {
            return;
        }
        let row = row.unwrap_or_default();
        let drain_ratio = hyper.collateral_drain_ratio;
        self.set(
            hotkey,
            Collateral { locked: row.locked.saturating_add(locked), drain_ratio, ..row },
        );
    }

    /// Settles a payment to a hotkey.
    pub(crate) fn settle(&mut self, hotkey: u64, emission: u64, capturable: u64) -> Settled {
        let Some(&row) = self.of(hotkey) else { return Settled::default() };
        let mut row = row;
        let settled = row.settle(emission, capturable);
        if emission > 0 {
            self.set(hotkey, row);
        }
        settled
    }

    /// Whether no hotkey has any.
    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    fn place(&self, hotkey: u64) -> Result<usize, usize> {
        self.rows.binary_search_by_key(&hotkey, |(own, _)| *own)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn row(locked: u64, min_locked: u64) -> Collateral {
        Collateral { locked, min_locked, drain_ratio: 1 << 64, ..Collateral::default() }
    }

    #[test]
    fn ten_alpha_are_free_when_ten_have_been_earned() {
        // chain.md 12.3: locked 1e10, ratio 1, earning 4e9 a tempo: 6e9, 2e9, gone.
        let mut one = row(10_000_000_000, 0);
        for (left, released) in [(6_000_000_000, 4_000_000_000), (2_000_000_000, 4_000_000_000)] {
            assert_eq!(one.settle(4_000_000_000, 4_000_000_000), Settled { captured: 0, released });
            assert_eq!(one.locked, left);
        }
        assert_eq!(one.settle(4_000_000_000, 0).released, 2_000_000_000);
        assert!(one.is_gone() && one.earned == 12_000_000_000);
    }

    #[test]
    fn income_fills_up_to_the_floor_and_stays_there() {
        // chain.md 12.3: floor 3e9 with 1e9 locked, earning 1.5e9: 2.5e9, then 3e9, then no more.
        let mut one = row(1_000_000_000, 3_000_000_000);
        for (captured, locked) in
            [(1_500_000_000, 2_500_000_000), (500_000_000, 3_000_000_000), (0, 3_000_000_000)]
        {
            assert_eq!(one.settle(1_500_000_000, 1_500_000_000), Settled { captured, released: 0 });
            assert_eq!(one.locked, locked);
        }
    }

    #[test]
    fn locked_alpha_covers_the_requirement_at_the_moving_price() {
        // chain.md 12.2: 1e10 rao at floor(0.02 * 2^64) are worth 199,999,999 of the 599,999,999.
        let moving_price = (1 << 64) / 50;
        let hyper = Hyper { collateral_lock_share: 39_321, moving_price, ..Hyper::default() };
        let charge = Charge::of(1_000_000_000, 10_000_000_000, &hyper);
        assert_eq!((charge.topup, charge.paid()), (400_000_000, 800_000_001));
        assert_eq!(charge.locked(800_000_001), 400_000_000);
        let covered = Charge::of(1_000_000_000, 30_000_000_000, &hyper);
        assert_eq!((covered.topup, covered.paid(), covered.locked(9)), (0, 400_000_001, 0));
        let all = Hyper { collateral_lock_share: u16::MAX, ..Hyper::default() };
        let all = Charge::of(77, 0, &all);
        assert_eq!((all.burned, all.topup, all.locked(5)), (0, 77, 5));
    }

    #[test]
    fn a_row_goes_with_its_last_rao_and_a_floor_keeps_it() {
        let hyper = Hyper::default();
        let mut book = CollateralBook::default();
        book.registered(5, 0, &hyper);
        assert!(book.is_empty(), "nothing was locked");
        book.registered(5, 100, &hyper);
        book.registered(3, 7, &hyper);
        assert_eq!(book.settle(5, 60, 60), Settled { captured: 0, released: 60 });
        assert_eq!(book.settle(5, 60, 60), Settled { captured: 0, released: 40 });
        assert_eq!((book.of(5), book.of(3).map(|row| row.locked)), (None, Some(7)));
        let ratio = Hyper { collateral_drain_ratio: 9, ..hyper };
        book.registered(3, 0, &ratio);
        assert_eq!(book.of(3).map(|row| row.drain_ratio), Some(9), "of the last registration");
    }

    proptest! {
        #[test]
        fn nothing_overflows_and_nothing_is_lost(
            price: u64, share: u16, locked: u64, moving_price: u128, swap_price: u128,
        ) {
            let hyper = Hyper { collateral_lock_share: share, moving_price, swap_price, ..Hyper::default() };
            let charge = Charge::of(price, locked, &hyper);
            prop_assert_eq!(charge.burned + charge.requirement, price);
            prop_assert!(charge.topup <= charge.requirement && charge.paid() <= price);
            let bought = charge.bought(&hyper);
            prop_assert!(charge.locked(bought) <= bought);
        }

        #[test]
        fn a_settlement_moves_what_it_says(
            locked: u64, min_locked: u64, earned: u64, drain_ratio: u128, emission: u64, part: u64,
        ) {
            let capturable = part.min(emission);
            let before = Collateral { locked, min_locked, earned, drain_ratio };
            let mut after = before;
            let settled = after.settle(emission, capturable);
            prop_assert!(settled.captured == 0 || settled.released == 0);
            prop_assert!(settled.captured <= capturable);
            prop_assert_eq!(after.locked, before.locked + settled.captured - settled.released);
            prop_assert!(after.locked >= before.locked.min(min_locked));
            prop_assert_eq!(after.earned, earned.saturating_add(emission));
        }
    }
}
