//! The metrics every results table has, as a stated list: a metric that comes to the family is printed when its name is
//! added here, and until then it changes no committed folder. Properties and the library can use it at once.

use crate::base::family::Entry;
use crate::metrics::MetricSpec;

/// Members printed as their example shows them, in the order of the table.
const PRINTED: &[&str] = &[
    "gini",
    "jain",
    "theil",
    "hhi",
    "lorenz",
    "nakamoto",
    "kendall",
    "spearman",
    "correlation",
    "pay_stake_slope",
    "pay_speed_slope",
    "pay_share",
    "share",
    "weight_share",
    "pay_share_of_idle",
    "pay_share_gap",
    "deviation",
    "deviation_share",
    "pay_per_useful_job",
    "net_pay",
    "burned_share",
    "starvation",
    "latency_quantile",
    "latency_unfinished",
    "latency_mean",
    "goodput",
    "utilisation",
    "success_without_image",
    "failure_share",
];

/// Members printed a second time, below those, with parameters other than those of their example.
const MORE: &[&str] = &[
    "[gini]\nof = \"requests\"",
    "[gini]\nof = \"useful_work\"",
    "[gini]\nof = \"pay\"\nby = \"operator\"",
    "[theil]\nof = \"pay\"\npart = \"within\"",
    "[latency_quantile]\np = 0.95",
    "[latency_quantile]\np = 0.99",
    "[latency_unfinished]\np = 0.5\nestimate = \"lower\"",
    "[latency_unfinished]\np = 0.5\nestimate = \"upper\"",
    "[latency_unfinished]\np = 0.95\nestimate = \"kaplan_meier\"",
    "[latency_unfinished]\np = 0.95\nestimate = \"lower\"",
    "[latency_unfinished]\np = 0.95\nestimate = \"upper\"",
    "[pay_stake_slope]\nsays = \"left_out\"",
    "[pay_stake_slope]\nfit = \"poisson\"",
    "[pay_stake_slope]\nfit = \"poisson\"\nsays = \"left_out\"",
    "[pay_speed_slope]\nsays = \"left_out\"",
    "[pay_speed_slope]\nfit = \"poisson\"",
    "[pay_speed_slope]\nfit = \"poisson\"\nsays = \"left_out\"",
    "[starvation]\nwait = \"first_job\"\nover = \"worst\"",
    "[correlation]\nof = \"pay\"\nagainst = \"requests\"\ngiven = \"useful_work\"",
    "[failure_share]\nkind = \"any\"",
];

/// Members that answer "is it fair?", as their example shows them: how far pay is from useful work, then how often some class
/// is off. Pages show them first, `compare.csv` and `sweep.csv` hold them; `metrics.csv` does not, for they follow from
/// `miners.csv`.
const FAIRNESS: &[&str] = &["total_variation", "some_class_deviates"];

/// The two measures of fairness: distance, then whether some class is off.
///
/// # Panics
/// Never: the texts are constants, and a test reads them.
pub(crate) fn fairness() -> Vec<MetricSpec> {
    fairness_members().map(|entry| read(entry.example)).collect()
}

/// The members of the measures of fairness.
pub(crate) fn fairness_members() -> impl Iterator<Item = &'static Entry> {
    FAIRNESS.iter().map(|name| member(name))
}

/// The metrics of `metrics.csv`, in its order.
///
/// # Panics
/// Never: the texts are constants, and a test reads them.
pub(crate) fn standard() -> Vec<MetricSpec> {
    printed().map(|(_, text)| read(text)).collect()
}

/// The metrics of `metrics.csv`, in its order: the member, and the table that names its parameters.
///
/// # Panics
/// Never: a test finds every name.
pub(crate) fn printed() -> impl Iterator<Item = (&'static Entry, &'static str)> {
    let shown = PRINTED.iter().map(|name| {
        let entry = member(name);
        (entry, entry.example)
    });
    let more = MORE.iter().map(|text| {
        let name = text.trim_start_matches('[').split(']').next().unwrap_or_default();
        (member(name), *text)
    });
    shown.chain(more)
}

