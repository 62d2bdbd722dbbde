//! `compare.csv`: a row a metric, class, operator or miner, in both scenarios; and who gains and loses, in words.
//!
//! `before`, `after`: means over the pairs' replications; `difference`: mean of the paired differences (after less before);
//! `low`, `high`: its 95 % interval, together with those of all metrics or all shares, approximate; `correlation` of the
//! pairs, and `variance_ratio`, so many times the runs that unpaired ones would need; `p`: share of sign patterns that reach
//! as far; `named`: gains, loses (shares), rises, falls (metrics), where sign flips and interval both say so; `skewness` of
//! the differences; `note`: exact (the same in every pair), interval not trustworthy (skewness above 1), undefined (a pair
//! has no value), repeated (says what another row says, or could not be otherwise). Pay of classes, operators and miners is
//! a share of all miners' pay (0..=1).

use crate::report::table::Cell;
use crate::report::table::Table;
use crate::study::Compared;
use crate::study::ComparedGroup;
use crate::study::Difference;

/// Named at each end in a sentence.
const TOLD: usize = 3;
const PERCENT: f64 = 100.0;
/// A difference of shares below this is rounding.
const DUST: f64 = 1e-9;

/// The notes of a row.
pub(crate) const EXACT: &str = "exact";
pub(crate) const NOT_TRUSTWORTHY: &str = "interval not trustworthy";
pub(crate) const UNDEFINED: &str = "undefined in some pair";
pub(crate) const REPEATED: &str = "repeated";

/// The table `compare.csv` of a comparison.
pub(crate) fn comparison(compared: &Compared) -> Table {
    const HEADER: &[&str] = &[
        "group",
        "name",
        "unit",
        "before",
        "after",
        "difference",
        "low",
        "high",
        "correlation",
        "variance_ratio",
        "pairs",
        "p",
        "named",
        "skewness",
        "note",
    ];
    let rows = compared.lines.iter().map(|line| {
        vec![
            line.group.name().into(),
            line.name.clone().into(),
            line.unit.into(),
            line.before.into(),
            line.after.into(),
            line.difference.into(),
            line.interval.map(|interval| interval.low).into(),
            line.interval.map(|interval| interval.high).into(),
            line.correlation.into(),
            line.variance_ratio.into(),
            Cell::Whole(i128::try_from(line.pairs).expect("a length fits 64 bits")),
            line.p.into(),
            line.named().into(),
            line.skewness.into(),
            notes(line, compared.pairs).join("; ").into(),
        ]
    });
    Table::new(HEADER.iter().copied()).with(rows)
}

fn notes(line: &Difference, pairs: usize) -> Vec<&'static str> {
    let each = [
        (line.is_exact, EXACT),
        (line.interval.is_some() && !line.is_trustworthy(), NOT_TRUSTWORTHY),
        (line.pairs < pairs, UNDEFINED),
        (line.is_repeated, REPEATED),
    ];
    each.into_iter().filter(|(holds, _)| *holds).map(|(_, note)| note).collect()
}

/// A share whose fate is told in a sentence.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Fate<'n> {
    /// Class, operator or miner.
    pub(crate) group: &'n str,
    /// Name of the class, operator or miner.
    pub(crate) name: &'n str,
    /// Mean difference of its share of the pay.
    pub(crate) difference: f64,
    /// 1 gains, -1 loses, 0 open.
    pub(crate) sign: i8,
    /// Whether the difference is the same in every pair.
    pub(crate) is_exact: bool,
}

