//! The subnet as an engine drives it: blocks, settlements, commits.

use assay_chain::Genesis;
use assay_chain::Hyper;
use assay_chain::OwnerPay;
use assay_chain::Settlement;
use assay_chain::Submission;
use assay_chain::Subnet;
use assay_chain::U96F32;
use assay_chain::WeightRefusal;

fn row(hotkey: u64) -> Submission<'static> {
    Submission {
        hotkey,
        netuid: 11,
        mechanism: 0,
        version_key: 0,
        uids: &[3, 4, 5],
        values: &[10, 20, 70],
    }
}

/// Validators 0 to 2, miners 3 to 5, all seated in block 0.
fn subnet(genesis: Genesis) -> Subnet {
    let mut subnet = Subnet::new(genesis);
    for hotkey in 0..6 {
        subnet.seat(hotkey);
    }
    for uid in 0..3 {
        subnet.set_stake(uid, 1_000_000_000_000 * (u64::from(uid) + 1));
    }
    subnet
}

fn open() -> Hyper {
    Hyper { commit_reveal: false, ..Hyper::default() }
}

/// Runs the next epoch; every validator sets weights in the block before.
fn next_epoch(subnet: &mut Subnet) -> Settlement {
    let due = subnet.next_due().unwrap();
    subnet.advance_to(due - 1);
    for hotkey in 0..3 {
        let sent = subnet.set_weights(&row(hotkey));
        let waits = matches!(sent, Err(WeightRefusal::NoPermit | WeightRefusal::CommitRevealOn));
        assert!(sent.is_ok() || waits, "{sent:?}");
    }
    subnet.advance_to(due);
    subnet.run_epoch().unwrap()
}

fn assert_adds_up(s: &Settlement) {
    assert_balanced(s);
    // Lost: 1 rao a block by the split, and at most 2 rao and 2^-32 of the pool for each of 12 shares.
    assert!((-2_000..5_000).contains(&s.remainder), "{s:?}");
}

fn assert_balanced(s: &Settlement) {
    let paid: i128 =
        [s.owner, s.miners, s.validators, s.burned, s.recycled].into_iter().map(i128::from).sum();
    assert_eq!(i128::from(s.minted), paid + i128::from(s.remainder), "{s:?}");
}

#[test]
fn the_first_epoch_pays_stake_and_the_second_by_weights() {
    let mut subnet = subnet(Genesis { hyper: open(), ..Genesis::default() });
    let first = next_epoch(&mut subnet);
    assert_adds_up(&first);
    // In block 0 nothing is left to stagger by.
    assert_eq!((first.block, first.epoch_index, first.miners), (360, 1, 0));
    // 360 blocks of 1 alpha; the owner's cut is 179_995_422 a block.
    assert_eq!((first.minted, first.owner), (360_000_000_000, 360 * 179_995_422));
    let second = next_epoch(&mut subnet);
    assert_adds_up(&second);
    assert_eq!((second.block, second.minted, second.owner), (720, 360_000_000_000, 64_798_351_920));
    // Miners get half of rao = 295_201_647_360, in parts of 1, 2 and 7 tenths.
    let paid = &subnet.payouts().incentive;
    assert!(second.miners <= 147_600_823_680 && second.miners > 147_600_823_000, "{second:?}");
    assert!(paid[4].abs_diff(2 * paid[3]) < 1_000_000 && paid[5].abs_diff(7 * paid[3]) < 5_000_000);
    // The default take is 11796 / 65535 of each validator's payment.
    let (take, rest) = (subnet.payouts().validator_take[2], subnet.payouts().nominators[2]);
    assert!(
        (take * 65_535).abs_diff((take + rest) * 11_796) < 1_000_000,
        "{take} of {}",
        take + rest
    );
}

