//! chain.md 6.1, check by check: each case passes but for the one rule it breaks.

use assay_chain::Genesis;
use assay_chain::Hyper;
use assay_chain::Submission;
use assay_chain::Subnet;
use assay_chain::WeightRefusal;
use std::error::Error;

/// Hotkeys 100..106 at uids 0..6; uid 5 is the owner. Uid 0 has stake and, after an epoch, a permit.
const OWNER: u64 = 105;

fn hyper() -> Hyper {
    Hyper { commit_reveal: false, stake_threshold: 1_000, ..Hyper::default() }
}

/// A subnet of six at block 400, after an epoch that gave uid 0 (and the owner) a permit.
fn subnet(hyper: Hyper) -> Subnet {
    let mut subnet =
        Subnet::new(Genesis { hyper, owner_hotkey: Some(OWNER), ..Genesis::default() });
    for hotkey in 100..106 {
        subnet.seat(hotkey);
    }
    subnet.set_stake(0, 5_000);
    let due = subnet.next_due().unwrap();
    subnet.advance_to(due);
    subnet.run_epoch().unwrap();
    subnet.advance_to(400);
    assert_eq!(subnet.neurons().permits, [true, false, false, false, false, true]);
    subnet
}

/// A row that passes every check.
fn good() -> Submission<'static> {
    Submission {
        hotkey: 100,
        netuid: 11,
        mechanism: 0,
        version_key: 0,
        uids: &[1, 2, 3],
        values: &[1, 2, 3],
    }
}

fn refusal(subnet: &mut Subnet, row: &Submission<'_>) -> WeightRefusal {
    let before = subnet.neurons().clone();
    let refusal = subnet.set_weights(row).unwrap_err();
    assert_eq!(*subnet.neurons(), before, "a refused row changes nothing");
    refusal
}

#[test]
fn a_good_row_is_stored_upscaled_in_its_order_and_dates_the_validator() {
    let mut subnet = subnet(hyper());
    // [1, 2, 3] gives [21845, 43690, 65535].
    subnet.set_weights(&good()).unwrap();
    assert_eq!(subnet.neurons().weights[0], [(1, 21_845), (2, 43_690), (3, 65_535)]);
    assert_eq!(subnet.neurons().last_update[0], 400);
    subnet.advance_to(600);
    subnet.set_weights(&Submission { uids: &[4, 1], values: &[0, 65_535], ..good() }).unwrap();
    assert_eq!(subnet.neurons().weights[0], [(4, 0), (1, 65_535)]);
}

#[test]
fn check_1_weights_are_not_set_while_commits_are_on() {
    let mut subnet = subnet(Hyper { commit_reveal: true, ..hyper() });
    assert_eq!(refusal(&mut subnet, &good()), WeightRefusal::CommitRevealOn);
}

#[test]
fn check_2_the_root_network_takes_no_weights() {
    let row = Submission { netuid: 0, ..good() };
    assert_eq!(refusal(&mut subnet(hyper()), &row), WeightRefusal::Root);
}

#[test]
fn check_3_every_uid_has_a_value() {
    let row = Submission { values: &[1, 2], ..good() };
    let lengths = WeightRefusal::LengthsDiffer { uids: 3, values: 2 };
    assert_eq!(refusal(&mut subnet(hyper()), &row), lengths);
}

#[test]
fn check_4_the_subnet_has_one_mechanism() {
    let row = Submission { mechanism: 1, ..good() };
    assert_eq!(refusal(&mut subnet(hyper()), &row), WeightRefusal::NoSuchMechanism(1));
}

#[test]
fn check_5_a_row_is_not_longer_than_the_subnet() {
    let row = Submission { uids: &[0, 1, 2, 3, 4, 5, 6], values: &[1; 7], ..good() };
    assert_eq!(refusal(&mut subnet(hyper()), &row), WeightRefusal::TooLong { len: 7, n: 6 });
    let row = Submission { uids: &[0, 1, 2, 3, 4, 5], values: &[1; 6], ..good() };
    assert_eq!(subnet(hyper()).set_weights(&row), Ok(()));
}

#[test]
fn check_6_the_caller_is_registered() {
    let row = Submission { hotkey: 99, ..good() };
    assert_eq!(refusal(&mut subnet(hyper()), &row), WeightRefusal::NotRegistered);
}

#[test]
fn check_7_the_caller_has_stake_or_is_the_owner() {
    let mut subnet = subnet(hyper());
    subnet.set_stake(0, 999);
    let poor = WeightRefusal::NotEnoughStake { stake: 999, threshold: 1_000 };
    assert_eq!(refusal(&mut subnet, &good()), poor);
    subnet.set_stake(0, 1_000);
    assert_eq!(subnet.set_weights(&good()), Ok(()));
    assert_eq!(subnet.set_weights(&Submission { hotkey: OWNER, ..good() }), Ok(()));
}

