//! `manifest.json`: what a results folder claims, and the command that reproduces it. No clock, host, path or thread count.

use crate::base::units::RAO_PER_TOKEN;
use crate::base::units::Rao;
use crate::report::measured::MeasuredClaim;
use crate::scenario::Scenario;
use crate::study::Study;
use serde::Deserialize;
use serde::Serialize;
use std::collections::BTreeMap;
use xxhash_rust::xxh3::xxh3_128;

/// The file that makes a folder a results folder.
pub(crate) const MANIFEST: &str = "manifest.json";
/// Version of the manifest's keys.
pub(crate) const MANIFEST_VERSION: u32 = 1;

/// Hash of the sources from which a digest can come, 32 hexadecimal digits; `build/sources.rs` says which and how.
pub(crate) const SOURCES: &str = env!("ASSAY_SOURCES");

/// What a results folder claims.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Manifest {
    /// Version of these keys.
    #[serde(rename = "manifest_version")]
    pub(crate) layout: u32,
    /// Package that made it.
    pub(crate) package: String,
    /// Version of the package that made it.
    pub(crate) package_version: String,
    /// Hash of the sources from which the digest came; none in results of version 0.1.0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) sources: Option<String>,
    /// Name of the scenario.
    pub(crate) scenario: String,
    /// The question it asks.
    pub(crate) question: String,
    /// The command that reproduces the folder.
    pub(crate) command: String,
    /// Seed of all randomness.
    pub(crate) seed: u64,
    /// Number of replications that were run.
    pub(crate) replications: u32,
    /// Epochs of each replication, warm-up among them.
    pub(crate) epochs: u32,
    /// xxh3-128 of the scenario's text.
    pub(crate) scenario_hash: String,
    /// Fingerprint of the run.
    pub(crate) digest: String,
    /// Fingerprints of its replications, in order.
    pub(crate) replication_digests: Vec<String>,
    /// Jobs of all replications.
    pub(crate) jobs: u64,
    /// Jobs whose stored status was overwritten by a later callback: a replay of their file cannot repeat that.
    pub(crate) jobs_overwritten: u64,
    /// Miners that lost their validity while they had a score: a replay keeps scoring them.
    pub(crate) miners_invalidated: u64,
    /// Rows of weights the chain refused for another reason than coming too soon.
    pub(crate) rows_refused: u64,
    /// What audits did, in a scenario that has them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) audits: Option<AuditClaim>,
    /// What of the run was measured, where real backends served.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) measured: Option<MeasuredClaim>,
    /// Statistical properties that share the error bounds of the folder's verdicts, those of other files or cells too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) judged_together: Option<u64>,
    /// What the scenario was compared with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) compared: Option<ComparedClaim>,
    /// Texts of the other scenario files that its properties or cells name, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) other_texts: BTreeMap<String, String>,
    /// The text of the scenario whose cells were run; `scenario_text` is that of the first cell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) sweep_text: Option<String>,
    /// The scenario as TOML, as [`scenario_text`] writes it.
    pub(crate) scenario_text: String,
}

/// What a scenario was compared with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct ComparedClaim {
    /// Name of the second scenario.
    pub(crate) second: String,
    /// Hash of its text.
    pub(crate) second_hash: String,
    /// Every key whose value differs, as `key: before → after`.
    pub(crate) changed: Vec<String>,
    /// Its text; none in results of version 0.2.0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) second_text: Option<String>,
}

/// What audits did in all replications.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct AuditClaim {
    /// Requests repeated on the trusted miner, with a verdict.
    pub(crate) reruns: u64,
    /// Requests taken by chance and not repeated, because too many were waiting.
    pub(crate) skipped: u64,
    /// Repetitions without an image to compare.
    pub(crate) inconclusive: u64,
    /// What the repetitions cost [alpha].
    pub(crate) cost_alpha: f64,
    /// Miners caught: replication, name, requests finished until the one that failed, time of the verdict [ms].
    pub(crate) caught: Vec<(u64, String, u64, u64)>,
}

/// The hash of a scenario's text, 32 hexadecimal digits.
pub(crate) fn scenario_hash(text: &str) -> String {
    format!("{:032x}", xxh3_128(text.as_bytes()))
}

impl Manifest {
    /// The manifest of a run: scenario, digests and counts.
    pub(crate) fn of(scenario: &Scenario, study: &Study, command: &str) -> Self {
        let run = &scenario.run;
        let text = scenario.text.clone();
        let sum = |read: fn(&crate::engine::Replication) -> u64| {
            study.replications.iter().map(read).sum()
        };
        Self {
            layout: MANIFEST_VERSION,
            package: env!("CARGO_PKG_NAME").to_string(),
            package_version: env!("CARGO_PKG_VERSION").to_string(),
            sources: Some(SOURCES.to_string()),
            scenario: scenario.name.clone(),
            question: scenario.question.clone(),
            command: command.to_string(),
            seed: run.seed,
            replications: run.replications,
            epochs: run.epochs,
            scenario_hash: scenario_hash(&text),
            digest: study.digest.to_string(),
            replication_digests: study.replications.iter().map(|r| r.digest.to_string()).collect(),
            jobs: sum(|r| r.jobs),
            jobs_overwritten: sum(|r| r.overwritten),
            miners_invalidated: sum(|r| r.invalidated),
            rows_refused: sum(|r| r.rows_refused),
            audits: scenario.orchestrator.audit.as_ref().map(|_| audits(scenario, study)),
            measured: None,
            judged_together: None,
            compared: None,
            other_texts: BTreeMap::new(),
            sweep_text: None,
            scenario_text: text,
        }
    }
}

/// An amount that 64 bits may not hold, in tokens.
fn tokens(rao: u128) -> f64 {
    let whole = |rao: u128| Rao(u64::try_from(rao).unwrap_or(u64::MAX));
    match u64::try_from(rao) {
        Ok(rao) => Rao(rao).tokens(),
        // Beyond 1.8e10 tokens a billionth of one is no more seen.
        Err(_) => crate::base::math::float(whole(rao / u128::from(RAO_PER_TOKEN)).0),
    }
}

fn audits(scenario: &Scenario, study: &Study) -> AuditClaim {
    let each = || study.replications.iter().map(|r| &r.audits);
    let caught = study.replications.iter().flat_map(|replication| {
        let one = |caught: &crate::subnet::orchestrator::Caught| {
            let name = scenario.miners[caught.miner.index()].name.clone();
            (replication.number, name, caught.finished, caught.at.whole_ms())
        };
        replication.audits.caught.iter().map(one).collect::<Vec<_>>()
    });
    AuditClaim {
        reruns: each().map(|a| a.reruns).sum(),
        skipped: each().map(|a| a.skipped).sum(),
        inconclusive: each().map(|a| a.inconclusive).sum(),
        cost_alpha: tokens(each().map(|a| a.cost_rao).sum()),
        caught: caught.collect(),
    }
}
