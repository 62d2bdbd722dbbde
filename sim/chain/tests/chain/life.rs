//! Sequences of registrations, commits, epochs and pay over every runtime: the subnet against the slow second reading.

use crate::generate::Draw;
use crate::generate::RUNTIMES;
use crate::reference;
use crate::reference::Input;
use crate::slow::Line;
use crate::slow::Paid;
use crate::slow::Row;
use crate::slow::Seat;
use crate::slow::Slow;
use crate::slow::Taken;
use crate::slow::Terms;
use crate::slow::pay;
use assay_chain::Applicant;
use assay_chain::Collateral;
use assay_chain::Genesis;
use assay_chain::Hyper;
use assay_chain::Pending;
use assay_chain::RegistrationRefusal;
use assay_chain::Runtime;
use assay_chain::Subnet;

/// Sequences, and epochs of each.
const SEQUENCES: u64 = 120;
const EPOCHS: u64 = 12;
/// Hotkeys that come and go.
const KEYS: u64 = 14;
/// Tempo of the subnets in these tests \[blocks\].
const TEMPO: u64 = 40;
/// What an epoch shares out \[rao\].
const RAO: u64 = 32_800_183_080;

fn terms(draw: &mut Draw, runtime: u16) -> Terms {
    let fiftieth = (1u128 << 64) / 50;
    Terms {
        runtime,
        max_uids: 8,
        immunity_period: draw.of(&[0, 30, 100, 400]),
        min_non_immune: draw.of(&[0, 1, 3, 10]),
        owner_limit: draw.of(&[1, 1, 2]),
        min_burn: draw.of(&[0, 500_000, 900_000_000]),
        max_burn: draw.of(&[100_000_000_000, 1_100_000_000]),
        half_life: draw.of(&[0, 1, 40, 360]),
        mult: draw.of(&[0, 1 << 64, 0x1_428f_5c28_f5c2_9000, 3 << 64]),
        interval: draw.of(&[1, 17, 40, 360]),
        target: draw.of(&[0, 1, 2]),
        per_block: draw.of(&[1, 2]),
        adjustment_alpha: draw.of(&[0, 17_893_341_751_498_265_066, u64::MAX]),
        lock_share: draw.of(&[0, 39_321, 62_258, 65_535]),
        drain_ratio: draw.of(&[1 << 63, 1 << 64, 10 << 64]),
        moving_price: draw.of(&[0, fiftieth, 1 << 64]),
        swap_price: draw.of(&[fiftieth, 1 << 64]),
    }
}

fn hyper_of(t: &Terms) -> Hyper {
    Hyper {
        commit_reveal: false,
        max_allowed_uids: u16::try_from(t.max_uids).unwrap(),
        immunity_period: t.immunity_period,
        min_non_immune: u16::try_from(t.min_non_immune).unwrap(),
        immune_owner_uids_limit: u16::try_from(t.owner_limit).unwrap(),
        burn_min: t.min_burn,
        burn_max: t.max_burn,
        burn_half_life: t.half_life,
        burn_multiplier: t.mult,
        adjustment_interval: t.interval,
        target_registrations_per_interval: t.target,
        max_registrations_per_block: t.per_block,
        adjustment_alpha: t.adjustment_alpha,
        collateral_lock_share: t.lock_share,
        collateral_drain_ratio: t.drain_ratio,
        moving_price: t.moving_price,
        swap_price: t.swap_price,
        ..Hyper::at(Runtime::of(t.runtime).unwrap())
    }
}

