//! Whether audits catch the same cheats at the same requests, whoever makes the images.

use crate::cli::backend_args::BackendArgs;
use crate::cli::outcome::HarnessFailure;
use crate::cli::run::Worker;
use crate::cli::run::record_all;
use crate::model::weights::ModelWeights;
use assay_sim::miner::Alarm;
use assay_sim::simulation::Experiment;
use serde::Serialize;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

/// A miner that an audit caught. When it was is no part of it: times are the backend's own.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub(super) struct CaughtMiner {
    replication: u64,
    miner: String,
    /// Requests that the miner had finished, with the one that was caught.
    finished: u64,
}

/// Who was caught on both backends, and who on one alone.
#[derive(Debug, Serialize)]
pub(super) struct AuditAgreement {
    /// Runs it again, but for the choice of an adapter.
    command: String,
    both: BTreeSet<CaughtMiner>,
    cpu_only: BTreeSet<CaughtMiner>,
    device_only: BTreeSet<CaughtMiner>,
}

impl AuditAgreement {
    /// Who was caught on the CPU and who on the device, side by side.
    fn of(command: String, cpu: &BTreeSet<CaughtMiner>, device: &BTreeSet<CaughtMiner>) -> Self {
        Self { command, both: cpu & device, cpu_only: cpu - device, device_only: device - cpu }
    }

    /// Whether the same were caught at the same requests, and anybody at all.
    pub(super) fn is_same(&self) -> bool {
        !self.both.is_empty() && self.cpu_only.is_empty() && self.device_only.is_empty()
    }

    /// The part for people.
    pub(super) fn text(&self) -> String {
        if self.is_same() {
            let count = self.both.len();
            return format!(
                "{count} cheats caught, at the same requests on the CPU and the device"
            );
        }
        let [both, cpu, device] =
            [&self.both, &self.cpu_only, &self.device_only].map(BTreeSet::len);
        format!(
            "DIFFER: {both} caught alike, {cpu} so on the CPU only, {device} on the device only"
        )
    }
}

/// Runs the scenario on the CPU and on the device; recordings go to `folder`.
///
/// # Errors
/// When the backend cannot be opened, the device or the disk fails, or the alarm was set off.
pub(super) fn compare(
    experiment: &Experiment,
    device: &BackendArgs,
    (folder, alarm): (&Path, &Alarm),
) -> Result<AuditAgreement, HarnessFailure> {
    let run = |backend: &BackendArgs| -> Result<BTreeSet<CaughtMiner>, HarnessFailure> {
        let studio = Worker::open(backend, Arc::new(ModelWeights::digits()), experiment)?;
        let folder = folder.join(backend.name());
        let ran = record_all(experiment, &studio, (&folder, experiment.replications()), alarm)?;
        let caught = ran.iter().flat_map(|ran| experiment.caught(ran));
        let one = |(replication, miner, finished)| CaughtMiner { replication, miner, finished };
        Ok(caught.map(one).collect())
    };
    let command = experiment.command(&["--backend".to_string(), device.name().to_string()]);
    Ok(AuditAgreement::of(command, &run(&BackendArgs::cpu())?, &run(device)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn caught(miner: &str, finished: u64) -> CaughtMiner {
        CaughtMiner { replication: 0, miner: miner.to_string(), finished }
    }

    #[test]
    fn a_cheat_caught_a_request_later_is_another() {
        let cpu = BTreeSet::from([caught("a", 3), caught("b", 5)]);
        let same = AuditAgreement::of(String::new(), &cpu, &cpu.clone());
        assert!(same.is_same() && same.text().starts_with("2 cheats"));
        let device = BTreeSet::from([caught("a", 3), caught("b", 6)]);
        let other = AuditAgreement::of(String::new(), &cpu, &device);
        assert!(!other.is_same());
        assert_eq!(
            (other.cpu_only, other.device_only),
            ([caught("b", 5)].into(), [caught("b", 6)].into())
        );
    }

    #[test]
    fn that_nobody_is_caught_shows_nothing() {
        let nobody = BTreeSet::new();
        assert!(!AuditAgreement::of(String::new(), &nobody, &nobody).is_same());
    }
}
