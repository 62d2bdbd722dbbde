//! Weights: load, mask, normalise (chain.md 4.5), and the weights that bonds are made of (4.8).

use super::State;
use super::layout::Layout;
use super::masks::Masks;
use crate::fixed::I32F32;
use crate::fixed::PartOf;

/// The distinct weight rows.
#[derive(Debug, Default)]
pub(super) struct Weights {
    /// One row a class, as wide as the layout.
    pub(super) cells: Vec<I32F32>,
    /// Columns for which each class's row has a cell, in the row's order. Only liquid alpha asks, so only for it.
    present: Vec<u16>,
    /// End of each class's part of `present`.
    present_end: Vec<usize>,
    /// Width of a row.
    width: usize,
}

impl Weights {
    /// 4.5: the rows of uids with an old permit, masked and divided by their sums.
    pub(super) fn load(&mut self, state: &State<'_>, layout: &Layout) {
        let masks = Masks::new(state);
        self.width = layout.width;
        self.cells.clear();
        self.cells.resize(layout.class_first.len() * self.width, I32F32::ZERO);
        self.present.clear();
        self.present_end.clear();
        self.present_end.push(0);
        for (class, &uid) in layout.class_first.iter().enumerate().skip(1) {
            let cells = &mut self.cells[class * self.width..][..self.width];
            let row = layout.cells(&state.weights[uid]);
            let sum = if layout.class_open[class] {
                scatter(row, cells)
            } else {
                scatter(row.filter(|&(_, miner, _)| !masks.drops(uid, miner)), cells)
            };
            let part = PartOf::of_bits(sum);
            for cell in cells {
                *cell = part.share(*cell);
            }
            if state.hyper.liquid_alpha {
                let kept = layout
                    .cells(&state.weights[uid])
                    .filter(|&(_, miner, _)| !masks.drops(uid, miner));
                self.present.extend(kept.map(|(column, ..)| column));
            }
            self.present_end.push(self.present.len());
        }
    }

    /// The row of weights of a class of validators.
    pub(super) fn row(&self, class: usize) -> &[I32F32] {
        &self.cells[class * self.width..][..self.width]
    }

    /// The columns that a class's row has a cell for, in its order.
    pub(super) fn present(&self, class: usize) -> &[u16] {
        let start = if class == 0 { 0 } else { self.present_end[class - 1] };
        &self.present[start..self.present_end[class]]
    }

    /// 4.7: clips a class's row into `clipped` and gives its sum, the validator trust.
    pub(super) fn clip(
        &self,
        class: usize,
        majority: &[I32F32],
        clipped: &mut Vec<I32F32>,
    ) -> I32F32 {
        let mut trust = I32F32::ZERO;
        clipped.clear();
        clipped.extend(self.row(class).iter().zip(majority).map(|(&weight, &most)| {
            let weight = most.min(weight);
            trust = trust.plus_small(weight);
            weight
        }));
        trust
    }

    /// 4.8, `WB`: replaces the weights by those that bonds are made of, between whole and clipped.
    pub(super) fn for_bonds(&mut self, state: &State<'_>, majority: &[I32F32]) {
        let penalty = I32F32::ratio(state.hyper.bonds_penalty);
        if penalty == I32F32::ZERO || self.width == 0 {
            return;
        }
        if penalty == I32F32::ONE {
            if state.hyper.liquid_alpha {
                self.drop_clipped_to_nothing(majority);
            }
            for row in self.cells.chunks_exact_mut(self.width) {
                row.iter_mut()
                    .zip(majority)
                    .for_each(|(weight, &most)| *weight = most.min(*weight));
            }
            return;
        }
        for row in self.cells.chunks_exact_mut(self.width) {
            for (weight, &most) in row.iter_mut().zip(majority) {
                *weight = weight.plus(penalty.times(most.min(*weight).minus(*weight)));
            }
        }
        if state.hyper.liquid_alpha {
            self.keep_positive();
        }
    }

    /// 4.7: a cell is removed when consensus is 0 and it is not.
    fn drop_clipped_to_nothing(&mut self, majority: &[I32F32]) {
        let (mut start, mut kept) = (0, 0);
        for class in 0..self.present_end.len() {
            let end = self.present_end[class];
            for index in start..end {
                let column = self.present[index];
                let weight = self.cells[class * self.width + usize::from(column)];
                if weight == I32F32::ZERO || majority[usize::from(column)] > I32F32::ZERO {
                    self.present[kept] = column;
                    kept += 1;
                }
            }
            self.present_end[class] = kept;
            start = end;
        }
        self.present.truncate(kept);
    }

    /// An interpolated row has a cell for each positive value, columns ascending.
    fn keep_positive(&mut self) {
        self.present.clear();
        for (class, end) in self.present_end.iter_mut().enumerate() {
            let row = &self.cells[class * self.width..][..self.width];
            let positive = (0..=u16::MAX).zip(row).filter(|(_, weight)| **weight > I32F32::ZERO);
            self.present.extend(positive.map(|(column, _)| column));
            *end = self.present.len();
        }
    }
}

/// Writes the integers of a row into its cells, and gives their sum.
fn scatter(row: impl Iterator<Item = (u16, usize, u16)>, cells: &mut [I32F32]) -> u64 {
    row.fold(0, |sum, (column, _, value)| {
        cells[usize::from(column)] = I32F32::from_bits(i64::from(value));
        sum + u64::from(value)
    })
}