/// Both readings of one subnet: two validators, the owner's miner and two others, at block 1000.
fn both(terms: &Terms) -> (Subnet, Slow) {
    let hyper = hyper_of(terms);
    let (block, price) = (1_000, 1_000_000_000);
    let genesis = Genesis { hyper, block, price, owner_hotkey: Some(2), ..Genesis::default() };
    let mut subnet = Subnet::new(genesis);
    let mut slow = Slow::new(terms.clone(), block, price.min(terms.max_burn).max(terms.min_burn));
    subnet.trigger_mut().is_manual = true;
    subnet.trigger_mut().tempo = TEMPO;
    subnet.pricing_mut().last_adjustment_block = block;
    subnet.set_owned(vec![2, 7, 9]);
    (slow.owned, slow.owner) = (vec![2, 7, 9], Some(2));
    for (key, stake) in [(0, 7_000_000_000_000), (1, 5_000_000_000_000), (2, 5), (3, 7), (4, 9)] {
        let uid = subnet.seat(key);
        subnet.set_stake(uid, stake);
        let is_validator = key < 2;
        subnet.neurons_mut().permits[usize::from(uid)] = is_validator;
        slow.seats.push(Seat {
            key,
            reg_block: block,
            last_update: block,
            permit: is_validator,
            stake,
            ..Seat::default()
        });
    }
    (subnet, slow)
}

fn word(why: RegistrationRefusal) -> &'static str {
    match why {
        RegistrationRefusal::BlockFull { .. } => "block",
        RegistrationRefusal::IntervalFull { .. } => "interval",
        RegistrationRefusal::AboveLimit { .. } => "price",
        RegistrationRefusal::Closed => "closed",
        RegistrationRefusal::Present { .. } => "registered",
        RegistrationRefusal::NotAffordable { .. } => "balance",
        RegistrationRefusal::NobodyToPrune => "full",
    }
}

/// What is compared after every event.
fn assert_same(subnet: &Subnet, slow: &Slow, place: &str) {
    assert_eq!(subnet.price(), slow.price, "{place}: price");
    let neurons = subnet.neurons();
    let seats = slow.seats.iter().enumerate();
    for (uid, seat) in seats {
        let ours = Seat {
            key: subnet.hotkeys()[uid],
            reg_block: neurons.registered[uid],
            last_update: neurons.last_update[uid],
            permit: neurons.permits[uid],
            emission: neurons.emission[uid],
            score: if slow.terms.runtime < 365 { neurons.pruning_scores[uid] } else { seat.score },
            stake: subnet.stake()[uid],
            weights: neurons.weights[uid].clone(),
        };
        assert_eq!(&ours, seat, "{place}: uid {uid}");
        let row = |row: &Collateral| Row {
            locked: row.locked,
            min_locked: row.min_locked,
            earned: row.earned,
            drain_ratio: row.drain_ratio,
        };
        let ours = subnet.collateral_of(seat.key).map(row);
        assert_eq!(ours, slow.rows.get(&seat.key).copied(), "{place}: collateral of uid {uid}");
    }
    assert_eq!(subnet.hotkeys().len(), slow.seats.len(), "{place}: seats");
}

/// A registration, a row of weights or a floor, in both.
fn happen(draw: &mut Draw, subnet: &mut Subnet, slow: &mut Slow, place: &str) -> Option<Taken> {
    let key = draw.below(KEYS);
    if draw.one_in(4) {
        let n = slow.seats.len();
        let row: Vec<(u16, u16)> =
            (0..u16::try_from(n).unwrap()).map(|j| (j, draw.of(&[0, 1, 30_000, 65_535]))).collect();
        let validator = draw.below(2);
        let placed = subnet.place_weights(validator, &row).is_ok();
        let seat = slow.seats.iter_mut().find(|seat| seat.key == validator);
        assert_eq!(placed, seat.is_some(), "{place}");
        if let Some(seat) = seat {
            (seat.weights, seat.last_update) = (row, slow.block);
        }
        return None;
    }
    if slow.terms.runtime >= 437 && draw.one_in(4) {
        let floor = draw.of(&[0, 1_000_000_000, 90_000_000_000]);
        subnet.set_min_collateral(key, floor);
        let drain_ratio = slow.terms.drain_ratio;
        let row = slow.rows.entry(key).or_insert(Row { drain_ratio, ..Row::default() });
        row.min_locked = floor;
        if row.locked == 0 && floor == 0 {
            slow.rows.remove(&key);
        }
        return None;
    }
    let had = slow.left.get(&key).copied().unwrap_or(0);
    let limit_price = draw.one_in(4).then(|| draw.of(&[0, 1_000_000_000, 1_000_000_000_000]));
    let purse = draw.of(&[u64::MAX, u64::MAX, 600_000_000]);
    let ours = subnet.register_as(&Applicant { hotkey: key, purse, limit_price, stake: had });
    let theirs = slow.register(key, had, limit_price, purse);
    let ours = ours.map(|taken| {
        assert_eq!(taken.next_price, subnet.price());
        let left = taken.leaver.map(|leaver| leaver.hotkey);
        let burned = taken.paid - taken.topup;
        (usize::from(taken.uid), burned, taken.topup, taken.locked, taken.next_price, left)
    });
    assert_eq!(ours.map_err(word), theirs, "{place}: key {key}");
    Some(theirs)
}

