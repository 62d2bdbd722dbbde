//! What `assay run` says on the terminal: who was paid for what, where the results are, what to try next.

use crate::base::math;
use crate::base::units::Rao;
use crate::cli::sheet;
use crate::metrics::MinerSummary;
use crate::metrics::RunSummary;
use crate::metrics::Totals;
use crate::simulation;
use crate::simulation::Cell;
use crate::simulation::MetricRow;
use crate::simulation::Outcome;
use crate::simulation::UncertainOutcome;
use crate::statistics::Summary;
use comfy_table::CellAlignment;
use comfy_table::Table;
use comfy_table::presets;
use std::io;
use std::io::Write;
use std::path::Path;

/// Metrics shown below the table, by the beginning of their labels.
const SHOWN: &[&str] = &["gini", "kendall", "pay_share_of_idle", "nakamoto", "latency"];
const PERCENT: f64 = 100.0;

/// Prints the classes, where emission went, and a few metrics.
///
/// # Errors
/// When the output is closed.
pub(super) fn print(found: &Outcome, out: &mut dyn Write) -> io::Result<()> {
    if !found.question().is_empty() {
        writeln!(out, "{}", found.question())?;
    }
    writeln!(
        out,
        "{}: {} miners, {} validators, {} epochs, {} replications, {} jobs\n",
        found.name(),
        found.replications().next().map_or(0, |facts| facts.miners.len()),
        found.validator_count(),
        found.epoch_count(),
        found.replications().len(),
        found.job_count(),
    )?;
    writeln!(out, "{}\n", sheet::fitted(classes(found)))?;
    emission(found, out)?;
    for row in found.metrics() {
        let shown = row.grouping == "whole" && SHOWN.iter().any(|s| row.metric.starts_with(s));
        if shown && !says_nothing_new(found, row) {
            writeln!(out, "{:<32} {}", row.metric, told(row))?;
        }
    }
    writeln!(out)?;
    for sentence in found.warm_up() {
        writeln!(out, "{sentence}")?;
    }
    writeln!(out)
}

/// A metric's mean with its interval; its median where the mean has no finite variance; why there is none.
fn told(row: &MetricRow) -> String {
    let unit = if row.unit == "1" { "" } else { row.unit };
    let Some(summary) = &row.summary else { return format!("no value: {}", row.reason()) };
    let Some(mean) = row.mean() else {
        return format!("{} {unit} (median; {})", short(summary.p50), row.reason());
    };
    let spread = match row.interval {
        Some(interval) if row.is_bootstrap => {
            format!(" ({} .. {})", short(interval.low), short(interval.high))
        }
        _ => summary.half_width.map(|h| format!(" ± {}", short(h))).unwrap_or_default(),
    };
    format!("{}{spread} {unit}", short(mean))
}

/// Whether a quantile over all requests is that over successes, because every request is one.
fn says_nothing_new(found: &Outcome, row: &MetricRow) -> bool {
    let over_all = ["_kaplan_meier", "_lower", "_upper"];
    let Some(plain) = over_all.iter().find_map(|end| row.metric.strip_suffix(end)) else {
        return false;
    };
    let mut rows = found.metrics().iter().filter(|other| other.grouping == "whole");
    rows.any(|other| other.metric == plain && other.mean() == row.mean())
}

/// Three significant digits, for people.
fn short(x: f64) -> String {
    /// Digits after the first.
    const DIGITS: usize = 2;
    Cell::Figure(format!("{x:.DIGITS$e}").parse().ok()).to_string()
}

/// A row a class: miners, requests, useful work, pay.
fn classes(found: &Outcome) -> Table {
    let mut table = Table::new();
    table.load_style(presets::UTF8_FULL_CONDENSED);
    table.set_header([
        "class",
        "miners",
        "requests",
        "success",
        "useful work",
        "pay",
        "pay/work",
        "alpha/miner",
    ]);
    let names = found.replications().next().map(|facts| facts.names.clone()).unwrap_or_default();
    for (class, name) in names.classes.iter().enumerate() {
        let is_own = |m: &&MinerSummary| m.class.index() == class;
        let members = found
            .replications()
            .next()
            .map_or(0, |facts| facts.miners.iter().filter(is_own).count());
        let share = |read: fn(&MinerSummary) -> u64| {
            let each = found.replications().filter_map(|facts| {
                let whole: u64 = facts.miners.iter().map(read).sum();
                let own = facts.miners.iter().filter(is_own);
                math::ratio(own.map(read).sum(), whole)
            });
            percent(Summary::of(&each.collect::<Vec<_>>()))
        };
        let success = found.replications().filter_map(|facts| {
            let own = || facts.miners.iter().filter(is_own);
            let requests = own().map(|m| m.requests).sum();
            math::ratio(own().map(|m| m.successes).sum(), requests)
        });
        let alpha = found.replications().map(|facts| {
            let own = facts.miners.iter().filter(is_own);
            own.map(|m| m.pay).sum::<Rao>().tokens() / math::float_len(members.max(1))
        });
        let part = |read: fn(&MinerSummary) -> u64| {
            let sum = |facts: &RunSummary| -> (u64, u64) {
                let own = facts.miners.iter().filter(is_own).map(read).sum();
                (own, facts.miners.iter().map(read).sum())
            };
            let parts = found.replications().filter_map(|facts| {
                let (own, whole) = sum(facts);
                math::ratio(own, whole)
            });
            Summary::of(&parts.collect::<Vec<_>>()).map(|s| s.mean)
        };
        let pay_over_work = part(|m| m.pay.0).zip(part(|m| m.useful_steps));
        table.add_row([
            name.clone(),
            members.to_string(),
            share(|m| m.requests),
            percent(Summary::of(&success.collect::<Vec<_>>())),
            share(|m| m.useful_steps),
            share(|m| m.pay.0),
            match pay_over_work {
                Some((pay, work)) if work > 0.0 => format!("{:.2}", pay / work),
                Some((pay, _)) if pay > 0.0 => "no work".to_string(),
                _ => String::new(),
            },
            Summary::of(&alpha.collect::<Vec<_>>())
                .map_or_else(String::new, |s| format!("{:.1}", s.mean)),
        ]);
    }
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table
}

