//! Verdicts as `JUnit` XML: a suite a scenario, a case a property.
//!
//! A verdict that is not as expected is a failure, an undecided one an error; an expected FAIL is a success that says so.
//! The text is what the schemas of Jenkins and `JUnit` accept. The properties of a suite are judged on the same runs: a case's
//! time is its part of the suite's.

use crate::simulation::Judged;
use crate::simulation::VerdictStatus;
use crate::simulation::Verdicts;
use quick_junit::NonSuccessKind;
use quick_junit::Report;
use quick_junit::TestCase;
use quick_junit::TestCaseStatus;
use quick_junit::TestSuite;
use std::time::Duration;

/// The XML text of suites and the time that each took.
pub(super) fn text(suites: &[(Verdicts, Duration)]) -> String {
    let mut report = Report::new("assay check");
    report.set_time(suites.iter().map(|(_, took)| *took).sum());
    for (suite, took) in suites {
        let mut own = TestSuite::new(plain(suite.name()));
        own.set_time(*took);
        own.add_property(("seed", suite.seed().to_string().as_str()));
        own.add_property(("judged_together", suite.judged_together().to_string().as_str()));
        let count = u32::try_from(suite.all().len()).unwrap_or(u32::MAX).max(1);
        for judged in suite.all() {
            let mut case = case(suite, judged);
            case.set_time(*took / count);
            own.add_test_case(case);
        }
        report.add_test_suite(own);
    }
    without_skipped(&report.to_string().expect("names and figures are XML text"))
}

/// The text without the number of skipped cases at its root: no schema has it there, and none was skipped.
fn without_skipped(xml: &str) -> String {
    let root = xml.find("<testsuites").unwrap_or(0);
    let end = xml[root..].find('>').map_or(root, |place| root + place);
    let (head, rest) = (&xml[..end], &xml[end..]);
    format!("{}{rest}", head.replacen(" skipped=\"0\"", "", 1))
}

/// The text without the two signs that XML has no place for, beside those that its writer leaves out.
fn plain(text: &str) -> String {
    text.chars().filter(|c| !matches!(c, '\u{fffe}' | '\u{ffff}')).collect()
}

fn case(suite: &Verdicts, judged: &Judged) -> TestCase {
    let mut status = match (judged.status, judged.as_expected) {
        (VerdictStatus::Undecided, _) | (_, None) => {
            TestCaseStatus::non_success(NonSuccessKind::Error)
        }
        (_, Some(false)) => TestCaseStatus::non_success(NonSuccessKind::Failure),
        (_, Some(true)) => TestCaseStatus::success(),
    };
    if judged.as_expected != Some(true) {
        status.set_type(judged.status.name());
        status.set_message(plain(&format!("{}: {}", judged.label, judged.claim)));
        let mut lines = vec![judged.reason.clone()];
        lines.extend(judged.worst_command.iter().map(|command| format!("worst: {command}")));
        status.set_description(plain(&lines.join("\n")));
    }
    let mut case = TestCase::new(plain(&judged.id), status);
    case.set_classname(plain(suite.name()));
    let lines = [
        format!("{}: {}", judged.label, judged.claim),
        told(judged),
        judged.because.clone().unwrap_or_default(),
    ];
    let lines: Vec<&str> = lines.iter().map(String::as_str).filter(|l| !l.is_empty()).collect();
    case.set_system_out(plain(&lines.join("\n")));
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_root_says_nothing_of_skipped_cases_and_suites_do() {
        let xml = "<?xml?>\n<testsuites name=\"a\" tests=\"1\" skipped=\"0\" errors=\"0\">\n\
            <testsuite name=\"skipped=\" skipped=\"0\"/></testsuites>";
        let found = without_skipped(xml);
        assert!(found.contains("<testsuites name=\"a\" tests=\"1\" errors=\"0\">"), "{found}");
        assert!(found.contains("<testsuite name=\"skipped=\" skipped=\"0\"/>"), "{found}");
    }

    #[test]
    fn signs_without_a_place_in_xml_are_left_out() {
        assert_eq!(plain("a\u{fffe}b\u{ffff}c😀"), "abc😀");
    }
}
