//! chain.md 7.1 to 7.5: price, immunity, pruning, replacement.

use assay_chain::Genesis;
use assay_chain::Hyper;
use assay_chain::Leaver;
use assay_chain::Pruning;
use assay_chain::PruningRule;
use assay_chain::RegistrationRefusal;
use assay_chain::Submission;
use assay_chain::Subnet;
use std::error::Error;

/// f(360) of the specification.
const FACTOR: u128 = 4_286_705_684;

#[test]
fn the_price_over_a_thousand_blocks() {
    let mut subnet = Subnet::new(Genesis::default());
    let mut price: u128 = 1_000_000_000;
    for block in 1..=1_000 {
        if subnet.is_due() {
            subnet.run_epoch();
        }
        subnet.advance_to(block);
        if block > 1 {
            price = ((price * FACTOR) >> 32).max(500_000);
        }
        assert_eq!(u128::from(subnet.price()), price, "block {block}");
        if block % 100 == 0 {
            subnet.register(block, u64::MAX).unwrap();
            price = (price * 126 / 100).min(100_000_000_000);
            assert_eq!(
                u128::from(subnet.price()),
                price,
                "after the registration of block {block}"
            );
        }
    }
    // 1000 blocks halve 2.78 times and ten registrations multiply by 10.09: 1e9 * 10.09 / 6.86 = 1.47e9.
    assert!((1_460_000_000..1_480_000_000).contains(&price), "{price}");
}

#[test]
fn the_price_halves_in_360_blocks_and_stops_at_its_bounds() {
    let mut subnet = Subnet::new(Genesis { block: 1, tempo: 5_000, ..Genesis::default() });
    subnet.advance_to(361);
    // At most one half, and 360 floors of at most 1 rao below it.
    assert!((499_999_000..=500_000_000).contains(&subnet.price()), "{}", subnet.price());
    let cheap = Hyper { burn_min: 400_000_000, burn_max: 450_000_000, ..Hyper::default() };
    let mut subnet = Subnet::new(Genesis { hyper: cheap, ..Genesis::default() });
    assert_eq!(subnet.price(), 450_000_000);
    subnet.advance_to(300);
    assert_eq!(subnet.price(), 400_000_000);
    subnet.register(1, u64::MAX).unwrap();
    assert_eq!(subnet.price(), 450_000_000);
}

#[test]
fn a_registration_is_refused_closed_twice_or_unaffordable() {
    let mut subnet = Subnet::new(Genesis::default());
    assert_eq!(
        subnet.register(7, 999_999_999),
        Err(RegistrationRefusal::NotAffordable { price: 1_000_000_000, purse: 999_999_999 })
    );
    assert_eq!(subnet.register(7, 1_000_000_000).unwrap().paid, 1_000_000_000);
    assert_eq!(subnet.register(7, u64::MAX), Err(RegistrationRefusal::Present { uid: 0 }));
    subnet.hyper_mut().registration_open = false;
    assert_eq!(subnet.register(8, u64::MAX), Err(RegistrationRefusal::Closed));
}

#[test]
fn every_refusal_tells_its_reason() {
    let told = [
        (RegistrationRefusal::Closed, "registration is closed"),
        (RegistrationRefusal::Present { uid: 3 }, "the hotkey is registered already, as uid 3"),
        (
            RegistrationRefusal::NotAffordable { price: 10, purse: 9 },
            "the price of 10 rao is above the 9 rao at hand",
        ),
        (
            RegistrationRefusal::AboveLimit { price: 10, limit: 9 },
            "the price of 10 rao is above the limit of 9 rao",
        ),
        (RegistrationRefusal::BlockFull { most: 1 }, "the block has taken 1 registrations already"),
        (
            RegistrationRefusal::IntervalFull { most: 3 },
            "the interval has taken 3 registrations already",
        ),
        (RegistrationRefusal::NobodyToPrune, "the subnet is full and no neuron can be pruned"),
    ];
    for (refusal, text) in told {
        let error: Box<dyn Error> = Box::new(refusal);
        assert_eq!(error.to_string(), text);
    }
}

/// Emission, registration and the rest of a pruning at block 9000 with immunity for 5000 blocks.
fn victim(
    emission: &[u64],
    registered: &[u64],
    min_non_immune: u16,
    immortal: &[u16],
) -> Option<u16> {
    Pruning {
        rule: PruningRule::Emission,
        emission,
        registered,
        block: 9_000,
        immunity_period: 5_000,
        min_non_immune,
        immortal,
    }
    .victim()
}

#[test]
fn the_lowest_emission_goes_then_the_earliest_registration_then_the_lowest_uid() {
    assert_eq!(victim(&[3, 1, 2], &[0, 0, 0], 0, &[]), Some(1));
    assert_eq!(victim(&[1, 1, 1], &[7, 5, 6], 0, &[]), Some(1));
    assert_eq!(victim(&[1, 1, 1], &[5, 5, 5], 0, &[]), Some(0));
}

#[test]
fn the_immune_are_spared_up_to_the_block_their_period_ends() {
    // 9000 - 4001 = 4999 is immune, 9000 - 4000 = 5000 is not.
    assert_eq!(victim(&[0, 5], &[4_001, 4_000], 0, &[]), Some(1));
    assert_eq!(victim(&[0, 5], &[4_000, 4_000], 0, &[]), Some(0));
}

#[test]
fn with_too_few_mortals_the_worst_immune_goes_and_without_one_nobody() {
    // Two mortals are not more than two: the worst of the immune uids 2 and 3 goes.
    assert_eq!(victim(&[0, 0, 9, 8], &[0, 0, 8_000, 8_000], 2, &[]), Some(3));
    assert_eq!(victim(&[0, 0, 9, 8], &[0, 0, 8_000, 8_000], 1, &[]), Some(0));
    assert_eq!(victim(&[0, 0], &[0, 0], 2, &[]), None);
}

