//! What can stand in a scenario, and where a first one comes from.

use crate::base::family::Entry;
use crate::base::reading;
use crate::config;
use crate::metrics::MetricSpec;
use crate::model::arrivals::ArrivalsSpec;
use crate::model::latency::DistributionSpec;
use crate::model::operator::OperatorSpec;
use crate::model::router::RouterSpec;
use crate::model::scoring::ScoringSpec;
use crate::model::weighting::WeightingSpec;
use crate::simulation::error::Error;
use crate::trace;
use serde_json::Value;
use std::path::Path;

/// A family of interchangeable members.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Family {
    /// Name of the family, as `assay list` shows it.
    pub name: &'static str,
    /// Where its members stand in a scenario.
    pub place: &'static str,
    /// Its members, in the order of registration.
    pub members: &'static [Entry],
    /// Name of the family's type in the schema.
    pub(super) definition: &'static str,
}

/// Every family that a scenario chooses from.
pub const FAMILIES: &[Family] = &[
    Family {
        name: "arrivals",
        place: "client.arrivals",
        members: ArrivalsSpec::ALL,
        definition: "ArrivalsSpec",
    },
    Family {
        name: "latency",
        place: "cohort.service, cohort.ack, cohort.transfer",
        members: DistributionSpec::ALL,
        definition: "DistributionSpec",
    },
    Family {
        name: "behaviour",
        place: "cohort.behaviour",
        members: OperatorSpec::ALL,
        definition: "OperatorSpec",
    },
    Family { name: "router", place: "router", members: RouterSpec::ALL, definition: "RouterSpec" },
    Family {
        name: "scoring",
        place: "orchestrator.scoring",
        members: ScoringSpec::ALL,
        definition: "ScoringSpec",
    },
    Family {
        name: "weighting",
        place: "validators.weighting",
        members: WeightingSpec::ALL,
        definition: "WeightingSpec",
    },
    Family {
        name: "metrics",
        place: "property.quantity; metrics.csv prints some",
        members: MetricSpec::ALL,
        definition: "MetricSpec",
    },
];

/// A commented first scenario, as TOML.
pub const FIRST_SCENARIO: &str = include_str!("first_scenario.toml");

/// A question that a first scenario can ask in place of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Question {
    /// Name of the question, as `init --question` takes it.
    pub name: &'static str,
    /// The verb that answers it.
    pub verb: &'static str,
    /// The first line, the question, and below it what the first scenario lacks.
    text: &'static str,
}

/// Every question that a first scenario can ask.
pub const QUESTIONS: &[Question] = &[
    Question { name: "fairness", verb: "check", text: include_str!("questions/fairness.toml") },
    Question { name: "router", verb: "sweep", text: include_str!("questions/router.toml") },
    Question { name: "sweep", verb: "sweep", text: include_str!("questions/sweep.toml") },
    Question { name: "audit", verb: "sweep", text: include_str!("questions/audit.toml") },
];

impl Question {
    /// The first scenario as it asks this question.
    #[must_use]
    pub fn scenario(&self) -> String {
        let body = FIRST_SCENARIO.split_once('\n').map_or("", |(_, body)| body);
        let (question, more) = self.text.split_once('\n').unwrap_or((self.text, ""));
        format!("{question}\n{body}{more}")
    }
}
/// Largest snapshot read [bytes].
const SNAPSHOT_BYTES_MAX: u64 = 16 << 20;

/// The JSON Schema of scenario files.
#[must_use]
pub fn schema() -> Value {
    config::file_schema()
}

/// A scenario, as TOML, whose cohorts are the neurons of a metagraph snapshot (CSV or JSON as btcli writes it), but for
/// the one at `owner_uid`.
///
/// # Errors
/// When the file cannot be read, or what stands in it is no snapshot.
pub fn snapshot_scenario(snapshot: &Path, owner_uid: Option<u16>) -> Result<String, Error> {
    let named = |text: String| Error::Input(text).at(&snapshot.display().to_string());
    let text =
        reading::text(snapshot, SNAPSHOT_BYTES_MAX).map_err(|error| named(error.to_string()))?;
    let name = snapshot.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let name: String = name.chars().filter(|c| !c.is_control()).collect();
    let made = trace::metagraph_scenario(&name, &text, owner_uid).map_err(named)?;
    let read = config::load_kept(&name, &made);
    read.map_err(|troubles| Error::from(troubles).at("the snapshot makes no scenario"))?;
    Ok(made)
}

/// What had to be guessed for a snapshot's scenario, in words.
pub fn snapshot_guesses(scenario: &str) -> impl Iterator<Item = &str> {
    scenario.lines().filter_map(|line| line.strip_prefix(trace::METAGRAPH_GUESS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn families_have_names_and_places_of_their_own() {
        let names: std::collections::BTreeSet<_> = FAMILIES.iter().map(|f| f.name).collect();
        assert_eq!(names.len(), FAMILIES.len());
        assert!(FAMILIES.iter().all(|family| !family.members.is_empty()));
    }
}
