//! What a validation with real miners found, in words and for machines.

use crate::study::Agreement;
use crate::study::Excess;
use serde::Serialize;

const PERCENT: f64 = 100.0;
/// What no validation with real miners tests.
pub(crate) const UNTESTED: &str =
    "Not tested: miners that slow each other on one device, and networks (laws on both sides).";

/// The verdict of a validation with real miners, and the numbers behind it.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Findings {
    /// Name of the scenario.
    pub(crate) scenario: String,
    /// What the real work was done on.
    pub(crate) device: String,
    /// Replications that the laws were fitted to.
    pub(crate) calibrated_on: Vec<u64>,
    /// By cohort, mean of the fitted service times [ms].
    pub(crate) fitted: Vec<(String, f64)>,
    /// Cohorts made slower on purpose.
    pub(crate) slower: Vec<(String, f64)>,
    /// Share of the variance of scores between miners that comes from measured time.
    pub(crate) measured_share_of_score_variance: f64,
    /// What it must be at least for the verdict to mean anything.
    pub(crate) measured_share_needed: f64,
    /// How real and simulated runs agree, class by class.
    pub(crate) agreement: Agreement,
}

impl Findings {
    /// Whether enough of the scores comes from measured time for the verdict to mean anything.
    pub(crate) fn is_meaningful(&self) -> bool {
        self.measured_share_of_score_variance >= self.measured_share_needed
    }

    /// The verdict in a word: AGREES or REJECTED.
    pub(crate) fn verdict(&self) -> &'static str {
        if self.agreement.agrees { "AGREES" } else { "REJECTED" }
    }

    /// The findings as lines.
    pub(crate) fn text(&self) -> String {
        let a = &self.agreement;
        let mut lines = vec![
            format!("{}: {} pairs, real against simulated", self.scenario, a.pairs),
            format!("device: {}", self.device),
        ];
        for (cohort, ms) in &self.fitted {
            lines.push(format!("fitted   {cohort:<16} mean service {ms:.3} ms"));
        }
        for (cohort, factor) in &self.slower {
            lines.push(format!("altered  {cohort:<16} service times {factor} on purpose"));
        }
        for line in &a.classes {
            lines.push(format!(
                "{}  pay share {:<16} real {:.2} %, simulated {:.2} %, difference {:+.3} points, bounds {:+.3} to {:+.3}, margin {} points, p {:.2e}",
                word(line.is_within),
                line.class,
                line.real * PERCENT,
                line.simulated * PERCENT,
                line.difference * PERCENT,
                line.bounds.0 * PERCENT,
                line.bounds.1 * PERCENT,
                a.margins.share * PERCENT,
                line.p,
            ));
        }
        for (name, excess) in [("total variation", &a.variation), ("rank disagreement", &a.rank)] {
            lines.push(excess_line(name, excess));
        }
        for line in &a.latency {
            let ms = |ms: Option<u64>| ms.map_or("none".to_string(), |ms| format!("{ms} ms"));
            lines.push(format!(
                "      latency {:<16} {:>4.0} % quantile: real {}, simulated {} (not judged)",
                line.class,
                line.quantile * PERCENT,
                ms(line.real_ms),
                ms(line.simulated_ms)
            ));
        }
        if a.unpaid > 0 {
            lines.push(format!("FAIL  nobody was paid in {} runs", a.unpaid));
        }
        lines.push(format!(
            "{}  {:.0} % of the variance of scores comes from measured time, at least {:.0} % needed",
            word(self.is_meaningful()),
            self.measured_share_of_score_variance * PERCENT,
            self.measured_share_needed * PERCENT
        ));
        lines.push(UNTESTED.to_string());
        lines.push(format!("verdict  {}", self.verdict()));
        lines.join("\n")
    }

    /// The findings as JSON.
    ///
    /// # Panics
    /// Never: plain values are JSON.
    pub(crate) fn json(&self) -> Vec<u8> {
        let mut bytes = serde_json::to_vec_pretty(self).expect("plain values are JSON");
        bytes.push(b'\n');
        bytes
    }
}

fn excess_line(name: &str, excess: &Excess) -> String {
    format!(
        "{}  {name}: real-simulated {:.4}, simulated-simulated {:.4}, excess below {:.4}, margin {}",
        word(excess.is_within),
        excess.real,
        excess.simulated,
        excess.upper,
        excess.margin
    )
}

fn word(is_within: bool) -> &'static str {
    if is_within { "PASS" } else { "FAIL" }
}
