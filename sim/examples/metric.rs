//! How unequally are miners paid? Runs a scenario and reads one metric and one table of what it gave.
//!
//! `cargo run -p assay-sim --example metric`

use assay_sim::simulation::Error;
use assay_sim::simulation::Simulation;
use std::io::Write;

/// The production rules of October 2025, short enough for an example.
const SCENARIO: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../scenarios/sn11-2025-10.toml");

fn main() -> Result<(), Error> {
    let world = Simulation::load(SCENARIO)?.epochs(12).replications(4);
    let outcome = world.run()?;

    // A metric goes by the label it has in metrics.csv; its mean is over the replications.
    let gini = outcome.metric("gini_pay_by_miner")?;
    // A table has the columns of the file of its name.
    let miners = outcome.miners();
    let paid = miners.column("pay_rao").expect("a column of miners.csv");
    let paid = paid.iter().filter(|cell| cell.number() > Some(0.0)).count();

    let mut out = std::io::stdout().lock();
    let told = writeln!(
        out,
        "{}\nGini of pay {:.3} ± {:.3}; {paid} of {} rows were paid; digest {}",
        outcome.question(),
        gini.mean,
        gini.half_width.unwrap_or_default(),
        miners.rows().len(),
        outcome.digest(),
    );
    told.map_err(|error| Error::Machine(error.to_string()))
}
