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
use crate::report::plot::palette::GREEN;
use crate::report::plot::palette::GREY;
use crate::report::plot::palette::INK;
use crate::report::plot::palette::LegendEntry;
use crate::report::plot::palette::Look;
use crate::report::plot::palette::ORANGE;
use crate::report::plot::palette::Shape;
use crate::report::plot::palette::VERMILION;
use crate::report::plot::palette::shortened;
use crate::report::read::Bound;
use crate::report::read::Kept;
use crate::report::read::VerdictLine;
use plotters::style::RGBColor;

pub(super) const PLOT: Plot = Plot {
    name: "verdicts",
    title: "Claims and what the runs say of them",
    caption: "Each row has its own scale with the threshold in the middle; the dark shade is what is claimed, the pale one \
              its margin: a claim may pass that is false by less. A bar ends at the bound that decided, with the chance that \
              it is ever wrong; an open end was not needed on that side.",
    make,
};

/// Height of a row, and of what stands above and below all rows [pixels].
const ROW: i32 = 92;
const AROUND: i32 = 230;
/// Between the lines of text of a row [pixels].
const LEADING: i32 = 28;
/// Most rows drawn; the table has all.
const ROWS_MAX: usize = 40;
/// Where names end, the middle of the scale, its half width, and where figures begin [pixels].
const NAMES_END: i32 = 540;
const MIDDLE: i32 = 794;
const HALF: i32 = 230;
const FIGURES: i32 = 1044;

/// Longest line of figures; the table has all of it.
const LETTERS: usize = 46;

/// A property that has a threshold and an estimate.
struct VerdictRow<'k> {
    verdict: &'k VerdictLine,
    threshold: f64,
    estimate: f64,
    scale: f64,
}

fn make(kept: &Kept) -> Result<Picture<'_>, Absent> {
    let rows: Vec<VerdictRow<'_>> = kept.verdicts.iter().filter_map(row).take(ROWS_MAX).collect();
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
        LegendEntry::new("PASS", GREEN, Shape::Dot),
        LegendEntry::new("FAIL", VERMILION, Shape::Square),
        LegendEntry::new("UNDECIDED", ORANGE, Shape::Diamond),
        LegendEntry::new("threshold", INK, Shape::Dashes),
        LegendEntry::new("end of the margin", GREY, Shape::Line),
    ];
    let height = AROUND + ROW * i32::try_from(rows.len()).unwrap_or(0);
    Ok(Picture {
        summary,
        legend,
        height,
        paint: Box::new(move |area, space| paint(Brush(area), space, &rows)),
    })
}

fn row(verdict: &VerdictLine) -> Option<VerdictRow<'_>> {
    /// Room beyond the furthest figure.
    const ROOM: f64 = 1.15;
    let (threshold, estimate) = (verdict.threshold?, verdict.estimate?);
    let bounds = [verdict.lower, verdict.upper];
    let ends = bounds.iter().flatten().map(|bound| bound.value).chain([estimate]);
    let margin = verdict.margin.unwrap_or(0.0);
    let reach = ends.map(|x| (x - threshold).abs()).fold(margin, f64::max);
    Some(VerdictRow {
        verdict,
        threshold,
        estimate,
        scale: if reach > 0.0 { reach * ROOM } else { 1.0 },
    })
}

fn paint(brush: Brush<'_, '_>, space: Space, rows: &[VerdictRow<'_>]) -> Painted {
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

impl VerdictRow<'_> {
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

    /// What is claimed, and the margin beside it; an equivalence is all margin.
    fn shade(&self, brush: Brush<'_, '_>, (top, bottom): (i32, i32)) -> Painted {
        /// The shade of the claimed side, and of the margin.
        const CLAIMED: RGBColor = RGBColor(0xd3, 0xe9, 0xe0);
        const PALE: RGBColor = RGBColor(0xf0, 0xf7, 0xf4);
        let margin = pixels(self.verdict.margin.unwrap_or(0.0) / self.scale * f64::from(HALF));
        let ((left, right), (from, to), edge) = match self.verdict.relation.as_str() {
            ">=" => ((MIDDLE, MIDDLE + HALF), (MIDDLE - margin, MIDDLE), Some(MIDDLE - margin)),
            "<=" => ((MIDDLE - HALF, MIDDLE), (MIDDLE, MIDDLE + margin), Some(MIDDLE + margin)),
            _ => ((MIDDLE - margin, MIDDLE + margin), (MIDDLE, MIDDLE), None),
        };
        brush.fill((left, top), (right, bottom), CLAIMED)?;
        if let Some(edge) = edge.filter(|_| margin > 0) {
            brush.fill((from, top), (to, bottom), PALE)?;
            brush.line(vec![(edge, top), (edge, bottom)], GREY, 1)?;
        }
        brush.outline((MIDDLE - HALF, top), (MIDDLE + HALF, bottom), GREY)
    }

    fn paint(&self, brush: Brush<'_, '_>, y: i32) -> Painted {
        self.shade(brush, (y - ROW / 2 + 4, y + ROW / 2 - 4))?;
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
        let lines = [self.claimed(), self.verdict.word(), self.interval()];
        for (line, below) in lines.iter().zip([-LEADING, 0, LEADING]) {
            brush.text((FIGURES, y + below), &shortened(line, LETTERS), NOTE - 2, Hold::Left)?;
        }
        let text = format!("{}: {}", self.verdict.id, lines.join("; "));
        let half = ROW / 2 - 4;
        brush.value_of_box((MIDDLE - HALF, y - half), (MIDDLE + HALF, y + half), text)
    }

    fn claimed(&self) -> String {
        let relation = match self.verdict.relation.as_str() {
            ">=" => "at least",
            "<=" => "at most",
            _ => "equal to",
        };
        let margin = self.verdict.margin.filter(|margin| *margin > 0.0);
        let margin =
            margin.map(|margin| format!(", margin {}", figure(margin))).unwrap_or_default();
        let unit = Some(self.verdict.unit.as_str()).filter(|unit| !matches!(*unit, "1" | ""));
        let unit = unit.map(|unit| format!(" {unit}")).unwrap_or_default();
        format!("claimed {relation} {}{unit}{margin}", figure(self.threshold))
    }

    /// The estimate, and the bounds with the chance that each is ever wrong.
    fn interval(&self) -> String {
        const PERCENT: f64 = 100.0;
        let said = |sign: &str, bound: Option<Bound>| {
            bound.map(|bound| {
                let chance = figure(bound.level * PERCENT);
                format!("{sign} {} ({chance} %)", figure(bound.value))
            })
        };
        let estimate = Some(figure(self.estimate));
        let (low, high) =
            (said("\u{2265}", self.verdict.lower), said("\u{2264}", self.verdict.upper));
        [estimate, low, high].into_iter().flatten().collect::<Vec<_>>().join(", ")
    }
}

/// A number with three significant digits.
fn figure(x: f64) -> String {
    let rounded: f64 = format!("{x:.2e}").parse().unwrap_or(x);
    format!("{rounded}").replace('-', MINUS)
}
