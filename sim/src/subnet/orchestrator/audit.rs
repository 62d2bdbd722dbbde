//! Audits: a share of the finished requests is repeated on a trusted miner; whose image differs is banned.
//!
//! One piece of code for drawn and for computed images: it compares the content's names and knows nothing of how they
//! came to be. The trusted miner repeats one request at a time, in the order in which they finished.

use crate::base::ids::MinerId;
use crate::base::math;
use crate::base::units::Rao;
use crate::base::units::SimSpan;
use crate::base::units::SimTime;
use crate::miner::Backend;
use crate::miner::Drawn;
use crate::miner::ImageSize;
use crate::miner::RERUN_BIT;
use crate::miner::Speed;
use crate::miner::compute_one;
use crate::model::latency;
use crate::scenario::AuditSettings;
use crate::scenario::ScenarioOrchestrator;
use crate::work::Image;
use crate::work::ImageWork;
use crate::work::JobRecord;
use crate::work::Output;
use crate::work::Source;
use crate::work::Status;
use crate::work::Work;
use std::collections::VecDeque;

/// Number of the use of a job's content word that decides whether it is audited; earlier ones make prompt and seed.
const AUDIT_USE: u64 = 2;
/// Milliseconds in a minute.
const MINUTE_MS: f64 = 60_000.0;

/// What the audits of one replication did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Audits {
    /// Requests repeated on the trusted miner, with a verdict.
    pub(crate) reruns: u64,
    /// Requests taken by chance and not repeated, because too many were waiting.
    pub(crate) skipped: u64,
    /// Repetitions without an image to compare: no verdict.
    pub(crate) inconclusive: u64,
    /// What the repetitions cost [rao]; so many may be dear that 64 bits do not hold it.
    pub(crate) cost_rao: u128,
    /// Miners caught, in the order of time.
    pub(crate) caught: Vec<Caught>,
}

/// A miner that failed an audit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Caught {
    /// The miner that failed the audit.
    pub(crate) miner: MinerId,
    /// When the verdict fell.
    pub(crate) at: SimTime,
    /// Requests it had finished since audits began, up to the one that failed.
    pub(crate) finished: u64,
}

/// The auditor of one replication.
#[derive(Debug)]
pub(crate) struct Auditor {
    settings: Option<AuditSettings>,
    trusted: Box<dyn Backend>,
    waiting: VecDeque<Rerun>,
    /// When the trusted miner may begin with the next request.
    free: SimTime,
    /// Requests finished since audits began, by miner.
    finished: Vec<u64>,
    pub(crate) facts: Audits,
}

/// A request on the trusted miner.
#[derive(Clone, Copy, Debug)]
struct Rerun {
    verdict_at: SimTime,
    caught: Caught,
    /// What the miner sent; none: an image that is not its work's.
    sent: Option<u128>,
    /// What it should have sent; none when the repetition gave no image.
    expected: Option<u128>,
}

/// The simulator's own trusted miner: every repetition takes as long.
pub(crate) fn drawn(orchestrator: &ScenarioOrchestrator) -> Box<dyn Backend> {
    let audit = orchestrator.audit.clone().unwrap_or_default();
    let law = latency::constant(audit.rerun_ms);
    Box::new(Drawn::new(law, Speed::default(), ImageSize::default()))
}

impl Auditor {
    pub(crate) fn new(
        orchestrator: &ScenarioOrchestrator,
        miners: usize,
        trusted: Box<dyn Backend>,
    ) -> Self {
        Self {
            settings: orchestrator.audit.clone().filter(|audit| audit.share > 0.0),
            trusted,
            waiting: VecDeque::new(),
            free: SimTime(0),
            finished: vec![0; miners],
            facts: Audits::default(),
        }
    }

    /// Another stretch of the scenario begins: what waits keeps its verdict's time.
    pub(crate) fn change(&mut self, orchestrator: &ScenarioOrchestrator, draws: bool) {
        self.settings = orchestrator.audit.clone().filter(|audit| audit.share > 0.0);
        if draws {
            self.trusted = drawn(orchestrator);
        }
    }

    /// Whether anything is audited.
    #[inline]
    pub(crate) fn is_on(&self) -> bool {
        self.settings.is_some()
    }

    /// When the next verdict falls.
    pub(crate) fn next_verdict(&self) -> SimTime {
        self.waiting.front().map_or(SimTime::NEVER, |rerun| rerun.verdict_at)
    }

    /// A request has finished: perhaps it is audited. Gives the miner when it fails without a repetition.
    pub(crate) fn finished(&mut self, record: &JobRecord, now: SimTime) -> Option<Caught> {
        let settings = self.settings.as_ref()?;
        let begins = SimTime(SimSpan::from_ms_f64(settings.first_min * MINUTE_MS).0);
        if record.stored.status != Status::Success || now < begins {
            return None;
        }
        let finished = &mut self.finished[record.miner.index()];
        *finished += 1;
        if record.job.words.content.derive(AUDIT_USE).unit() >= settings.share {
            return None;
        }
        let caught = Caught { miner: record.miner, at: now, finished: *finished };
        if record.stored.has_image != Some(true) {
            return settings.require_image.then_some(caught);
        }
        if record.stored.image_bytes.unwrap_or(0) < settings.image_bytes_min {
            return Some(caught);
        }
        if math::float_len(self.waiting.len()) >= f64::from(settings.waiting_max) {
            self.facts.skipped += 1;
            return None;
        }
        let from = self.free.max(now);
        let produced = compute_one(self.trusted.as_mut(), rerun(record, from));
        let verdict_at = from + produced.took;
        self.free = verdict_at.max(from + SimSpan::from_seconds(settings.spacing_s));
        self.facts.cost_rao += u128::from(Rao::from_tokens(settings.cost_alpha).0);
        let expected = match produced.outcome {
            Output::Done(Image { id, .. }) => Some(id),
            Output::Nothing | Output::Failed => None,
        };
        let caught = Caught { at: verdict_at, ..caught };
        self.waiting.push_back(Rerun { verdict_at, caught, sent: record.truth.image_id, expected });
        None
    }

    /// The verdict on the request that waits longest; gives the miner when it fails.
    pub(crate) fn verdict(&mut self) -> Option<Caught> {
        let rerun = self.waiting.pop_front().expect("its clock has struck");
        let Some(expected) = rerun.expected else {
            self.facts.inconclusive += 1;
            return None;
        };
        self.facts.reruns += 1;
        (rerun.sent != Some(expected)).then_some(rerun.caught)
    }
}

/// The work that an audit asks of the trusted miner: what the client asked for, as a job of its own.
fn rerun(record: &JobRecord, begins: SimTime) -> Work {
    let job = &record.job;
    Work::Image(ImageWork {
        job: job.number | RERUN_BIT,
        kind: job.kind,
        adapter: job.adapter,
        prompt: job.prompt,
        class: job.class,
        seed: job.seed,
        steps: job.steps,
        source: Source::Computed,
        begins,
        service: job.words.service,
        size: job.words.size,
    })
}
