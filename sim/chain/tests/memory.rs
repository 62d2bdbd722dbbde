//! The steady state of a subnet allocates nothing: every buffer is reused.

use assay_chain::Genesis;
use assay_chain::Hyper;
use assay_chain::Submission;
use assay_chain::Subnet;
use stats_alloc::INSTRUMENTED_SYSTEM;
use stats_alloc::Region;
use stats_alloc::StatsAlloc;
use std::alloc::System;

#[global_allocator]
static COUNTED: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// One tempo: ten validators send rows (or commit to them), the epoch fires, one miner is replaced.
fn tempo(subnet: &mut Subnet, turn: u64) {
    let due = subnet.next_due().expect("the tempo is not 0");
    subnet.advance_to(due - 1);
    let uids: [u16; 32] = std::array::from_fn(|uid| u16::try_from(uid).expect("32 uids"));
    for hotkey in 0..10 {
        let values =
            uids.map(|uid| 1 + uid * 31 + u16::try_from(turn % 7 + hotkey).expect("below 17"));
        let row = Submission {
            hotkey,
            netuid: 11,
            mechanism: 0,
            version_key: 0,
            uids: &uids,
            values: &values,
        };
        let sent = if subnet.hyper().commit_reveal {
            subnet.commit_weights(&row)
        } else {
            subnet.set_weights(&row)
        };
        assert!(sent.is_ok() || turn == 0, "{sent:?}");
    }
    subnet.advance_to(due);
    let settled = subnet.run_epoch().expect("an epoch is due");
    assert!(settled.miners > 0 || turn < 3);
    subnet.register(1_000 + turn, u64::MAX).expect("somebody can be pruned");
}

fn allocations(hyper: Hyper) -> usize {
    let mut subnet = Subnet::new(Genesis { hyper, ..Genesis::default() });
    for hotkey in 0..32 {
        let uid = subnet.seat(hotkey);
        subnet.set_stake(uid, if hotkey < 10 { 1_000_000 + hotkey } else { 0 });
    }
    subnet.hyper_mut().max_allowed_uids = 32;
    (0..40).for_each(|turn| tempo(&mut subnet, turn));
    let region = Region::new(COUNTED);
    (40..60).for_each(|turn| tempo(&mut subnet, turn));
    let change = region.change();
    change.allocations + change.reallocations
}

#[test]
fn an_epoch_with_its_weights_and_a_registration_allocates_nothing() {
    for yuma3 in [true, false] {
        for liquid_alpha in [true, false] {
            for commit_reveal in [true, false] {
                let hyper = Hyper { yuma3, liquid_alpha, commit_reveal, ..Hyper::default() };
                assert_eq!(allocations(hyper.clone()), 0, "{hyper:?}");
            }
        }
    }
}
