//! What a property's author should mend.

use crate::base::family::Problem;
use crate::property::Event;
use crate::property::Expect;
use crate::property::Kind;
use crate::property::Property;
use crate::property::Reduce;
use crate::property::Relation;
use crate::property::Variant;
use crate::statistics::Method;
use std::collections::BTreeSet;

/// Most replications of one property. Source: ours, the limit of `[run]`.
const BUDGET_MAX: u32 = 1_000_000;

/// Problems of all properties of a file; keys begin with the property's place in it.
pub(crate) fn check_all(all: &[Property]) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut seen = BTreeSet::new();
    for (place, property) in all.iter().enumerate() {
        let mut own = property.check();
        if !seen.insert(&property.id) {
            own.push(Problem::new("id", &property.id, "an id that no other property has"));
        }
        problems.extend(own.into_iter().map(|problem| problem.under(&place.to_string())));
    }
    problems
}

impl Property {
    /// What its author should mend; empty when all is well. Names of miners and variants are the scenario's concern.
    pub(crate) fn check(&self) -> Vec<Problem> {
        let mut problems = self.words();
        if self.kind == Kind::Invariant {
            problems.extend(self.invariant_fields());
            return problems;
        }
        problems.extend(self.levels());
        problems.extend(self.fields());
        problems.extend(self.quantity_fields());
        problems.extend(self.threshold_fields());
        problems
    }

    fn words(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if self.id.is_empty() || !self.id.chars().all(is_plain) {
            problems.push(Problem::new("id", &self.id, "lower-case letters, digits and -"));
        }
        if self.claim.trim().is_empty() {
            problems.push(Problem::new("claim", &self.claim, "a sentence"));
        }
        let has_reason = self.because.as_ref().is_some_and(|because| !because.trim().is_empty());
        match self.expect {
            Expect::Fail if !has_reason => problems.push(Problem::new(
                "because",
                self.because.as_deref().unwrap_or("missing"),
                "why the claim is false, as expect = \"fail\" says",
            )),
            Expect::Pass if has_reason => problems.push(Problem::new(
                "because",
                self.because.as_deref().unwrap_or_default(),
                "only with expect = \"fail\"",
            )),
            Expect::Pass | Expect::Fail => {}
        }
        problems
    }

    fn invariant_fields(&self) -> Vec<Problem> {
        let mut problems = missing(&[("invariant", self.invariant.is_some())], "which invariant");
        problems.extend(surplus(
            &[
                ("quantity", self.quantity.is_some()),
                ("over", !self.over.is_all()),
                ("reduce", self.reduce.is_by_epoch()),
                ("epoch_event", self.epoch_event.is_some()),
                ("event", self.event.is_some()),
                ("relation", self.relation.is_some()),
                ("threshold", self.threshold.is_some()),
                ("margin", self.margin.is_some()),
                ("method", self.method.is_some()),
                ("variant", self.variant.is_some()),
            ],
            "not for an invariant: it is exact",
        ));
        problems
    }

    fn levels(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        for (key, level) in [("alpha", self.alpha), ("beta", self.beta)] {
            if !(level > 0.0 && level < 1.0) {
                problems.push(Problem::new(key, level, "above 0 and below 1"));
            }
        }
        if !(1..=BUDGET_MAX).contains(&self.max_replications) {
            let found = self.max_replications;
            problems.push(Problem::new("max_replications", found, "1..=1_000_000"));
        }
        problems
    }

    fn fields(&self) -> Vec<Problem> {
        let is_equivalence = self.kind == Kind::Equivalence;
        let mut problems = missing(
            &[
                ("quantity", self.quantity.is_some()),
                ("threshold", self.threshold.is_some()),
                ("margin", self.margin.is_some()),
            ],
            "needed by every kind but invariant",
        );
        problems.extend(surplus(&[("invariant", self.invariant.is_some())], "only kind invariant"));
        if is_equivalence {
            let why = "not for an equivalence: it claims both sides";
            problems.extend(surplus(&[("relation", self.relation.is_some())], why));
        } else {
            let why = "at_least or at_most";
            problems.extend(missing(&[("relation", self.relation.is_some())], why));
        }
        match self.kind {
            Kind::Mean => problems.extend(surplus(
                &[("event", self.event.is_some())],
                "only kind probability, comparison or equivalence",
            )),
            Kind::Probability => problems.extend(missing(
                &[("event", self.event.is_some())],
                "the event whose probability is claimed: { at_least = x } or { at_most = x }",
            )),
            Kind::Comparison => problems.extend(missing(
                &[("variant", self.variant.is_some())],
                "what to compare with: { file = \"other.toml\" } or { set = [\"key = value\"] }",
            )),
            Kind::Equivalence | Kind::Invariant => {}
        }
        if matches!(self.kind, Kind::Mean | Kind::Probability) {
            let why = "only kind comparison or equivalence";
            problems.extend(surplus(&[("variant", self.variant.is_some())], why));
        }
        let is_empty = match &self.variant {
            Some(Variant::Set(changes)) => changes.iter().all(|change| change.trim().is_empty()),
            Some(Variant::File(name)) => name.trim().is_empty(),
            None => false,
        };
        if is_empty {
            problems.push(Problem::new("variant", "empty", "a change: a comparison with itself"));
        }
        problems
    }

