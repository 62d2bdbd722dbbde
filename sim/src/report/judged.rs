//! A verdict with all that a reader needs beside it: a row of `verdicts.json`, of a table, of `JUnit`.

use crate::property::ConfidenceBound;
use crate::property::Contrast;
use crate::property::Expect;
use crate::property::Invariant;
use crate::property::MeanClaim;
use crate::property::NumberEvent;
use crate::property::Property;
use crate::property::Reduce;
use crate::property::Verdict;
use crate::property::VerdictStatus;
use crate::report::command::alone;
use crate::study::CheckedClaims;
use crate::study::Paired;
use crate::study::PropertyCase;
use crate::study::Study;
use serde::Serialize;

/// A claim and the verdict on it.
#[derive(Clone, Debug, Serialize)]
pub struct Judged {
    /// Name of the property.
    pub id: String,
    /// The claim, in a sentence.
    pub claim: String,
    /// Kind of claim: `invariant`, `mean`, `probability`, `comparison`, `equivalence`.
    pub kind: &'static str,
    /// The metric claimed about; empty for an invariant.
    pub quantity: String,
    /// Unit of estimate, bounds, threshold and margin.
    pub unit: String,
    /// `>=`, `<=`, or `=` for an equivalence; empty for an invariant.
    pub relation: &'static str,
    /// Threshold of the claim, in the quantity's unit; none of an invariant.
    pub threshold: Option<f64>,
    /// Margin of the claim, in the quantity's unit; none of an invariant.
    pub margin: Option<f64>,
    /// `PASS`, `FAIL` or `UNDECIDED`.
    pub status: VerdictStatus,
    /// What exactly a verdict on a claim with a margin says: `up to the margin` (false by the margin or more it is not),
    /// `within the margin` (false, by less), `refuted` (false by the margin or more), `refuted, margin undecided`.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub finding: &'static str,
    /// Whether that was expected; none when nothing was decided.
    pub as_expected: Option<bool>,
    /// With `expect = "fail"`: why the claim is false.
    pub because: Option<String>,
    /// Mean of the numbers.
    pub estimate: Option<f64>,
    /// The lower bound that decided, or would have to.
    pub lower: Option<ConfidenceBound>,
    /// Upper end of the confidence sequence.
    pub upper: Option<ConfidenceBound>,
    /// Method of the bounds.
    pub method: &'static str,
    /// The fewest replications after which any data could PASS.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub runs_floor: Option<u64>,
    /// Replications to a PASS with every number at the threshold; none where that decides nothing or nobody can know.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub runs_at_threshold: Option<u64>,
    /// Replications used; with a ledger, of all its nights.
    pub runs: u64,
    /// Replications in which the quantity had no value.
    pub undefined: u64,
    /// Why the verdict is what it is, in words.
    pub reason: String,
    /// The replication that speaks most against the claim.
    pub worst_replication: Option<u64>,
    /// The command that runs it again by itself.
    pub worst_command: Option<String>,
    /// Correlation of the pairs of a comparison.
    pub correlation: Option<f64>,
    /// Variance of unpaired differences over that of the pairs.
    pub variance_ratio: Option<f64>,
    /// Of a mean of relative differences: the relative difference of the means, which is another number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub relative_of_means: Option<f64>,
    /// The pairs in which both amounts were 0, so that their relative difference counted as 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pairs_both_zero: Option<u64>,
    /// The word in tables.
    #[serde(skip)]
    pub label: String,
}

impl Judged {
    /// The verdicts on a scenario's properties; invariants that it does not list come first. `command` runs it.
    pub(crate) fn all(cases: &[PropertyCase], checked: &CheckedClaims, command: &str) -> Vec<Self> {
        let listed: Vec<_> = cases.iter().filter_map(|case| case.property.invariant).collect();
        let unlisted = checked.invariants.iter().filter(|(one, _)| !listed.contains(one));
        let mut all: Vec<Self> = unlisted
            .map(|(invariant, verdict)| Self::of_invariant(*invariant, verdict, command))
            .collect();
        for ((case, verdict), pairs) in cases.iter().zip(&checked.verdicts).zip(&checked.pairs) {
            all.push(Self::of(case, verdict, pairs.as_ref(), command));
        }
        all
    }

    /// The verdicts on the invariants of a plain run.
    pub(crate) fn of_study(study: &Study, command: &str) -> Vec<Self> {
        let runs = u64::try_from(study.replications.len()).expect("a length fits 64 bits");
        let each = study.invariants.iter().map(|(invariant, broken)| {
            let broken = broken.as_ref().map(|(number, broken)| (*number, broken));
            let verdict = Verdict::of_invariant(runs, broken);
            Self::of_invariant(*invariant, &verdict, command)
        });
        each.collect()
    }

    /// The bounds that decided, or would have to, each with the chance that it is ever wrong.
    #[must_use]
    pub fn bounds(&self) -> String {
        let said = |sign: &str, bound: ConfidenceBound| {
            format!("{sign} {:.4} (wrong {})", bound.value, chance(bound.level))
        };
        let both = [self.lower.map(|low| said(">=", low)), self.upper.map(|high| said("<=", high))];
        both.into_iter().flatten().collect::<Vec<_>>().join(", ")
    }

