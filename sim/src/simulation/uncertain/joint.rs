//! The joint law of a fit's errors, read from the file beside the fitted scenario, and draws from it.

use crate::base::math;
use crate::base::random::Word;
use crate::base::sample;
use crate::simulation::error::Error;
use serde::Deserialize;
use std::fs;
use std::path::Path;
use xxhash_rust::xxh3::xxh3_64;

/// The part of `NAME-fit.json` that is read here.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Joint {
    #[serde(rename = "joint_errors")]
    blocks: Vec<UncertainBlock>,
}

/// Parameters that err together.
#[derive(Clone, Debug, Deserialize)]
struct UncertainBlock {
    part: String,
    parameters: Vec<UncertainParameter>,
    covariance: Vec<Vec<f64>>,
}

/// A parameter of a block.
#[derive(Clone, Debug, Deserialize)]
struct UncertainParameter {
    keys: Vec<String>,
    value: f64,
    scale: ErrorScale,
}

/// On which scale a parameter errs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum ErrorScale {
    Log,
    Plain,
}

/// A parameter's value in one draw.
#[derive(Clone, Debug, PartialEq)]
pub struct DrawnParameter {
    /// The part of the fit that the parameter belongs to.
    pub part: String,
    /// The first of the scenario's keys that hold it.
    pub key: String,
    /// The estimate that the fit made, in the key's unit.
    pub estimate: f64,
    /// The value drawn in its place, in the key's unit.
    pub value: f64,
    /// All keys that hold it.
    pub(super) keys: Vec<String>,
}

impl Joint {
    /// Reads the joint errors at `file`.
    ///
    /// # Errors
    /// When there are none, or a covariance is none.
    pub(super) fn read(file: &Path) -> Result<Self, Error> {
        let named = |text: String| Error::Input(text).at(&file.display().to_string());
        let text = fs::read_to_string(file).map_err(|error| {
            named(format!(
                "cannot read the joint errors of the estimates: {error}; `assay fit` writes them beside the scenario, \
                 --joint names another file"
            ))
        })?;
        let joint: Self = serde_json::from_str(&text)
            .map_err(|error| named(format!("is no report of a fit with joint errors: {error}")))?;
        for block in &joint.blocks {
            let count = block.parameters.len();
            let is_square = block.covariance.len() == count
                && block.covariance.iter().all(|r| r.len() == count);
            let part = &block.part;
            if !is_square || root(&block.covariance).is_none() {
                return Err(named(format!(
                    "the covariance of {part} is none of {count} estimates"
                )));
            }
            let is_positive =
                |one: &UncertainParameter| one.scale == ErrorScale::Plain || one.value > 0.0;
            if let Some(bad) = block.parameters.iter().find(|one| !is_positive(one)) {
                let key = bad.keys.first().map_or("", String::as_str);
                return Err(named(format!("{key} of {part} is {}, allowed: above 0", bad.value)));
            }
        }
        if joint.blocks.iter().all(|block| block.parameters.is_empty()) {
            return Err(named("has no estimate with an error: nothing can be drawn".to_string()));
        }
        Ok(joint)
    }

    /// The parameters of draw `number` of this seed, at the `attempt`-th try.
    pub(super) fn drawn(&self, seed: u64, number: u64, attempt: u64) -> Vec<DrawnParameter> {
        let label = format!("assay uncertain {seed} {number} {attempt}");
        let mut draws = Word(xxh3_64(label.as_bytes())).derive(0).expand();
        let mut all = Vec::new();
        for block in &self.blocks {
            let lower = root(&block.covariance).expect("checked when it was read");
            let normal: Vec<f64> = lower.iter().map(|_| sample::normal(&mut draws)).collect();
            for (row, one) in lower.iter().zip(&block.parameters) {
                let off: f64 = row.iter().zip(&normal).map(|(part, z)| part * z).sum();
                let value = match one.scale {
                    ErrorScale::Log => one.value * math::exp(off),
                    ErrorScale::Plain => one.value + off,
                };
                all.push(DrawnParameter {
                    part: block.part.clone(),
                    key: one.keys.first().cloned().unwrap_or_default(),
                    estimate: one.value,
                    value,
                    keys: one.keys.clone(),
                });
            }
        }
        all
    }
}

