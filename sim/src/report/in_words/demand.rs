//! What is asked: clients, and the kinds of job.

use crate::base::family::Told;
use crate::base::units::SimTime;
use crate::base::wording;
use crate::report::in_words::HOUR_MS;
use crate::report::in_words::MS;
use crate::scenario::Client;
use crate::scenario::Kind;
use crate::scenario::Scenario;

/// A sentence a client, and one a kind of job.
pub(super) fn sentences(scenario: &Scenario) -> Vec<String> {
    if scenario.replay.is_some() {
        let told = "A recorded trace stands in place of clients and miners; `assay replay` scores and pays its jobs.";
        return vec![told.to_string()];
    }
    let clients = scenario.clients.iter().map(|own| client(own, scenario));
    clients.chain(scenario.kinds.iter().map(kind)).collect()
}

fn client(own: &Client, scenario: &Scenario) -> String {
    let hour = |time: SimTime| wording::figure(time.seconds() * MS / HOUR_MS);
    let arrivals = own.arrivals.told();
    // The law's name stands first; people read what it does.
    let (law, does) = arrivals.split_once(", ").unwrap_or(("", arrivals.as_str()));
    let mut parts = vec![format!("{does} ({law})")];
    if own.from > SimTime(0) {
        parts.push(format!("from hour {} on", hour(own.from)));
    }
    if own.until != SimTime::NEVER {
        parts.push(format!("until hour {}", hour(own.until)));
    }
    if own.limit > 0 {
        parts.push(format!("at most {}", wording::count_of(own.limit, "request")));
    }
    if own.kinds.len() < scenario.kinds.len() {
        let kinds = own.kinds.iter().map(|(kind, _)| scenario.kinds[kind.index()].name.clone());
        parts.push(format!("of {}", wording::listed(&kinds.collect::<Vec<_>>())));
    }
    format!("Client {}: {}.", own.name, parts.join("; "))
}

fn kind(kind: &Kind) -> String {
    format!(
        "A job `{}` has {}; answered later than {} after it was asked, it was of no use.",
        kind.name,
        wording::count_of(kind.steps.into(), "step"),
        wording::span(kind.time_limit.seconds() * MS)
    )
}
