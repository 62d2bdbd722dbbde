//! `epochs.csv` read back: every quantity over time, with its band over replications.

use crate::report::read::ReadError;
use crate::report::read::table::ReadTable;

/// A quantity over time: a value a row, none where it has none.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Line {
    /// Mean over replications in each row; none where there is no value.
    pub(crate) mean: Vec<Option<f64>>,
    /// 5 % quantile over replications.
    pub(crate) low: Vec<Option<f64>>,
    /// 95 % quantile over replications.
    pub(crate) high: Vec<Option<f64>>,
}

/// The course of a run.
#[derive(Clone, Debug)]
pub(crate) struct Course {
    /// Last epoch of each row, from 0.
    pub(crate) epochs: Vec<f64>,
    lines: Vec<(String, Line)>,
}

impl Course {
    /// Reads the table.
    ///
    /// # Errors
    /// When a column is missing or a cell is no number.
    pub(crate) fn read(file: &str, bytes: &[u8]) -> Result<Self, ReadError> {
        let table = ReadTable::read(file, bytes)?;
        if table.len() == 0 {
            return Err(table.damaged(None, "it has no row".to_string()));
        }
        let numbers = |heading: &str| -> Result<Vec<Option<f64>>, ReadError> {
            let column = table.column(heading)?;
            (0..table.len()).map(|row| table.number(row, column)).collect()
        };
        let whole = |heading: &str| -> Result<Vec<f64>, ReadError> {
            let cells = numbers(heading)?.into_iter().enumerate();
            cells
                .map(|(row, x)| {
                    x.ok_or_else(|| table.damaged(Some(row), format!("{heading} is empty")))
                })
                .collect()
        };
        let mut lines = Vec::new();
        for heading in table.headings() {
            let Some(name) = heading.strip_suffix("_mean") else { continue };
            let of = |which: &str| numbers(&format!("{name}_{which}"));
            let line = Line { mean: of("mean")?, low: of("p05")?, high: of("p95")? };
            lines.push((name.to_string(), line));
        }
        Ok(Self { epochs: whole("epoch")?, lines })
    }

    /// Every quantity with its mean in every row.
    pub(crate) fn means(&self) -> Vec<(String, Vec<Option<f64>>)> {
        self.lines.iter().map(|(name, line)| (name.clone(), line.mean.clone())).collect()
    }

    /// A quantity by its name; none where the folder does not hold it or it has no value at all.
    pub(crate) fn line(&self, name: &str) -> Option<&Line> {
        let (_, line) = self.lines.iter().find(|(own, _)| own == name)?;
        line.mean.iter().any(Option::is_some).then_some(line)
    }

    /// The quantities `prefix.NAME`, with NAME.
    pub(crate) fn by_class<'c>(&'c self, prefix: &str) -> Vec<(&'c str, &'c Line)> {
        let named = self.lines.iter().filter_map(|(name, line)| {
            let class = name.strip_prefix(prefix)?.strip_prefix('.')?;
            Some((class, line))
        });
        named.filter(|(_, line)| line.mean.iter().any(Option::is_some)).collect()
    }

    /// Sum over time of the means of a quantity.
    pub(crate) fn sum(&self, name: &str) -> Option<f64> {
        Some(self.line(name)?.mean.iter().flatten().sum())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "epoch,block,epochs_in_row,a_mean,a_p05,a_p95,s.x y_mean,s.x y_p05,s.x y_p95\n\
        0,9,1,2,1,3,,,\n1,19,1,4,3,5,0.5,0.25,0.75\n";

    #[test]
    fn quantities_are_found_by_name_and_by_class() {
        let course = Course::read("epochs.csv", TEXT.as_bytes()).unwrap();
        assert_eq!(course.epochs, [0.0, 1.0]);
        assert_eq!(course.sum("a"), Some(6.0));
        let classes = course.by_class("s");
        assert_eq!(classes[0].0, "x y");
        assert_eq!(classes[0].1.mean, [None, Some(0.5)]);
        assert!(course.line("b").is_none());
    }

    #[test]
    fn a_band_without_its_end_is_damage() {
        let text = TEXT.replace("a_p95", "a_p9");
        assert!(
            Course::read("epochs.csv", text.as_bytes()).unwrap_err().to_string().contains("a_p95")
        );
    }
}
