//! Checks that a schema cannot express: names used twice, references to nothing, keys that exclude each other.

use crate::base::family::MemberProblem;
use crate::config::cohort::Cohort;
use crate::config::file::KindSettings;
use crate::config::file::ScenarioFile;
use crate::config::limits;
use crate::config::problem::Diagnostic;
use crate::config::tree::Node;
use crate::config::tree::Value;
use crate::metrics::Names;
use crate::miner::MINERS_MAX;
use crate::property;
use assay_chain::PendingRule;
use assay_chain::Runtime;
use std::collections::BTreeSet;

/// Most clients of one scenario: each is looked at whenever the next event is sought.
const CLIENTS_MAX: usize = 64;
/// Most kinds of job: a kind is a bit of a miner's offer.
const KINDS_MAX: usize = 64;
/// Most validators. Source: chain.md section 8, 64 permits.
const VALIDATORS_MAX: usize = 64;

/// Everything about `scenario` that cannot work; `tree` tells the places.
pub(crate) fn troubles(scenario: &ScenarioFile, tree: &Node) -> Vec<Diagnostic> {
    let mut check = RangeCheck { tree, troubles: Vec::new() };
    check.families(scenario);
    check.counts(scenario);
    check.names(scenario);
    check.windows(scenario);
    check.kinds(scenario);
    check.uids(scenario);
    check.run(scenario);
    check.limits(scenario);
    check.offers(scenario);
    check.properties(scenario);
    check.troubles
}

struct RangeCheck<'t> {
    tree: &'t Node,
    troubles: Vec<Diagnostic>,
}

