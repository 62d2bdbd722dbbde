//! Who takes part: miners by cohort, validators.

use crate::base::family::Told;
use crate::base::units::SimTime;
use crate::base::wording;
use crate::config::Cohort;
use crate::config::ScenarioFile;
use crate::report::in_words::HOUR_MS;
use crate::report::in_words::MS;
use crate::scenario::Miner;
use crate::scenario::Scenario;

/// Nanoseconds of a millisecond.
const NS_PER_MS: f64 = 1e6;

/// All of them, then a sentence a cohort, then the validators.
pub(super) fn sentences(file: &ScenarioFile, scenario: &Scenario) -> Vec<String> {
    let mut lines = Vec::new();
    if !scenario.miners.is_empty() {
        lines.push(format!(
            "{} in {}, run by {}, with {} alpha of stake in all.",
            wording::count(scenario.miners.len(), "miner"),
            wording::count(scenario.classes.len(), "class"),
            wording::count(scenario.operators.len(), "operator"),
            wording::figure(stakes(scenario.miners.iter()).sum())
        ));
    }
    let cohorts = file.cohort.iter().enumerate();
    lines.extend(cohorts.map(|(place, own)| cohort(place, own, scenario)));
    let stakes = scenario.validators.iter().map(|validator| validator.stake.tokens());
    lines.extend(wording::range(stakes).map(|stake| {
        let count = wording::count(scenario.validators.len(), "validator");
        let each = if scenario.validators.len() == 1 { "" } else { " each" };
        format!("{count} with {stake} alpha{each}.")
    }));
    lines
}

fn stakes<'m>(miners: impl Iterator<Item = &'m Miner>) -> impl Iterator<Item = f64> {
    miners.map(|miner| miner.stake.tokens())
}

/// A cohort: its class and operator where they are not its name, how many, stakes, times, what sets it apart.
fn cohort(place: usize, own: &Cohort, scenario: &Scenario) -> String {
    let members: Vec<&Miner> = scenario.miners.iter().filter(|m| m.cohort == place).collect();
    let mut names = Vec::new();
    if own.class_name() != own.name {
        names.push(format!("class {}", own.class_name()));
    }
    if own.operator_name() != own.name {
        names.push(format!("operator {}", own.operator_name()));
    }
    let names = if names.is_empty() { String::new() } else { format!(" ({})", names.join(", ")) };
    let mut parts = vec![stake(&members), service(own, &members)];
    parts.extend(terms(own, &members));
    let count = wording::count(members.len(), "miner");
    format!("Cohort {}{names}: {count} {}.", own.name, parts.join("; "))
}

/// How much stake each has, and together where they differ.
fn stake(members: &[&Miner]) -> String {
    let stakes = || stakes(members.iter().copied());
    let each = if members.len() == 1 { "" } else { " each" };
    let range = wording::range(stakes()).unwrap_or_default();
    match range.as_str() {
        "0" => "without stake".to_string(),
        one if !one.contains(" to ") => format!("with {one} alpha{each}"),
        range => {
            format!("with {range} alpha{each}, {} in all", wording::figure(stakes().sum()))
        }
    }
}

/// How long a job takes them.
fn service(own: &Cohort, members: &[&Miner]) -> String {
    let at = SimTime(0);
    let times = |read: fn(&Miner, SimTime) -> Option<f64>| -> Option<String> {
        let each: Option<Vec<f64>> = members
            .iter()
            .map(|miner| Some(read(miner, at)? / miner.speed.factor / NS_PER_MS))
            .collect();
        let each = each?;
        let (low, high) =
            each.iter().fold((f64::INFINITY, 0.0_f64), |(l, h), x| (l.min(*x), h.max(*x)));
        let (low, high) = (wording::span(low), wording::span(high));
        Some(if low == high { low } else { format!("{low} to {high}") })
    };
    let told = own.service.told();
    let law = told.split(',').next().unwrap_or_default();
    let reference = match own.speed.reference_steps {
        0 => String::new(),
        steps => format!(" for a job of {steps} steps"),
    };
    if let Some(median) = times(|miner, at| miner.service.median_ns(at)) {
        return format!("half of the jobs take at most {median}{reference} ({law})");
    }
    match times(|miner, at| miner.service.mean_ns(at)) {
        Some(mean) => format!("a job takes {mean} in the mean{reference} ({law})"),
        None => format!("service time: {told}"),
    }
}

/// What else sets them apart.
fn terms(own: &Cohort, members: &[&Miner]) -> Vec<String> {
    let mut terms = Vec::new();
    if own.concurrency > 1 {
        terms.push(format!("each serves {} jobs at once", own.concurrency));
    }
    if own.shared_coldkey && members.len() > 1 {
        terms.push("they share a coldkey".to_string());
    }
    let hours = |time: SimTime| time.seconds() * MS / HOUR_MS;
    let came = members.iter().map(|miner| hours(miner.from)).filter(|hour| *hour > 0.0);
    terms.extend(wording::range(came).map(|hour| format!("they come up at hour {hour}")));
    let left = members.iter().filter(|miner| miner.until != SimTime::NEVER);
    let left = left.map(|miner| hours(miner.until));
    terms.extend(wording::range(left).map(|hour| format!("they leave at hour {hour}")));
    if !own.offer.is_empty() {
        let kinds: Vec<String> = own.offer.iter().map(|offer| offer.kind.clone()).collect();
        terms.push(format!("they offer {}", wording::listed(&kinds)));
    }
    terms.push(format!("behaviour: {}", own.behaviour.told()));
    let other = own.miner.iter().filter(|single| single.behaviour.is_some()).count();
    if other > 0 {
        terms.push(format!(
            "{} of them with a behaviour of their own",
            wording::count(other, "miner")
        ));
    }
    terms
}
