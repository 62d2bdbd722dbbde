//! Which claims are claims of fairness: those that hold where pay follows what it should, and fail where it does not.

use crate::metrics::Fair;
use crate::property::Property;
use crate::property::table::ClaimKind;
use crate::property::table::NumberEvent;
use crate::property::table::Relation;

impl Property {
    /// Whether it claims that pay is fair: of a metric that sets pay beside what it should follow, on the side where that is
    /// fair. A claim on a change from one scenario to another says nothing of how fair either is.
    pub(crate) fn claims_fairness(&self) -> bool {
        let fair = self.quantity.as_ref().and_then(|spec| spec.build().fair());
        let (Some(fair), None) = (fair, &self.variant) else { return false };
        let threshold = self.threshold.unwrap_or(0.0);
        if let Some(event) = self.event {
            // A probability of at least so much claims the event, one of at most so much what is no event.
            return match self.relation {
                Some(Relation::AtLeast) => is_fair(fair, FairnessSide::of(event)),
                Some(Relation::AtMost) => is_fair(fair, FairnessSide::of(event).other()),
                None => false,
            };
        }
        match (self.relation, self.kind) {
            (Some(Relation::AtLeast), _) => is_fair(fair, FairnessSide::Above(threshold)),
            (Some(Relation::AtMost), _) => is_fair(fair, FairnessSide::Below(threshold)),
            (None, ClaimKind::Equivalence) => fair == Fair::Zero && threshold.abs() <= 0.0,
            (None, _) => false,
        }
    }
}

/// On which side of a number a value is claimed to be.
#[derive(Clone, Copy, Debug, PartialEq)]
enum FairnessSide {
    Above(f64),
    Below(f64),
}

impl FairnessSide {
    const fn of(event: NumberEvent) -> Self {
        match event {
            NumberEvent::AtLeast(level) => Self::Above(level),
            NumberEvent::AtMost(level) => Self::Below(level),
        }
    }

    const fn other(self) -> Self {
        match self {
            Self::Above(level) => Self::Below(level),
            Self::Below(level) => Self::Above(level),
        }
    }
}

/// Whether a value on this side is fairer than one on the other.
fn is_fair(fair: Fair, side: FairnessSide) -> bool {
    match (fair, side) {
        (Fair::Low, FairnessSide::Below(_)) | (Fair::High, FairnessSide::Above(_)) => true,
        (Fair::Low, FairnessSide::Above(_)) | (Fair::High, FairnessSide::Below(_)) => false,
        // Paid too much by no more than this, or too little by no more.
        (Fair::Zero, FairnessSide::Below(level)) => level >= 0.0,
        (Fair::Zero, FairnessSide::Above(level)) => level <= 0.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claims(text: &str) -> bool {
        let whole = format!("id = \"p\"\nclaim = \"c\"\nmargin = 0.1\n{text}");
        toml::from_str::<Property>(&whole).unwrap().claims_fairness()
    }

    fn of(quantity: &str, relation: &str, threshold: f64) -> bool {
        claims(&format!(
            "kind = \"mean\"\nquantity = {quantity}\nrelation = \"{relation}\"\nthreshold = {threshold:?}\n"
        ))
    }

    #[test]
    fn a_claim_of_fairness_names_its_metric_and_its_fair_side() {
        let kendall = "{ kendall = { of = \"pay\", against = \"useful_work\" } }";
        assert!(of(kendall, "at_least", 0.5));
        assert!(!of(kendall, "at_most", 0.5), "it claims that pay does not follow work");
        assert!(!of("{ kendall = { of = \"pay\", against = \"stake\" } }", "at_least", 0.5));
        assert!(of("{ deviation = {} }", "at_most", 0.2));
        assert!(of("{ pay_share_gap = {} }", "at_most", 0.05));
        assert!(
            !of("{ pay_share_gap = {} }", "at_least", 0.05),
            "it claims that they are paid too much"
        );
        for nothing in ["{ burned_share = {} }", "{ pay_share = {} }", "{ gini = {} }"] {
            assert!(!of(nothing, "at_most", 0.5), "{nothing}");
        }
    }

    #[test]
    fn events_equivalences_and_variants_are_told_apart() {
        let event = |relation: &str, event: &str| {
            claims(&format!(
                "kind = \"probability\"\nquantity = {{ deviation = {{}} }}\nevent = {{ {event} = 0.1 }}\n\
                 relation = \"{relation}\"\nthreshold = 0.9\n"
            ))
        };
        assert!(event("at_least", "at_most") && event("at_most", "at_least"));
        assert!(!event("at_least", "at_least") && !event("at_most", "at_most"));
        let equal = |threshold: f64| {
            claims(&format!(
                "kind = \"equivalence\"\nquantity = {{ pay_share_gap = {{}} }}\nthreshold = {threshold:?}\n"
            ))
        };
        assert!(equal(0.0) && !equal(0.2));
        let change = "kind = \"comparison\"\nquantity = { deviation = {} }\nvariant = { set = [\"run.epochs=2\"] }\n\
            relation = \"at_most\"\nthreshold = 0.0\n";
        assert!(!claims(change));
    }
}
