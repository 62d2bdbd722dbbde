//! A verdict with all that a reader needs beside it: a row of `verdicts.json`, of a table, of `JUnit`.

use crate::property::Bound;
use crate::property::Event;
use crate::property::Expect;
use crate::property::Invariant;
use crate::property::Property;
use crate::property::Reduce;
use crate::property::Status;
use crate::property::Verdict;
use crate::report::command::alone;
use crate::scenario::Scenario;
use crate::statistics::Pairs;
use crate::study::Case;
use crate::study::Checked;
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
    /// The threshold.
    pub threshold: Option<f64>,
    /// The margin.
    pub margin: Option<f64>,
    /// `PASS`, `FAIL` or `UNDECIDED`.
    pub status: Status,
    /// Whether that was expected; none when nothing was decided.
    pub as_expected: Option<bool>,
    /// With `expect = "fail"`: why the claim is false.
    pub because: Option<String>,
    /// Mean of the numbers.
    pub estimate: Option<f64>,
    /// The lower bound that decided, or would have to.
    pub lower: Option<Bound>,
    /// The upper one.
    pub upper: Option<Bound>,
    /// Method of the bounds.
    pub method: &'static str,
    /// Replications used.
    pub runs: u64,
    /// Replications in which the quantity had no value.
    pub undefined: u64,
    /// Why, in words.
    pub reason: String,
    /// The replication that speaks most against the claim.
    pub worst_replication: Option<u64>,
    /// The command that runs it again by itself.
    pub worst_command: Option<String>,
    /// Correlation of the pairs of a comparison.
    pub correlation: Option<f64>,
    /// Variance of unpaired differences over that of the pairs.
    pub variance_ratio: Option<f64>,
    /// The word in tables.
    #[serde(skip)]
    pub label: String,
}

impl Judged {
    /// The verdicts on a scenario's properties; invariants that it does not list come first. `command` runs it.
    pub(crate) fn all(
        scenario: &Scenario,
        cases: &[Case],
        checked: &Checked,
        command: &str,
    ) -> Vec<Self> {
        let listed: Vec<_> = cases.iter().filter_map(|case| case.property.invariant).collect();
        let unlisted = checked.invariants.iter().filter(|(one, _)| !listed.contains(one));
        let mut all: Vec<Self> = unlisted
            .map(|(invariant, verdict)| Self::of_invariant(*invariant, verdict, scenario, command))
            .collect();
        for ((case, verdict), pairs) in cases.iter().zip(&checked.verdicts).zip(&checked.pairs) {
            all.push(Self::of(&case.property, verdict, pairs.as_ref(), scenario, command));
        }
        all
    }

    /// The verdicts on the invariants of a plain run.
    pub(crate) fn of_study(scenario: &Scenario, study: &Study, command: &str) -> Vec<Self> {
        let runs = u64::try_from(study.replications.len()).expect("a length fits 64 bits");
        let first = scenario.run.first_replication;
        let each = study.invariants.iter().map(|(invariant, broken)| {
            let broken = broken.as_ref().map(|(number, broken)| (number - first, broken));
            let verdict = Verdict::of_invariant(runs, broken);
            Self::of_invariant(*invariant, &verdict, scenario, command)
        });
        each.collect()
    }

    /// Whether the estimate's bound is worth a decimal: the interval in words.
    #[must_use]
    pub fn interval(&self) -> String {
        let Self { lower, upper, .. } = self;
        match (lower, upper) {
            (Some(low), Some(high)) => format!("{:.4} .. {:.4}", low.value, high.value),
            (Some(low), None) => format!(">= {:.4}", low.value),
            (None, Some(high)) => format!("<= {:.4}", high.value),
            (None, None) => String::new(),
        }
    }

    fn of_invariant(
        invariant: Invariant,
        verdict: &Verdict,
        scenario: &Scenario,
        command: &str,
    ) -> Self {
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
            status: verdict.status,
            as_expected: None,
            estimate: None,
            lower: None,
            upper: None,
            method: "",
            runs: 0,
            undefined: 0,
            reason: String::new(),
            worst_replication: None,
            worst_command: None,
            label: String::new(),
        };
        plain.with(verdict, Expect::Pass, scenario, command)
    }

    fn of(
        property: &Property,
        verdict: &Verdict,
        pairs: Option<&Pairs>,
        scenario: &Scenario,
        command: &str,
    ) -> Self {
        let declared = property.quantity.as_ref().map(|quantity| quantity.build().declared());
        let relation = property.relation.map_or("=", |relation| relation.sign());
        let is_exact = property.invariant.is_some();
        let words = Self::of_invariant(Invariant::Conservation, verdict, scenario, command);
        let own = Self {
            id: property.id.clone(),
            claim: property.claim.clone(),
            kind: property.kind.name(),
            quantity: declared.as_ref().map(|d| quantity(property, &d.label)).unwrap_or_default(),
            unit: match (declared, property.event) {
                (Some(declared), None) => declared.unit.to_string(),
                (Some(_), Some(_)) => "1".to_string(),
                (None, _) => String::new(),
            },
            relation: if is_exact { "" } else { relation },
            threshold: property.threshold,
            margin: property.margin,
            because: property.because.clone().filter(|because| !because.is_empty()),
            correlation: pairs.and_then(Pairs::correlation),
            variance_ratio: pairs.and_then(Pairs::variance_ratio),
            ..words
        };
        own.with(verdict, property.expect, scenario, command)
    }

    fn with(
        mut self,
        verdict: &Verdict,
        expect: Expect,
        scenario: &Scenario,
        command: &str,
    ) -> Self {
        self.status = verdict.status;
        self.as_expected = verdict.as_expected(expect);
        self.label = verdict.label(expect);
        (self.estimate, self.lower, self.upper) = (verdict.estimate, verdict.lower, verdict.upper);
        (self.method, self.runs) = (verdict.method, verdict.runs);
        (self.undefined, self.reason) = (verdict.undefined, verdict.reason.clone());
        let is_against = verdict.status == Status::Fail;
        let worst = verdict.worst.filter(|_| is_against);
        self.worst_replication = worst.map(|index| scenario.run.first_replication + index);
        self.worst_command = self.worst_replication.map(|number| alone(command, number));
        self
    }
}

/// What is averaged over replications, in words: the metric, how epochs are reduced, the event, the difference.
fn quantity(property: &Property, metric: &str) -> String {
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
    if property.variant.is_some() { format!("change of {happened}") } else { happened }
}

fn said(event: Event) -> String {
    match event {
        Event::AtLeast(level) => format!(">= {level}"),
        Event::AtMost(level) => format!("<= {level}"),
    }
}
