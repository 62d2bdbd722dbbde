//! Sends one of a few images made before.

use crate::base::family::Doc;
use crate::base::random::Word;
use crate::base::units::SimSpan;
use crate::model::operator::Operator;
use crate::model::operator::Sight;
use crate::model::operator::timing;
use crate::work::Plan;
use crate::work::Reply;
use crate::work::Request;
use crate::work::Source;
use crate::work::WorkPlan;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

/// Sends one of a few images made before.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Spec {
    /// Number of images kept, each sent as often as any other.
    #[serde(default = "few")]
    #[schemars(range(min = 1, max = 1_000_000))]
    pub(crate) images: u32,
    /// How long the callback is held back [ms], up to a day.
    #[serde(default)]
    #[schemars(range(min = 0.0, max = timing::LONGEST_MS))]
    pub(crate) hold_ms: f64,
}

/// Images kept. Source: ours; the trace shows repeats of a few sizes and no content.
fn few() -> u32 {
    4
}

impl Doc for Spec {
    const NAME: &'static str = "canned_image";
    const ABOUT: &'static str = "Sends one of a few images made before, whatever was asked.";
    const SOURCE: &'static str = "trace of October 2025: class `canned`, 5 miners, 454 jobs";
    const EXAMPLE: &'static str = "[canned_image]\nimages = 4\nhold_ms = 1390.0\n";
}

impl Spec {
    pub(super) fn build(&self) -> CannedImage {
        CannedImage { images: u64::from(self.images), hold: SimSpan::from_ms_f64(self.hold_ms) }
    }
}

/// The behaviour made from a [`Spec`]; an image is known by its number, below `images`.
#[derive(Clone, Copy, Debug)]
pub(super) struct CannedImage {
    images: u64,
    hold: SimSpan,
}

impl Operator for CannedImage {
    fn plan(&mut self, job: &Request, _sight: &Sight, word: Word) -> Plan {
        let key = (u128::from(word.0) * u128::from(self.images)) >> 64;
        let key = u64::try_from(key).expect("below a 64-bit count");
        let idle = Plan::idle(job, Reply::Image);
        let kept = WorkPlan { source: Source::Cached(key), ..idle.work };
        timing::held_back(Plan { work: kept, ..idle }, self.hold)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::sample::oracle;

    #[test]
    fn every_kept_image_is_sent_as_often_and_nothing_is_computed() {
        let mut behaviour = Spec { images: 4, hold_ms: 0.0 }.build();
        let (count, mut counts) = (10_000, [0; 4]);
        for word in oracle::words(1, count) {
            let work = behaviour.plan(&Request::default(), &Sight::default(), word).work;
            let Source::Cached(key) = work.source else { panic!("{work:?}") };
            counts[usize::try_from(key).unwrap()] += 1;
            assert_eq!(work.steps, 0);
        }
        for got in counts {
            oracle::assert_count(got, count, 0.25);
        }
    }
}
