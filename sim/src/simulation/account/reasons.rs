//! Why a miner was paid what it was, in words: each reason is told only where the folder's tables and the scenario's own rules
//! show it.

mod weight;

use crate::base::family::Told;
use crate::base::family::Used;
use crate::base::math;
use crate::base::units::Alpha;
use crate::base::units::SimTime;
use crate::base::wording;
use crate::report;
use crate::report::Manifest;
use crate::scenario::Miner;
use crate::scenario::Period;
use crate::scenario::Scenario;
use crate::simulation::account::chances;
use crate::simulation::account::chances::SeenChances;
use crate::simulation::account::rows::AccountRow;
use crate::simulation::account::rows::Rows;

/// The miner in its scenario.
pub(super) struct MinerCase<'c> {
    manifest: &'c Manifest,
    /// What holds in the beginning.
    first: &'c Scenario,
    /// What holds at the end.
    last: &'c Scenario,
    place: usize,
    rows: &'c Rows,
}

/// Milliseconds of a second and of an hour.
const MS: f64 = 1e3;
const HOUR_MS: f64 = 3_600_000.0;
/// A stake that counts for every router that goes by stake, put in place of another to see whether stake is what is missing.
const ENOUGH: Alpha = Alpha(1_000);

impl<'c> MinerCase<'c> {
    /// The miner called `name`; none where the scenario has none of that name.
    pub(super) fn of(
        manifest: &'c Manifest,
        scenario: &'c Scenario,
        name: &str,
        rows: &'c Rows,
    ) -> Option<Self> {
        let place = scenario.miners.iter().position(|miner| miner.name == name)?;
        let last = scenario.phases.last().map_or(scenario, |(_, last)| last);
        Some(Self { manifest, first: scenario, last, place, rows })
    }

    /// Every reason that holds, in the order of the chain from request to pay.
    pub(super) fn reasons(&self) -> Vec<String> {
        let was_up = self.was_up();
        let mut lines: Vec<String> = self.presence().into_iter().collect();
        lines.extend(self.ban());
        if was_up {
            lines.extend(self.requests());
            lines.extend(self.score());
            lines.extend(self.newcomer_trap());
        }
        lines.extend(self.coldkey());
        lines.extend(self.burn());
        lines.extend(self.rounding());
        lines.extend(self.incentive());
        lines
    }

    /// What decides requests and pay, whoever is asked about.
    pub(super) fn rules(&self) -> Vec<String> {
        let router = match &self.last.router {
            Used::Named(spec) => spec.told(),
            Used::Own(own) => own.name().to_string(),
        };
        let weighting = &self.last.validating.weighting;
        let pay = match report::place_in_words(weighting, self.last.chain.uids) {
            Some(place) => format!(
                "Pay follows the rank of the last score, not the number of requests. {place}"
            ),
            None => format!("Weights: {}.", weighting.told()),
        };
        vec![format!("Requests are given out by {router}."), pay]
    }

    fn miner(&self) -> &Miner {
        &self.first.miners[self.place]
    }

    /// When the run ends.
    fn end(&self) -> SimTime {
        self.first.chain.epoch_time(self.first.run.epochs.saturating_sub(1))
    }

    /// The first health check that finds it up; none where none does before the run's end.
    fn found_up(&self) -> Option<SimTime> {
        let at = first_at(self.first.orchestrator.health_checks, self.miner().from);
        (at < self.miner().until.min(self.end())).then_some(at)
    }

    fn was_up(&self) -> bool {
        self.found_up().is_some()
    }

    /// That it was not there, or not all the time.
    fn presence(&self) -> Option<String> {
        let (from, until, end) = (self.miner().from, self.miner().until, self.end());
        let stay = format!("from hour {} to hour {}", hour(from), hour(until.min(end)));
        if from >= end {
            let (from, end) = (hour(from), hour(end));
            return Some(format!(
                "It comes up at hour {from} and the run ends at hour {end}: it was never there."
            ));
        }
        if !self.was_up() {
            let every = wording::span(self.first.orchestrator.health_checks.every.seconds() * MS);
            return Some(format!(
                "It was up {stay}, and no health check fell into that time (one every {every}): it was never valid, and only \
                 valid miners are asked."
            ));
        }
        (from > SimTime(0) || until < end)
            .then(|| format!("It took part {stay} of the run's {} h.", hour(end)))
    }

    /// That an audit took it out.
    fn ban(&self) -> Option<String> {
        let name = &self.miner().name;
        let audits = self.manifest.audits.as_ref()?;
        let caught: Vec<_> = audits.caught.iter().filter(|caught| caught.1 == *name).collect();
        let earliest = caught.iter().map(|caught| caught.3).min()?;
        let runs = self.in_replications(caught.len());
        let hour = wording::figure(math::float(earliest) / HOUR_MS);
        Some(format!(
            "It failed an audit {runs}, first at hour {hour}: from then on it is invalid, its score is 0 and it gets no request."
        ))
    }

