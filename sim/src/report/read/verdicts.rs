//! `verdicts.json` read back: what was claimed, what was decided, and the bounds that decided it.

use crate::report::read::ReadError;
use serde::Deserialize;

/// One end of an interval.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
pub(crate) struct Bound {
    /// Value of the bound, in the quantity's unit.
    pub(crate) value: f64,
    /// The chance that it is ever wrong.
    pub(crate) level: f64,
}

/// A verdict, with all that the folder says of it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub(crate) struct VerdictLine {
    /// Name of the property.
    pub(crate) id: String,
    /// The claim, in a sentence.
    #[serde(default)]
    pub(crate) claim: String,
    /// Kind of claim, as `property.kind` names it.
    #[serde(default)]
    pub(crate) kind: String,
    /// PASS, FAIL or UNDECIDED.
    pub(crate) status: String,
    /// What exactly that says of a claim with a margin; empty in results of version 0.2.0.
    #[serde(default)]
    pub(crate) finding: String,
    /// Whether that was expected; none when nothing was decided.
    #[serde(default)]
    pub(crate) as_expected: Option<bool>,
    /// Replications that the verdict rests on.
    #[serde(default)]
    pub(crate) runs: Option<u64>,
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
    /// A claim that is false by less than this may pass.
    #[serde(default)]
    pub(crate) margin: Option<f64>,
    /// `>=`, `<=`, or `=` for an equivalence; empty for an invariant.
    #[serde(default)]
    pub(crate) relation: String,
    /// The metric claimed about; empty for an invariant.
    #[serde(default)]
    pub(crate) quantity: String,
    /// Unit of the estimate; "1" for a pure number.
    #[serde(default)]
    pub(crate) unit: String,
    /// Method of the bounds.
    #[serde(default)]
    pub(crate) method: String,
    /// Replications in which the number had no value.
    #[serde(default)]
    pub(crate) undefined: Option<u64>,
    /// Why the verdict is what it is, in words.
    #[serde(default)]
    pub(crate) reason: String,
    /// Why it is known to be false.
    #[serde(default)]
    pub(crate) because: Option<String>,
    /// The command that runs again the replication that speaks most against the claim.
    #[serde(default)]
    pub(crate) worst_command: Option<String>,
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
        self.as_expected == Some(false)
    }

    /// The word in tables, with what exactly it says.
    pub(crate) fn word(&self) -> String {
        let said = [self.status.as_str(), self.finding.as_str()].join(" ");
        let said = said.trim_end();
        match (self.status.as_str(), self.as_expected) {
            ("FAIL", Some(true)) => format!("{said} (expected)"),
            ("PASS", Some(false)) => format!("{said} (surprise)"),
            _ => said.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_verdict_says_whether_it_was_expected() {
        let text = br#"[{"id":"a","status":"FAIL","as_expected":true},
            {"id":"b","status":"FAIL","as_expected":false},{"id":"c","status":"PASS","finding":"within the margin","as_expected":false},
            {"id":"d","status":"PASS","lower":{"value":0.5,"level":0.01},"unknown":1},
            {"id":"e","status":"UNDECIDED","as_expected":null}]"#;
        let lines = read("verdicts.json", text).unwrap();
        let surprises: Vec<_> = lines.iter().map(VerdictLine::is_surprise).collect();
        assert_eq!(surprises, [false, true, true, false, false]);
        assert_eq!(lines[0].word(), "FAIL (expected)");
        assert_eq!(lines[2].word(), "PASS within the margin (surprise)");
    }

    #[test]
    fn what_is_no_verdict_is_refused() {
        let text = br#"[{"id":"a","status":"MAYBE"}]"#;
        assert!(read("verdicts.json", text).unwrap_err().to_string().contains("MAYBE"));
        assert!(read("verdicts.json", b"{}").is_err());
    }
}