    fn quantity_fields(&self) -> Vec<Problem> {
        let Some(quantity) = &self.quantity else { return Vec::new() };
        let mut problems: Vec<Problem> =
            quantity.check().into_iter().map(|problem| problem.under("quantity")).collect();
        if problems.is_empty() && self.range().is_none() {
            let label = quantity.build().declared().label;
            problems.push(Problem::new(
                "quantity",
                label,
                "a metric with a finite range; claim this one through an event and its probability",
            ));
        }
        let counted = [("epoch_event", self.epoch_event.is_some())];
        problems.extend(if self.reduce == Reduce::ShareOfEpochs {
            missing(&counted, "the event counted: { at_least = x } or { at_most = x }")
        } else {
            surplus(&counted, "only with reduce = \"share_of_epochs\"")
        });
        for (key, event) in [("event", self.event), ("epoch_event", self.epoch_event)] {
            if let Some(level) = event.map(Event::level).filter(|level| !level.is_finite()) {
                problems.push(Problem::new(key, level, "a finite number"));
            }
        }
        if self.method == Some(Method::BetaBinomial) && self.event.is_none() {
            problems.push(Problem::new("method", "beta_binomial", "only with an event"));
        }
        problems
    }

    fn threshold_fields(&self) -> Vec<Problem> {
        let (Some(threshold), Some(margin)) = (self.threshold, self.margin) else {
            return Vec::new();
        };
        if !threshold.is_finite() {
            return vec![Problem::new("threshold", threshold, "a finite number")];
        }
        let needs_margin = matches!(self.kind, Kind::Comparison | Kind::Equivalence);
        if !(margin.is_finite() && margin >= 0.0 && (margin > 0.0 || !needs_margin)) {
            let allowed = if needs_margin {
                "above 0: two variants may be exactly equal, which no number of runs can show"
            } else {
                "a number of at least 0"
            };
            return vec![Problem::new("margin", margin, allowed)];
        }
        let Some((low, high)) = self.range() else { return Vec::new() };
        let (from, to) = (threshold - margin, threshold + margin);
        let is_inside = match self.relation {
            // Outside, one of the two verdicts would need no evidence at all.
            Some(Relation::AtLeast | Relation::AtMost) => from >= low && to <= high,
            None => threshold >= low && threshold <= high && (from > low || to < high),
        };
        if is_inside {
            return Vec::new();
        }
        let allowed = format!("threshold - margin and threshold + margin inside {low}..={high}");
        vec![Problem::new("threshold", format!("{threshold} with margin {margin}"), &allowed)]
    }
}

fn missing(keys: &[(&str, bool)], allowed: &str) -> Vec<Problem> {
    let absent = keys.iter().filter(|(_, is_there)| !is_there);
    absent.map(|(key, _)| Problem::new(key, "missing", allowed)).collect()
}

