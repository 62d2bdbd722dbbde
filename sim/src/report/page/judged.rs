//! Tables of verdicts, of a comparison and of a sweep.

use crate::report::comparison::EXACT;
use crate::report::comparison::REPEATED;
use crate::report::page::grid::Grid;
use crate::report::page::grid::GridCell;
use crate::report::page::grid::GridColumn;
use crate::report::page::grid::PERCENT;
use crate::report::page::grid::short;
use crate::report::read::Change;
use crate::report::read::Kept;
use crate::report::read::Mark;
use crate::report::read::Named;
use crate::report::read::SweepFolder;
use crate::report::read::VerdictLine;
use serde::Serialize;

/// A verdict in the page.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct PageVerdict {
    word: String,
    mark: String,
    id: String,
    claim: String,
    claimed: String,
    estimate: String,
    bounds: String,
    runs: String,
    because: String,
    notes: Vec<String>,
    command: String,
}

/// The verdicts on what was claimed.
pub(super) fn claims(kept: &Kept) -> Vec<PageVerdict> {
    kept.verdicts.iter().filter(|v| v.kind != "invariant").map(verdict).collect()
}

/// Those on the invariants.
pub(super) fn invariants(kept: &Kept) -> Vec<PageVerdict> {
    kept.verdicts.iter().filter(|v| v.kind == "invariant").map(verdict).collect()
}

fn verdict(line: &VerdictLine) -> PageVerdict {
    let unit = if line.unit == "1" { "" } else { line.unit.as_str() };
    let claimed = line.threshold.map_or_else(
        || "exact, in every epoch and job".to_string(),
        |threshold| {
            let margin = line.margin.filter(|margin| *margin > 0.0);
            let margin = margin.map(|m| format!(", margin {}", short(m))).unwrap_or_default();
            let sign = match line.relation.as_str() {
                ">=" => "\u{2265}",
                "<=" => "\u{2264}",
                other => other,
            };
            let unit = if unit.is_empty() { String::new() } else { format!(" {unit}") };
            format!("{} {sign} {}{unit}{margin}", line.quantity, short(threshold))
        },
    );
    let bound = |sign: &str, bound: Option<crate::report::read::Bound>| {
        bound.map(|b| {
            format!("{sign} {} (wrong with chance at most {})", short(b.value), short(b.level))
        })
    };
    let bounds = [bound("\u{2265}", line.lower), bound("\u{2264}", line.upper)];
    let mut notes: Vec<String> = Vec::new();
    let says_more = line.status != "PASS" || !line.finding.is_empty();
    if says_more && !line.reason.is_empty() {
        notes.push(line.reason.clone());
    }
    if let (Some(undefined), Some(runs)) = (line.undefined.filter(|n| *n > 0), line.runs) {
        notes.push(format!("undefined in {undefined} of {runs}"));
    }
    if !line.method.is_empty() {
        notes.push(format!("method: {}", line.method));
    }
    PageVerdict {
        word: line.word(),
        mark: if line.is_surprise() { "fail".to_string() } else { line.status.to_lowercase() },
        id: line.id.clone(),
        claim: line.claim.clone(),
        claimed,
        estimate: line
            .estimate
            .map(|x| format!("{} {unit}", short(x)).trim_end().to_string())
            .unwrap_or_default(),
        bounds: bounds.into_iter().flatten().collect::<Vec<_>>().join(", "),
        runs: line.runs.map(|runs| runs.to_string()).unwrap_or_default(),
        because: line.because.clone().unwrap_or_default(),
        notes,
        command: line.worst_command.clone().unwrap_or_default(),
    }
}

/// What changes for one kind of group, those with the largest difference first.
pub(super) fn changes(kept: &Kept, group: &str) -> Grid {
    let is_share = group != "metric";
    let scale = if is_share { PERCENT } else { 1.0 };
    let unit = if is_share { " [%]" } else { "" };
    let columns = vec![
        GridColumn::words(group),
        GridColumn::words("Verdict"),
        GridColumn::figures(&format!("Before{unit}"), "mean in the first scenario"),
        GridColumn::figures(&format!("After{unit}"), "mean in the second"),
        GridColumn::figures("Difference", "mean of the pairs, second less first"),
        GridColumn::figures("Low", "lower end of the simultaneous 95 % interval, approximate"),
        GridColumn::figures("High", "upper end of the simultaneous 95 % interval, approximate"),
        GridColumn::figures("p", "share of sign patterns that reach as far"),
        GridColumn::words("Note"),
    ];
    let is_told = |c: &&Change| c.group == group && !c.has(REPEATED);
    let mut lines: Vec<&Change> = kept.changes.iter().filter(is_told).collect();
    if is_share {
        let size = |c: &Change| c.difference.unwrap_or(0.0);
        lines.sort_by(|a, b| size(b).total_cmp(&size(a)));
    }
    let row = |change: &Change| {
        let figure = |x: Option<f64>| GridCell {
            text: x.map(|x| short(x * scale)).unwrap_or_default(),
            value: x.map(|x| x.to_string()).unwrap_or_default(),
            mark: String::new(),
        };
        let mark = match (change.sign(), is_share) {
            (1, true) => "pass",
            (-1, true) => "fail",
            _ => "",
        };
        let word = match change.named.as_str() {
            "" if change.has(EXACT) => EXACT,
            "" => "open",
            named => named,
        };
        let unit = if is_share || change.unit == "1" { "" } else { change.unit.as_str() };
        let name =
            if unit.is_empty() { change.name.clone() } else { format!("{} [{unit}]", change.name) };
        vec![
            GridCell::words(&name),
            GridCell { mark: mark.to_string(), ..GridCell::words(word) },
            figure(change.before),
            figure(change.after),
            figure(change.difference),
            figure(change.low),
            figure(change.high),
            GridCell::figure(change.p, 0.0001),
            GridCell::words(&change.note),
        ]
    };
    Grid { columns, rows: lines.into_iter().map(row).collect() }
}

