//! `sweep.csv` read back: parameters, metrics and verdicts of every cell.
//!
//! `cell` names the cells. Any other column is a parameter when its name is a path of the scenario (its first step is a key of the scenario file), a
//! verdict when all its cells are PASS, FAIL or UNDECIDED (more words may follow), else a metric.

use crate::property::Expect;
use crate::property::Property;
use crate::report::read::ReadError;
use crate::report::read::table::ReadTable;
use std::fmt;

/// What was decided of a property in a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Mark {
    /// The verdict is PASS: the claim holds.
    Pass,
    /// Not decided, or not judged.
    Undecided,
    /// It does not hold.
    Fail,
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Pass => "PASS",
            Self::Undecided => "UNDECIDED",
            Self::Fail => "FAIL",
        })
    }
}

/// A column with its cells.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Named<T> {
    /// Heading of the column in `sweep.csv`.
    pub(crate) name: String,
    /// A value a cell of the sweep.
    pub(crate) cells: Vec<T>,
}

/// A sweep as its table has it: cells, metrics and verdicts.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct SweepFolder {
    /// What the cells are called; empty where they have no names.
    pub(crate) names: Vec<String>,
    /// Values of the parameters, as written.
    pub(crate) parameters: Vec<Named<String>>,
    /// Columns of metrics, each with a value a cell.
    pub(crate) metrics: Vec<Named<Option<f64>>>,
    /// Columns of verdicts, each with a mark a cell.
    pub(crate) verdicts: Vec<Named<Mark>>,
    /// What each of them claims, in the same order.
    pub(crate) claims: Vec<SweptClaim>,
}

/// What a property of a sweep claims.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct SweptClaim {
    /// It is known to be false of the system that ran.
    pub(crate) is_known_false: bool,
    /// It claims that pay is fair.
    pub(crate) is_of_fairness: bool,
}

impl SweepFolder {
    /// Reads the table; `roots` are the keys of a scenario file.
    ///
    /// # Errors
    /// When there is no parameter or no cell.
    pub(crate) fn read(file: &str, bytes: &[u8], roots: &[String]) -> Result<Self, ReadError> {
        let table = ReadTable::read(file, bytes)?;
        let mut sweep = Self::default();
        for (column, heading) in table.headings().iter().enumerate() {
            let name = heading.clone();
            if name == "cell" {
                sweep.names = (0..table.len()).map(|row| table.text(row, column).into()).collect();
                continue;
            }
            let texts: Vec<&str> = (0..table.len()).map(|row| table.text(row, column)).collect();
            let root = heading.split_once('.').map_or("", |(root, _)| root);
            let marks: Option<Vec<Mark>> = texts.iter().map(|text| mark(text)).collect();
            if roots.iter().any(|known| known == root) {
                let cells = texts.into_iter().map(str::to_string).collect();
                sweep.parameters.push(Named { name, cells });
            } else if let Some(cells) = marks.filter(|_| texts.iter().any(|text| !text.is_empty()))
            {
                sweep.verdicts.push(Named { name, cells });
            } else if texts.iter().all(|text| text.is_empty() || text.parse::<f64>().is_ok()) {
                let cells = (0..table.len()).map(|row| table.number(row, column));
                sweep.metrics.push(Named { name, cells: cells.collect::<Result<_, _>>()? });
            }
        }
        if sweep.parameters.is_empty() && !sweep.names.is_empty() {
            // Cells that were listed one by one differ by name alone.
            let cells = std::mem::take(&mut sweep.names);
            sweep.parameters.push(Named { name: "cell".to_string(), cells });
        }
        if sweep.parameters.is_empty() || table.len() == 0 {
            let what = "it has no parameter or no cell".to_string();
            return Err(table.damaged(None, what));
        }
        Ok(sweep)
    }

    /// Number of cells in the sweep.
    pub(crate) fn len(&self) -> usize {
        self.parameters[0].cells.len()
    }

