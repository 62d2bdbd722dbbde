//! How much of a run's beginning to cut as warm-up, by MSER-5 on the mean over replications of what a run is read for.

use crate::base::math;
use crate::report::figure::figure;
use crate::statistics::mser5;

/// The quantities asked: by their names in `epochs.csv`, a dot standing for every class or operator.
const ASKED: &[&str] = &[
    "jobs",
    "useful_jobs",
    "gini_pay_by_miner",
    "gini_pay_by_operator",
    "pay_share.",
    "operator_pay_share.",
    "latency_ms.",
];
/// Rows in a batch of MSER-5. Source: White, Cobb, Spratt 2000.
const BATCH: usize = 5;
/// Rows below which MSER-5 says nothing. Source: theory.md 3.1, ten batches of five.
const ROWS_MIN: usize = 50;

/// A quantity over time: its name, and its mean over replications in every row.
pub(crate) type MeanCourse = (String, Vec<Option<f64>>);

/// What MSER-5 says of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct WarmUp {
    /// Epochs that are cut.
    used: u32,
    /// Rows there are, of so many epochs each.
    rows: usize,
    stride: u32,
    /// By quantity, the epochs to cut; none where it does not settle in the first half of the run.
    cuts: Vec<(String, Option<u32>)>,
    /// Quantities without a value in some five rows.
    gaps: Vec<String>,
}

impl WarmUp {
    /// Of the `courses` of a run whose rows end with these `epochs`, counted from 0, and of which `used` epochs are cut.
    pub(crate) fn of(courses: &[MeanCourse], epochs: &[u32], used: u32) -> Self {
        let stride = epochs.first().map_or(1, |last| last + 1);
        // A last row of fewer epochs is another quantity.
        let is_whole = epochs.last().is_none_or(|last| (last + 1).is_multiple_of(stride));
        let rows = epochs.len() - usize::from(!is_whole);
        let (mut cuts, mut gaps) = (Vec::new(), Vec::new());
        let is_asked = |name: &str| {
            let is_one = |own: &str| name == own || (own.ends_with('.') && name.starts_with(own));
            ASKED.iter().any(|own| is_one(own))
        };
        for (name, means) in courses.iter().filter(|(name, _)| is_asked(name)) {
            let means = &means[..rows.min(means.len())];
            match filled(means) {
                Some(means) if rows >= ROWS_MIN => {
                    let cut = mser5(&means).map(|rows| u32::try_from(rows).unwrap_or(u32::MAX));
                    cuts.push((name.clone(), cut.map(|rows| rows.saturating_mul(stride))));
                }
                Some(_) => {}
                None if means.iter().all(Option::is_none) => {}
                None => gaps.push(name.clone()),
            }
        }
        Self { used, rows, stride, cuts, gaps }
    }

    /// Epochs to cut: the largest cut; none where nothing can be said.
    pub(crate) fn suggested(&self) -> Option<u32> {
        self.cuts.iter().filter_map(|(_, cut)| *cut).max()
    }

    /// How much warm-up to cut, and why, in sentences.
    pub(crate) fn sentences(&self) -> Vec<String> {
        let Self { used, rows, stride, .. } = self;
        if *rows < ROWS_MIN {
            return vec![format!(
                "Warm-up: {used} epochs are cut; the run is too short for MSER-5 to say whether that is enough ({rows} rows of \
                 {stride} epochs, at least {ROWS_MIN} are needed)."
            )];
        }
        let mut sentences = Vec::new();
        if let Some(most) = self.suggested() {
            let asks = self.cuts.iter().filter(|(_, cut)| *cut == Some(most));
            let asks: Vec<&str> = asks.map(|(name, _)| name.as_str()).collect();
            sentences.push(if most > *used {
                format!(
                    "Warm-up: {used} epochs are cut; MSER-5 suggests {most}, because of {}: --set run.warm_up_epochs={most}.",
                    listed(&asks)
                )
            } else {
                format!("Warm-up: {used} epochs are cut; MSER-5 asks for no more than {most}.")
            });
        }
        let restless: Vec<&str> = self
            .cuts
            .iter()
            .filter(|(_, cut)| cut.is_none())
            .map(|(name, _)| name.as_str())
            .collect();
        if !restless.is_empty() {
            let restless = listed(&restless);
            sentences.push(format!("Not settled in the first half of the run: {restless}."));
        }
        if !self.gaps.is_empty() {
            let gaps: Vec<&str> = self.gaps.iter().map(String::as_str).collect();
            let gaps = listed(&gaps);
            sentences.push(format!("Without a value for five rows, so not asked: {gaps}."));
        }
        sentences
    }
}

