//! Checks of a property beyond its schema: keys that its kind needs or excludes, and combinations that cannot be judged.

use crate::base::family::MemberProblem;
use crate::property::ClaimKind;
use crate::property::Contrast;
use crate::property::Expect;
use crate::property::NumberEvent;
use crate::property::Property;
use crate::property::Reduce;
use crate::property::Relation;
use crate::property::Variant;
use crate::statistics::Method;
use std::collections::BTreeSet;

/// Most replications of one property. Source: ours, the limit of `[run]`.
const BUDGET_MAX: u32 = 1_000_000;
/// A range of more margins than this may be judged asymptotically. Source: spec/theory.md 1.5.
const RANGE_WIDE: f64 = 50.0;

/// Problems of all properties of a file; keys begin with the property's place in it.
pub(crate) fn check_all(all: &[Property]) -> Vec<MemberProblem> {
    let mut problems = Vec::new();
    let mut seen = BTreeSet::new();
    for (place, property) in all.iter().enumerate() {
        let mut own = property.check();
        if !seen.insert(&property.id) {
            own.push(MemberProblem::new("id", &property.id, "an id that no other property has"));
        }
        problems.extend(own.into_iter().map(|problem| problem.under(&place.to_string())));
    }
    problems
}

impl Property {
    /// What its author should mend; empty when all is well. Names of miners and variants are the scenario's concern.
    pub(crate) fn check(&self) -> Vec<MemberProblem> {
        let mut problems = self.words();
        if self.kind == ClaimKind::Invariant {
            problems.extend(self.invariant_fields());
            return problems;
        }
        problems.extend(self.levels());
        problems.extend(self.fields());
        problems.extend(self.contrast_fields());
        problems.extend(self.quantity_fields());
        problems.extend(self.threshold_fields());
        problems
    }

    fn words(&self) -> Vec<MemberProblem> {
        let mut problems = Vec::new();
        let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if self.id.is_empty() || !self.id.chars().all(is_plain) {
            problems.push(MemberProblem::new("id", &self.id, "lower-case letters, digits and -"));
        }
        if self.claim.trim().is_empty() {
            problems.push(MemberProblem::new("claim", &self.claim, "a sentence"));
        }
        let has_reason = self.because.as_ref().is_some_and(|because| !because.trim().is_empty());
        match self.expect {
            Expect::Fail if !has_reason => problems.push(MemberProblem::new(
                "because",
                self.because.as_deref().unwrap_or("missing"),
                "why the claim is false, as expect = \"fail\" says",
            )),
            Expect::Pass if has_reason => problems.push(MemberProblem::new(
                "because",
                self.because.as_deref().unwrap_or_default(),
                "only with expect = \"fail\"",
            )),
            Expect::Pass | Expect::Fail => {}
        }
        problems
    }

