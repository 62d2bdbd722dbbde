//! How long is the longest time between two jobs? An observer of one's own sees what no table keeps.
//!
//! `cargo run -p assay-sim --example observer`

use assay_sim::base::ids::MinerId;
use assay_sim::base::units::SimSpan;
use assay_sim::base::units::SimTime;
use assay_sim::simulation::Error;
use assay_sim::simulation::Observer;
use assay_sim::simulation::Simulation;
use assay_sim::work::EpochRecord;
use assay_sim::work::Request;
use std::io::Write;

/// The production rules of October 2025.
const SCENARIO: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../scenarios/sn11-2025-10.toml");

/// Remembers when the last job came, and the longest pause before one.
#[derive(Debug, Default)]
struct Pauses {
    last: SimTime,
    longest: SimSpan,
    requests: u64,
    epochs: u64,
}

impl Observer for Pauses {
    fn requested(&mut self, request: &Request, _miner: Option<MinerId>) {
        self.longest = self.longest.max(request.created.since(self.last));
        self.last = request.created;
        self.requests += 1;
    }

    fn epoch_ended(&mut self, _record: &EpochRecord, _weight_shares: &[f64]) {
        self.epochs += 1;
    }
}

fn main() -> Result<(), Error> {
    let world = Simulation::load(SCENARIO)?.epochs(12).replications(1);
    let mut pauses = Pauses::default();
    let outcome = world.observe(&mut pauses).run()?;
    // To look on changes nothing.
    assert_eq!(outcome.digest(), world.run()?.digest());
    assert_eq!(pauses.requests, outcome.job_count());

    let mut out = std::io::stdout().lock();
    let (requests, epochs, longest) = (pauses.requests, pauses.epochs, pauses.longest.seconds());
    writeln!(out, "{requests} jobs in {epochs} epochs; the longest pause took {longest:.0} s")
        .map_err(|error| Error::Machine(error.to_string()))
}
