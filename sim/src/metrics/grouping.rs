//! Groups of miners for which a metric is printed or claimed.

use crate::base::ids::MinerId;
use crate::metrics::RunSummary;

/// A way to divide the miners into groups.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grouping {
    /// All miners in one group.
    Whole,
    /// Miners of one class together.
    Class,
    /// Miners of one operator together.
    Operator,
}

impl Grouping {
    /// The word in tables.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Whole => "whole",
            Self::Class => "class",
            Self::Operator => "operator",
        }
    }

    /// The groups with their names, in the order of their ids, each in the scenario's order; a class or operator
    /// without a miner gives none.
    #[must_use]
    pub fn groups(self, facts: &RunSummary) -> Vec<(&str, Vec<MinerId>)> {
        match self {
            Self::Whole => vec![("", facts.all())],
            Self::Class => gathered(&facts.names.classes, facts, |i| facts.miners[i].class.index()),
            Self::Operator => {
                gathered(&facts.names.operators, facts, |i| facts.miners[i].operator.index())
            }
        }
    }
}

fn gathered<'a>(
    names: &'a [String],
    facts: &RunSummary,
    place: impl Fn(usize) -> usize,
) -> Vec<(&'a str, Vec<MinerId>)> {
    let mut groups: Vec<(&str, Vec<MinerId>)> =
        names.iter().map(|name| (name.as_str(), Vec::new())).collect();
    for miner in facts.all() {
        groups[place(miner.index())].1.push(miner);
    }
    groups.retain(|(_, miners)| !miners.is_empty());
    groups
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::facts::sample;

    #[test]
    fn every_miner_is_in_one_group_of_each_grouping() {
        let facts = sample::of_pay(&[(0, 1), (1, 2), (0, 3)]);
        let whole = Grouping::Whole.groups(&facts);
        assert_eq!(whole, [("", vec![MinerId(0), MinerId(1), MinerId(2)])]);
        let classes = Grouping::Class.groups(&facts);
        assert_eq!(
            classes,
            [("class0", vec![MinerId(0), MinerId(2)]), ("class1", vec![MinerId(1)])]
        );
        assert_eq!(Grouping::Operator.groups(&facts).len(), 3);
    }

    #[test]
    fn a_class_without_a_miner_gives_no_group() {
        let facts = sample::of_pay(&[(1, 1)]);
        assert_eq!(Grouping::Class.groups(&facts), [("class1", vec![MinerId(0)])]);
        assert!(Grouping::Class.groups(&RunSummary::default()).is_empty());
    }
}
