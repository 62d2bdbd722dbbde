//! The chain of one miner's pay: requests, outcomes, score, wins, weight, u16, incentive, rao, against its class's median.

use crate::cli::outcome::Failure;
use crate::cli::outcome::Outcome;
use crate::report::MANIFEST;
use crate::report::Manifest;
use crate::report::Summary;
use crate::report::figure;
use anyhow::Context;
use anyhow::anyhow;
use comfy_table::CellAlignment;
use comfy_table::Table;
use comfy_table::presets;
use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::Path;

/// The links of the chain: column, what it is, what decides it.
const LINKS: &[(&str, &str, &str)] = &[
    ("stake_alpha", "stake [alpha]", "what the router multiplies, up to the cap"),
    ("requests", "requests", "drawn with stake times score"),
    ("successes", "  successes", "accepted callbacks, with or without an image"),
    ("failures", "  failures", "refused, late or empty"),
    ("open", "  never answered", "pending for ever, and never counted"),
    ("without_image", "  success without image", "counts as success up to head"),
    ("useful_jobs", "useful jobs", "own image, in time; the mechanism does not see it"),
    ("runtime_ms_mean", "mean runtime [ms]", "creation to callback of successes"),
    ("score", "score", "last published"),
    ("wins", "wins", "neurons with a lower score"),
    ("win_rate", "win rate", "wins over all other neurons"),
    ("weight_share", "weight share", "of the miners' pot, mean over epochs, before u16 and chain"),
    ("weight_u16", "weight sent", "u16 of the last row, 65535 is its largest"),
    ("incentive_u16", "incentive", "u16 of the last epoch, 65535 is all"),
    ("pay_rao", "pay [rao]", "what the chain paid in the run"),
    ("pay_share", "pay share", "of all miners' pay"),
];

/// Values of one column: the miner's, and those of its class.
type Columns = BTreeMap<String, (Vec<f64>, Vec<f64>)>;

/// Explains `miner` of the results in `folder`.
pub(super) fn run(folder: &Path, miner: &str, out: &mut dyn Write) -> Result<Outcome, Failure> {
    let manifest = read_manifest(folder).map_err(Failure::Input)?;
    let (class, columns) = read_miner(folder, miner).map_err(Failure::Input)?;
    writeln!(
        out,
        "{miner}, class {class}, in {} ({} replications of {} epochs); means, against its class's median\n",
        manifest.scenario, manifest.replications, manifest.epochs
    )?;
    let mut table = Table::new();
    table.load_style(presets::UTF8_FULL_CONDENSED);
    table.set_header(["", miner, "class median", "what it is"]);
    for (column, label, about) in LINKS {
        let (own, others) = columns.get(*column).cloned().unwrap_or_default();
        let mean = Summary::of(&own).map(|s| s.mean);
        let median = Summary::of(&others).map(|s| s.p50);
        table.add_row([(*label).to_string(), short(mean), short(median), (*about).to_string()]);
    }
    for column in table.column_iter_mut().skip(1).take(2) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    writeln!(out, "{table}\n")?;
    for line in reasons(&columns) {
        writeln!(out, "- {line}")?;
    }
    writeln!(out, "\nreproduce: {}", manifest.command)?;
    Ok(Outcome::Done)
}

fn short(x: Option<f64>) -> String {
    x.map_or_else(|| "-".to_string(), |x| figure(format!("{x:.4e}").parse().ok()))
}

/// The manifest of a results folder.
fn read_manifest(folder: &Path) -> anyhow::Result<Manifest> {
    let path = folder.join(MANIFEST);
    let text = fs::read_to_string(&path)
        .with_context(|| format!("cannot read {}: is it a results folder?", path.display()))?;
    serde_json::from_str(&text)
        .with_context(|| format!("{} is damaged or of another version", path.display()))
}

/// The miner's class, and every numeric column for it and its class.
fn read_miner(folder: &Path, miner: &str) -> anyhow::Result<(String, Columns)> {
    let path = folder.join("miners.csv");
    let say = || format!("cannot read {}", path.display());
    let mut reader = csv::Reader::from_path(&path).with_context(say)?;
    let headers = reader.headers().with_context(say)?.clone();
    let index = |name: &str| {
        let found = headers.iter().position(|h| h == name);
        found.with_context(|| format!("{} has no column {name}", path.display()))
    };
    let (name_at, class_at) = (index("miner")?, index("class")?);
    let rows: Vec<_> = reader.records().collect::<Result<_, _>>().with_context(say)?;
    let own = rows.iter().find(|r| r.get(name_at) == Some(miner));
    let class = own.and_then(|r| r.get(class_at)).ok_or_else(|| {
        let mut names: Vec<_> = rows.iter().filter_map(|r| r.get(name_at)).collect();
        names.dedup();
        names.truncate(12);
        anyhow!("no miner {miner:?} in {}; there are: {}, ...", path.display(), names.join(", "))
    })?;
    let mut columns = Columns::new();
    for row in rows.iter().filter(|r| r.get(class_at) == Some(class)) {
        let is_own = row.get(name_at) == Some(miner);
        for (header, text) in headers.iter().zip(row) {
            let Ok(number) = text.parse() else { continue };
            let (mine, all) = columns.entry(header.to_string()).or_default();
            all.push(number);
            if is_own {
                mine.push(number);
            }
        }
    }
    Ok((class.to_string(), columns))
}

/// What most likely explains a low pay, in words.
fn reasons(columns: &Columns) -> Vec<String> {
    let mean = |name: &str| columns.get(name).and_then(|(own, _)| Summary::of(own)).map(|s| s.mean);
    let median =
        |name: &str| columns.get(name).and_then(|(_, all)| Summary::of(all)).map(|s| s.p50);
    let mut lines = Vec::new();
    let is_zero = |x: Option<f64>| x.is_some_and(|x| x <= 0.0);
    if is_zero(mean("requests")) {
        lines.push(
            "It received no request: no stake, never valid at a health check, or up too briefly."
                .to_string(),
        );
    }
    if is_zero(mean("stake_alpha")) {
        lines.push(
            "Without stake its routing weight is 0: it is chosen only when all weights are 0."
                .to_string(),
        );
    }
    if is_zero(mean("score")) && !is_zero(mean("requests")) {
        lines.push(
            "Its score is 0: until a success is seen by a score run, its routing multiplier is 0.05 \
             (the newcomer trap)."
                .to_string(),
        );
    }
    let ratio = |name: &str| match (mean(name), median(name)) {
        (Some(own), Some(class)) if class > 0.0 => Some(own / class),
        _ => None,
    };
    for (name, what) in [("requests", "requests"), ("score", "score"), ("pay_rao", "pay")] {
        if let Some(ratio) = ratio(name) {
            lines.push(format!("Its {what} is {ratio:.2} times its class's median."));
        }
    }
    lines.push(
        "Pay follows rank of the last score, not the number of requests: one place up is worth about 5 % of a share."
            .to_string(),
    );
    lines
}