#[test]
fn every_rao_is_accounted_for_with_root_burn_and_recycling() {
    for (owner_pay, root_sell) in
        [(OwnerPay::Burn, true), (OwnerPay::Recycle, true), (OwnerPay::Recycle, false)]
    {
        let hyper = Hyper { owner_pay, ..open() };
        let root_prop = U96F32::from_bits(1 << 29);
        let genesis = Genesis { hyper, root_prop, root_sell, ..Genesis::default() };
        let mut subnet = subnet(genesis);
        subnet.set_root_stake(1, 7_000_000_000_000);
        subnet.set_of_owner(5, true);
        let mut minted = 0;
        let mut recycled = 0;
        for _ in 0..5 {
            let settled = next_epoch(&mut subnet);
            if root_sell || settled.epoch_index == 1 {
                assert_adds_up(&settled);
            } else {
                // Pending are 147.6 for miners and 7/8 of it for validators: miners get half of both, 1/16 is unpaid.
                assert_balanced(&settled);
                assert!(settled.remainder.abs_diff(147_600_823_680 / 16) < 5_000, "{settled:?}");
            }
            (minted, recycled) = (minted + settled.minted, recycled + settled.recycled);
            let withheld = subnet.payouts().withheld;
            assert_eq!(subnet.payouts().incentive[5], 0);
            assert_eq!(withheld > 0, settled.epoch_index > 1);
            assert_eq!(settled.burned, if owner_pay == OwnerPay::Burn { withheld } else { 0 });
        }
        assert_eq!(
            subnet.issuance(),
            minted - recycled,
            "recycled alpha leaves issuance, burned does not"
        );
        assert_eq!(recycled > 0, owner_pay == OwnerPay::Recycle || !root_sell);
    }
}

#[test]
fn many_blocks_at_once_are_the_blocks_one_by_one() {
    // The first halving comes at 10.5e15 rao, 150 blocks after the start.
    let genesis = || Genesis {
        hyper: open(),
        issuance: 10_500_000_000_000_000 - 150_000_000_000,
        root_prop: U96F32::from_bits(1 << 30),
        ..Genesis::default()
    };
    let (mut leaps, mut steps) = (subnet(genesis()), subnet(genesis()));
    leaps.advance_to(360);
    for block in 1..=360 {
        steps.advance_to(block);
    }
    assert_eq!((leaps.price(), leaps.issuance()), (steps.price(), steps.issuance()));
    let (leaps, steps) = (leaps.run_epoch().unwrap(), steps.run_epoch().unwrap());
    assert_eq!(leaps, steps);
    // Root's part of each full block, 102_500_572, is recycled and delays the halving: 168 blocks, not 150.
    assert_eq!(leaps.minted, 168 * 1_000_000_000 + 192 * 500_000_000);
}

#[test]
fn weights_of_the_epochs_own_block_are_seen_by_the_next() {
    let mut subnet = subnet(Genesis { hyper: open(), ..Genesis::default() });
    next_epoch(&mut subnet);
    subnet.advance_to(720);
    assert_eq!(subnet.run_epoch().unwrap().miners, 0, "nobody had a permit before the first epoch");
    (0..3).for_each(|hotkey| subnet.set_weights(&row(hotkey)).unwrap());
    assert_eq!(subnet.run_epoch(), None, "an epoch runs once in its block");
    subnet.advance_to(1_080);
    assert!(subnet.run_epoch().unwrap().miners > 0);
}

#[test]
fn a_commit_is_revealed_before_the_epoch_that_ends_its_tempo() {
    let mut subnet = subnet(Genesis::default());
    next_epoch(&mut subnet);
    subnet.advance_to(500);
    (0..3).for_each(|hotkey| subnet.commit_weights(&row(hotkey)).unwrap());
    assert!(subnet.neurons().weights[0].is_empty(), "a commit shows nothing");
    assert_eq!(subnet.neurons().last_update[0], 500);
    subnet.advance_to(720);
    assert!(subnet.run_epoch().unwrap().miners > 0);
    assert_eq!(subnet.neurons().weights[0], [(3, 9_362), (4, 18_724), (5, 65_535)]);
    assert_eq!(subnet.neurons().last_update[0], 500, "a reveal does not date the validator");
    assert_eq!((subnet.pending_commits(), subnet.lost_commits()), (0, (0, 0)));
}

