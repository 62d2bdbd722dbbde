//! What every plot has: a white sheet, a title, a legend that wraps, and axes.

use crate::report::plot::axis::Axis;
use crate::report::plot::brush::Brush;
use crate::report::plot::brush::FONT;
use crate::report::plot::brush::Hold;
use crate::report::plot::brush::Painted;
use crate::report::plot::brush::Point;
use crate::report::plot::brush::SHAPE;
use crate::report::plot::brush::TEXT;
use crate::report::plot::brush::TITLE;
use crate::report::plot::brush::width;
use crate::report::plot::palette::GRID;
use crate::report::plot::palette::INK;
use crate::report::plot::palette::LegendEntry;
use crate::report::plot::sheet::Area;
use crate::report::plot::sheet::Sheet;
use crate::report::plot::sheet::SheetError;
use plotters::chart::ChartBuilder;
use plotters::coord::cartesian::Cartesian2d;
use plotters::drawing::DrawingArea;
use plotters::drawing::DrawingAreaErrorKind;
use plotters::style::Color;
use plotters::style::IntoFont;
use plotters::style::RGBColor;
use plotters::style::TextStyle;
use plotters::style::WHITE;

/// Width of a sheet [pixels]; it is shown at half its size.
pub(crate) const WIDTH: i32 = 1720;
/// Height of most sheets [pixels].
pub(crate) const HEIGHT: i32 = 1000;
/// Space around everything [pixels].
pub(crate) const MARGIN: i32 = 36;
/// Height of a line of the legend [pixels].
const LEGEND_LINE: i32 = 46;
/// From a shape of the legend to its words, and from words to the next shape [pixels].
const LEGEND_GAPS: (i32, i32) = (16, 44);
/// Room below an axis for its labels and title [pixels].
const X_LABELS: i32 = 94;
/// Room beside an axis for its title and the gaps around its labels [pixels].
const Y_TITLE: i32 = 84;

/// A box on a sheet: upper left and lower right corner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Space {
    /// Left end of the space [px].
    pub(crate) left: i32,
    /// Upper end of the space [px].
    pub(crate) top: i32,
    /// Right end of the space [px].
    pub(crate) right: i32,
    /// Lower end of the space [px].
    pub(crate) bottom: i32,
}

impl Space {
    /// Panels of equal width, side by side with a gap.
    pub(crate) fn columns(self, count: i32) -> Vec<Self> {
        let each = (self.right - self.left - (count - 1) * MARGIN) / count;
        let left = |place| self.left + place * (each + MARGIN);
        (0..count)
            .map(|place| Self { left: left(place), right: left(place) + each, ..self })
            .collect()
    }
}

/// Draws title and legend, and gives the space that is left.
///
/// # Errors
/// When the sheet cannot be drawn on.
pub(crate) fn begin(
    area: &Area<'_>,
    title: &str,
    legend: &[LegendEntry],
) -> Result<Space, DrawingAreaErrorKind<SheetError>> {
    area.fill(&WHITE)?;
    let (_, height) = area.dim_in_pixel();
    let brush = Brush(area);
    brush.text((MARGIN, MARGIN + TITLE / 2), title, TITLE, Hold::Left)?;
    let mut at = (MARGIN, MARGIN + TITLE + LEGEND_LINE);
    for entry in legend {
        let shape = 4 * SHAPE;
        let (near, far) = LEGEND_GAPS;
        let whole = shape + near + width(&entry.label, TEXT);
        if at.0 + whole > WIDTH - MARGIN && at.0 > MARGIN {
            at = (MARGIN, at.1 + LEGEND_LINE);
        }
        brush.shape((at.0 + shape / 2, at.1), entry.look)?;
        brush.text((at.0 + shape + near, at.1), &entry.label, TEXT, Hold::Left)?;
        at.0 += whole + far;
    }
    let top = if legend.is_empty() { MARGIN + TITLE + MARGIN } else { at.1 + LEGEND_LINE };
    let bottom = i32::try_from(height).unwrap_or(HEIGHT) - MARGIN / 2;
    Ok(Space { left: MARGIN / 2, top, right: WIDTH - MARGIN, bottom })
}