/// A metric from its table.
///
/// # Panics
/// Never for a text that the tests have read.
pub(crate) fn read(text: &str) -> MetricSpec {
    toml::from_str(text).expect("a constant that the tests read")
}

fn member(name: &str) -> &'static Entry {
    let found = MetricSpec::ALL.iter().find(|entry| entry.name == name);
    found.expect("a constant that the tests read")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::Grouping;
    use crate::metrics::Measured;
    use crate::metrics::RunSummary;
    use crate::metrics::facts::sample;
    use std::collections::BTreeSet;

    /// Every grouping of miners that there is.
    const GROUPINGS: [Grouping; 3] = [Grouping::Whole, Grouping::Class, Grouping::Operator];

    /// What is printed, and every other member as its example shows it.
    fn all() -> Vec<MetricSpec> {
        let others = MetricSpec::ALL.iter().filter(|entry| !PRINTED.contains(&entry.name));
        standard().into_iter().chain(others.map(|entry| read(entry.example))).collect()
    }

    #[test]
    fn a_metric_is_printed_once_as_its_example_shows_it() {
        let once: BTreeSet<&str> = PRINTED.iter().copied().collect();
        assert_eq!(once.len(), PRINTED.len());
        assert_eq!(standard().len(), PRINTED.len() + MORE.len());
        assert!(FAIRNESS.iter().all(|name| !once.contains(name)));
        assert_eq!(fairness().len(), FAIRNESS.len());
    }

    #[test]
    fn every_metric_has_a_label_of_its_own_and_checks() {
        let all = all();
        let labels: BTreeSet<String> = all.iter().map(|m| m.build().declared().label).collect();
        assert_eq!(labels.len(), all.len());
        for metric in &all {
            assert_eq!(metric.check(), [], "{metric:?}");
            let declared = metric.build().declared();
            assert!(!declared.printed_for.is_empty() && !declared.unit.is_empty());
            assert!(declared.range.is_none_or(|(low, high)| low < high), "{metric:?}");
        }
    }

    /// Registry-wide: no choice of facts gives a NaN, an infinity, a panic, or a value for nobody that is not a sum.
    #[test]
    fn no_metric_breaks_on_poor_facts() {
        let nobody = RunSummary::default();
        let idle = sample::of_pay(&[(0, 0), (1, 0), (1, 0)]);
        let alone = sample::of_pay(&[(0, 5)]);
        let equal = sample::of_pay(&[(0, 5), (1, 5), (1, 5)]);
        for facts in [nobody, idle, alone, equal] {
            for metric in all() {
                for (_, miners) in GROUPINGS.iter().flat_map(|g| g.groups(&facts)) {
                    match metric.build().measure(&facts, &miners) {
                        Measured::Value(value) => assert!(value.is_finite(), "{metric:?}"),
                        Measured::Undefined(reason) => assert!(!reason.is_empty(), "{metric:?}"),
                    }
                }
            }
        }
    }

    #[test]
    fn values_keep_to_their_declared_range() {
        let mut facts = sample::of_pay_and_work(&[(9, 1), (5, 0), (700, 3), (1, 100), (0, 50)]);
        for (i, miner) in facts.miners.iter_mut().enumerate() {
            miner.requests = 10 + miner.useful_steps;
            miner.stake = crate::base::units::Rao(1 + miner.useful_steps * miner.pay.0);
            miner.class = crate::base::ids::ClassId::of(i % 2);
        }
        facts.names = sample::of_pay(&[(0, 0), (1, 0), (0, 0), (1, 0), (0, 0)]).names;
        facts.latencies = vec![crate::metrics::Latencies::default(); 2];
        for metric in all().iter().map(MetricSpec::build) {
            let Some((low, high)) = metric.declared().range else { continue };
            for (_, miners) in GROUPINGS.iter().flat_map(|g| g.groups(&facts)) {
                if let Measured::Value(value) = metric.measure(&facts, &miners) {
                    assert!((low..=high).contains(&value), "{metric:?}: {value}");
                }
            }
        }
    }
}