#[test]
fn a_lagging_reveal_costs_one_more_tempo() {
    let mut subnet = subnet(Genesis { reveal_lag: 3, ..Genesis::default() });
    next_epoch(&mut subnet);
    (0..3).for_each(|hotkey| subnet.commit_weights(&row(hotkey)).unwrap());
    assert_eq!(next_epoch(&mut subnet).miners, 0);
    assert_eq!(subnet.neurons().commits[..3], [Some(360); 3], "pending at the epoch");
    subnet.advance_to(722);
    assert!(subnet.neurons().weights[0].is_empty());
    subnet.advance_to(723);
    assert_eq!(subnet.neurons().weights[0].len(), 3);
    assert!(next_epoch(&mut subnet).miners > 0);
    assert_eq!(subnet.neurons().commits, [None; 6]);
}

#[test]
fn a_reveal_that_lags_behind_the_next_epoch_expires() {
    let mut subnet = subnet(Genesis { reveal_lag: 360, ..Genesis::default() });
    next_epoch(&mut subnet);
    subnet.commit_weights(&row(0)).unwrap();
    next_epoch(&mut subnet);
    next_epoch(&mut subnet);
    assert_eq!((subnet.pending_commits(), subnet.lost_commits()), (0, (0, 1)));
}

#[test]
fn a_longer_period_reveals_later_and_a_reveal_is_checked_again() {
    let hyper = Hyper { commit_reveal_period: 2, ..Hyper::default() };
    let mut subnet = subnet(Genesis { hyper, ..Genesis::default() });
    next_epoch(&mut subnet);
    subnet.commit_weights(&row(0)).unwrap();
    subnet.commit_weights(&Submission { uids: &[3, 3, 4], ..row(1) }).unwrap();
    subnet.commit_weights(&row(2)).unwrap();
    assert_eq!(next_epoch(&mut subnet).miners, 0);
    assert!(next_epoch(&mut subnet).miners > 0);
    assert_eq!(subnet.lost_commits(), (1, 0), "the doubled uid is refused at the reveal");
}

#[test]
fn a_commit_needs_registration_stake_distance_and_room() {
    let hyper = Hyper { stake_threshold: 5, weights_set_rate_limit: 1, ..Hyper::default() };
    let mut subnet = subnet(Genesis { hyper, ..Genesis::default() });
    subnet.advance_to(100);
    assert_eq!(subnet.commit_weights(&row(99)), Err(WeightRefusal::NotRegistered));
    let poor = WeightRefusal::NotEnoughStake { stake: 0, threshold: 5 };
    assert_eq!(subnet.commit_weights(&row(4)), Err(poor));
    for block in 101..=110 {
        subnet.commit_weights(&row(0)).unwrap();
        let soon = WeightRefusal::TooSoon { blocks: 0, least: 1 };
        assert_eq!(subnet.commit_weights(&row(0)), Err(soon));
        subnet.advance_to(block);
    }
    assert_eq!(subnet.commit_weights(&row(0)), Err(WeightRefusal::TooManyPending(10)));
    subnet.hyper_mut().commit_reveal = false;
    assert_eq!(subnet.commit_weights(&row(1)), Err(WeightRefusal::CommitRevealOff));
}

#[test]
fn a_leavers_commits_are_nobodys_until_it_holds_a_seat_again() {
    let hyper =
        Hyper { max_allowed_uids: 6, min_non_immune: 0, immunity_period: 1, ..Hyper::default() };
    let mut subnet = subnet(Genesis { hyper, ..Genesis::default() });
    subnet.advance_to(10);
    subnet.commit_weights(&row(0)).unwrap();
    subnet.commit_weights(&row(1)).unwrap();
    assert_eq!(subnet.register(50, u64::MAX).unwrap().uid, 0);
    assert_eq!(subnet.pending_commits(), 2);
    subnet.set_stake(0, 5);
    next_epoch(&mut subnet);
    // The newcomer has nothing of it: the row went unread, the other one was not taken for want of a permit.
    assert_eq!((subnet.pending_commits(), subnet.lost_commits()), (0, (2, 0)));
    assert!(subnet.neurons().weights[0].is_empty());
}

#[test]
#[should_panic(expected = "an epoch is due before block 361")]
fn an_epoch_cannot_be_skipped() {
    subnet(Genesis::default()).advance_to(361);
}
