//! Tables of classes, miners and metrics.

use crate::base::math;
use crate::report::page::grid::Grid;
use crate::report::page::grid::GridCell;
use crate::report::page::grid::GridColumn;
use crate::report::page::grid::PERCENT;
use crate::report::page::grid::short;
use crate::report::plot::number;
use crate::report::read::Kept;
use crate::report::read::Miners;
use crate::statistics::Summary;
use serde::Serialize;

/// Rao of an alpha, milliseconds of a second.
const RAO: f64 = 1e9;
const MS: f64 = 1e3;

/// A row a class.
pub(super) fn classes(miners: &Miners) -> Grid {
    let columns = vec![
        GridColumn::words("Class"),
        GridColumn::figures("Miners", ""),
        GridColumn::figures("Requests [%]", "share of all requests"),
        GridColumn::figures("Success [%]", "successes of its requests"),
        GridColumn::figures("Useful work [%]", "share of all useful steps"),
        GridColumn::figures("Pay [%]", "share of all miners' pay"),
        GridColumn::figures(
            "Pay over work",
            "share of the pay over share of the useful work; 1: paid as it worked",
        ),
        GridColumn::figures("Pay per miner [alpha]", "mean over its miners and replications"),
    ];
    let row = |(class, name): (usize, &String)| {
        let of = |column| miners.class_sum(column, class);
        let share = |column| miners.class_share(column, class).map(|share| share.mean);
        let (pay, work) = (share("pay_rao"), share("useful_steps"));
        let over = pay.zip(work).filter(|(_, work)| *work > 0.0).map(|(pay, work)| pay / work);
        let over = match over {
            None if pay.is_some_and(|pay| pay > 0.0) => GridCell::words("no work"),
            over => GridCell::figure(over, 0.01),
        };
        let members = math::float_len(miners.members(class));
        let requests = of("requests");
        let success = (requests > 0.0).then(|| of("successes") / requests * 100.0);
        vec![
            GridCell::words(name),
            GridCell::figure(Some(math::float_len(miners.members(class))), 1.0),
            GridCell::share(miners.class_share("requests", class)),
            GridCell::figure(success, 0.1),
            GridCell::share(miners.class_share("useful_steps", class)),
            GridCell::share(miners.class_share("pay_rao", class)),
            over,
            GridCell::figure(Some(of("pay_rao") / RAO / members.max(1.0)), 0.1),
        ]
    };
    Grid { columns, rows: miners.classes.iter().enumerate().map(row).collect() }
}

/// A class in the picture of pay beside work.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Bar {
    /// Name of the class or operator.
    name: String,
    /// How many miners it has.
    members: usize,
    /// Its share of the useful work and of the pay, in words [%].
    work: String,
    pay: String,
    /// The same as lengths, the longest of all classes being 100.
    work_length: String,
    pay_length: String,
    /// Pay over work, in words.
    over: String,
    /// Whether it is off by more than a tenth: `more`, `less`, or nothing.
    mark: &'static str,
}

/// Largest distance of pay over work from 1 that counts as fair. Source: as `some_class_deviates`.
const EPSILON: f64 = 0.1;
/// Most classes pictured; the table has all.
const BARS_MAX: usize = 12;

/// Pay beside work, the classes with most of either first.
pub(super) fn bars(miners: &Miners) -> Vec<Bar> {
    let share = |column, class| miners.class_share(column, class).map_or(0.0, |s| s.mean);
    let mut all: Vec<(usize, f64, f64)> = (0..miners.classes.len())
        .map(|class| (class, share("useful_steps", class), share("pay_rao", class)))
        .collect();
    all.sort_by(|a, b| (b.1 + b.2).total_cmp(&(a.1 + a.2)).then(a.0.cmp(&b.0)));
    all.truncate(BARS_MAX);
    let longest = all.iter().map(|(_, work, pay)| work.max(*pay)).fold(f64::MIN_POSITIVE, f64::max);
    let bar = |(class, work, pay): (usize, f64, f64)| Bar {
        name: miners.classes[class].clone(),
        members: miners.members(class),
        work: number(work * PERCENT, 0.1),
        pay: number(pay * PERCENT, 0.1),
        work_length: number(work / longest * PERCENT, 0.01),
        pay_length: number(pay / longest * PERCENT, 0.01),
        over: if work > 0.0 {
            format!("{} \u{d7}", number(pay / work, 0.01))
        } else if pay > 0.0 {
            "no work".to_string()
        } else {
            "nothing for nothing".to_string()
        },
        mark: match (work, pay) {
            (work, pay) if pay > work * (1.0 + EPSILON) => "more",
            (work, pay) if pay < work * (1.0 - EPSILON) => "less",
            _ => "",
        },
    };
    all.into_iter().map(bar).collect()
}

