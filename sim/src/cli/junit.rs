//! Verdicts as `JUnit` XML: a suite a scenario, a case a property.
//!
//! A verdict that is not as expected is a failure, an undecided one an error; an expected FAIL is a success that says so.

use crate::simulation::Judged;
use crate::simulation::Status;
use crate::simulation::Verdicts;
use quick_junit::NonSuccessKind;
use quick_junit::Report;
use quick_junit::TestCase;
use quick_junit::TestCaseStatus;
use quick_junit::TestSuite;

/// The XML text.
pub(super) fn text(suites: &[Verdicts]) -> String {
    let mut report = Report::new("assay check");
    for suite in suites {
        let mut own = TestSuite::new(suite.name());
        own.add_property(("seed", suite.seed().to_string().as_str()));
        own.add_property(("judged_together", suite.judged_together().to_string().as_str()));
        for judged in suite.all() {
            own.add_test_case(case(suite, judged));
        }
        report.add_test_suite(own);
    }
    report.to_string().expect("names and figures are XML text")
}

fn case(suite: &Verdicts, judged: &Judged) -> TestCase {
    let mut status = match (judged.status, judged.as_expected) {
        (Status::Undecided, _) | (_, None) => TestCaseStatus::non_success(NonSuccessKind::Error),
        (_, Some(false)) => TestCaseStatus::non_success(NonSuccessKind::Failure),
        (_, Some(true)) => TestCaseStatus::success(),
    };
    if judged.as_expected != Some(true) {
        status.set_type(judged.status.name());
        status.set_message(format!("{}: {}", judged.label, judged.claim));
        let mut lines = vec![judged.reason.clone()];
        lines.extend(judged.worst_command.iter().map(|command| format!("worst: {command}")));
        status.set_description(lines.join("\n"));
    }
    let mut case = TestCase::new(judged.id.as_str(), status);
    case.set_classname(suite.name());
    let lines = [
        format!("{}: {}", judged.label, judged.claim),
        told(judged),
        judged.because.clone().unwrap_or_default(),
    ];
    case.set_system_out(lines.join("\n"));
    case
}

/// The estimate and the bounds that decided, the claim's threshold and margin, as the table has them.
fn told(judged: &Judged) -> String {
    let part = |word: &str, figure: Option<f64>| figure.map(|x| format!("{word} {x:.4}"));
    let threshold = judged.threshold.map(|t| format!("claimed {} {t}", judged.relation));
    let margin = judged.margin.map(|d| format!("margin {d}"));
    let bounds = Some(judged.bounds()).filter(|bounds| !bounds.is_empty());
    let parts = [part("estimate", judged.estimate), bounds, threshold, margin];
    let told: Vec<String> = parts.into_iter().flatten().collect();
    format!("{}{}{}", told.join(", "), if told.is_empty() { "" } else { ": " }, judged.reason)
}
