//! The life of a job: asked, routed, answered, queued, worked on, called back.

use crate::base::ids::MinerId;
use crate::base::units::SimSpan;
use crate::base::units::SimTime;
use crate::engine::jobs::Slot;
use crate::engine::station::Awaited;
use crate::engine::station::Event;
use crate::engine::tally::Before;
use crate::engine::world::World;
use crate::model::operator::Sight;
use crate::subnet::orchestrator::Books;
use crate::subnet::orchestrator::Callback;
use crate::subnet::orchestrator::Carried;
use crate::work::AckPlan;
use crate::work::AnswerPlan;
use crate::work::Completion;
use crate::work::FailureReason;
use crate::work::JobRecord;
use crate::work::Output;
use crate::work::Plan;
use crate::work::Reply;
use crate::work::Request;
use crate::work::Source;
use crate::work::Work;
use crate::work::WorkPlan;

/// Number of the use of a job's service word that makes the callback's way; the first use makes the service time.
const TRANSFER_USE: u64 = 1;

/// HTTP status of a miner whose server is down. Source: spec/offchain.md section 8, 502 from its proxy.
const GONE: u16 = 502;

impl World<'_> {
    /// A client asks: a miner is chosen and the request sent.
    #[inline]
    pub(super) fn ask(&mut self, now: SimTime) {
        let job = self.clients.ask();
        let Some(miner) = self.router.route(&self.board.view(), &job, job.words.route) else {
            self.tally.unrouted(&job);
            self.clients.refused(&job);
            return;
        };
        self.tally.requested(miner, &job);
        self.send(now, job, miner);
    }

    /// The request reaches `miner`, whose operator decides what becomes of it.
    #[inline]
    fn send(&mut self, now: SimTime, job: Request, miner: MinerId) {
        let index = miner.index();
        let station = &self.stations[index];
        let sight = Sight {
            now,
            queued: u32::try_from(station.waiting.len()).unwrap_or(u32::MAX),
            in_service: station.in_service,
            epoch: self.epoch,
        };
        let up = now >= self.scenario.miners[index].from && now < self.scenario.miners[index].until;
        let plan = if up {
            self.behaviours[index].plan(&job, &sight, job.words.outcome)
        } else {
            Plan { ack: AckPlan::Refuse(GONE), ..Plan::idle(&job, Reply::Error) }
        };
        let mut record = JobRecord { job, miner, ..JobRecord::default() };
        Books::opened(&mut record);
        let slot = self.jobs.open(&record, plan);
        self.board.in_flight[index] += 1;
        self.requests[index] += 1;
        let law = self.scenario.miners[index].ack.as_ref();
        let way = law.map_or(SimSpan::ZERO, |law| law.draw(now, job.words.ack));
        let arrival = now + way;
        let limit = now + self.kinds.ack_timeout(job.kind);
        let answer = match plan.ack {
            AckPlan::Now | AckPlan::Refuse(_) => Some(arrival),
            AckPlan::After(held) => Some(arrival + held),
            AckPlan::AfterCallback(_) | AckPlan::Never => None,
        };
        match answer {
            Some(at) if at == now => self.answer(slot, now, limit),
            Some(at) => self.expect(miner, at.min(limit), Awaited::Answer, slot),
            None => self.expect(miner, limit, Awaited::Answer, slot),
        }
        if !matches!(plan.ack, AckPlan::Refuse(_)) {
            if way == SimSpan::ZERO {
                self.arrive(slot, now);
            } else {
                self.expect(miner, arrival, Awaited::Arrival, slot);
            }
        }
        self.settle(miner, slot);
    }

    /// The earliest event of `miner` happens.
    #[inline]
    pub(super) fn miner_event(&mut self, miner: usize) {
        let event = self.stations[miner].next().expect("the list knows what a miner waits for");
        self.jobs.get(event.slot).awaited -= 1;
        match event.what {
            Awaited::Answer => {
                let job = self.jobs.get(event.slot).record.job;
                let limit = job.created + self.kinds.ack_timeout(job.kind);
                self.answer(event.slot, event.at, limit);
            }
            Awaited::Arrival => self.arrive(event.slot, event.at),
            Awaited::Done => self.done(event.slot, event.at),
            Awaited::Callback => self.call_back(event.slot, event.at),
        }
        self.settle(MinerId::of(miner), event.slot);
    }

    /// The event list learns what `miner` waits for next, and a job that is over makes room.
    #[inline]
    fn settle(&mut self, miner: MinerId, slot: Slot) {
        let earliest = self.stations[miner.index()].earliest();
        self.list.set(miner.index(), earliest);
        self.jobs.close_when_done(slot);
    }

    #[inline]
    fn expect(&mut self, miner: MinerId, at: SimTime, what: Awaited, slot: Slot) {
        self.jobs.get(slot).awaited += 1;
        self.stations[miner.index()].expect(Event { at, what, slot });
    }

    /// The miner's answer to the request is recorded, or the orchestrator stops waiting for it at `limit`.
    fn answer(&mut self, slot: Slot, now: SimTime, limit: SimTime) {
        let job = self.jobs.get(slot);
        if job.answered {
            return;
        }
        job.answered = true;
        let client = job.record.job.client;
        let failure = match job.plan.ack {
            _ if now >= limit => Some(FailureReason::DispatchTimeout),
            AckPlan::Refuse(status) => Some(FailureReason::DispatchStatus(status)),
            AckPlan::Now | AckPlan::After(_) | AckPlan::AfterCallback(_) | AckPlan::Never => None,
        };
        match failure {
            None => {
                job.dispatched = Some(now);
                Books::dispatched(&mut job.record, now);
                if job.called_back {
                    self.witness.answered_late(&job.record);
                }
            }
            Some(reason) if job.called_back => {
                // A failed dispatch after a callback: the last write wins.
                self.change(slot, |_, record| Books::dispatch_failed(record, now, reason));
            }
            Some(reason) => {
                let miner = job.record.miner;
                self.board.in_flight[miner.index()] -= 1;
                if self.kinds.counts_failures {
                    self.count_failure(miner);
                }
                self.change(slot, |_, record| Books::dispatch_failed(record, now, reason));
            }
        }
        self.clients.answered(client, now);
    }

    /// The request joins the miner's queue.
    #[inline]
    fn arrive(&mut self, slot: Slot, now: SimTime) {
        let miner = self.jobs.get(slot).record.miner;
        let station = &mut self.stations[miner.index()];
        if station.in_service < station.concurrency {
            station.in_service += 1;
            self.begin(slot, now);
        } else {
            station.waiting.push_back(slot);
            self.jobs.get(slot).awaited += 1;
        }
    }

    /// A worker slot takes the job.
    #[inline]
    pub(super) fn begin(&mut self, slot: Slot, now: SimTime) {
        let open = self.jobs.get(slot);
        let job = open.record.job;
        let plan = open.plan.work;
        let miner = open.record.miner;
        let work = Work {
            job: job.number,
            kind: job.kind,
            adapter: job.adapter,
            prompt: job.prompt,
            class: job.class,
            seed: plan.seed,
            steps: plan.steps,
            source: plan.source,
            begins: now,
            service: job.words.service,
            size: job.words.size,
        };
        let produced = self.backends[miner.index()].compute(&work);
        let settings = &self.scenario.miners[miner.index()];
        let seen = produced.took.up_to_multiple_of(settings.poll);
        let gave_up = settings.give_up.filter(|limit| seen > *limit);
        let way = settings
            .transfer
            .as_ref()
            .map_or(SimSpan::ZERO, |law| law.draw(now, job.words.service.derive(TRANSFER_USE)));
        let open = self.jobs.get(slot);
        open.record.truth.began = Some(now);
        open.record.truth.service = produced.took;
        open.record.truth.computed_steps = computed(&plan);
        open.produced = Some(match gave_up {
            None => produced,
            Some(_) => Completion { outcome: Output::Failed, ..produced },
        });
        let held = gave_up.unwrap_or(seen);
        self.tally.busy(miner, now, produced.took.min(held));
        self.expect(miner, now + held + way, Awaited::Done, slot);
    }

    /// The work is done and its slot free; the result is sent, held back, or kept.
    #[inline]
    fn done(&mut self, slot: Slot, now: SimTime) {
        let open = self.jobs.get(slot);
        let miner = open.record.miner;
        let plan = open.plan;
        let service_ns = open.record.truth.service.0;
        self.board.served(miner, service_ns);
        let station = &mut self.stations[miner.index()];
        let may_go_on = station.in_service <= station.concurrency;
        match station.waiting.pop_front_if(|_| may_go_on) {
            Some(next) => {
                self.jobs.get(next).awaited -= 1;
                self.begin(next, now);
            }
            None => station.in_service -= 1,
        }
        match plan.answer {
            AnswerPlan::Silent => {}
            AnswerPlan::Reply { after: SimSpan::ZERO, .. } => self.call_back(slot, now),
            AnswerPlan::Reply { after, .. } => {
                self.expect(miner, now + after, Awaited::Callback, slot);
            }
        }
        if let AckPlan::AfterCallback(late) = plan.ack {
            self.expect(miner, now + late, Awaited::Answer, slot);
        }
    }

    /// The miner calls back.
    #[inline]
    fn call_back(&mut self, slot: Slot, now: SimTime) {
        let open = self.jobs.get(slot);
        let AnswerPlan::Reply { what, .. } = open.plan.answer else { return };
        let image = match open.produced.map(|p| p.outcome) {
            Some(Output::Done(image)) => Some(image),
            Some(Output::Nothing | Output::Failed) | None => None,
        };
        open.called_back = true;
        let record = &mut open.record;
        let carried = Carried::of(what, image.map(|i| i.size_bytes));
        let own = matches!(what, Reply::Image)
            && open.plan.work.source == Source::Computed
            && open.plan.work.seed == record.job.seed
            && open.plan.work.steps >= record.job.steps
            && image.is_some();
        let in_time = now.since(record.job.created) <= record.job.time_limit;
        record.truth.useful_steps = if own && in_time { record.job.steps } else { 0 };
        record.truth.image_id = match what {
            Reply::Image => image.map(|i| i.id),
            Reply::NoImage | Reply::Bytes(_) | Reply::Truncated | Reply::Error => None,
        };
        let (miner, kind, dispatched) = (record.miner, record.job.kind, open.dispatched);
        if !(open.answered && dispatched.is_none()) {
            self.board.in_flight[miner.index()] -= 1;
        }
        let is_kontext = self.kinds.scored(kind).is_kontext;
        let callback = Callback { at: now, carried, is_kontext, dispatched };
        self.change(slot, |books, record| {
            books.called_back(record, &callback);
        });
        let record = &self.jobs.get(slot).record;
        if record.truth.useful_steps > 0 {
            self.tally.useful(record);
            self.series.useful();
        }
        if self.auditor.is_on() {
            self.consider_audit(slot, now);
        }
    }

    /// Changes what is stored about a job, and tells all who count.
    #[inline]
    fn change(&mut self, slot: Slot, write: impl FnOnce(&Books, &mut JobRecord)) {
        let record = &mut self.jobs.get(slot).record;
        let before = Before::of(record);
        let overwrites = record.overwritten;
        write(&self.books, record);
        self.tally.changed(record, before);
        if let Some(runtime_ms) = before.answered_by(record) {
            self.series.answered(record.miner, runtime_ms);
        }
        if record.overwritten > overwrites {
            self.overwritten += 1;
        }
        let kind = self.kinds.scored(record.job.kind);
        let event = Books::event(record, kind.weight, kind.is_kontext);
        self.mechanism.finished(record, event);
        self.digester.job(record);
        self.witness.job(record);
    }
}

/// Steps that a plan really computes.
fn computed(plan: &WorkPlan) -> u32 {
    match plan.source {
        Source::Computed => plan.steps,
        Source::Cached(_) | Source::Nothing => 0,
    }
}
