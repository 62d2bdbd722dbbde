//! Places of a plot that tell their values: what a pointer hovering over them, or the page's arrow keys, read.

use crate::report::plot::brush::Point;
use crate::report::plot::sheet::Sheet;
use crate::report::plot::sheet::SheetError;
use plotters::element::Drawable;
use plotters::element::PointCollection;
use plotters_backend::DrawingErrorKind;
use std::fmt::Write;
use std::iter::Once;

/// Reach of a point to a pointer [pixels of the sheet].
const REACH: i32 = 16;

/// A place and its value in words; it is not seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Spot {
    corner: Point,
    /// The opposite corner of a box; none for a point.
    opposite: Option<Point>,
    text: String,
}

impl Spot {
    /// The spot of values around a point.
    pub(crate) fn point(at: Point, text: String) -> Self {
        Self { corner: at, opposite: None, text }
    }

    /// All over a box.
    pub(crate) fn area(corner: Point, opposite: Point, text: String) -> Self {
        Self { corner, opposite: Some(opposite), text }
    }
}

/// All of them as a group that is not painted and feels the pointer; nothing where there are none.
pub(crate) fn group(spots: &[Spot], escaped: fn(&str) -> String) -> String {
    if spots.is_empty() {
        return String::new();
    }
    let mut svg = "<g class=\"spots\" fill=\"none\" pointer-events=\"all\">\n".to_string();
    for spot in spots {
        let ((x, y), text) = (spot.corner, escaped(&spot.text));
        let written = match spot.opposite {
            None => {
                writeln!(
                    svg,
                    "<circle cx=\"{x}\" cy=\"{y}\" r=\"{REACH}\"><title>{text}</title></circle>"
                )
            }
            Some((right, bottom)) => {
                let (left, top) = (x.min(right), y.min(bottom));
                let (wide, tall) = ((right - x).abs().max(1), (bottom - y).abs().max(1));
                writeln!(
                    svg,
                    "<rect x=\"{left}\" y=\"{top}\" width=\"{wide}\" height=\"{tall}\"><title>{text}</title></rect>"
                )
            }
        };
        written.expect("writing to memory");
    }
    svg.push_str("</g>\n");
    svg
}

impl<'a> PointCollection<'a, Point> for &'a Spot {
    type Point = &'a Point;
    type IntoIter = Once<&'a Point>;

    fn point_iter(self) -> Self::IntoIter {
        std::iter::once(&self.corner)
    }
}

/// Drawing it on a sheet of vectors keeps it there; pixels have no values.
impl<'s> Drawable<Sheet<'s>> for Spot {
    fn draw<I: Iterator<Item = Point>>(
        &self,
        _places: I,
        sheet: &mut Sheet<'s>,
        _size: (u32, u32),
    ) -> Result<(), DrawingErrorKind<SheetError>> {
        if let Sheet::Vector(_, spots) = sheet {
            spots.borrow_mut().push(self.clone());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_and_boxes_tell_their_values_escaped() {
        let spots = [
            Spot::point((3, 4), "a < b".to_string()),
            Spot::area((10, 30), (4, 20), "c".to_string()),
        ];
        let svg = group(&spots, crate::report::plot::escaped);
        let point = "<circle cx=\"3\" cy=\"4\" r=\"16\"><title>a &lt; b</title></circle>";
        let area = "<rect x=\"4\" y=\"20\" width=\"6\" height=\"10\"><title>c</title></rect>";
        assert!(svg.contains(point) && svg.contains(area), "{svg}");
        assert_eq!(group(&[], crate::report::plot::escaped), "");
    }
}
