//! A run whose parameters are drawn from the joint law of a fit's estimates: what of a metric's variance is chance, and what
//! is that the scenario was estimated.

mod joint;

use crate::metrics;
use crate::metrics::Grouping;
use crate::metrics::MetricSpec;
use crate::metrics::RunSummary;
use crate::report;
use crate::report::Cell;
use crate::report::MANIFEST;
use crate::report::Table;
use crate::scenario::Scenario;
use crate::simulation::conduct::Conduct;
use crate::simulation::error::Error;
use crate::simulation::selection::Changes;
use crate::simulation::selection::Selection;
use crate::simulation::target::Target;
use crate::simulation::world::Simulation;
use crate::statistics::InputUncertainty;
use crate::statistics::input_uncertainty;
use crate::study;
use crate::work::Digest;
use joint::Joint;
use serde_json::Value;
use serde_json::json;
use std::path::Path;
use std::path::PathBuf;

pub use joint::DrawnParameter;

/// Fewest draws, and replications a draw: with fewer the variance cannot be split.
const LEAST: u32 = 2;
/// Largest number of draws that may be asked for.
const DRAWS_MAX: u32 = 10_000;
/// A draw is tried so often before the fit is said to allow none. Source: ours.
const ATTEMPTS_MAX: u64 = 1000;

/// A run about to begin, whose parameters are drawn.
#[derive(Debug)]
pub struct Uncertain<'s> {
    simulation: &'s Simulation,
    joint: Joint,
    file: PathBuf,
    draws: u32,
}

/// What a metric's variance is made of.
#[derive(Clone, Debug, PartialEq)]
pub struct UncertainMetric {
    /// The metric with its parameters.
    pub metric: String,
    /// Unit of its value.
    pub unit: &'static str,
    /// Kind of group: whole, class or operator.
    pub grouping: &'static str,
    /// The group; empty for all miners.
    pub group: String,
    /// The parts; none where the metric has no value in some replication.
    pub parts: Option<InputUncertainty>,
}

/// The outcome of a run with drawn parameters.
#[derive(Clone, Debug)]
pub struct UncertainOutcome {
    metrics: Vec<UncertainMetric>,
    draws: Vec<Vec<DrawnParameter>>,
    digest: Digest,
    refused: u64,
    manifest: Value,
}

impl Simulation {
    /// The same with its parameters drawn so many times from the joint law of the fit's estimates in `file`; none: the report
    /// that `assay fit` wrote beside the scenario. Keys that are changed by hand are not drawn.
    ///
    /// # Errors
    /// When there are fewer than two draws or replications a draw, or the joint law cannot be read.
    pub fn uncertain(&self, file: Option<&Path>, draws: u32) -> Result<Uncertain<'_>, Error> {
        if !(LEAST..=DRAWS_MAX).contains(&draws) {
            let text = format!("--draws is {draws}, allowed: from {LEAST} to {DRAWS_MAX}");
            return Err(Error::Input(text));
        }
        let each = self.replication_count();
        if each < LEAST {
            return Err(Error::Input(format!(
                "run.replications is {each}, allowed with --uncertain: at least {LEAST} a draw, for from one alone chance \
                 and the estimates' errors cannot be told apart"
            )));
        }
        if self.recording.is_some() {
            return Err(Error::Input("a recording has no parameters to draw".to_string()));
        }
        self.refuse_replay()?;
        let file = file.map_or_else(|| beside(self), Path::to_path_buf);
        Ok(Uncertain { simulation: self, joint: Joint::read(&file)?, file, draws })
    }
}

/// The report that `assay fit` wrote beside a scenario.
fn beside(simulation: &Simulation) -> PathBuf {
    let stem = simulation.file().file_stem().unwrap_or_default().to_string_lossy();
    simulation.file().with_file_name(format!("{stem}-fit.json"))
}

