//! Every cell of a scenario's `[sweep]`: what a run of it gives, and the verdicts on its properties.

use crate::config;
use crate::report;
use crate::report::Judged;
use crate::report::SweptCell;
use crate::report::Table;
use crate::simulation::check::Check;
use crate::simulation::check::Verdicts;
use crate::simulation::check::as_expected;
use crate::simulation::conduct::Conduct;
use crate::simulation::error::Error;
use crate::simulation::outcome::Outcome;
use crate::simulation::selection::Selection;
use crate::simulation::target::Target;
use crate::simulation::world::Simulation;
use std::collections::BTreeMap;
use std::collections::BTreeSet;

/// The sweep's own table.
pub(super) const SWEPT: &str = "sweep.csv";
/// Most cells of one sweep. Source: ours, a sweep of this size is a study to be planned.
const CELLS_MAX: usize = 10_000;
/// Most cells whose budgets are told to be too small. Source: ours, as many as other problems are told.
const REFUSED_TOLD: usize = 50;

/// The cells of a sweep, all of them read.
#[derive(Debug)]
pub struct Sweep {
    /// Keys of the grid.
    keys: Vec<String>,
    cells: Vec<(Planned, Check)>,
    /// Statistical properties of all cells, which share their error bounds.
    together: u64,
    command: String,
    /// What is kept to run it again: the scenario's text, and those of the files that it names.
    texts: (Option<String>, BTreeMap<String, String>),
}

/// The cells of a sweep, each run and judged.
#[derive(Debug)]
pub struct Cells {
    keys: Vec<String>,
    each: Vec<SweptCell>,
    first: Outcome,
}

/// A cell to be run.
#[derive(Debug)]
struct Planned {
    name: String,
    values: Vec<String>,
    selection: Selection,
}

impl Sweep {
    /// Reads every cell of the scenario's sweep: a mistake in the last is told at once.
    ///
    /// # Errors
    /// When the scenario has no sweep, or too large a one; what is wrong with any cell.
    pub fn of(simulation: &Simulation) -> Result<Self, Error> {
        simulation.refuse_replay()?;
        let Some(sweep) = &simulation.loaded.scenario.sweep else {
            return Err(Error::Input(format!(
                "{} has no [sweep]: name keys and values in sweep.grid, or cells in sweep.list\n{}",
                simulation.file().display(),
                config::sweep_example()
            )));
        };
        let mut cells = Vec::new();
        for planned in plan(simulation, sweep)? {
            let cell = simulation.cell(planned.selection.clone())?;
            cells.push((planned, Check::of(&cell)?.keep_outcome()));
        }
        let keys: Vec<String> = sweep.grid.iter().map(|axis| axis.key.clone()).collect();
        let ids = simulation.loaded.scenario.property.iter().map(|property| &property.id);
        if let Some(id) = ids.into_iter().find(|id| report::is_sweep_column(&keys, id)) {
            return Err(Error::Input(format!(
                "property {id}: sweep.csv has a column of that name already, allowed: another id"
            )));
        }
        let together = cells.iter().map(|(_, check)| check.statistical_count()).sum();
        let cells: Vec<(Planned, Check)> = cells
            .into_iter()
            .map(|(planned, check)| (planned, check.judged_together(together)))
            .collect();
        let refused = cells.iter().filter_map(|(planned, check)| {
            let refused = check.refuse_too_small().err()?;
            Some(refused.at(&planned.name).to_string())
        });
        let refused: Vec<String> = refused.take(REFUSED_TOLD).collect();
        if !refused.is_empty() {
            return Err(Error::Input(refused.join("\n")));
        }
        let texts = texts(simulation, sweep, &cells)?;
        Ok(Self { keys, cells, together, command: simulation.command("sweep"), texts })
    }

    /// Number of cells in the sweep.
    #[must_use]
    pub fn len(&self) -> usize {
        self.cells.len()
    }

    /// Statistical properties of all cells: they share error bounds.
    #[must_use]
    pub fn judged_together(&self) -> u64 {
        self.together
    }

    /// What the statistical properties of every cell need, a line each, and whether a budget may leave a mean at the
    /// threshold undecided: to be told before the first run.
    #[must_use]
    pub fn needs_in_words(&self) -> Vec<(bool, String)> {
        let of_cell = |(planned, check): &(Planned, Check)| {
            let each = check.needs_in_words().into_iter();
            each.map(|(is_short, text)| (is_short, format!("{}: {text}", planned.name)))
                .collect::<Vec<_>>()
        };
        self.cells.iter().flat_map(of_cell).collect()
    }

    /// Whether there are none, which no sweep has.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    /// Runs one cell after another; progress is told after each cell.
    ///
    /// # Errors
    /// When it was stopped before the end, or the machine has no threads to give.
    ///
    /// # Panics
    /// Never: every sweep has a cell.
    pub fn run(&self, conduct: &Conduct<'_>) -> Result<Cells, Error> {
        let silent = conduct.clone().progress(&|| {});
        let (mut cells, mut first) = (Vec::new(), None);
        for (planned, check) in &self.cells {
            let Verdicts { judged, outcome, .. } = check.run(&silent)?;
            let outcome = outcome.expect("it was to be kept");
            let metrics = [outcome.metrics(), outcome.fairness()].concat();
            let (name, values) = (planned.name.clone(), planned.values.clone());
            cells.push(SweptCell { name, values, metrics, judged });
            first.get_or_insert_with(|| {
                let (text, others) = self.texts.clone();
                let outcome = outcome.with_command(self.command.clone()).with_texts(text, others);
                outcome.with_judged_together(self.together)
            });
            (conduct.progress)();
        }
        let first = first.expect("every sweep has a cell");
        Ok(Cells { keys: self.keys.clone(), each: cells, first })
    }
}

