//! The resolved scenario: every miner, validator and client by itself, every law built, every uid given.

use crate::base::family::Used;
use crate::base::ids::ClassId;
use crate::base::ids::KindId;
use crate::base::ids::OperatorId;
use crate::base::ids::Uid;
use crate::base::units::Rao;
use crate::base::units::SimSpan;
use crate::base::units::SimTime;
use crate::config::age;
use crate::config::asked::asked_hash;
use crate::config::cohort::Cohort;
use crate::config::cohort::Single;
use crate::config::file::ClientSettings;
use crate::config::file::KindSettings;
use crate::config::file::ScenarioFile;
use crate::config::file::ValidatorCohort;
use crate::config::load::Loaded;
use crate::config::schedule::Phase;
use crate::miner::Speed;
use crate::model::latency::Distribution;
use crate::model::rules::OrchestratorRules;
use crate::model::scoring;
use crate::scenario::Client;
use crate::scenario::Kind;
use crate::scenario::Miner;
use crate::scenario::Scenario;
use crate::scenario::ScenarioValidator;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Milliseconds in an hour.
const HOUR_MS: f64 = 3_600_000.0;

/// Resolves a checked scenario called `name`, and every stretch of its schedule.
pub(crate) fn resolve(name: &str, question: &str, loaded: &Loaded) -> Scenario {
    let later = |phase: &Phase| {
        let at = phase.change.instant(&loaded.scenario.chain);
        (at, resolve_one(name, question, &phase.scenario))
    };
    let first = resolve_one(name, question, &loaded.scenario);
    Scenario { phases: loaded.phases.iter().map(later).collect(), ..first }
}

fn resolve_one(name: &str, question: &str, scenario: &ScenarioFile) -> Scenario {
    let kinds = match scenario.kind.as_slice() {
        [] => vec![KindSettings::default()],
        some => some.to_vec(),
    };
    let orchestrator = scenario.orchestrator.resolved();
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
    Scenario {
        name: name.to_string(),
        question: question.to_string(),
        run: scenario.run.clone(),
        kinds: kinds.iter().map(|k| kind(k, &orchestrator.rules)).collect(),
        clients: scenario.client.iter().map(|c| client(c, &kinds)).collect(),
        router: Used::Named(scenario.router.clone()),
        orchestrator,
        validating: scenario.validators.resolved(),
        chain: scenario.chain.clone(),
        miners,
        validators,
        cohorts: scenario.cohort.iter().map(|cohort| cohort.name.clone()).collect(),
        classes,
        operators,
        replay: scenario.replay.clone(),
        asked: asked_hash(scenario),
        gone_keys: age::gone(),
        text: age::text(scenario),
        phases: Vec::new(),
    }
}

/// A kind of job, as the orchestrator's rules take it.
fn kind(kind: &KindSettings, rules: &OrchestratorRules) -> Kind {
    let sent = rules.dispatch.sent(kind.type_name());
    let known = scoring::ScoredKind::weighed(kind.type_name(), rules.kind_weights);
    let weight = kind.score_weight.unwrap_or(known.weight);
    Kind {
        name: kind.name.clone(),
        type_name: kind.type_name().to_string(),
        steps: sent.steps(kind.steps),
        time_limit: kind.time_limit(),
        ack_timeout: sent.timeout,
        scored: scoring::ScoredKind { weight, ..known },
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
    fn offer(&mut self, cohort: &Cohort, kinds: &[KindSettings]) {
        if cohort.offer.is_empty() {
            return;
        }
        let offered =
            |kind: &KindSettings| cohort.offer.iter().find(|offer| offer.kind == kind.name);
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
        cohort: shared.number,
        batch: cohort.batch,
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
        behaviour: Used::Named(behaviour.unwrap_or_else(|| cohort.behaviour.clone())),
    }
}

fn validators(scenario: &ScenarioFile, uids: &mut Uids) -> Vec<ScenarioValidator> {
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
            validators.push(ScenarioValidator {
                name,
                uid: uids.highest(),
                stake: Rao::from_tokens(cohort.stake_alpha),
                root_stake: Rao::from_tokens(cohort.root_stake_tao),
                offset: SimSpan::from_seconds(cohort.offset_s),
            });
        }
    }
    validators
}

fn client(client: &ClientSettings, kinds: &[KindSettings]) -> Client {
    let asked = |kind: &KindSettings| client.kinds.is_empty() || client.kinds.contains(&kind.name);
    let chosen: Vec<_> = kinds.iter().enumerate().filter(|(_, kind)| asked(kind)).collect();
    let whole: f64 = chosen.iter().map(|(_, kind)| kind.weight).sum();
    let mut sum = 0.0;
    let cumulated = chosen.into_iter().map(|(place, kind)| {
        sum += kind.weight;
        (KindId::of(place), if whole > 0.0 { sum / whole } else { 1.0 })
    });
    Client {
        name: client.name.clone(),
        arrivals: client.arrivals.clone(),
        from: start(client.from_h),
        until: end(client.until_h),
        limit: client.limit,
        kinds: cumulated.collect(),
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
    fn new(scenario: &ScenarioFile) -> Self {
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

impl KindSettings {
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
