//! Is it fair? Pay against useful work by one named measure, how often some class is off, and who claims what.

use crate::base::math;
use crate::metrics;
use crate::metrics::MetricSpec;
use crate::report::page::grid::PERCENT;
use crate::report::plot::number;
use crate::report::read::Change;
use crate::report::read::Kept;
use crate::report::read::Miners;
use crate::report::read::SweepFolder;
use crate::statistics::Interval;
use crate::statistics::RunningMoments;
use crate::statistics::proportion;
use serde::Serialize;

/// Two-sided coverage of the intervals. Source: ours, the customary one.
const COVERAGE: f64 = 0.95;
/// Smallest step of a percentage that is shown.
const TENTH: f64 = 0.1;
/// What the distance is, for who does not know it.
const DISTANCE: &str = "Total variation distance between pay share and share of useful work, by miner; 0 % is paid as worked";
/// What the distance means.
const MEANS: &str =
    "of the pay would have to change hands for every miner to be paid by its useful work";
/// What it means that pay is off, in words.
const OFF: &str = "some class is paid over 10 % more or less than its share of the useful work";

/// A figure of the answer with what it is.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(super) struct Tile {
    /// The figure, as a reader sees it.
    pub(super) figure: String,
    /// What it counts, after the figure.
    pub(super) words: String,
    /// Its name, its interval and what else is to be known.
    pub(super) about: String,
    /// The command that says more.
    pub(super) command: String,
}

/// The answer in a sentence, and the figures that it stands on.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Fairness {
    /// The sentence that answers whether pay is fair.
    pub(super) lead: String,
    /// The figures, the named measure first.
    pub(super) tiles: Vec<Tile>,
}

/// The answer of a folder; none where it cannot be measured, in a folder without miners or an older sweep.
pub(super) fn fairness(kept: &Kept) -> Option<Fairness> {
    let found = match kept.verb() {
        "compare" => compared(&kept.changes),
        "sweep" => kept.sweep.as_ref().and_then(swept),
        _ => kept.miners.as_ref().map(measured),
    }?;
    // A figure and its percent sign stand on one line.
    let whole = |text: String| text.replace(" %", "\u{a0}%");
    let tile = |tile: Tile| Tile {
        figure: whole(tile.figure),
        words: whole(tile.words),
        about: whole(tile.about),
        command: tile.command,
    };
    Some(Fairness { lead: whole(found.lead), tiles: found.tiles.into_iter().map(tile).collect() })
}

/// Labels of the two measures, as tables print them.
fn labels() -> [String; 2] {
    let all: Vec<String> =
        metrics::fairness().iter().map(|spec| spec.build().declared().label).collect();
    all.try_into().expect("there are two measures of fairness")
}

/// Of one scenario: both measures from every replication.
fn measured(miners: &Miners) -> Fairness {
    let facts: Vec<_> = (0..miners.replications).map(|number| miners.facts(number)).collect();
    let mut reason = "";
    let mut values = |spec: &MetricSpec| -> Vec<f64> {
        let metric = spec.build();
        let each = facts.iter().filter_map(|facts| match metric.measure(facts, &facts.all()) {
            metrics::Measured::Value(value) => Some(value),
            metrics::Measured::Undefined(why) => {
                reason = why;
                None
            }
        });
        each.collect()
    };
    let [distances, off]: [Vec<f64>; 2] = {
        let all: Vec<_> = metrics::fairness().iter().map(&mut values).collect();
        all.try_into().expect("there are two measures of fairness")
    };
    let Some(mean) = RunningMoments::of(&distances).mean() else {
        return undefined(reason);
    };
    let count = off.len();
    let often = off.iter().filter(|one| **one > 0.0).count();
    let interval = RunningMoments::of(&distances).interval(COVERAGE);
    let alone = "One miner alone gets all of the pay for all of the work.".to_string();
    let chance = proportion(often, count, COVERAGE);
    Fairness {
        lead: if miners.len() == 1 { alone } else { lead(often, count) },
        tiles: vec![distance(mean, interval, count), delta(often, count, chance)],
    }
}

/// Of a scenario without pay or without useful work.
fn undefined(reason: &str) -> Fairness {
    let tile = |words: String, about: &str| Tile {
        figure: "No value".to_string(),
        words,
        about: about.to_string(),
        command: String::new(),
    };
    Fairness {
        lead: format!("Nobody can say: there is {reason} in any replication."),
        tiles: vec![
            tile(format!("for how much {MEANS}"), &format!("{DISTANCE}.")),
            tile(format!("for how often {OFF}"), "Robust fairness (Huang et al. 2021)."),
        ],
    }
}

