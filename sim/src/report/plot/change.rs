//! Who gains and who loses in a comparison: the difference of pay of classes and operators, with its interval.

use crate::base::math;
use crate::report::comparison::REPEATED;
use crate::report::plot::Absent;
use crate::report::plot::Picture;
use crate::report::plot::Plot;
use crate::report::plot::axis::Axis;
use crate::report::plot::brush::LINE;
use crate::report::plot::frame::Chart;
use crate::report::plot::palette::BLUE;
use crate::report::plot::palette::GREY;
use crate::report::plot::palette::INK;
use crate::report::plot::palette::LegendEntry;
use crate::report::plot::palette::Look;
use crate::report::plot::palette::Shape;
use crate::report::plot::palette::VERMILION;
use crate::report::plot::palette::figure;
use crate::report::plot::palette::short;
use crate::report::read::Change;
use crate::report::read::Kept;

pub(super) const PLOT: Plot = Plot {
    name: "change",
    title: "Who gains and who loses",
    caption: "Paired differences, second scenario less first, with their simultaneous intervals (approximate). Grey: nobody is named.",
    make,
};

/// Height of a row, and of what stands above and below all rows [pixels].
const ROW: i32 = 52;
const AROUND: i32 = 330;
/// Most rows drawn; the table has all.
const ROWS_MAX: usize = 40;
const TITLE: &str = "Difference of the share of miners' pay [percentage points]";
const PERCENT: f64 = 100.0;

fn make(kept: &Kept) -> Result<Picture<'_>, Absent> {
    if kept.changes.is_empty() {
        return Err(Absent::Irrelevant);
    }
    let rows: Vec<(&Change, f64)> = kept
        .changes
        .iter()
        .filter(|c| (c.group == "class" || c.group == "operator") && !c.has(REPEATED))
        .filter_map(|c| Some((c, c.difference?)))
        .take(ROWS_MAX)
        .collect();
    if rows.is_empty() {
        return Err(Absent::Missing("compare.csv has no class with a difference".into()));
    }
    let count = |sign| rows.iter().filter(|(c, _)| c.sign() == sign).count();
    let summary = format!(
        "{} gain, {} lose, {} are open, of {} classes and operators.",
        count(1),
        count(-1),
        count(0),
        rows.len()
    );
    let legend = vec![
        LegendEntry::new("gains", BLUE, Shape::Triangle),
        LegendEntry::new("loses", VERMILION, Shape::Wedge),
        LegendEntry::new("open", GREY, Shape::Dot),
    ];
    let height = AROUND + ROW * i32::try_from(rows.len()).unwrap_or(0);
    Ok(Picture {
        summary,
        legend,
        height,
        paint: Box::new(move |area, space| {
            let ends =
                rows.iter().flat_map(|(c, d)| [c.low.unwrap_or(*d), c.high.unwrap_or(*d), 0.0]);
            let (low, high) = ends.fold((0.0_f64, 0.0_f64), |(l, h), x| (l.min(x), h.max(x)));
            let word = |(c, _): &(&Change, f64)| format!("{} {}", c.group, short(&c.name));
            let words: Vec<String> = rows.iter().rev().map(word).collect();
            let axes =
                (Axis::linear(TITLE, low * PERCENT, high * PERCENT), Axis::words("", &words, 1));
            let chart = Chart::new(area, space, axes)?;
            let last = math::float_len(rows.len()) - 0.5;
            chart.brush.line(vec![chart.at(0.0, -0.5), chart.at(0.0, last)], INK, 2)?;
            for (place, (change, difference)) in rows.iter().rev().enumerate() {
                let y = math::float_len(place);
                let look = match change.sign() {
                    1 => Look { colour: BLUE, shape: Shape::Triangle },
                    -1 => Look { colour: VERMILION, shape: Shape::Wedge },
                    _ => Look { colour: GREY, shape: Shape::Dot },
                };
                let ends = [change.low.unwrap_or(*difference), change.high.unwrap_or(*difference)];
                chart.line(ends.into_iter().map(|x| Some((x * PERCENT, y))), look.colour, LINE)?;
                let at = chart.at(*difference * PERCENT, y);
                chart.brush.shape(at, look)?;
                let [mean, low, high] =
                    [*difference, ends[0], ends[1]].map(|x| figure(x * PERCENT));
                let text =
                    format!("{} {}: {mean} points ({low} to {high})", change.group, change.name);
                chart.brush.value(at, text)?;
            }
            Ok(())
        }),
    })
}
