//! The resolved scenario: every miner, validator and client by itself, every law built, every uid given.

use crate::base::ids::ClassId;
use crate::base::ids::KindId;
use crate::base::ids::OperatorId;
use crate::base::ids::Uid;
use crate::base::units::Rao;
use crate::base::units::SimSpan;
use crate::base::units::SimTime;
use crate::config::cohort::Cohort;
use crate::config::cohort::Single;
use crate::config::file::Client;
use crate::config::file::Kind;
use crate::config::file::Scenario;
use crate::config::file::ValidatorCohort;
use crate::config::load::Loaded;
use crate::config::schedule::Phase;
use crate::miner::ImageSize;
use crate::miner::Speed;
use crate::model::latency::Distribution;
use crate::model::operator::OperatorSpec;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Milliseconds in an hour.
const HOUR_MS: f64 = 3_600_000.0;

/// A scenario ready to run; the same for every replication.
#[derive(Clone, Debug)]
pub(crate) struct Resolved {
    /// The scenario's name: its file's, without ending.
    pub(crate) name: String,
    /// The question it asks: the file's first comment line.
    pub(crate) question: String,
    /// The scenario as written, defaults filled in.
    pub(crate) file: Scenario,
    /// Kinds of job.
    pub(crate) kinds: Vec<Kind>,
    /// Clients.
    pub(crate) clients: Vec<ResolvedClient>,
    /// Miners, cohort by cohort.
    pub(crate) miners: Vec<Miner>,
    /// Validators.
    pub(crate) validators: Vec<Validator>,
    /// Names of classes, sorted.
    pub(crate) classes: Vec<String>,
    /// Names of operators, sorted.
    pub(crate) operators: Vec<String>,
    /// What holds from each change of the schedule on, in the order of time; these have no phases of their own.
    pub(crate) phases: Vec<(SimTime, Resolved)>,
}

/// A client with its window.
#[derive(Clone, Debug)]
pub(crate) struct ResolvedClient {
    /// As written.
    pub(crate) file: Client,
    /// First instant it may ask.
    pub(crate) from: SimTime,
    /// Instant from which it asks no more.
    pub(crate) until: SimTime,
    /// Kinds it asks for, with cumulated weights that end at 1.
    pub(crate) kinds: Vec<(KindId, f64)>,
}

/// A miner by itself.
#[derive(Clone, Debug)]
pub(crate) struct Miner {
    /// Its name, shown to people.
    pub(crate) name: String,
    /// Name of its random streams: (cohort, place in it).
    pub(crate) stream: String,
    /// Its class.
    pub(crate) class: ClassId,
    /// Who runs it.
    pub(crate) operator: OperatorId,
    /// Number of its coldkey: equal numbers are one key.
    pub(crate) coldkey: u32,
    /// Its place on the chain.
    pub(crate) uid: Uid,
    /// Its stake.
    pub(crate) stake: Rao,
    /// When it comes up.
    pub(crate) from: SimTime,
    /// When it leaves.
    pub(crate) until: SimTime,
    /// Jobs served at once.
    pub(crate) concurrency: u32,
    /// Service time.
    pub(crate) service: Arc<dyn Distribution>,
    /// How it follows from the law.
    pub(crate) speed: Speed,
    /// Kinds of job it offers, a bit by kind.
    pub(crate) offers: u64,
    /// Law and speed of each kind; empty where all kinds are served alike.
    pub(crate) by_kind: Vec<(Arc<dyn Distribution>, Speed)>,
    /// What an hour of taking part costs it.
    pub(crate) cost_per_h: Rao,
    /// What its identity costs once.
    pub(crate) cost_once: Rao,
    /// Request to answer.
    pub(crate) ack: Option<Arc<dyn Distribution>>,
    /// Callback's way.
    pub(crate) transfer: Option<Arc<dyn Distribution>>,
    /// Polling grid.
    pub(crate) poll: SimSpan,
    /// When the worker gives up.
    pub(crate) give_up: Option<SimSpan>,
    /// Sizes of its images.
    pub(crate) image: ImageSize,
    /// What its operator does.
    pub(crate) behaviour: OperatorSpec,
}

/// A validator by itself.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Validator {
    /// Its name.
    pub(crate) name: String,
    /// Its place on the chain.
    pub(crate) uid: Uid,
    /// Its stake.
    pub(crate) stake: Rao,
    /// How much later than others it looks.
    pub(crate) offset: SimSpan,
}