/// The course with what is missing in a batch at the mean of what is there, which leaves the batch's mean alone; none where a
/// whole batch is missing. Figures are as the table keeps them, so that what is read back says the same.
fn filled(means: &[Option<f64>]) -> Option<Vec<f64>> {
    let mut course = Vec::with_capacity(means.len());
    for batch in means.chunks(BATCH) {
        let kept: Vec<Option<f64>> = batch.iter().map(|x| figure(*x).parse().ok()).collect();
        let known: Vec<f64> = kept.iter().flatten().copied().collect();
        if known.is_empty() {
            return None;
        }
        let mean = known.iter().sum::<f64>() / math::float_len(known.len());
        course.extend(kept.iter().map(|x| x.unwrap_or(mean)));
    }
    Some(course)
}

/// The first names, and how many there are beside them.
fn listed(names: &[&str]) -> String {
    const MOST: usize = 8;
    let told = names.iter().take(MOST).copied().collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(MOST) {
        0 => told,
        more => format!("{told} and {more} more"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn epochs(rows: u32, stride: u32) -> Vec<u32> {
        (1..=rows).map(|row| row * stride - 1).collect()
    }

    fn course(name: &str, of: impl Fn(usize) -> f64) -> MeanCourse {
        (name.to_string(), (0..100).map(|row| Some(of(row))).collect())
    }

    /// Ten high rows, then 0 and 2 by turns in batches: the cut of two batches that the test of MSER-5 works by hand.
    fn high_start(row: usize) -> f64 {
        if row < 10 { 10.0 } else { 2.0 * math::float_len(row / 5 % 2) }
    }

    #[test]
    fn the_largest_cut_is_suggested_in_epochs() {
        let all = [course("jobs", |_| 7.0), course("pay_share.a", high_start)];
        let found = WarmUp::of(&all, &epochs(100, 2), 4);
        assert_eq!(found.suggested(), Some(20));
        let said = found.sentences().join(" ");
        assert!(
            said.contains("4 epochs are cut; MSER-5 suggests 20, because of pay_share.a"),
            "{said}"
        );
        let said = WarmUp::of(&all, &epochs(100, 2), 20).sentences().join(" ");
        assert!(said.contains("no more than 20"), "{said}");
    }

    #[test]
    fn a_ramp_and_a_gap_are_named_and_nobody_else_is_asked() {
        let mut gap = course("latency_ms.b", |_| 1.0);
        gap.1[10..15].fill(None);
        let mut hole = course("latency_ms.d", |_| 1.0);
        hole.1[3] = None;
        let never = ("latency_ms.c".to_string(), vec![None; 100]);
        let all = [
            course("pay_share.a", math::float_len),
            gap,
            hole,
            never,
            course("minted_rao", math::float_len),
        ];
        let found = WarmUp::of(&all, &epochs(100, 1), 0);
        assert_eq!(found.suggested(), Some(0), "one missing row is no gap");
        let said = found.sentences().join(" ");
        assert!(said.contains("half of the run: pay_share.a."), "{said}");
        assert!(said.contains("not asked: latency_ms.b."), "{said}");
    }

    #[test]
    fn a_short_run_says_so_and_a_cut_row_is_left_out() {
        let short = WarmUp::of(&[course("jobs", |_| 1.0)], &epochs(49, 1), 3).sentences();
        assert!(short[0].contains("too short"), "{short:?}");
        let mut ends = epochs(50, 2);
        ends.push(100);
        let found =
            WarmUp::of(&[course("jobs", |row| if row == 50 { 9.0 } else { 1.0 })], &ends, 0);
        assert_eq!((found.rows, found.suggested()), (50, Some(0)));
    }
}
