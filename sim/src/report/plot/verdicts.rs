//! Verdict chart: estimate, interval and threshold of every statistical property.

use crate::report::plot::Absent;
use crate::report::plot::Picture;
use crate::report::plot::Plot;
use crate::report::plot::axis::MINUS;
use crate::report::plot::axis::pixels;
use crate::report::plot::brush::Brush;
use crate::report::plot::brush::Hold;
use crate::report::plot::brush::LINE;
use crate::report::plot::brush::NOTE;
use crate::report::plot::brush::Painted;
use crate::report::plot::brush::TEXT;
use crate::report::plot::frame::MARGIN;
use crate::report::plot::frame::Space;
use crate::report::plot::palette::Entry;
use crate::report::plot::palette::GREEN;
use crate::report::plot::palette::GREY;
use crate::report::plot::palette::INK;
use crate::report::plot::palette::Look;
use crate::report::plot::palette::ORANGE;
use crate::report::plot::palette::Shape;
use crate::report::plot::palette::VERMILION;
use crate::report::plot::palette::shortened;
use crate::report::read::Kept;
use crate::report::read::VerdictLine;
use plotters::style::RGBColor;

pub(super) const PLOT: Plot = Plot {
    name: "verdicts",
    title: "Claims and what the runs say of them",
    caption: "Each row has its own scale with the threshold in the middle; the shaded side is the one claimed. A bar with \
              an open end was not needed on that side.",
    make,
};

/// Height of a row, and of what stands above and below all rows [pixels].
const ROW: i32 = 74;
const AROUND: i32 = 230;
/// Most rows drawn; the table has all.
const ROWS_MAX: usize = 40;
/// Where names end, the middle of the scale, its half width, and where figures begin [pixels].
const NAMES_END: i32 = 560;
const MIDDLE: i32 = 850;
const HALF: i32 = 250;
const FIGURES: i32 = 1124;

/// A property that has a threshold and an estimate.
struct Row<'k> {
    verdict: &'k VerdictLine,
    threshold: f64,
    estimate: f64,
    scale: f64,
}

fn make(kept: &Kept) -> Result<Picture<'_>, Absent> {
    let rows: Vec<Row<'_>> = kept.verdicts.iter().filter_map(row).take(ROWS_MAX).collect();
    if rows.is_empty() {
        return Err(Absent::Irrelevant);
    }
    let count = |status: &str| rows.iter().filter(|r| r.verdict.status == status).count();
    let summary = format!(
        "{} statistical claims: {} pass, {} fail, {} undecided.",
        rows.len(),
        count("PASS"),
        count("FAIL"),
        count("UNDECIDED")
    );
    let legend = vec![
        Entry::new("PASS", GREEN, Shape::Dot),
        Entry::new("FAIL", VERMILION, Shape::Square),
        Entry::new("UNDECIDED", ORANGE, Shape::Diamond),
        Entry::new("threshold", INK, Shape::Dashes),
    ];
    let height = AROUND + ROW * i32::try_from(rows.len()).unwrap_or(0);
    Ok(Picture {
        summary,
        legend,
        height,
        paint: Box::new(move |area, space| paint(Brush(area), space, &rows)),
    })
}

fn row(verdict: &VerdictLine) -> Option<Row<'_>> {
    /// Room beyond the furthest figure.
    const ROOM: f64 = 1.15;
    let (threshold, estimate) = (verdict.threshold?, verdict.estimate?);
    let bounds = [verdict.lower, verdict.upper];
    let ends = bounds.iter().flatten().map(|bound| bound.value).chain([estimate]);
    let margin = verdict.margin.unwrap_or(0.0);
    let reach = ends.map(|x| (x - threshold).abs()).fold(margin, f64::max);
    Some(Row { verdict, threshold, estimate, scale: if reach > 0.0 { reach * ROOM } else { 1.0 } })
}

