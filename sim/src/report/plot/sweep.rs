//! Sweep heat map: the worst verdict in every cell, and a few metrics.

use crate::base::math;
use crate::report::plot::Absent;
use crate::report::plot::Picture;
use crate::report::plot::Plot;
use crate::report::plot::axis::Axis;
use crate::report::plot::axis::MINUS;
use crate::report::plot::axis::pixels;
use crate::report::plot::brush::Hold;
use crate::report::plot::brush::NOTE;
use crate::report::plot::brush::Painted;
use crate::report::plot::brush::TEXT;
use crate::report::plot::brush::width;
use crate::report::plot::frame::Chart;
use crate::report::plot::frame::Space;
use crate::report::plot::palette::GREEN;
use crate::report::plot::palette::INK;
use crate::report::plot::palette::ORANGE;
use crate::report::plot::palette::VERMILION;
use crate::report::plot::palette::shortened;
use crate::report::plot::sheet::Area;
use crate::report::read::Kept;
use crate::report::read::Mark;
use crate::report::read::Named;
use crate::report::read::SweepFolder;
use plotters::style::RGBColor;
use plotters::style::WHITE;

pub(super) const PLOT: Plot = Plot {
    name: "sweep",
    title: "The sweep, cell by cell",
    caption: "P: every property passes, F: one fails, U: none fails and one is undecided. Metrics are shaded from their \
              smallest value (light) to their largest (dark).",
    make,
};

/// Metrics shown first, by the beginning of their names; others follow while there is room.
const PREFERRED: [&str; 6] =
    ["total_variation", "kendall", "gini_pay", "pay_share_of_idle", "burned_share", "nakamoto"];
/// Panels in all, and side by side.
const PANELS_MAX: usize = 6;
const ACROSS: usize = 2;
/// Height of a row of cells, and of what stands around a panel's rows [pixels].
const ROW: i32 = 64;
const AROUND: i32 = 260;
/// Words named on an axis.
const WORDS_MAX: usize = 20;
/// Narrowest cell that has text in it [pixels].
const TEXT_FROM: i32 = 84;
/// Light and dark end of the metrics' shade.
const LIGHT: RGBColor = RGBColor(0xea, 0xf2, 0xf8);
const DARK: RGBColor = RGBColor(0x08, 0x45, 0x7e);

/// A cell's colour, its text and the text's colour.
type ColouredCell = (RGBColor, String, RGBColor);

/// A map: a cell's content by its place in the sweep.
struct MapPanel {
    title: String,
    cells: Vec<Option<ColouredCell>>,
}

/// Columns, rows, and the place of every cell of the sweep among them.
struct SweepMap {
    x_title: String,
    y_title: String,
    columns: Vec<String>,
    rows: Vec<String>,
    places: Vec<(usize, usize)>,
}

fn make(kept: &Kept) -> Result<Picture<'_>, Absent> {
    let sweep = kept.sweep.as_ref().ok_or(Absent::Irrelevant)?;
    let grid = grid(sweep);
    let mut panels = Vec::new();
    if !sweep.verdicts.is_empty() {
        panels.push(verdicts(sweep));
    }
    panels.extend(chosen(sweep).into_iter().take(PANELS_MAX - panels.len()).map(metric));
    if panels.is_empty() {
        return Err(Absent::Missing("sweep.csv has no verdict and no metric that changes".into()));
    }
    let whole = |mark| (0..sweep.len()).filter(|cell| sweep.worst(*cell) == Some(mark)).count();
    let summary = format!(
        "{} cells over {}: in {} every property passes, in {} one fails, in {} one is undecided.",
        sweep.len(),
        sweep.parameters.iter().map(|p| p.name.as_str()).collect::<Vec<_>>().join(" and "),
        whole(Mark::Pass),
        whole(Mark::Fail),
        whole(Mark::Undecided)
    );
    let tall = AROUND + ROW * i32::try_from(grid.rows.len()).unwrap_or(1);
    let deep = i32::try_from(panels.len().div_ceil(ACROSS)).unwrap_or(1);
    Ok(Picture {
        summary,
        legend: Vec::new(),
        height: 120 + tall * deep,
        paint: Box::new(move |area, space| {
            for (place, panel) in panels.iter().enumerate() {
                let count = if panels.len() == 1 { 1 } else { 2 };
                let column = space.columns(count)[place % ACROSS];
                let top = space.top + tall * i32::try_from(place / ACROSS).unwrap_or(0);
                panel.paint(area, Space { top, bottom: top + tall, ..column }, &grid)?;
            }
            Ok(())
        }),
    })
}

/// The first parameter goes to the right, all others upwards.
fn grid(sweep: &SweepFolder) -> SweepMap {
    let columns = sweep.values(0);
    let last = |name: &str| name.rsplit('.').next().unwrap_or(name).to_string();
    let others = 1..sweep.parameters.len();
    let word = |cell: usize| -> Vec<usize> {
        let place = |p: usize| {
            let value = &sweep.parameters[p].cells[cell];
            sweep.values(p).iter().position(|v| v == value).unwrap_or(0)
        };
        others.clone().map(place).collect()
    };
    let mut keys: Vec<Vec<usize>> = (0..sweep.len()).map(word).collect();
    let of_cell = keys.clone();
    keys.sort();
    keys.dedup();
    let label = |key: &Vec<usize>| {
        let each = others.clone().zip(key).map(|(p, v)| sweep.values(p)[*v].clone());
        shown(&each.collect::<Vec<_>>().join(", "), 24)
    };
    let places = (0..sweep.len()).map(|cell| {
        let column = columns.iter().position(|v| *v == sweep.parameters[0].cells[cell]);
        let row = keys.iter().position(|key| *key == of_cell[cell]);
        (column.unwrap_or(0), row.unwrap_or(0))
    });
    let names: Vec<String> = others.clone().map(|p| last(&sweep.parameters[p].name)).collect();
    SweepMap {
        x_title: shortened(&sweep.parameters[0].name, 44),
        y_title: shortened(&names.join(", "), 30),
        places: places.collect(),
        rows: keys.iter().map(label).collect(),
        columns: columns.iter().map(|c| shown(c, 12)).collect(),
    }
}

