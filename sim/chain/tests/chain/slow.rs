//! A slow life of a subnet straight from chain.md 5 to 7, 11 and 12: block by block, in wide integers and sorted lists, with
//! nothing of the package. It stands beside `reference`, the slow epoch.

use std::collections::BTreeMap;

/// U64F64 and U96F32 as wide integers that no product of this model passes.
const ONE64: u128 = 1 << 64;
const ONE32: u128 = 1 << 32;

/// Parameters, the specification's names.
#[derive(Clone, Debug)]
pub(crate) struct Terms {
    pub(crate) runtime: u16,
    pub(crate) max_uids: usize,
    pub(crate) immunity_period: u64,
    pub(crate) min_non_immune: usize,
    pub(crate) owner_limit: usize,
    pub(crate) min_burn: u64,
    pub(crate) max_burn: u64,
    pub(crate) half_life: u16,
    pub(crate) mult: u128,
    pub(crate) interval: u64,
    pub(crate) target: u16,
    pub(crate) per_block: u16,
    pub(crate) adjustment_alpha: u64,
    pub(crate) lock_share: u16,
    pub(crate) drain_ratio: u128,
    pub(crate) moving_price: u128,
    pub(crate) swap_price: u128,
}

/// A row of collateral.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) locked: u64,
    pub(crate) min_locked: u64,
    pub(crate) earned: u64,
    pub(crate) drain_ratio: u128,
}

/// One seat of the slow second reading.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Seat {
    pub(crate) key: u64,
    pub(crate) reg_block: u64,
    pub(crate) last_update: u64,
    pub(crate) permit: bool,
    pub(crate) emission: u64,
    pub(crate) score: u16,
    pub(crate) stake: u64,
    pub(crate) weights: Vec<(u16, u16)>,
}

/// The subnet as the slow second reading holds it.
#[derive(Clone, Debug)]
pub(crate) struct Slow {
    pub(crate) terms: Terms,
    pub(crate) block: u64,
    pub(crate) price: u64,
    pub(crate) last_adjustment: u64,
    in_interval: u64,
    in_block: u64,
    pub(crate) seats: Vec<Seat>,
    pub(crate) owned: Vec<u64>,
    pub(crate) owner: Option<u64>,
    pub(crate) rows: BTreeMap<u64, Row>,
    pub(crate) left: BTreeMap<u64, u64>,
}

/// What a registration gave: uid, burned, top-up, locked, next price, who left; or why not.
pub(crate) type Taken = Result<(usize, u64, u64, u64, u64, Option<u64>), &'static str>;

impl Slow {
    pub(crate) fn new(terms: Terms, block: u64, price: u64) -> Self {
        Self {
            terms,
            block,
            price,
            last_adjustment: block,
            in_interval: 0,
            in_block: 0,
            seats: vec![],
            owned: vec![],
            owner: None,
            rows: BTreeMap::new(),
            left: BTreeMap::new(),
        }
    }

    /// 7.2 and 11.2, one block.
    pub(crate) fn step(&mut self) {
        self.block += 1;
        self.in_block = 0;
        let t = &self.terms;
        if t.runtime >= 401 {
            if self.block > 1 {
                let f = if t.half_life == 0 { ONE32 } else { factor(t.half_life) };
                let price = u64::try_from((u128::from(self.price) * f) >> 32).unwrap();
                self.price = price.min(t.max_burn).max(t.min_burn);
            }
            return;
        }
        if self.block - self.last_adjustment < t.interval {
            return;
        }
        let (r, target) = (u128::from(self.in_interval), u128::from(t.target));
        if r > target || r == 0 {
            let price = u128::from(self.price) << 18;
            let u = if target == 0 { 0 } else { price * (r + target) / (2 * target) };
            let a = (u128::from(t.adjustment_alpha) << 18) / u128::from(u64::MAX);
            let next = ((a * price) >> 18) + ((((1 << 18) - a) * u) >> 18);
            self.price = if next >= u128::from(t.max_burn) << 18 {
                t.max_burn
            } else if next <= u128::from(t.min_burn) << 18 {
                t.min_burn
            } else {
                u64::try_from(next >> 18).unwrap()
            };
        }
        (self.last_adjustment, self.in_interval) = (self.block, 0);
    }

