//! Schedules: settings that change while the run goes on.
//!
//! A change is laid on the scenario as `--set` would lay it, under the same checks, and stays until another one; so each
//! stretch of time has a whole scenario of its own. What makes a run one run may not change: its length and seed, who
//! takes part under which name and uid, and the chain's blocks.

use crate::config::change::ScheduledChange;
use crate::config::file::ScenarioFile;

/// The block as it is written, for who made a mistake in one.
pub(crate) const EXAMPLE: &str = "[[schedule]]
at_hour = 24.0
set = [\"router.v001.cap_alpha = 1000.0\"]
";

/// The scenario that holds from a change on.
#[derive(Clone, Debug)]
pub(crate) struct Phase {
    /// The change that begins it.
    pub(crate) change: ScheduledChange,
    /// The whole scenario from then on.
    pub(crate) scenario: ScenarioFile,
}

/// Keys that differ between two stretches of one run although they may not; empty when there are none.
pub(crate) fn forbidden(first: &ScenarioFile, later: &ScenarioFile) -> Vec<&'static str> {
    let names = |scenario: &ScenarioFile| {
        let cohorts = scenario.cohort.iter();
        cohorts
            .map(|c| (c.name.clone(), c.class.clone(), c.operator.clone(), c.names()))
            .collect::<Vec<_>>()
    };
    let keys = |scenario: &ScenarioFile| {
        let cohorts = scenario.cohort.iter();
        cohorts
            .map(|c| (c.shared_coldkey, c.miner.iter().map(|m| m.uid).collect::<Vec<_>>()))
            .collect::<Vec<_>>()
    };
    let kinds = |scenario: &ScenarioFile| {
        scenario.kind.iter().map(|k| (k.name.clone(), k.job_type.clone())).collect::<Vec<_>>()
    };
    let clients = |scenario: &ScenarioFile| {
        scenario.client.iter().map(|c| c.name.clone()).collect::<Vec<_>>()
    };
    let validators = |scenario: &ScenarioFile| {
        let cohorts = scenario.validator.iter();
        cohorts.map(|v| (v.name.clone(), v.count)).collect::<Vec<_>>()
    };
    let blocks = |scenario: &ScenarioFile| {
        let c = &scenario.chain;
        let issue = (c.issuance_alpha, c.commit_reveal, c.reveal_lag, c.registration.burn_rao);
        (c.uids, c.owner_uid, (c.tempo, c.period()), c.start_block, c.first_epoch_block, issue)
    };
    let mut keys_found = Vec::new();
    for (key, is_same) in [
        ("run", first.run == later.run),
        ("the names, classes and operators of cohorts and miners", names(first) == names(later)),
        ("shared_coldkey or uid", keys(first) == keys(later)),
        ("the names and types of kinds", kinds(first) == kinds(later)),
        ("the names of clients", clients(first) == clients(later)),
        ("the names and numbers of validators", validators(first) == validators(later)),
        (
            "chain.uids, owner_uid, tempo, start_block, first_epoch_block, issuance_alpha, \
             commit_reveal, reveal_lag, registration.burn_rao, or runtime from one side of 423 to the other",
            blocks(first) == blocks(later),
        ),
        ("schedule", first.schedule == later.schedule),
        ("property", first.property == later.property),
        ("sweep", first.sweep == later.sweep),
    ] {
        if !is_same {
            keys_found.push(key);
        }
    }
    keys_found
}
