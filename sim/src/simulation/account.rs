//! How one miner came to its pay: requests, outcomes, score, wins, weight, u16, incentive and rao, each beside the median of
//! its class.

use crate::base::reading;
use crate::report::MANIFEST;
use crate::report::Manifest;
use crate::simulation::error::Error;
use crate::statistics::Summary;
use std::collections::BTreeMap;
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

/// Largest file of a results folder that is read [bytes].
const FILE_BYTES_MAX: u64 = 1 << 30;

/// Values of one column: the miner's, and those of its class.
type Columns = BTreeMap<String, (Vec<f64>, Vec<f64>)>;

/// Why a miner of a results folder was paid what it was.
#[derive(Clone, Debug)]
pub struct Account {
    manifest: Manifest,
    class: String,
    columns: Columns,
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
        let (class, columns) = read_miner(folder, miner)?;
        Ok(Self { manifest, class, columns })
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
        &self.class
    }

    /// The links, from stake to pay.
    pub fn links(&self) -> impl Iterator<Item = Link> {
        LINKS.iter().map(|(column, label, about)| {
            let (own, class_median) = (self.mean(column), self.median(column));
            Link { label, own, class_median, about }
        })
    }

    fn mean(&self, column: &str) -> Option<f64> {
        self.columns.get(column).and_then(|(own, _)| Summary::of(own)).map(|s| s.mean)
    }

    fn median(&self, column: &str) -> Option<f64> {
        self.columns.get(column).and_then(|(_, all)| Summary::of(all)).map(|s| s.p50)
    }

    /// What most likely explains a low pay, in words.
    #[must_use]
    pub fn reasons(&self) -> Vec<String> {
        let mut lines = Vec::new();
        let is_zero = |x: Option<f64>| x.is_some_and(|x| x <= 0.0);
        if is_zero(self.mean("requests")) {
            lines.push(
                "It received no request: no stake, never valid at a health check, or up too briefly."
                    .to_string(),
            );
        }
        if is_zero(self.mean("stake_alpha")) {
            lines.push(
                "Without stake its routing weight is 0: it is chosen only when all weights are 0."
                    .to_string(),
            );
        }
        if is_zero(self.mean("score")) && !is_zero(self.mean("requests")) {
            lines.push(
                "Its score is 0: until a success is seen by a score run, its routing multiplier is 0.05 \
                 (the newcomer trap)."
                    .to_string(),
            );
        }
        let ratio = |name: &str| match (self.mean(name), self.median(name)) {
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

/// The miner's class, and every numeric column for it and its class.
fn read_miner(folder: &Path, miner: &str) -> Result<(String, Columns), Error> {
    let path = folder.join("miners.csv");
    let unreadable =
        |error: csv::Error| Error::input(&error).at(&format!("cannot read {}", path.display()));
    let bytes = reading::whole(&path, FILE_BYTES_MAX)
        .map_err(|error| Error::input(&error).at(&path.display().to_string()))?;
    let mut reader = csv::Reader::from_reader(bytes.as_slice());
    let headers = reader.headers().map_err(unreadable)?.clone();
    let index = |name: &str| {
        let found = headers.iter().position(|h| h == name);
        found.ok_or_else(|| Error::Input(format!("{} has no column {name}", path.display())))
    };
    let (name_at, class_at) = (index("miner")?, index("class")?);
    let rows: Vec<_> = reader.records().collect::<Result<_, _>>().map_err(unreadable)?;
    let own = rows.iter().find(|r| r.get(name_at) == Some(miner));
    let class = own.and_then(|r| r.get(class_at)).ok_or_else(|| {
        let mut names: Vec<_> = rows.iter().filter_map(|r| r.get(name_at)).collect();
        names.dedup();
        names.truncate(12);
        let (path, names) = (path.display(), names.join(", "));
        Error::Input(format!("no miner {miner:?} in {path}; there are: {names}, ..."))
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
