//! A property as scenario files write it: the table `[[property]]`.

use crate::base::math;
use crate::metrics::MetricSpec;
use crate::property::ClaimShape;
use crate::property::Invariant;
use crate::property::MeanClaim;
use crate::property::MinerChoice;
use crate::property::Reduce;
use crate::property::Reducer;
use crate::statistics::Method;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

/// A claim about emissions that `assay check` judges.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Property {
    /// Its name in tables, unique in the file.
    pub(crate) id: String,
    /// The claim, in a sentence.
    pub(crate) claim: String,
    /// Kind of the claim: what is asked of the quantity.
    pub(crate) kind: ClaimKind,
    /// Of kind `invariant`: which invariant is claimed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) invariant: Option<Invariant>,
    /// All other kinds: the metric that is claimed about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) quantity: Option<MetricSpec>,
    /// Over which miners; all when empty.
    #[serde(default)]
    pub(crate) over: MinerChoice,
    /// How a replication becomes one number. Source: ours, the whole window at once.
    #[serde(default)]
    pub(crate) reduce: Reduce,
    /// With `reduce = "share_of_epochs"`: the event that is counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) epoch_event: Option<NumberEvent>,
    /// The event whose probability is claimed: the number counts as 1 when it is so, else as 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) event: Option<NumberEvent>,
    /// Which side of the threshold is claimed; none for an equivalence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) relation: Option<Relation>,
    /// The threshold `t`, in the quantity's unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) threshold: Option<f64>,
    /// The margin `d`: a claim that is false by less than this may PASS, and then says so where it was seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) margin: Option<f64>,
    /// Chance of any wrong FAIL among all properties judged together. Source: ours, the customary twentieth.
    #[serde(default = "level")]
    pub(crate) alpha: f64,
    /// Chance of any wrong PASS among all properties judged together. Source: ours, the customary twentieth.
    #[serde(default = "level")]
    pub(crate) beta: f64,
    /// Replications after which it stays UNDECIDED. Source: ours, minutes of small scenarios.
    #[serde(default = "budget")]
    #[schemars(range(min = 1, max = 1_000_000))]
    pub(crate) max_replications: u32,
    /// The confidence sequence; without one, beta-binomial for events and betting for all else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) method: Option<Method>,
    /// What the scenario is compared with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) variant: Option<Variant>,
    /// With a `variant`: what a pair's number is. Source: ours, the plain difference.
    #[serde(default)]
    #[schemars(extend("x-since" = "0.2.0"))]
    pub(crate) contrast: Contrast,
    /// `fail` for a claim known to be false of the system that ran.
    #[serde(default)]
    pub(crate) expect: Expect,
    /// With `expect = "fail"`: why. Empty takes back what a file that this one extends says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) because: Option<String>,
}

/// Kind of the claim: what is asked of the quantity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ClaimKind {
    /// Exact, in every epoch of every run.
    Invariant,
    /// The mean of a quantity with a finite range.
    Mean,
    /// The probability of an event.
    Probability,
    /// The mean difference to a variant on the same seeds, variant less this scenario.
    Comparison,
    /// The mean (or mean difference, or probability) is within a margin of the threshold.
    Equivalence,
}

impl ClaimKind {
    /// The word in scenario files.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Invariant => "invariant",
            Self::Mean => "mean",
            Self::Probability => "probability",
            Self::Comparison => "comparison",
            Self::Equivalence => "equivalence",
        }
    }
}

impl Relation {
    /// The sign in tables.
    pub(crate) const fn sign(self) -> &'static str {
        match self {
            Self::AtLeast => ">=",
            Self::AtMost => "<=",
        }
    }
}

/// The side of the threshold on which the number is claimed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Relation {
    /// At or above it.
    AtLeast,
    /// At or below it.
    AtMost,
}

/// An event about a number.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum NumberEvent {
    /// The number is this or more.
    AtLeast(f64),
    /// The number is this or less.
    AtMost(f64),
}

impl NumberEvent {
    /// Whether the event happened to this number.
    pub(crate) fn happened(self, number: f64) -> bool {
        match self {
            Self::AtLeast(level) => number >= level,
            Self::AtMost(level) => number <= level,
        }
    }

    /// The number at which it begins.
    pub(crate) const fn level(self) -> f64 {
        match self {
            Self::AtLeast(level) | Self::AtMost(level) => level,
        }
    }
}

/// What a scenario is compared with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Variant {
    /// Another scenario file, relative to this one.
    File(String),
    /// This scenario with other values, each as `--set` takes it: `"router.v001.cap_alpha = 500"`.
    Set(Vec<String>),
}

/// What a pair's number is: `a` the scenario's own, `b` the variant's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Contrast {
    /// The difference `b - a`, in the quantity's unit.
    #[default]
    Difference,
    /// `(b - a) / (b + a)`, between -1 and 1, of a quantity that is nowhere below 0: a loss of 10 % is -0.0526. 0 where
    /// both are 0.
    RelativeDifference,
}

/// The verdict that is expected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Expect {
    /// The claim is true.
    #[default]
    Pass,
    /// The claim is known to be false of the system that ran.
    Fail,
}

/// Source: ours, the customary twentieth.
const LEVEL: f64 = 0.05;
/// Source: ours, minutes of small scenarios.
const BUDGET: u32 = 1000;

fn level() -> f64 {
    LEVEL
}

fn budget() -> u32 {
    BUDGET
}

impl Property {
    /// Whether the verdict has error bounds: all kinds but the invariant.
    pub(crate) fn is_statistical(&self) -> bool {
        self.kind != ClaimKind::Invariant
    }