    fn of_invariant(invariant: Invariant, verdict: &Verdict, command: &str) -> Self {
        let plain = Self {
            id: invariant.name().replace('_', "-"),
            claim: invariant.about().to_string(),
            kind: "invariant",
            quantity: String::new(),
            unit: String::new(),
            relation: "",
            threshold: None,
            margin: None,
            because: None,
            correlation: None,
            variance_ratio: None,
            relative_of_means: None,
            pairs_both_zero: None,
            status: verdict.status,
            finding: "",
            as_expected: None,
            estimate: None,
            lower: None,
            upper: None,
            method: "",
            runs_floor: None,
            runs_at_threshold: None,
            runs: 0,
            undefined: 0,
            reason: String::new(),
            worst_replication: None,
            worst_command: None,
            label: String::new(),
        };
        plain.with(verdict, Expect::Pass, command)
    }

    fn of(case: &PropertyCase, verdict: &Verdict, pairs: Option<&Paired>, command: &str) -> Self {
        let property = &case.property;
        let declared = property.quantity.as_ref().map(|quantity| quantity.build().declared());
        let relation = property.relation.map_or("=", |relation| relation.sign());
        let need = case.claim.as_ref().map(MeanClaim::need);
        let words = Self::of_invariant(Invariant::Conservation, verdict, command);
        let is_pure = property.event.is_some() || property.contrast != Contrast::Difference;
        let relative = pairs.and_then(|pairs| pairs.relative);
        let own = Self {
            id: property.id.clone(),
            claim: property.claim.clone(),
            kind: property.kind.name(),
            quantity: declared.as_ref().map(|d| quantity(property, &d.label)).unwrap_or_default(),
            unit: match declared {
                Some(declared) if !is_pure => declared.unit.to_string(),
                Some(_) => "1".to_string(),
                None => String::new(),
            },
            relation: if property.is_statistical() { relation } else { "" },
            threshold: property.threshold,
            margin: property.margin,
            because: property.because.clone().filter(|because| !because.is_empty()),
            correlation: pairs.and_then(|pairs| pairs.plain.correlation()),
            variance_ratio: pairs.and_then(|pairs| pairs.plain.variance_ratio()),
            relative_of_means: relative.and_then(|pairs| pairs.of_means()),
            pairs_both_zero: relative.map(|pairs| pairs.both_zero()),
            runs_floor: need.as_ref().and_then(|need| need.floor),
            runs_at_threshold: need.as_ref().and_then(|need| need.at_threshold),
            ..words
        };
        own.with(verdict, property.expect, command)
    }

    fn with(mut self, verdict: &Verdict, expect: Expect, command: &str) -> Self {
        (self.status, self.finding) = (verdict.status, verdict.words());
        self.as_expected = verdict.as_expected(expect);
        self.label = verdict.label(expect);
        (self.estimate, self.lower, self.upper) = (verdict.estimate, verdict.lower, verdict.upper);
        (self.method, self.runs) = (verdict.method, verdict.runs);
        (self.undefined, self.reason) = (verdict.undefined, verdict.reason.clone());
        let is_against = verdict.status == VerdictStatus::Fail;
        self.worst_replication = verdict.worst.filter(|_| is_against);
        self.worst_command = self.worst_replication.map(|number| alone(command, number));
        self
    }
}

/// A chance in words: `at most 0.45 %`.
fn chance(level: f64) -> String {
    const PERCENT: f64 = 100.0;
    let percent: f64 = format!("{:.1e}", level * PERCENT).parse().unwrap_or(level * PERCENT);
    format!("at most {percent} %")
}

/// What is averaged over replications, in words: the metric, how epochs are reduced, the event, the difference.
pub(crate) fn quantity(property: &Property, metric: &str) -> String {
    let reduced = match property.reduce {
        Reduce::Whole => metric.to_string(),
        Reduce::Mean => format!("mean of {metric} by epoch"),
        Reduce::Min => format!("min of {metric} by epoch"),
        Reduce::Max => format!("max of {metric} by epoch"),
        Reduce::Last => format!("{metric} in the last epoch"),
        Reduce::ShareOfEpochs => match property.epoch_event {
            Some(event) => format!("share of epochs with {metric} {}", said(event)),
            None => metric.to_string(),
        },
    };
    let happened = match property.event {
        Some(event) => format!("P({reduced} {})", said(event)),
        None => reduced,
    };
    match (&property.variant, property.contrast) {
        (None, _) => happened,
        (Some(_), Contrast::Difference) => format!("change of {happened}"),
        (Some(_), Contrast::RelativeDifference) => format!("relative change of {happened}"),
    }
}

fn said(event: NumberEvent) -> String {
    match event {
        NumberEvent::AtLeast(level) => format!(">= {level}"),
        NumberEvent::AtMost(level) => format!("<= {level}"),
    }
}