/// Resolves a checked scenario called `name`, and every stretch of its schedule.
pub(crate) fn resolve(name: &str, question: &str, loaded: &Loaded) -> Resolved {
    let later = |phase: &Phase| {
        let at = phase.change.instant(&loaded.scenario.chain);
        (at, resolve_one(name, question, &phase.scenario))
    };
    let first = resolve_one(name, question, &loaded.scenario);
    Resolved { phases: loaded.phases.iter().map(later).collect(), ..first }
}

fn resolve_one(name: &str, question: &str, scenario: &Scenario) -> Resolved {
    let kinds =
        if scenario.kind.is_empty() { vec![Kind::default()] } else { scenario.kind.clone() };
    let classes = sorted(scenario.cohort.iter().map(Cohort::class_name));
    let operators = sorted(scenario.cohort.iter().map(Cohort::operator_name));
    let mut uids = Uids::new(scenario);
    let validators = validators(scenario, &mut uids);
    let mut miners = Vec::new();
    for (number, cohort) in scenario.cohort.iter().enumerate() {
        let found = |names: &[String], name: &str| {
            names.iter().position(|n| n == name).expect("the name is in its own list")
        };
        let mut shared = SharedParts {
            number,
            class: ClassId::of(found(&classes, cohort.class_name())),
            operator: OperatorId::of(found(&operators, cohort.operator_name())),
            service: Arc::from(cohort.service.build()),
            ack: cohort.ack.as_ref().map(|law| Arc::from(law.build())),
            transfer: cohort.transfer.as_ref().map(|law| Arc::from(law.build())),
            offers: u64::MAX,
            by_kind: Vec::new(),
        };
        shared.offer(cohort, &kinds);
        for (place, name) in cohort.names().into_iter().enumerate() {
            miners.push(miner(cohort, &shared, place, name, &mut uids));
        }
    }
    let clients = scenario.client.iter().map(|c| client(c, &kinds)).collect();
    Resolved {
        name: name.to_string(),
        question: question.to_string(),
        file: scenario.clone(),
        kinds,
        clients,
        miners,
        validators,
        classes,
        operators,
        phases: Vec::new(),
    }
}

/// What the miners of a cohort share.
struct SharedParts {
    number: usize,
    class: ClassId,
    operator: OperatorId,
    service: Arc<dyn Distribution>,
    ack: Option<Arc<dyn Distribution>>,
    transfer: Option<Arc<dyn Distribution>>,
    offers: u64,
    /// Law and, where it has one of its own, speed of each kind; empty where all are served alike.
    by_kind: Vec<(Arc<dyn Distribution>, Option<Speed>)>,
}

impl SharedParts {
    /// Which kinds a cohort offers, and how long each takes where that differs.
    fn offer(&mut self, cohort: &Cohort, kinds: &[Kind]) {
        if cohort.offer.is_empty() {
            return;
        }
        let offered = |kind: &Kind| cohort.offer.iter().find(|offer| offer.kind == kind.name);
        self.offers = 0;
        for (place, kind) in kinds.iter().enumerate() {
            let offer = offered(kind);
            self.offers |= u64::from(offer.is_some()) << place;
            let own = offer.and_then(|offer| offer.service.as_ref());
            let law = own.map_or_else(|| self.service.clone(), |law| Arc::from(law.build()));
            self.by_kind.push((law, offer.and_then(|offer| offer.speed)));
        }
    }
}

fn miner(
    cohort: &Cohort,
    shared: &SharedParts,
    place: usize,
    name: String,
    uids: &mut Uids,
) -> Miner {
    let single = cohort.miner.get(place).cloned().unwrap_or_default();
    let Single { stake_alpha, speed_factor, from_h, until_h, uid, behaviour, .. } = single;
    let key_place = if cohort.shared_coldkey { 0 } else { place };
    let coldkey = shared.number * crate::miner::MINERS_MAX + key_place;
    let mut speed = cohort.speed;
    speed.factor = speed_factor.unwrap_or(speed.factor);
    let by_kind = shared.by_kind.iter().map(|(law, own)| {
        let own = own.map(|own| Speed { factor: speed_factor.unwrap_or(own.factor), ..own });
        (law.clone(), own.unwrap_or(speed))
    });
    Miner {
        name,
        stream: format!("{}/{place}", cohort.name),
        class: shared.class,
        operator: shared.operator,
        coldkey: u32::try_from(coldkey).expect("few cohorts of at most 256 miners"),
        uid: uid.map_or_else(|| uids.lowest(), Uid),
        stake: Rao::from_tokens(stake_alpha.unwrap_or(cohort.stake_alpha)),
        from: start(from_h.unwrap_or(cohort.from_h)),
        until: end(until_h.unwrap_or(cohort.until_h)),
        concurrency: cohort.concurrency,
        service: shared.service.clone(),
        speed,
        offers: shared.offers,
        by_kind: by_kind.collect(),
        cost_per_h: Rao::from_tokens(cohort.cost_alpha_per_h),
        cost_once: Rao::from_tokens(cohort.cost_alpha_per_identity),
        ack: shared.ack.clone(),
        transfer: shared.transfer.clone(),
        poll: SimSpan::from_ms_f64(cohort.poll_ms),
        give_up: (cohort.give_up_ms > 0.0).then(|| SimSpan::from_ms_f64(cohort.give_up_ms)),
        image: cohort.image,
        behaviour: behaviour.unwrap_or_else(|| cohort.behaviour.clone()),
    }
}