    /// 7.1, 11.2, 12.2.
    pub(crate) fn register(
        &mut self,
        key: u64,
        stake: u64,
        limit: Option<u64>,
        balance: u64,
    ) -> Taken {
        let t = self.terms.clone();
        if t.runtime < 401 {
            if self.in_block >= u64::from(t.per_block) {
                return Err("block");
            }
            if self.in_interval >= 3 * u64::from(t.target) {
                return Err("interval");
            }
        }
        if limit.is_some_and(|limit| self.price > limit) {
            return Err("price");
        }
        if self.seats.iter().any(|seat| seat.key == key) {
            return Err("registered");
        }
        let (burned, topup) = self.charge(key);
        if burned + topup > balance {
            return Err("balance");
        }
        let uid = if self.seats.len() < t.max_uids {
            self.seats.len()
        } else {
            self.victim().ok_or("full")?
        };
        let paid = burned + topup;
        let bought = u64::try_from((u128::from(paid) << 64) / t.swap_price).unwrap();
        let lock = match (topup, burned) {
            (0, _) => 0,
            (_, 0) => bought,
            _ => u64::try_from(u128::from(bought) * u128::from(topup) / u128::from(paid)).unwrap(),
        };
        let replaced = self.take_seat(uid, key, stake + lock);
        if t.runtime >= 437 && (lock > 0 || self.rows.contains_key(&key)) {
            let row = self.rows.entry(key).or_default();
            row.locked += lock;
            row.drain_ratio = t.drain_ratio;
        }
        (self.in_block, self.in_interval) = (self.in_block + 1, self.in_interval + 1);
        if t.runtime >= 401 {
            let raised = (u128::from(self.price) * (t.mult.max(ONE64) >> 32)) >> 32;
            // The low half of the multiplier, by itself: the model keeps prices and multipliers small.
            let low = (u128::from(self.price) * (t.mult.max(ONE64) & 0xffff_ffff)) >> 32;
            let exact =
                (((u128::from(self.price) * (t.mult.max(ONE64) >> 32)) & 0xffff_ffff) + low) >> 32;
            let raised = u64::try_from(raised + exact).unwrap();
            self.price = raised.min(t.max_burn).max(t.min_burn);
        }
        Ok((uid, burned, topup, lock, self.price, replaced))
    }

    fn charge(&self, key: u64) -> (u64, u64) {
        let t = &self.terms;
        if t.runtime < 437 {
            return (self.price, 0);
        }
        let share = (u128::from(t.lock_share) << 64) / 65_535;
        let requirement = u64::try_from((u128::from(self.price) * share) >> 64).unwrap();
        let locked = self.rows.get(&key).map_or(0, |row| row.locked);
        let worth = (u128::from(locked) * t.moving_price) >> 64;
        let topup = u128::from(requirement).saturating_sub(worth);
        (self.price - requirement, u64::try_from(topup).unwrap())
    }

    /// 7.5 and 11.4; gives who left.
    fn take_seat(&mut self, uid: usize, key: u64, stake: u64) -> Option<u64> {
        self.left.remove(&key);
        let block = self.block;
        if uid == self.seats.len() {
            let seat = Seat { key, reg_block: block, last_update: block, stake, ..Seat::default() };
            self.seats.push(seat);
            return None;
        }
        let old = self.seats[uid].clone();
        self.left.insert(old.key, old.stake);
        let runtime = self.terms.runtime;
        self.seats[uid] = Seat {
            key,
            reg_block: block,
            last_update: if runtime < 401 { old.last_update } else { block },
            permit: runtime < 411 && old.permit,
            emission: 0,
            score: 65_535,
            stake,
            weights: vec![],
        };
        for seat in &mut self.seats {
            let cells = seat.weights.iter_mut().filter(|(j, _)| usize::from(*j) == uid);
            cells.for_each(|(_, w)| *w = 0);
        }
        Some(old.key)
    }

    /// 7.3, 7.4 and 11.3.
    fn victim(&self) -> Option<usize> {
        let t = &self.terms;
        let is_of_owner =
            |seat: &Seat| self.owned.contains(&seat.key) || Some(seat.key) == self.owner;
        let mut immortal: Vec<usize> =
            (0..self.seats.len()).filter(|&i| is_of_owner(&self.seats[i])).collect();
        immortal.sort_by_key(|&i| (self.seats[i].reg_block, i));
        immortal.truncate(t.owner_limit);
        let owner = self.seats.iter().position(|seat| Some(seat.key) == self.owner);
        if let Some(owner) = owner.filter(|owner| !immortal.contains(owner)) {
            immortal.insert(0, owner);
            immortal.truncate(t.owner_limit);
        }
        let key = |i: &usize| {
            let seat = &self.seats[*i];
            let earned = if t.runtime < 365 { u64::from(seat.score) } else { seat.emission };
            (earned, seat.reg_block, *i)
        };
        let others = (0..self.seats.len()).filter(|i| !immortal.contains(i));
        let (immune, mortal): (Vec<usize>, Vec<usize>) =
            others.partition(|&i| self.block - self.seats[i].reg_block < t.immunity_period);
        let worst = |group: &[usize]| group.iter().copied().min_by_key(key);
        match t.runtime < 365 {
            true => worst(&mortal).or_else(|| worst(&immune)),
            false if mortal.len() > t.min_non_immune => worst(&mortal),
            false => worst(&immune),
        }
    }