impl RangeCheck<'_> {
    /// Reports `text` at the deepest part of `path` that the file has.
    fn report(&mut self, path: &str, text: String) {
        let mut node = self.tree;
        for step in path.split('.') {
            let next = match &node.value {
                Value::Array(items) => items
                    .iter()
                    .find(|n| n.get("name").and_then(Node::text) == Some(step))
                    .or_else(|| step.parse().ok().and_then(|i: usize| items.get(i))),
                _ => node.get(step),
            };
            match next {
                Some(inner) => node = inner,
                None => break,
            }
        }
        self.troubles.push(Diagnostic { place: node.place.clone(), key: path.to_string(), text });
    }

    fn found(&mut self, path: &str, problems: Vec<MemberProblem>) {
        for problem in problems {
            let problem = problem.under(path);
            let text = format!("is {}, allowed: {}", problem.value, problem.allowed);
            self.report(&problem.key, text);
        }
    }

    /// What is too much together; each key is a whole path.
    fn limits(&mut self, scenario: &ScenarioFile) {
        for problem in limits::problems(scenario) {
            let text = format!("is {}, allowed: {}", problem.value, problem.allowed);
            self.report(&problem.key, text);
        }
    }

    fn families(&mut self, scenario: &ScenarioFile) {
        self.found("router", scenario.router.check());
        self.found("replay", crate::config::replay::problems(scenario));
        if let Some(scoring) = &scenario.orchestrator.scoring {
            self.found("orchestrator.scoring", scoring.check());
        }
        self.found("validators.weighting", scenario.validators.weighting.check());
        for client in &scenario.client {
            self.found(&format!("client.{}.arrivals", client.name), client.arrivals.check());
        }
        for cohort in &scenario.cohort {
            let path = format!("cohort.{}", cohort.name);
            self.found(&format!("{path}.service"), cohort.service.check());
            for (key, law) in [("ack", &cohort.ack), ("transfer", &cohort.transfer)] {
                if let Some(law) = law {
                    self.found(&format!("{path}.{key}"), law.check());
                }
            }
            self.found(&format!("{path}.behaviour"), cohort.behaviour.check());
            for (place, single) in cohort.miner.iter().enumerate() {
                if let Some(behaviour) = &single.behaviour {
                    self.found(&format!("{path}.miner.{place}.behaviour"), behaviour.check());
                }
            }
            if cohort.image.bytes_min > cohort.image.bytes_max {
                let text = format!("is above bytes_max {}", cohort.image.bytes_max);
                self.report(&format!("{path}.image.bytes_min"), text);
            }
        }
    }

    fn counts(&mut self, scenario: &ScenarioFile) {
        let miners: usize = scenario.cohort.iter().map(Cohort::size).sum();
        if miners == 0 && scenario.replay.is_none() {
            let text = "there are no miners, allowed: at least one [[cohort]] with count or miner";
            self.report("cohort", text.to_string());
        }
        if scenario.client.is_empty() && scenario.replay.is_none() {
            let text = "nobody asks for images, allowed: at least one [[client]]";
            self.report("client", text.to_string());
        }
        let validators = scenario.validator.iter().map(|v| to_usize(v.count)).sum::<usize>().max(1);
        let room = usize::from(scenario.chain.uids).saturating_sub(1 + validators).min(MINERS_MAX);
        if miners > room {
            let text = format!(
                "there are {miners} miners, allowed: at most {room} beside owner and validators"
            );
            self.report("cohort", text);
        }
        for (key, count, most) in [
            ("client", scenario.client.len(), CLIENTS_MAX),
            ("kind", scenario.kind.len(), KINDS_MAX),
            ("validator", validators, VALIDATORS_MAX),
        ] {
            if count > most {
                self.report(key, format!("there are {count}, allowed: at most {most}"));
            }
        }
        for cohort in &scenario.cohort {
            if cohort.size() == 0 {
                let path = format!("cohort.{}.count", cohort.name);
                self.report(&path, "is 0, allowed: from 1, or single miners listed".to_string());
            }
            if cohort.count > 0 && cohort.miner.len() > to_usize(cohort.count) {
                let text = format!(
                    "lists {} miners, allowed: at most count {}",
                    cohort.miner.len(),
                    cohort.count
                );
                self.report(&format!("cohort.{}.miner", cohort.name), text);
            }
        }
    }

    fn names(&mut self, scenario: &ScenarioFile) {
        let clients = scenario.client.iter().map(|c| ("client", c.name.clone()));
        let kinds = scenario.kind.iter().map(|k| ("kind", k.name.clone()));
        let cohorts = scenario.cohort.iter().map(|c| ("cohort", c.name.clone()));
        let validators = scenario.validator.iter().map(|v| ("validator", v.name.clone()));
        let miners = scenario.cohort.iter().flat_map(Cohort::names).map(|name| ("cohort", name));
        let groups: [Vec<(&str, String)>; 5] = [
            clients.collect(),
            kinds.collect(),
            cohorts.collect(),
            validators.collect(),
            miners.collect(),
        ];
        for group in groups {
            let mut seen = BTreeSet::new();
            for (key, name) in group {
                if name.is_empty() || name.chars().any(char::is_control) {
                    self.report(key, format!("a name is {name:?}, allowed: printable text"));
                }
                if !seen.insert(name.clone()) {
                    self.report(&format!("{key}.{name}"), "the name is taken twice".to_string());
                }
            }
        }
    }

    fn windows(&mut self, scenario: &ScenarioFile) {
        let mut window = |path: String, from: f64, until: f64| {
            if until > 0.0 && until <= from {
                self.report(&path, format!("is {until}, allowed: above from_h {from}, or 0"));
            }
        };
        for client in &scenario.client {
            window(format!("client.{}.until_h", client.name), client.from_h, client.until_h);
        }
        for cohort in &scenario.cohort {
            for (place, single) in cohort.miner.iter().enumerate() {
                let from = single.from_h.unwrap_or(cohort.from_h);
                let until = single.until_h.unwrap_or(cohort.until_h);
                window(format!("cohort.{}.miner.{place}.until_h", cohort.name), from, until);
            }
            window(format!("cohort.{}.until_h", cohort.name), cohort.from_h, cohort.until_h);
        }
    }

    fn kinds(&mut self, scenario: &ScenarioFile) {
        let known: Vec<_> = scenario.kind.iter().map(|k| k.name.as_str()).collect();
        for client in &scenario.client {
            for name in client.kinds.iter().filter(|name| !known.contains(&name.as_str())) {
                let text = format!("{name} is no kind; there are: {}", known.join(", "));
                self.report(&format!("client.{}.kinds", client.name), text);
            }
        }
        let weight: f64 = scenario.kind.iter().map(|k| k.weight).sum();
        if !scenario.kind.is_empty() && weight <= 0.0 {
            self.report("kind", "all weights are 0, allowed: at least one above 0".to_string());
        }
    }

    fn offers(&mut self, scenario: &ScenarioFile) {
        let known: Vec<_> = match scenario.kind.as_slice() {
            [] => vec![KindSettings::default().name],
            some => some.iter().map(|k| k.name.clone()).collect(),
        };
        for cohort in &scenario.cohort {
            let mut seen = BTreeSet::new();
            for (place, offer) in cohort.offer.iter().enumerate() {
                let path = format!("cohort.{}.offer.{place}", cohort.name);
                if !known.contains(&offer.kind) {
                    let text =
                        format!("{} is no kind; there are: {}", offer.kind, known.join(", "));
                    self.report(&path, text);
                }
                if !seen.insert(&offer.kind) {
                    self.report(&path, format!("offers {} twice", offer.kind));
                }
                if let Some(law) = &offer.service {
                    self.found(&format!("{path}.service"), law.check());
                }
            }
        }
    }

    fn properties(&mut self, scenario: &ScenarioFile) {
        self.found("property", property::check_all(&scenario.property));
        let sorted = |names: BTreeSet<String>| names.into_iter().collect::<Vec<_>>();
        let cohorts = || scenario.cohort.iter();
        let names = Names {
            miners: cohorts().flat_map(Cohort::names).collect(),
            classes: sorted(cohorts().map(|c| c.class_name().to_string()).collect()),
            operators: sorted(cohorts().map(|c| c.operator_name().to_string()).collect()),
            coldkeys: Vec::new(),
        };
        for (place, property) in scenario.property.iter().enumerate() {
            self.found(&format!("property.{place}.over"), property.over.check(&names));
        }
    }

    fn uids(&mut self, scenario: &ScenarioFile) {
        let chain = &scenario.chain;
        if chain.owner_uid >= chain.uids {
            let text = format!("is {}, allowed: below chain.uids {}", chain.owner_uid, chain.uids);
            self.report("chain.owner_uid", text);
        }
        let mut taken = BTreeSet::from([chain.owner_uid]);
        for cohort in &scenario.cohort {
            for (place, single) in cohort.miner.iter().enumerate() {
                let Some(uid) = single.uid else { continue };
                if uid >= chain.uids || !taken.insert(uid) {
                    let path = format!("cohort.{}.miner.{place}.uid", cohort.name);
                    let text = format!("is {uid}, allowed: a free uid below {}", chain.uids);
                    self.report(&path, text);
                }
            }
        }
    }

    fn run(&mut self, scenario: &ScenarioFile) {
        let run = &scenario.run;
        if run.warm_up_epochs >= run.epochs {
            let text = format!("is {}, allowed: below epochs {}", run.warm_up_epochs, run.epochs);
            self.report("run.warm_up_epochs", text);
        }
        let validators = &scenario.validators;
        if validators.open_min >= validators.window_min {
            let text = format!(
                "is {}, allowed: below window_min {}",
                validators.open_min, validators.window_min
            );
            self.report("validators.open_min", text);
        }
        self.chain(scenario);
    }

    fn chain(&mut self, scenario: &ScenarioFile) {
        let chain = &scenario.chain;
        if chain.alpha_low > chain.alpha_high {
            let text = format!("is {}, allowed: up to alpha_high", chain.alpha_low);
            self.report("chain.alpha_low", text);
        }
        let (low, high) = (chain.registration.burn_min_rao, chain.registration.burn_max_rao);
        if low > high {
            let text = format!("is {low}, allowed: up to burn_max_rao {high}");
            self.report("chain.registration.burn_min_rao", text);
        }
        if let Err(unknown) = Runtime::of(chain.runtime) {
            self.report("chain.runtime", format!("is not specified: {unknown}"));
            return;
        }
        if chain.root_prop > 0.0 && chain.rules().pending == PendingRule::Two {
            let text = format!(
                "is {}, allowed: 0 before chain.runtime 343, which sold root's part for TAO",
                chain.root_prop
            );
            self.report("chain.root_prop", text);
        }
        let (epochs, most) = (u64::from(scenario.run.epochs), chain.epochs_max());
        if epochs > most {
            let text = format!(
                "is {epochs}, allowed: up to {most} at chain.tempo {}: a run's end is told in nanoseconds",
                chain.tempo
            );
            self.report("run.epochs", text);
        }
    }
}

fn to_usize(count: u32) -> usize {
    usize::try_from(count).expect("a usize has 32 bits or more")
}
