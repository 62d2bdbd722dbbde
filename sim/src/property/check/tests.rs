//! Every mistake in a property, one at a time.

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
            p.kind = ClaimKind::Probability;
            p.event = Some(NumberEvent::AtMost(3600.0));
        })
        .is_empty()
    );
}

#[test]
fn a_probability_needs_its_event_and_a_mean_has_none() {
    assert_eq!(keys(|p| p.kind = ClaimKind::Probability), ["event"]);
    assert_eq!(keys(|p| p.event = Some(NumberEvent::AtMost(0.5))), ["event"]);
    let endless = Some(NumberEvent::AtLeast(f64::INFINITY));
    let of = |p: &mut Property| (p.kind, p.event) = (ClaimKind::Probability, endless);
    assert_eq!(keys(of), ["event"]);
}

#[test]
fn a_share_of_epochs_needs_its_event_and_nothing_else_has_one() {
    assert_eq!(keys(|p| p.reduce = Reduce::ShareOfEpochs), ["epoch_event"]);
    assert_eq!(keys(|p| p.epoch_event = Some(NumberEvent::AtMost(0.5))), ["epoch_event"]);
    let event = Some(NumberEvent::AtMost(0.5));
    let both = |p: &mut Property| (p.reduce, p.epoch_event) = (Reduce::ShareOfEpochs, event);
    assert!(keys(both).is_empty());
}

#[test]
fn a_comparison_needs_a_variant_that_differs_and_a_margin() {
    let comparison = |variant, margin| {
        keys(|p| {
            (p.kind, p.threshold) = (ClaimKind::Comparison, Some(0.0));
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
        keys(|p| (p.kind, p.relation, p.margin) = (ClaimKind::Equivalence, relation, margin))
    };
    assert_eq!(equivalence(Some(Relation::AtMost), Some(0.1)), ["relation"]);
    assert_eq!(equivalence(None, Some(0.0)), ["margin"]);
    assert_eq!(equivalence(None, None), ["margin"]);
    assert_eq!(equivalence(None, Some(2.0)), ["threshold"]);
    assert!(equivalence(None, Some(0.1)).is_empty());
}

#[test]
fn a_threshold_that_needs_no_evidence_is_refused() {
    assert_eq!(keys(|p| p.threshold = Some(1.01)), ["threshold"]);
    assert_eq!(keys(|p| p.threshold = Some(-0.99)), ["threshold"]);
    assert!(keys(|p| p.threshold = Some(1.0)).is_empty());
    let at_most =
        |threshold| keys(|p| (p.relation, p.threshold) = (Some(Relation::AtMost), Some(threshold)));
    assert_eq!(
        (at_most(0.99), at_most(-1.01)),
        (vec!["threshold".into()], vec!["threshold".into()])
    );
    assert!(at_most(-1.0).is_empty());
}

#[test]
fn a_relative_difference_is_of_amounts_in_two_scenarios() {
    let relative = |change: fn(&mut Property)| {
        keys(|p| {
            (p.kind, p.threshold) = (ClaimKind::Comparison, Some(0.0));
            p.variant = Some(set(&["run.epochs = 9"]));
            p.quantity = Some(toml::from_str("[starvation]").unwrap());
            p.contrast = Contrast::RelativeDifference;
            change(p);
        })
    };
    assert!(relative(|_| ()).is_empty());
    let kendall = toml::from_str("[kendall]\nof = \"pay\"\nagainst = \"useful_work\"").unwrap();
    assert_eq!(keys(|p| p.contrast = Contrast::RelativeDifference), ["contrast", "contrast"]);
    let of_event = |p: &mut Property| {
        (p.event, p.threshold) = (Some(NumberEvent::AtMost(0.5)), Some(0.5));
    };
    assert_eq!(relative(of_event), ["contrast"]);
    assert_eq!(sample::mean().quantity, Some(kendall));
}

#[test]
fn the_asymptotic_method_is_for_what_has_no_range_or_a_wide_one() {
    let asymptotic = |change: fn(&mut Property)| {
        keys(|p| {
            p.method = Some(Method::Asymptotic);
            change(p);
        })
    };
    assert_eq!(asymptotic(|_| ()), ["method"]);
    assert!(asymptotic(|p| p.margin = Some(0.01)).is_empty());
    assert!(asymptotic(|p| p.quantity = Some(toml::from_str("[starvation]").unwrap())).is_empty());
    let of_event = |p: &mut Property| {
        (p.kind, p.event) = (ClaimKind::Probability, Some(NumberEvent::AtMost(0.5)));
    };
    assert_eq!(asymptotic(of_event), ["method"]);
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
    let all = keys(|p| p.kind = ClaimKind::Invariant);
    assert_eq!(all, ["invariant", "quantity", "relation", "threshold", "margin"]);
    let plain = keys(|p| {
        (p.kind, p.invariant) = (ClaimKind::Invariant, Some(Invariant::Causality));
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
