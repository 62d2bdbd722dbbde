//! What a run gave: figures and tables in memory, and the results folder that keeps them.

use crate::metrics;
use crate::metrics::Metric;
use crate::metrics::MetricSpec;
use crate::metrics::RunSummary;
use crate::report;
use crate::report::ComparedClaim;
use crate::report::Files;
use crate::report::JobTables;
use crate::report::Judged;
use crate::report::MANIFEST;
use crate::report::Manifest;
use crate::report::MeasuredClaim;
use crate::report::MetricRow;
use crate::report::Table;
use crate::scenario::Scenario;
use crate::simulation::error::Error;
use crate::simulation::target::Target;
use crate::statistics::Summary;
use crate::study::Study;
use crate::work::Digest;
use std::collections::BTreeMap;
use std::path::Path;

/// The outcome of a run: tables, metrics, verdicts and digest.
#[derive(Clone, Debug)]
pub struct Outcome {
    scenario: Scenario,
    study: Study,
    judged: Vec<Judged>,
    metrics: Vec<MetricRow>,
    fairness: Vec<MetricRow>,
    measured: Option<MeasuredClaim>,
    judged_together: Option<u64>,
    compared: Option<ComparedClaim>,
    sweep_text: Option<String>,
    other_texts: BTreeMap<String, String>,
    command: String,
    difference: Option<String>,
    jobs: Option<JobTables>,
}

impl Outcome {
    /// Of a run that `command` does again.
    pub(super) fn plain(scenario: Scenario, study: Study, command: String) -> Self {
        let judged = Judged::of_study(&study, &command);
        Self::judged(scenario, study, judged, command)
    }

    /// Of a run that `command` does again, with these verdicts on it.
    pub(super) fn judged(
        scenario: Scenario,
        study: Study,
        judged: Vec<Judged>,
        command: String,
    ) -> Self {
        let measure = |asked: Vec<MetricSpec>| {
            let built: Vec<_> = asked.iter().map(MetricSpec::build).collect();
            report::measure(&study, &built, scenario.run.seed)
        };
        let (metrics, fairness) = (measure(metrics::standard()), measure(metrics::fairness()));
        Self {
            scenario,
            study,
            judged,
            metrics,
            fairness,
            measured: None,
            judged_together: None,
            compared: None,
            sweep_text: None,
            other_texts: BTreeMap::new(),
            command,
            difference: None,
            jobs: None,
        }
    }

    /// The same, with so many statistical properties sharing the error bounds of the verdicts.
    #[must_use]
    pub(super) fn with_judged_together(self, count: u64) -> Self {
        Self { judged_together: Some(count).filter(|count| *count > 0), ..self }
    }

    /// The same with the jobs of its first replication.
    #[must_use]
    pub(super) fn with_jobs(self, jobs: Option<JobTables>) -> Self {
        Self { jobs, ..self }
    }

    /// The jobs of the first replication, where the run was to keep them.
    #[must_use]
    pub fn jobs(&self) -> Option<&JobTables> {
        self.jobs.as_ref()
    }

    /// The same of real work; `difference` says where its recording claims another digest.
    #[must_use]
    pub(super) fn with_measured(self, measured: MeasuredClaim, difference: Option<String>) -> Self {
        Self { measured: Some(measured), difference, ..self }
    }

    /// The same, compared with another scenario.
    #[must_use]
    pub(super) fn with_compared(self, compared: ComparedClaim) -> Self {
        Self { compared: Some(compared), ..self }
    }

    /// The same with what else has to be kept to run it again: the text of the scenario whose first cell it is, and those of
    /// the files that it names.
    #[must_use]
    pub(super) fn with_texts(
        self,
        sweep_text: Option<String>,
        other_texts: BTreeMap<String, String>,
    ) -> Self {
        Self { sweep_text, other_texts, ..self }
    }

    /// The same outcome, said to be made by another command.
    #[must_use]
    pub(super) fn with_command(self, command: String) -> Self {
        Self { command, ..self }
    }

