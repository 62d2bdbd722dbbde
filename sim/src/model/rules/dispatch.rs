//! How a request is sent to a miner. Source: spec/offchain.md section 2.

use crate::base::units::SimSpan;
use crate::model::rules::is_kontext;

/// How requests are sent, whatever their type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct DispatchRules {
    /// Longest wait for a miner's answer.
    pub(crate) timeout: SimSpan,
    /// Longest wait for a miner's answer to an image edit by its own type name.
    pub(crate) timeout_edit: SimSpan,
    /// Whether image edits go to a path of their own.
    pub(crate) edits_apart: bool,
    /// Most steps asked of an image edit; none where there is no limit.
    pub(crate) edit_steps_max: Option<u32>,
}

/// How a request of some type is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Dispatch {
    /// Longest wait for the miner's answer.
    pub(crate) timeout: SimSpan,
    /// Path below the miner's address.
    pub(crate) path: &'static str,
    /// Most steps asked for; none where there is no limit.
    pub(crate) steps_max: Option<u32>,
}

impl Dispatch {
    /// Steps really asked for when a client asks for `steps`.
    pub(crate) fn steps(self, steps: u32) -> u32 {
        self.steps_max.map_or(steps, |most| steps.min(most))
    }
}

impl DispatchRules {
    /// How a request of type `job_type` is sent.
    pub(crate) fn sent(self, job_type: &str) -> Dispatch {
        let is_edit = is_kontext(job_type);
        let waits_long = job_type.to_lowercase().contains("img-h100");
        Dispatch {
            timeout: if waits_long { self.timeout_edit } else { self.timeout },
            path: if is_edit && self.edits_apart { "/edit" } else { "/inference" },
            steps_max: self.edit_steps_max.filter(|_| is_edit),
        }
    }

    /// The same rules with one time-out for all.
    #[must_use]
    pub(crate) fn with_timeout(self, timeout: SimSpan) -> Self {
        Self { timeout, timeout_edit: timeout, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::rules::OrchestratorRules;
    use crate::model::rules::Version;

    #[test]
    fn head_gives_an_image_edit_a_minute_a_path_and_ten_steps() {
        let edit = OrchestratorRules::of(Version::Head).dispatch.sent("img-h100_pcie");
        assert_eq!((edit.timeout, edit.path), (SimSpan::from_ms(60_000), "/edit"));
        assert_eq!((edit.steps(60), edit.steps(4)), (10, 4));
        let lora = OrchestratorRules::of(Version::Head).dispatch.sent("lora");
        assert_eq!((lora.timeout, lora.path), (SimSpan::from_ms(20_000), "/inference"));
        assert_eq!(lora.steps(60), 60);
    }

    #[test]
    fn an_image_edit_by_another_name_has_the_path_but_not_the_minute() {
        let edit = OrchestratorRules::of(Version::Head).dispatch.sent("flux_kontext");
        assert_eq!((edit.timeout, edit.path), (SimSpan::from_ms(20_000), "/edit"));
        assert_eq!(edit.steps(60), 10);
    }

    #[test]
    fn the_first_versions_wait_fifteen_seconds_for_everybody() {
        for job_type in ["generate", "img-h100_pcie"] {
            let first = OrchestratorRules::of(Version::V001).dispatch.sent(job_type);
            assert_eq!((first.timeout, first.path), (SimSpan::from_ms(15_000), "/inference"));
            assert_eq!(first.steps(60), 60);
        }
    }
}
