//! How one miner came to its pay: requests, outcomes, score, wins, weight, u16, incentive and rao, each beside the median of
//! its class.

mod chances;
mod reasons;
mod rows;

use crate::base::reading;
use crate::config;
use crate::report::MANIFEST;
use crate::report::Manifest;
use crate::scenario::Scenario;
use crate::simulation::error::Error;
use reasons::MinerCase;
use rows::FILE_BYTES_MAX;
use rows::Rows;
use std::path::Path;

/// The links of the chain: column, what it is, what decides it.
const LINKS: &[(&str, &str, &str)] = &[
    ("stake_alpha", "stake [alpha]", "what a router that goes by stake counts in whole tokens"),
    ("requests", "requests", "what the router gave it"),
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

/// Why a miner of a results folder was paid what it was.
#[derive(Clone, Debug)]
pub struct Account {
    manifest: Manifest,
    miner: String,
    rows: Rows,
    /// The folder's scenario; none where its text is of a version with other keys.
    scenario: Option<Scenario>,
}

/// A link of the chain, from stake to pay.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    /// What it is, with its unit.
    pub label: &'static str,
    /// Mean of the miner's own over the replications; none where the folder has no such column.
    pub own: Option<f64>,
    /// Median of its class.
    pub class_median: Option<f64>,
    /// What decides this step of the account, in words.
    pub about: &'static str,
}

impl Account {
    /// Reads what the results folder at `folder` says of `miner`.
    ///
    /// # Errors
    /// When the folder cannot be read, or has no such miner.
    pub fn read(folder: impl AsRef<Path>, miner: &str) -> Result<Self, Error> {
        let folder = folder.as_ref();
        let manifest = read_manifest(folder)?;
        let rows = Rows::read(folder, miner)?;
        let loaded = config::load_kept(MANIFEST, &manifest.scenario_text).ok();
        let scenario =
            loaded.map(|loaded| config::resolve(&manifest.scenario, &manifest.question, &loaded));
        Ok(Self { manifest, miner: miner.to_string(), rows, scenario })
    }

    /// The scenario that was run.
    #[must_use]
    pub fn scenario(&self) -> &str {
        &self.manifest.scenario
    }

    /// Number of replications that were run.
    #[must_use]
    pub fn replication_count(&self) -> u32 {
        self.manifest.replications
    }

    /// Number of epochs of each replication.
    #[must_use]
    pub fn epoch_count(&self) -> u32 {
        self.manifest.epochs
    }

    /// The command that wrote the folder.
    #[must_use]
    pub fn command(&self) -> &str {
        &self.manifest.command
    }

    /// Class of the miner whose account it is.
    #[must_use]
    pub fn class(&self) -> &str {
        self.rows.class()
    }

    /// The links, from stake to pay.
    pub fn links(&self) -> impl Iterator<Item = Link> {
        LINKS.iter().map(|(column, label, about)| {
            let (own, class_median) = (self.rows.own_mean(column), self.rows.class_median(column));
            Link { label, own, class_median, about }
        })
    }

    /// What explains its pay, in words: each reason stands where the tables and the scenario's own rules show it.
    #[must_use]
    pub fn reasons(&self) -> Vec<String> {
        let case = self.scenario.as_ref();
        let case = case.and_then(|own| MinerCase::of(&self.manifest, own, &self.miner, &self.rows));
        let mut lines = case.as_ref().map(MinerCase::reasons).unwrap_or_default();
        let ratio = |name: &str| match (self.rows.own_mean(name), self.rows.class_median(name)) {
            (Some(own), Some(class)) if class > 0.0 => Some(own / class),
            _ => None,
        };
        for (name, what) in
            [("requests", "number of requests"), ("score", "score"), ("pay_rao", "pay")]
        {
            if let Some(ratio) = ratio(name) {
                lines.push(format!("Its {what} is {ratio:.2} times its class's median."));
            }
        }
        lines.extend(case.map(|case| case.rules()).unwrap_or_default());
        lines
    }
}

/// The manifest of a results folder.
fn read_manifest(folder: &Path) -> Result<Manifest, Error> {
    let path = folder.join(MANIFEST);
    let text = reading::text(&path, FILE_BYTES_MAX).map_err(|error| {
        let place = format!("cannot read {}: is it a results folder?", path.display());
        Error::input(&error).at(&place)
    })?;
    serde_json::from_str(&text).map_err(|error| {
        let place = format!("{} is damaged or of another version", path.display());
        Error::input(&error).at(&place)
    })
}