/// What is safe of a parameter.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Safe {
    name: String,
    sentence: String,
    values: Vec<GridCell>,
}

/// The safe values of each parameter.
pub(super) fn safe(sweep: &SweepFolder) -> Vec<Safe> {
    let is_judged = (0..sweep.len()).any(|cell| sweep.worst_of_fairness(cell).is_some());
    if !is_judged {
        return Vec::new();
    }
    let one = |parameter: usize| {
        let named = &sweep.parameters[parameter];
        let values: Vec<String> =
            sweep.values(parameter).into_iter().filter(|value| !value.is_empty()).collect();
        let worst = |value: &String| {
            let cells = (0..sweep.len()).filter(|cell| named.cells[*cell] == *value);
            cells
                .map(|cell| sweep.worst_of_fairness(cell).unwrap_or(Mark::Undecided))
                .max()
                .unwrap_or(Mark::Undecided)
        };
        let marks: Vec<Mark> = values.iter().map(worst).collect();
        let cell = |(value, mark): (&String, &Mark)| GridCell {
            text: format!("{value}: {mark}"),
            value: value.clone(),
            mark: mark.to_string().to_lowercase(),
        };
        Safe {
            name: named.name.clone(),
            sentence: range(&values, &marks),
            values: values.iter().zip(&marks).map(cell).collect(),
        }
    };
    (0..sweep.parameters.len()).map(one).collect()
}

/// The safe values in words; neighbours that all pass are one range.
fn range(values: &[String], marks: &[Mark]) -> String {
    let mut runs: Vec<Vec<&str>> = vec![Vec::new()];
    // Only numbers have neighbours.
    let is_ordered = values.iter().all(|value| value.parse::<f64>().is_ok());
    for (value, mark) in values.iter().zip(marks) {
        if !is_ordered {
            runs.push(Vec::new());
        }
        match mark {
            Mark::Pass => runs.last_mut().expect("there is one").push(value),
            Mark::Undecided | Mark::Fail => runs.push(Vec::new()),
        }
    }
    let told: Vec<String> = runs
        .into_iter()
        .filter_map(|run| match run.as_slice() {
            [] => None,
            [one] => Some((*one).to_string()),
            [first, .., last] => Some(format!("{first} to {last}")),
        })
        .collect();
    if told.is_empty() {
        return "No value is safe whatever the other parameters are".to_string();
    }
    format!(
        "Safe at {}, whatever the other parameters are, of the values tried",
        told.join(" and ")
    )
}

/// A verdict of a cell; what is known to be false is no news where it fails.
fn verdict_cell(sweep: &SweepFolder, place: usize, cell: usize) -> GridCell {
    let mark = sweep.verdicts[place].cells[cell];
    let is_known = sweep.claims.get(place).is_some_and(|claim| claim.is_known_false);
    match (mark, is_known) {
        (Mark::Fail, true) => {
            GridCell { mark: String::new(), ..GridCell::words("FAIL (expected)") }
        }
        (Mark::Pass, true) => GridCell::verdict("PASS (surprise)"),
        _ => GridCell::verdict(&mark.to_string()),
    }
}

/// A row a cell of the sweep.
pub(super) fn cells(sweep: &SweepFolder) -> Grid {
    // Parameters name a cell of the grid; only one beside it needs a name of its own.
    let is_listed = |p: &Named<String>| p.cells.iter().any(String::is_empty);
    let has_names = !sweep.names.is_empty() && sweep.parameters.iter().any(is_listed);
    let cell_names = has_names.then(|| GridColumn::words("Cell")).into_iter();
    let parameters = sweep.parameters.iter().map(|p| GridColumn::figures(&p.name, ""));
    let verdicts = sweep.verdicts.iter().map(|v| GridColumn::words(&v.name));
    let metrics = sweep.metrics.iter().map(|m| GridColumn::figures(&m.name, ""));
    let row = |cell: usize| {
        let mut row: Vec<GridCell> = sweep
            .names
            .get(cell)
            .filter(|_| has_names)
            .map(|name| GridCell::words(name))
            .into_iter()
            .collect();
        row.extend(sweep.parameters.iter().map(|p| GridCell::words(&p.cells[cell])));
        row.extend((0..sweep.verdicts.len()).map(|place| verdict_cell(sweep, place, cell)));
        row.extend(sweep.metrics.iter().map(|m| {
            let value = m.cells[cell];
            GridCell {
                text: value.map(short).unwrap_or_default(),
                value: value.map(|x| x.to_string()).unwrap_or_default(),
                mark: String::new(),
            }
        }));
        row
    };
    Grid {
        columns: cell_names.chain(parameters).chain(verdicts).chain(metrics).collect(),
        rows: (0..sweep.len()).map(row).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_that_pass_are_one_range() {
        let values: Vec<String> = ["1", "2", "5", "10"].map(str::to_string).to_vec();
        let (p, f) = (Mark::Pass, Mark::Fail);
        assert!(range(&values, &[p, p, f, p]).starts_with("Safe at 1 to 2 and 10,"));
        let words: Vec<String> = ["a", "b"].map(str::to_string).to_vec();
        assert!(range(&words, &[p, p]).starts_with("Safe at a and b,"));
        assert!(range(&values, &[f, f, Mark::Undecided, f]).starts_with("No value"));
    }
}
