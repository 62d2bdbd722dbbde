//! Which rules hold, with their dates: orchestrator, router, scores, weights, chain, and what changes in the course of the run.

use crate::base::family::Told;
use crate::base::family::Used;
use crate::base::wording;
use crate::config::ScenarioFile;
use crate::config::ScheduledChange;
use crate::model::rules::published;
use crate::model::weighting::WeightingSpec;
use crate::report::in_words::MS;
use crate::scenario::Scenario;

/// When the rules of a runtime of the chain came. Source: spec/chain.md section 0.1, for every version listed there with a date.
const RUNTIMES: [(u16, &str); 10] = [
    (326, "7 October 2025"),
    (343, "7 November 2025"),
    (365, "19 December 2025"),
    (401, "23 April 2026"),
    (411, "27 May 2026"),
    (423, "25 June 2026"),
    (425, "30 June 2026"),
    (437, "22 July 2026"),
    (442, "4 August 2026"),
    (446, "12 August 2026"),
];

/// A sentence a rule.
pub(super) fn sentences(file: &ScenarioFile, scenario: &Scenario) -> Vec<String> {
    let mut lines = vec![orchestrator(file, scenario)];
    lines.push(match &scenario.router {
        Used::Named(spec) => format!("Router: {}.", spec.told()),
        Used::Own(own) => format!("Router: {}, the caller's own.", own.name()),
    });
    lines.push(format!("Scores: {}.", scenario.orchestrator.rules.scoring.told()));
    let weighting = &scenario.validating.weighting;
    let published = match published(weighting) {
        Some((commit, day)) => format!("; as validators did from commit {commit} ({day}) on"),
        None => "; as no published validator did".to_string(),
    };
    lines.push(format!("Weights: {}{published}.", weighting.told()));
    lines.extend(place_in_words(weighting, scenario.chain.uids));
    if let Some(audit) = &scenario.orchestrator.audit {
        lines.push(format!(
            "Audits: {} of the finished requests are repeated on a trusted miner, and whose image differs is banned.",
            wording::percent(audit.share)
        ));
    }
    lines.push(chain(scenario));
    lines.extend(file.schedule.iter().map(change));
    lines
}

fn orchestrator(file: &ScenarioFile, scenario: &Scenario) -> String {
    let version = file.orchestrator.version;
    let name = serde_json::to_value(version).unwrap_or_default();
    let every = |period: crate::scenario::Period| wording::span(period.every.seconds() * MS);
    format!(
        "Orchestrator: version {} ({}); it scores every {} and looks who is up every {}.",
        name.as_str().unwrap_or_default(),
        version.published(),
        every(scenario.orchestrator.score_runs),
        every(scenario.orchestrator.health_checks)
    )
}

fn chain(scenario: &Scenario) -> String {
    let chain = &scenario.chain;
    let since = chain.rules().since;
    let date = RUNTIMES.iter().find(|(version, _)| *version == since).map(|(_, date)| *date);
    let date = date.map(|date| format!(" ({date})")).unwrap_or_default();
    format!(
        "Chain: {}{date}; an epoch every {} of 12 s, {}.",
        chain.runtime_in_words(),
        wording::count_of(chain.period(), "block"),
        if chain.commit_reveal {
            "weights committed and revealed later"
        } else {
            "weights set at once"
        }
    )
}

fn change(change: &ScheduledChange) -> String {
    let from = match (change.at_hour, change.at_epoch) {
        (_, Some(epoch)) => format!("epoch {epoch}"),
        (hour, None) => format!("hour {}", wording::figure(hour.unwrap_or(0.0))),
    };
    format!("From {from} on: {}.", change.set.join(", "))
}

/// What one place more is worth, where weights follow from ranks alone.
pub(crate) fn place_in_words(weighting: &WeightingSpec, uids: u16) -> Option<String> {
    /// Gains from here on are told as factors.
    const FACTOR_FROM: f64 = 10.0;
    let gain = weighting.build().place_gain(uids)?;
    let gain = match gain {
        gain if gain >= FACTOR_FROM => {
            format!("{} times the weight", wording::figure(rounded(gain + 1.0)))
        }
        gain => format!("{} of the weight", wording::percent(rounded(gain))),
    };
    Some(format!(
        "One place more among the {uids} uids is worth {gain}, however far apart the two scores are."
    ))
}

/// Two digits that count.
fn rounded(x: f64) -> f64 {
    format!("{x:.1e}").parse().unwrap_or(x)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::weighting::WinRateSpec;
    use assay_chain::Runtime;

    #[test]
    fn every_runtime_with_rules_of_its_own_has_a_date() {
        for rules in Runtime::LISTED {
            let own = RUNTIMES.iter().find(|(version, _)| *version == rules.since);
            assert!(own.is_some_and(|(_, date)| date.contains("202")), "{}", rules.since);
        }
    }

    /// exp(1 / (255 x 0.075)) = 1.0537; at a temperature of 1 it is 1.0039, at 0.001 it is 50.5.
    #[test]
    fn what_a_place_is_worth_follows_the_temperature() {
        let told = |temperature| {
            let spec = WinRateSpec { temperature, ..WinRateSpec::default() };
            place_in_words(&WeightingSpec::WinRate(spec), 256).unwrap()
        };
        assert!(told(0.075).contains("is worth 5.4 % of the weight"), "{}", told(0.075));
        assert!(told(1.0).contains("is worth 0.39 % of the weight"), "{}", told(1.0));
        assert!(told(0.001).contains("is worth 50 times the weight"), "{}", told(0.001));
        let proportional: WeightingSpec = toml::from_str("[proportional]\nexponent = 1.0").unwrap();
        assert_eq!(place_in_words(&proportional, 256), None);
    }
}
