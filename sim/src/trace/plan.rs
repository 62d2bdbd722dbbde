//! What a scenario asks of a replay: rules, instants, and the place of every miner.

use crate::base::ids::Uid;
use crate::base::units::NANOS_PER_MS;
use crate::base::units::SimTime;
use crate::model::rules::CallbackRules;
use crate::model::scoring::Event;
use crate::model::scoring::Kind;
use crate::model::scoring::Scoring;
use crate::model::weighting::Weighting;
use crate::scenario::ChainSettings;
use crate::scenario::ReplaySettings;
use crate::scenario::Scenario;
use crate::scenario::Validator;
use crate::subnet::validators::Clock;
use crate::trace::import::Imported;
use crate::work::FailureReason;
use crate::work::Status;

/// Time between blocks [ms]. Source: chain.md section 1, 12 s.
const BLOCK_MS: u64 = 12_000;
/// Kind of a job whose file says nothing. Source: trace.md, all of the trace.
const TRACE_KIND: &str = "generate";

/// When scores are run and paid [ms].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Instants {
    /// The last score run, whose scores are shown; none: at the trace's last write.
    pub(super) reference: Option<u64>,
    /// The score run that the last validator step saw, whose weights are shown; none: the last one.
    pub(super) weighed: Option<u64>,
    /// Score runs whose shares are averaged, ascending.
    pub(super) averaged: Vec<u64>,
}

/// A replay, ready to read a trace.
#[derive(Debug)]
pub(crate) struct Plan {
    /// The scoring rule.
    pub(super) scoring: Box<dyn Scoring>,
    /// The weighting rule.
    pub(super) weighting: Box<dyn Weighting>,
    /// When.
    pub(super) instants: Instants,
    /// The chain.
    pub(super) chain: ChainSettings,
    /// Who sends weights.
    pub(super) validators: Vec<Validator>,
    /// Miners on the ban list.
    pub(super) banned: Vec<String>,
    /// Miners that the scenario names itself, with uid and coldkey; none: the trace names them.
    pub(super) named: Option<Vec<(String, Uid, Option<u32>)>>,
    callback: CallbackRules,
    relabelled: Option<Kind>,
    kinds: Vec<(String, Kind)>,
}

impl Plan {
    /// The replay that a scenario asks for: by its `[replay]`, else as the simulated run would have been scored.
    pub(crate) fn of(scenario: &Scenario) -> Self {
        let file = scenario;
        let replay = file.replay.as_ref();
        let kind = |kind: &crate::scenario::Kind| (kind.name.clone(), kind.scored);
        let relabelled = replay.map(|replay| replay.kind.as_str()).filter(|kind| !kind.is_empty());
        Self {
            scoring: file.orchestrator.rules.scoring.build(),
            weighting: file.validating.weighting.build(),
            instants: replay.map_or_else(|| simulated(scenario), recorded),
            chain: file.chain.clone(),
            validators: scenario.validators.clone(),
            banned: replay.map(|replay| replay.banned.clone()).unwrap_or_default(),
            named: named(scenario),
            callback: file.orchestrator.rules.callback,
            relabelled: relabelled.map(Kind::named),
            kinds: scenario.kinds.iter().map(kind).collect(),
        }
    }

    /// The recorded job as a scoring rule reads it; none while it is pending.
    ///
    /// A job that is taken for another kind goes through that kind's callback rules: a success they refuse is a failure
    /// at its unchanged event time.
    pub(super) fn event(&self, imported: &Imported) -> Option<Event> {
        let stored = &imported.row.stored;
        let mut success = match stored.status {
            Status::Pending => return None,
            Status::Success => true,
            Status::Failed => false,
        };
        let kind = self.relabelled.unwrap_or_else(|| self.kind(&imported.kind));
        if self.relabelled.is_some() {
            success &= self.refusal(imported, kind).is_none();
        }
        Some(Event {
            at_ms: stored.response_ms.unwrap_or(stored.last_updated_ms),
            success,
            total_runtime_ms: stored.total_runtime_ms,
            latency_ms: stored.latency_ms,
            has_image: stored.has_image,
            image_bytes: stored.image_bytes,
            kind_weight: kind.weight,
            is_kontext: kind.is_kontext,
        })
    }

