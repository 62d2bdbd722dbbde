//! Members of a family from outside this crate, in the place of those that the scenario names.

use crate::base::family::Own;
use crate::base::family::Used;
use crate::model::latency::Distribution;
use crate::model::operator::Operator;
use crate::model::router::Router;
use crate::scenario::Miner;
use crate::scenario::Scenario;
use crate::simulation::error::Error;
use std::sync::Arc;
use xxhash_rust::xxh3::xxh3_128;

/// A member brought by the caller, and whose it is.
#[derive(Clone, Debug)]
pub(super) enum OwnMember {
    /// A router in the place of the orchestrator's own.
    Router(Own<dyn Router>),
    /// What the operators of a cohort do.
    Operator(String, Own<dyn Operator>),
    /// The service times of a cohort, and their name.
    Service(String, (String, Arc<dyn Distribution>)),
}

impl OwnMember {
    /// Puts the member in its place, in the scenario and in all stretches of its schedule.
    ///
    /// # Errors
    /// When the scenario has no cohort of the name.
    pub(super) fn apply(&self, scenario: &mut Scenario) -> Result<(), Error> {
        let cohort = self.cohort().map(|name| place(scenario, name)).transpose()?;
        self.put(scenario, cohort);
        for (_, stretch) in &mut scenario.phases {
            self.put(stretch, cohort);
        }
        Ok(())
    }

    fn cohort(&self) -> Option<&str> {
        match self {
            Self::Router(_) => None,
            Self::Operator(cohort, _) | Self::Service(cohort, _) => Some(cohort),
        }
    }

    fn put(&self, scenario: &mut Scenario, cohort: Option<usize>) {
        let (key, name) = match self {
            Self::Router(own) => {
                scenario.router = Used::Own(own.clone());
                ("router", own.name())
            }
            Self::Operator(_, own) => {
                for miner in members(scenario, cohort) {
                    miner.behaviour = Used::Own(own.clone());
                }
                ("behaviour", own.name())
            }
            Self::Service(_, (name, law)) => {
                for miner in members(scenario, cohort) {
                    miner.service = law.clone();
                    miner.by_kind.clear();
                }
                ("service", name.as_str())
            }
        };
        rename(scenario, cohort, (key, name));
    }
}

fn members(scenario: &mut Scenario, cohort: Option<usize>) -> impl Iterator<Item = &mut Miner> {
    scenario.miners.iter_mut().filter(move |miner| Some(miner.cohort) == cohort)
}

fn place(scenario: &Scenario, cohort: &str) -> Result<usize, Error> {
    let found = scenario.cohorts.iter().position(|own| own == cohort);
    found.ok_or_else(|| {
        let known = scenario.cohorts.join(", ");
        Error::Input(format!("there is no cohort {cohort}; there are: {known}"))
    })
}

/// What the scenario claims to be names the member: nobody who lacks it can take the results for the file's own, nor a
/// recording for one of the file's.
fn rename(scenario: &mut Scenario, cohort: Option<usize>, (key, name): (&str, &str)) {
    let mut text: toml::Table = toml::from_str(&scenario.text).expect("it was written as TOML");
    let table = match cohort {
        None => Some(&mut text),
        Some(place) => text
            .get_mut("cohort")
            .and_then(|cohorts| cohorts.get_mut(place))
            .and_then(toml::Value::as_table_mut),
    };
    let member = toml::Table::from_iter([(name.to_string(), toml::Table::new().into())]);
    table.expect("every cohort stands in the text").insert(key.to_string(), member.into());
    scenario.text = toml::to_string(&text).expect("a TOML table can be written");
    let asked = format!("{} {cohort:?} {key} {name}", scenario.asked);
    scenario.asked = format!("{:032x}", xxh3_128(asked.as_bytes()));
}
