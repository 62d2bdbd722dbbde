//! Routers that draw a miner by weight. The weight is stated once, in [`Weigh`]; when it is asked for is decided here.

use crate::base::ids::MinerId;
use crate::base::random::Word;
use crate::model::router::Router;
use crate::model::router::View;
use crate::model::router::choice::Choices;
use crate::model::router::offer::Candidacy;
use crate::work::Request;
use std::fmt::Debug;

/// What a miner weighs in a draw.
pub(super) trait Weigh: Debug + Send {
    /// The weight of the miner at a place of the view, at least 0; where nobody has any, all candidates are alike.
    fn weight(&self, view: &View<'_>, miner: usize) -> f64;
}

/// Every candidate gets a job with a chance in proportion to its weight.
#[derive(Clone, Debug)]
pub(super) struct Lottery<W> {
    weigh: W,
    choices: Choices,
}

impl<W: Weigh> Lottery<W> {
    /// The draw among the miners that `may` get a job, each weighing what `weigh` says.
    pub(super) fn among(may: Candidacy, weigh: W) -> Self {
        Self { weigh, choices: Choices::among(may) }
    }
}

impl<W: Weigh> Router for Lottery<W> {
    fn update(&mut self, view: &View<'_>, changed: &[MinerId]) {
        self.choices.update(view, changed, |miner| self.weigh.weight(view, miner));
    }

    fn route(&mut self, view: &View<'_>, job: &Request, word: Word) -> Option<MinerId> {
        self.choices.choose(view, job, word, |miner| self.weigh.weight(view, miner))
    }
}
