//! What `assay run` says on the terminal: who was paid for what, where the results are, what to try next.

use crate::base::math;
use crate::base::units::Rao;
use crate::report::Results;
use crate::report::Summary;
use crate::report::figure;
use crate::report::signed;
use crate::scenario::Scenario;
use crate::study::Study;
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
pub(super) fn print(
    scenario: &Scenario,
    study: &Study,
    results: &Results,
    out: &mut dyn Write,
) -> io::Result<()> {
    let run = &scenario.run;
    if !scenario.question.is_empty() {
        writeln!(out, "{}", scenario.question)?;
    }
    writeln!(
        out,
        "{}: {} miners, {} validators, {} epochs, {} replications, {} jobs\n",
        scenario.name,
        scenario.miners.len(),
        scenario.validators.len(),
        run.epochs,
        run.replications,
        study.replications.iter().map(|r| r.jobs).sum::<u64>(),
    )?;
    writeln!(out, "{}\n", classes(scenario, study))?;
    emission(study, out)?;
    for row in &results.metrics {
        let shown = row.grouping == "whole" && SHOWN.iter().any(|s| row.metric.starts_with(s));
        if !shown {
            continue;
        }
        match (&row.summary, row.undefined) {
            (Some(summary), _) => {
                let spread = summary.half_width.map(|h| format!(" ± {}", short(h)));
                let unit = if row.unit == "1" { "" } else { row.unit };
                let spread = spread.unwrap_or_default();
                writeln!(out, "{:<32} {}{spread} {unit}", row.metric, short(summary.mean))?;
            }
            (None, Some((_, reason))) => writeln!(out, "{:<32} no value: {reason}", row.metric)?,
            (None, None) => {}
        }
    }
    writeln!(out)
}

/// Three significant digits, for people.
fn short(x: f64) -> String {
    /// Digits after the first.
    const DIGITS: usize = 2;
    figure(format!("{x:.DIGITS$e}").parse().ok())
}

/// A row a class: miners, requests, useful work, pay.
fn classes(scenario: &Scenario, study: &Study) -> Table {
    let mut table = Table::new();
    table.load_style(presets::UTF8_FULL_CONDENSED);
    table.set_header(["class", "miners", "requests", "success", "useful work", "pay", "alpha"]);
    for (class, name) in scenario.classes.iter().enumerate() {
        let members = scenario.miners.iter().filter(|m| m.class.index() == class).count();
        let share = |read: fn(&crate::metrics::MinerFacts) -> u64| {
            let each = study.replications.iter().filter_map(|replication| {
                let miners = &replication.facts.miners;
                let whole: u64 = miners.iter().map(read).sum();
                let own = miners.iter().filter(|m| m.class.index() == class);
                crate::report::ratio(own.map(read).sum(), whole)
            });
            percent(Summary::of(&each.collect::<Vec<_>>()))
        };
        let success = study.replications.iter().filter_map(|replication| {
            let own = || replication.facts.miners.iter().filter(|m| m.class.index() == class);
            let requests = own().map(|m| m.requests).sum();
            crate::report::ratio(own().map(|m| m.successes).sum(), requests)
        });
        let alpha = study.replications.iter().map(|replication| {
            let own = replication.facts.miners.iter().filter(|m| m.class.index() == class);
            own.map(|m| m.pay).sum::<Rao>().tokens()
        });
        table.add_row([
            name.clone(),
            members.to_string(),
            share(|m| m.requests),
            percent(Summary::of(&success.collect::<Vec<_>>())),
            share(|m| m.useful_steps),
            share(|m| m.pay.0),
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
fn emission(study: &Study, out: &mut dyn Write) -> io::Result<()> {
    let n = math::float_len(study.replications.len());
    let mean = |read: fn(&crate::metrics::Totals) -> Rao| {
        study.replications.iter().map(|r| read(&r.facts.totals).tokens()).sum::<f64>() / n
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
            study.replications.iter().map(|r| signed(r.facts.totals.remainder_rao)).sum::<f64>()
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

/// The next command to try.
pub(super) fn print_next(
    scenario: &Scenario,
    study: &Study,
    target: &Path,
    path: &Path,
    out: &mut dyn Write,
) -> io::Result<()> {
    let paid = &study.replications[0].facts.miners;
    let least = paid.iter().enumerate().min_by_key(|(_, m)| (m.pay, m.requests));
    let name = least.map_or("", |(place, _)| scenario.miners[place].name.as_str());
    writeln!(out, "next     assay explain {} --miner {name}", target.display())?;
    writeln!(out, "         assay explain {}", path.display())
}
