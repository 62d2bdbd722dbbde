//! How a request is sent to a miner. Source: spec/offchain.md section 2.

use crate::base::units::SimSpan;
use crate::model::rules::Version;
use crate::model::rules::is_kontext;

/// Wait for a miner's answer [ms]. Source: orchestrator b164b3e.
const TIMEOUT_FIRST_MS: u64 = 15_000;
/// Wait for a miner's answer [ms]. Source: orchestrator 4dbc66b.
const TIMEOUT_MS: u64 = 20_000;
/// Wait for a miner's answer to an image edit [ms]. Source: orchestrator 4dbc66b.
const TIMEOUT_EDIT_MS: u64 = 60_000;
/// Most steps asked of an image edit. Source: orchestrator 44a4866, `TEMP_OVERRIDE_STEPS`.
const EDIT_STEPS_MAX: u32 = 10;

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

/// How a version sends a request of type `job_type`.
pub(crate) fn dispatch(version: Version, job_type: &str) -> Dispatch {
    if version < Version::Limited {
        let timeout = SimSpan::from_ms(TIMEOUT_FIRST_MS);
        return Dispatch { timeout, path: "/inference", steps_max: None };
    }
    let is_edit = is_kontext(job_type);
    let waits_long = job_type.to_lowercase().contains("img-h100");
    Dispatch {
        timeout: SimSpan::from_ms(if waits_long { TIMEOUT_EDIT_MS } else { TIMEOUT_MS }),
        path: if is_edit { "/edit" } else { "/inference" },
        steps_max: (is_edit && version >= Version::Head).then_some(EDIT_STEPS_MAX),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn head_gives_an_image_edit_a_minute_a_path_and_ten_steps() {
        let edit = dispatch(Version::Head, "img-h100_pcie");
        assert_eq!((edit.timeout, edit.path), (SimSpan::from_ms(60_000), "/edit"));
        assert_eq!((edit.steps(60), edit.steps(4)), (10, 4));
        let lora = dispatch(Version::Head, "lora");
        assert_eq!((lora.timeout, lora.path), (SimSpan::from_ms(20_000), "/inference"));
        assert_eq!(lora.steps(60), 60);
    }

    #[test]
    fn an_image_edit_by_another_name_has_the_path_but_not_the_minute() {
        let edit = dispatch(Version::Head, "flux_kontext");
        assert_eq!((edit.timeout, edit.path), (SimSpan::from_ms(20_000), "/edit"));
        assert_eq!(edit.steps(60), 10);
    }

    #[test]
    fn the_first_versions_wait_fifteen_seconds_for_everybody() {
        for job_type in ["generate", "img-h100_pcie"] {
            let first = dispatch(Version::V001, job_type);
            assert_eq!((first.timeout, first.path), (SimSpan::from_ms(15_000), "/inference"));
            assert_eq!(first.steps(60), 60);
        }
    }
}