impl Uncertain<'_> {
    /// Replications that will be made.
    #[must_use]
    pub fn work_count(&self) -> u64 {
        u64::from(self.draws) * u64::from(self.simulation.replication_count())
    }

    /// Draws the parameters, runs every replication of every draw, and splits the variance of every metric.
    ///
    /// # Errors
    /// When no draw is a scenario, it was stopped before the end, or the machine has no threads to give.
    pub fn run(&self, conduct: &Conduct<'_>) -> Result<UncertainOutcome, Error> {
        let seed = self.simulation.resolved()?.run.seed;
        let mut rows = DrawnValues::default();
        let (mut all, mut digests, mut refused) = (Vec::new(), Vec::new(), 0);
        for number in 0..u64::from(self.draws) {
            let (drawn, scenario, tries) = self.draw(seed, number)?;
            refused += tries;
            let study = study::run(&scenario, conduct.pace())?;
            digests.extend(study.replications.iter().map(|replication| replication.digest));
            rows.take(study.replications.iter().map(|replication| &replication.facts));
            all.push(drawn);
        }
        let digest = Digest::of_replications(&digests);
        let manifest = self.manifest(digest, refused)?;
        Ok(UncertainOutcome { metrics: rows.split(), draws: all, digest, refused, manifest })
    }

    /// The parameters of a draw, their scenario, and how many tries were refused before.
    fn draw(&self, seed: u64, number: u64) -> Result<(Vec<DrawnParameter>, Scenario, u64), Error> {
        let own = &self.simulation.selection;
        let mut last = None;
        for attempt in 0..ATTEMPTS_MAX {
            let drawn = self.joint.drawn(seed, number, attempt);
            let assign = |one: &DrawnParameter| {
                let value = one.value;
                one.keys.iter().map(move |key| format!("{key}={value:?}")).collect::<Vec<_>>()
            };
            // What the caller changes stands last, and so stays.
            let set = drawn.iter().flat_map(assign).chain(own.changes.set.clone()).collect();
            let changes = Changes { set, ..own.changes.clone() };
            let selection = Selection::new(&own.file, changes);
            match selection.load() {
                Ok(loaded) => {
                    let simulation = Simulation::of(selection, loaded);
                    let mut scenario = simulation.resolved()?;
                    let run = &mut scenario.run;
                    // No two draws share a replication's number, and so no randomness.
                    run.first_replication += number * u64::from(run.replications);
                    return Ok((drawn, scenario, attempt));
                }
                Err(error) => last = Some(error),
            }
        }
        let last = last.map(|error| error.to_string()).unwrap_or_default();
        Err(Error::Input(format!(
            "{ATTEMPTS_MAX} draws were refused one after another, the last because: {last}"
        ))
        .at(&self.file.display().to_string()))
    }

    /// What the results folder claims: no clock, host or path.
    fn manifest(&self, digest: Digest, refused: u64) -> Result<Value, Error> {
        let scenario = self.simulation.resolved()?;
        let name = self.file.file_name().unwrap_or_default().to_string_lossy();
        let mut words = vec!["--uncertain".to_string(), format!("--draws {}", self.draws)];
        if *name != *beside(self.simulation).file_name().unwrap_or_default().to_string_lossy() {
            words.push(report::option("--joint", &name));
        }
        Ok(json!({
            "kind": "uncertain",
            "package": env!("CARGO_PKG_NAME"),
            "package_version": env!("CARGO_PKG_VERSION"),
            "sources": report::SOURCES,
            "command": self.simulation.selection.command_with("run", &words),
            "scenario": scenario.name,
            "scenario_hash": report::scenario_hash(&scenario.text),
            "joint_errors": name,
            "seed": scenario.run.seed,
            "epochs": scenario.run.epochs,
            "draws": self.draws,
            "refused_draws": refused,
            "replications_a_draw": scenario.run.replications,
            "digest": digest.to_string(),
        }))
    }
}

/// Values of every metric, by group, draw and replication.
#[derive(Debug, Default)]
struct DrawnValues(Vec<(UncertainMetric, Vec<Option<Vec<f64>>>)>);

