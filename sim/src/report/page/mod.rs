//! The page: one self-contained HTML file that governance can read, print and check.
//!
//! Written by `minijinja`, for it escapes by itself whatever a scenario calls its miners, needs one dependency that was
//! there before, and leaves the page a file that can be read as a page. Everything stands in the file: no request goes
//! out, and without JavaScript only sorting and filtering are missing.

mod agreement;
mod answer;
mod fairness;
mod grid;
mod judged;
mod people;
mod scope;
mod validation;

use crate::config;
use crate::report::Manifest;
use crate::report::Paragraph;
use crate::report::plot::Plots;
use crate::report::plot::clean;
use crate::report::plot::number;
use crate::report::read::Kept;
use crate::report::read::SweepFolder;
use crate::report::words::ScenarioLine;
use crate::report::words::words;
pub(crate) use agreement::agreement;
use grid::Grid;
use minijinja::Environment;
use minijinja::UndefinedBehavior;
use minijinja::Value;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use serde::Serialize;
use std::sync::Arc;
pub(crate) use validation::ValidationFacts;
pub(crate) use validation::validation;

/// The page's file in the results folder.
pub(crate) const PAGE: &str = "report.html";

/// Name of the template; its ending makes every value escaped.
const TEMPLATE: &str = "page.html";
/// Items told of a list of tables.
const ITEMS_MAX: usize = 3;

/// All that the template is given.
#[derive(Serialize)]
struct Page<'k> {
    title: String,
    kind: &'static str,
    jobs: String,
    about_figures: &'static str,
    contents: Vec<(&'static str, &'static str)>,
    lead: String,
    tiles: Vec<fairness::Tile>,
    answer: Vec<String>,
    invariants: Option<String>,
    bars: Vec<people::Bar>,
    verdicts: Vec<judged::PageVerdict>,
    exact: Vec<judged::PageVerdict>,
    changes: Vec<(&'static str, Grid)>,
    miners_changed: Grid,
    changed: Vec<String>,
    safe: Vec<judged::Safe>,
    cells: Option<Grid>,
    classes: Option<Grid>,
    miners: Option<Grid>,
    metrics: Grid,
    plots: Vec<Figure<'k>>,
    missing: Vec<(&'k str, &'k str)>,
    assumed: Vec<String>,
    left_out: Vec<String>,
    paragraphs: Vec<Paragraph>,
    words: Vec<ToldInPage>,
    manifest: &'k Manifest,
    style: &'static str,
    script: &'static str,
}

/// A plot in the page.
#[derive(Serialize)]
struct Figure<'k> {
    part: &'static str,
    name: &'k str,
    title: &'k str,
    caption: &'k str,
    summary: &'k str,
    svg: &'k str,
}

/// A key of the scenario in the page.
#[derive(Serialize)]
struct ToldInPage {
    depth: usize,
    text: String,
    about: String,
    is_changed: bool,
}

/// The page of a folder, with its plots.
///
/// # Panics
/// Never: the template is a constant, which the tests read with every kind of folder.
pub(crate) fn page(kept: &Kept, plots: &Plots) -> String {
    rendered(TEMPLATE, include_str!("page.html"), context(kept, plots))
}

/// A template filled in; the ending of its name makes every value escaped.
fn rendered(name: &'static str, text: &'static str, context: impl Serialize) -> String {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
    environment.set_syntax(syntax.expect("the default marks differ from each other"));
    let shared = [
        ("head.html", include_str!("head.html")),
        ("grid.html", include_str!("grid.html")),
        ("figure.html", include_str!("figure.html")),
    ];
    for (name, text) in shared.into_iter().chain([(name, text)]) {
        environment.add_template(name, text).expect("a constant template");
    }
    let template = environment.get_template(name).expect("it was just added");
    let page = template.render(Value::from(Serde(context))).expect("the template fits its page");
    // A name may hold characters that no page may hold.
    page.lines().map(|line| clean(line) + "\n").collect()
}

fn context<'k>(kept: &'k Kept, plots: &'k Plots) -> Page<'k> {
    let manifest = &kept.manifest;
    let question = manifest.question.trim();
    let (kind, about_figures) = match kept.verb() {
        "compare" => (
            "Comparison",
            "Plots and tables below, but for the differences, are of the first scenario.",
        ),
        "sweep" => ("Sweep", "Plots and tables below, but for the cells, are of the first cell."),
        "check" => ("Check", ""),
        _ => ("Run", ""),
    };
    let title = match (&manifest.compared, &kept.sweep) {
        (Some(compared), _) => crate::report::title(&compared.changed),
        (None, Some(sweep)) => swept(sweep),
        (None, None) if question.is_empty() => manifest.scenario.clone(),
        (None, None) => question.to_string(),
    };
    let groups = ["class", "operator", "metric"];
    let changes = groups.map(|group| (group, judged::changes(kept, group)));
    let mut drawn: Vec<Figure<'_>> = plots.drawn.iter().map(figure).collect();
    if !about_figures.is_empty() {
        // They are of the first scenario or cell, and no answer here.
        let is_other = |plot: &&mut Figure<'_>| plot.part == "pay" || plot.name == "pay_work";
        drawn.iter_mut().filter(is_other).for_each(|plot| plot.part = "inside");
    }
    let found = fairness::fairness(kept);
    let bars = match about_figures {
        "" => kept.miners.as_ref().map(people::bars).unwrap_or_default(),
        _ => Vec::new(),
    };
    let lead = found.as_ref().map(|found| found.lead.clone()).unwrap_or_default();
    let tiles = found.map(|found| found.tiles).unwrap_or_default();
    let mut page = Page {
        title,
        kind,
        contents: Vec::new(),
        lead,
        tiles: tiles.into_iter().chain(answer::claims(kept)).collect(),
        invariants: answer::invariants(kept),
        bars,
        jobs: number(crate::base::math::float(manifest.jobs), 1.0),
        about_figures,
        answer: answer::answer(kept),
        verdicts: judged::claims(kept),
        exact: judged::invariants(kept),
        miners_changed: judged::changes(kept, "miner"),
        changes: changes.into_iter().filter(|(_, grid)| !grid.rows.is_empty()).collect(),
        changed: changed(manifest),
        safe: kept.sweep.as_ref().map(judged::safe).unwrap_or_default(),
        cells: kept.sweep.as_ref().map(judged::cells),
        classes: kept.miners.as_ref().map(people::classes),
        miners: kept.miners.as_ref().map(people::miners),
        metrics: people::metrics(kept),
        plots: drawn,
        missing: plots.missing.iter().map(|(title, why)| (*title, why.as_str())).collect(),
        assumed: scope::assumed(kept),
        left_out: scope::left_out(kept),
        paragraphs: scope::paragraphs(kept),
        words: keys(kept),
        manifest,
        style: include_str!("page.css"),
        script: include_str!("page.js"),
    };
    page.contents = contents(&page);
    page
}

