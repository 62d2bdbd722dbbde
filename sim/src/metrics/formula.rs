//! How each metric is worked out, in the symbols of this module: what its file says below the first paragraph.

/// The formula of each file of this folder, by its name; the build reads them off the sources.
const FORMULAS: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/formulas.rs"));

/// The formula of the member called `name`, and what goes with it; empty for one that has none.
pub(crate) fn formula(name: &str) -> &'static str {
    FORMULAS.iter().find(|(own, _)| *own == name).map_or("", |(_, formula)| formula)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::MetricSpec;

    #[test]
    fn every_member_says_how_it_is_worked_out() {
        let silent: Vec<_> =
            MetricSpec::ALL.iter().map(|m| m.name).filter(|name| formula(name).len() < 5).collect();
        assert!(silent.is_empty(), "no second paragraph in the module doc of {silent:?}");
        assert!(formula("jain").starts_with("`J = X^2 / (n sum_i x_i^2)`"), "{}", formula("jain"));
        assert_eq!(formula("no such metric"), "");
    }
}
