//! `assay rule`: cases of off-chain rules in, the same document with `got` beside each `expected` out.

use crate::base::reading;
use crate::cli::outcome;
use crate::cli::outcome::CommandEnd;
use crate::cli::outcome::Failure;
use crate::simulation;
use crate::simulation::RuleAnswers;
use anyhow::Context;
use anyhow::anyhow;
use clap::Args;
use serde_json::Value;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;

/// Answers cases of off-chain rules, through the functions that the simulator calls.
///
/// The sections `router`, `job_score`, `ema`, `win_rate_weights`, `callback`, `health` and `dispatch` of a document like
/// vectors/offchain.json are answered with `got`; a case without `expected` is a question, no test.
#[derive(Debug, Args)]
pub(super) struct RuleArgs {
    /// Document of cases (JSON); "-" reads standard input.
    cases: PathBuf,
}

/// Largest document read [bytes].
const DOCUMENT_BYTES_MAX: u64 = 256 << 20;
/// Most problems told at once.
const TOLD_MAX: usize = 20;

/// Runs `assay rule`; tells how it ended.
///
/// # Errors
/// All that is malformed in the cases; when the output is closed.
pub(super) fn run(args: &RuleArgs, out: &mut dyn Write) -> Result<CommandEnd, Failure> {
    let name = args.cases.display().to_string();
    let text = read_document(&args.cases).map_err(Failure::Input)?;
    let mut document: Value = serde_json::from_str(&text)
        .with_context(|| format!("{name} is no JSON document"))
        .map_err(Failure::Input)?;
    let answered =
        simulation::answer_rules(&mut document).map_err(|problems| refuse(&name, &problems))?;
    serde_json::to_writer_pretty(&mut *out, &document)
        .map_err(|e| Failure::machine(std::io::Error::from(e)))?;
    writeln!(out)?;
    tell(&answered);
    Ok(if answered.differences.is_empty() { CommandEnd::Done } else { CommandEnd::Different })
}

fn read_document(path: &Path) -> anyhow::Result<String> {
    let read = if path == Path::new("-") {
        reading::all_of(std::io::stdin().lock(), DOCUMENT_BYTES_MAX).and_then(reading::as_text)
    } else {
        reading::text(path, DOCUMENT_BYTES_MAX)
    };
    read.with_context(|| path.display().to_string())
}

fn refuse(name: &str, problems: &[String]) -> Failure {
    let told: Vec<_> = problems.iter().take(TOLD_MAX).map(|p| format!("\n  {p}")).collect();
    Failure::Input(anyhow!("{name} has {} malformed case(s):{}", problems.len(), told.concat()))
}

/// Says on standard error what agrees and what does not.
fn tell(answered: &RuleAnswers) {
    let RuleAnswers { cases, judged, differences, .. } = answered;
    let told = differences.iter().take(TOLD_MAX);
    let mut lines: Vec<String> = told.map(|difference| format!("differs: {difference}")).collect();
    let more = differences.len().saturating_sub(TOLD_MAX);
    if more > 0 {
        lines.push(format!("differs: and at {more} more places"));
    }
    let count = differences.len();
    lines
        .push(format!("{cases} cases answered, {judged} with an expectation, {count} differences"));
    outcome::tell_each(&lines);
}
