//! A subnet of four seats worked by hand: every registration price, who is pruned when, and every rao.
//!
//! Runtime 446, tempo 100 from block 1000, price 1e9 there, immunity 150 blocks, at least one seat without it left alone, 0.6
//! of a price locked, alpha at 1 TAO. Hotkey 10 is the owner's and the only validator, with a take of 0; 11 to 16 come and go.
//!
//! | block | registers | price = burned + top-up | takes | why |
//! |---|---|---|---|---|
//! | 1001 | 11 | 998,076,443 = 399,230,578 + 598,845,865 | uid 1 | a seat is free |
//! | 1002 | 12 | 1,255,157,298 = 502,062,920 + 753,094,378 | uid 2 | a seat is free |
//! | 1003 | 13 | 1,578,456,093 = 631,382,438 + 947,073,655 | uid 3 | a seat is free |
//! | 1101 | 14 | 1,646,857,358 = 658,742,944 + 988,114,414 | uid 3 from 13 | all immune; 13 earned nothing |
//! | 1252 | 15 | 1,551,533,478 = 620,613,392 + 930,920,086 | uid 3 from 14 | 11, 12, 14 are mortal, 3 > 1; 14 earned nothing |
//! | 1253 | 16 | 1,951,171,759 = 780,468,704 + 1,170,703,055 | uid 1 from 11 | 11, 12 are mortal, 2 > 1; equal, 11 is older |
//! | 1254 | 13 | 2,453,747,397, of which 947,073,655 are locked: 981,498,959 + 525,174,783 | uid 3 from 15 | 12 alone is mortal, 1 is not > 1; of 15 and 16 the older |
//!
//! The owner's seat is immortal. A price falls by f = 4286705684 / 2^32 a block and rises by 1.26 with a registration.

use assay_chain::Applicant;
use assay_chain::Collateral;
use assay_chain::Genesis;
use assay_chain::Hyper;
use assay_chain::Registered;
use assay_chain::RegistrationRefusal;
use assay_chain::Runtime;
use assay_chain::Settlement;
use assay_chain::Submission;
use assay_chain::Subnet;

/// What a tempo of 100 blocks of 1e9 rao brings: the owner's cut of 179,995,422 a block, and 410,002,288 for miners as for
/// validators; the three leave 2 rao a block to nobody.
const OWNER: u64 = 17_999_542_200;
const HALF: u64 = 41_000_228_800;
/// A quarter of both halves: what a miner of one half of the incentive gets.
const QUARTER: u64 = 20_500_114_400;

fn genesis() -> Subnet {
    let hyper = Hyper {
        commit_reveal: false,
        max_allowed_uids: 4,
        immunity_period: 150,
        min_non_immune: 1,
        weights_set_rate_limit: 0,
        collateral_lock_share: 39_321,
        delegate_take: 0,
        ..Hyper::at(Runtime::of(446).unwrap())
    };
    let mut subnet = Subnet::new(Genesis {
        netuid: 100,
        tempo: 100,
        block: 1_000,
        owner_hotkey: Some(10),
        hyper,
        ..Genesis::default()
    });
    subnet.seat(10);
    subnet.set_stake(0, 1_000_000_000_000);
    subnet
}

/// Registers a hotkey in a block, with the stake that it brings.
fn register(subnet: &mut Subnet, block: u64, hotkey: u64, stake: u64) -> Registered {
    subnet.advance_to(block);
    let who = Applicant { hotkey, purse: u64::MAX, limit_price: None, stake };
    subnet.register_as(&who).unwrap()
}

/// Price, paid, top-up, locked alpha, uid, who left.
fn told(of: &Registered) -> (u64, u64, u64, u64, u16, Option<u64>) {
    let left = of.leaver.map(|leaver| leaver.hotkey);
    (of.price, of.paid, of.topup, of.locked, of.uid, left)
}

fn epoch(subnet: &mut Subnet, block: u64) -> Settlement {
    subnet.advance_to(block);
    subnet.run_epoch().unwrap()
}