impl Simulation {
    /// The same scenario, or another, with a cell's changes, run in the same way.
    fn cell(&self, selection: Selection) -> Result<Self, Error> {
        let loaded = selection.load()?;
        Ok(Self { selection, loaded, ..self.clone() })
    }
}

impl Cells {
    /// A row a cell: its values, every metric over all miners, every verdict.
    #[must_use]
    pub fn table(&self) -> Table {
        report::sweep(&self.keys, &self.each)
    }

    /// The verdicts of every cell.
    pub fn verdicts(&self) -> impl Iterator<Item = &Judged> {
        self.each.iter().flat_map(|cell| &cell.judged)
    }

    /// Whether every verdict of every cell is as expected; none where one is not known to be, and none is known not to
    /// be.
    #[must_use]
    pub fn as_expected(&self) -> Option<bool> {
        as_expected(self.verdicts())
    }

    /// What a run of the first cell gives.
    pub(super) fn first(&self) -> &Outcome {
        &self.first
    }

    /// Writes the results folder that has been begun: what a run of the first cell writes, and the table.
    ///
    /// # Errors
    /// When the disk is full or fails.
    pub fn save_at(&self, target: Target) -> Result<(), Error> {
        target.write(SWEPT, &self.table().csv())?;
        self.first.write(&target)?;
        target.finish()
    }
}

/// What has to be kept to run the sweep again; no scenario's text where two cells mean different files by one name.
fn texts(
    simulation: &Simulation,
    sweep: &config::SweepTable,
    cells: &[(Planned, Check)],
) -> Result<(Option<String>, BTreeMap<String, String>), Error> {
    let mut others = BTreeMap::new();
    for name in sweep.list.iter().filter_map(|cell| cell.file.as_ref()) {
        others.insert(name.clone(), simulation.text_of(name)?);
    }
    let named = cells.iter().flat_map(|(_, check)| check.texts.keys());
    for name in named.collect::<BTreeSet<_>>() {
        let text = simulation.text_of(name);
        let is_one = text.as_ref().is_ok_and(|text| others.get(name).is_none_or(|own| own == text));
        let (Ok(text), true) = (text, is_one) else { return Ok((None, BTreeMap::new())) };
        others.insert(name.clone(), text);
    }
    Ok((Some(simulation.resolved()?.text), others))
}

/// Every combination of the grid, and the cells listed.
fn plan(simulation: &Simulation, sweep: &config::SweepTable) -> Result<Vec<Planned>, Error> {
    let base = &simulation.selection;
    let mut keys: Vec<&str> = sweep.grid.iter().map(|axis| axis.key.as_str()).collect();
    keys.sort_unstable();
    if let Some(pair) = keys.windows(2).find(|pair| pair[0] == pair[1]) {
        let key = pair[0];
        return Err(Error::Input(format!(
            "sweep.grid: names {key} on two axes, allowed: each key once; put the values on one axis\n{}",
            config::sweep_example()
        )));
    }
    let mut count = usize::from(!sweep.grid.is_empty());
    for axis in &sweep.grid {
        count = count.saturating_mul(axis.values.len());
    }
    let count = count.saturating_add(sweep.list.len());
    if count == 0 || count > CELLS_MAX {
        let example = config::sweep_example();
        let text = format!("sweep: there are {count} cells, allowed: 1 to {CELLS_MAX}\n{example}");
        return Err(Error::Input(text));
    }
    let mut grid: Vec<Vec<String>> = vec![Vec::new()];
    for axis in &sweep.grid {
        let longer = |values: &Vec<String>| {
            let each = axis.values.iter().map(ToString::to_string);
            each.map(|value| [values.as_slice(), &[value]].concat()).collect::<Vec<_>>()
        };
        grid = grid.iter().flat_map(longer).collect();
    }
    if sweep.grid.is_empty() {
        grid.clear();
    }
    let mut planned = Vec::new();
    for values in grid {
        let pairs = sweep.grid.iter().zip(&values);
        let sets: Vec<String> =
            pairs.map(|(axis, value)| format!("{}={value}", axis.key)).collect();
        let selection = base.with_sets(&sets);
        planned.push(Planned { name: sets.join(" "), values, selection });
    }
    for cell in &sweep.list {
        let own = match &cell.file {
            Some(file) if simulation.copies.contains_key(file) => {
                base.with_copy(&simulation.place_of(file), file)
            }
            Some(file) => base.with_file(&simulation.place_of(file)),
            None => base.clone(),
        };
        let name = match (cell.name.as_str(), &cell.file) {
            ("", Some(file)) => file.clone(),
            ("", None) => cell.set.join(" "),
            (name, _) => name.to_string(),
        };
        let selection = own.with_sets(&cell.set);
        planned.push(Planned { name, values: Vec::new(), selection });
    }
    Ok(planned)
}
