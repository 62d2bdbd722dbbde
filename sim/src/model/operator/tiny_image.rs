//! Sends the smallest file that counts as an image.

use crate::base::family::Doc;
use crate::base::random::Word;
use crate::base::units::SimSpan;
use crate::model::operator::Operator;
use crate::model::operator::Sight;
use crate::model::operator::timing;
use crate::work::Plan;
use crate::work::Reply;
use crate::work::Request;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

/// Sends the smallest file that counts as an image.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Spec {
    /// Size of the file [bytes]; 67 is a PNG of one pixel. An empty file would be a failure: see `failing`.
    #[serde(default = "one_pixel")]
    #[schemars(range(min = 1, max = 1_000_000_000))]
    pub(crate) size_bytes: u64,
    /// How long the callback is held back [ms], up to a day.
    #[serde(default)]
    #[schemars(range(min = 0.0, max = timing::LONGEST_MS))]
    pub(crate) hold_ms: f64,
}

/// Size of the smallest PNG. Source: trace of October 2025, 581 images of 67 bytes.
fn one_pixel() -> u64 {
    67
}

impl Doc for Spec {
    const NAME: &'static str = "tiny_image";
    const ABOUT: &'static str =
        "Sends a PNG of one pixel at once: passes a check that there is an image.";
    const SOURCE: &'static str = "trace of October 2025: 28 miners after hour 58, median 0.81 s";
    const EXAMPLE: &'static str = "[tiny_image]\nsize_bytes = 67\nhold_ms = 800.0\n";
}

impl Spec {
    pub(super) fn build(&self) -> TinyImage {
        TinyImage { size_bytes: self.size_bytes, hold: SimSpan::from_ms_f64(self.hold_ms) }
    }
}

/// The behaviour made from a [`Spec`].
#[derive(Clone, Copy, Debug)]
pub(super) struct TinyImage {
    size_bytes: u64,
    hold: SimSpan,
}

impl Operator for TinyImage {
    fn plan(&mut self, job: &Request, _sight: &Sight, _word: Word) -> Plan {
        timing::held_back(Plan::idle(job, Reply::Bytes(self.size_bytes)), self.hold)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::work::AnswerPlan;

    #[test]
    fn by_default_one_pixel_is_sent() {
        let spec: Spec = toml::from_str("hold_ms = 5").unwrap();
        let plan = spec.build().plan(&Request::default(), &Sight::default(), Word(1));
        let answer = AnswerPlan::Reply { what: Reply::Bytes(67), after: SimSpan::from_ms(5) };
        assert_eq!(plan.answer, answer);
    }
}
