//! The metrics every results table has: each member as its example shows it, and a few with other parameters.

use crate::metrics::MetricSpec;

/// Members printed a second time, with parameters other than those of their example.
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

/// The metrics of `metrics.csv`, in the order of their registration.
///
/// # Panics
/// Never: the texts are constants, and a test reads them.
pub(crate) fn standard() -> Vec<MetricSpec> {
    let examples = MetricSpec::ALL.iter().map(|entry| entry.example);
    examples
        .chain(MORE.iter().copied())
        .map(|text| toml::from_str(text).expect("a constant that the tests read"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::Facts;
    use crate::metrics::Grouping;
    use crate::metrics::Measured;
    use crate::metrics::facts::sample;
    use std::collections::BTreeSet;

    /// Every grouping.
    const GROUPINGS: [Grouping; 3] = [Grouping::Whole, Grouping::Class, Grouping::Operator];

    #[test]
    fn every_metric_has_a_label_of_its_own_and_checks() {
        let all = standard();
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
        let nobody = Facts::default();
        let idle = sample::of_pay(&[(0, 0), (1, 0), (1, 0)]);
        let alone = sample::of_pay(&[(0, 5)]);
        let equal = sample::of_pay(&[(0, 5), (1, 5), (1, 5)]);
        for facts in [nobody, idle, alone, equal] {
            for metric in standard() {
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
        for metric in standard().iter().map(MetricSpec::build) {
            let Some((low, high)) = metric.declared().range else { continue };
            for (_, miners) in GROUPINGS.iter().flat_map(|g| g.groups(&facts)) {
                if let Measured::Value(value) = metric.measure(&facts, &miners) {
                    assert!((low..=high).contains(&value), "{metric:?}: {value}");
                }
            }
        }
    }
}
