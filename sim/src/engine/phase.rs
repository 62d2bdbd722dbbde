//! A change of the schedule takes force: another stretch of the scenario holds from now on.
//!
//! What has been drawn stays drawn: work in service, answers under way and the client's next request keep their times.
//! Finished jobs that a score rule has judged keep that judgement. A miner whose behaviour changes starts the new one
//! afresh.

use crate::base::units::SimTime;
use crate::engine::kinds::Kinds;
use crate::engine::world::World;
use crate::engine::world::drawn;
use crate::subnet::orchestrator::Books;

impl World<'_> {
    /// The next change of the schedule.
    pub(super) fn begin_phase(&mut self, now: SimTime) {
        let ((_, next), rest) = self.to_come.split_first().expect("its clock has struck");
        let before = self.scenario;
        (self.scenario, self.to_come) = (next, rest);
        self.kinds = Kinds::of(next);
        self.books = Books::new(&next.orchestrator);
        self.tally.change(next, now);
        self.ledger.change(next, now);
        self.clients.change(before, next, now);
        self.mechanism.change(before, next);
        self.board.change(next);
        self.auditor.change(&next.orchestrator, self.draws);
        if before.router != next.router {
            self.router = next.router.build();
        }
        self.router.update(&self.board.view(), &self.everyone());
        for (place, (old, new)) in before.miners.iter().zip(&next.miners).enumerate() {
            if old.behaviour != new.behaviour {
                self.behaviours[place] = new.behaviour.build();
            }
            if self.draws {
                self.backends[place] = drawn(new);
            }
            self.reseat(place, now);
        }
    }

    /// The miner has as many worker slots as the scenario says now: more of them take waiting jobs at once.
    fn reseat(&mut self, place: usize, now: SimTime) {
        self.stations[place].concurrency = self.scenario.miners[place].concurrency;
        loop {
            let station = &mut self.stations[place];
            if station.in_service >= station.concurrency {
                break;
            }
            let Some(waiting) = station.waiting.pop_front() else { break };
            station.in_service += 1;
            self.jobs.get(waiting).awaited -= 1;
            self.begin(waiting, now);
        }
        self.list.set(place, self.stations[place].earliest());
    }
}
