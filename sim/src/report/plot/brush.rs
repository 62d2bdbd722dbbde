//! Strokes, fills, shapes and words in pixels of a sheet.

use crate::report::plot::palette::INK;
use crate::report::plot::palette::Look;
use crate::report::plot::palette::Shape;
use crate::report::plot::sheet::Area;
use crate::report::plot::sheet::SheetError;
use crate::report::plot::spot::Spot;
use plotters::drawing::DrawingAreaErrorKind;
use plotters::element::Circle;
use plotters::element::PathElement;
use plotters::element::Polygon;
use plotters::element::Rectangle;
use plotters::element::Text;
use plotters::style::Color;
use plotters::style::IntoFont;
use plotters::style::RGBColor;
use plotters::style::ShapeStyle;
use plotters::style::TextStyle;
use plotters::style::text_anchor::HPos;
use plotters::style::text_anchor::Pos;
use plotters::style::text_anchor::VPos;

/// What drawing gives: an error only for a bug of ours.
pub(crate) type Painted = Result<(), DrawingAreaErrorKind<SheetError>>;
/// A place on a sheet, from its upper left corner [pixels].
pub(crate) type Point = (i32, i32);

/// The one font, by the name under which it is registered and readers have one too.
pub(crate) const FONT: &str = "sans-serif";
/// Size of axis labels and legends [pixels].
pub(crate) const TEXT: i32 = 34;
/// Size of a plot's title [pixels].
pub(crate) const TITLE: i32 = 44;
/// Size of notes inside a plot [pixels].
pub(crate) const NOTE: i32 = 30;
/// Half the size of a shape [pixels].
pub(crate) const SHAPE: i32 = 9;
/// Width of a series' line [pixels].
pub(crate) const LINE: u32 = 5;

/// Which point of a text lies at its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hold {
    /// The middle of its left side.
    Left,
    /// Text is held at its middle.
    Middle,
    /// The middle of its right side.
    Right,
}

/// Draws on an area; places are from the sheet's corner.
#[derive(Clone, Copy)]
pub(crate) struct Brush<'a, 's>(pub(crate) &'a Area<'s>);

impl Brush<'_, '_> {
    /// A line through points.
    pub(crate) fn line(self, points: Vec<Point>, colour: RGBColor, width: u32) -> Painted {
        if points.len() < 2 {
            return Ok(());
        }
        self.0.draw(&PathElement::new(points, colour.stroke_width(width)))
    }

    /// A dashed line between two points.
    pub(crate) fn dashes(self, from: Point, to: Point, colour: RGBColor) -> Painted {
        /// Length of a dash and of the gap after it [pixels].
        const DASH: i32 = 14;
        let (dx, dy) = (f64::from(to.0 - from.0), f64::from(to.1 - from.1));
        let length = (dx * dx + dy * dy).sqrt();
        let at = |way: i32| {
            let part = if length > 0.0 { (f64::from(way) / length).min(1.0) } else { 0.0 };
            let along = |start: i32, span: f64| start + super::axis::pixels(span * part);
            (along(from.0, dx), along(from.1, dy))
        };
        let mut way = 0;
        while f64::from(way) < length {
            self.line(vec![at(way), at(way + DASH)], colour, LINE - 2)?;
            way += 2 * DASH;
        }
        Ok(())
    }

    /// Draws a filled polygon through these points.
    pub(crate) fn polygon(self, points: Vec<Point>, colour: RGBColor, opacity: f64) -> Painted {
        if points.len() <= 2 {
            return Ok(());
        }
        self.0.draw(&Polygon::new(points, colour.mix(opacity).filled()))
    }

    /// Draws a filled box between two corners.
    pub(crate) fn fill(self, corner: Point, opposite: Point, colour: RGBColor) -> Painted {
        self.0.draw(&Rectangle::new([corner, opposite], colour.filled()))
    }

    /// Draws the outline of a box between two corners.
    pub(crate) fn outline(self, corner: Point, opposite: Point, colour: RGBColor) -> Painted {
        self.0.draw(&Rectangle::new([corner, opposite], colour.stroke_width(2)))
    }

    /// A shape around a point.
    pub(crate) fn shape(self, at: Point, look: Look) -> Painted {
        let (x, y) = at;
        let filled: ShapeStyle = look.colour.mix(0.85).filled();
        let corners = |points: [Point; 3]| Polygon::new(points.to_vec(), filled);
        match look.shape {
            Shape::Dot => self.0.draw(&Circle::new(at, SHAPE, filled)),
            Shape::Ring => self.0.draw(&Circle::new(at, SHAPE, look.colour.stroke_width(LINE - 2))),
            Shape::Square => {
                let half = SHAPE - 1;
                self.0.draw(&Rectangle::new([(x - half, y - half), (x + half, y + half)], filled))
            }
            Shape::Triangle => self.0.draw(&corners([
                (x, y - SHAPE - 2),
                (x + SHAPE + 2, y + SHAPE),
                (x - SHAPE - 2, y + SHAPE),
            ])),
            Shape::Wedge => self.0.draw(&corners([
                (x, y + SHAPE + 2),
                (x + SHAPE + 2, y - SHAPE),
                (x - SHAPE - 2, y - SHAPE),
            ])),
            Shape::Diamond => {
                let half = SHAPE + 2;
                let points = vec![(x, y - half), (x + half, y), (x, y + half), (x - half, y)];
                self.0.draw(&Polygon::new(points, filled))
            }
            Shape::Cross => {
                let half = SHAPE - 1;
                let width = LINE - 1;
                self.line(vec![(x - half, y - half), (x + half, y + half)], look.colour, width)?;
                self.line(vec![(x - half, y + half), (x + half, y - half)], look.colour, width)
            }
            Shape::Line => {
                let half = 2 * SHAPE;
                self.line(vec![(x - half, y), (x + half, y)], look.colour, LINE + 1)
            }
            Shape::Dashes => {
                let half = 2 * SHAPE;
                self.dashes((x - half, y), (x + half, y), look.colour)
            }
        }
    }

    /// The value of a point, for a pointer or keys.
    pub(crate) fn value(self, at: Point, text: String) -> Painted {
        self.0.draw(&Spot::point(at, text))
    }

    /// The value of all that lies in a box.
    pub(crate) fn value_of_box(self, corner: Point, opposite: Point, text: String) -> Painted {
        self.0.draw(&Spot::area(corner, opposite, text))
    }

    /// A line of text.
    pub(crate) fn text(self, at: Point, text: &str, size: i32, hold: Hold) -> Painted {
        self.coloured(at, text, size, (hold, INK))
    }

    /// A line of text in a colour.
    pub(crate) fn coloured(
        self,
        at: Point,
        text: &str,
        size: i32,
        (hold, colour): (Hold, RGBColor),
    ) -> Painted {
        let across = match hold {
            Hold::Left => HPos::Left,
            Hold::Middle => HPos::Center,
            Hold::Right => HPos::Right,
        };
        let style: TextStyle =
            (FONT, size).into_font().color(&colour).pos(Pos::new(across, VPos::Center));
        self.0.draw(&Text::new(text.to_string(), at, style))
    }
}

/// Width of a text in the committed font [pixels].
pub(crate) fn width(text: &str, size: i32) -> i32 {
    let measured = (FONT, size).into_font().box_size(&super::sheet::clean(text));
    measured.map_or(0, |(width, _)| i32::try_from(width).unwrap_or(i32::MAX / 2))
}
