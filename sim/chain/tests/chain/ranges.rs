//! No value that a parameter, an amount or a block can have makes a product overflow: tests run with overflow checks.

use crate::generate::RUNTIMES;
use assay_chain::Genesis;
use assay_chain::Hyper;
use assay_chain::PayoutInput;
use assay_chain::Payouts;
use assay_chain::Pending;
use assay_chain::PendingRule;
use assay_chain::Price;
use assay_chain::Runtime;
use assay_chain::Subnet;
use assay_chain::U96F32;
use assay_chain::emit_block;
use assay_chain::emit_block_jointly;
use assay_chain::mechanism_weight;
use assay_chain::split_emission;
use proptest::prelude::*;

fn runtimes() -> impl Strategy<Value = Runtime> {
    prop::sample::select(&RUNTIMES[..]).prop_map(|version| Runtime::of(version).unwrap())
}

/// Any number, and more often one at an end.
fn any_u64() -> impl Strategy<Value = u64> {
    prop_oneof![Just(0), Just(1), Just(u64::MAX), any::<u64>(), 0..1_000_000_000_000_000u64]
}

/// A uid of a payout: server, validator, alpha, root TAO, take, withheld, on root.
type Line = (u64, u64, u64, u64, u16, bool, bool);

prop_compose! {
    fn hypers()(
        runtime in runtimes(),
        (burn_min, burn_max) in (any_u64(), any_u64()),
        burn_half_life: u16,
        burn_multiplier: u128,
        adjustment_interval in any_u64(),
        (target_registrations_per_interval, max_registrations_per_block) in any::<(u16, u16)>(),
        adjustment_alpha in any_u64(),
        collateral_lock_share: u16,
        (collateral_drain_ratio, moving_price, swap_price) in any::<(u128, u128, u128)>(),
    ) -> Hyper {
        Hyper {
            burn_min: burn_min.min(burn_max), burn_max: burn_min.max(burn_max),
            burn_half_life, burn_multiplier, adjustment_interval,
            target_registrations_per_interval, max_registrations_per_block, adjustment_alpha,
            collateral_lock_share, collateral_drain_ratio, moving_price, swap_price,
            commit_reveal: false,
            ..Hyper::at(runtime)
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn a_price_stays_inside_its_bounds(hyper in hypers(), rao in any_u64(), start in 0..u64::MAX - 3_000, gaps in prop::collection::vec(0u64..500, 1..6)) {
        let mut price = Price::new(rao, start);
        for gap in gaps {
            let before = price;
            price = price.after(price.block + gap, &hyper);
            // One step at a time gives the same.
            let mut slow = before;
            for block in before.block + 1..=before.block + gap {
                slow = slow.after(block, &hyper);
            }
            prop_assert_eq!(price.rao, slow.rao);
            prop_assert_eq!(price.last_adjustment_block, slow.last_adjustment_block);
            price = price.raised(&hyper);
            prop_assert!(price.rao <= hyper.burn_max.max(rao));
        }
    }

    #[test]
    fn a_leap_of_any_length_ends(hyper in hypers(), rao in any_u64(), (a, b) in (any_u64(), any_u64())) {
        // Without registrations a price comes to rest; a multiplier or an average of any size is met on the way.
        let price = Price::new(rao, a.min(b)).after(a.max(b), &hyper);
        prop_assert_eq!(price.block, a.max(b));
    }

    #[test]
    fn payouts_of_any_amounts_pay_no_more_than_is_pending(
        runtime in runtimes(),
        counters: [u32; 3],
        lines in prop::collection::vec((any_u64(), any_u64(), any_u64(), any_u64(), any::<u16>(), any::<bool>(), any::<bool>()), 1..9),
        weight in 0u64..=1 << 32,
    ) {
        let [one, two, three] = counters.map(|counter| u64::from(counter) << 31);
        let pending = match runtime.pending {
            PendingRule::Three => Pending::Three { server: one, validator: two, root: three },
            PendingRule::Two => Pending::Two { pending: one, swapped: two, root_tao: three },
        };
        let mut payouts = Payouts::default();
        // Emission of a subnet is far below what 64 bits hold.
        let small = |of: fn(&Line) -> u64| {
            lines.iter().map(|line| of(line) >> 4).collect::<Vec<u64>>()
        };
        payouts.distribute(&PayoutInput {
            rule: runtime.dividend,
            pending,
            server_emission: &small(|line| line.0),
            validator_emission: &small(|line| line.1),
            alpha_stake: &lines.iter().map(|line| line.2).collect::<Vec<_>>(),
            root_stake: &lines.iter().map(|line| line.3).collect::<Vec<_>>(),
            root_registered: &lines.iter().map(|line| line.6).collect::<Vec<_>>(),
            tao_weight: U96F32::from_bits(u128::from(weight)),
            take: &lines.iter().map(|line| line.4).collect::<Vec<_>>(),
            withheld: &lines.iter().map(|line| line.5).collect::<Vec<_>>(),
        });
        prop_assert!(payouts.validators_total() <= pending.total());
        prop_assert!(payouts.root_total() <= u128::from(three));
        prop_assert!(payouts.root_recycled == 0 || payouts.root_total() == 0);
    }

    #[test]
    fn a_block_splits_into_no_more_than_it_mints(alpha in 0..=1_000_000_000u64, owner_cut: u16, part in 0u64..=1 << 32, root_sell: bool) {
        let rule = assay_chain::SplitRule { owner_cut, root_prop: U96F32::from_bits(u128::from(part)), root_sell };
        let three = emit_block(alpha, &rule);
        prop_assert!(three.owner + three.server + three.validator + three.root + three.root_recycled <= alpha);
        let two = emit_block_jointly(alpha, &rule);
        prop_assert!(two.owner + two.pending + two.swapped <= alpha);
        prop_assert_eq!((two.owner, two.swapped), (three.owner, three.root + three.root_recycled));
    }

    #[test]
    fn mechanisms_share_all_of_the_alpha(alpha in any_u64(), count in 1u8..=16, shares in prop::collection::vec(0u16..=4_096, 0..16)) {
        for shares in [None, Some(&shares[..])] {
            let parts = split_emission(alpha, count, shares);
            prop_assert_eq!(parts.iter().map(|&part| u128::from(part)).sum::<u128>(), u128::from(alpha));
            let weights: u128 = parts.iter().enumerate().map(|(k, &part)| mechanism_weight(part, alpha, k)).sum();
            prop_assert!(weights <= 1 << 64 && weights + u128::from(count) > (1 << 64));
        }
    }

    #[test]
    fn a_subnet_of_any_parameters_lives_and_every_rao_is_somewhere(hyper in hypers(), root in 0u64..=1 << 32, root_sell: bool, upgrade in runtimes(), issuance in 0..=21_000_000_000_000_000u64) {
        let root_prop = U96F32::from_bits(u128::from(root));
        let genesis = Genesis { tempo: 50, issuance, root_prop, root_sell, block: 7, hyper, owner_hotkey: Some(2), ..Genesis::default() };
        let mut subnet = Subnet::new(genesis);
        for hotkey in 0..5 {
            let uid = subnet.seat(hotkey);
            subnet.set_stake(uid, u64::MAX >> 4);
            subnet.set_root_stake(uid, u64::MAX >> u32::from(uid));
        }
        let (start, mut minted, mut recycled) = (subnet.issuance(), 0, 0);
        for turn in 0..6 {
            if turn == 3 && upgrade.version > subnet.hyper().runtime.version {
                subnet.upgrade(upgrade);
            }
            let due = subnet.next_due().unwrap();
            subnet.advance_to(due);
            let s = subnet.run_epoch().unwrap();
            (minted, recycled) = (minted + s.minted, recycled + s.recycled);
            let paid = [s.owner, s.miners, s.validators, s.burned, s.recycled, s.sold];
            let paid: i128 = paid.into_iter().map(i128::from).sum();
            prop_assert_eq!(i128::from(s.minted), paid + i128::from(s.remainder));
            if let Ok(taken) = subnet.register(100 + turn, u64::MAX) {
                prop_assert!(taken.paid <= taken.price && taken.topup <= taken.paid);
            }
        }
        prop_assert_eq!(subnet.issuance(), start + minted - recycled);
    }
}
