//! What a run leaves behind: csv tables, the manifest, the verdicts on invariants.

mod changed;
mod columns;
mod command;
mod comparison;
mod draft;
mod epochs;
mod figure;
mod findings;
mod folder;
mod in_words;
mod jobs;
mod judged;
#[cfg(feature = "report")]
mod judging;
mod manifest;
mod measured;
mod ours;
#[cfg(feature = "report")]
mod packet;
#[cfg(feature = "report")]
mod page;
#[cfg(feature = "report")]
mod plot;
mod read;
#[cfg(feature = "report")]
mod redraw;
mod seal;
#[cfg(feature = "report")]
mod statistic;
mod sweep;
mod table;
mod tables;
mod warm_up;
mod words;

pub(crate) use changed::changed;
pub(crate) use changed::title;
pub use columns::TableColumn;
pub use columns::columns;
pub(crate) use columns::quantity_of;
pub(crate) use command::Parts;
pub use command::option;
pub use command::quoted;
pub use command::recording_name;
pub(crate) use comparison::comparison;
pub(crate) use comparison::sentences;
pub(crate) use draft::discard_all as discard_drafts;
pub(crate) use epochs::table as epochs;
pub(crate) use epochs::warm_up;
pub(crate) use figure::figure;
pub(crate) use findings::Findings;
pub(crate) use folder::Folder;
pub(crate) use folder::FolderError;
pub(crate) use folder::refuse_foreign;
pub(crate) use folder::refuse_no_file;
pub(crate) use folder::write_whole;
pub use in_words::Paragraph;
pub(crate) use in_words::in_words;
pub(crate) use in_words::place_in_words;
pub use jobs::JobTables;
pub(crate) use jobs::JobsExport;
pub(crate) use jobs::jobs;
pub use judged::Judged;
pub(crate) use manifest::ComparedClaim;
pub(crate) use manifest::MANIFEST;
pub(crate) use manifest::Manifest;
pub(crate) use manifest::SOURCES;
pub(crate) use manifest::scenario_hash;
pub(crate) use measured::MeasuredClaim;
#[cfg(feature = "report")]
pub(crate) use ours::PLOTS;
#[cfg(feature = "report")]
pub(crate) use packet::fill;
#[cfg(feature = "report")]
pub(crate) use packet::packet;
#[cfg(feature = "report")]
pub(crate) use packet::packet_of;
#[cfg(feature = "report")]
pub(crate) use packet::validation_packet;
#[cfg(feature = "report")]
pub(crate) use page::PAGE;
#[cfg(feature = "report")]
pub(crate) use page::ValidationFacts;
#[cfg(feature = "report")]
pub(crate) use page::agreement as agreement_page;
#[cfg(feature = "report")]
pub(crate) use plot::told as plots_told;
pub(crate) use read::Files;
#[cfg(feature = "report")]
pub(crate) use read::Kept;
pub(crate) use read::ReadError;
pub(crate) use read::manifest_of;
#[cfg(feature = "report")]
pub(crate) use redraw::redraw;
pub(crate) use seal::Seal;
pub(crate) use seal::hash as file_hash;
pub(crate) use seal::seal_of;
pub(crate) use sweep::SweptCell;
pub(crate) use sweep::is_sweep_column;
pub(crate) use sweep::sweep;
pub use table::Cell;
pub use table::Table;
pub(crate) use table::headings;
pub(crate) use table::is_table;
pub use tables::MetricRow;
pub(crate) use tables::measure;
pub(crate) use tables::metrics;
pub(crate) use tables::miners;
pub use words::ScenarioLine;
pub(crate) use words::words;

use serde::Serialize;

/// JSON text, ending in a line break.
pub(crate) fn json(value: &impl Serialize) -> Vec<u8> {
    let mut bytes = serde_json::to_vec_pretty(value).expect("plain values are JSON");
    bytes.push(b'\n');
    bytes
}
