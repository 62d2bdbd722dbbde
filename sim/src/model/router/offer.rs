//! What a router keeps for each kind of job, because not every miner offers every kind.

use crate::base::ids::KindId;
use crate::base::ids::MinerId;
use crate::model::router::View;
use crate::work::Request;

/// Whether a miner may get a job of a kind.
pub(super) type Candidacy = fn(&View<'_>, usize, KindId) -> bool;

/// Every valid miner may, whatever it offers.
pub(super) fn valid(view: &View<'_>, miner: usize, _kind: KindId) -> bool {
    view.valid[miner]
}

/// A valid miner may that offers the kind.
pub(super) fn offering(view: &View<'_>, miner: usize, kind: KindId) -> bool {
    view.valid[miner] && (view.kinds[miner] >> kind.0) & 1 == 1
}

/// The valid miners that offer a kind, in order.
pub(super) fn candidates(view: &View<'_>, kind: KindId) -> Vec<MinerId> {
    (0..view.valid.len()).filter(|miner| offering(view, *miner, kind)).map(MinerId::of).collect()
}

/// One `T` for each kind of job that has been asked for, made at the first job of its kind.
#[derive(Clone, Debug)]
pub(super) struct PerKind<T>(Vec<Option<T>>);

impl<T> Default for PerKind<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> PerKind<T> {
    /// What is kept for the kind of `job`.
    #[inline]
    pub(super) fn of(&mut self, job: &Request, make: impl FnOnce(KindId) -> T) -> &mut T {
        if self.0.len() <= job.kind.index() {
            self.0.resize_with(job.kind.index() + 1, || None);
        }
        self.0[job.kind.index()].get_or_insert_with(|| make(job.kind))
    }

    /// What is kept so far, to be brought up to date.
    pub(super) fn each(&mut self) -> impl Iterator<Item = (KindId, &mut T)> {
        let kept = self.0.iter_mut().enumerate();
        kept.filter_map(|(kind, kept)| kept.as_mut().map(|kept| (KindId::of(kind), kept)))
    }
}
