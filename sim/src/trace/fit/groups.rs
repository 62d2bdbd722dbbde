//! Operators: groups of miners whose laws change at the same times, found by minimum description length.
//!
//! A group of miners is coded by regimes in time: the cuts are those that make the code shortest, with a penalty of the
//! logarithm of the number of places for each. Two groups are one operator when their common code is the shorter.

use crate::base::math;
use crate::trace::fit::partition::partition;
use crate::trace::fit::symbols::Base;
use crate::trace::fit::symbols::Code;
use crate::trace::fit::symbols::Pile;
use crate::trace::fit::symbols::Symbols;

/// Places in time at which a regime may begin. Source: ours; 22 minutes in October's 67 hours.
pub(super) const CELLS: usize = 180;
/// Most jobs that grouping looks at; of more, every second, third, ... of each miner. Source: ours, to end in seconds.
const JOBS_MAX: usize = 1 << 14;
/// A common code must be shorter by this [nats]. Source: ours; a factor 20 in likelihood.
const MARGIN: f64 = 3.0;

/// Jobs of one miner or of many, by cell of time.
#[derive(Clone, Debug)]
pub(super) struct Lane {
    cells: Vec<Pile>,
    jobs: usize,
}

/// Times from first to last, cut into cells.
#[derive(Clone, Copy, Debug)]
pub(super) struct TimeCells {
    /// The first instant of the cells [ms].
    pub(super) begin_ms: u64,
    /// Length of a cell [ms].
    pub(super) cell_ms: u64,
}

impl TimeCells {
    /// A clock over `begin_ms..=end_ms`.
    pub(super) fn new(begin_ms: u64, end_ms: u64) -> Self {
        let cells = u64::try_from(CELLS).expect("a small number");
        Self { begin_ms, cell_ms: (end_ms.saturating_sub(begin_ms) / cells + 1).max(1) }
    }

    fn cell(&self, at_ms: u64) -> usize {
        let cell = at_ms.saturating_sub(self.begin_ms) / self.cell_ms;
        usize::try_from(cell).unwrap_or(CELLS).min(CELLS - 1)
    }
}

impl Lane {
    /// The jobs of one miner.
    pub(super) fn new(clock: &TimeCells, symbols: &[Symbols]) -> Self {
        let mut cells = vec![Pile::default(); CELLS];
        for one in symbols {
            cells[clock.cell(one.at_ms)].push(one);
        }
        Self { cells, jobs: symbols.len() }
    }

    /// The jobs of both.
    fn with(&self, other: &Self) -> Self {
        let both = |(own, more): (&Pile, &Pile)| own.with(more);
        let cells = self.cells.iter().zip(&other.cells).map(both).collect();
        Self { cells, jobs: self.jobs + other.jobs }
    }

    /// The cells at which regimes begin, and the length of the code [nats].
    ///
    /// A regime begins at a cell with jobs: where there are none, nothing can tell.
    pub(super) fn regimes(&self, base: &Base, penalty: f64) -> (Vec<usize>, f64) {
        let own: Vec<usize> = (0..CELLS).filter(|cell| !self.cells[*cell].is_empty()).collect();
        let mut code = Code::new(base);
        let (begins, length) = partition(own.len(), penalty, |end| {
            code.clear();
            let mut costs = Vec::with_capacity(end);
            for place in (0..end).rev() {
                code.push_all(&self.cells[own[place]]);
                costs.push(code.length);
            }
            costs
        });
        (begins.into_iter().map(|place| own[place]).collect(), length)
    }

    fn length(&self, base: &Base) -> f64 {
        self.regimes(base, penalty()).1
    }
}

/// What a regime costs beside its own code [nats]: the choice of its place.
pub(super) fn penalty() -> f64 {
    math::ln(math::float_len(CELLS))
}

/// A group in the making.
struct OpenGroup {
    members: Vec<usize>,
    lane: Lane,
    length: f64,
}

/// Groups of miners, each by its places in `miners`, the largest first. A miner without jobs is in none.
pub(super) fn groups(
    clock: &TimeCells,
    base: &Base,
    miners: &[Vec<Symbols>],
    progress: &dyn Fn(u64),
) -> Vec<Vec<usize>> {
    let all: usize = miners.iter().map(Vec::len).sum();
    let stride = all.div_ceil(JOBS_MAX).max(1);
    let lane = |own: &Vec<Symbols>| {
        Lane::new(clock, &own.iter().step_by(stride).copied().collect::<Vec<_>>())
    };
    let lanes: Vec<Lane> = miners.iter().map(lane).collect();
    let mut order: Vec<usize> = (0..miners.len()).filter(|miner| lanes[*miner].jobs > 0).collect();
    order.sort_by_key(|miner| (usize::MAX - lanes[*miner].jobs, *miner));
    let mut groups: Vec<OpenGroup> = Vec::new();
    for (number, miner) in order.iter().enumerate() {
        place(&mut groups, *miner, &lanes, base);
        progress(u64::try_from(number).expect("a few"));
    }
    merge(&mut groups, base);
    // Whoever came early saw few groups: all choose once more among those that are there now.
    for miner in &order {
        let home = groups.iter().position(|group| group.members.contains(miner));
        let home = home.expect("every miner is in a group");
        if groups[home].members.len() > 1 {
            groups[home].members.retain(|other| other != miner);
            rebuild(&mut groups[home], &lanes, base);
            place(&mut groups, *miner, &lanes, base);
        }
    }
    groups.sort_by_key(|group| usize::MAX - group.lane.jobs);
    groups
        .into_iter()
        .map(|mut group| {
            group.members.sort_unstable();
            group.members
        })
        .collect()
}

fn rebuild(group: &mut OpenGroup, lanes: &[Lane], base: &Base) {
    let first = lanes[group.members[0]].clone();
    group.lane = group.members[1..].iter().fold(first, |lane, miner| lane.with(&lanes[*miner]));
    group.length = group.lane.length(base);
}

/// Puts a miner into the group that its jobs make longer by least, or into one of its own.
fn place(groups: &mut Vec<OpenGroup>, miner: usize, lanes: &[Lane], base: &Base) {
    let own = &lanes[miner];
    let alone = own.length(base);
    let mut best: Option<(f64, usize, OpenGroup)> = None;
    for (number, group) in groups.iter().enumerate() {
        let lane = group.lane.with(own);
        let length = lane.length(base);
        let gain = group.length + alone - length;
        if gain > best.as_ref().map_or(MARGIN, |best| best.0) {
            let members = group.members.iter().copied().chain([miner]).collect();
            best = Some((gain, number, OpenGroup { members, lane, length }));
        }
    }
    match best {
        Some((_, number, group)) => groups[number] = group,
        None => groups.push(OpenGroup { members: vec![miner], lane: own.clone(), length: alone }),
    }
}

/// Makes one of two groups as long as that makes the code shorter.
fn merge(groups: &mut Vec<OpenGroup>, base: &Base) {
    let mut first = 0;
    while first < groups.len() {
        let mut best: Option<(f64, usize, Lane, f64)> = None;
        for second in first + 1..groups.len() {
            let lane = groups[first].lane.with(&groups[second].lane);
            let length = lane.length(base);
            let gain = groups[first].length + groups[second].length - length;
            if gain > best.as_ref().map_or(MARGIN, |best| best.0) {
                best = Some((gain, second, lane, length));
            }
        }
        let Some((_, second, lane, length)) = best else {
            first += 1;
            continue;
        };
        let other = groups.remove(second);
        groups[first].members.extend(other.members);
        (groups[first].lane, groups[first].length) = (lane, length);
    }
}