/// The lower triangle whose product with its transpose is the covariance; none of what is no covariance. A parameter that
/// does not err has a row of nothing.
fn root(matrix: &[Vec<f64>]) -> Option<Vec<Vec<f64>>> {
    /// A pivot that is only rounding is nothing.
    const ROUNDING: f64 = 1e-12;
    let count = matrix.len();
    let mut lower = vec![vec![0.0; count]; count];
    for row in 0..count {
        for column in 0..=row {
            if !(matrix[row][column] - matrix[column][row]).abs().is_finite() {
                return None;
            }
            let before: f64 = (0..column).map(|k| lower[row][k] * lower[column][k]).sum();
            let left = matrix[row][column] - before;
            if row == column {
                if left < -ROUNDING * matrix[row][row].abs() {
                    return None;
                }
                lower[row][row] =
                    if left > ROUNDING * matrix[row][row] { left.sqrt() } else { 0.0 };
            } else if lower[column][column] > 0.0 {
                lower[row][column] = left / lower[column][column];
            }
        }
    }
    Some(lower)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joint(covariance: &str, value: f64) -> Result<Joint, Error> {
        let place = tempfile::tempdir().unwrap();
        let file = place.path().join("j.json");
        let text = format!(
            r#"{{"joint_errors": [{{"part": "a", "covariance": {covariance}, "parameters": [
                {{"keys": ["x.y", "x.z"], "value": {value}, "scale": "log"}},
                {{"keys": ["x.w"], "value": -1.0, "scale": "plain"}}]}}], "more": 1}}"#
        );
        fs::write(&file, text).unwrap();
        Joint::read(&file)
    }

    /// 20,000 draws: means and covariance within five standard errors, `sqrt(2 / 20000)` of a variance of 1.
    #[test]
    fn draws_have_the_covariance() {
        let joint = joint("[[0.04, 0.06], [0.06, 1.0]]", 3.0).unwrap();
        let count = 20_000;
        let (mut a, mut b, mut squares, mut both) = (0.0, 0.0, 0.0, 0.0);
        for number in 0..count {
            let drawn = joint.drawn(5, number, 0);
            assert_eq!(drawn[0].keys, ["x.y", "x.z"]);
            let (x, y) = (math::ln(drawn[0].value / 3.0), drawn[1].value + 1.0);
            (a, b) = (a + x, b + y);
            (squares, both) = (squares + x * x, both + x * y);
        }
        let n = math::float(count);
        assert!((a / n).abs() < 5.0 * 0.2 / n.sqrt() && (b / n).abs() < 5.0 / n.sqrt());
        assert!((squares / n - 0.04).abs() < 5.0 * 0.04 * (2.0 / n).sqrt());
        assert!((both / n - 0.06).abs() < 5.0 * 0.21 / n.sqrt());
        assert_eq!(joint.drawn(5, 7, 0), joint.drawn(5, 7, 0));
        assert!(joint.drawn(5, 7, 0) != joint.drawn(5, 7, 1));
    }

    #[test]
    fn what_is_no_covariance_is_refused_and_what_does_not_err_stays() {
        for (covariance, value) in
            [("[[1.0]]", 1.0), ("[[1.0, 2.0], [2.0, 1.0]]", 1.0), ("[[1.0, 0.0], [0.0, 1.0]]", 0.0)]
        {
            assert!(joint(covariance, value).is_err(), "{covariance} {value}");
        }
        let still = joint("[[0.0, 0.0], [0.0, 1.0]]", 3.0).unwrap().drawn(1, 2, 3);
        assert_eq!(still[0].value.to_bits(), 3.0_f64.to_bits());
        assert!((still[1].value + 1.0).abs() > 1e-6);
    }
}
