//! A comparison's pay shares before and after, on one scale: classes in a row each, miners against the diagonal.

use crate::base::math;
use crate::report::comparison::REPEATED;
use crate::report::plot::Absent;
use crate::report::plot::Picture;
use crate::report::plot::Plot;
use crate::report::plot::axis::Axis;
use crate::report::plot::brush::Hold;
use crate::report::plot::brush::LINE;
use crate::report::plot::brush::Painted;
use crate::report::plot::brush::TEXT;
use crate::report::plot::frame::Chart;
use crate::report::plot::frame::HEIGHT;
use crate::report::plot::frame::Space;
use crate::report::plot::palette::BLUE;
use crate::report::plot::palette::GREY;
use crate::report::plot::palette::LegendEntry;
use crate::report::plot::palette::Look;
use crate::report::plot::palette::Shape;
use crate::report::plot::palette::VERMILION;
use crate::report::plot::palette::figure;
use crate::report::plot::palette::short;
use crate::report::plot::palette::shortened;
use crate::report::plot::sheet::Area;
use crate::report::read::Change;
use crate::report::read::Kept;

pub(super) const PLOT: Plot = Plot {
    name: "before_after",
    title: "Pay before and after, on one scale",
    caption: "Means of the pairs. Left: the share of each class in the first scenario (ring) and in the second (dot). Right: \
              every miner's share in both; above the diagonal it gains, below it loses. Differences with their intervals stand \
              below.",
    make,
};

const PERCENT: f64 = 100.0;
/// Height of a panel's title [pixels].
const HEADING: i32 = 54;
/// Height of a class's row, and of what stands around all rows [pixels].
const ROW: i32 = 46;
const AROUND: i32 = 330;
/// Most classes drawn, those with most pay; the table has all.
const ROWS_MAX: usize = 24;
/// Longest change told above a panel.
const CHANGE_CHARS: usize = 48;

/// A share of the pay in both scenarios [%].
struct Both<'k> {
    name: &'k str,
    before: f64,
    after: f64,
    sign: i8,
}

fn make(kept: &Kept) -> Result<Picture<'_>, Absent> {
    if kept.changes.is_empty() {
        return Err(Absent::Irrelevant);
    }
    let all = |group: &str| -> Vec<Both<'_>> {
        kept.changes.iter().filter(|c| c.group == group).filter_map(both).collect()
    };
    let told = kept.changes.iter().filter(|c| c.group == "class" && !c.has(REPEATED));
    let mut classes: Vec<Both<'_>> = told.filter_map(both).collect();
    classes.sort_by(|a, b| (b.before + b.after).total_cmp(&(a.before + a.after)));
    classes.truncate(ROWS_MAX);
    let miners = all("miner");
    if miners.is_empty() {
        return Err(Absent::Missing("nobody was paid in one of the two scenarios".to_string()));
    }
    let changed = kept.manifest.compared.as_ref().map(|c| c.changed.as_slice()).unwrap_or_default();
    let heading = match changed {
        [one] => one.clone(),
        [one, rest @ ..] => format!("{one}; and {} more", rest.len()),
        [] => "first and second scenario".to_string(),
    };
    let said =
        classes.iter().map(|c| format!("{} {} to {} %", c.name, figure(c.before), figure(c.after)));
    let said = crate::report::plot::palette::listed(&said.collect::<Vec<_>>());
    let height = HEIGHT.max(AROUND + ROW * i32::try_from(classes.len()).unwrap_or(0));
    Ok(Picture {
        summary: format!("With {heading}: {said}."),
        legend: vec![
            LegendEntry::new("before", GREY, Shape::Ring),
            LegendEntry::new("after: gains", BLUE, Shape::Dot),
            LegendEntry::new("loses", VERMILION, Shape::Square),
            LegendEntry::new("open", GREY, Shape::Dot),
            LegendEntry::new("no change", GREY, Shape::Dashes),
        ],
        height,
        paint: Box::new(move |area, space| {
            let columns = space.columns(if classes.is_empty() { 1 } else { 2 });
            if !classes.is_empty() {
                rows(area, (columns[0], &shortened(&heading, CHANGE_CHARS)), &classes)?;
            }
            let last = columns[columns.len() - 1];
            diagonal(area, (last, "every miner"), &miners)
        }),
    })
}

fn both(change: &Change) -> Option<Both<'_>> {
    let (before, after) = (change.before? * PERCENT, change.after? * PERCENT);
    Some(Both { name: &change.name, before, after, sign: change.sign() })
}

/// How a share is drawn after the change.
fn look(sign: i8) -> Look {
    match sign {
        1 => Look { colour: BLUE, shape: Shape::Dot },
        -1 => Look { colour: VERMILION, shape: Shape::Square },
        _ => Look { colour: GREY, shape: Shape::Dot },
    }
}

fn told(one: &Both<'_>) -> String {
    let points = figure(one.after - one.before);
    format!(
        "{}: {} % before, {} % after ({points} points)",
        one.name,
        figure(one.before),
        figure(one.after)
    )
}

fn begin<'a, 's>(
    area: &'a Area<'s>,
    (space, heading): (Space, &str),
    axes: (Axis, Axis),
) -> Result<
    Chart<'a, 's>,
    plotters::drawing::DrawingAreaErrorKind<crate::report::plot::sheet::SheetError>,
> {
    let chart = Chart::new(area, Space { top: space.top + HEADING, ..space }, axes)?;
    let middle = (i32::midpoint(chart.at_left(), space.right), space.top + HEADING / 2);
    chart.brush.text(middle, heading, TEXT, Hold::Middle)?;
    Ok(chart)
}

/// A row a class.
fn rows(area: &Area<'_>, place: (Space, &str), classes: &[Both<'_>]) -> Painted {
    let words: Vec<String> = classes.iter().rev().map(|c| short(c.name)).collect();
    let shares = classes.iter().flat_map(|c| [c.before, c.after]);
    let x = Axis::from_zero("Share of the pay [%]", shares);
    let chart = begin(area, place, (x, Axis::words("", &words, 1)))?;
    for (row, one) in classes.iter().rev().enumerate() {
        let y = math::float_len(row);
        let (from, to) = (chart.at(one.before, y), chart.at(one.after, y));
        chart.brush.line(vec![from, to], look(one.sign).colour, LINE)?;
        chart.brush.shape(from, Look { colour: GREY, shape: Shape::Ring })?;
        chart.brush.shape(to, look(one.sign))?;
        let reach = ROW / 2;
        let (left, right) = (from.0.min(to.0) - reach, from.0.max(to.0) + reach);
        chart.brush.value_of_box((left, from.1 - reach), (right, from.1 + reach), told(one))?;
    }
    Ok(())
}

/// A shape a miner.
fn diagonal(area: &Area<'_>, place: (Space, &str), miners: &[Both<'_>]) -> Painted {
    let highest = miners.iter().map(|m| m.before.max(m.after)).fold(0.0, f64::max);
    let share = |title: &str| Axis::from_zero(title, std::iter::once(highest)).with_room();
    let axes = (share("Share of the pay before [%]"), share("Share of the pay after [%]"));
    let chart = begin(area, place, axes)?;
    chart.brush.dashes(chart.at(0.0, 0.0), chart.at(highest, highest), GREY)?;
    for one in miners {
        let at = chart.at(one.before, one.after);
        chart.brush.shape(at, look(one.sign))?;
        chart.brush.value(at, told(one))?;
    }
    Ok(())
}
