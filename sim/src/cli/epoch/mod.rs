//! `assay epoch`: what the chain would compute and pay for a case.

mod answer;
mod case;
mod number;
mod stakes;
mod subject;

use super::outcome::Failure;
use super::outcome::Outcome;
use crate::chain::Epoch;
use answer::Answer;
use answer::SequenceAnswer;
use answer::StepAnswer;
use case::Case;
use clap::Args;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::io::Read;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;
use subject::Subject;

/// One chain epoch, or a sequence of them: what would the chain pay for these weights?
#[derive(Debug, Args)]
pub(super) struct EpochCall {
    /// Case file in JSON (format: chain.md, appendix A); `-` reads standard input
    case: PathBuf,
    /// Print a readable table instead of JSON
    #[arg(long)]
    table: bool,
}

impl EpochCall {
    /// Reads the case, computes, prints the `expected` object.
    pub(super) fn run(&self, out: &mut dyn Write) -> Result<Outcome, Failure> {
        let text = read(&self.case)?;
        let case: Case = parse(&text).map_err(|error| self.refuse(error))?;
        let mut subject = Subject::new(&case).map_err(|error| self.refuse(error.into()))?;
        let mut epoch = Epoch::default();
        let Some(steps) = &case.steps else {
            subject.run(&mut epoch, false).map_err(|error| self.refuse(error.into()))?;
            print(out, &Answer::of(&epoch, subject.bonds()))?;
            return Ok(Outcome::Done);
        };
        let mut answers = Vec::with_capacity(steps.len());
        for (index, step) in steps.iter().enumerate() {
            let run =
                subject.apply(step).and_then(|()| subject.run(&mut epoch, case.record_step_block));
            run.map_err(|error| {
                self.refuse(anyhow::Error::new(error).context(format!("steps[{index}]")))
            })?;
            answers.push(StepAnswer::of(subject.block, &epoch, subject.bonds()));
        }
        print(out, &SequenceAnswer { steps: answers, last: Answer::of(&epoch, subject.bonds()) })?;
        Ok(Outcome::Done)
    }

    /// A refusal that names the file.
    fn refuse(&self, error: anyhow::Error) -> Failure {
        Failure::Input(error.context(self.case.display().to_string()))
    }
}

/// The text of a file, or of standard input for `-`.
fn read(path: &Path) -> Result<String, Failure> {
    let mut text = String::new();
    let read = if path == Path::new("-") {
        std::io::stdin().lock().read_to_string(&mut text).map(|_| ())
    } else {
        std::fs::read_to_string(path).map(|file| text = file)
    };
    read.map_err(|error| {
        Failure::Input(
            anyhow::Error::new(error).context(format!("{}: cannot be read", path.display())),
        )
    })?;
    Ok(text)
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
