//! What plots are drawn on: an SVG or pixels, behind one type, so that a plot is written once.

use crate::report::plot::spot::Spot;
use plotters::backend::BitMapBackend;
use plotters::backend::DrawingBackend;
use plotters::backend::SVGBackend;
use plotters::coord::Shift;
use plotters::drawing::DrawingArea;
use plotters_backend::BackendColor;
use plotters_backend::BackendCoord;
use plotters_backend::BackendStyle;
use plotters_backend::BackendTextStyle;
use plotters_backend::DrawingErrorKind;
use plotters_backend::FontFamily;
use plotters_backend::FontStyle;
use plotters_backend::FontTransform;
use plotters_backend::text_anchor;
use std::cell::RefCell;
use std::error::Error;
use std::fmt;

/// A part of a sheet, in pixels from its corner.
pub(crate) type Area<'s> = DrawingArea<Sheet<'s>, Shift>;

/// The committed font's height over its em (1069 + 293 of 1000 units), over what the SVG backend takes it to be (1.24).
const EM_CORRECTION: f64 = 1.24 / 1.362;

/// A sheet to draw on.
pub(crate) enum Sheet<'s> {
    /// Vector graphics, and the places that tell their values.
    Vector(SVGBackend<'s>, &'s RefCell<Vec<Spot>>),
    /// Pixels, three bytes each.
    Pixels(BitMapBackend<'s>),
}

/// Drawing failed: only a bug can cause it, for both sheets lie in memory.
#[derive(Debug)]
pub(crate) struct SheetError(String);

impl fmt::Display for SheetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Error for SheetError {}

/// An SVG without the attributes that say what holds anyway, a sixth of its length; text between tags stays as it is.
pub(crate) fn slim(svg: &str) -> String {
    /// Initial values. Source: SVG 1.1, property index.
    const INITIAL: [&str; 3] = [" opacity=\"1\"", " stroke=\"none\"", " stroke-width=\"1\""];
    let mut out = String::with_capacity(svg.len());
    for part in svg.split_inclusive('>') {
        let (text, tag) = part.find('<').map_or((part, ""), |place| part.split_at(place));
        out.push_str(text);
        out.push_str(
            &INITIAL.iter().fold(tag.to_string(), |tag, initial| tag.replace(initial, "")),
        );
    }
    out
}

type SheetResult = Result<(), DrawingErrorKind<SheetError>>;

fn told<E: Error + Send + Sync>(
    result: Result<(), DrawingErrorKind<E>>,
) -> Result<(), DrawingErrorKind<SheetError>> {
    result.map_err(|error| DrawingErrorKind::DrawingError(SheetError(error.to_string())))
}

/// Calls the same method of whichever sheet it is.
macro_rules! both {
    ($sheet:expr, $backend:ident => $call:expr) => {
        match $sheet {
            Sheet::Vector($backend, _) => told($call),
            Sheet::Pixels($backend) => told($call),
        }
    };
}

impl DrawingBackend for Sheet<'_> {
    type ErrorType = SheetError;

    fn get_size(&self) -> (u32, u32) {
        match self {
            Self::Vector(backend, _) => backend.get_size(),
            Self::Pixels(backend) => backend.get_size(),
        }
    }

    fn ensure_prepared(&mut self) -> SheetResult {
        both!(self, backend => backend.ensure_prepared())
    }

    fn present(&mut self) -> SheetResult {
        both!(self, backend => backend.present())
    }

    fn draw_pixel(&mut self, point: BackendCoord, colour: BackendColor) -> SheetResult {
        both!(self, backend => backend.draw_pixel(point, colour))
    }

    fn draw_line<S: BackendStyle>(
        &mut self,
        from: BackendCoord,
        to: BackendCoord,
        style: &S,
    ) -> SheetResult {
        both!(self, backend => backend.draw_line(from, to, style))
    }

    fn draw_rect<S: BackendStyle>(
        &mut self,
        upper_left: BackendCoord,
        bottom_right: BackendCoord,
        style: &S,
        fill: bool,
    ) -> SheetResult {
        both!(self, backend => backend.draw_rect(upper_left, bottom_right, style, fill))
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> SheetResult {
        both!(self, backend => backend.draw_path(path, style))
    }

    fn draw_circle<S: BackendStyle>(
        &mut self,
        centre: BackendCoord,
        radius: u32,
        style: &S,
        fill: bool,
    ) -> SheetResult {
        both!(self, backend => backend.draw_circle(centre, radius, style, fill))
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        corners: I,
        style: &S,
    ) -> SheetResult {
        both!(self, backend => backend.fill_polygon(corners, style))
    }

    fn draw_text<S: BackendTextStyle>(
        &mut self,
        text: &str,
        style: &S,
        at: BackendCoord,
    ) -> SheetResult {
        let text = clean(text);
        match self {
            Self::Vector(backend, _) => told(backend.draw_text(&text, &FittedStyle(style), at)),
            Self::Pixels(backend) => told(backend.draw_text(&text, style, at)),
        }
    }
}

/// Text without characters that XML forbids or that turn the direction of writing: a name may hold anything.
pub(crate) fn clean(text: &str) -> String {
    let is_bad = |c: char| {
        c.is_control()
            || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
            || matches!(c, '\u{fffe}' | '\u{ffff}')
    };
    text.chars().map(|c| if is_bad(c) { '\u{fffd}' } else { c }).collect()
}

/// A style whose size on an SVG is the one that was measured.
struct FittedStyle<'s, S>(&'s S);

impl<S: BackendTextStyle> BackendTextStyle for FittedStyle<'_, S> {
    type FontError = S::FontError;

    fn color(&self) -> BackendColor {
        self.0.color()
    }

    fn size(&self) -> f64 {
        (self.0.size() * EM_CORRECTION).round()
    }

    fn transform(&self) -> FontTransform {
        self.0.transform()
    }

    fn style(&self) -> FontStyle {
        self.0.style()
    }

    fn anchor(&self) -> text_anchor::Pos {
        self.0.anchor()
    }

    fn family(&self) -> FontFamily<'_> {
        self.0.family()
    }

    fn layout_box(&self, text: &str) -> Result<((i32, i32), (i32, i32)), Self::FontError> {
        self.0.layout_box(text)
    }

    fn draw<E, DrawFunc: FnMut(i32, i32, BackendColor) -> Result<(), E>>(
        &self,
        text: &str,
        at: BackendCoord,
        draw: DrawFunc,
    ) -> Result<Result<(), E>, Self::FontError> {
        self.0.draw(text, at, draw)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_holds_anyway_is_left_out_of_tags_and_never_of_text() {
        let line = "<line opacity=\"1\" stroke=\"#000\" stroke-width=\"1\" x1=\"1\"/>";
        assert_eq!(slim(line), "<line stroke=\"#000\" x1=\"1\"/>");
        let text = "<text stroke=\"none\">a opacity=\"1\" b</text>\n";
        assert_eq!(slim(text), "<text>a opacity=\"1\" b</text>\n");
        let other = "<g opacity=\"0.1\" stroke-width=\"10\"/>";
        assert_eq!(slim(other), other);
    }

    #[test]
    fn what_xml_forbids_or_turns_the_writing_is_replaced() {
        assert_eq!(clean("a\u{0}b\u{202e}c\u{1b}"), "a\u{fffd}b\u{fffd}c\u{fffd}");
        assert_eq!(clean("<é α>"), "<é α>");
    }
}
