//! The keys that decide which work miners are asked to do. A recording can be replayed under every scenario that has the
//! same values of them, whatever its other keys are.

use crate::config::age;
use crate::config::file::ScenarioFile;
use crate::miner::ImageSize;
use crate::miner::Speed;
use crate::model::latency;
use crate::model::latency::DistributionSpec;
use crate::model::rules::Version;
use xxhash_rust::xxh3::xxh3_128;

/// Versions that differ in their scores alone: where a scenario names its scoring, they ask the same work, and the hash is
/// that of the first. Should a score run of theirs come to differ after all, the digest tells, which a replay compares.
const SCORED_ALIKE: [Version; 3] = [Version::V001, Version::Repeatable, Version::Lookback];

/// The hash of `scenario` without what a backend decides in its place (times, speeds and sizes of images), and without
/// what is claimed about runs and how many there are; 32 hexadecimal digits.
pub(crate) fn asked_hash(scenario: &ScenarioFile) -> String {
    let mut asked = scenario.clone();
    asked.run.replications = 1;
    asked.run.first_replication = 0;
    asked.property.clear();
    asked.sweep = None;
    for cohort in &mut asked.cohort {
        cohort.service = nothing();
        cohort.speed = Speed::default();
        cohort.image = ImageSize::default();
        cohort.batch = 1;
        for offer in &mut cohort.offer {
            offer.service = None;
            offer.speed = None;
        }
        for single in &mut cohort.miner {
            single.speed_factor = None;
        }
    }
    let version = &mut asked.orchestrator.version;
    if asked.orchestrator.scoring.is_some() && SCORED_ALIKE.contains(version) {
        *version = Version::V001;
    }
    if let Some(audit) = &mut asked.orchestrator.audit {
        audit.rerun_ms = 0.0;
    }
    format!("{:032x}", xxh3_128(age::hashed_text(&asked).as_bytes()))
}

/// A law that stands for any.
fn nothing() -> DistributionSpec {
    latency::measured(vec![0.0])
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "
[run]
seed = 3
[[client]]
name = \"c\"
arrivals.poisson.rate_per_h = 10.0
[[cohort]]
name = \"a\"
service.constant.value_ms = 3.0
";

    fn hash(change: (&str, &str)) -> String {
        let text = TEXT.replace(change.0, change.1);
        assert!(change.0.is_empty() || text != TEXT);
        asked_hash(&toml::from_str(&text).unwrap())
    }

    #[test]
    fn versions_that_score_alike_by_a_scoring_of_the_scenarios_own_ask_the_same() {
        let with = |version: &str, scoring: &str| {
            let orchestrator = format!("[orchestrator]\nversion = {version:?}\n{scoring}");
            hash(("[[client]]", &format!("{orchestrator}\n[[client]]")))
        };
        let own = "scoring.v001.latency_max_ms = 64.0";
        for version in ["2bd4f1b", "1f6be52"] {
            assert_eq!(with(version, own), with("v001", own), "{version}");
            assert_ne!(with(version, ""), with("v001", ""), "{version} has a scoring of its own");
        }
        for version in ["early", "4e3342b", "head"] {
            assert_ne!(with(version, own), with("v001", own), "{version}");
        }
    }

    #[test]
    fn what_a_backend_decides_does_not_count_and_what_it_is_asked_does() {
        let base = hash(("", ""));
        for same in [
            ("value_ms = 3.0", "value_ms = 4.0"),
            ("seed = 3", "seed = 3\nreplications = 7"),
            ("value_ms = 3.0", "value_ms = 3.0\nspeed.factor = 2.0\nbatch = 3"),
        ] {
            assert_eq!(hash(same), base, "{same:?}");
        }
        for other in [
            ("seed = 3", "seed = 4"),
            ("rate_per_h = 10.0", "rate_per_h = 11.0"),
            ("value_ms = 3.0", "value_ms = 3.0\nbehaviour.no_image = {}"),
            ("value_ms = 3.0", "value_ms = 3.0\nstake_alpha = 5.0"),
        ] {
            assert_ne!(hash(other), base, "{other:?}");
        }
    }
}