#[test]
fn the_immortal_count_in_neither_group() {
    // Without uid 0 one mortal is left, not more than one, and nobody is immune.
    assert_eq!(victim(&[0, 0], &[0, 0], 1, &[0]), None);
    assert_eq!(victim(&[0, 0, 0], &[0, 0, 0], 1, &[0]), Some(1));
    assert_eq!(victim(&[0], &[0], 0, &[0]), None);
}

/// Four seats: owner hotkey 10, validator 11, miners 12 and 13; the validator votes 1 : 3 and two epochs have run.
fn full() -> Subnet {
    let hyper =
        Hyper { commit_reveal: false, max_allowed_uids: 4, min_non_immune: 1, ..Hyper::default() };
    let genesis = Genesis { hyper, owner_hotkey: Some(10), tempo: 2_600, ..Genesis::default() };
    let mut subnet = Subnet::new(genesis);
    for hotkey in 10..14 {
        subnet.seat(hotkey);
    }
    subnet.set_stake(1, 1_000_000);
    for _ in 0..2 {
        let due = subnet.next_due().unwrap();
        subnet.advance_to(due);
        subnet.run_epoch().unwrap();
        let row = Submission {
            hotkey: 11,
            netuid: 11,
            mechanism: 0,
            version_key: 0,
            uids: &[2, 3],
            values: &[21_845, 65_535],
        };
        subnet.set_weights(&row).unwrap();
    }
    assert_eq!(subnet.block(), 5_200);
    subnet
}

#[test]
fn a_replacement_clears_the_uid_and_zeroes_what_others_voted_for_it() {
    let mut subnet = full();
    // The owner is immortal; the others are past 5000 blocks. Miner 2 has the lowest emission of the three.
    let emission = subnet.neurons().emission.clone();
    assert!(
        0 < emission[2] && emission[2] < emission[3] && emission[2] < emission[1],
        "{emission:?}"
    );
    let bonds = subnet.neurons().bonds[1].clone();
    assert_eq!(bonds.iter().map(|cell| cell.0).collect::<Vec<_>>(), [2, 3]);
    subnet.set_stake(2, 77);
    let registered = subnet.register(20, u64::MAX).unwrap();
    assert_eq!(registered.uid, 2);
    assert_eq!(registered.leaver, Some(Leaver { hotkey: 12, stake: 77, root_stake: 0 }));
    let neurons = subnet.neurons();
    assert_eq!(subnet.hotkeys(), [10, 11, 20, 13]);
    assert_eq!((neurons.registered[2], neurons.last_update[2]), (5_200, 5_200));
    assert_eq!((neurons.emission[2], neurons.permits[2], neurons.active[2]), (0, false, true));
    assert!(neurons.weights[2].is_empty() && neurons.bonds[2].is_empty());
    assert_eq!(neurons.weights[1], [(2, 0), (3, 65_535)], "the row keeps its length");
    assert_eq!(neurons.bonds[1], bonds, "stored bonds of others stay");
    assert_eq!(subnet.stake()[2], 0);
}

#[test]
fn an_epoch_after_a_replacement_pays_the_newcomer_nothing_and_drops_the_bond_to_it() {
    let mut subnet = full();
    subnet.advance_to(5_201);
    subnet.register(20, u64::MAX).unwrap();
    let due = subnet.next_due().unwrap();
    subnet.advance_to(due);
    // The row is of block 5200 and the newcomer of 5201: its cell is masked, 0 that it is. Its bond is of before, too.
    let settled = subnet.run_epoch().unwrap();
    assert_eq!(subnet.payouts().incentive[2], 0);
    assert!(settled.miners > 0);
    let columns: Vec<u16> = subnet.neurons().bonds[1].iter().map(|cell| cell.0).collect();
    assert_eq!(columns, [3], "the bond to the old holder is masked by its registration");
    assert_eq!(subnet.neurons().emission[2], 0);
    // With a vote after the registration the newcomer is paid: 1 of 4 parts.
    let votes = Submission {
        hotkey: 11,
        netuid: 11,
        mechanism: 0,
        version_key: 0,
        uids: &[2, 3],
        values: &[1, 3],
    };
    subnet.set_weights(&votes).unwrap();
    let due = subnet.next_due().unwrap();
    subnet.advance_to(due);
    subnet.run_epoch().unwrap();
    let paid = &subnet.payouts().incentive;
    assert!(paid[2] * 3 <= paid[3] && paid[3] <= paid[2] * 3 + 300_000, "{paid:?}");
}

#[test]
fn a_full_subnet_of_protected_neurons_refuses() {
    let mut subnet = full();
    subnet.hyper_mut().min_non_immune = 3;
    assert_eq!(subnet.register(20, u64::MAX), Err(RegistrationRefusal::NobodyToPrune));
    subnet.hyper_mut().min_non_immune = 2;
    assert_eq!(subnet.register(20, u64::MAX).map(|r| r.uid), Ok(2));
}

#[test]
fn among_newcomers_without_pay_the_earliest_goes() {
    let mut subnet = full();
    subnet.hyper_mut().immunity_period = 0;
    subnet.advance_to(5_210);
    assert_eq!(subnet.register(20, u64::MAX).map(|r| r.uid), Ok(2));
    subnet.advance_to(5_211);
    // Uid 2 is new and has emission 0, the lowest: it goes again.
    assert_eq!(subnet.register(21, u64::MAX).map(|r| r.uid), Ok(2));
}
