//! What is judged of a scenario, and which variants of it are run.

use crate::base::wording;
use crate::config::ScenarioFile;
use crate::config::SweepCell;
use crate::property::Expect;
use crate::property::Property;
use crate::report::judged::quantity;

/// A sentence a claim, and one for the sweep.
pub(super) fn sentences(file: &ScenarioFile) -> Vec<String> {
    let mut lines: Vec<String> = file.property.iter().map(claim).collect();
    if lines.is_empty() && file.replay.is_none() {
        lines.push("No claim beside the invariants; `[[property]]` makes one.".to_string());
    }
    lines.extend(sweep(file));
    lines
}

fn claim(property: &Property) -> String {
    let own =
        property.quantity.as_ref().map(|spec| quantity(property, &spec.build().declared().label));
    let relation = property.relation.map_or("=", |relation| relation.sign());
    let figures = own.zip(property.threshold).map(|(quantity, threshold)| {
        let margin = property.margin.map(|margin| format!(", margin {margin}"));
        format!(" ({quantity} {relation} {threshold}{})", margin.unwrap_or_default())
    });
    let known = match (property.expect, property.because.as_deref().filter(|why| !why.is_empty())) {
        (Expect::Pass, _) => String::new(),
        (Expect::Fail, None) => " Known to be false.".to_string(),
        (Expect::Fail, Some(because)) => format!(" Known to be false: {because}"),
    };
    format!("{}: {}{}{known}", property.id, property.claim, figures.unwrap_or_default())
}

/// A cell that is listed by itself: its name, else what it is.
fn cell(cell: &SweepCell) -> String {
    match (cell.name.as_str(), &cell.file) {
        ("", Some(file)) => file.clone(),
        ("", None) => cell.set.join(" "),
        (name, _) => format!("\"{name}\""),
    }
}

fn sweep(file: &ScenarioFile) -> Option<String> {
    let sweep = file.sweep.as_ref()?;
    let grid: usize = sweep.grid.iter().map(|axis| axis.values.len()).product();
    let cells = sweep.list.len() + if sweep.grid.is_empty() { 0 } else { grid };
    let axis = |axis: &crate::config::SweepAxis| {
        let values: Vec<String> = axis.values.iter().map(ToString::to_string).collect();
        format!("{} at {}", axis.key, wording::listed(&values))
    };
    let mut parts: Vec<String> = sweep.grid.iter().map(axis).collect();
    if !sweep.list.is_empty() {
        let names: Vec<String> = sweep.list.iter().map(cell).collect();
        parts.push(wording::listed(&names));
    }
    let cells = wording::count(cells, "cell");
    Some(format!("`assay sweep` runs {cells}: {}.", parts.join("; ")))
}
