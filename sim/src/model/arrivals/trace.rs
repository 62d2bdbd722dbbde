//! Requests at recorded times.

use crate::base::family::Doc;
use crate::base::family::MemberProblem;
use crate::base::instant::Unit;
use crate::base::random::Word;
use crate::base::units::SimSpan;
use crate::base::units::SimTime;
use crate::base::wording;
use crate::model::arrivals::Arrivals;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

/// Requests at recorded times.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Spec {
    /// The times since the client's start, in order [ms]; read from `csv` where that is given. Instants since 1970 count
    /// from the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) times_ms: Option<Vec<f64>>,
    /// A CSV file with a header, or JSON lines, plain or packed (gzip), by its path from the scenario file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) csv: Option<String>,
    /// The file's column of times.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) column: Option<String>,
    /// Unit of the file's times, `iso` for dates; without it milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-since" = "0.2.0"))]
    pub(crate) unit: Option<Unit>,
}

/// Latest recorded time [ms]: a century.
const LATEST_MS: f64 = 3_153_600_000_000.0;

impl Doc for Spec {
    const NAME: &'static str = "trace";
    const ABOUT: &'static str = "Requests at recorded times, answered or not; then no more.";
    const SOURCE: &'static str =
        "ours: what really was asked, when the question is not about demand";
    const EXAMPLE: &'static str = "[trace]\ntimes_ms = [0.0, 30740.0, 61482.0]\n";

    /// A list and a file together are no problem here: the file has been read into the list.
    fn check(&self) -> Vec<MemberProblem> {
        match (&self.times_ms, &self.csv, &self.column) {
            (None, None, None) => {
                vec![MemberProblem::new(
                    "times_ms",
                    "missing",
                    "a list of times, or csv and column",
                )]
            }
            (_, Some(_), None) => vec![MemberProblem::new("column", "missing", "the csv's column")],
            (_, None, Some(_)) => {
                vec![MemberProblem::new("csv", "missing", "the column's csv file")]
            }
            (None, Some(_), Some(_)) => Vec::new(),
            (Some(times), ..) => time_problems(times),
        }
    }

    fn told(&self) -> Option<String> {
        let times = self.times_ms.as_ref()?;
        let last = times.last().map(|ms| format!(", the last after {}", wording::span(*ms)));
        let count = wording::count(times.len(), "request");
        Some(format!("{count} at recorded times{}", last.unwrap_or_default()))
    }
}

fn time_problems(times: &[f64]) -> Vec<MemberProblem> {
    if times.is_empty() {
        return vec![MemberProblem::new("times_ms", "empty", "at least one time")];
    }
    let mut problems = Vec::new();
    let mut before = 0.0;
    for (place, ms) in times.iter().enumerate() {
        if (before..=LATEST_MS).contains(ms) {
            before = *ms;
        } else {
            let allowed = format!("from {before}, the time before, to a century");
            problems.push(MemberProblem::new(&format!("times_ms.{place}"), ms, &allowed));
        }
    }
    problems
}

impl Spec {
    /// # Panics
    /// When the file has not been read into the list.
    pub(super) fn build(&self) -> TraceArrivals {
        let times = self.times_ms.as_ref().expect("a scenario reads its csv before it builds");
        let offsets = times.iter().map(|ms| SimSpan::from_ms_f64(*ms)).collect();
        TraceArrivals { offsets, next: 0, start: None }
    }
}

/// The process made from a [`Spec`].
#[derive(Clone, Debug)]
pub(super) struct TraceArrivals {
    offsets: Vec<SimSpan>,
    next: usize,
    /// The client's start, known from the first gap on.
    start: Option<SimTime>,
}

impl Arrivals for TraceArrivals {
    fn waits_for_answer(&self) -> bool {
        false
    }

    fn gap(&mut self, now: SimTime, _word: Word) -> Option<SimSpan> {
        let start = *self.start.get_or_insert(now);
        let offset = *self.offsets.get(self.next)?;
        self.next += 1;
        Some((start + offset).since(now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::arrivals::trial;

    fn spec(times_ms: &[f64]) -> Spec {
        Spec { times_ms: Some(times_ms.to_vec()), csv: None, column: None, unit: None }
    }

    #[test]
    fn requests_come_at_the_recorded_times_after_the_start_and_then_end() {
        let start = SimTime::from_ms(100);
        let got = trial::requests(&mut spec(&[0.0, 2.5, 2.5, 7.0]).build(), 1, start, 10);
        let ms = [100.0, 102.5, 102.5, 107.0];
        assert_eq!(got, ms.map(|ms| SimTime(0) + SimSpan::from_ms_f64(ms)));
    }

    #[test]
    fn times_out_of_order_are_named_one_by_one() {
        let keys =
            |times: &[f64]| spec(times).check().into_iter().map(|p| p.key).collect::<Vec<String>>();
        assert_eq!(
            keys(&[-1.0, 5.0, 3.0, 6.0, f64::NAN]),
            ["times_ms.0", "times_ms.2", "times_ms.4"]
        );
        assert_eq!(keys(&[]), ["times_ms"]);
        assert_eq!(keys(&[1.0, 1.0]), Vec::<String>::new());
    }

    #[test]
    fn one_source_is_needed_and_enough() {
        let none = Spec { times_ms: None, csv: None, column: None, unit: None };
        assert_eq!(none.check()[0].key, "times_ms");
        assert_eq!(Spec { csv: Some("a.csv".into()), ..none.clone() }.check()[0].key, "column");
        assert_eq!(Spec { column: Some("t".into()), ..none }.check()[0].key, "csv");
    }
}
