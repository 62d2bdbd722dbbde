//! `miners.csv` read back: every column by replication and miner.

use crate::base::ids::ClassId;
use crate::base::ids::OperatorId;
use crate::base::math;
use crate::base::units::Rao;
use crate::metrics::MinerSummary;
use crate::metrics::RunSummary;
use crate::report::read::ReadError;
use crate::report::read::table::ReadTable;
use crate::statistics::Summary;
use std::collections::BTreeMap;

/// The columns of numbers.
const COLUMNS: &[&str] = &[
    "stake_alpha",
    "requests",
    "successes",
    "failures",
    "open",
    "without_image",
    "useful_jobs",
    "useful_steps",
    "runtime_ms_mean",
    "score",
    "wins",
    "win_rate",
    "weight_share",
    "weight_u16",
    "incentive_u16",
    "pay_rao",
    "pay_share",
    "true_speed_per_s",
];
/// Most miners of a subnet.
const MINERS_MAX: usize = 256;

/// One miner's name and belongings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct MinerName {
    /// Name of the miner in the scenario.
    pub(crate) name: String,
    /// Uid of the miner's neuron, as text.
    pub(crate) uid: String,
    /// Place of its class in [`Miners::classes`].
    pub(crate) class: usize,
    /// Name of the operator who runs it.
    pub(crate) operator: String,
}

/// All replications of all miners.
#[derive(Clone, Debug)]
pub(crate) struct Miners {
    /// The miners, in the scenario's order.
    pub(crate) names: Vec<MinerName>,
    /// The names of their classes, sorted.
    pub(crate) classes: Vec<String>,
    /// Replications of each miner in the table.
    pub(crate) replications: usize,
    columns: BTreeMap<&'static str, Vec<Option<f64>>>,
}

impl Miners {
    /// Reads the table.
    ///
    /// # Errors
    /// When a column is missing, a cell is no number, or the replications do not all hold the same miners.
    pub(crate) fn read(file: &str, bytes: &[u8]) -> Result<Self, ReadError> {
        let table = ReadTable::read(file, bytes)?;
        let (names, classes) = names(&table)?;
        let replications = table.len() / names.len();
        check_blocks(&table, &names)?;
        let mut columns = BTreeMap::new();
        for &heading in COLUMNS {
            columns.insert(heading, numbers(&table, table.column(heading)?)?);
        }
        Ok(Self { names, classes, replications, columns })
    }

    /// Number of miners in the table.
    pub(crate) fn len(&self) -> usize {
        self.names.len()
    }

    /// The figure of a miner in a replication; none where it has no value.
    pub(crate) fn at(&self, column: &str, replication: usize, miner: usize) -> Option<f64> {
        *self.columns.get(column)?.get(replication * self.len() + miner)?
    }

    /// The figures of a miner over the replications where it has one.
    pub(crate) fn over(&self, column: &str, miner: usize) -> Option<Summary> {
        let each = (0..self.replications).filter_map(|r| self.at(column, r, miner));
        Summary::of(&each.collect::<Vec<_>>())
    }

    /// The mean of a miner's figures; none without one.
    pub(crate) fn mean(&self, column: &str, miner: usize) -> Option<f64> {
        self.over(column, miner).map(|s| s.mean)
    }

    /// The share that the miners of `class` have of a column's sum, over replications; none where the sum is 0.
    pub(crate) fn class_share(&self, column: &str, class: usize) -> Option<Summary> {
        self.share(column, |miner| self.names[miner].class == class)
    }

    /// The share that a miner has of a column's sum, over replications; none where the sum is 0.
    pub(crate) fn miner_share(&self, column: &str, miner: usize) -> Option<Summary> {
        self.share(column, |other| other == miner)
    }

    fn share(&self, column: &str, is_meant: impl Fn(usize) -> bool) -> Option<Summary> {
        let each = (0..self.replications).filter_map(|r| {
            let sum = |of: &dyn Fn(usize) -> bool| -> f64 {
                (0..self.len()).filter(|m| of(*m)).filter_map(|m| self.at(column, r, m)).sum()
            };
            let whole = sum(&|_| true);
            (whole > 0.0).then(|| sum(&is_meant) / whole)
        });
        Summary::of(&each.collect::<Vec<_>>())
    }

    /// What the table says of a replication that measures of fairness read: classes, operators, pay and useful work.
    pub(crate) fn facts(&self, replication: usize) -> RunSummary {
        let mut operators: Vec<&str> = self.names.iter().map(|n| n.operator.as_str()).collect();
        operators.sort_unstable();
        operators.dedup();
        let whole =
            |column, miner| math::round_to_u64(self.at(column, replication, miner).unwrap_or(0.0));
        let one = |(miner, name): (usize, &MinerName)| MinerSummary {
            class: ClassId::of(name.class),
            operator: OperatorId::of(
                operators.partition_point(|own| *own < name.operator.as_str()),
            ),
            pay: Rao(whole("pay_rao", miner)),
            useful_steps: whole("useful_steps", miner),
            ..MinerSummary::default()
        };
        RunSummary {
            miners: self.names.iter().enumerate().map(one).collect(),
            ..RunSummary::default()
        }
    }

    /// Sum over the miners of `class` of a column, over replications.
    pub(crate) fn class_sum(&self, column: &str, class: usize) -> f64 {
        let own = (0..self.len()).filter(|m| self.names[*m].class == class);
        let all =
            own.flat_map(|m| (0..self.replications).filter_map(move |r| self.at(column, r, m)));
        all.sum::<f64>() / math::float_len(self.replications.max(1))
    }