    /// The run's fingerprint: the hash of its replications' digests.
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.study.digest
    }

    /// The fingerprint of every replication, by number.
    pub fn digests(&self) -> impl Iterator<Item = (u64, Digest)> {
        self.study.replications.iter().map(|replication| (replication.number, replication.digest))
    }

    /// What metrics read of each replication, in the order of their numbers.
    #[must_use]
    pub fn replications(&self) -> impl ExactSizeIterator<Item = &RunSummary> {
        self.study.replications.iter().map(|replication| &replication.facts)
    }

    /// Epochs of each replication.
    #[must_use]
    pub fn epoch_count(&self) -> u32 {
        self.scenario.run.epochs
    }

    /// Validators of the subnet.
    #[must_use]
    pub fn validator_count(&self) -> usize {
        self.scenario.validators.len()
    }

    /// Jobs of all replications, those of the warm-up too.
    #[must_use]
    pub fn job_count(&self) -> u64 {
        self.study.replications.iter().map(|replication| replication.jobs).sum()
    }

    /// The name of the scenario.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.scenario.name
    }

    /// The question it asks.
    #[must_use]
    pub fn question(&self) -> &str {
        &self.scenario.question
    }

    /// The metric with this label, as `metrics.csv` prints it, or the measure of fairness, over all miners: mean, interval and
    /// quantiles over the replications.
    ///
    /// # Errors
    /// When there is no such metric, or it has no value in any replication.
    pub fn metric(&self, label: &str) -> Result<Summary, Error> {
        let all = || self.metrics.iter().chain(&self.fairness);
        let whole = || all().filter(|row| row.grouping == "whole");
        let row = whole().find(|row| row.metric == label).ok_or_else(|| {
            let labels: Vec<_> = whole().map(|row| row.metric.as_str()).collect();
            Error::Input(format!("there is no metric {label}; there are: {}", labels.join(", ")))
        })?;
        row.summary.ok_or_else(|| {
            let reason = row.undefined.map_or("no replication", |(_, reason)| reason);
            Error::Input(format!("{label} has no value: {reason}"))
        })
    }

    /// A metric of the caller's own, over all miners; none where it has no value in any replication.
    #[must_use]
    pub fn measure(&self, metric: &dyn Metric) -> Option<Summary> {
        let values =
            self.replications().filter_map(|facts| metric.measure(facts, &facts.all()).value());
        Summary::of(&values.collect::<Vec<_>>())
    }

    /// Every standard metric over every group it is printed for.
    #[must_use]
    pub fn metrics(&self) -> &[MetricRow] {
        &self.metrics
    }

    /// The measures of fairness, which pages show first: how far pay is from useful work by miner, of all and within each
    /// class, and whether some class is off by more than a tenth, of which the mean is a share of the replications.
    #[must_use]
    pub fn fairness(&self) -> &[MetricRow] {
        &self.fairness
    }

    /// A row a replication and miner: what it was asked, did, scored and earned.
    #[must_use]
    pub fn miners(&self) -> Table {
        report::miners(&self.scenario, &self.study)
    }

    /// A row an epoch: where emission went and how much was done, over the replications.
    #[must_use]
    pub fn epochs(&self) -> Table {
        report::epochs(&self.scenario, &self.study)
    }

    /// How much of the beginning to cut as warm-up, in sentences: by MSER-5, on the means over the replications.
    #[must_use]
    pub fn warm_up(&self) -> Vec<String> {
        report::warm_up(&self.scenario, &self.study).sentences()
    }

    /// The verdicts: on the invariants, and on properties where they were judged.
    #[must_use]
    pub fn verdicts(&self) -> &[Judged] {
        &self.judged
    }

    /// Invariants that did not hold, in words.
    #[must_use]
    pub fn broken(&self) -> Vec<String> {
        self.study.broken()
    }

    /// What to say when the run of a recording gave another digest than the recording claims.
    #[must_use]
    pub fn difference(&self) -> Option<&str> {
        self.difference.as_deref()
    }

    /// What the results folder claims, as JSON.
    #[must_use]
    pub fn manifest(&self) -> Vec<u8> {
        let (measured, compared) = (self.measured.clone(), self.compared.clone());
        let judged_together = self.judged_together;
        let plain = Manifest::of(&self.scenario, &self.study, &self.command);
        let (sweep_text, other_texts) = (self.sweep_text.clone(), self.other_texts.clone());
        report::json(&Manifest {
            measured,
            judged_together,
            compared,
            other_texts,
            sweep_text,
            ..plain
        })
    }

    /// Writes the results folder at `place`.
    ///
    /// # Errors
    /// When the place holds something else, or cannot be written.
    pub fn save(&self, place: impl AsRef<Path>) -> Result<(), Error> {
        self.save_at(Target::begin(place)?)
    }

    /// Writes the results folder that has been begun.
    ///
    /// # Errors
    /// When the disk is full or fails.
    pub fn save_at(&self, target: Target) -> Result<(), Error> {
        self.write(&target)?;
        target.finish()
    }

    /// The same without plots and page.
    ///
    /// # Errors
    /// When the disk is full or fails.
    pub fn save_tables_at(&self, target: Target) -> Result<(), Error> {
        self.write(&target)?;
        target.finish_plain()
    }

    /// Writes the files of the results folder, but for plots and page.
    ///
    /// # Errors
    /// When the disk is full or fails.
    pub(super) fn write(&self, target: &Target) -> Result<(), Error> {
        for (name, bytes) in self.files() {
            target.write(name, &bytes)?;
        }
        Ok(())
    }

    /// The files of the results folder, but for plots and page.
    pub(super) fn files(&self) -> Files {
        vec![
            (MANIFEST, self.manifest()),
            ("miners.csv", self.miners().csv()),
            ("epochs.csv", self.epochs().csv()),
            ("metrics.csv", report::metrics(&self.metrics).csv()),
            ("verdicts.json", report::json(&self.judged)),
        ]
    }
}