    /// How many of these properties share error bounds.
    pub(crate) fn statistical_count<'p>(all: impl IntoIterator<Item = &'p Self>) -> u64 {
        all.into_iter().map(|property| u64::from(property.is_statistical())).sum()
    }

    /// What makes one number of a replication's epochs.
    pub(crate) fn reducer(&self) -> Reducer {
        Reducer::new(self.reduce, self.epoch_event)
    }

    /// The range of the number that is averaged; none when it has no finite one.
    pub(crate) fn range(&self) -> Option<(f64, f64)> {
        if self.event.is_some() {
            return Some((0.0, 1.0));
        }
        if self.contrast == Contrast::RelativeDifference {
            return Some((-1.0, 1.0));
        }
        let of_metric = self.quantity.as_ref()?.build().declared().range;
        let (low, high) = self.reduce.range(of_metric)?;
        Some(if self.variant.is_some() { (low - high, high - low) } else { (low, high) })
    }

    /// The confidence sequence that judges the property.
    pub(crate) fn method(&self) -> Method {
        let usual = if self.event.is_some() { Method::BetaBinomial } else { Method::default() };
        self.method.unwrap_or(usual)
    }

    /// What is judged, `together` properties sharing the error bounds; none for an invariant.
    ///
    /// # Panics
    /// When the property has problems: it is checked first.
    pub(crate) fn claim(&self, together: u64) -> Option<MeanClaim> {
        if !self.is_statistical() {
            return None;
        }
        let threshold = self.threshold.expect("checked: a threshold");
        let margin = self.margin.expect("checked: a margin");
        let count = math::float(together.max(1));
        let endless = (f64::NEG_INFINITY, f64::INFINITY);
        let range = self.range().unwrap_or(endless);
        let method = self.method();
        assert!(method == Method::Asymptotic || range.0.is_finite(), "checked: a finite range");
        Some(MeanClaim {
            shape: match self.relation {
                Some(relation) => ClaimShape::Side { relation, threshold, margin },
                None => ClaimShape::Within { threshold, margin },
            },
            event: self.event,
            range,
            method,
            alpha: self.alpha / count,
            beta: self.beta / count,
            max_replications: u64::from(self.max_replications),
        })
    }
}

#[cfg(test)]
pub(super) mod sample {
    use super::*;

    /// A property of the mean without problems.
    pub(crate) fn mean() -> Property {
        toml::from_str(
            r#"
            id = "pay-follows-work"
            claim = "Pay follows useful work."
            kind = "mean"
            quantity = { kendall = { of = "pay", against = "useful_work" } }
            relation = "at_least"
            threshold = 0.5
            margin = 0.05
            "#,
        )
        .unwrap()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_file_leaves_out_has_its_default() {
        let property = sample::mean();
        assert_eq!((property.alpha, property.beta), (0.05, 0.05));
        assert_eq!((property.max_replications, property.expect), (1000, Expect::Pass));
        assert_eq!((property.reduce, property.over.is_all()), (Reduce::Whole, true));
    }

    #[test]
    fn every_kind_reads_and_writes() {
        let text = r#"
            id = "cap"
            claim = "Halving the cap does not lower the class's pay share."
            kind = "comparison"
            quantity = { pay_share = {} }
            over = { classes = ["image"] }
            reduce = "share_of_epochs"
            epoch_event = { at_least = 0.1 }
            relation = "at_least"
            threshold = 0.0
            margin = 0.02
            expect = "fail"
            because = "the cap binds"
            variant = { set = ["router.v001.cap = 250"] }
        "#;
        let property: Property = toml::from_str(text).unwrap();
        let again: Property = toml::from_str(&toml::to_string(&property).unwrap()).unwrap();
        assert_eq!(again, property);
        assert_eq!(property.range(), Some((-1.0, 1.0)));
    }

    #[test]
    fn unknown_keys_and_kinds_are_refused() {
        let text = toml::to_string(&sample::mean()).unwrap();
        assert!(toml::from_str::<Property>(&format!("luck = 1\n{text}")).is_err());
        assert!(toml::from_str::<Property>(&text.replace("\"mean\"", "\"median\"")).is_err());
        assert!(toml::from_str::<Property>(&text.replace("kendall", "kendal")).is_err());
    }

    #[test]
    fn the_levels_are_shared_by_the_statistical_properties() {
        let invariant = Property {
            kind: ClaimKind::Invariant,
            invariant: Some(Invariant::Conservation),
            ..sample::mean()
        };
        let all = [sample::mean(), invariant.clone(), sample::mean()];
        let count = Property::statistical_count(&all);
        assert_eq!(count, 2);
        let claim = all[0].claim(count).unwrap();
        assert_eq!((claim.alpha, claim.beta), (0.025, 0.025));
        assert_eq!(claim.range, (-1.0, 1.0));
        assert_eq!(invariant.claim(count), None);
    }

    #[test]
    fn an_event_is_a_0_or_1() {
        let mut property = sample::mean();
        property.quantity = Some(toml::from_str("[starvation]").unwrap());
        assert_eq!(property.range(), None);
        property.event = Some(NumberEvent::AtMost(3600.0));
        assert_eq!(property.range(), Some((0.0, 1.0)));
        assert_eq!(property.claim(1).unwrap().method, Method::BetaBinomial);
        assert_eq!(
            property.reducer().number(),
            crate::metrics::Measured::Undefined("no epoch after warm-up")
        );
        assert!(
            NumberEvent::AtMost(3600.0).happened(3600.0)
                && !NumberEvent::AtLeast(0.5).happened(0.4)
        );
    }
}