/// What the slow epoch reads of the subnet now.
fn input_of(subnet: &Subnet, slow: &Slow) -> Input {
    let (before, h) = (subnet.neurons(), Hyper::default());
    let n = slow.seats.len();
    Input {
        n,
        block: slow.block,
        tempo: TEMPO,
        last_mechanism_step_block: subnet.last_step_block(),
        rao: RAO,
        owner: slow.seats.iter().position(|seat| Some(seat.key) == slow.owner),
        stake: slow.seats.iter().map(|seat| seat.stake.into()).collect(),
        stake_fraction: 0,
        last_update: slow.seats.iter().map(|seat| seat.last_update).collect(),
        reg_block: slow.seats.iter().map(|seat| seat.reg_block).collect(),
        permits: slow.seats.iter().map(|seat| seat.permit).collect(),
        commits: vec![None; n],
        weights: slow.seats.iter().map(|seat| seat.weights.clone()).collect(),
        bonds: before.bonds.clone(),
        kappa: h.kappa,
        bonds_penalty: h.bonds_penalty,
        bonds_moving_average: h.bonds_moving_average,
        cutoff_factor_milli: 13_889,
        max_allowed_validators: 64,
        stake_threshold: 0,
        yuma3: true,
        liquid_alpha: false,
        alpha_low: h.alpha_low,
        alpha_high: h.alpha_high,
        steepness: h.alpha_sigmoid_steepness,
        commit_reveal: false,
        runtime: slow.terms.runtime,
        cutoff_blocks: None,
        mode: 0,
        consensus: before.consensus.clone(),
    }
}

/// The epoch of both, then the pay of both.
fn settle(draw: &mut Draw, subnet: &mut Subnet, slow: &mut Slow, place: &str) {
    let out = reference::epoch(&input_of(subnet, slow));
    subnet.run_epoch_on(RAO);
    assert_eq!(subnet.epoch().server_emission(), out.server, "{place}");
    for (uid, seat) in slow.seats.iter_mut().enumerate() {
        (seat.permit, seat.emission) = (out.new_permits[uid], out.combined[uid]);
        seat.score = out.scores.get(uid).copied().unwrap_or(seat.score);
    }
    // Root stake comes after the epoch and goes with the pay, so that it is in the pay alone.
    let uids = 0..u16::try_from(slow.seats.len()).unwrap();
    let roots: Vec<(u64, bool)> =
        uids.clone().map(|_| (draw.of(&[0, 4_000_000_000_000]), draw.one_in(2))).collect();
    for (uid, &(tao, on_root)) in uids.clone().zip(&roots) {
        subnet.set_root_stake(uid, tao);
        subnet.set_on_root(uid, on_root);
    }
    let half = RAO / 2;
    let is_old = slow.terms.runtime < 343;
    let [one, two, three] = if is_old { [RAO - 7_000, 7_000, 9] } else { [half, half - 5, 5] };
    subnet.pay(&if is_old {
        Pending::Two { pending: one, swapped: two, root_tao: three }
    } else {
        Pending::Three { server: one, validator: two, root: three }
    });
    let line = |(uid, seat): (usize, &Seat)| {
        let withheld = slow.owned.contains(&seat.key);
        let (server, validator, (tao, on_root)) = (out.server[uid], out.validator[uid], roots[uid]);
        (server, validator, seat.stake, tao, 11_796, withheld, on_root)
    };
    let lines: Vec<Line> = slow.seats.iter().enumerate().map(line).collect();
    // 971718665099567868 of 2^64 - 1 in 32 bits.
    let paid = pay(slow.terms.runtime, [one, two, three], 226_245_882, &lines);
    assert_same_pay(subnet, slow, &paid, place);
    uids.for_each(|uid| subnet.set_root_stake(uid, 0));
}