    /// Why it was not asked.
    fn requests(&self) -> Option<String> {
        let count = self.count(|row| row.is_zero("requests"));
        if count == 0 {
            return None;
        }
        let runs = self.in_replications(count);
        let miner = &self.last.miners[self.place];
        let own = self.seen(Some(0.0));
        let has_weight =
            |seen: SeenChances| chances::share_of_two(self.last, self.place, seen) > 0.0;
        let why = if has_weight(own) {
            let found = chances::share(self.last, self.place, own, &self.rows.scores());
            format!(
                "it was valid from hour {} on, and the router gives it {} of the requests with the score that it has: chance \
                 left it out",
                hour(self.found_up().unwrap_or_default()),
                about(found)
            )
        } else if has_weight(SeenChances { stake: ENOUGH, ..own }) {
            match miner.stake.tokens() {
                stake if stake > 0.0 => format!(
                    "the router sees whole tokens of stake, and of its {} alpha that is none: it is chosen only when nobody \
                     has weight",
                    wording::figure(stake)
                ),
                _ => "without stake its routing weight is 0: it is chosen only when nobody has weight".to_string(),
            }
        } else if has_weight(SeenChances { offers: u64::MAX, ..own }) {
            "it offers no kind of job that is asked for".to_string()
        } else {
            "the router gives it no weight".to_string()
        };
        Some(format!("It received no request {runs}: {why}."))
    }

    /// Why its score is 0 although it was asked.
    fn score(&self) -> Vec<String> {
        let asked = |row: &AccountRow| row.is_zero("score") && row.is_above("requests");
        let mut lines = Vec::new();
        let failed = self.count(|row| asked(row) && row.is_zero("successes"));
        if failed > 0 {
            let of =
                |column: &str| self.range(|row| asked(row) && row.is_zero("successes"), column);
            lines.push(format!(
                "None of its requests stands as a success {}, so its score is 0: of {} requests {} failed and {} were never \
                 answered.",
                self.in_replications(failed),
                of("requests"),
                of("failures"),
                of("open")
            ));
        }
        let worthless = self.count(|row| asked(row) && row.is_above("successes"));
        if worthless > 0 {
            let is_worthless = |row: &AccountRow| asked(row) && row.is_above("successes");
            let time = self.range(is_worthless, "runtime_ms_mean");
            lines.push(format!(
                "Its score is 0 although it has successes {} (after {time} ms in the mean): they are worth nothing, or no score run \
                 has seen them yet, or it was not valid at the last one. Scores: {}.",
                self.in_replications(worthless),
                self.last.orchestrator.rules.scoring.told()
            ));
        }
        lines
    }

    /// That a record of score 0 keeps requests away, which no record would not.
    fn newcomer_trap(&self) -> Option<String> {
        let up = self.found_up()?;
        let runs = self.first.orchestrator.score_runs;
        let run = first_at(runs, up);
        // After the last score run no success was seen; before it there must have been none.
        let is_last = run + runs.every >= self.end();
        let count = self.count(|row| row.is_zero("score") && (is_last || row.is_zero("successes")));
        if count == 0 || run >= self.miner().until.min(self.end()) {
            return None;
        }
        let scores = self.rows.scores();
        let share = |score| chances::share(self.last, self.place, self.seen(score), &scores);
        let (unknown, known) = (share(None), share(Some(0.0)));
        // Where a score of 0 takes less than half of the requests, the router does not go by scores.
        if unknown <= 0.0 || known > 0.5 * unknown {
            return None;
        }
        Some(format!(
            "The newcomer trap: the score run at hour {} gave it a record of score 0, for it had seen no success. With that the \
             router gives it {} of the requests, without a record {}; it has it still at the end {}.",
            hour(run),
            about(known),
            about(unknown),
            self.in_replications(count)
        ))
    }

    /// What the router sees of it, with this score.
    fn seen(&self, score: Option<f64>) -> SeenChances {
        let miner = &self.last.miners[self.place];
        SeenChances { stake: miner.stake.whole(), offers: miner.offers, score }
    }

    /// Replications in which it is so.
    fn count(&self, is_so: impl Fn(&AccountRow) -> bool) -> usize {
        self.rows.own().iter().filter(|row| is_so(row)).count()
    }

    /// The figures of a column in the replications in which it is so, as a range.
    fn range(&self, is_so: impl Fn(&AccountRow) -> bool, column: &str) -> String {
        let rows = self.rows.own().iter().filter(|row| is_so(row));
        wording::range(rows.filter_map(|row| row.value(column))).unwrap_or_default()
    }

    /// `in 3 of 20 replications`; of one and of all it is said shorter.
    fn in_replications(&self, count: usize) -> String {
        match self.rows.own().len() {
            1 => "in the one replication".to_string(),
            all if all == count => format!("in all {all} replications"),
            all => format!("in {count} of {all} replications"),
        }
    }
}

/// The first instant of a period at or after `from`.
fn first_at(period: Period, from: SimTime) -> SimTime {
    if from <= period.first || period.every.0 == 0 {
        return period.first;
    }
    let steps = (from.0 - period.first.0).div_ceil(period.every.0);
    SimTime(period.first.0.saturating_add(steps.saturating_mul(period.every.0)))
}

fn hour(time: SimTime) -> String {
    wording::figure(rounded_to(time.seconds() * MS / HOUR_MS))
}

/// A share that was found by asking, in percent.
fn about(share: f64) -> String {
    /// Less is not told from nothing.
    const SMALLEST: f64 = 0.001;
    if share < SMALLEST {
        return format!("less than {}", wording::percent(SMALLEST));
    }
    format!("about {}", wording::percent(rounded(share)))
}

/// Two digits that count.
fn rounded(x: f64) -> f64 {
    format!("{x:.1e}").parse().unwrap_or(x)
}

/// Two places behind the point.
fn rounded_to(x: f64) -> f64 {
    format!("{x:.2}").parse().unwrap_or(x)
}