/// A row a miner.
pub(super) fn miners(miners: &Miners) -> Grid {
    let columns = vec![
        GridColumn::words("Miner"),
        GridColumn::figures("uid", ""),
        GridColumn::words("Class"),
        GridColumn::words("Operator"),
        GridColumn::figures("Stake [alpha]", ""),
        GridColumn::figures("Requests", "sent to it in the run"),
        GridColumn::figures("Success [%]", "of its requests"),
        GridColumn::figures(
            "Useful work [steps]",
            "computed for a request answered with its own image in time",
        ),
        GridColumn::figures("Latency [s]", "mean from creation to callback, of successes"),
        GridColumn::figures("Score", "published, at the end"),
        GridColumn::figures("Win rate", "share of other neurons beaten at the last validator step"),
        GridColumn::figures(
            "Weight [%]",
            "share of the miners' weight, mean over epochs, before u16 and chain",
        ),
        GridColumn::figures("Pay [alpha]", "in the run"),
        GridColumn::figures("Pay [%]", "share of all miners' pay"),
    ];
    let row = |miner: usize| {
        let name = &miners.names[miner];
        let mean = |column| miners.mean(column, miner);
        let success = match (mean("successes"), mean("requests")) {
            (Some(successes), Some(requests)) if requests > 0.0 => {
                Some(successes / requests * 100.0)
            }
            _ => None,
        };
        let share: Option<Summary> = miners.over("pay_share", miner);
        vec![
            GridCell::words(&name.name),
            GridCell { value: name.uid.clone(), ..GridCell::words(&name.uid) },
            GridCell::words(&miners.classes[name.class]),
            GridCell::words(&name.operator),
            GridCell::figure(mean("stake_alpha"), 0.1),
            GridCell::figure(mean("requests"), 0.1),
            GridCell::figure(success, 0.1),
            GridCell::figure(mean("useful_steps"), 1.0),
            GridCell::figure(mean("runtime_ms_mean").map(|ms| ms / MS), 0.01),
            GridCell::figure(mean("score"), 0.0001),
            GridCell::figure(mean("win_rate"), 0.001),
            GridCell::figure(mean("weight_share").map(|share| share * 100.0), 0.001),
            GridCell::figure(mean("pay_rao").map(|rao| rao / RAO), 0.01),
            GridCell::share(share),
        ]
    };
    Grid { columns, rows: (0..miners.len()).map(row).collect() }
}

/// A row a metric over all miners.
pub(super) fn metrics(kept: &Kept) -> Grid {
    let columns = vec![
        GridColumn::words("Metric"),
        GridColumn::words("Unit"),
        GridColumn::figures("Mean", "over replications"),
        GridColumn::figures("Low", "lower end of the 95 % interval"),
        GridColumn::figures("High", "upper end of the 95 % interval"),
        GridColumn::words("Interval"),
        GridColumn::words("Without a value"),
    ];
    let whole = kept.metrics.iter().filter(|line| line.grouping == "whole");
    let rows = whole.map(|line| {
        let figure = |x: Option<f64>| GridCell {
            text: x.map(short).unwrap_or_default(),
            value: x.map(|x| x.to_string()).unwrap_or_default(),
            mark: String::new(),
        };
        let without = match line.undefined.as_str() {
            "" | "0" => line.reason.clone(),
            count => format!("in {count} replications: {}", line.reason),
        };
        vec![
            GridCell::words(&line.metric),
            GridCell::words(if line.unit == "1" { "" } else { &line.unit }),
            figure(line.mean),
            figure(line.low),
            figure(line.high),
            GridCell::words(&line.interval),
            GridCell::words(&without),
        ]
    });
    Grid { columns, rows: rows.collect() }
}