/// Axes in a space, and what is drawn between them.
pub(crate) struct Chart<'a, 's> {
    /// The brush on the whole sheet.
    pub(crate) brush: Brush<'a, 's>,
    inside: DrawingArea<Sheet<'s>, Cartesian2d<Axis, Axis>>,
}

impl<'a, 's> Chart<'a, 's> {
    /// Draws the axes and gives the chart between them.
    ///
    /// # Errors
    /// When the sheet cannot be drawn on.
    pub(crate) fn new(
        area: &'a Area<'s>,
        space: Space,
        (x, y): (Axis, Axis),
    ) -> Result<Self, DrawingAreaErrorKind<SheetError>> {
        let size = (space.right - space.left, space.bottom - space.top);
        let part = area.clone().shrink((space.left, space.top), size);
        let words = y.labels().map(|label| width(label, TEXT)).max().unwrap_or(0);
        let (x_title, y_title) = (x.title.clone(), y.title.clone());
        let beside = if y_title.is_empty() { MARGIN } else { Y_TITLE };
        let mut chart = ChartBuilder::on(&part)
            .margin_top(MARGIN / 2)
            .margin_right(MARGIN)
            .x_label_area_size(X_LABELS)
            .y_label_area_size(words + beside)
            .build_cartesian_2d(x, y)?;
        let style: TextStyle = (FONT, TEXT).into_font().color(&INK);
        let mut mesh = chart.configure_mesh();
        if !x_title.is_empty() {
            mesh.x_desc(x_title);
        }
        if !y_title.is_empty() {
            mesh.y_desc(y_title);
        }
        mesh.max_light_lines(0)
            .bold_line_style(GRID.stroke_width(2))
            .axis_style(INK.stroke_width(2))
            .label_style(style.clone())
            .axis_desc_style(style)
            .draw()?;
        Ok(Self { brush: Brush(area), inside: chart.plotting_area().clone() })
    }

    /// Where a pair of values lies on the sheet.
    pub(crate) fn at(&self, x: f64, y: f64) -> Point {
        self.inside.map_coordinate(&(x, y))
    }

    /// Left end of what is between the axes, from the sheet's corner.
    pub(crate) fn at_left(&self) -> i32 {
        self.inside.get_pixel_range().0.start
    }

    /// Upper and lower end of what is between the axes, from the sheet's corner.
    pub(crate) fn at_rows(&self) -> (i32, i32) {
        let rows = self.inside.get_pixel_range().1;
        (rows.start, rows.end)
    }

    /// A line through pairs of values, broken where one is missing.
    pub(crate) fn line(
        &self,
        points: impl Iterator<Item = Option<(f64, f64)>>,
        colour: RGBColor,
        width: u32,
    ) -> Painted {
        let mut run: Vec<Point> = Vec::new();
        for point in points.chain([None]) {
            if let Some((x, y)) = point {
                run.push(self.at(x, y));
                continue;
            }
            // A value alone between gaps is a short stroke, for a line needs two points.
            if let [(x, y)] = run[..] {
                run = vec![(x - SHAPE, y), (x + SHAPE, y)];
            }
            self.brush.line(std::mem::take(&mut run), colour, width)?;
        }
        Ok(())
    }

    /// The space between two lines, broken where a value is missing.
    pub(crate) fn band(
        &self,
        points: impl Iterator<Item = Option<(f64, f64, f64)>>,
        colour: RGBColor,
    ) -> Painted {
        /// How much of what lies below shines through, 1 being nothing.
        const OPACITY: f64 = 0.2;
        let (mut below, mut above): (Vec<Point>, Vec<Point>) = (Vec::new(), Vec::new());
        for point in points.chain([None]) {
            if let Some((x, low, high)) = point {
                below.push(self.at(x, low));
                above.push(self.at(x, high));
                continue;
            }
            let mut corners = std::mem::take(&mut below);
            corners.extend(std::mem::take(&mut above).into_iter().rev());
            self.brush.polygon(corners, colour, OPACITY)?;
        }
        Ok(())
    }
}