    fn invariant_fields(&self) -> Vec<MemberProblem> {
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
                ("contrast", self.contrast != Contrast::Difference),
            ],
            "not for an invariant: it is exact",
        ));
        problems
    }

    fn levels(&self) -> Vec<MemberProblem> {
        let mut problems = Vec::new();
        for (key, level) in [("alpha", self.alpha), ("beta", self.beta)] {
            if !(level > 0.0 && level < 1.0) {
                problems.push(MemberProblem::new(key, level, "above 0 and below 1"));
            }
        }
        if !(1..=BUDGET_MAX).contains(&self.max_replications) {
            let found = self.max_replications;
            problems.push(MemberProblem::new("max_replications", found, "1..=1_000_000"));
        }
        problems
    }

    fn fields(&self) -> Vec<MemberProblem> {
        let is_equivalence = self.kind == ClaimKind::Equivalence;
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
            ClaimKind::Mean => problems.extend(surplus(
                &[("event", self.event.is_some())],
                "only kind probability, comparison or equivalence",
            )),
            ClaimKind::Probability => problems.extend(missing(
                &[("event", self.event.is_some())],
                "the event whose probability is claimed: { at_least = x } or { at_most = x }",
            )),
            ClaimKind::Comparison => problems.extend(missing(
                &[("variant", self.variant.is_some())],
                "what to compare with: { file = \"other.toml\" } or { set = [\"key = value\"] }",
            )),
            ClaimKind::Equivalence | ClaimKind::Invariant => {}
        }
        if matches!(self.kind, ClaimKind::Mean | ClaimKind::Probability) {
            let why = "only kind comparison or equivalence";
            problems.extend(surplus(&[("variant", self.variant.is_some())], why));
        }
        let is_empty = match &self.variant {
            Some(Variant::Set(changes)) => changes.iter().all(|change| change.trim().is_empty()),
            Some(Variant::File(name)) => name.trim().is_empty(),
            None => false,
        };
        if is_empty {
            problems.push(MemberProblem::new(
                "variant",
                "empty",
                "a change: a comparison with itself",
            ));
        }
        problems
    }

    fn quantity_fields(&self) -> Vec<MemberProblem> {
        let Some(quantity) = &self.quantity else { return Vec::new() };
        let mut problems: Vec<MemberProblem> =
            quantity.check().into_iter().map(|problem| problem.under("quantity")).collect();
        let is_asymptotic = self.method == Some(Method::Asymptotic);
        if problems.is_empty() && self.range().is_none() && !is_asymptotic {
            let label = quantity.build().declared().label;
            problems.push(MemberProblem::new(
                "quantity",
                label,
                "a metric with a finite range; claim this one through an event and its probability, by \
                 contrast = \"relative_difference\", or with method = \"asymptotic\"",
            ));
        }
        let counted = [("epoch_event", self.epoch_event.is_some())];
        problems.extend(if self.reduce == Reduce::ShareOfEpochs {
            missing(&counted, "the event counted: { at_least = x } or { at_most = x }")
        } else {
            surplus(&counted, "only with reduce = \"share_of_epochs\"")
        });
        for (key, event) in [("event", self.event), ("epoch_event", self.epoch_event)] {
            if let Some(level) = event.map(NumberEvent::level).filter(|level| !level.is_finite()) {
                problems.push(MemberProblem::new(key, level, "a finite number"));
            }
        }
        problems.extend(self.method_fields());
        problems
    }

    fn method_fields(&self) -> Vec<MemberProblem> {
        let mut problems = Vec::new();
        match self.method {
            Some(Method::BetaBinomial) if self.event.is_none() => {
                problems.push(MemberProblem::new("method", "beta_binomial", "only with an event"));
            }
            Some(Method::Asymptotic) if self.event.is_some() => {
                let allowed = "never with an event: nothing asymptotic holds for 0 and 1";
                problems.push(MemberProblem::new("method", "asymptotic", allowed));
            }
            Some(Method::Asymptotic) => {
                let margin = self.margin.unwrap_or(0.0);
                let is_wide = self.range().is_none_or(|(a, b)| b - a > RANGE_WIDE * margin);
                if !is_wide {
                    let allowed = "only where the range is not declared or above 50 margins; bounds \
                                   that hold at every count are to be had here";
                    problems.push(MemberProblem::new("method", "asymptotic", allowed));
                }
            }
            _ => {}
        }
        problems
    }

    /// A relative difference is one of amounts in two scenarios.
    fn contrast_fields(&self) -> Vec<MemberProblem> {
        if self.contrast != Contrast::RelativeDifference {
            return Vec::new();
        }
        let mut problems = Vec::new();
        let found = "relative_difference";
        if self.variant.is_none() {
            problems.push(MemberProblem::new("contrast", found, "only with a variant"));
        }
        if self.event.is_some() {
            problems.push(MemberProblem::new("contrast", found, "not with an event: it is 0 or 1"));
        }
        let range = self.quantity.as_ref().and_then(|quantity| quantity.build().declared().range);
        if range.is_some_and(|(low, _)| low < 0.0) && self.reduce != Reduce::ShareOfEpochs {
            let allowed = "only for a quantity that is nowhere below 0";
            problems.push(MemberProblem::new("contrast", found, allowed));
        }
        problems
    }

    fn threshold_fields(&self) -> Vec<MemberProblem> {
        let (Some(threshold), Some(margin)) = (self.threshold, self.margin) else {
            return Vec::new();
        };
        if !threshold.is_finite() {
            return vec![MemberProblem::new("threshold", threshold, "a finite number")];
        }
        let needs_margin = matches!(self.kind, ClaimKind::Comparison | ClaimKind::Equivalence);
        if !(margin.is_finite() && margin >= 0.0 && (margin > 0.0 || !needs_margin)) {
            let allowed = if needs_margin {
                "above 0: two variants may be exactly equal, which no number of runs can show"
            } else {
                "a number of at least 0"
            };
            return vec![MemberProblem::new("margin", margin, allowed)];
        }
        let Some((low, high)) = self.range() else { return Vec::new() };
        let (from, to) = (threshold - margin, threshold + margin);
        // Outside, one of the two verdicts would need no evidence at all.
        let (is_inside, words) = match self.relation {
            Some(Relation::AtLeast) => {
                (from >= low && threshold <= high, "threshold - margin and threshold")
            }
            Some(Relation::AtMost) => {
                (threshold >= low && to <= high, "threshold and threshold + margin")
            }
            None => {
                let is_told = from > low || to < high;
                (threshold >= low && threshold <= high && is_told, "threshold and one margin of it")
            }
        };
        if is_inside {
            return Vec::new();
        }
        let allowed = format!("{words} inside {low}..={high}");
        vec![MemberProblem::new("threshold", format!("{threshold} with margin {margin}"), &allowed)]
    }
}

fn missing(keys: &[(&str, bool)], allowed: &str) -> Vec<MemberProblem> {
    let absent = keys.iter().filter(|(_, is_there)| !is_there);
    absent.map(|(key, _)| MemberProblem::new(key, "missing", allowed)).collect()
}

fn surplus(keys: &[(&str, bool)], allowed: &str) -> Vec<MemberProblem> {
    let present = keys.iter().filter(|(_, is_there)| *is_there);
    present.map(|(key, _)| MemberProblem::new(key, "given", allowed)).collect()
}

#[cfg(test)]
mod tests;