/// The answer in a sentence.
fn lead(often: usize, count: usize) -> String {
    let runs = if count == 1 {
        "the one replication".to_string()
    } else {
        format!("all {count} replications")
    };
    if often == count {
        format!("No: in {runs} {OFF}.")
    } else if often > 0 {
        format!("Not always: in {often} of {count} replications {OFF}.")
    } else {
        format!(
            "To classes, within 10 %: in {runs} every class is paid at most 10 % more or less than its share of the useful work."
        )
    }
}

fn distance(mean: f64, interval: Option<Interval>, count: usize) -> Tile {
    let over = match count {
        1 => "of one replication".to_string(),
        count => format!("mean of {count} replications"),
    };
    let within =
        interval.map(|i| format!(", 95 % interval {} to {} %", percent(i.low), percent(i.high)));
    Tile {
        figure: format!("{} %", percent(mean)),
        words: MEANS.to_string(),
        about: format!("{DISTANCE}; {over}{}.", within.unwrap_or_default()),
        command: String::new(),
    }
}

fn delta(often: usize, count: usize, chance: Option<Interval>) -> Tile {
    let delta = math::float_len(often) / math::float_len(count.max(1));
    let within = chance
        .map(|i| format!(", 95 % interval {} to {}", number(i.low, 0.01), number(i.high, 0.01)));
    Tile {
        figure: format!("{often} of {count}"),
        words: format!("replications in which {OFF}"),
        about: format!(
            "Robust fairness (Huang et al. 2021) at epsilon = 0.1: delta = {}{}.",
            number(delta, 0.01),
            within.unwrap_or_default()
        ),
        command: String::new(),
    }
}

/// Of two scenarios: both measures before and after.
fn compared(changes: &[Change]) -> Option<Fairness> {
    let [distance, off] = labels();
    let find = |label: &str| changes.iter().find(|c| c.group == "metric" && c.name == label);
    let (distance, off) = (find(&distance)?, find(&off)?);
    let lead = match (distance.sign(), distance.before.zip(distance.after)) {
        (_, None) => {
            "Nobody can say: in one of the two nobody is paid or does useful work.".to_string()
        }
        (1, Some(_)) => "Less fair: the change takes pay further from useful work.".to_string(),
        (-1, Some(_)) => "Fairer: the change brings pay nearer to useful work.".to_string(),
        (_, Some((before, after))) if distance.has("exact") && before < after => {
            "Less fair: the change takes pay further from useful work, by the same in every pair."
                .to_string()
        }
        (_, Some((before, after))) if distance.has("exact") && before > after => {
            "Fairer: the change brings pay nearer to useful work, by the same in every pair."
                .to_string()
        }
        _ => "As fair as before, as far as these pairs can tell.".to_string(),
    };
    let both =
        |change: &Change, shown: &dyn Fn(f64) -> String| match change.before.zip(change.after) {
            Some((before, after)) => format!("{} \u{2192} {}", shown(before), shown(after)),
            None => "no value".to_string(),
        };
    let points = |x: f64| number(x * PERCENT, TENTH);
    let within = distance.low.zip(distance.high).map(|(low, high)| {
        format!(", simultaneous 95 % interval {} to {}, approximate", points(low), points(high))
    });
    let change = distance
        .difference
        .map(|d| format!("; difference {} points{}", points(d), within.unwrap_or_default()));
    let gains = |sign| changes.iter().filter(|c| c.group == "class" && c.sign() == sign).count();
    Some(Fairness {
        lead,
        tiles: vec![
            Tile {
                figure: both(distance, &|x| format!("{} %", percent(x))),
                words: MEANS.to_string(),
                about: format!("{DISTANCE}{}.", change.unwrap_or_default()),
                command: String::new(),
            },
            Tile {
                figure: both(off, &|x| number(x, 0.01)),
                words: format!("is the share of replications in which {OFF}"),
                about: "Delta of robust fairness (Huang et al. 2021) at epsilon = 0.1.".to_string(),
                command: String::new(),
            },
            Tile {
                figure: format!("{} up, {} down", gains(1), gains(-1)),
                words: "classes named as gaining or losing a share of the pay".to_string(),
                about: "By sign flips and simultaneous intervals.".to_string(),
                command: String::new(),
            },
        ],
    })
}

