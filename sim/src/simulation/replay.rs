//! A recorded trace through a scenario's scoring, validators and chain: no engine, no draw.

use crate::report;
use crate::report::MANIFEST;
use crate::scenario::Scenario;
use crate::simulation::error::Error;
use crate::simulation::target::Target;
use crate::simulation::trace::Trace;
use crate::simulation::world::Simulation;
use crate::trace;
use crate::trace::ReplayPlan;
use crate::trace::ReplayedMiner;
use crate::trace::RunHistory;
use serde_json::json;
use std::fs::File;
use std::io::BufReader;
use std::path::Path;

/// A trace and the rules that score and pay it.
#[derive(Debug)]
pub struct Replay {
    scenario: Scenario,
    trace: Trace,
    command: String,
}

/// What the rules make of a trace.
#[derive(Clone, Debug)]
pub struct Replayed {
    found: trace::ReplayResult,
    question: String,
    manifest: Vec<u8>,
}

impl Replay {
    /// `trace` under the rules of `simulation`, whose clients and miners are left alone.
    ///
    /// # Errors
    /// When a change of the scenario cannot be.
    pub fn of(simulation: &Simulation, trace: Trace) -> Result<Self, Error> {
        let begin = format!("assay replay {} --scenario", trace.words());
        let command = simulation.command("--scenario").replacen("assay --scenario", &begin, 1);
        Ok(Self { scenario: simulation.resolved()?, trace, command })
    }

    /// Scores and pays every job.
    ///
    /// # Errors
    /// When trace or column map cannot be read, a row is bad and not left out, or the scenario has no place for a miner
    /// or a kind of job that the trace names.
    pub fn run(&self) -> Result<Replayed, Error> {
        let map = self.trace.column_map()?;
        let open = || self.trace.open(map.as_ref());
        let history = history(&self.trace.file)?;
        let (plan, skips_bad) = (ReplayPlan::of(&self.scenario), self.trace.skips_bad);
        let found = trace::replay(&open, &plan, history.as_ref(), skips_bad)
            .map_err(|error| Error::of_trace(&self.trace.file, &error))?;
        let (manifest, question) = (self.manifest(&found), self.scenario.question.clone());
        Ok(Replayed { found, question, manifest })
    }

    /// What the results folder claims: no clock, host or path.
    fn manifest(&self, found: &trace::ReplayResult) -> Vec<u8> {
        let Self { scenario, trace, command } = self;
        report::json(&json!({
            "package": env!("CARGO_PKG_NAME"),
            "package_version": env!("CARGO_PKG_VERSION"),
            "sources": report::SOURCES,
            "scenario": scenario.name,
            "question": scenario.question,
            "command": command,
            "scenario_hash": report::scenario_hash(&scenario.text),
            "trace": trace.name(),
            "rows": found.scan.rows,
            "rows_skipped": found.scan.skipped,
            "rows_after_reference": found.late,
            "miners": found.miners.len(),
            "reference_time_ms": found.reference_ms,
            "score_runs_averaged": found.averaged,
            "scenario_text": scenario.text,
        }))
    }
}

/// What a simulated run has written beside its jobs, where it did.
fn history(trace: &Path) -> Result<Option<RunHistory>, Error> {
    let path = trace::history_beside(trace);
    if !path.is_file() {
        return Ok(None);
    }
    let file = File::open(&path)
        .map_err(|error| Error::input(&error).at(&format!("cannot open {}", path.display())))?;
    let read = RunHistory::read(BufReader::new(file));
    read.map(Some).map_err(|error| Error::of_trace(&path, &error))
}

impl Replayed {
    /// The question that the scenario asks.
    #[must_use]
    pub fn question(&self) -> &str {
        &self.question
    }

    /// Every miner's score, wins, weight and pay, by uid.
    #[must_use]
    pub fn miners(&self) -> &[ReplayedMiner] {
        &self.found.miners
    }

    /// Rows of the trace that were used.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.found.scan.rows
    }

    /// Rows of the trace that were left out.
    #[must_use]
    pub fn skipped(&self) -> u64 {
        self.found.scan.skipped
    }

    /// Rows that were written after the reference time, and so left out of every score.
    #[must_use]
    pub fn late(&self) -> u64 {
        self.found.late
    }

    /// The time at which scores are last looked at, since the trace's beginning \[ms\].
    #[must_use]
    pub fn reference_ms(&self) -> u64 {
        self.found.reference_ms
    }

    /// The first of the rows left out, each with its place.
    #[must_use]
    pub fn bad(&self) -> Vec<String> {
        self.found.scan.bad.iter().map(ToString::to_string).collect()
    }

    /// The miners as csv, every figure so that it reads back to the same bits.
    #[must_use]
    pub fn csv(&self) -> Vec<u8> {
        trace::to_csv(&self.found.miners)
    }

    /// What the results folder claims, as JSON.
    #[must_use]
    pub fn manifest(&self) -> &[u8] {
        &self.manifest
    }

    /// Writes the results folder that has been begun.
    ///
    /// # Errors
    /// When the disk is full or fails.
    pub fn save_at(&self, target: Target) -> Result<(), Error> {
        target.write("replay.csv", &self.csv())?;
        target.write(MANIFEST, &self.manifest)?;
        target.finish_plain()
    }
}
