//! What a scenario asks of a replay: rules, instants, and the place of every miner.

use crate::base::ids::Uid;
use crate::base::units::SimTime;
use crate::model::rules::OrchestratorRules;
use crate::model::rules::ValidatorRules;
use crate::model::scoring;
use crate::model::scoring::FinishedJob;
use crate::model::scoring::Start;
use crate::scenario::ChainSettings;
use crate::scenario::Kind;
use crate::scenario::ReplaySettings;
use crate::scenario::Scenario;
use crate::scenario::ScenarioValidator;
use crate::subnet::orchestrator::event;
use crate::trace::error::TraceError;
use crate::trace::import::Imported;
use crate::trace::timetable::Occurrence;
use crate::trace::timetable::Timetable;
use crate::work::ObservedJob;
use crate::work::Status;

/// Time between blocks [ms]. Source: chain.md section 1, 12 s.
const BLOCK_MS: u64 = 12_000;
/// Kind of a job whose file says nothing. Source: trace.md, all of the trace.
const TRACE_KIND: &str = "generate";

/// Rules that hold for a stretch of time.
#[derive(Debug)]
pub(super) struct RulesStretch {
    /// The rules of the orchestrator in the stretch.
    pub(super) rules: OrchestratorRules,
    /// The rules of the validators in the stretch.
    pub(super) validating: ValidatorRules,
    kinds: Vec<Kind>,
}

/// A replay, ready to read a trace.
#[derive(Debug)]
pub(crate) struct ReplayPlan {
    /// The rules in force, stretch by stretch; one where nothing changes.
    pub(super) stretches: Vec<RulesStretch>,
    /// When scores are run and paid; none: once, at the trace's last write.
    timetable: Timetable,
    /// Parameters of the chain that pays.
    pub(super) chain: ChainSettings,
    /// The validators that send weights.
    pub(super) validators: Vec<ScenarioValidator>,
    /// Miners on the ban list.
    pub(super) banned: Vec<String>,
    /// Miners that the scenario names itself, with uid and coldkey; none: the trace names them.
    pub(super) named: Option<Vec<(String, Uid, Option<u32>)>>,
    /// Whether the trace is a simulated run's, which knew no more at an instant than had been written by then.
    pub(super) is_simulated: bool,
    /// Type that every recorded job is taken for.
    relabelled: Option<String>,
}

impl ReplayPlan {
    /// The replay that a scenario asks for: by its `[replay]`, else as the simulated run would have been scored.
    pub(crate) fn of(scenario: &Scenario) -> Self {
        let replay = scenario.replay.as_ref();
        let later = scenario.phases.iter().map(|(_, stretch)| stretch);
        let relabelled = replay.map(|replay| replay.kind.clone()).filter(|kind| !kind.is_empty());
        Self {
            stretches: std::iter::once(scenario).chain(later).map(RulesStretch::of).collect(),
            timetable: match replay {
                Some(replay) => Timetable::recorded(replay, goes_on(scenario)),
                None => Timetable::simulated(scenario),
            },
            chain: scenario.chain.clone(),
            validators: scenario.validators.clone(),
            banned: replay.map(|replay| replay.banned.clone()).unwrap_or_default(),
            named: named(scenario, replay),
            is_simulated: replay.is_none(),
            relabelled,
        }
    }

    /// What happens when, in order, to a trace that was last written at `last_write_ms`.
    pub(super) fn occurrences(&self, last_write_ms: u64) -> Vec<(SimTime, Occurrence)> {
        self.timetable.occurrences(last_write_ms)
    }

    /// Refuses more score runs than memory should hold.
    ///
    /// # Errors
    /// When the timetable asks for more score runs than memory should hold.
    pub(super) fn check_runs(&self, last_write_ms: u64) -> Result<(), TraceError> {
        let until_ms = self.reference_ms(last_write_ms);
        let dense = self.timetable.too_dense(until_ms);
        dense.map_or(Ok(()), |period_ms| Err(TraceError::Runs { period_ms, until_ms }))
    }

    /// The last instant at which scores are run [ms].
    pub(super) fn reference_ms(&self, last_write_ms: u64) -> u64 {
        self.timetable.reference_ms(last_write_ms)
    }

    /// Number of score runs whose shares are averaged.
    pub(super) fn averaged(&self) -> usize {
        self.timetable.averaged()
    }

    /// The recorded job as a scoring rule reads it; none while it is pending.
    ///
    /// A job that is taken for another kind goes through that kind's callback rules: a success they refuse is a failure
    /// at its unchanged event time.
    pub(super) fn event(&self, imported: &Imported) -> Option<FinishedJob> {
        let stretch = &self.stretches[imported.stretch.min(self.stretches.len() - 1)];
        let stored = &imported.row.stored;
        let Some(other) = &self.relabelled else {
            return event(stored, stretch.kind(&imported.kind));
        };
        let kind = scoring::ScoredKind::weighed(other, stretch.rules.kind_weights);
        let found = event(stored, kind)?;
        let is_refused = refusal(stretch, kind, stored);
        Some(FinishedJob { success: found.success && !is_refused, ..found })
    }

    /// Block of the chain at an instant of the trace.
    pub(super) fn block(&self, at: SimTime) -> u64 {
        self.chain.start_block.saturating_add(at.whole_ms() / BLOCK_MS)
    }
}

impl RulesStretch {
    fn of(scenario: &Scenario) -> Self {
        Self {
            rules: scenario.orchestrator.rules.clone(),
            validating: scenario.validating.clone(),
            kinds: scenario.kinds.clone(),
        }
    }

    /// The kind that a row names: one of the scenario's, else a production type. A file that names none was written of a
    /// scenario's only kind, or is the published trace.
    fn kind(&self, label: &str) -> scoring::ScoredKind {
        if label.is_empty()
            && let [only] = self.kinds.as_slice()
        {
            return only.scored;
        }
        let label = if label.is_empty() { TRACE_KIND } else { label };
        let own = Kind::labelled(&self.kinds, label).map(|kind| kind.scored);
        own.unwrap_or_else(|| scoring::ScoredKind::weighed(label, self.rules.kind_weights))
    }
}

/// Whether a score run goes on from the record that the run before has stored.
fn goes_on(scenario: &Scenario) -> bool {
    scenario.orchestrator.rules.scoring.build().terms().start != Start::Nothing
}

/// Whether the callback rules of another kind refuse a stored success. A missing run time is no violation.
fn refusal(stretch: &RulesStretch, kind: scoring::ScoredKind, stored: &ObservedJob) -> bool {
    let runtime_ms = stored.total_runtime_ms.unwrap_or(u64::MAX);
    let violation =
        stretch.rules.callback.violation(kind.is_kontext, runtime_ms, stored.latency_ms);
    stored.status == Status::Success && violation.is_some()
}

/// The miners that a scenario names itself: cohorts with their uids, or the list of a `[replay]`.
fn named(
    scenario: &Scenario,
    replay: Option<&ReplaySettings>,
) -> Option<Vec<(String, Uid, Option<u32>)>> {
    let Some(replay) = replay else {
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
