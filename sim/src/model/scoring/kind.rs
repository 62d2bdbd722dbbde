//! Kinds of job as the score service knows them: their weight, and whether the image edit's time rules hold.

/// A kind of job, by its production name.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct ScoredKind {
    /// Weight of a sample, `0.0..=1.0`; a kind of weight 0 is not scored at all.
    pub(crate) weight: f64,
    /// Whether the image edit's shortest run time and longest latency hold.
    pub(crate) is_kontext: bool,
}

/// What a version knows of kinds: weights of the two that have one, and those with the image edit's time rules.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct KindWeights {
    image_edit: f64,
    base: f64,
    kontext: &'static [&'static str],
}

impl KindWeights {
    /// The first weights. Source: orchestrator e4254fe, `job_scoring.py`.
    pub(crate) const FIRST: Self = Self { image_edit: 0.6, base: 0.4, kontext: &KONTEXT_FIRST };
    /// The second. Source: orchestrator 8f72513, `job_scoring.py`.
    pub(crate) const SECOND: Self = Self { image_edit: 0.7, base: 0.3, kontext: &KONTEXT_FIRST };
    /// Those of head. Source: orchestrator 4dbc66b, `job_scoring.py`.
    pub(crate) const HEAD: Self = Self { image_edit: 0.8, base: 0.2, kontext: &KONTEXT };
}

/// Kinds with the image edit's time rules before orchestrator 4dbc66b. Source: orchestrator 32242b3.
const KONTEXT_FIRST: [&str; 2] = ["img-h100_pcie", "flux_kontext"];
/// Kinds with the image edit's time rules. Source: orchestrator 4dbc66b, `job_scoring.py`.
const KONTEXT: [&str; 3] = ["img-h100_pcie", "flux_kontext", "h100_pcie"];

impl ScoredKind {
    /// The kind named `name`, as head weighs it; blanks around the name and its case do not matter.
    ///
    /// Every other kind has weight 0 at head, `generate`, the whole trace's, among them. Version v001 has no weights.
    pub(crate) fn named(name: &str) -> Self {
        Self::weighed(name, KindWeights::HEAD)
    }

    /// The kind named `name`, as a version with these weights weighs it.
    pub(crate) fn weighed(name: &str, weights: KindWeights) -> Self {
        let name = name.trim().to_lowercase();
        let weight = match name.as_str() {
            "img-h100_pcie" => weights.image_edit,
            "base-h100_pcie" => weights.base,
            _ => 0.0,
        };
        Self { weight, is_kontext: weights.kontext.contains(&name.as_str()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_trimmed_and_lowered() {
        assert_eq!(
            ScoredKind::named(" IMG-H100_PCIe "),
            ScoredKind { weight: 0.8, is_kontext: true }
        );
        assert_eq!(
            ScoredKind::named("base-h100_pcie"),
            ScoredKind { weight: 0.2, is_kontext: false }
        );
    }

    #[test]
    fn each_version_has_its_weights() {
        let edit = |weights| ScoredKind::weighed("img-h100_pcie", weights).weight;
        let weights = [KindWeights::FIRST, KindWeights::SECOND, KindWeights::HEAD].map(edit);
        for (weight, expected) in weights.into_iter().zip([0.6, 0.7, 0.8]) {
            assert!((weight - expected).abs() < 1e-12);
        }
    }

    #[test]
    fn the_time_rules_reached_one_more_kind_in_december() {
        let kinds = ["img-h100_pcie", "flux_kontext", "h100_pcie", "base-h100_pcie"];
        let under = |weights| kinds.map(|kind| ScoredKind::weighed(kind, weights).is_kontext);
        assert_eq!(under(KindWeights::SECOND), [true, true, false, false]);
        assert_eq!(under(KindWeights::HEAD), [true, true, true, false]);
    }

    #[test]
    fn a_kind_may_have_the_time_rules_and_no_weight() {
        assert_eq!(ScoredKind::named("flux_kontext"), ScoredKind { weight: 0.0, is_kontext: true });
        assert_eq!(ScoredKind::named("generate"), ScoredKind { weight: 0.0, is_kontext: false });
    }
}