#[test]
fn a_subnet_of_four_seats_to_the_rao() {
    let mut subnet = genesis();
    let taken = register(&mut subnet, 1_001, 11, 0);
    assert_eq!(told(&taken), (998_076_443, 998_076_443, 598_845_865, 598_845_865, 1, None));
    assert_eq!((taken.burned_alpha, taken.next_price), (399_230_578, 1_257_576_318));
    let taken = register(&mut subnet, 1_002, 12, 0);
    assert_eq!(told(&taken), (1_255_157_298, 1_255_157_298, 753_094_378, 753_094_378, 2, None));
    let taken = register(&mut subnet, 1_003, 13, 0);
    assert_eq!(told(&taken), (1_578_456_093, 1_578_456_093, 947_073_655, 947_073_655, 3, None));
    assert_eq!(subnet.stake(), [1_000_000_000_000, 598_845_865, 753_094_378, 947_073_655]);
    let again = subnet.register(13, u64::MAX);
    assert_eq!(again, Err(RegistrationRefusal::Present { uid: 3 }));

    // The owner votes 1 : 1 : 2. It votes in the block in which 13 registered, which is too early for 13: 1 : 1.
    let votes = Submission {
        hotkey: 10,
        netuid: 100,
        mechanism: 0,
        version_key: 0,
        uids: &[1, 2, 3],
        values: &[1, 1, 2],
    };
    subnet.set_weights(&votes).unwrap();
    let paid = Settlement {
        block: 1_100,
        epoch_index: 1,
        minted: 100_000_000_000,
        owner: OWNER,
        miners: HALF,
        validators: HALF,
        remainder: 200,
        ..Settlement::default()
    };
    assert_eq!(epoch(&mut subnet, 1_100), paid);
    assert_eq!(subnet.payouts().incentive, [0, QUARTER, QUARTER, 0]);
    assert_eq!(subnet.payouts().nominators, [HALF, 0, 0, 0]);
    assert_eq!(subnet.neurons().emission, [HALF, QUARTER, QUARTER, 0]);
    // Whoever earned more than was locked, at 1 for 1, has it back; 13 earned nothing and has none.
    let released: Vec<u64> = subnet.settled().iter().map(|settled| settled.released).collect();
    assert_eq!(released, [0, 598_845_865, 753_094_378, 0]);
    let locked = Collateral { locked: 947_073_655, drain_ratio: 1 << 64, ..Collateral::default() };
    assert_eq!((subnet.collateral_of(11), subnet.collateral_of(13)), (None, Some(&locked)));

    let taken = register(&mut subnet, 1_101, 14, 0);
    assert_eq!(told(&taken), (1_646_857_358, 1_646_857_358, 988_114_414, 988_114_414, 3, Some(13)));
    assert_eq!(taken.leaver.map(|leaver| leaver.stake), Some(947_073_655), "locked alpha is stake");
    assert_eq!(subnet.neurons().weights[0], [(1, 32_768), (2, 32_768), (3, 0)]);
    // 14 came after the vote: again 1 : 1.
    assert_eq!(epoch(&mut subnet, 1_200), Settlement { block: 1_200, epoch_index: 2, ..paid });
    assert_eq!(subnet.payouts().incentive, [0, QUARTER, QUARTER, 0]);

    let taken = register(&mut subnet, 1_252, 15, 0);
    assert_eq!(told(&taken), (1_551_533_478, 1_551_533_478, 930_920_086, 930_920_086, 3, Some(14)));
    let taken = register(&mut subnet, 1_253, 16, 0);
    let topup = 1_170_703_055;
    assert_eq!(told(&taken), (1_951_171_759, 1_951_171_759, topup, topup, 1, Some(11)));
    // 13 comes again: what it has locked covers a part of the requirement of 1,472,248,438.
    let taken = register(&mut subnet, 1_254, 13, 947_073_655);
    assert_eq!(told(&taken), (2_453_747_397, 1_506_673_742, 525_174_783, 525_174_783, 3, Some(15)));
    assert_eq!((taken.burned_alpha, taken.next_price), (981_498_959, 3_091_721_720));
    assert_eq!(subnet.hotkeys(), [10, 16, 12, 13]);
    assert_eq!(subnet.stake()[3], 1_472_248_438, "all that is locked, and nothing else");

    // Of the three that were voted for 12 alone is left: it has all the incentive.
    assert_eq!(epoch(&mut subnet, 1_300), Settlement { block: 1_300, epoch_index: 3, ..paid });
    assert_eq!(subnet.payouts().incentive, [0, 0, HALF, 0]);
    assert_eq!(subnet.neurons().emission, [HALF, 0, HALF, 0]);
    assert_eq!(subnet.issuance(), 300_000_000_000);
}
