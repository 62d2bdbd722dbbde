//! Bonds and dividends (chain.md 4.8), classic and Yuma3.

use super::Epoch;
use super::Row;
use super::State;
use super::layout::Group;
use super::layout::Layout;
use super::liquid::Cursor;
use super::liquid::Pair;
use super::liquid::Sigmoid;
use crate::fixed::I32F32;
use crate::fixed::PartOf;
use crate::fixed::normalise;
use crate::hyper::ConsensusMode;
use crate::hyper::Hyper;
use crate::runtime::LastTempoRule;
use crate::wide::quotient;

/// The moving average that stands for 1. Source: chain.md 4.8, `alpha`.
const MOVING_AVERAGE_ONE: u128 = 1_000_000;

/// New bonds, one row a group.
#[derive(Debug, Default)]
pub(super) struct Bonds {
    /// `E` before any division by columns; a cell exists where it is above 0.
    ema: Vec<I32F32>,
    /// Width of a row.
    width: usize,
    /// Divides `E` by the sum of its column.
    by_sum: Vec<PartOf>,
    /// Divides what `by_sum` gives by the largest of its column (classic, for storage).
    by_max: Vec<PartOf>,
    /// Whether bonds are stored divided by sum and maximum.
    classic: bool,
    /// Columns of each group's cells in their order, where it is not ascending (liquid alpha).
    order: Vec<u16>,
    /// Each group's part of `order`.
    order_of: Vec<(usize, usize)>,
    /// Old bonds of the group at work.
    old: Vec<I32F32>,
    /// Old bonds of all groups, a row each (classic).
    old_rows: Vec<I32F32>,
    /// Old bonds of the group at work where the cursor meets them.
    seen: Vec<I32F32>,
    /// Columns of old bonds that the cursor does not meet.
    unmet: Vec<u16>,
    /// Divides the old bonds by the sum of their column (classic).
    old_by_sum: Vec<PartOf>,
    /// Divides `WB * S` by the sum of its column (classic).
    new_by_sum: Vec<PartOf>,
    /// Column sums and maxima at work.
    columns: Vec<I32F32>,
    /// Dividend of each group: before the stake (Yuma3), or as it is (classic).
    dividend: Vec<I32F32>,
    /// The row last quantised.
    stored: Row,
}

/// How much of a bond is new and how much stays.
#[derive(Clone, Copy, Debug)]
struct Rate {
    new: I32F32,
    old: I32F32,
}

impl Rate {
    /// `alpha = 1 - BMA / 10^6`.
    fn new(moving_average: u64) -> Self {
        let stays = quotient(u128::from(moving_average), MOVING_AVERAGE_ONE)
            .and_then(|bits| i64::try_from(bits).ok())
            .unwrap_or(i64::MAX);
        let new = I32F32::ONE.minus(I32F32::from_bits(stays));
        Self { new, old: I32F32::ONE.minus(new) }
    }

    /// `max(0, new * fresh + old * stored)` for each cell, which holds the fresh part before.
    fn blend_into(self, stored: impl Iterator<Item = I32F32>, cells: &mut [I32F32]) {
        let cells = cells.iter_mut().zip(stored);
        if self.new.is_unit() {
            cells.for_each(|(cell, stored)| {
                *cell = self.new.times_unit(*cell).plus_small(self.old.times_unit(stored));
            });
        } else {
            cells.for_each(|(cell, stored)| {
                *cell = self.new.times(*cell).plus(self.old.times(stored)).max(I32F32::ZERO);
            });
        }
    }
}

impl Epoch {
    /// 4.8: new bonds and dividends.
    pub(super) fn compute_bonds(&mut self, state: &State<'_>) {
        self.bonds.reset(state, &self.layout);
        if state.hyper.yuma3 {
            self.blend_yuma3(state);
        } else {
            self.blend_classic(state);
        }
        self.bonds.earn(&self.layout, &self.rank);

        self.dividend.clear();
        let stakes = &self.stakes.active_stake;
        self.dividend.extend(self.layout.group_of.iter().zip(stakes).map(|(group, &stake)| {
            let earned = group.map_or(I32F32::ZERO, |group| self.bonds.dividend[group]);
            if state.hyper.yuma3 { earned.times_unit(stake) } else { earned }
        }));
        normalise(&mut self.dividend);
    }