#[test]
fn check_7_counts_root_tao_by_its_weight() {
    // 999 alpha and 19 TAO: 19 * 226245882 / 2^32 = 1.0008 rao, so 1000.
    let mut subnet = subnet(hyper());
    subnet.set_stake(0, 999);
    subnet.set_root_stake(0, 18);
    let poor = WeightRefusal::NotEnoughStake { stake: 999, threshold: 1_000 };
    assert_eq!(refusal(&mut subnet, &good()), poor);
    subnet.set_root_stake(0, 19);
    assert_eq!(subnet.set_weights(&good()), Ok(()));
}

#[test]
fn check_8_the_version_is_recent() {
    let mut subnet = subnet(Hyper { weights_version_key: 8, ..hyper() });
    let old = Submission { version_key: 7, ..good() };
    assert_eq!(refusal(&mut subnet, &old), WeightRefusal::OldVersion { key: 7, least: 8 });
    assert_eq!(subnet.set_weights(&Submission { version_key: 8, ..good() }), Ok(()));
}

#[test]
fn check_9_rows_keep_their_distance() {
    let mut subnet = subnet(hyper());
    subnet.set_weights(&good()).unwrap();
    subnet.advance_to(499);
    let soon = WeightRefusal::TooSoon { blocks: 99, least: 100 };
    assert_eq!(refusal(&mut subnet, &good()), soon);
    subnet.advance_to(500);
    assert_eq!(subnet.set_weights(&good()), Ok(()));
}

#[test]
fn check_9_starts_with_the_registration_but_not_in_block_0() {
    let mut subnet = subnet(hyper());
    // Uid 5 was seated in block 0: a last update of 0 counts as none. A newcomer of block 400 has to wait.
    assert_eq!(subnet.set_weights(&Submission { hotkey: OWNER, ..good() }), Ok(()));
    subnet.register(200, u64::MAX).unwrap();
    subnet.set_stake(6, 9_999);
    let row = Submission { hotkey: 200, uids: &[6], values: &[1], ..good() };
    assert_eq!(refusal(&mut subnet, &row), WeightRefusal::TooSoon { blocks: 0, least: 100 });
}

#[test]
fn check_10_voting_needs_a_permit_the_ownership_or_ones_own_uid() {
    let mut subnet = subnet(hyper());
    subnet.set_stake(1, 5_000);
    assert_eq!(
        refusal(&mut subnet, &Submission { hotkey: 101, ..good() }),
        WeightRefusal::NoPermit
    );
    let own = Submission { hotkey: 101, uids: &[1], values: &[1], ..good() };
    assert_eq!(subnet.set_weights(&own), Ok(()));
}

#[test]
fn check_11_no_uid_stands_twice() {
    let row = Submission { uids: &[1, 2, 1], ..good() };
    assert_eq!(refusal(&mut subnet(hyper()), &row), WeightRefusal::DuplicateUid(1));
    // Doubles are found before strangers, also among strangers.
    let row = Submission { uids: &[900, 1, 900], ..good() };
    assert_eq!(refusal(&mut subnet(hyper()), &row), WeightRefusal::DuplicateUid(900));
}

#[test]
fn check_12_every_uid_exists() {
    let row = Submission { uids: &[1, 2, 6], ..good() };
    assert_eq!(refusal(&mut subnet(hyper()), &row), WeightRefusal::UnknownUid(6));
}

#[test]
fn check_13_a_row_is_long_enough_or_a_vote_for_oneself() {
    let mut subnet = subnet(Hyper { min_allowed_weights: 4, ..hyper() });
    assert_eq!(refusal(&mut subnet, &good()), WeightRefusal::TooFew { len: 3, least: 4 });
    let zeros = Submission { uids: &[1, 2, 3, 4], values: &[1, 0, 0, 0], ..good() };
    assert_eq!(subnet.set_weights(&zeros), Ok(()), "zeros count toward the length");
    assert_eq!(
        subnet.set_weights(&Submission { hotkey: OWNER, uids: &[5], values: &[1], ..good() }),
        Ok(())
    );
}

#[test]
fn check_13_asks_for_no_more_than_there_are_neurons() {
    let mut subnet = subnet(Hyper { min_allowed_weights: 1_024, ..hyper() });
    assert_eq!(refusal(&mut subnet, &good()), WeightRefusal::TooFew { len: 3, least: 6 });
    let all = Submission { uids: &[0, 1, 2, 3, 4, 5], values: &[1; 6], ..good() };
    assert_eq!(subnet.set_weights(&all), Ok(()));
}

#[test]
fn check_15_no_weight_is_above_the_limit() {
    // [1, 2, 3]: the largest is one half of the row, 32767.5 / 65535.
    let mut subnet = subnet(Hyper { max_weight_limit: 32_767, ..hyper() });
    assert_eq!(refusal(&mut subnet, &good()), WeightRefusal::TooLarge { limit: 32_767 });
    let mut subnet = self::subnet(Hyper { max_weight_limit: 32_768, ..hyper() });
    assert_eq!(subnet.set_weights(&good()), Ok(()));
}

