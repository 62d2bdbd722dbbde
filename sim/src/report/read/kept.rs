//! A results folder in memory, as a report reads it.

use crate::config;
use crate::property::Property;
use crate::report::manifest::MANIFEST;
use crate::report::manifest::Manifest;
use crate::report::read::Change;
use crate::report::read::Course;
use crate::report::read::MetricLine;
use crate::report::read::Miners;
use crate::report::read::ReadError;
use crate::report::read::SweepFolder;
use crate::report::read::VerdictLine;
use crate::report::read::changes;
use crate::report::read::claimed::Files;
use crate::report::read::claimed::files;
use crate::report::read::claimed::read_manifest;
use crate::report::read::claimed::verb;
use crate::report::read::metrics;
use crate::report::read::verdicts;
use std::path::Path;

/// The content of a results folder, read back.
#[derive(Clone, Debug)]
pub(crate) struct Kept {
    /// The manifest: what the folder claims.
    pub(crate) manifest: Manifest,
    /// The miners of all replications, where `miners.csv` was kept.
    pub(crate) miners: Option<Miners>,
    /// `epochs.csv`, which a repository leaves out.
    pub(crate) course: Option<Course>,
    /// `metrics.csv`; empty without one.
    pub(crate) metrics: Vec<MetricLine>,
    /// `verdicts.json`; empty without one.
    pub(crate) verdicts: Vec<VerdictLine>,
    /// `compare.csv`; empty without one.
    pub(crate) changes: Vec<Change>,
    /// The cells of a sweep, where `sweep.csv` was kept.
    pub(crate) sweep: Option<SweepFolder>,
}

impl Kept {
    /// Reads the folder at `place`.
    ///
    /// # Errors
    /// When it is missing, empty, damaged, of another version, or of a verb that has no report.
    pub(crate) fn read(place: &Path) -> Result<Self, ReadError> {
        Self::of(place, &files(place)?)
    }

    /// Reads files that stand, or will stand, at `place`.
    ///
    /// # Errors
    /// When one is missing, damaged, of another version, or of a verb that has no report.
    pub(crate) fn of(place: &Path, files: &Files) -> Result<Self, ReadError> {
        let shown = |name: &str| place.join(name).display().to_string();
        let bytes = |name: &str| {
            files.iter().find(|(own, _)| *own == name).map(|(_, bytes)| bytes.as_slice())
        };
        let manifest = bytes(MANIFEST).ok_or_else(|| ReadError::Foreign(place.to_path_buf()))?;
        let manifest = read_manifest(place, manifest)?;
        for &file in needed(&manifest.command) {
            if bytes(file).is_none() {
                let (folder, command) = (place.to_path_buf(), manifest.command.clone());
                return Err(ReadError::Incomplete { folder, file, command });
            }
        }
        let roots = roots();
        let found = |name: &'static str| bytes(name).map(|bytes| (shown(name), bytes));
        let kept = Self {
            miners: found("miners.csv").map(|(f, b)| Miners::read(&f, b)).transpose()?,
            course: found("epochs.csv").map(|(f, b)| Course::read(&f, b)).transpose()?,
            metrics: found("metrics.csv")
                .map(|(f, b)| metrics::read(&f, b))
                .transpose()?
                .unwrap_or_default(),
            verdicts: found("verdicts.json")
                .map(|(f, b)| verdicts::read(&f, b))
                .transpose()?
                .unwrap_or_default(),
            changes: found("compare.csv")
                .map(|(f, b)| changes::read(&f, b))
                .transpose()?
                .unwrap_or_default(),
            sweep: found("sweep.csv")
                .map(|(f, b)| SweepFolder::read(&f, b, &roots))
                .transpose()?
                .map(|sweep| sweep.with_claims(&properties(&manifest))),
            manifest,
        };
        kept.check_replications(&shown("miners.csv"))?;
        Ok(kept)
    }

    /// The verb of the command that wrote the folder.
    pub(crate) fn verb(&self) -> &str {
        verb(&self.manifest.command)
    }

    /// A run's table holds as many replications as its manifest says.
    fn check_replications(&self, file: &str) -> Result<(), ReadError> {
        let Some(miners) = self.miners.as_ref().filter(|_| self.verb() == "run") else {
            return Ok(());
        };
        let claimed = usize::try_from(self.manifest.replications).expect("32 bits fit a length");
        if miners.replications == claimed {
            return Ok(());
        }
        let what =
            format!("it holds {} replications, its manifest says {claimed}", miners.replications);
        Err(ReadError::Damaged { file: file.to_string(), what })
    }
}

/// The tables that a command's verb writes.
fn needed(command: &str) -> &'static [&'static str] {
    match verb(command) {
        "compare" => &["compare.csv"],
        "sweep" => &["sweep.csv"],
        "check" => &["verdicts.json"],
        _ => &["miners.csv", "metrics.csv", "verdicts.json"],
    }
}

/// What the scenario claims; nothing where its text is of a version with other keys.
fn properties(manifest: &Manifest) -> Vec<Property> {
    let loaded = config::load_kept(MANIFEST, &manifest.scenario_text);
    loaded.map(|loaded| loaded.scenario.property).unwrap_or_default()
}

/// The keys of a scenario file.
fn roots() -> Vec<String> {
    let schema = config::json_schema();
    config::Schema::new(&schema).keys().into_iter().map(str::to_string).collect()
}