    /// Number of miners of a class.
    pub(crate) fn members(&self, class: usize) -> usize {
        self.names.iter().filter(|n| n.class == class).count()
    }
}

/// The miners of the first replication, and the sorted names of their classes.
fn names(table: &ReadTable) -> Result<(Vec<MinerName>, Vec<String>), ReadError> {
    let (number, miner) = (table.column("replication")?, table.column("miner")?);
    let (uid, class) = (table.column("uid")?, table.column("class")?);
    let operator = table.column("operator")?;
    if table.len() == 0 {
        return Err(table.damaged(None, "it has no row".to_string()));
    }
    let first = table.text(0, number);
    let rows: Vec<usize> =
        (0..table.len()).take_while(|r| table.text(*r, number) == first).collect();
    if rows.len() > MINERS_MAX {
        let what = format!("{} miners in a replication, allowed: {MINERS_MAX}", rows.len());
        return Err(table.damaged(Some(0), what));
    }
    let mut classes: Vec<String> = rows.iter().map(|r| table.text(*r, class).to_string()).collect();
    classes.sort();
    classes.dedup();
    let name = |row: &usize| MinerName {
        name: table.text(*row, miner).to_string(),
        uid: table.text(*row, uid).to_string(),
        class: classes.partition_point(|c| c.as_str() < table.text(*row, class)),
        operator: table.text(*row, operator).to_string(),
    };
    Ok((rows.iter().map(name).collect(), classes))
}

/// Every replication holds the same miners in the same order.
fn check_blocks(table: &ReadTable, names: &[MinerName]) -> Result<(), ReadError> {
    let (number, miner) = (table.column("replication")?, table.column("miner")?);
    let first: usize = table.text(0, number).parse().unwrap_or(0);
    for row in 0..table.len() {
        let (block, place) = (first + row / names.len(), row % names.len());
        if table.text(row, number) != block.to_string()
            || table.text(row, miner) != names[place].name
        {
            let what = format!("replication {block} does not hold the miners of the first");
            return Err(table.damaged(Some(row), what));
        }
    }
    if !table.len().is_multiple_of(names.len()) {
        return Err(table.damaged(None, "its last replication is cut short".to_string()));
    }
    Ok(())
}

fn numbers(table: &ReadTable, column: usize) -> Result<Vec<Option<f64>>, ReadError> {
    (0..table.len()).map(|row| table.number(row, column)).collect()
}

#[cfg(test)]
mod sample {
    //! Small tables for tests.

    use super::*;

    /// A table of one replication: (class, pay, useful steps), stakes rising, all else 1.
    pub(super) fn text(miners: &[(&str, u64, u64)], replications: usize) -> String {
        let heading = format!("replication,miner,uid,class,operator,{}\n", COLUMNS.join(","));
        let whole: u64 = miners.iter().map(|m| m.1).sum();
        let each = (0..replications).flat_map(|r| (0..miners.len()).map(move |m| (r, m)));
        let row = |(replication, place): (usize, usize)| {
            let (class, pay, steps) = miners[place];
            let share = math::float(pay) / math::float(whole.max(1));
            let stake = 10 * (place + 1);
            format!(
                "{replication},m{place},{place},{class},{class},{stake},9,8,1,0,2,5,{steps},900,0.{place},{place},0.5,\
                 {share},7,7,{pay},{share},0.1\n"
            )
        };
        heading + &each.map(row).collect::<String>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Miners, ReadError> {
        Miners::read("miners.csv", text.as_bytes())
    }

    #[test]
    fn classes_share_what_their_miners_have() {
        let text = sample::text(&[("b", 30, 1), ("a", 10, 1), ("b", 0, 1)], 2);
        let miners = read(&text).unwrap();
        assert_eq!((miners.len(), miners.replications), (3, 2));
        assert_eq!(miners.classes, ["a", "b"]);
        assert_eq!(miners.names[0].class, 1);
        assert!((miners.class_share("pay_rao", 1).unwrap().mean - 0.75).abs() < 1e-12);
        assert!((miners.miner_share("pay_rao", 1).unwrap().mean - 0.25).abs() < 1e-12);
        assert!((miners.class_sum("pay_rao", 1) - 30.0).abs() < 1e-12);
        assert_eq!(miners.members(1), 2);
    }

    #[test]
    fn measures_of_fairness_read_what_the_table_says() {
        let facts = read(&sample::text(&[("b", 30, 1), ("a", 10, 7)], 2)).unwrap().facts(1);
        let said =
            |m: &MinerSummary| (m.class.index(), m.operator.index(), m.pay.0, m.useful_steps);
        assert_eq!(
            facts.miners.iter().map(said).collect::<Vec<_>>(),
            [(1, 1, 30, 1), (0, 0, 10, 7)]
        );
    }

    #[test]
    fn a_share_of_nothing_has_no_value() {
        let miners = read(&sample::text(&[("a", 0, 1)], 1)).unwrap();
        assert_eq!(miners.class_share("pay_rao", 0), None);
    }

    #[test]
    fn a_table_cut_short_is_damaged() {
        let text = sample::text(&[("a", 1, 1), ("a", 2, 1)], 2);
        let cut = &text[..=text.trim_end().rfind('\n').unwrap()];
        assert!(read(cut).unwrap_err().to_string().contains("cut short"));
        let swapped = text.replace("1,m0", "1,mX");
        assert!(read(&swapped).unwrap_err().to_string().contains("replication 1"));
        let heading = text.lines().next().unwrap().to_string() + "\n";
        assert!(read(&heading).unwrap_err().to_string().contains("no row"));
    }
}
