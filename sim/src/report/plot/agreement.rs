//! Simulated against real pay: the difference of every class with its interval, between the margins.

use crate::base::math;
use crate::report::findings::Findings;
use crate::report::plot::Absent;
use crate::report::plot::Picture;
use crate::report::plot::Plot;
use crate::report::plot::axis::Axis;
use crate::report::plot::brush::LINE;
use crate::report::plot::frame::Chart;
use crate::report::plot::palette::GREEN;
use crate::report::plot::palette::GREY;
use crate::report::plot::palette::INK;
use crate::report::plot::palette::LegendEntry;
use crate::report::plot::palette::Look;
use crate::report::plot::palette::Shape;
use crate::report::plot::palette::VERMILION;
use crate::report::plot::palette::figure;
use crate::report::plot::palette::listed;
use crate::report::plot::palette::short;

/// The plots of a validation with real miners.
pub(super) const ALL: &[Plot<Findings>] = &[Plot {
    name: "agreement",
    title: "Pay share of each class, simulated less real",
    caption: "Means of pairs on the same seeds with their 90 % intervals: each end is a one-sided bound at 5 %. A class \
              agrees where the whole interval lies between the dashed margins.",
    make,
}];

/// Height of a row, and of what stands around all rows [pixels].
const ROW: i32 = 84;
const AROUND: i32 = 330;
const PERCENT: f64 = 100.0;
/// Room beyond margins and intervals.
const ROOM: f64 = 1.1;

fn make(findings: &Findings) -> Result<Picture<'_>, Absent> {
    let found = &findings.agreement;
    if found.classes.is_empty() {
        return Err(Absent::Missing("no class has a miner".to_string()));
    }
    let margin = found.margins.share * PERCENT;
    let told = found.classes.iter().map(|line| {
        let (low, high) = line.bounds;
        let difference = line.difference * PERCENT;
        format!("{} {difference:.2} ({:.2} to {:.2})", line.class, low * PERCENT, high * PERCENT)
    });
    let summary = format!(
        "Differences in points of the pot, margin {margin}: {}.",
        listed(&told.collect::<Vec<_>>())
    );
    let legend = vec![
        LegendEntry::new("within the margin", GREEN, Shape::Dot),
        LegendEntry::new("not shown to be", VERMILION, Shape::Square),
        LegendEntry::new("margin", GREY, Shape::Dashes),
    ];
    Ok(Picture {
        summary,
        legend,
        height: AROUND + ROW * i32::try_from(found.classes.len()).unwrap_or(0),
        paint: Box::new(move |area, space| {
            let bounds = found.classes.iter().flat_map(|line| [line.bounds.0, line.bounds.1]);
            let finite = bounds.filter(|bound| bound.is_finite()).map(|bound| bound * PERCENT);
            let reach = finite.map(f64::abs).fold(margin, f64::max) * ROOM;
            let words: Vec<String> = found.classes.iter().rev().map(|l| short(&l.class)).collect();
            let x = Axis::linear("Difference [points of the miners' pot]", -reach, reach);
            let chart = Chart::new(area, space, (x, Axis::words("", &words, 1)))?;
            let top = math::float_len(words.len()) - 0.5;
            chart.brush.line(vec![chart.at(0.0, -0.5), chart.at(0.0, top)], INK, 2)?;
            for x in [-margin, margin] {
                chart.brush.dashes(chart.at(x, top), chart.at(x, -0.5), GREY)?;
            }
            for (place, line) in found.classes.iter().rev().enumerate() {
                let y = math::float_len(place);
                let (colour, shape) =
                    if line.is_within { (GREEN, Shape::Dot) } else { (VERMILION, Shape::Square) };
                let ends =
                    [line.bounds.0, line.bounds.1].map(|end| (end * PERCENT).clamp(-reach, reach));
                chart.line(ends.into_iter().map(|x| Some((x, y))), colour, LINE)?;
                let at = chart.at(line.difference * PERCENT, y);
                chart.brush.shape(at, Look { colour, shape })?;
                let [mean, low, high] =
                    [line.difference, line.bounds.0, line.bounds.1].map(|x| figure(x * PERCENT));
                chart
                    .brush
                    .value(at, format!("{}: {mean} points ({low} to {high})", line.class))?;
            }
            Ok(())
        }),
    })
}
