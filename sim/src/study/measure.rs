//! One run under the eyes of every invariant, and the numbers that properties take from it.

use crate::base::ids::MinerId;
use crate::engine;
use crate::engine::Cut;
use crate::engine::Eyes;
use crate::metrics::Measured;
use crate::metrics::Metric;
use crate::metrics::RunSummary;
use crate::observe::Observer;
use crate::property::MinerChoice;
use crate::property::Property;
use crate::property::Reducer;
use crate::scenario::Scenario;
use crate::study::Watched;
use std::sync::atomic::AtomicBool;

/// The numbers and invariants of one run.
#[derive(Debug)]
pub(super) struct Ran {
    numbers: Vec<(usize, Measured)>,
    /// The replication, and of every invariant what was broken first.
    pub(super) watched: Watched,
}

impl Ran {
    /// The number of the case at `place`.
    pub(super) fn number(&self, place: usize) -> Measured {
        let found = self.numbers.iter().find(|(own, _)| *own == place);
        found.expect("a wanted case is measured").1
    }
}

/// Runs replication `number` of `scenario` and takes the numbers of the properties asked for.
///
/// # Errors
/// When `stop` was set, or more jobs wait than may.
pub(super) fn measured(
    scenario: &Scenario,
    number: u64,
    asked: &[(usize, &Property)],
    stop: &AtomicBool,
) -> Result<Ran, Cut> {
    let quantities = asked.iter().map(|(place, property)| PropertyQuantity::new(*place, property));
    let mut clerk = PropertyObserver { quantities: quantities.collect() };
    let eyes = Eyes::with_invariants(&mut clerk);
    let mut replication = engine::run(scenario, number, None, eyes, stop)?;
    let mut quantities = clerk.quantities;
    for quantity in quantities.iter_mut().filter(|quantity| !quantity.is_by_epoch) {
        quantity.take(&replication.facts);
    }
    let found = std::mem::take(&mut replication.invariants);
    let numbers = quantities.iter().map(|q| (q.place, q.reducer.number())).collect();
    Ok(Ran { numbers, watched: (replication, found) })
}

/// Shows every epoch's facts to the properties that ask for them.
struct PropertyObserver<'p> {
    quantities: Vec<PropertyQuantity<'p>>,
}

impl Observer for PropertyObserver<'_> {
    fn wants_jobs(&self) -> bool {
        false
    }

    fn wants_epochs(&self) -> bool {
        self.quantities.iter().any(|quantity| quantity.is_by_epoch)
    }

    fn epoch_settled(&mut self, facts: &RunSummary) {
        for quantity in self.quantities.iter_mut().filter(|quantity| quantity.is_by_epoch) {
            quantity.take(facts);
        }
    }
}

/// One property's number in the making.
struct PropertyQuantity<'p> {
    place: usize,
    is_by_epoch: bool,
    metric: Box<dyn Metric>,
    choice: &'p MinerChoice,
    /// The miners meant, once the first facts have told who there is.
    over: Option<Vec<MinerId>>,
    reducer: Reducer,
}

impl<'p> PropertyQuantity<'p> {
    fn new(place: usize, property: &'p Property) -> Self {
        Self {
            place,
            is_by_epoch: property.reduce.is_by_epoch(),
            metric: property.quantity.as_ref().expect("checked: a quantity").build(),
            choice: &property.over,
            over: None,
            reducer: property.reducer(),
        }
    }

    fn take(&mut self, facts: &RunSummary) {
        let over = self.over.get_or_insert_with(|| self.choice.of(facts));
        self.reducer.push(self.metric.measure(facts, over));
    }
}
