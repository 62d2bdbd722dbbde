//! The statistics of a validation in words: short enough for a table's row and a plot's axis.

/// What a statistic is, by the name that `validation.csv` gives it; the name itself where nobody has put it into words.
pub(crate) fn statistic_in_words(name: &'static str) -> &'static str {
    let all = include_str!("statistics.txt").lines().filter_map(|line| line.split_once(" | "));
    all.into_iter().find(|(own, _)| *own == name).map_or(name, |(_, words)| words)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace;
    use std::collections::BTreeSet;

    #[test]
    fn every_statistic_has_words_of_its_own() {
        /// Letters that fit beside a plot's rows.
        const LETTERS_MAX: usize = 60;
        let names: Vec<&str> = trace::statistics().map(|(name, _)| name).collect();
        let words: BTreeSet<&str> = names.iter().map(|name| statistic_in_words(name)).collect();
        assert_eq!(words.len(), names.len(), "two statistics are called the same");
        for name in &names {
            let words = statistic_in_words(name);
            assert!(words != *name && words.len() <= LETTERS_MAX, "{name}: {words}");
        }
        assert_eq!(include_str!("statistics.txt").lines().count(), names.len());
    }
}
