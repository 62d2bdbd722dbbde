//! `assay epoch`: what the chain would compute and pay for a case.

mod answer;
mod case;
mod life;
mod lists;
mod number;
mod parameters;
mod sections;
mod stakes;
mod subject;
mod table;

use super::outcome::CommandEnd;
use super::outcome::Failure;
use crate::base::reading;
use answer::EpochAnswer;
use answer::SequenceAnswer;
use answer::StepAnswer;
use anyhow::Context;
use assay_chain::Epoch;
use case::EpochCase;
use clap::Args;
use life::Life;
use sections::SECTIONS;
use sections::Sections;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;
use subject::Subject;

/// One chain epoch, or a sequence of them: what would the chain pay for these weights?
#[derive(Debug, Args)]
pub(super) struct EpochCall {
    /// Case file in JSON (format: chain.md, appendices A and B); `-` reads standard input
    case: PathBuf,
    /// Print a readable table instead of JSON
    #[arg(long)]
    table: bool,
}

/// Largest case read [bytes]; a full epoch of 64 x 256 in JSON has a tenth of it.
const CASE_BYTES_MAX: u64 = 256 << 20;

/// The keys of a file.
type JsonObject = serde_json::Map<String, serde_json::Value>;

/// Whether a file is one of block-level cases.
fn is_block_level(shape: &JsonObject) -> bool {
    !shape.contains_key("n") && SECTIONS.iter().any(|section| shape.contains_key(*section))
}

impl EpochCall {
    /// Reads the case, computes, prints the `expected` object.
    ///
    /// # Errors
    /// All that is malformed in the cases; when the output is closed.
    pub(super) fn run(&self, out: &mut dyn Write) -> Result<CommandEnd, Failure> {
        let text = read(&self.case)?;
        let refuse =
            |error: anyhow::Error| Failure::Input(error.context(self.case.display().to_string()));
        let shape: JsonObject = parse(&text).map_err(refuse)?;
        if is_block_level(&shape) {
            if self.table {
                return Err(refuse(anyhow::anyhow!("--table shows an epoch, this is none")));
            }
            let sections: Sections = parse(&text).map_err(refuse)?;
            print(out, &sections.answer().map_err(|refusal| refuse(refusal.into()))?)?;
            return Ok(CommandEnd::Done);
        }
        let case: EpochCase = parse(&text).map_err(refuse)?;
        let answered = answer(&case).map_err(refuse)?;
        for note in &answered.notes {
            writeln!(std::io::stderr().lock(), "note: {}: {note}", self.case.display())?;
        }
        match (self.table, answered.steps) {
            (true, _) => table::print(out, &answered.last)?,
            (false, None) => print(out, &answered.last)?,
            (false, Some(steps)) => print(out, &SequenceAnswer { steps, last: answered.last })?,
        }
        Ok(CommandEnd::Done)
    }
}

/// What a case gives.
struct CaseAnswer {
    steps: Option<Vec<StepAnswer>>,
    last: EpochAnswer,
    notes: Vec<String>,
}

/// Runs the epoch, or the sequence of them.
fn answer(case: &EpochCase) -> Result<CaseAnswer, anyhow::Error> {
    if case.has_life() {
        return answer_life(case);
    }
    let mut subject = Subject::new(case)?;
    let mut epoch = Epoch::default();
    let steps = match &case.steps {
        None => {
            subject.run(&mut epoch, false)?;
            None
        }
        Some(steps) if steps.is_empty() => anyhow::bail!("steps: 0 of them, at least 1 is due"),
        Some(steps) => {
            let mut answers = Vec::with_capacity(steps.len());
            for (index, step) in steps.iter().enumerate() {
                let place = || format!("steps[{index}]");
                subject.apply(step).with_context(place)?;
                subject.run(&mut epoch, case.record_step_block).with_context(place)?;
                answers.push(StepAnswer::of(subject.block, &epoch, subject.bonds()));
            }
            Some(answers)
        }
    };
    let last = EpochAnswer::of(&epoch, subject.bonds());
    Ok(CaseAnswer { steps, last, notes: subject.notes })
}

/// Goes through a sequence in which seats change hands, pay is handed out or commits are revealed.
fn answer_life(case: &EpochCase) -> Result<CaseAnswer, anyhow::Error> {
    let mut life = Life::new(case)?;
    let steps = case.steps.as_deref().unwrap_or_default();
    if steps.is_empty() {
        anyhow::bail!("steps: 0 of them, a case with registrations, pay or commits has at least 1");
    }
    let mut answers = Vec::with_capacity(steps.len());
    for (index, step) in steps.iter().enumerate() {
        answers.push(life.step(step).with_context(|| format!("steps[{index}]"))?);
    }
    let last = EpochAnswer::of(life.epoch(), life.bonds());
    Ok(CaseAnswer { steps: Some(answers), last, notes: life.notes })
}

/// The text of a file, or of standard input for `-`.
fn read(path: &Path) -> Result<String, Failure> {
    let read = if path == Path::new("-") {
        reading::all_of(std::io::stdin().lock(), CASE_BYTES_MAX).and_then(reading::as_text)
    } else {
        reading::text(path, CASE_BYTES_MAX)
    };
    read.map_err(|error| {
        Failure::Input(
            anyhow::Error::new(error).context(format!("{}: cannot be read", path.display())),
        )
    })
}

/// Parses the whole text; an error names the key.
fn parse<T: DeserializeOwned>(text: &str) -> Result<T, anyhow::Error> {
    let mut json = serde_json::Deserializer::from_str(text);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let key = error.path().to_string();
        let error = anyhow::Error::new(error.into_inner());
        if key == "." { error } else { error.context(key) }
    })?;
    json.end()?;
    Ok(value)
}

fn print(out: &mut dyn Write, answer: &impl Serialize) -> Result<(), Failure> {
    serde_json::to_writer(&mut *out, answer)
        .map_err(|error| Failure::from(std::io::Error::from(error)))?;
    writeln!(out)?;
    Ok(())
}
