//! `miners.csv` for one miner: its own rows, its class's, and the scores of all.

use crate::base::reading;
use crate::simulation::error::Error;
use crate::statistics::Summary;
use std::collections::BTreeMap;
use std::path::Path;

/// Largest file of a results folder that is read [bytes].
pub(super) const FILE_BYTES_MAX: u64 = 1 << 30;
/// Miners named where a name is none.
const NAMES_MAX: usize = 12;

/// The figures of one miner in one replication, by column; one that is empty is not there.
#[derive(Clone, Debug, Default)]
pub(super) struct AccountRow(BTreeMap<String, f64>);

/// What the table says of a miner.
#[derive(Clone, Debug)]
pub(super) struct Rows {
    class: String,
    /// Its own, a replication each.
    own: Vec<AccountRow>,
    /// Those of its class, its own too.
    of_class: Vec<AccountRow>,
    /// Every miner's score by replication, in the scenario's order.
    scores: Vec<Vec<f64>>,
}

impl AccountRow {
    /// The figure of a column.
    pub(super) fn value(&self, column: &str) -> Option<f64> {
        self.0.get(column).copied()
    }

    /// Whether the column has a figure and that is 0.
    pub(super) fn is_zero(&self, column: &str) -> bool {
        self.value(column).is_some_and(|x| x <= 0.0)
    }

    /// Whether the column has a figure above 0.
    pub(super) fn is_above(&self, column: &str) -> bool {
        self.value(column).is_some_and(|x| x > 0.0)
    }
}

impl Rows {
    /// Reads the table of the folder for `miner`.
    ///
    /// # Errors
    /// When the table cannot be read, or has no such miner.
    pub(super) fn read(folder: &Path, miner: &str) -> Result<Self, Error> {
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
        let (run_at, score_at) = (index("replication")?, index("score")?);
        let records: Vec<_> = reader.records().collect::<Result<_, _>>().map_err(unreadable)?;
        let own = records.iter().find(|r| r.get(name_at) == Some(miner));
        let class = own.and_then(|r| r.get(class_at)).ok_or_else(|| {
            let mut names: Vec<_> = records.iter().filter_map(|r| r.get(name_at)).collect();
            names.dedup();
            names.truncate(NAMES_MAX);
            let (path, names) = (path.display(), names.join(", "));
            Error::Input(format!("no miner {miner:?} in {path}; there are: {names}, ..."))
        })?;
        let figures = |record: &csv::StringRecord| {
            let cells = headers.iter().zip(record);
            AccountRow(
                cells.filter_map(|(h, text)| Some((h.to_string(), text.parse().ok()?))).collect(),
            )
        };
        let rows_of = |is_wanted: &dyn Fn(&csv::StringRecord) -> bool| -> Vec<AccountRow> {
            records.iter().filter(|record| is_wanted(record)).map(figures).collect()
        };
        let mut scores: BTreeMap<usize, Vec<f64>> = BTreeMap::new();
        let mut runs: Vec<&str> = Vec::new();
        for record in &records {
            let run = record.get(run_at).unwrap_or_default();
            if runs.last() != Some(&run) {
                runs.push(run);
            }
            let score = record.get(score_at).and_then(|text| text.parse().ok()).unwrap_or(0.0);
            scores.entry(runs.len()).or_default().push(score);
        }
        Ok(Self {
            class: class.to_string(),
            own: rows_of(&|r| r.get(name_at) == Some(miner)),
            of_class: rows_of(&|r| r.get(class_at) == Some(class)),
            scores: scores.into_values().collect(),
        })
    }

    /// Class of the miner, as the table names it.
    pub(super) fn class(&self) -> &str {
        &self.class
    }

    /// Its own rows, a replication each.
    pub(super) fn own(&self) -> &[AccountRow] {
        &self.own
    }

    /// Every miner's score by replication, in the scenario's order.
    pub(super) fn scores_by_run(&self) -> &[Vec<f64>] {
        &self.scores
    }

    /// Every miner's score in the first replication, in the scenario's order.
    pub(super) fn scores(&self) -> Vec<f64> {
        self.scores.first().cloned().unwrap_or_default()
    }

    /// Mean of the miner's own over the replications that have a figure.
    pub(super) fn own_mean(&self, column: &str) -> Option<f64> {
        Summary::of(&figures(&self.own, column)).map(|summary| summary.mean)
    }

    /// Median of its class over miners and replications.
    pub(super) fn class_median(&self, column: &str) -> Option<f64> {
        Summary::of(&figures(&self.of_class, column)).map(|summary| summary.p50)
    }
}

fn figures(rows: &[AccountRow], column: &str) -> Vec<f64> {
    rows.iter().filter_map(|row| row.value(column)).collect()
}