    fn refusal(&self, imported: &Imported, kind: Kind) -> Option<FailureReason> {
        let stored = &imported.row.stored;
        // A missing run time is no violation.
        let runtime_ms = stored.total_runtime_ms.unwrap_or(u64::MAX);
        self.callback.violation(kind.is_kontext, runtime_ms, stored.latency_ms)
    }

    /// The kind that a row names: one of the scenario's, else a production type.
    fn kind(&self, name: &str) -> Kind {
        let name = if name.is_empty() { TRACE_KIND } else { name };
        let own = self.kinds.iter().find(|(own, _)| own == name);
        own.map_or_else(|| Kind::named(name), |(_, kind)| *kind)
    }

    /// Block of the chain at an instant of the trace.
    pub(super) fn block(&self, at_ms: u64) -> u64 {
        self.chain.start_block.saturating_add(at_ms / BLOCK_MS)
    }
}

fn recorded(replay: &ReplaySettings) -> Instants {
    let reference = Some(replay.reference_time_ms).filter(|at| *at > 0);
    Instants { reference, weighed: reference, averaged: replay.runs_ms() }
}

/// The miners that a scenario names itself: cohorts with their uids, or the list of a `[replay]`.
fn named(scenario: &Scenario) -> Option<Vec<(String, Uid, Option<u32>)>> {
    let Some(replay) = &scenario.replay else {
        let one = |m: &crate::scenario::Miner| (m.name.clone(), m.uid, Some(m.coldkey));
        return Some(scenario.miners.iter().map(one).collect());
    };
    let owner = scenario.chain.owner_uid;
    let place = |(number, name): (usize, &String)| (name.clone(), uid_of(number, owner), None);
    let listed = !replay.miners.is_empty();
    listed.then(|| replay.miners.iter().enumerate().map(place).collect())
}

/// The uid of miner `number`: the owner's is left out.
pub(super) fn uid_of(number: usize, owner: u16) -> Uid {
    Uid::of(if number < usize::from(owner) { number } else { number + 1 })
}

/// The score runs of the simulated run, up to its last epoch, and the one that its last validator step saw.
fn simulated(scenario: &Scenario) -> Instants {
    let file = scenario;
    let chain = &file.chain;
    let first = chain.epoch_block(0) - chain.start_block;
    let blocks = first + u64::from(file.run.epochs.saturating_sub(1)) * chain.tempo;
    let end = SimTime::from_ms(blocks.saturating_mul(BLOCK_MS));
    let period = file.orchestrator.score_runs.every;
    let mut averaged = Vec::new();
    let mut run = file.orchestrator.score_runs.first;
    while end_of_ms(run) <= end {
        averaged.push(run.whole_ms());
        run = SimTime(end_of_ms(run).0) + period;
    }
    let step = last_step(scenario, end);
    let seen = |run: &&u64| step.is_some_and(|step| end_of_ms(SimTime::from_ms(**run)) <= step);
    // Before the first score run nobody has a score, as at the start.
    let weighed = averaged.iter().rev().find(seen).copied().or(Some(0));
    Instants { reference: averaged.last().copied().or(Some(0)), weighed, averaged }
}

/// A score run reads all of its millisecond.
fn end_of_ms(at: SimTime) -> SimTime {
    SimTime(at.whole_ms().saturating_mul(NANOS_PER_MS).saturating_add(NANOS_PER_MS - 1))
}

/// The last step that any validator takes up to `end`.
fn last_step(scenario: &Scenario, end: SimTime) -> Option<SimTime> {
    let clock = Clock::new(scenario.validating.acting);
    let last = |validator: &Validator| {
        let first = clock.first_step(SimTime(validator.offset.0));
        let steps = std::iter::successors(Some(first), |at| Some(clock.next_step(*at)));
        steps.take_while(|at| *at <= end).last()
    };
    scenario.validators.iter().filter_map(last).max()
}