/// Who gains and who loses, the most important first, of so many pairs of which `least` are needed to name anybody.
pub(crate) fn answer(fates: &[Fate<'_>], pairs: usize, least: usize) -> Vec<String> {
    if pairs < least {
        return vec![format!(
            "Nobody can be named: {pairs} pairs were run, and at 5 % at least {least} are needed."
        )];
    }
    let mut sentences = Vec::new();
    let is_exact = |fate: &&Fate<'_>| fate.is_exact && fate.difference.abs() > DUST;
    let exact: Vec<_> = fates.iter().filter(is_exact).collect();
    if !exact.is_empty() {
        sentences.push(format!("The same in every pair, so exact: {}.", told(exact, true)));
    }
    for (sign, does) in [(1, "gain"), (-1, "lose")] {
        for (group, plural) in
            [("class", "Classes"), ("operator", "Operators"), ("miner", "Miners")]
        {
            let is_meant = |fate: &&Fate<'_>| fate.group == group && fate.sign == sign;
            let found: Vec<_> = fates.iter().filter(is_meant).collect();
            if !found.is_empty() {
                let told = told(found, false);
                sentences.push(format!("{plural} that {does} a share of the pay: {told}."));
            }
        }
    }
    if sentences.is_empty() {
        sentences.push("No class and no miner gains or loses beyond doubt.".to_string());
    }
    sentences.push(format!(
        "Named by sign flips of {pairs} pairs, all shares together: a comparison that changed nothing names somebody one \
         time in twenty at most."
    ));
    sentences
}

/// The largest differences with the names they belong to, with their groups where these differ, and how many there are beside
/// them.
fn told(mut fates: Vec<&Fate<'_>>, has_group: bool) -> String {
    fates.sort_by(|a, b| b.difference.abs().total_cmp(&a.difference.abs()));
    let one = |fate: &&Fate<'_>| {
        let group = if has_group { format!("{} ", fate.group) } else { String::new() };
        format!("{group}{} ({:+.2} points)", fate.name, fate.difference * PERCENT)
    };
    let told = fates.iter().take(TOLD).map(one).collect::<Vec<_>>().join(", ");
    match fates.len().saturating_sub(TOLD) {
        0 => told,
        more => format!("{told} and {more} more"),
    }
}

/// The sentences of a comparison.
pub(crate) fn sentences(compared: &Compared, least: usize) -> Vec<String> {
    let shares = compared.lines.iter().filter(|line| {
        line.group != ComparedGroup::Metric && !line.is_repeated && line.difference.is_some()
    });
    let fates: Vec<Fate<'_>> = shares
        .map(|line| Fate {
            group: line.group.name(),
            name: &line.name,
            difference: line.difference.unwrap_or(0.0),
            sign: line.sign(),
            is_exact: line.is_exact,
        })
        .collect();
    answer(&fates, compared.pairs, least)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fate(name: &str, difference: f64, sign: i8) -> Fate<'_> {
        Fate { group: "miner", name, difference, sign, is_exact: false }
    }

    #[test]
    fn the_largest_are_told_and_the_others_counted() {
        let fates = [
            fate("a", 0.01, 1),
            fate("b", 0.03, 1),
            fate("c", 0.02, 1),
            fate("d", 0.001, 1),
            fate("e", -0.5, 0),
        ];
        let said = answer(&fates, 8, 6);
        let first = "Miners that gain a share of the pay: b (+3.00 points), c (+2.00 points), a (+1.00 points) and 1 more.";
        assert_eq!(said[0], first);
        assert_eq!(said.len(), 2, "nobody loses: {said:?}");
    }

    #[test]
    fn too_few_pairs_and_no_doubt_are_told() {
        assert!(
            answer(&[fate("a", 0.5, 0)], 5, 6)[0]
                .contains("5 pairs were run, and at 5 % at least 6")
        );
        assert!(answer(&[], 6, 6)[0].starts_with("No class and no miner"));
    }

    #[test]
    fn what_is_the_same_in_every_pair_is_told_as_exact() {
        let same = Fate { is_exact: true, ..fate("a", 0.5, 0) };
        let still = Fate { is_exact: true, ..fate("b", 0.0, 0) };
        let said = answer(&[same, still], 8, 6);
        assert_eq!(said[0], "The same in every pair, so exact: miner a (+50.00 points).");
        assert_eq!(said.len(), 2);
    }
}
