//! The page of a validation with real miners.

use crate::report::findings::Findings;
use crate::report::findings::UNTESTED;
use crate::report::page::Figure;
use crate::report::page::figure;
use crate::report::page::grid::Grid;
use crate::report::page::grid::GridCell;
use crate::report::page::grid::GridColumn;
use crate::report::page::grid::PERCENT;
use crate::report::page::rendered;
use crate::report::plot;
use crate::report::plot::number;
use crate::study::ClassLine;
use crate::study::Excess;
use crate::study::LatencyLine;
use serde::Serialize;

/// Smallest steps shown of a share or a difference in points, of a distance, and of a time [ms].
const POINTS: f64 = 0.01;
const DISTANCE: f64 = 0.0001;
const TIME: f64 = 0.001;

/// All that the template is given.
#[derive(Serialize)]
struct AgreementPage<'f> {
    title: String,
    verdict: &'static str,
    mark: &'static str,
    pairs: usize,
    answer: Vec<String>,
    plots: Vec<Figure<'f>>,
    shares: Grid,
    distances: Grid,
    latency: Grid,
    fitted: Grid,
    calibrated_on: String,
    untested: &'static str,
    scenario: &'f str,
    device: &'f str,
    package: &'static str,
    version: &'static str,
    style: &'static str,
    script: &'static str,
}

/// The page, whole in itself.
///
/// # Panics
/// Never: the template is a constant, which the tests read.
pub(crate) fn agreement(findings: &Findings) -> String {
    let plots = plot::draw_agreement(findings);
    let mark = if findings.agreement.agrees && findings.is_meaningful() { "pass" } else { "fail" };
    let numbers: Vec<String> = findings.calibrated_on.iter().map(u64::to_string).collect();
    let page = AgreementPage {
        title: format!("Are real miners of {} paid as simulated ones?", findings.scenario),
        verdict: findings.verdict(),
        mark,
        pairs: findings.agreement.pairs,
        answer: answer(findings),
        plots: plots.drawn.iter().map(figure).collect(),
        shares: shares(findings),
        distances: distances(findings),
        latency: latency(findings),
        fitted: fitted(findings),
        calibrated_on: numbers.join(", "),
        untested: UNTESTED,
        scenario: &findings.scenario,
        device: &findings.device,
        package: env!("CARGO_PKG_NAME"),
        version: env!("CARGO_PKG_VERSION"),
        style: include_str!("page.css"),
        script: include_str!("page.js"),
    };
    rendered("agreement.html", include_str!("agreement.html"), page)
}

fn answer(findings: &Findings) -> Vec<String> {
    let found = &findings.agreement;
    let margin = number(found.margins.share * PERCENT, POINTS);
    let mut told = vec![if found.agrees {
        format!(
            "AGREES: simulated, every class's pay share lies within {margin} points of the miners' pot of what real work \
             was paid, and miners' pay and order differ hardly more than between two simulated runs."
        )
    } else {
        "REJECTED: the simulator is not shown to pay miners as real work was paid.".to_string()
    }];
    for (cohort, factor) in &findings.slower {
        told.push(format!(
            "The model was altered on purpose: service times of {cohort} are multiplied by {factor}."
        ));
    }
    if found.unpaid > 0 {
        told.push(format!("Nobody was paid in {} runs.", found.unpaid));
    }
    let whole = |share: f64| number(share * PERCENT, 1.0);
    let (share, needed) =
        (findings.measured_share_of_score_variance, findings.measured_share_needed);
    told.push(if findings.is_meaningful() {
        format!("{} % of the variance of scores comes from measured time.", whole(share))
    } else {
        format!(
            "Only {} % of the variance of scores comes from measured time; below {} % the verdict means nothing.",
            whole(share),
            whole(needed)
        )
    });
    told
}

fn result(is_within: bool) -> GridCell {
    let (word, mark) = if is_within { ("PASS", "pass") } else { ("FAIL", "fail") };
    GridCell { mark: mark.to_string(), ..GridCell::words(word) }
}

fn shares(findings: &Findings) -> Grid {
    let found = &findings.agreement;
    let columns = vec![
        GridColumn::words("Class"),
        GridColumn::figures("Real [%]", "Mean share of all miners' pay"),
        GridColumn::figures("Simulated [%]", "Mean share of all miners' pay"),
        GridColumn::figures("Difference [points]", "Simulated less real, mean of the pairs"),
        GridColumn::figures("From", "One-sided bound at 5 %"),
        GridColumn::figures("To", "One-sided bound at 5 %"),
        GridColumn::figures("Margin [points]", "On either side"),
        GridColumn::words("Result"),
    ];
    let points = |share: f64| GridCell::figure(Some(share * PERCENT), POINTS);
    let row = |line: &ClassLine| {
        vec![
            GridCell::words(&line.class),
            points(line.real),
            points(line.simulated),
            points(line.difference),
            points(line.bounds.0),
            points(line.bounds.1),
            points(found.margins.share),
            result(line.is_within),
        ]
    };
    Grid { columns, rows: found.classes.iter().map(row).collect() }
}

fn distances(findings: &Findings) -> Grid {
    let found = &findings.agreement;
    let columns = vec![
        GridColumn::words("Distance of two runs, 0 to 1"),
        GridColumn::figures("Real, simulated", "Mean of the pairs"),
        GridColumn::figures("Simulated, simulated", "The same seeds, other service times"),
        GridColumn::figures("Excess below", "Upper 95 % bound of the difference"),
        GridColumn::figures("Margin", "What that must be below"),
        GridColumn::words("Result"),
    ];
    let row = |(name, excess): (&str, &Excess)| {
        let figure = |x: f64| GridCell::figure(Some(x), DISTANCE);
        vec![
            GridCell::words(name),
            figure(excess.real),
            figure(excess.simulated),
            figure(excess.upper),
            figure(excess.margin),
            result(excess.is_within),
        ]
    };
    let both = [
        ("Total variation of pay by miner", &found.variation),
        ("Pairs of miners ranked otherwise by pay", &found.rank),
    ];
    Grid { columns, rows: both.into_iter().map(row).collect() }
}

fn latency(findings: &Findings) -> Grid {
    let columns = vec![
        GridColumn::words("Class"),
        GridColumn::figures("Quantile [%]", ""),
        GridColumn::figures("Real [ms]", ""),
        GridColumn::figures("Simulated [ms]", ""),
    ];
    let row = |line: &LatencyLine| {
        let ms = |ms: Option<u64>| GridCell::figure(ms.map(crate::base::math::float), 1.0);
        vec![
            GridCell::words(&line.class),
            GridCell::figure(Some(line.quantile * PERCENT), 1.0),
            ms(line.real_ms),
            ms(line.simulated_ms),
        ]
    };
    Grid { columns, rows: findings.agreement.latency.iter().map(row).collect() }
}

fn fitted(findings: &Findings) -> Grid {
    let columns = vec![
        GridColumn::words("Cohort"),
        GridColumn::figures("Mean measured service time [ms]", ""),
    ];
    let row = |(cohort, ms): &(String, f64)| {
        vec![GridCell::words(cohort), GridCell::figure(Some(*ms), TIME)]
    };
    Grid { columns, rows: findings.fitted.iter().map(row).collect() }
}
