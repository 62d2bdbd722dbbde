//! What results name beside the members of families: metrics by their labels, columns, plots, statistics, invariants, and
//! the words of a property.

use crate::base::family::Entry;
use crate::metrics;
use crate::property::Invariant;
use crate::report;
use crate::report::TableColumn;
use crate::simulation::keys::keys_of;
use crate::trace;
use std::collections::BTreeMap;

/// Something that results or scenarios name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TopicEntry {
    /// The name, as it stands there.
    pub name: String,
    /// Unit of its figures; empty where it has none.
    pub unit: String,
    /// What it is, in a sentence.
    pub about: String,
    /// How it is worked out; empty for what is counted, measured or no figure.
    pub formula: String,
}

/// A list of things of one kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Topic {
    /// Name of the list, as `assay list` takes it.
    pub name: &'static str,
    /// Where its entries stand, in words.
    pub place: &'static str,
    /// All of them, in the order in which they are printed.
    pub entries: Vec<TopicEntry>,
}

/// A metric as `metrics.csv` prints it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrintedMetric {
    /// Its label: the member with its parameters.
    pub label: String,
    /// The member of the family.
    pub member: &'static Entry,
    /// The table that asks for it in a property.
    pub asked: &'static str,
    /// Unit of its value.
    pub unit: &'static str,
    /// The range that no value leaves, as `0..=1`; empty without one.
    pub range: String,
    /// For which groups of miners it is printed.
    pub groups: Vec<&'static str>,
    /// How it is worked out, in the symbols of [`metrics`](crate::metrics).
    pub formula: &'static str,
}

/// Every metric of `metrics.csv`, in its order.
#[must_use]
pub fn printed_metrics() -> Vec<PrintedMetric> {
    let each = metrics::printed().map(|(member, asked)| {
        let declared = metrics::read(asked).build().declared();
        PrintedMetric {
            label: declared.label,
            member,
            asked,
            unit: declared.unit,
            range: declared.range.map_or(String::new(), |(low, high)| format!("{low}..={high}")),
            groups: declared.printed_for.iter().map(|group| group.name()).collect(),
            formula: metrics::formula(member.name),
        }
    });
    each.collect()
}

/// What each statistic of a validation is, by its name: a line each.
fn statistics_in_words() -> BTreeMap<&'static str, &'static str> {
    include_str!("statistics.txt").lines().filter_map(|line| line.split_once(" | ")).collect()
}

/// Where labels of metrics stand.
const LABELS: &str = "metrics.csv, its column metric; the measures of fairness, which come last, in compare.csv and sweep.csv";

/// Every list, families left out.
#[must_use]
pub fn topics() -> Vec<Topic> {
    vec![
        Topic { name: "labels", place: LABELS, entries: labels() },
        Topic { name: "columns", place: "the tables of a results folder", entries: columns() },
        Topic { name: "invariants", place: "property.invariant", entries: invariants() },
        Topic { name: "properties", place: "[[property]]", entries: property_words() },
        Topic { name: "claims", place: "verdicts.json of shipped scenarios", entries: claims() },
        #[cfg(feature = "report")]
        Topic { name: "plots", place: "plots/NAME.svg in a results folder", entries: plots() },
        Topic { name: "statistics", place: "validation.csv", entries: statistics() },
    ]
}

fn named(name: &str, unit: &str, about: &str) -> TopicEntry {
    let [name, unit, about] = [name, unit, about].map(str::to_string);
    TopicEntry { name, unit, about, formula: String::new() }
}

/// Every metric by the label that `metrics.csv` prints, in its order, and the two by which a page answers.
pub(super) fn labels() -> Vec<TopicEntry> {
    let one = |label: &str, unit: &str, member: &Entry| TopicEntry {
        formula: metrics::formula(member.name).to_string(),
        ..named(label, unit, member.about)
    };
    let printed = printed_metrics();
    let printed = printed.iter().map(|m| one(&m.label, m.unit, m.member));
    let fairness = metrics::fairness_members().map(|member| {
        let declared = metrics::read(member.example).build().declared();
        one(&declared.label, declared.unit, member)
    });
    printed.chain(fairness).collect()
}

fn columns() -> Vec<TopicEntry> {
    let all = report::columns();
    let one = |c: &TableColumn| TopicEntry {
        formula: c.formula.to_string(),
        ..named(&format!("{}: {}", c.table, c.name), c.unit, c.about)
    };
    all.iter().map(one).collect()
}

fn invariants() -> Vec<TopicEntry> {
    Invariant::ALL.iter().map(|one| named(one.name(), "", one.about())).collect()
}

/// Every property of a shipped scenario, by its id.
fn claims() -> Vec<TopicEntry> {
    let lines = include_str!("claims.txt").lines().filter_map(|line| line.split_once(" | "));
    lines.map(|(id, claim)| named(id, "", claim)).collect()
}

fn property_words() -> Vec<TopicEntry> {
    let keys = keys_of("Property");
    keys.into_iter().map(|key| named(&key.name, &key.allowed, &key.about)).collect()
}

#[cfg(feature = "report")]
fn plots() -> Vec<TopicEntry> {
    let told = report::plots_told();
    told.into_iter()
        .map(|(name, title, caption)| named(name, "", &format!("{title}. {caption}")))
        .collect()
}

/// Every statistic of a validation, in the order of its table.
pub(super) fn statistics() -> Vec<TopicEntry> {
    let words = statistics_in_words();
    let all = trace::statistics();
    all.map(|(name, unit)| named(name, unit, words.get(name).copied().unwrap_or_default()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_named_is_told_in_a_sentence() {
        for topic in topics() {
            assert!(!topic.entries.is_empty(), "{}", topic.name);
            for entry in &topic.entries {
                assert!(entry.about.len() > 5, "{}: {entry:?}", topic.name);
            }
        }
        assert_eq!(statistics_in_words().len(), trace::statistics().count());
    }

    #[test]
    fn a_metric_goes_by_the_label_of_its_column() {
        let labels: Vec<String> = printed_metrics().into_iter().map(|m| m.label).collect();
        assert_eq!(labels.len(), metrics::standard().len());
        for label in ["gini_pay_by_miner", "latency_ms_p95", "gini_pay_by_operator"] {
            assert!(labels.iter().any(|own| own == label), "{label} in {labels:?}");
        }
    }
}