/// A value that fits an axis; a cell beside the grid has none.
fn shown(value: &str, length: usize) -> String {
    if value.is_empty() { "\u{2013}".to_string() } else { shortened(value, length) }
}

fn verdicts(sweep: &SweepFolder) -> MapPanel {
    let cell = |cell| {
        let (colour, text, ink) = match sweep.worst(cell)? {
            Mark::Pass => (GREEN, "P", WHITE),
            Mark::Undecided => (ORANGE, "U", INK),
            Mark::Fail => (VERMILION, "F", WHITE),
        };
        Some((colour, text.to_string(), ink))
    };
    let count = sweep.verdicts.len();
    MapPanel {
        title: format!("Worst of {count} properties"),
        cells: (0..sweep.len()).map(cell).collect(),
    }
}

/// Metrics that differ between cells, the preferred ones first.
fn chosen(sweep: &SweepFolder) -> Vec<&Named<Option<f64>>> {
    /// Least difference told, as a part of the value: less is not seen in three digits.
    const LEAST: f64 = 1e-3;
    let differs = |m: &&Named<Option<f64>>| {
        let mut values = m.cells.iter().flatten();
        values.next().is_some_and(|first| values.any(|x| (x - first).abs() > LEAST * first.abs()))
    };
    let rank = |m: &Named<Option<f64>>| {
        PREFERRED.iter().position(|p| m.name.starts_with(p)).unwrap_or(PREFERRED.len())
    };
    let mut all: Vec<_> = sweep.metrics.iter().filter(differs).collect();
    all.sort_by_key(|m| rank(m));
    all
}

fn metric(metric: &Named<Option<f64>>) -> MapPanel {
    let values = || metric.cells.iter().flatten().copied();
    let (low, high) =
        values().fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), x| (l.min(x), h.max(x)));
    let cell = |value: &Option<f64>| {
        let part = if high > low { ((*value)? - low) / (high - low) } else { 0.0 };
        let ink = if part > 0.5 { WHITE } else { INK };
        let rounded: f64 = format!("{:.2e}", (*value)?).parse().ok()?;
        Some((shade(part), format!("{rounded}").replace('-', MINUS), ink))
    };
    let title = match metric.name.strip_prefix(PREFERRED[0]) {
        Some(_) => "Pay away from work, total variation".to_string(),
        None => shortened(&metric.name, 44),
    };
    MapPanel { title, cells: metric.cells.iter().map(cell).collect() }
}

/// Between light and dark.
fn shade(part: f64) -> RGBColor {
    let mix = |light: u8, dark: u8| {
        let value = f64::from(light) + part * (f64::from(dark) - f64::from(light));
        u8::try_from(pixels(value)).unwrap_or(dark)
    };
    RGBColor(mix(LIGHT.0, DARK.0), mix(LIGHT.1, DARK.1), mix(LIGHT.2, DARK.2))
}

impl MapPanel {
    fn paint(&self, area: &Area<'_>, space: Space, grid: &SweepMap) -> Painted {
        let stride = |words: &[String]| words.len().div_ceil(WORDS_MAX);
        let room = (space.right - space.left) / i32::try_from(grid.columns.len()).unwrap_or(1);
        let widest = grid.columns.iter().map(|c| width(c, TEXT)).max().unwrap_or(0);
        let crowded = usize::try_from((widest + 20) / room.max(1) + 1).unwrap_or(1);
        let x = Axis::words(&grid.x_title, &grid.columns, stride(&grid.columns).max(crowded));
        let y = Axis::words(&grid.y_title, &grid.rows, stride(&grid.rows));
        let inner = Space { top: space.top + 50, ..space };
        let chart = Chart::new(area, inner, (x, y))?;
        let title = (i32::midpoint(space.left, space.right), space.top + 30);
        chart.brush.text(title, &self.title, TEXT, Hold::Middle)?;
        for ((column, row), cell) in grid.places.iter().zip(&self.cells) {
            let Some((colour, text, ink)) = cell else { continue };
            let (x, y) = (math::float_len(*column), math::float_len(*row));
            let (corner, opposite) = (chart.at(x - 0.5, y + 0.5), chart.at(x + 0.5, y - 0.5));
            chart.brush.fill(
                (corner.0 + 1, corner.1 + 1),
                (opposite.0 - 1, opposite.1 - 1),
                *colour,
            )?;
            let told =
                format!("{}, {}: {} {text}", grid.columns[*column], grid.rows[*row], self.title);
            chart.brush.value_of_box(corner, opposite, told)?;
            if opposite.0 - corner.0 >= TEXT_FROM.min(width(text, NOTE) + 12) {
                chart.brush.coloured(chart.at(x, y), text, NOTE, (Hold::Middle, *ink))?;
            }
        }
        Ok(())
    }
}