    /// 12.3: a payment to a key; gives captured and released.
    pub(crate) fn settle(&mut self, key: u64, emission: u64, capturable: u64) -> (u64, u64) {
        let Some(row) = self.rows.get_mut(&key).filter(|_| emission > 0) else { return (0, 0) };
        row.earned += emission;
        let moved = if row.min_locked > row.locked {
            let captured = capturable.min(row.min_locked - row.locked);
            row.locked += captured;
            (captured, 0)
        } else {
            let drained = (u128::from(emission) * (row.drain_ratio >> 32)) >> 32;
            let free = row.locked - row.min_locked;
            let released = free.min(u64::try_from(drained).unwrap_or(u64::MAX));
            row.locked -= released;
            (0, released)
        };
        if row.locked == 0 && row.min_locked == 0 {
            self.rows.remove(&key);
        }
        moved
    }
}

/// 7.2: the largest Q32 number whose power is at most one half, by a search from above.
fn factor(half_life: u16) -> u128 {
    let power = |f: u128| {
        let (mut r, mut g, mut e) = (ONE32, f, half_life);
        while e > 0 {
            if e & 1 == 1 {
                r = (r * g) >> 32;
            }
            e >>= 1;
            if e > 0 {
                g = (g * g) >> 32;
            }
        }
        r
    };
    let (mut lo, mut hi) = (0, ONE32);
    while lo + 1 < hi {
        let mid = lo + ((hi - lo) >> 1);
        if power(mid) > ONE32 / 2 { hi = mid } else { lo = mid }
    }
    lo
}

/// Section 5 and 11.5: what each uid is paid, as (incentive, take, nominators, root take, root rest), with each payment whole.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Paid {
    pub(crate) incentive: Vec<u64>,
    pub(crate) alpha: Vec<(u64, u64, u64)>,
    pub(crate) root: Vec<(u64, u64, u64)>,
    pub(crate) withheld: u64,
    pub(crate) miner_burned: u128,
    pub(crate) root_recycled: u64,
}

/// What section 5 reads: for each uid server, validator, alpha, root TAO, take, withheld, on root.
pub(crate) type Line = (u64, u64, u64, u64, u16, bool, bool);

/// `pending` is server, validator, root, or before 343 pending, swapped, root TAO.
pub(crate) fn pay(runtime: u16, pending: [u64; 3], tao_weight: u128, lines: &[Line]) -> Paid {
    let mul = |a: u128, b: u128| {
        let (hi, lo) = (a >> 32, a & 0xffff_ffff);
        hi * b + ((lo * b) >> 32)
    };
    let div = |a: u128, b: u128| (a << 32).checked_div(b).unwrap_or(0);
    let served: u64 = lines.iter().map(|line| line.0).sum();
    let [one, two, three] = pending;
    let (pool, root_pool) = match (runtime < 343, served == 0) {
        (true, true) => (one, three),
        (true, false) => (u64::midpoint(one, two), three),
        (false, true) => (one + two, three),
        (false, false) => (two, three),
    };
    let pool = if runtime < 343 && served > 0 { pool.saturating_sub(two) } else { pool };
    let parts: Vec<(u128, u128)> = lines
        .iter()
        .map(|&(_, dividend, alpha, tao, _, _, on_root)| {
            let d = u128::from(dividend) << 32;
            let (alpha, ra) = (u128::from(alpha) << 32, mul(u128::from(tao) << 32, tao_weight));
            if runtime < 442 {
                let root = mul(d, div(ra, alpha + ra));
                return (d - root, root);
            }
            let alpha_part = if alpha + ra == 0 { d } else { mul(d, div(alpha, alpha + ra)) };
            (alpha_part, if on_root { d - alpha_part } else { 0 })
        })
        .collect();
    let sums = parts.iter().fold((0, 0), |sum, part| (sum.0 + part.0, sum.1 + part.1));
    let shared = |pool: u64, part: u128, sum: u128, take: u16| {
        let p = mul(u128::from(pool) << 32, div(part, sum));
        let kept = mul(p, (u128::from(take) << 32) / 65_535);
        let floor = |x: u128| u64::try_from(x >> 32).unwrap();
        (floor(p), floor(kept), floor(p - kept))
    };
    let mut paid = Paid::default();
    for (&(server, _, _, _, take, withheld, _), part) in lines.iter().zip(&parts) {
        paid.incentive.push(if withheld { 0 } else { server });
        paid.withheld += if withheld { server } else { 0 };
        paid.alpha.push(shared(pool, part.0, sums.0, take));
        paid.root.push(shared(root_pool, part.1, sums.1, take));
    }
    paid.miner_burned = div(u128::from(paid.withheld) << 32, u128::from(served) << 32);
    if runtime >= 442 && paid.root.iter().all(|payment| payment.0 == 0) {
        paid.root_recycled = root_pool;
    }
    paid
}
