//! The packet of a results folder: its plots, and the page that holds them.

use crate::report::folder::Folder;
use crate::report::folder::FolderError;
use crate::report::ours::PLOTS;
use crate::report::page;
use crate::report::page::ValidationFacts;
use crate::report::plot;
use crate::report::plot::Plots;
use crate::report::read::Files;
use crate::report::read::Kept;
use crate::report::read::ReadError;
use std::path::Path;

/// Files to be written into a results folder, by name.
pub(crate) type Packet = Vec<(String, Vec<u8>)>;

/// Writes into a results folder the packet of what was written into it.
///
/// # Errors
/// When the disk is full or fails.
///
/// # Panics
/// When what was just written cannot be read, which is a bug.
pub(crate) fn fill(folder: &Folder) -> Result<(), FolderError> {
    let kept = Kept::read(folder.draft()).expect("what was just written can be read");
    for (name, bytes) in packet(&kept, false) {
        folder.write(&name, &bytes)?;
    }
    Ok(())
}

/// The packet of files that stand, or will stand, at `place`.
///
/// # Errors
/// When one is damaged, or of a verb that has no report.
pub(crate) fn packet_of(place: &Path, files: &Files, png: bool) -> Result<Packet, ReadError> {
    Ok(packet(&Kept::of(place, files)?, png))
}

/// Every plot as SVG (and as PNG when `png` is set), and the page.
pub(crate) fn packet(kept: &Kept, png: bool) -> Packet {
    let plots = plot::draw(kept, png);
    let mut files = files(&plots);
    files.push((page::PAGE.to_string(), page::page(kept, &plots).into_bytes()));
    files
}

/// The same of a scenario held against a trace.
pub(crate) fn validation_packet(checked: &ValidationFacts<'_>, png: bool) -> Packet {
    let plots = plot::draw_validation(checked.validated, png);
    let mut files = files(&plots);
    files.push((page::PAGE.to_string(), page::validation(checked, &plots).into_bytes()));
    files
}

fn files(plots: &Plots) -> Packet {
    let mut files = Packet::new();
    for drawn in &plots.drawn {
        let name = drawn.name;
        files.push((format!("{PLOTS}/{name}.svg"), drawn.svg.clone().into_bytes()));
        files.extend(drawn.png.iter().map(|png| (format!("{PLOTS}/{name}.png"), png.clone())));
    }
    files
}

/// Whether a file is a plot that a report writes.
pub(super) fn is_plot(path: &Path) -> bool {
    let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    let ending = path.extension().and_then(|ending| ending.to_str());
    plot::names().any(|name| name == stem) && matches!(ending, Some("svg" | "png"))
}