fn percent(summary: Option<Summary>) -> String {
    summary.map_or_else(String::new, |s| {
        let spread = s.half_width.map(|h| format!(" ±{:.1}", h * PERCENT)).unwrap_or_default();
        format!("{:.1}{spread} %", s.mean * PERCENT)
    })
}

/// Where the minted alpha went.
fn emission(found: &Outcome, out: &mut dyn Write) -> io::Result<()> {
    let n = math::float_len(found.replications().len());
    let mean = |read: fn(&Totals) -> Rao| {
        found.replications().map(|facts| read(&facts.totals).tokens()).sum::<f64>() / n
    };
    let minted = mean(|t| t.minted);
    writeln!(out, "minted {minted:.3} alpha =")?;
    let parts = [
        ("owner", mean(|t| t.owner)),
        ("miners", mean(|t| t.miners)),
        ("validators", mean(|t| t.validators)),
        ("burned", mean(|t| t.burned)),
        ("recycled", mean(|t| t.recycled)),
        (
            "remainder",
            found.replications().map(|r| math::signed(r.totals.remainder_rao)).sum::<f64>()
                / n
                / 1e9,
        ),
    ];
    for (name, alpha) in parts {
        let share = if minted > 0.0 { alpha / minted * PERCENT } else { 0.0 };
        writeln!(out, "  {name:<11} {alpha:>14.3}  {share:>5.1} %")?;
    }
    writeln!(out)
}

/// Prints what of every metric's variance is chance, and what is that parameters are estimates.
///
/// # Errors
/// When the output is closed.
pub(super) fn print_parts(
    found: &UncertainOutcome,
    each: u32,
    out: &mut dyn Write,
) -> io::Result<()> {
    let refused = found.refused_count();
    writeln!(
        out,
        "{} draws of the parameters, {each} replications each; {refused} draws were no scenario and were drawn again\n",
        found.draws().len()
    )?;
    let mut table = Table::new();
    table.load_style(presets::UTF8_FULL_CONDENSED);
    table.set_header(["metric", "mean", "error of mean", "Monte Carlo", "estimation", "share"]);
    for row in found.metrics().iter().filter(|row| row.grouping == "whole") {
        let Some(parts) = row.parts else { continue };
        let share = parts.estimation_share.map(|share| format!("{:.1} %", PERCENT * share));
        table.add_row([
            row.metric.clone(),
            short(parts.mean),
            short(parts.error_of_mean),
            short(parts.monte_carlo),
            short(parts.estimation),
            share.unwrap_or_default(),
        ]);
    }
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    writeln!(out, "{}", sheet::fitted(table))?;
    writeln!(
        out,
        "Monte Carlo and estimation are variances: of replications of one draw, and of draws beyond that; their share is \
         what the estimates' errors have in both.\n"
    )
}

/// The next commands to try, as a shell takes them; `scenario` is the command that tells the scenario in words.
///
/// # Errors
/// When the output is closed.
pub(super) fn print_next(
    found: &Outcome,
    target: &Path,
    scenario: &str,
    out: &mut dyn Write,
) -> io::Result<()> {
    let name = found.replications().next().and_then(|facts| {
        let paid = facts.miners.iter().enumerate();
        let (least, _) = paid.min_by_key(|(_, m)| (m.pay, m.requests))?;
        Some(facts.names.miners[least].clone())
    });
    let miner = simulation::option("--miner", &name.unwrap_or_default());
    let target = simulation::quoted(&target.to_string_lossy());
    writeln!(out, "next     assay explain {target} {miner}")?;
    writeln!(out, "         {scenario}")
}
