//! What a run leaves behind: csv tables, the manifest, the verdicts on invariants.

mod comparison;
mod epochs;
mod figure;
mod findings;
mod folder;
mod jobs;
mod judged;
mod manifest;
mod measured;
mod packet;
mod page;
mod plot;
mod read;
mod summary;
mod sweep;
mod tables;
mod words;

pub(crate) use comparison::comparison;
pub(crate) use figure::figure;
pub(crate) use findings::Findings;
pub(crate) use folder::Folder;
pub(crate) use folder::FolderError;
pub(crate) use folder::MANIFEST;
pub(crate) use folder::write_whole;
pub(crate) use jobs::jobs;
pub(crate) use judged::Judged;
pub(crate) use manifest::Manifest;
pub(crate) use manifest::scenario_hash;
pub(crate) use manifest::scenario_text;
pub(crate) use measured::MeasuredClaim;
pub(crate) use packet::PLOTS;
pub(crate) use packet::finish;
pub(crate) use packet::is_plot;
pub(crate) use packet::packet;
pub(crate) use packet::validation_packet;
pub(crate) use page::Checked;
pub(crate) use page::agreement as agreement_page;
pub(crate) use read::Kept;
pub(crate) use read::ReadError;
pub(crate) use read::manifest_of;
pub(crate) use summary::Summary;
pub(crate) use sweep::SweptCell;
pub(crate) use sweep::sweep;
pub(crate) use tables::MetricRow;
pub(crate) use tables::ratio;
pub(crate) use tables::signed;
pub(crate) use words::words;

use crate::metrics;
use crate::metrics::MetricSpec;
use crate::scenario::Scenario;
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

/// Everything a run writes, with the verdicts on it. `command` reproduces it; `measured` says what real backends did.
pub(crate) fn results(
    scenario: &Scenario,
    study: &Study,
    judged: &[Judged],
    measured: Option<MeasuredClaim>,
    command: &str,
) -> Results {
    let manifest = Manifest { measured, ..Manifest::of(scenario, study, command) };
    let standard: Vec<_> = metrics::standard().iter().map(MetricSpec::build).collect();
    let rows = tables::measure(study, &standard);
    let broken = study.broken();
    Results {
        files: vec![
            (MANIFEST, json(&manifest)),
            ("miners.csv", tables::miners(scenario, study)),
            ("epochs.csv", epochs::table(scenario, study)),
            ("metrics.csv", tables::metrics(&rows)),
            ("verdicts.json", json(&judged)),
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