fn paint(brush: Brush<'_, '_>, space: Space, rows: &[Row<'_>]) -> Painted {
    let bottom = space.top + ROW * i32::try_from(rows.len()).unwrap_or(0);
    for (place, row) in rows.iter().enumerate() {
        let y = space.top + ROW * i32::try_from(place).unwrap_or(0) + ROW / 2;
        row.paint(brush, y)?;
    }
    brush.dashes((MIDDLE, space.top), (MIDDLE, bottom), INK)?;
    let y = bottom + MARGIN;
    brush.text((MIDDLE - MARGIN, y), "below the threshold", NOTE, Hold::Right)?;
    brush.text((MIDDLE + MARGIN, y), "above it", NOTE, Hold::Left)
}

impl Row<'_> {
    fn at(&self, value: f64) -> i32 {
        MIDDLE + pixels((value - self.threshold) / self.scale * f64::from(HALF))
    }

    fn look(&self) -> Look {
        let (colour, shape) = match self.verdict.status.as_str() {
            "PASS" => (GREEN, Shape::Dot),
            "FAIL" => (VERMILION, Shape::Square),
            _ => (ORANGE, Shape::Diamond),
        };
        Look { colour, shape }
    }

    fn paint(&self, brush: Brush<'_, '_>, y: i32) -> Painted {
        /// The shade of the claimed side.
        const SHADE: RGBColor = RGBColor(0xe8, 0xf3, 0xef);
        let (top, bottom) = (y - ROW / 2 + 4, y + ROW / 2 - 4);
        let margin = pixels(self.verdict.margin.unwrap_or(0.0) / self.scale * f64::from(HALF));
        let (left, right) = match self.verdict.relation.as_str() {
            ">=" => (MIDDLE, MIDDLE + HALF),
            "<=" => (MIDDLE - HALF, MIDDLE),
            _ => (MIDDLE - margin, MIDDLE + margin),
        };
        brush.fill((left, top), (right, bottom), SHADE)?;
        brush.outline((MIDDLE - HALF, top), (MIDDLE + HALF, bottom), GREY)?;
        let look = self.look();
        let low = self.verdict.lower.map_or(MIDDLE - HALF, |bound| self.at(bound.value));
        let high = self.verdict.upper.map_or(MIDDLE + HALF, |bound| self.at(bound.value));
        brush.line(vec![(low, y), (high, y)], look.colour, LINE)?;
        for (end, bound) in [(low, self.verdict.lower), (high, self.verdict.upper)] {
            if bound.is_some() {
                brush.line(vec![(end, y - 10), (end, y + 10)], look.colour, LINE)?;
            }
        }
        brush.shape((self.at(self.estimate), y), look)?;
        let name = shortened(&self.verdict.id, 30);
        brush.text((NAMES_END, y), &name, TEXT, Hold::Right)?;
        let second = format!("{} {}", self.verdict.word(), self.interval());
        brush.text((FIGURES, y - 16), &self.claimed(), NOTE - 2, Hold::Left)?;
        brush.text((FIGURES, y + 16), &shortened(&second, 44), NOTE - 2, Hold::Left)
    }

    fn claimed(&self) -> String {
        let relation = match self.verdict.relation.as_str() {
            ">=" => "at least",
            "<=" => "at most",
            _ => "within the margin of",
        };
        let margin = self.verdict.margin.filter(|margin| *margin > 0.0);
        let margin = margin.map(|margin| format!(" \u{b1} {}", figure(margin))).unwrap_or_default();
        let unit = Some(self.verdict.unit.as_str()).filter(|unit| *unit != "1").unwrap_or_default();
        format!("claimed {relation} {}{margin} {unit}", figure(self.threshold))
    }

    fn interval(&self) -> String {
        let estimate = figure(self.estimate);
        match (self.verdict.lower, self.verdict.upper) {
            (Some(low), Some(high)) => {
                format!("{estimate} [{}, {}]", figure(low.value), figure(high.value))
            }
            (Some(low), None) => format!("{estimate}, at least {}", figure(low.value)),
            (None, Some(high)) => format!("{estimate}, at most {}", figure(high.value)),
            (None, None) => estimate,
        }
    }
}

/// Three significant digits.
fn figure(x: f64) -> String {
    let rounded: f64 = format!("{x:.2e}").parse().unwrap_or(x);
    format!("{rounded}").replace('-', MINUS)
}
