//! Times that have been measured.

use crate::base::family::Doc;
use crate::base::family::MemberProblem;
use crate::base::instant::Unit;
use crate::base::math;
use crate::base::random::Word;
use crate::base::units::SimSpan;
use crate::base::units::SimTime;
use crate::model::latency::Distribution;
use crate::model::latency::bounds;
use crate::model::latency::bounds::LONGEST_MS;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

/// Times that have been measured, each as likely as any other.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Spec {
    /// The times [ms]; read from `csv` where that is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) values_ms: Option<Vec<f64>>,
    /// A CSV file with a header, by its path from the scenario file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) csv: Option<String>,
    /// The file's column of times.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) column: Option<String>,
    /// Unit of the file's times; without it milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-since" = "0.2.0"))]
    pub(crate) unit: Option<Unit>,
}

impl Doc for Spec {
    const NAME: &'static str = "empirical";
    const ABOUT: &'static str = "Times that have been measured, each as likely as any other.";
    const SOURCE: &'static str = "Efron 1979, the bootstrap: draws with replacement";
    const EXAMPLE: &'static str = "[empirical]\nvalues_ms = [731.0, 1731.0, 1731.0, 2731.0]\n";

    /// A list and a file together are no problem here: the file has been read into the list.
    fn check(&self) -> Vec<MemberProblem> {
        if self.unit == Some(Unit::Iso) {
            return vec![MemberProblem::new(
                "unit",
                "iso",
                "ms, s, us or ns: durations have no dates",
            )];
        }
        match (&self.values_ms, &self.csv, &self.column) {
            (None, None, None) => {
                vec![MemberProblem::new(
                    "values_ms",
                    "missing",
                    "a list of times, or csv and column",
                )]
            }
            (_, Some(_), None) => vec![MemberProblem::new("column", "missing", "the csv's column")],
            (_, None, Some(_)) => {
                vec![MemberProblem::new("csv", "missing", "the column's csv file")]
            }
            (None, Some(_), Some(_)) => Vec::new(),
            (Some(values), ..) => value_problems(values),
        }
    }
}

impl Spec {
    /// # Panics
    /// When the file has not been read into the list.
    pub(super) fn build(&self) -> Empirical {
        let values = self.values_ms.as_ref().expect("a scenario reads its csv before it builds");
        Empirical(values.iter().map(|ms| bounds::span(*ms)).collect())
    }
}

fn value_problems(values: &[f64]) -> Vec<MemberProblem> {
    if values.is_empty() {
        return vec![MemberProblem::new("values_ms", "empty", "at least one time")];
    }
    let wrong = values.iter().enumerate().filter(|(_, ms)| !(0.0..=LONGEST_MS).contains(*ms));
    let problem = |(place, ms): (usize, &f64)| {
        MemberProblem::new(&format!("values_ms.{place}"), ms, "a time from 0 to a year")
    };
    wrong.map(problem).collect()
}

/// The law made from a [`Spec`].
#[derive(Clone, Debug)]
pub(super) struct Empirical(Vec<SimSpan>);

impl Distribution for Empirical {
    fn draw(&self, _at: SimTime, word: Word) -> SimSpan {
        let count = u128::try_from(self.0.len()).expect("a length fits 128 bits");
        let place = (u128::from(word.0) * count) >> 64;
        self.0[usize::try_from(place).expect("below a length")]
    }

    fn mean_ns(&self, _at: SimTime) -> Option<f64> {
        let sum: f64 = self.0.iter().map(|span| math::float(span.0)).sum();
        Some(sum / math::float_len(self.0.len()))
    }

    fn median_ns(&self, _at: SimTime) -> Option<f64> {
        let mut times: Vec<u64> = self.0.iter().map(|span| span.0).collect();
        times.sort_unstable();
        let (low, high) = (times[(times.len() - 1) / 2], times[times.len() / 2]);
        Some(0.5 * (math::float(low) + math::float(high)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::sample::oracle;
    use crate::model::latency::trial;

    fn spec(values_ms: &[f64]) -> Spec {
        Spec { values_ms: Some(values_ms.to_vec()), csv: None, column: None, unit: None }
    }

    #[test]
    fn every_value_is_drawn_as_often_as_it_stands_there() {
        let law = spec(&[1.0, 2.0, 2.0, 5.0]).build();
        let count = 100_000;
        for (ms, share) in [(1, 0.25), (2, 0.5), (5, 0.25)] {
            let is = |word| law.draw(SimTime(0), word) == SimSpan::from_ms(ms);
            let got = oracle::words(1, count).filter(|word| is(*word)).count();
            oracle::assert_count(u32::try_from(got).unwrap(), count, share);
        }
        trial::assert_mean(&law, 2);
    }

    #[test]
    fn the_extreme_words_draw_the_first_and_the_last() {
        let law = spec(&[1.0, 2.0, 3.0]).build();
        assert_eq!(law.draw(SimTime(0), Word(0)), SimSpan::from_ms(1));
        assert_eq!(law.draw(SimTime(0), Word(u64::MAX)), SimSpan::from_ms(3));
        assert_eq!(trial::first(&law), [2_000_000, 2_000_000, 1_000_000]);
    }

    #[test]
    fn one_source_is_needed_and_enough() {
        let csv = Some("times.csv".to_string());
        let column = Some("total_ms".to_string());
        let keys = |spec: Spec| spec.check().into_iter().map(|p| p.key).collect::<Vec<_>>();
        let none = Spec { values_ms: None, csv: None, column: None, unit: None };
        assert_eq!(keys(none.clone()), ["values_ms"]);
        assert_eq!(keys(Spec { csv: csv.clone(), ..none.clone() }), ["column"]);
        assert_eq!(keys(Spec { column: column.clone(), ..none.clone() }), ["csv"]);
        assert_eq!(keys(Spec { csv, column, ..none }), Vec::<String>::new());
    }

    #[test]
    fn values_that_are_no_times_are_named_one_by_one() {
        let keys = |values: &[f64]| spec(values).check().into_iter().map(|p| p.key).collect();
        let got: Vec<String> = keys(&[1.0, -1.0, f64::NAN, f64::INFINITY]);
        assert_eq!(got, ["values_ms.1", "values_ms.2", "values_ms.3"]);
        let got: Vec<String> = keys(&[]);
        assert_eq!(got, ["values_ms"]);
    }
}
