//! What a run leaves behind: csv tables, the manifest, the verdicts on invariants.

mod figure;
mod folder;
mod jobs;
mod manifest;
mod summary;
mod tables;

pub(crate) use figure::figure;
pub(crate) use folder::Folder;
pub(crate) use folder::FolderError;
pub(crate) use folder::MANIFEST;
pub(crate) use folder::write_whole;
pub(crate) use jobs::jobs;
pub(crate) use manifest::Manifest;
pub(crate) use manifest::scenario_hash;
pub(crate) use manifest::scenario_text;
pub(crate) use summary::Summary;
pub(crate) use tables::MetricRow;
pub(crate) use tables::ratio;
pub(crate) use tables::signed;

use crate::metrics;
use crate::metrics::MetricSpec;
use crate::scenario::Resolved;
use crate::study::Study;
use serde::Serialize;

/// The files of a results folder, and what a table on the terminal shows of them.
#[derive(Debug)]
pub(crate) struct Results {
    /// File names and contents.
    pub(crate) files: Vec<(&'static str, Vec<u8>)>,
    /// Every metric over every group.
    pub(crate) metrics: Vec<MetricRow>,
    /// Invariants that did not hold, in words.
    pub(crate) broken: Vec<String>,
}

impl Results {
    /// The manifest's bytes.
    pub(crate) fn manifest(&self) -> &[u8] {
        let found = self.files.iter().find(|(name, _)| *name == MANIFEST);
        found.map(|(_, bytes)| bytes.as_slice()).unwrap_or_default()
    }
}

/// Everything a run writes. `command` reproduces it.
pub(crate) fn results(scenario: &Resolved, study: &Study, command: &str) -> Results {
    let manifest = Manifest::of(scenario, study, command);
    let standard: Vec<_> = metrics::standard().iter().map(MetricSpec::build).collect();
    let rows = tables::measure(study, &standard);
    let broken = study.broken();
    let invariants = study.invariants.iter().map(|(invariant, broken)| {
        serde_json::json!({
            "id": invariant.name(),
            "claim": invariant.about(),
            "kind": "invariant",
            "status": if broken.is_none() { "PASS" } else { "FAIL" },
            "replications": study.replications.len(),
            "broken": broken.as_ref().map(|(number, broken)| {
                serde_json::json!({ "replication": number, "what": broken.what })
            }),
        })
    });
    let verdicts: Vec<_> = invariants.collect();
    Results {
        files: vec![
            (MANIFEST, json(&manifest)),
            ("miners.csv", tables::miners(scenario, study)),
            ("epochs.csv", tables::epochs(scenario, study)),
            ("metrics.csv", tables::metrics(&rows)),
            ("verdicts.json", json(&verdicts)),
        ],
        metrics: rows,
        broken,
    }
}

/// JSON text, ending in a line break.
fn json(value: &impl Serialize) -> Vec<u8> {
    let mut bytes = serde_json::to_vec_pretty(value).expect("plain values are JSON");
    bytes.push(b'\n');
    bytes
}
