//! Does a router without scores change who is paid? Two variants on the same seeds, so that luck is the same for both.
//!
//! `cargo run -p assay-sim --example compare`

use assay_sim::simulation::ComparedGroup;
use assay_sim::simulation::Comparison;
use assay_sim::simulation::Conduct;
use assay_sim::simulation::Error;
use assay_sim::simulation::Simulation;
use std::io::Write;

/// The production rules of October 2025.
const SCENARIO: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../scenarios/sn11-2025-10.toml");
/// Miners are chosen by stake alone, in place of stake times score.
const CHANGE: &str = "router.stake_proportional = {}";

fn main() -> Result<(), Error> {
    let world = Simulation::load(SCENARIO)?.epochs(12).replications(4);
    let comparison = Comparison::of_changes(&world, &[CHANGE.to_string()])?;
    let differences = comparison.run(&Conduct::default())?;

    let mut out = std::io::stdout().lock();
    let classes = differences.all().iter().filter(|line| line.group == ComparedGroup::Class);
    for line in classes {
        let share =
            |x: Option<f64>| x.map_or("none".to_string(), |x| format!("{:.2} %", 100.0 * x));
        let (name, before, after) = (&line.name, share(line.before), share(line.after));
        writeln!(out, "{name}: pay share {before} before, {after} after")
            .map_err(|error| Error::Machine(error.to_string()))?;
    }
    Ok(())
}
