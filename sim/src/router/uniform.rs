//! Every valid miner alike.

use crate::family::Doc;
use crate::ids::MinerId;
use crate::record::Job;
use crate::rng::Word;
use crate::router::Router;
use crate::router::View;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

/// Every valid miner alike.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Spec {}

impl Doc for Spec {
    const NAME: &'static str = "uniform";
    const ABOUT: &'static str = "Every valid miner alike.";
    const SOURCE: &'static str = "ours: the control without stake or score";
    const EXAMPLE: &'static str = "[uniform]\n";
}

#[expect(clippy::unused_self, reason = "the family calls every member the same way")]
impl Spec {
    pub(super) fn build(&self) -> Uniform {
        Uniform::default()
    }
}

/// The router made from a [`Spec`].
#[derive(Clone, Debug, Default)]
pub(super) struct Uniform {
    candidates: Vec<MinerId>,
}

impl Router for Uniform {
    fn update(&mut self, view: &View<'_>, _changed: &[MinerId]) {
        self.candidates.clear();
        let valid = view.valid.iter().enumerate().filter(|(_, valid)| **valid);
        self.candidates.extend(valid.map(|(index, _)| MinerId::of(index)));
    }

    fn route(&mut self, _view: &View<'_>, _job: &Job, word: Word) -> Option<MinerId> {
        let count = u64::try_from(self.candidates.len()).expect("few miners");
        let place = (u128::from(word.0) * u128::from(count)) >> 64;
        self.candidates.get(usize::try_from(place).expect("below the count")).copied()
    }
}
