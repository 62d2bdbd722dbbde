//! `verdicts.json` read back: what was claimed, what was decided, and the bounds that decided it.

use crate::report::read::ReadError;
use serde::Deserialize;
use serde_json::Value;

/// One end of an interval.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
pub(crate) struct Bound {
    /// The end.
    pub(crate) value: f64,
    /// The chance that it is ever wrong.
    pub(crate) level: f64,
}

/// How an invariant was broken.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub(crate) struct Breach {
    /// In which replication.
    pub(crate) replication: u64,
    /// How.
    pub(crate) what: String,
}

/// A verdict, with all that the folder says of it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub(crate) struct VerdictLine {
    /// Name of the property.
    pub(crate) id: String,
    /// The claim, in a sentence.
    #[serde(default)]
    pub(crate) claim: String,
    /// Kind of claim.
    #[serde(default)]
    pub(crate) kind: String,
    /// PASS, FAIL or UNDECIDED.
    pub(crate) status: String,
    /// Replications looked at.
    #[serde(default, alias = "runs")]
    pub(crate) replications: Option<u64>,
    /// How an invariant was broken.
    #[serde(default)]
    pub(crate) broken: Option<Breach>,
    /// Mean of the claimed number.
    #[serde(default)]
    pub(crate) estimate: Option<f64>,
    /// Lower end of the interval.
    #[serde(default)]
    pub(crate) lower: Option<Bound>,
    /// Upper end of the interval.
    #[serde(default)]
    pub(crate) upper: Option<Bound>,
    /// The threshold that is claimed about.
    #[serde(default)]
    pub(crate) threshold: Option<f64>,
    /// Nearer to the threshold than this either verdict is right.
    #[serde(default)]
    pub(crate) margin: Option<f64>,
    /// `at_least` or `at_most`; none for an equivalence.
    #[serde(default)]
    pub(crate) relation: Option<String>,
    /// Name of the claimed number.
    #[serde(default, alias = "label")]
    pub(crate) quantity: Option<Value>,
    /// Its unit.
    #[serde(default)]
    pub(crate) unit: Option<String>,
    /// Name of the method.
    #[serde(default)]
    pub(crate) method: Option<String>,
    /// Replications in which the number had no value.
    #[serde(default)]
    pub(crate) undefined: Option<u64>,
    /// Why, in words.
    #[serde(default)]
    pub(crate) reason: Option<String>,
    /// `fail` for a claim known to be false.
    #[serde(default)]
    pub(crate) expect: Option<String>,
    /// Why it is known to be false.
    #[serde(default)]
    pub(crate) because: Option<String>,
    /// The command that replays the run that speaks most against the claim.
    #[serde(default, alias = "command")]
    pub(crate) replay: Option<String>,
}

/// Reads the list.
///
/// # Errors
/// When it is no list of verdicts.
pub(super) fn read(file: &str, bytes: &[u8]) -> Result<Vec<VerdictLine>, ReadError> {
    let damaged = |what: String| ReadError::Damaged { file: file.to_string(), what };
    let lines: Vec<VerdictLine> =
        serde_json::from_slice(bytes).map_err(|e| damaged(e.to_string()))?;
    let known = ["PASS", "FAIL", "UNDECIDED"];
    match lines.iter().find(|line| !known.contains(&line.status.as_str())) {
        Some(line) => {
            Err(damaged(format!("{} is {:?}, which is no verdict", line.id, line.status)))
        }
        None => Ok(lines),
    }
}

impl VerdictLine {
    /// Whether the verdict is other than the scenario's author expected.
    pub(crate) fn is_surprise(&self) -> bool {
        let expects_fail = self.expect.as_deref() == Some("fail");
        self.status != "UNDECIDED" && expects_fail == (self.status == "PASS")
    }

    /// The word in tables.
    pub(crate) fn word(&self) -> String {
        match (self.status.as_str(), self.expect.as_deref()) {
            ("FAIL", Some("fail")) => "FAIL (expected)".to_string(),
            ("PASS", Some("fail")) => "PASS (surprise)".to_string(),
            (status, _) => status.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_verdict_says_whether_it_was_expected() {
        let text = br#"[{"id":"a","status":"FAIL","expect":"fail"},{"id":"b","status":"FAIL"},
            {"id":"c","status":"PASS","lower":{"value":0.5,"level":0.01},"unknown":1},{"id":"d","status":"UNDECIDED"}]"#;
        let lines = read("verdicts.json", text).unwrap();
        let surprises: Vec<_> = lines.iter().map(VerdictLine::is_surprise).collect();
        assert_eq!(surprises, [false, true, false, false]);
        assert_eq!(lines[0].word(), "FAIL (expected)");
    }

    #[test]
    fn what_is_no_verdict_is_refused() {
        let text = br#"[{"id":"a","status":"MAYBE"}]"#;
        assert!(read("verdicts.json", text).unwrap_err().to_string().contains("MAYBE"));
        assert!(read("verdicts.json", b"{}").is_err());
    }
}
