//! The page of a scenario held against a trace.

use crate::base::math;
use crate::report::page::Figure;
use crate::report::page::figure;
use crate::report::page::grid::Grid;
use crate::report::page::grid::GridCell;
use crate::report::page::grid::GridColumn;
use crate::report::page::grid::short;
use crate::report::page::rendered;
use crate::report::plot::Plots;
use crate::report::plot::number;
use crate::report::statistic::statistic_in_words;
use crate::trace::validate::StatisticScope;
use crate::trace::validate::ValidatedStatistic;
use crate::trace::validate::ValidationResult;
use serde::Serialize;

/// Milliseconds in an hour.
const HOUR_MS: f64 = 3_600_000.0;
/// Smallest step of a p-value and of a distance that is shown.
const STEPS: (f64, f64) = (0.001, 0.1);
/// Statistics named among the farthest.
const FARTHEST: usize = 3;

/// What was held against what, and how.
#[derive(Clone, Debug)]
pub(crate) struct ValidationFacts<'v> {
    /// Name of the scenario that was held against the trace.
    pub(crate) scenario: String,
    /// The hash of its text.
    pub(crate) scenario_hash: String,
    /// The trace's file name.
    pub(crate) trace: String,
    /// The command that makes it again.
    pub(crate) command: String,
    /// What the validation found, statistic by statistic.
    pub(crate) validated: &'v ValidationResult,
}

/// All that the template is given.
#[derive(Serialize)]
struct ValidationPage<'v> {
    title: String,
    verdict: &'static str,
    mark: &'static str,
    answer: Vec<String>,
    plots: Vec<Figure<'v>>,
    missing: Vec<(&'v str, &'v str)>,
    last: Grid,
    whole: Grid,
    replications: u64,
    scenario: &'v str,
    scenario_hash: &'v str,
    trace: &'v str,
    command: &'v str,
    package: &'static str,
    version: &'static str,
    style: &'static str,
    script: &'static str,
}

/// The page of a check, with its plots.
///
/// # Panics
/// Never: the template is a constant, which the tests read.
pub(crate) fn validation(checked: &ValidationFacts<'_>, plots: &Plots) -> String {
    let validated = checked.validated;
    let page = ValidationPage {
        title: format!("Does {} behave as {} does?", checked.scenario, checked.trace),
        verdict: if validated.rejected { "REJECTED" } else { "NOT REJECTED" },
        mark: if validated.rejected { "fail" } else { "pass" },
        answer: answer(validated),
        plots: plots.drawn.iter().map(figure).collect(),
        missing: plots.missing.iter().map(|(title, why)| (*title, why.as_str())).collect(),
        last: table(validated, StatisticScope::Last),
        whole: table(validated, StatisticScope::Whole),
        replications: validated.replications,
        scenario: &checked.scenario,
        scenario_hash: &checked.scenario_hash,
        trace: &checked.trace,
        command: &checked.command,
        package: env!("CARGO_PKG_NAME"),
        version: env!("CARGO_PKG_VERSION"),
        style: include_str!("page.css"),
        script: include_str!("page.js"),
    };
    rendered("validation.html", include_str!("validation.html"), page)
}