fn validators(scenario: &Scenario, uids: &mut Uids) -> Vec<Validator> {
    let cohorts = match scenario.validator.as_slice() {
        [] => vec![ValidatorCohort::default()],
        some => some.to_vec(),
    };
    let mut validators = Vec::new();
    for cohort in cohorts {
        for place in 0..cohort.count {
            let name = match cohort.count {
                1 => cohort.name.clone(),
                _ => format!("{}-{place}", cohort.name),
            };
            validators.push(Validator {
                name,
                uid: uids.highest(),
                stake: Rao::from_tokens(cohort.stake_alpha),
                offset: SimSpan::from_seconds(cohort.offset_s),
            });
        }
    }
    validators
}

fn client(client: &Client, kinds: &[Kind]) -> ResolvedClient {
    let asked = |kind: &Kind| client.kinds.is_empty() || client.kinds.contains(&kind.name);
    let chosen: Vec<_> = kinds.iter().enumerate().filter(|(_, kind)| asked(kind)).collect();
    let whole: f64 = chosen.iter().map(|(_, kind)| kind.weight).sum();
    let mut sum = 0.0;
    let cumulated = chosen.into_iter().map(|(place, kind)| {
        sum += kind.weight;
        (KindId::of(place), if whole > 0.0 { sum / whole } else { 1.0 })
    });
    ResolvedClient {
        kinds: cumulated.collect(),
        from: start(client.from_h),
        until: end(client.until_h),
        file: client.clone(),
    }
}

fn start(hours: f64) -> SimTime {
    SimTime(SimSpan::from_ms_f64(hours * HOUR_MS).0)
}

fn end(hours: f64) -> SimTime {
    if hours > 0.0 { start(hours) } else { SimTime::NEVER }
}

fn sorted<'s>(names: impl Iterator<Item = &'s str>) -> Vec<String> {
    let unique: BTreeSet<_> = names.map(str::to_string).collect();
    unique.into_iter().collect()
}

/// Hands out uids: the owner's and those that miners name are taken from the start.
struct Uids {
    free: BTreeSet<u16>,
}

impl Uids {
    fn new(scenario: &Scenario) -> Self {
        let mut free: BTreeSet<u16> = (0..scenario.chain.uids).collect();
        free.remove(&scenario.chain.owner_uid);
        for single in scenario.cohort.iter().flat_map(|c| &c.miner) {
            if let Some(uid) = single.uid {
                free.remove(&uid);
            }
        }
        Self { free }
    }

    fn lowest(&mut self) -> Uid {
        Uid(self.free.pop_first().expect("the check left room for every miner"))
    }

    fn highest(&mut self) -> Uid {
        Uid(self.free.pop_last().expect("the check left room for every validator"))
    }
}

impl Resolved {
    /// By miner, the place of its cohort.
    pub(crate) fn cohorts(&self) -> Vec<usize> {
        let each = self.file.cohort.iter().enumerate();
        each.flat_map(|(place, cohort)| vec![place; cohort.size()]).collect()
    }
}

impl Kind {
    /// Type the orchestrator knows it by.
    pub(crate) fn type_name(&self) -> &str {
        if self.job_type.is_empty() { &self.name } else { &self.job_type }
    }

    /// Answered later than this after creation, the work was not useful.
    pub(crate) fn time_limit(&self) -> SimSpan {
        SimSpan::from_ms_f64(
            self.time_limit_ms + self.time_limit_ms_per_step * f64::from(self.steps),
        )
    }
}
