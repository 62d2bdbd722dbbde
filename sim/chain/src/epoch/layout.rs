//! Which rows are equal and which columns anyone names, so that what is equal is computed once and what is absent never.

use super::Row;
use super::State;
use super::masks::Masks;
use super::stake::Stakes;

/// Columns that the consensus handles together; rectangles are padded to a multiple of it.
/// Source: ours, a cache line of 32-bit keys.
pub(super) const LANES: usize = 16;
/// How many of the latest distinct rows a row is compared with.
/// Source: ours, equal validators stand together or the search does not pay.
const LOOK_BACK: usize = 8;

/// Uids whose bonds come from equal weights and equal old bonds, and so are equal.
#[derive(Clone, Copy, Debug)]
pub(super) struct Group {
    /// First uid of the group.
    pub(super) first: usize,
    /// Class of its weights.
    pub(super) class: usize,
    /// How many uids it has.
    pub(super) members: i64,
}

/// The shape of an epoch's matrices.
#[derive(Debug, Default)]
pub(super) struct Layout {
    /// Class of each uid's weights. Class 0 is the empty row: no weights or no permit.
    pub(super) class_of: Vec<usize>,
    /// First uid of each class; for class 0 it means nothing.
    pub(super) class_first: Vec<usize>,
    /// Whether another uid with the same stored row can join: no mask acts on the class's first uid.
    pub(super) class_open: Vec<bool>,
    /// Bond group of each uid, none where it has neither weights nor bonds.
    pub(super) group_of: Vec<Option<usize>>,
    /// Groups of uids whose bonds are equal.
    pub(super) groups: Vec<Group>,
    /// Uids that a row names, ascending.
    pub(super) columns: Vec<u16>,
    /// Column of each uid; where no row names it, it means nothing.
    pub(super) column_of: Vec<u16>,
    /// Latest registration of any uid.
    pub(super) newest: u64,
    /// Columns of a rectangle, padding included.
    pub(super) width: usize,
    /// Which uids each class's stored row names, class by class.
    named: Vec<bool>,
    /// Which uids any row names.
    named_by_any: Vec<bool>,
}

impl Layout {
    /// Finds classes, groups and columns.
    pub(super) fn arrange(&mut self, state: &State<'_>, stakes: &Stakes) {
        self.find_classes(state, stakes);
        self.find_groups(state, stakes);
        self.find_columns(state);
    }

    /// Rows are equal after the masks if they are stored equal and no mask touches either.
    fn find_classes(&mut self, state: &State<'_>, stakes: &Stakes) {
        let n = state.stake.len();
        let masks = Masks::new(state);
        self.newest = masks.newest;
        self.class_of.clear();
        self.class_first.clear();
        self.class_first.push(0);
        self.class_open.clear();
        self.class_open.push(false);
        self.named.clear();
        self.named.resize(n, false);
        for uid in 0..n {
            let row = &state.weights[uid];
            if !stakes.old_permits[uid] || row.is_empty() {
                self.class_of.push(0);
                continue;
            }
            let (newcomers, counts_own) = (masks.has_newcomers(uid), masks.counts_own_vote(uid));
            let equal = (1..self.class_first.len()).rev().take(LOOK_BACK).find(|&class| {
                !newcomers
                    && self.class_open[class]
                    && (counts_own || !self.named[class * n + uid])
                    && is_same(row, &state.weights[self.class_first[class]])
            });
            self.class_of.push(equal.unwrap_or(self.class_first.len()));
            if equal.is_none() {
                let start = self.named.len();
                self.named.resize(start + n, false);
                name(&mut self.named[start..], row);
                self.class_first.push(uid);
                self.class_open.push(!newcomers && (counts_own || !self.named[start + uid]));
            }
        }
    }

    /// Bonds are equal where weights, old bonds and (classic bonds only) stakes are.
    fn find_groups(&mut self, state: &State<'_>, stakes: &Stakes) {
        self.groups.clear();
        self.group_of.clear();
        for uid in 0..state.stake.len() {
            let (class, bonds) = (self.class_of[uid], &state.bonds[uid]);
            if class == 0 && bonds.is_empty() {
                self.group_of.push(None);
                continue;
            }
            let say = stakes.active_stake[uid];
            let equal = (0..self.groups.len()).rev().take(LOOK_BACK).find(|&group| {
                let Group { first, class: other, .. } = self.groups[group];
                class == other
                    && (state.hyper.yuma3 || say == stakes.active_stake[first])
                    && is_same(bonds, &state.bonds[first])
            });
            self.group_of.push(Some(equal.unwrap_or(self.groups.len())));
            match equal {
                Some(group) => self.groups[group].members += 1,
                None => self.groups.push(Group { first: uid, class, members: 1 }),
            }
        }
    }

    /// The uids that a distinct row names.
    fn find_columns(&mut self, state: &State<'_>) {
        let n = state.stake.len();
        self.named_by_any.clear();
        self.named_by_any.resize(n, false);
        for class in self.named.chunks_exact(n.max(1)) {
            self.named_by_any.iter_mut().zip(class).for_each(|(any, &named)| *any |= named);
        }
        for group in &self.groups {
            name(&mut self.named_by_any, &state.bonds[group.first]);
        }
        self.columns.clear();
        self.column_of.clear();
        let mut column = 0;
        for (uid, &named) in (0..=u16::MAX).zip(&self.named_by_any) {
            self.column_of.push(column);
            if named {
                self.columns.push(uid);
                column += 1;
            }
        }
        self.width = self.columns.len().next_multiple_of(LANES);
    }

    /// The cells of a stored row whose uid exists: (column, uid, value), in the row's order.
    pub(super) fn cells<'a>(
        &'a self,
        row: &'a Row,
    ) -> impl Iterator<Item = (u16, usize, u16)> + 'a {
        row.iter().filter_map(|&(uid, value)| {
            let uid = usize::from(uid);
            self.column_of.get(uid).map(|&column| (column, uid, value))
        })
    }
}

/// Cells that are compared at once. Source: ours, a cache line.
const COMPARED: usize = 16;

/// Whether two stored rows are equal.
fn is_same(one: &Row, other: &Row) -> bool {
    let pieces = one.chunks(COMPARED).zip(other.chunks(COMPARED));
    let differ = |a: &(u16, u16), b: &(u16, u16)| (a.0 ^ b.0) | (a.1 ^ b.1);
    one.len() == other.len()
        && pieces.into_iter().all(|(one, other)| {
            one.iter().zip(other).fold(0, |bits, (a, b)| bits | differ(a, b)) == 0
        })
}

/// Marks the uids of a stored row; uids that do not exist are ignored.
fn name(marks: &mut [bool], row: &Row) {
    for &(uid, _) in row {
        if let Some(mark) = marks.get_mut(usize::from(uid)) {
            *mark = true;
        }
    }
}