fn answer(validated: &ValidationResult) -> Vec<String> {
    let alpha = validated.alpha;
    let last = || validated.entries.iter().filter(|entry| entry.over == StatisticScope::Last);
    let judged = last().filter(|entry| entry.p_adjusted.is_some()).count();
    let out = last().filter(|entry| entry.p_adjusted.is_some_and(|p| p <= alpha)).count();
    let from = number(math::float(validated.from_ms) / HOUR_MS, 0.1);
    let mut told = vec![if validated.rejected {
        format!(
            "REJECTED: {out} of {judged} statistics of the last part (from hour {from} on) lie where a run of this \
                 scenario would hardly ever put them, together at {alpha} by Westfall and Young's step-down."
        )
    } else {
        format!(
            "NOT REJECTED: none of {judged} statistics of the last part (from hour {from} on) lies where a run of this \
                 scenario would hardly ever put it, together at {alpha} by Westfall and Young's step-down. That does not make it correct."
        )
    }];
    let middle = |of: &dyn Fn(&ValidatedStatistic) -> Option<f64>| {
        let mut all: Vec<f64> = last().filter_map(of).map(f64::abs).collect();
        all.sort_by(f64::total_cmp);
        all.get(all.len() / 2).copied()
    };
    if let (Some(own), Some(null)) =
        (middle(&ValidatedStatistic::distance), middle(&ValidatedStatistic::null_distance))
    {
        told.push(format!(
            "Half of the last part's statistics lie within {} half-widths of the real 95 % interval; of the null model, the \
             first part resampled, within {}.",
            number(own, STEPS.1),
            number(null, STEPS.1)
        ));
    }
    let mut far: Vec<(f64, &str)> = last()
        .filter_map(|entry| Some((entry.distance()?, statistic_in_words(entry.name))))
        .collect();
    far.sort_by(|a, b| b.0.abs().total_cmp(&a.0.abs()));
    let far: Vec<String> = far
        .iter()
        .take(FARTHEST)
        .map(|(away, name)| format!("{name} ({})", number(*away, STEPS.1)))
        .collect();
    if !far.is_empty() {
        told.push(format!("Farthest, in half-widths: {}.", far.join("; ")));
    }
    told
}

fn table(validated: &ValidationResult, over: StatisticScope) -> Grid {
    let figures = |title: &str, about: &str| GridColumn::figures(title, about);
    let mut columns = vec![
        GridColumn::words("Statistic"),
        GridColumn::words("Unit"),
        figures("Real", "In the trace"),
        figures("Simulated", "Median over replications"),
        figures("From", "2.5 % of replications"),
        figures("To", "97.5 % of replications"),
        figures("p", "Two-sided rank p-value of this statistic by itself"),
    ];
    if over == StatisticScope::Last {
        columns.push(figures("p for all", "The same for all statistics of the part together"));
    }
    columns.push(figures("Distance", "Of the median, in half-widths of the real 95 % interval"));
    if over == StatisticScope::Last {
        columns.push(figures("Null model", "Median of the first part, resampled"));
        columns.push(figures("Its distance", "In the same unit"));
    }
    columns.push(GridColumn::words("Result"));
    let entries = validated.entries.iter().filter(|entry| entry.over == over);
    let rows = entries.map(|entry| row(entry, validated.alpha)).collect();
    Grid { columns, rows }
}

fn row(entry: &ValidatedStatistic, alpha: f64) -> Vec<GridCell> {
    let plain = |x: Option<f64>| GridCell {
        text: x.map(short).unwrap_or_default(),
        value: x.map(|x| x.to_string()).unwrap_or_default(),
        mark: String::new(),
    };
    let simulated = |place: usize| plain(entry.simulated.map(|three| three[place]));
    let is_last = entry.over == StatisticScope::Last;
    let mut cells = vec![
        GridCell::words(statistic_in_words(entry.name)),
        GridCell::words(entry.unit),
        plain(entry.real),
        simulated(1),
        simulated(0),
        simulated(2),
        GridCell::figure(entry.p, STEPS.0),
    ];
    if is_last {
        cells.push(GridCell::figure(entry.p_adjusted, STEPS.0));
    }
    cells.push(GridCell::figure(entry.distance(), STEPS.1));
    if is_last {
        cells.push(plain(entry.null.map(|null| null.0)));
        cells.push(GridCell::figure(entry.null_distance(), STEPS.1));
    }
    let judged = if is_last { entry.p_adjusted } else { entry.p };
    let (word, mark) = match judged {
        None => ("not judged", ""),
        Some(p) if p <= alpha => (if is_last { "out" } else { "warns" }, "fail"),
        Some(_) => ("not rejected", "pass"),
    };
    cells.push(GridCell { mark: mark.to_string(), ..GridCell::words(word) });
    cells
}
