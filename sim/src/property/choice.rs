//! The miners over which a property's quantity is taken: by class, operator or name.

use crate::base::family::MemberProblem;
use crate::base::ids::MinerId;
use crate::metrics::Names;
use crate::metrics::RunSummary;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

/// Miners by class, operator or name: those in any of the lists; all when every list is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct MinerChoice {
    /// Names of the classes whose miners are chosen.
    pub(crate) classes: Vec<String>,
    /// Names of the operators whose miners are chosen.
    pub(crate) operators: Vec<String>,
    /// Names of the miners that are chosen.
    pub(crate) miners: Vec<String>,
}

impl MinerChoice {
    /// Whether all miners are meant.
    pub(crate) fn is_all(&self) -> bool {
        self.classes.is_empty() && self.operators.is_empty() && self.miners.is_empty()
    }

    /// The miners meant, in the scenario's order.
    pub(crate) fn of(&self, facts: &RunSummary) -> Vec<MinerId> {
        let names = &facts.names;
        let mut chosen = facts.all();
        if !self.is_all() {
            chosen.retain(|id| {
                let miner = &facts.miners[id.index()];
                self.classes.contains(&names.classes[miner.class.index()])
                    || self.operators.contains(&names.operators[miner.operator.index()])
                    || self.miners.contains(&names.miners[id.index()])
            });
        }
        chosen
    }

    /// Names that mean nothing in this scenario.
    pub(crate) fn check(&self, names: &Names) -> Vec<MemberProblem> {
        let mut problems = Vec::new();
        for (key, wanted, known) in [
            ("classes", &self.classes, &names.classes),
            ("operators", &self.operators, &names.operators),
            ("miners", &self.miners, &names.miners),
        ] {
            for name in wanted.iter().filter(|name| !known.contains(name)) {
                problems.push(MemberProblem::new(key, name, &one_of(known)));
            }
        }
        problems
    }
}

/// The names that are allowed, the first of them when there are many.
fn one_of(known: &[String]) -> String {
    const SHOWN: usize = 12;
    let mut text = known.iter().take(SHOWN).cloned().collect::<Vec<_>>().join(", ");
    if known.len() > SHOWN {
        text.push_str(", ...");
    }
    format!("one of: {text}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::ids::ClassId;
    use crate::base::ids::OperatorId;
    use crate::metrics::MinerSummary;
    use std::sync::Arc;

    fn facts() -> RunSummary {
        let named = |names: &[&str]| names.iter().map(ToString::to_string).collect();
        let miner = |class, operator| MinerSummary {
            class: ClassId(class),
            operator: OperatorId(operator),
            ..MinerSummary::default()
        };
        RunSummary {
            names: Arc::new(Names {
                miners: named(&["a", "b", "c", "d"]),
                classes: named(&["honest", "idle"]),
                operators: named(&["one", "two"]),
                coldkeys: Vec::new(),
            }),
            miners: vec![miner(0, 0), miner(1, 0), miner(0, 1), miner(1, 1)],
            ..RunSummary::default()
        }
    }

    fn choice(text: &str) -> MinerChoice {
        toml::from_str(text).unwrap()
    }

    #[test]
    fn no_list_means_all() {
        assert_eq!(choice("").of(&facts()).len(), 4);
    }

    #[test]
    fn lists_add_up_without_repeating() {
        let chosen = choice("classes = [\"honest\"]\noperators = [\"one\"]\nminers = [\"a\"]");
        assert_eq!(chosen.of(&facts()), [MinerId(0), MinerId(1), MinerId(2)]);
    }

    #[test]
    fn an_unknown_name_is_a_problem_that_says_what_is_known() {
        let problems = choice("miners = [\"a\", \"z\"]").check(&facts().names);
        assert_eq!(problems, [MemberProblem::new("miners", "z", "one of: a, b, c, d")]);
    }

    #[test]
    fn an_unknown_list_is_refused() {
        assert!(toml::from_str::<MinerChoice>("uids = [3]").is_err());
    }
}
