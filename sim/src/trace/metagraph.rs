//! A metagraph snapshot, CSV or JSON as `btcli` and the SDK write it, as the cohorts of a scenario.
//!
//! Neurons of one coldkey are one operator's cohort, those alone with theirs one cohort together. Who is a validator is read
//! in `read`, with every guess that had to be made; each stands in the scenario as a comment.

mod amount;
mod read;
mod table;

use crate::base::math;
use read::Neuron;
use read::SnapshotNeurons;
use std::collections::BTreeMap;
use std::fmt::Write;

/// What stands before a guess in the scenario.
pub(crate) const GUESS: &str = "# Guess: ";

/// The scenario of a snapshot called `name`; `owner` is the owner's uid, whose neuron is left out, where that is known
/// better than the snapshot says.
///
/// # Errors
/// Text that names the place, what stands there and what may.
pub(crate) fn scenario(name: &str, text: &str, owner: Option<u16>) -> Result<String, String> {
    let subnet = SnapshotNeurons::read(text, owner)?;
    write(name, &subnet).map_err(|_| "cannot write to memory".to_string())
}

fn write(name: &str, subnet: &SnapshotNeurons) -> Result<String, std::fmt::Error> {
    let owner = subnet.owner;
    let mut out = String::new();
    writeln!(
        out,
        "# Who gets paid on the subnet of the snapshot {name}, if all of its miners are honest?"
    )?;
    writeln!(
        out,
        "# Stakes, uids and shared coldkeys are the snapshot's; latencies and arrivals are not in it: replace them."
    )?;
    for guess in &subnet.guesses {
        writeln!(out, "{GUESS}{guess}")?;
    }
    writeln!(
        out,
        "\n[[client]]\nname = \"client\"\n[client.arrivals.closed_loop]\nthink_ms = 30023.0\n"
    )?;
    writeln!(out, "[chain]\nuids = 256\nowner_uid = {owner}")?;
    for validator in subnet.validators() {
        writeln!(out, "\n[[validator]]\nname = \"validator-{}\"", validator.uid)?;
        writeln!(out, "stake_alpha = {:?}", validator.total_stake)?;
    }
    let (shared, alone) = by_key(subnet);
    for (number, own) in shared.iter().enumerate() {
        cohort(&mut out, &format!("operator-{}", number + 1), own, true)?;
    }
    if !alone.is_empty() {
        cohort(&mut out, "independent", &alone, false)?;
    }
    Ok(out)
}

/// Miners of one coldkey together, the most first, and those alone with theirs.
fn by_key(subnet: &SnapshotNeurons) -> (Vec<Vec<&Neuron>>, Vec<&Neuron>) {
    let mut by_key: BTreeMap<&str, Vec<&Neuron>> = BTreeMap::new();
    let mut alone = Vec::new();
    for neuron in subnet.miners() {
        if neuron.coldkey.is_empty() {
            alone.push(neuron);
        } else {
            by_key.entry(&neuron.coldkey).or_default().push(neuron);
        }
    }
    let mut shared: Vec<Vec<&Neuron>> = Vec::new();
    for (_, own) in by_key {
        if own.len() == 1 { alone.extend(own) } else { shared.push(own) }
    }
    shared.sort_by_key(|own| (usize::MAX - own.len(), own[0].uid));
    alone.sort_by_key(|neuron| neuron.uid);
    (shared, alone)
}

fn cohort(out: &mut String, name: &str, own: &[&Neuron], one_key: bool) -> std::fmt::Result {
    let stake: f64 = own.iter().map(|neuron| neuron.alpha_stake).sum();
    let count = own.len();
    writeln!(
        out,
        "\n# {count} miners, {:.1} alpha each in the mean",
        stake / math::float_len(count)
    )?;
    writeln!(out, "[[cohort]]\nname = \"{name}\"\nshared_coldkey = {one_key}")?;
    writeln!(out, "miner = [")?;
    for neuron in own {
        let uid = neuron.uid;
        writeln!(
            out,
            "  {{ name = \"uid-{uid}\", uid = {uid}, stake_alpha = {:?} }},",
            neuron.alpha_stake
        )?;
    }
    writeln!(out, "]\n[cohort.service.lognormal]\nmedian_ms = 6500.0\nsigma = 0.3")
}

#[cfg(test)]
mod tests;