    /// The worst verdict in a cell on what is not known to be false; none where nothing else was judged.
    pub(crate) fn worst(&self, cell: usize) -> Option<Mark> {
        self.worst_of(cell, |claim| !claim.is_known_false)
    }

    /// The worst verdict in a cell on claims of fairness that are not known to be false; none where there is none.
    pub(crate) fn worst_of_fairness(&self, cell: usize) -> Option<Mark> {
        self.worst_of(cell, |claim| !claim.is_known_false && claim.is_of_fairness)
    }

    fn worst_of(&self, cell: usize, counts: impl Fn(SweptClaim) -> bool) -> Option<Mark> {
        let claims = self.claims.iter().copied().chain(std::iter::repeat(SweptClaim::default()));
        let counted = self.verdicts.iter().zip(claims).filter(|(_, claim)| counts(*claim));
        counted.map(|(verdict, _)| verdict.cells[cell]).max()
    }

    /// Takes in what the scenario's properties claim.
    pub(crate) fn with_claims(mut self, properties: &[Property]) -> Self {
        let claim = |verdict: &Named<Mark>| {
            let own = properties.iter().find(|property| property.id == verdict.name);
            own.map_or_else(SweptClaim::default, |property| SweptClaim {
                is_known_false: property.expect == Expect::Fail,
                is_of_fairness: property.claims_fairness(),
            })
        };
        self.claims = self.verdicts.iter().map(claim).collect();
        self
    }

    /// The different values of a parameter, numbers by size, other words in order of appearance.
    pub(crate) fn values(&self, parameter: usize) -> Vec<String> {
        let mut values: Vec<String> = Vec::new();
        for value in &self.parameters[parameter].cells {
            if !values.contains(value) {
                values.push(value.clone());
            }
        }
        let number = |text: &String| text.parse::<f64>().ok();
        if values.iter().all(|value| number(value).is_some()) {
            values.sort_by(|a, b| {
                number(a).partial_cmp(&number(b)).unwrap_or(std::cmp::Ordering::Equal)
            });
        }
        values
    }
}

fn mark(text: &str) -> Option<Mark> {
    match text.split(' ').next().unwrap_or_default() {
        "PASS" => Some(Mark::Pass),
        "FAIL" => Some(Mark::Fail),
        "UNDECIDED" | "" => Some(Mark::Undecided),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<SweepFolder, ReadError> {
        SweepFolder::read("sweep.csv", text.as_bytes(), &["router".to_string(), "run".to_string()])
    }

    #[test]
    fn columns_are_told_apart_by_what_they_hold() {
        let text = "router.v001.cap_alpha,run.epochs,top_0.1_pay,empty,fair,digest\n\
            1000,5,0.5,,PASS,ab\n500,5,0.25,,FAIL (expected),cd\n500,10,,,UNDECIDED,ef\n";
        let sweep = read(text).unwrap();
        let names: Vec<_> = sweep.parameters.iter().map(|p| p.name.as_str()).collect();
        assert_eq!(names, ["router.v001.cap_alpha", "run.epochs"]);
        assert_eq!(sweep.values(0), ["500", "1000"]);
        assert_eq!(sweep.metrics[0].cells, [Some(0.5), Some(0.25), None]);
        assert_eq!(sweep.verdicts.len(), 1);
        assert_eq!(sweep.verdicts[0].cells, [Mark::Pass, Mark::Fail, Mark::Undecided]);
        assert_eq!(sweep.worst(1), Some(Mark::Fail));
    }

    #[test]
    fn cells_listed_one_by_one_differ_by_name() {
        let sweep = read("cell,gini,fair\nno cap,0.5,PASS\ncap 5,0.25,FAIL\n").unwrap();
        assert_eq!(sweep.parameters[0].name, "cell");
        assert_eq!(sweep.values(0), ["no cap", "cap 5"]);
    }

    #[test]
    fn a_sweep_needs_a_parameter_and_a_cell() {
        assert!(read("gini\n1\n").is_err());
        assert!(read("run.epochs\n").is_err());
    }
}