impl DrawnValues {
    /// Takes in the replications of a draw.
    fn take<'f>(&mut self, replications: impl Iterator<Item = &'f RunSummary>) {
        let all: Vec<&RunSummary> = replications.collect();
        let standard: Vec<_> = metrics::standard().iter().map(MetricSpec::build).collect();
        let mut place = 0;
        for metric in &standard {
            let declared = metric.declared();
            for grouping in declared.printed_for {
                for (group, miners) in grouping.groups(all[0]) {
                    let value = |facts: &&RunSummary| metric.measure(facts, &miners).value();
                    let values: Option<Vec<f64>> = all.iter().map(value).collect();
                    if self.0.len() == place {
                        let row = UncertainMetric {
                            metric: declared.label.clone(),
                            unit: declared.unit,
                            grouping: Grouping::name(*grouping),
                            group: group.to_string(),
                            parts: None,
                        };
                        self.0.push((row, Vec::new()));
                    }
                    self.0[place].1.push(values);
                    place += 1;
                }
            }
        }
    }

    /// The parts of each metric's variance.
    fn split(self) -> Vec<UncertainMetric> {
        let split = |(row, values): (UncertainMetric, Vec<Option<Vec<f64>>>)| {
            let values: Option<Vec<Vec<f64>>> = values.into_iter().collect();
            let parts = values.and_then(|values| input_uncertainty(&values));
            UncertainMetric { parts, ..row }
        };
        self.0.into_iter().map(split).collect()
    }
}

impl UncertainOutcome {
    /// The parts of every metric's variance, over every group it is printed for.
    #[must_use]
    pub fn metrics(&self) -> &[UncertainMetric] {
        &self.metrics
    }

    /// The parameters of every draw.
    #[must_use]
    pub fn draws(&self) -> &[Vec<DrawnParameter>] {
        &self.draws
    }

    /// Draws that were no scenario and were drawn again.
    #[must_use]
    pub fn refused_count(&self) -> u64 {
        self.refused
    }

    /// The fingerprint of all replications of all draws.
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// What the results folder claims, as JSON.
    #[must_use]
    pub fn manifest(&self) -> Vec<u8> {
        report::json(&self.manifest)
    }

    /// A row a metric and group: mean, the two parts of its variance [unit squared], the share of the second, and the
    /// standard error of the mean.
    #[must_use]
    pub fn table(&self) -> Table {
        const HEADER: [&str; 9] = [
            "metric",
            "unit",
            "grouping",
            "group",
            "mean",
            "monte_carlo_variance",
            "estimation_variance",
            "estimation_share",
            "error_of_mean",
        ];
        let rows = self.metrics.iter().map(|row| {
            let of =
                |read: fn(&InputUncertainty) -> f64| Cell::Figure(row.parts.as_ref().map(read));
            vec![
                row.metric.clone().into(),
                row.unit.into(),
                row.grouping.into(),
                row.group.clone().into(),
                of(|parts| parts.mean),
                of(|parts| parts.monte_carlo),
                of(|parts| parts.estimation),
                row.parts.and_then(|parts| parts.estimation_share).into(),
                of(|parts| parts.error_of_mean),
            ]
        });
        Table::new(HEADER).with(rows)
    }

    /// A row a draw and parameter: the estimate, and what was drawn in its place.
    #[must_use]
    pub fn drawn_table(&self) -> Table {
        let rows = (0_u32..).zip(&self.draws).flat_map(|(number, drawn)| {
            drawn.iter().map(move |one| {
                vec![
                    number.into(),
                    one.part.clone().into(),
                    one.key.clone().into(),
                    one.estimate.into(),
                    one.value.into(),
                ]
            })
        });
        Table::new(["draw", "part", "key", "estimate", "value"]).with(rows)
    }

    /// Writes the results folder that has been begun.
    ///
    /// # Errors
    /// When the disk is full or fails.
    pub fn save_at(&self, target: Target) -> Result<(), Error> {
        target.write("uncertainty.csv", &self.table().csv())?;
        target.write("draws.csv", &self.drawn_table().csv())?;
        target.write(MANIFEST, &self.manifest())?;
        target.finish_plain()
    }
}