/// Of a sweep: the nearest and the furthest cell.
fn swept(sweep: &SweepFolder) -> Option<Fairness> {
    let [distance, off] = labels();
    let find = |label: &str| sweep.metrics.iter().find(|metric| metric.name == label);
    let (distance, off) = (find(&distance)?, find(&off)?);
    let valued = || distance.cells.iter().enumerate().filter_map(|(cell, x)| Some((cell, (*x)?)));
    let least = valued().min_by(|a, b| a.1.total_cmp(&b.1))?;
    let most = valued().max_by(|a, b| a.1.total_cmp(&b.1))?;
    let named = |cell: usize| cell_name(sweep, cell);
    let always = off.cells.iter().flatten().filter(|delta| **delta >= 1.0).count();
    let never = off.cells.iter().flatten().filter(|delta| **delta <= 0.0).count();
    let count = sweep.len();
    let lead = if least.1 < most.1 {
        format!(
            "Pay is nearest to useful work at {}, furthest from it at {}.",
            named(least.0),
            named(most.0)
        )
    } else {
        format!("Pay is as near to useful work in every one of {count} cells.")
    };
    Some(Fairness {
        lead,
        tiles: vec![
            Tile {
                figure: format!("{} to {} %", percent(least.1), percent(most.1)),
                words: MEANS.to_string(),
                about: format!(
                    "{DISTANCE}; means over replications, from the nearest to the furthest of {count} cells."
                ),
                command: String::new(),
            },
            Tile {
                figure: format!("{always} of {count}"),
                words: format!("cells where in every replication {OFF}; {never} where in none"),
                about: "Robust fairness (Huang et al. 2021) at epsilon = 0.1.".to_string(),
                command: String::new(),
            },
        ],
    })
}

/// A cell in words: the keys that it sets, or its name.
fn cell_name(sweep: &SweepFolder, cell: usize) -> String {
    let set = sweep.parameters.iter().filter(|p| !p.cells[cell].is_empty());
    let set: Vec<String> = set
        .map(|p| match p.name.as_str() {
            "cell" => p.cells[cell].clone(),
            name => format!("{name} = {}", p.cells[cell]),
        })
        .collect();
    match (set.is_empty(), sweep.names.get(cell)) {
        (true, Some(name)) => name.clone(),
        _ => set.join(", "),
    }
}

/// A share in percent, to a tenth.
fn percent(share: f64) -> String {
    number(share * PERCENT, TENTH)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::read::Named;

    #[test]
    fn the_answer_says_in_how_many_replications_some_class_is_off() {
        assert!(lead(6, 6).starts_with("No: in all 6 replications some class"));
        assert!(lead(1, 1).starts_with("No: in the one replication some class"));
        assert!(lead(2, 6).starts_with("Not always: in 2 of 6 replications some class"));
        assert!(
            lead(0, 6).starts_with("To classes, within 10 %: in all 6 replications every class")
        );
    }

    #[test]
    fn delta_has_the_exact_interval_of_a_share() {
        let tile = delta(20, 20, proportion(20, 20, COVERAGE));
        assert_eq!(tile.figure, "20 of 20");
        assert!(tile.about.ends_with("delta = 1.00, 95 % interval 0.83 to 1.00."), "{tile:?}");
    }

    #[test]
    fn one_replication_has_no_interval() {
        let tile = distance(0.25, None, 1);
        assert_eq!(tile.figure, "25.0 %");
        assert!(tile.about.ends_with("of one replication."), "{tile:?}");
    }

    fn change(name: &str, (before, after): (f64, f64), named: &str) -> Change {
        Change {
            group: "metric".to_string(),
            name: name.to_string(),
            unit: "1".to_string(),
            before: Some(before),
            after: Some(after),
            difference: Some(after - before),
            low: None,
            high: None,
            p: None,
            named: named.to_string(),
            note: String::new(),
            pairs: Some(8.0),
        }
    }

    #[test]
    fn a_change_is_fairer_only_where_the_distance_was_named() {
        let [far, off] = labels();
        let lead = |named: &str| {
            let changes = [change(&far, (0.5, 0.25), named), change(&off, (1.0, 0.5), "")];
            compared(&changes).unwrap().lead
        };
        assert!(lead("falls").starts_with("Fairer"));
        assert!(lead("rises").starts_with("Less fair"));
        assert!(lead("").starts_with("As fair as before, as far as"));
        assert_eq!(compared(&[change(&far, (0.5, 0.25), "")]), None, "an older table");
    }

    #[test]
    fn a_sweep_names_its_nearest_and_its_furthest_cell() {
        let [far, off] = labels();
        let column = |name: String, cells: [Option<f64>; 3]| Named { name, cells: cells.to_vec() };
        let sweep = SweepFolder {
            parameters: vec![Named {
                name: "router.head.cap_alpha".to_string(),
                cells: ["1", "2", "5"].map(str::to_string).to_vec(),
            }],
            metrics: vec![
                column(far, [Some(0.5), Some(0.25), None]),
                column(off, [Some(1.0), Some(0.0), None]),
            ],
            ..SweepFolder::default()
        };
        let found = swept(&sweep).unwrap();
        let right = "Pay is nearest to useful work at router.head.cap_alpha = 2, furthest from it at router.head.cap_alpha = 1.";
        assert_eq!(found.lead, right);
        assert_eq!(found.tiles[1].figure, "1 of 3");
    }
}