/// A row and a subnet that break every rule at once, mended one by one: the refusals come in the chain's order.
#[test]
fn the_checks_come_in_order() {
    let strict = Hyper {
        commit_reveal: true,
        weights_version_key: 8,
        min_allowed_weights: 3,
        max_weight_limit: 40_000,
        ..hyper()
    };
    let mut subnet = subnet(strict);
    subnet.register(200, u64::MAX).unwrap();
    let mut row = Submission {
        hotkey: 300,
        netuid: 0,
        mechanism: 1,
        version_key: 0,
        uids: &[9, 9, 1, 2, 3, 4, 5, 0],
        values: &[1],
    };
    let mut seen = Vec::new();
    let mut refused = |subnet: &mut Subnet, row: &Submission<'_>| seen.push(refusal(subnet, row));
    refused(&mut subnet, &row);
    subnet.hyper_mut().commit_reveal = false;
    refused(&mut subnet, &row);
    row.netuid = 11;
    refused(&mut subnet, &row);
    row.values = &[1; 8];
    refused(&mut subnet, &row);
    row.mechanism = 0;
    refused(&mut subnet, &row);
    (row.uids, row.values) = (&[9, 9], &[1, 1]);
    refused(&mut subnet, &row);
    row.hotkey = 200;
    refused(&mut subnet, &row);
    subnet.set_stake(6, 5_000);
    refused(&mut subnet, &row);
    row.version_key = 8;
    refused(&mut subnet, &row);
    subnet.advance_to(500);
    refused(&mut subnet, &row);
    row.hotkey = 100;
    refused(&mut subnet, &row);
    row.uids = &[9, 8];
    refused(&mut subnet, &row);
    row.uids = &[1, 2];
    refused(&mut subnet, &row);
    (row.uids, row.values) = (&[1, 2, 3], &[9, 1, 1]);
    refused(&mut subnet, &row);
    row.values = &[3, 2, 1];
    assert_eq!(subnet.set_weights(&row), Ok(()));
    assert_eq!(
        seen,
        [
            WeightRefusal::CommitRevealOn,
            WeightRefusal::Root,
            WeightRefusal::LengthsDiffer { uids: 8, values: 1 },
            WeightRefusal::NoSuchMechanism(1),
            WeightRefusal::TooLong { len: 8, n: 7 },
            WeightRefusal::NotRegistered,
            WeightRefusal::NotEnoughStake { stake: 0, threshold: 1_000 },
            WeightRefusal::OldVersion { key: 0, least: 8 },
            WeightRefusal::TooSoon { blocks: 0, least: 100 },
            WeightRefusal::NoPermit,
            WeightRefusal::DuplicateUid(9),
            WeightRefusal::UnknownUid(9),
            WeightRefusal::TooFew { len: 2, least: 3 },
            WeightRefusal::TooLarge { limit: 40_000 },
        ]
    );
}

#[test]
fn every_refusal_tells_its_reason() {
    let told = [
        (WeightRefusal::CommitRevealOn, "commit-reveal is on: weights are committed, not set"),
        (WeightRefusal::CommitRevealOff, "commit-reveal is off: weights are set, not committed"),
        (WeightRefusal::Root, "the root network takes no weights"),
        (WeightRefusal::LengthsDiffer { uids: 3, values: 2 }, "3 uids for 2 values"),
        (WeightRefusal::NoSuchMechanism(1), "the subnet has no mechanism 1"),
        (WeightRefusal::TooLong { len: 7, n: 6 }, "7 weights for 6 neurons"),
        (WeightRefusal::NotRegistered, "the hotkey is not registered"),
        (
            WeightRefusal::NotEnoughStake { stake: 999, threshold: 1_000 },
            "a stake of 999 rao is below 1000",
        ),
        (WeightRefusal::OldVersion { key: 7, least: 8 }, "version key 7 is below 8"),
        (
            WeightRefusal::TooSoon { blocks: 99, least: 100 },
            "99 blocks after the last update, 100 are due",
        ),
        (WeightRefusal::NoPermit, "the hotkey has no validator permit"),
        (WeightRefusal::DuplicateUid(9), "uid 9 stands twice"),
        (WeightRefusal::UnknownUid(6), "there is no uid 6"),
        (WeightRefusal::TooFew { len: 3, least: 4 }, "3 weights, 4 are due"),
        (WeightRefusal::TooLarge { limit: 32_767 }, "one weight is above 32767 / 65535 of its row"),
        (WeightRefusal::TooManyPending(10), "10 commits of this epoch are pending"),
    ];
    for (refusal, text) in told {
        let error: Box<dyn Error> = Box::new(refusal);
        assert_eq!(error.to_string(), text);
    }
}