/// What was paid, and what it did to collateral.
fn assert_same_pay(subnet: &Subnet, slow: &mut Slow, paid: &Paid, place: &str) {
    let ours = subnet.payouts();
    assert_eq!((&ours.incentive, ours.withheld), (&paid.incentive, paid.withheld), "{place}");
    assert_eq!(ours.miner_burned.bits(), paid.miner_burned, "{place}");
    assert_eq!(ours.root_recycled, paid.root_recycled, "{place}");
    for (uid, settled) in subnet.settled().iter().enumerate() {
        let alpha = (ours.alpha_dividend[uid], ours.validator_take[uid], ours.nominators[uid]);
        let root = (ours.root_dividend[uid], ours.root_take[uid], ours.root_claimable[uid]);
        assert_eq!((alpha, root), (paid.alpha[uid], paid.root[uid]), "{place}: uid {uid}");
        let (key, incentive) = (slow.seats[uid].key, paid.incentive[uid]);
        let mut moved = (0, 0);
        if slow.terms.runtime >= 437 {
            for (emission, part) in [(incentive, incentive), (alpha.0, alpha.1), (root.0, root.1)] {
                let one = slow.settle(key, emission, part);
                moved = (moved.0 + one.0, moved.1 + one.1);
            }
        }
        assert_eq!((settled.captured, settled.released), moved, "{place}: uid {uid}");
    }
}

/// Goes through a sequence in both; counts what was met.
fn sequence(seed: u64, met: &mut Vec<&'static str>) {
    let mut draw = Draw(6_000_000 + seed);
    let runtime = draw.of(&RUNTIMES);
    let terms = terms(&mut draw, runtime);
    let (mut subnet, mut slow) = both(&terms);
    for epoch in 1..=EPOCHS {
        if draw.one_in(6) {
            // An upgrade: nothing that is stored changes.
            let next = draw.of(&RUNTIMES).max(slow.terms.runtime);
            slow.terms.runtime = next;
            subnet.upgrade(Runtime::of(next).unwrap());
        }
        let due = 1_000 + epoch * TEMPO;
        subnet.trigger_mut().pending_epoch_at = due;
        while slow.block < due {
            for _ in 0..draw.below(3) {
                let place = format!("seed {seed}, {}, block {}", slow.terms.runtime, slow.block);
                match happen(&mut draw, &mut subnet, &mut slow, &place) {
                    Some(Ok((.., None))) => met.push("appended"),
                    Some(Ok((.., Some(_)))) => met.push("replaced"),
                    Some(Err(why)) => met.push(why),
                    None => {}
                }
                assert_same(&subnet, &slow, &place);
            }
            let blocks = (1 + draw.below(9)).min(due - slow.block);
            (0..blocks).for_each(|_| slow.step());
            subnet.advance_to(slow.block);
        }
        let place = format!("seed {seed}, {}, epoch {epoch}", slow.terms.runtime);
        settle(&mut draw, &mut subnet, &mut slow, &place);
        assert_same(&subnet, &slow, &place);
    }
}

#[test]
fn a_life_of_registrations_and_pay_is_the_same_in_the_slow_reading() {
    let mut met = Vec::new();
    (0..SEQUENCES).for_each(|seed| sequence(seed, &mut met));
    for what in
        ["appended", "replaced", "block", "interval", "price", "registered", "balance", "full"]
    {
        let count = met.iter().filter(|met| **met == what).count();
        assert!(count >= 20, "{what}: {count}");
    }
}
