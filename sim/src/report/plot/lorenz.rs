//! Lorenz curve of pay against that of useful work.

use crate::base::math;
use crate::report::plot::Absent;
use crate::report::plot::Picture;
use crate::report::plot::Plot;
use crate::report::plot::axis::Axis;
use crate::report::plot::brush::LINE;
use crate::report::plot::frame::Chart;
use crate::report::plot::frame::HEIGHT;
use crate::report::plot::palette::BLUE;
use crate::report::plot::palette::GREY;
use crate::report::plot::palette::LegendEntry;
use crate::report::plot::palette::Shape;
use crate::report::plot::palette::VERMILION;
use crate::report::plot::palette::figure;
use crate::report::read::Kept;
use crate::report::read::Miners;
use crate::statistics::Summary;
use plotters::style::RGBColor;

pub(super) const PLOT: Plot = Plot {
    name: "lorenz",
    title: "How unevenly pay and useful work are spread",
    caption: "The further a curve hangs below the dashed line, the more uneven. Each curve orders the miners by its own \
              amount, so equal curves do not mean that the same miners work and are paid. The Gini coefficient is of the \
              whole run's amounts, mean over replications.",
    make,
};

const PERCENT: f64 = 100.0;
/// Most strips that tell values.
const STRIPS_MAX: usize = 50;
/// The curves: column, what it is, metric of its Gini coefficient, colour.
const CURVES: [(&str, &str, &str, RGBColor); 2] = [
    ("pay_rao", "pay", "gini_pay_by_miner", BLUE),
    ("useful_steps", "useful work", "gini_useful_work_by_miner", VERMILION),
];

/// A curve: low, mean and high of the share held by the first `k` miners.
type Curve = Vec<(f64, f64, f64)>;

fn make(kept: &Kept) -> Result<Picture<'_>, Absent> {
    let miners = kept.miners.as_ref().ok_or(Absent::Irrelevant)?;
    if miners.len() < 2 {
        return Err(Absent::Missing("one miner alone shares with nobody".to_string()));
    }
    let mut legend = Vec::new();
    let mut curves: Vec<(Curve, RGBColor)> = Vec::new();
    let (mut said, mut names) = (Vec::new(), Vec::new());
    for (column, what, metric, colour) in CURVES {
        let Some(curve) = curve(miners, column) else { continue };
        let gini = kept.metrics.iter().find(|m| m.metric == metric && m.grouping == "whole");
        let gini = gini.and_then(|line| line.mean);
        let shown = gini.map(|gini| format!(" (Gini {gini:.2})")).unwrap_or_default();
        legend.push(LegendEntry::new(&format!("{what}{shown}"), colour, Shape::Line));
        let half = curve[miners.len() / 2].1;
        said.push(format!("the lower half of the miners has {half:.1} % of all {what}{shown}"));
        names.push(what);
        curves.push((curve, colour));
    }
    if curves.is_empty() {
        return Err(Absent::Missing("nobody was paid and nobody did useful work".to_string()));
    }
    legend.push(LegendEntry::new("all equal", GREY, Shape::Dashes));
    let count = miners.len();
    Ok(Picture {
        summary: format!("Over {count} miners {}.", said.join("; ")),
        legend,
        height: HEIGHT,
        paint: Box::new(move |area, space| {
            let x = Axis::linear("Share of the miners, smallest amount first [%]", 0.0, PERCENT);
            let y = Axis::linear("Share of the amount [%]", 0.0, PERCENT);
            let chart = Chart::new(area, space, (x, y))?;
            chart.brush.dashes(chart.at(0.0, 0.0), chart.at(PERCENT, PERCENT), GREY)?;
            let part = |k: usize| PERCENT * math::float_len(k) / math::float_len(count);
            for (curve, colour) in &curves {
                let band = curve.iter().enumerate().map(|(k, c)| Some((part(k), c.0, c.2)));
                chart.band(band, *colour)?;
                let mean = curve.iter().enumerate().map(|(k, c)| Some((part(k), c.1)));
                chart.line(mean, *colour, LINE)?;
            }
            let step = count.div_ceil(STRIPS_MAX).max(1);
            let (top, bottom) = chart.at_rows();
            for k in (step..=count).step_by(step) {
                let held = curves
                    .iter()
                    .zip(&names)
                    .map(|((curve, _), what)| format!("{} % of {what}", figure(curve[k].1)));
                let text = format!(
                    "{k} of {count} miners, smallest amount first: {}",
                    held.collect::<Vec<_>>().join(", ")
                );
                let (left, right) = (chart.at(part(k - step), 0.0).0, chart.at(part(k), 0.0).0);
                chart.brush.value_of_box((left, top), (right, bottom), text)?;
            }
            Ok(())
        }),
    })
}

/// The curve of a column, over the replications in which its sum is not 0.
fn curve(miners: &Miners, column: &str) -> Option<Curve> {
    let each: Vec<Vec<f64>> = (0..miners.replications)
        .filter_map(|r| {
            let mut amounts: Vec<f64> =
                (0..miners.len()).map(|m| miners.at(column, r, m).unwrap_or(0.0)).collect();
            amounts.sort_by(f64::total_cmp);
            let whole: f64 = amounts.iter().sum();
            let mut held = 0.0;
            let shares = std::iter::once(0.0).chain(amounts.into_iter().map(|amount| {
                held += amount;
                PERCENT * held / whole
            }));
            (whole > 0.0).then(|| shares.collect())
        })
        .collect();
    let point = |k: usize| {
        let summary = Summary::of(&each.iter().map(|shares| shares[k]).collect::<Vec<_>>())?;
        Some((summary.p05, summary.mean, summary.p95))
    };
    (0..=miners.len()).map(point).collect()
}