/// What a sweep asks, in a line.
fn swept(sweep: &SweepFolder) -> String {
    /// Most values of a key that are named.
    const TOLD: usize = 5;
    let values = |parameter: usize| {
        let all: Vec<String> =
            sweep.values(parameter).into_iter().filter(|v| !v.is_empty()).collect();
        let more = all.len().saturating_sub(TOLD);
        let told = all[..all.len() - more].join(", ");
        if more > 0 { format!("{told} and {more} more") } else { told }
    };
    let each = sweep.parameters.iter().enumerate().map(|(place, parameter)| {
        match parameter.name.as_str() {
            "cell" => format!("from cell to cell ({})", values(place)),
            name => format!("with {name} at {}", values(place)),
        }
    });
    format!("What changes {}?", each.collect::<Vec<_>>().join(" and "))
}

/// The headings that the page has, in its order: where they stand, and their words.
fn contents(page: &Page<'_>) -> Vec<(&'static str, &'static str)> {
    let has = |what: &str| page.plots.iter().any(|plot| plot.part == what || plot.name == what);
    let all = [
        (!page.bars.is_empty(), "pay-and-work", "Pay beside work"),
        (has("before_after"), "before-and-after", "Before and after"),
        (!page.safe.is_empty(), "safe", "Safe range"),
        (page.cells.is_some(), "cells", "Cells"),
        (!page.changes.is_empty(), "changes", "Who gains and who loses"),
        (!(page.verdicts.is_empty() && page.exact.is_empty()), "verdicts", "Verdicts"),
        (page.classes.is_some(), "classes", "Classes"),
        (has("pay"), "plots", "What pay goes with"),
        (page.miners.is_some() || !page.miners_changed.rows.is_empty(), "all-miners", "All miners"),
        (has("inside"), "inside", "Inside the mechanism"),
        (!page.metrics.rows.is_empty(), "metrics", "Metrics"),
        (true, "scope", "Assumed and left out"),
        (true, "scenario", "The scenario in words"),
        (true, "reproduce", "Reproduce"),
    ];
    all.into_iter()
        .filter(|(is_there, ..)| *is_there)
        .map(|(_, place, words)| (place, words))
        .collect()
}

/// In which part of the page a plot stands: beside its table, with what pay goes with, or inside the mechanism.
fn part(plot: &str) -> &'static str {
    match plot {
        "verdicts" | "sweep" | "change" | "pay_work" | "before_after" => "table",
        "scores" | "rank_weight" | "latency" | "emission" | "concentration" => "inside",
        _ => "pay",
    }
}

/// Keys told of a comparison; a command says the others.
const CHANGED_MAX: usize = 20;

/// What differs between the two scenarios of a comparison.
fn changed(manifest: &Manifest) -> Vec<String> {
    let all = manifest.compared.as_ref().map(|c| c.changed.as_slice()).unwrap_or_default();
    let more = all.len().saturating_sub(CHANGED_MAX);
    let more = (more > 0).then(|| format!("and {more} keys more"));
    all.iter().take(CHANGED_MAX).cloned().chain(more).collect()
}

fn figure(drawn: &crate::report::plot::DrawnPlot) -> Figure<'_> {
    Figure {
        part: part(drawn.name),
        name: drawn.name,
        title: drawn.title,
        caption: drawn.caption,
        summary: &drawn.summary,
        svg: &drawn.svg,
    }
}

/// Every key of the scenario; none where the text is of a version with other keys.
fn keys(kept: &Kept) -> Vec<ToldInPage> {
    let json = config::json_schema();
    let file = Arc::from("manifest.json");
    let Ok(tree) = config::parse(&file, &kept.manifest.scenario_text) else { return Vec::new() };
    let told = |word: ScenarioLine| ToldInPage {
        depth: word.depth,
        about: match word.source.as_str() {
            source if source.is_empty() || word.is_changed => word.about,
            source => format!("{} Source: {source}", word.about),
        },
        text: word.text,
        is_changed: word.is_changed,
    };
    words(config::Schema::new(&json), &tree, ITEMS_MAX).into_iter().map(told).collect()
}