    /// Yuma3: the moving average of weights and old bonds.
    fn blend_yuma3(&mut self, state: &State<'_>) {
        let (layout, bonds) = (&self.layout, &mut self.bonds);
        let majority = &self.consensus.majority;
        let rate = Rate::new(state.hyper.bonds_moving_average);
        let liquid = state.hyper.liquid_alpha && majority.iter().any(|&most| most != I32F32::ZERO);
        let compared = if liquid && compares_with_previous(state.hyper) {
            self.previous.clear();
            self.previous.extend(
                layout.columns.iter().map(|&uid| I32F32::ratio(state.consensus[usize::from(uid)])),
            );
            &self.previous
        } else {
            majority
        };
        let sigmoid = Sigmoid::new(state.hyper);
        for (index, group) in layout.groups.iter().enumerate() {
            bonds.load_old(state, layout, group, I32F32::ratio);
            let weights = self.weights.row(group.class);
            let ema = &mut bonds.ema[index * bonds.width..][..bonds.width];
            if liquid {
                let present = self.weights.present(group.class);
                let pair = Pair { weights, present, bonds: &bonds.old, seen_bonds: &bonds.seen };
                ema.fill(I32F32::ZERO);
                sigmoid.blend(&pair, compared, ema);
                bonds.order_of.push((bonds.order.len(), bonds.order.len() + present.len()));
                bonds.order.extend_from_slice(present);
            } else {
                ema.copy_from_slice(weights);
                rate.blend_into(bonds.old.iter().copied(), ema);
            }
        }
    }

    /// Classic: the moving average of shares of each column.
    fn blend_classic(&mut self, state: &State<'_>) {
        let (layout, bonds) = (&self.layout, &mut self.bonds);
        let say_of = |group: &Group| self.stakes.active_stake[group.first];
        let rate = Rate::new(state.hyper.bonds_moving_average);
        bonds.old_rows.clear();
        for group in &layout.groups {
            bonds.load_old(state, layout, group, I32F32::stored);
            add_columns(&mut bonds.columns, &bonds.old, group.members);
            bonds.old_rows.extend_from_slice(&bonds.old);
        }
        divisors(&mut bonds.columns, &mut bonds.old_by_sum);
        let width = bonds.width.max(1);
        for (group, fresh) in layout.groups.iter().zip(bonds.ema.chunks_exact_mut(width)) {
            let say = say_of(group);
            let row = fresh.iter_mut().zip(self.weights.row(group.class));
            row.for_each(|(fresh, weight)| *fresh = weight.times_unit(say));
            add_columns(&mut bonds.columns, fresh, group.members);
        }
        divisors(&mut bonds.columns, &mut bonds.new_by_sum);
        let rows = bonds.ema.chunks_exact_mut(width).zip(bonds.old_rows.chunks_exact(width));
        for (row, old) in rows {
            let cells = row.iter_mut().zip(&bonds.new_by_sum);
            cells.for_each(|(cell, part)| *cell = part.share(*cell));
            let stored = old.iter().zip(&bonds.old_by_sum).map(|(&old, part)| part.share(old));
            rate.blend_into(stored, row);
        }
    }
}

impl Bonds {
    /// Makes room for the groups.
    fn reset(&mut self, state: &State<'_>, layout: &Layout) {
        self.width = layout.width;
        self.classic = !state.hyper.yuma3;
        // Every cell is written before it is read.
        self.ema.resize(layout.groups.len() * self.width, I32F32::ZERO);
        self.columns.clear();
        self.columns.resize(self.width, I32F32::ZERO);
        self.order.clear();
        self.order_of.clear();
    }

    /// Old bonds of a group, without those to uids that registered since the last step.
    fn load_old(
        &mut self,
        state: &State<'_>,
        layout: &Layout,
        group: &Group,
        value_of: impl Fn(u16) -> I32F32,
    ) {
        let last_tempo = match (state.hyper.runtime.last_tempo, state.last_step_block) {
            (LastTempoRule::TempoAgo, _) | (LastTempoRule::AfterLastStep, 0) => {
                state.block.saturating_sub(state.tempo)
            }
            (LastTempoRule::AfterLastStep, block) => block.saturating_add(1),
        };
        let row = layout.cells(&state.bonds[group.first]);
        let has_newcomers = last_tempo <= layout.newest;
        let kept = row.filter(|&(_, uid, _)| !has_newcomers || state.registered[uid] < last_tempo);
        self.old.clear();
        self.old.resize(self.width, I32F32::ZERO);
        let old = &mut self.old;
        if !state.hyper.liquid_alpha {
            kept.for_each(|(column, _, bond)| old[usize::from(column)] = value_of(bond));
            return;
        }
        self.unmet.clear();
        let mut cursor = Cursor::default();
        kept.for_each(|(column, _, bond)| {
            old[usize::from(column)] = value_of(bond);
            if !cursor.meets(column) {
                self.unmet.push(column);
            }
        });
        self.seen.clone_from(&self.old);
        for column in &self.unmet {
            self.seen[usize::from(*column)] = I32F32::ZERO;
        }
    }