fn surplus(keys: &[(&str, bool)], allowed: &str) -> Vec<Problem> {
    let present = keys.iter().filter(|(_, is_there)| *is_there);
    present.map(|(key, _)| Problem::new(key, "given", allowed)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::property::Invariant;
    use crate::property::table::sample;

    /// The keys of the problems of the sample property after a change.
    fn keys(change: impl FnOnce(&mut Property)) -> Vec<String> {
        let mut property = sample::mean();
        change(&mut property);
        property.check().into_iter().map(|problem| problem.key).collect()
    }

    fn set(changes: &[&str]) -> Variant {
        Variant::Set(changes.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn a_good_property_has_no_problem() {
        assert!(keys(|_| ()).is_empty());
        assert!(keys(|p| p.margin = Some(0.0)).is_empty());
    }

    #[test]
    fn levels_of_0_and_1_are_refused() {
        for level in [0.0, 1.0, 1.5, -0.1, f64::NAN] {
            assert_eq!(keys(|p| p.alpha = level), ["alpha"]);
            assert_eq!(keys(|p| p.beta = level), ["beta"]);
        }
        assert_eq!(keys(|p| p.max_replications = 0), ["max_replications"]);
    }

    #[test]
    fn a_claim_without_quantity_side_threshold_or_margin_is_refused() {
        assert_eq!(keys(|p| p.quantity = None), ["quantity"]);
        assert_eq!(keys(|p| p.relation = None), ["relation"]);
        assert_eq!(keys(|p| p.threshold = None), ["threshold"]);
        assert_eq!(keys(|p| p.margin = None), ["margin"]);
        assert_eq!(keys(|p| p.threshold = Some(f64::NAN)), ["threshold"]);
        assert_eq!(keys(|p| p.margin = Some(-0.1)), ["margin"]);
    }

    #[test]
    fn a_metric_without_range_is_no_mean_but_may_be_an_event() {
        let unbounded = toml::from_str("[starvation]").unwrap();
        let starving = |p: &mut Property| p.quantity = Some(unbounded);
        assert_eq!(keys(starving.clone()), ["quantity"]);
        assert!(
            keys(|p| {
                starving(p);
                p.kind = Kind::Probability;
                p.event = Some(Event::AtMost(3600.0));
            })
            .is_empty()
        );
    }

    #[test]
    fn a_probability_needs_its_event_and_a_mean_has_none() {
        assert_eq!(keys(|p| p.kind = Kind::Probability), ["event"]);
        assert_eq!(keys(|p| p.event = Some(Event::AtMost(0.5))), ["event"]);
        let endless = Some(Event::AtLeast(f64::INFINITY));
        let of = |p: &mut Property| (p.kind, p.event) = (Kind::Probability, endless);
        assert_eq!(keys(of), ["event"]);
    }

    #[test]
    fn a_share_of_epochs_needs_its_event_and_nothing_else_has_one() {
        assert_eq!(keys(|p| p.reduce = Reduce::ShareOfEpochs), ["epoch_event"]);
        assert_eq!(keys(|p| p.epoch_event = Some(Event::AtMost(0.5))), ["epoch_event"]);
        let event = Some(Event::AtMost(0.5));
        let both = |p: &mut Property| (p.reduce, p.epoch_event) = (Reduce::ShareOfEpochs, event);
        assert!(keys(both).is_empty());
    }

    #[test]
    fn a_comparison_needs_a_variant_that_differs_and_a_margin() {
        let comparison = |variant, margin| {
            keys(|p| {
                (p.kind, p.threshold) = (Kind::Comparison, Some(0.0));
                (p.variant, p.margin) = (variant, Some(margin));
            })
        };
        assert_eq!(comparison(None, 0.1), ["variant"]);
        assert_eq!(comparison(Some(set(&[])), 0.1), ["variant"]);
        assert_eq!(comparison(Some(Variant::File(" ".to_string())), 0.1), ["variant"]);
        assert_eq!(comparison(Some(set(&["run.epochs = 9"])), 0.0), ["margin"]);
        assert!(comparison(Some(set(&["run.epochs = 9"])), 0.1).is_empty());
        assert_eq!(keys(|p| p.variant = Some(set(&["run.epochs = 9"]))), ["variant"]);
    }

    #[test]
    fn an_equivalence_needs_a_margin_and_no_side() {
        let equivalence = |relation, margin| {
            keys(|p| (p.kind, p.relation, p.margin) = (Kind::Equivalence, relation, margin))
        };
        assert_eq!(equivalence(Some(Relation::AtMost), Some(0.1)), ["relation"]);
        assert_eq!(equivalence(None, Some(0.0)), ["margin"]);
        assert_eq!(equivalence(None, None), ["margin"]);
        assert_eq!(equivalence(None, Some(2.0)), ["threshold"]);
        assert!(equivalence(None, Some(0.1)).is_empty());
    }

    #[test]
    fn a_threshold_that_needs_no_evidence_is_refused() {
        assert_eq!(keys(|p| p.threshold = Some(0.99)), ["threshold"]);
        assert_eq!(keys(|p| p.threshold = Some(-3.0)), ["threshold"]);
    }

    #[test]
    fn an_expected_failure_says_why() {
        assert_eq!(keys(|p| p.expect = Expect::Fail), ["because"]);
        assert_eq!(keys(|p| p.because = Some("so".to_string())), ["because"]);
        let because = |p: &mut Property| {
            (p.expect, p.because) = (Expect::Fail, Some("the cap binds".to_string()));
        };
        assert!(keys(because).is_empty());
    }

    #[test]
    fn an_invariant_takes_nothing_but_its_name() {
        let all = keys(|p| p.kind = Kind::Invariant);
        assert_eq!(all, ["invariant", "quantity", "relation", "threshold", "margin"]);
        let plain = keys(|p| {
            (p.kind, p.invariant) = (Kind::Invariant, Some(Invariant::Causality));
            (p.quantity, p.relation, p.threshold, p.margin) = (None, None, None, None);
        });
        assert!(plain.is_empty());
        assert_eq!(keys(|p| p.invariant = Some(Invariant::Causality)), ["invariant"]);
    }

    #[test]
    fn the_beta_binomial_method_needs_an_event() {
        assert_eq!(keys(|p| p.method = Some(Method::BetaBinomial)), ["method"]);
    }

    #[test]
    fn bad_parameters_of_the_metric_are_found() {
        let bad = toml::from_str("[lorenz]\ntop = 3.0").unwrap();
        assert_eq!(keys(|p| p.quantity = Some(bad)), ["quantity.lorenz.top"]);
    }

    #[test]
    fn ids_are_unique_and_plain() {
        let all = [sample::mean(), sample::mean()];
        assert_eq!(check_all(&all)[0].key, "1.id");
        assert_eq!(keys(|p| p.id = "Pay follows".to_string()), ["id"]);
        assert_eq!(keys(|p| p.claim = String::new()), ["claim"]);
    }
}
