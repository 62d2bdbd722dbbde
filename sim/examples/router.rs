//! What if every valid miner got its turn? A router of one's own, registered from outside the crate, and its effect.
//!
//! `cargo run -p assay-sim --example router`

use assay_sim::base::ids::MinerId;
use assay_sim::base::random::Word;
use assay_sim::model::router::Router;
use assay_sim::model::router::View;
use assay_sim::simulation::Error;
use assay_sim::simulation::Simulation;
use assay_sim::work::Request;
use std::io::Write;

/// The production rules of October 2025, which choose by stake and score.
const SCENARIO: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../scenarios/sn11-2025-10.toml");

/// Everybody in turn, whatever its stake and score.
#[derive(Debug, Default)]
struct InTurn {
    last: usize,
}

impl Router for InTurn {
    /// The rule keeps nothing that follows from the view, so there is nothing to bring up to date.
    fn update(&mut self, _view: &View<'_>, _changed: &[MinerId]) {}

    /// The next valid miner after the last that offers the kind of job; the job's randomness is not needed.
    fn route(&mut self, view: &View<'_>, job: &Request, _word: Word) -> Option<MinerId> {
        let count = view.valid.len();
        let offers = |miner: &usize| (view.kinds[*miner] >> job.kind.0) & 1 == 1;
        let next = (1..=count)
            .map(|step| (self.last + step) % count)
            .find(|miner| view.valid[*miner] && offers(miner))?;
        self.last = next;
        Some(MinerId::of(next))
    }
}

fn main() -> Result<(), Error> {
    let world = Simulation::load(SCENARIO)?.epochs(12).replications(2);
    let theirs = world.run()?.metric("gini_requests_by_miner")?;
    let turns = world.router("in_turn", || Box::new(InTurn::default())).run()?;
    let ours = turns.metric("gini_requests_by_miner")?;
    assert!(ours.mean < theirs.mean, "turns are more equal than stakes: {ours:?} {theirs:?}");

    let mut out = std::io::stdout().lock();
    let (theirs, ours) = (theirs.mean, ours.mean);
    writeln!(out, "Gini of requests {theirs:.3} by stake and score, {ours:.3} in turn")
        .map_err(|error| Error::Machine(error.to_string()))
}