    /// Dividends of the groups: each column's incentive by the share of its bonds.
    fn earn(&mut self, layout: &Layout, incentive: &[I32F32]) {
        for (row, group) in self.ema.chunks_exact(self.width.max(1)).zip(&layout.groups) {
            add_columns(&mut self.columns, row, group.members);
        }
        divisors(&mut self.columns, &mut self.by_sum);
        self.dividend.clear();
        self.dividend.resize(layout.groups.len(), I32F32::ZERO);
        for (row, dividend) in self.ema.chunks_exact(self.width.max(1)).zip(&mut self.dividend) {
            let shares = row.iter().zip(&self.by_sum).map(|(&bond, part)| part.share(bond));
            *dividend = shares.zip(incentive).fold(I32F32::ZERO, |sum, (share, &incentive)| {
                sum.plus_small(share.times_unit(incentive))
            });
            if self.classic {
                let shares = row.iter().zip(&self.by_sum).map(|(&bond, part)| part.share(bond));
                let columns = self.columns.iter_mut().zip(shares);
                columns.for_each(|(largest, share)| *largest = share.max(*largest));
            }
        }
        if self.classic {
            divisors(&mut self.columns, &mut self.by_max);
        }
    }

    /// A uid's bonds as they are stored, before quantisation.
    pub(super) fn row(&self, layout: &Layout, uid: usize) -> impl Iterator<Item = (u16, I32F32)> {
        let group = layout.group_of[uid];
        let ordered = group
            .and_then(|group| self.order_of.get(group))
            .map(|&(from, to)| &self.order[from..to]);
        let all = if group.is_none() || ordered.is_some() { 0 } else { layout.columns.len() };
        let ordered = ordered.unwrap_or_default().iter().map(|&column| usize::from(column));
        let start = group.unwrap_or(0) * self.width;
        ordered.chain(0..all).filter(move |column| self.ema[start + column] > I32F32::ZERO).map(
            move |column| (layout.columns[column], self.value(column, self.ema[start + column])),
        )
    }

    /// A bond as it is stored.
    #[inline]
    fn value(&self, column: usize, bond: I32F32) -> I32F32 {
        if !self.classic {
            return bond;
        }
        self.by_max[column].share(self.by_sum[column].share(bond))
    }

    /// 4.10: quantises the rows of uids with a new permit and empties the others.
    pub(super) fn store(&mut self, layout: &Layout, permits: &[bool], rows: &mut [Row]) {
        let mut last = None;
        for (uid, row) in rows.iter_mut().enumerate() {
            row.clear();
            if !permits[uid] {
                continue;
            }
            let Some(group) = layout.group_of[uid] else { continue };
            if last != Some(group) {
                last = Some(group);
                self.quantise(layout, group);
            }
            row.extend_from_slice(&self.stored);
        }
    }

    /// Writes a group's quantised row.
    fn quantise(&mut self, layout: &Layout, group: usize) {
        let ema = &self.ema[group * self.width..][..self.width];
        let mut stored = std::mem::take(&mut self.stored);
        stored.clear();
        if let Some(&(from, to)) = self.order_of.get(group) {
            let columns = self.order[from..to].iter().map(|&column| usize::from(column));
            let cells = columns.filter(|&column| ema[column] > I32F32::ZERO);
            stored.extend(cells.map(|column| (layout.columns[column], ema[column].to_u16())));
        } else if self.classic {
            let parts = self.by_sum.iter().zip(&self.by_max);
            keep_positive(layout, ema.iter().zip(parts), &mut stored, |e, (sum, max)| {
                max.share(sum.share(e))
            });
        } else {
            keep_positive(layout, ema.iter().zip(ema), &mut stored, |e, _| e);
        }
        self.stored = stored;
    }
}

/// Whether liquid alpha compares with the consensus of the epoch before.
fn compares_with_previous(hyper: &Hyper) -> bool {
    hyper.runtime.has_consensus_mode
        && match hyper.liquid_alpha_consensus_mode {
            ConsensusMode::Auto => hyper.bonds_penalty == u16::MAX,
            ConsensusMode::Current => false,
            ConsensusMode::Previous => true,
        }
}

/// Quantises the cells above 0, columns ascending; `value` makes a bond of a cell and what belongs to its column.
fn keep_positive<'a, C>(
    layout: &Layout,
    cells: impl Iterator<Item = (&'a I32F32, C)>,
    stored: &mut Row,
    value: impl Fn(I32F32, C) -> I32F32,
) {
    stored.resize(layout.columns.len(), (0, 0));
    let mut kept = 0;
    for (&uid, (&cell, column)) in layout.columns.iter().zip(cells) {
        stored[kept] = (uid, value(cell, column).to_u16());
        kept += usize::from(cell > I32F32::ZERO);
    }
    stored.truncate(kept);
}

/// Adds a row, as often as its group has members.
fn add_columns(columns: &mut [I32F32], row: &[I32F32], members: i64) {
    let cells = columns.iter_mut().zip(row);
    if members == 1 {
        cells.for_each(|(sum, &cell)| *sum = sum.plus(cell));
    } else {
        cells.for_each(|(sum, cell)| {
            *sum = sum.plus(I32F32::from_bits(cell.bits().saturating_mul(members)));
        });
    }
}

/// Prepares the division by each column's total, and clears the totals.
fn divisors(columns: &mut [I32F32], parts: &mut Vec<PartOf>) {
    parts.clear();
    parts.extend(columns.iter_mut().map(|total| PartOf::new(std::mem::take(total))));
}
