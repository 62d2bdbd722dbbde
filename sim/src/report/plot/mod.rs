//! Plots of a results folder. A plot is one file and one line of the list below.
//!
//! A plot is made from what the folder holds and from nothing else, with one committed font, so that it has the same bytes
//! on every machine. Its SVG has a title and a description; its figures are also in the tables.

mod agreement;
mod axis;
mod before_after;
mod brush;
mod change;
mod class_pay;
mod concentration;
mod emission;
mod frame;
mod latency;
mod lorenz;
mod palette;
mod pay_speed;
mod pay_stake;
mod pay_work;
mod rank_weight;
mod requests_pay;
mod scatter;
mod scores;
mod sheet;
mod spot;
mod sweep;
mod time;
mod validation;
mod verdicts;

pub(crate) use axis::number;
pub(crate) use sheet::clean;

use crate::report::findings::Findings;
use crate::report::read::Kept;
use crate::trace::validate::ValidationResult;
use brush::FONT;
use brush::Painted;
use frame::WIDTH;
use palette::LegendEntry;
use plotters::backend::BitMapBackend;
use plotters::backend::SVGBackend;
use plotters::drawing::IntoDrawingArea;
use plotters::style::FontStyle;
use plotters::style::register_font;
use sheet::Area;
use sheet::Sheet;
use sheet::slim;
use std::cell::RefCell;
use std::sync::OnceLock;

/// Every plot, in the order of the report.
const ALL: &[Plot] = &[
    pay_work::PLOT,
    before_after::PLOT,
    verdicts::PLOT,
    sweep::PLOT,
    change::PLOT,
    lorenz::PLOT,
    class_pay::PLOT,
    pay_stake::PLOT,
    pay_speed::PLOT,
    requests_pay::PLOT,
    scores::PLOT,
    rank_weight::PLOT,
    latency::PLOT,
    emission::PLOT,
    concentration::PLOT,
];

/// The committed font: Noto Sans, a subset. See `font/README.md`.
const NOTO_SANS: &[u8] = include_bytes!("../font/NotoSans-Regular.ttf");
/// Bytes of a pixel.
const PIXEL_BYTES: usize = 3;

/// A plot in a list, made from a results folder or from what else it is of.
pub(crate) struct Plot<K = Kept> {
    /// Its file's name, without ending.
    name: &'static str,
    /// What stands above it.
    title: &'static str,
    /// What a reader should look for.
    caption: &'static str,
    /// Makes it, or says why there is none.
    make: fn(&K) -> Result<Picture<'_>, Absent>,
}

/// Why a folder gives no such plot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Absent {
    /// The plot is for folders of another verb, or says nothing here; nobody misses it.
    Irrelevant,
    /// A reader might look for it.
    Missing(String),
}

/// A plot made, ready to be painted on any sheet.
pub(crate) struct Picture<'k> {
    /// What it shows, in a sentence with figures.
    summary: String,
    legend: Vec<LegendEntry>,
    height: i32,
    paint: Paint<'k>,
}

/// Paints a plot into the space that title and legend leave.
type Paint<'k> = Box<dyn Fn(&Area<'_>, frame::Space) -> Painted + 'k>;

/// A plot that was drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DrawnPlot {
    /// Its file's name, without ending.
    pub(crate) name: &'static str,
    /// What stands above it.
    pub(crate) title: &'static str,
    /// What a reader should look for.
    pub(crate) caption: &'static str,
    /// What it shows, in a sentence with figures.
    pub(crate) summary: String,
    /// The plot as an SVG document.
    pub(crate) svg: String,
    /// The plot in pixels, where they were asked for.
    pub(crate) png: Option<Vec<u8>>,
}

/// Every plot that a folder gives, and the reasons for those it does not.
#[derive(Clone, Debug, Default)]
pub(crate) struct Plots {
    /// The plots that were drawn.
    pub(crate) drawn: Vec<DrawnPlot>,
    /// Titles of those a reader might look for, and why they are missing.
    pub(crate) missing: Vec<(&'static str, String)>,
}

/// Name, title and caption of every plot.
pub(crate) fn told() -> Vec<(&'static str, &'static str, &'static str)> {
    fn say<K>(plot: &Plot<K>) -> (&'static str, &'static str, &'static str) {
        (plot.name, plot.title, plot.caption)
    }
    let all = ALL.iter().map(say).chain(validation::ALL.iter().map(say));
    all.chain(agreement::ALL.iter().map(say)).collect()
}

/// Draws every plot that the folder gives; in pixels too when `png` is set.
///
/// # Panics
/// Never: drawing to memory with the committed font cannot fail.
pub(crate) fn draw(kept: &Kept, png: bool) -> Plots {
    draw_all(ALL, kept, png)
}

/// Draws every plot of a scenario held against a trace; in pixels too when `png` is set.
///
/// # Panics
/// Never: drawing to memory with the committed font cannot fail.
pub(crate) fn draw_validation(validated: &ValidationResult, png: bool) -> Plots {
    draw_all(validation::ALL, validated, png)
}

/// Draws what a validation with real miners found.
///
/// # Panics
/// Never: drawing to memory with the committed font cannot fail.
pub(crate) fn draw_agreement(findings: &Findings) -> Plots {
    draw_all(agreement::ALL, findings, false)
}

fn draw_all<K>(all: &[Plot<K>], kept: &K, png: bool) -> Plots {
    prepare_font();
    let mut plots = Plots::default();
    for plot in all {
        match (plot.make)(kept) {
            Ok(picture) => plots.drawn.push(DrawnPlot {
                name: plot.name,
                title: plot.title,
                caption: plot.caption,
                svg: vector(plot, &picture),
                png: png.then(|| pixels(plot, &picture)),
                summary: picture.summary,
            }),
            Err(Absent::Missing(reason)) => plots.missing.push((plot.title, reason)),
            Err(Absent::Irrelevant) => {}
        }
    }
    plots
}

/// Names of all plots' files, without ending.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    ALL.iter().map(|plot| plot.name)
}

/// The committed font, known to the plotting library under the name every reader has a font for.
fn prepare_font() {
    static READY: OnceLock<()> = OnceLock::new();
    READY.get_or_init(|| {
        let known = register_font(FONT, FontStyle::Normal, NOTO_SANS);
        assert!(known.is_ok(), "the committed font can be read");
    });
}

fn paint<K>(plot: &Plot<K>, picture: &Picture<'_>, sheet: Sheet<'_>) {
    let area = sheet.into_drawing_area();
    let painted = frame::begin(&area, plot.title, &picture.legend)
        .and_then(|space| (picture.paint)(&area, space))
        .and_then(|()| area.present());
    painted.expect("drawing to memory with the committed font cannot fail");
}

fn size(picture: &Picture<'_>) -> (u32, u32) {
    let side = |pixels| u32::try_from(pixels).expect("a sheet has a size");
    (side(WIDTH), side(picture.height))
}

/// The plot as SVG, with a title and a description for readers who do not see it.
fn vector<K>(plot: &Plot<K>, picture: &Picture<'_>) -> String {
    let (width, height) = size(picture);
    let (mut svg, spots) = (String::new(), RefCell::new(Vec::new()));
    let backend = SVGBackend::with_string(&mut svg, (width, height));
    paint(plot, picture, Sheet::Vector(backend, &spots));
    let svg = slim(&svg);
    let body = svg.split_once('>').map_or("", |(_, body)| body);
    let body = body.trim_end().strip_suffix("</svg>").expect("an SVG ends as one");
    let values = spot::group(&spots.borrow(), escaped);
    let name = plot.name;
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{}\" height=\"{}\" viewBox=\"0 0 {width} {height}\" \
         role=\"img\" aria-labelledby=\"plot-{name}-title plot-{name}-desc\">\n\
         <title id=\"plot-{name}-title\">{}</title>\n<desc id=\"plot-{name}-desc\">{}</desc>{body}{values}</svg>\n",
        width / 2,
        height / 2,
        escaped(plot.title),
        escaped(&picture.summary),
    )
}

/// Text as it may stand between tags of XML.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in clean(text).chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            c => out.push(c),
        }
    }
    out
}

/// The plot as PNG.
fn pixels<K>(plot: &Plot<K>, picture: &Picture<'_>) -> Vec<u8> {
    let (width, height) = size(picture);
    let count = usize::try_from(width * height).expect("a sheet fits memory");
    let mut buffer = vec![0; count * PIXEL_BYTES];
    paint(plot, picture, Sheet::Pixels(BitMapBackend::with_buffer(&mut buffer, (width, height))));
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header().expect("writing to memory");
    writer.write_image_data(&buffer).expect("the buffer has the sheet's size");
    writer.finish().expect("writing to memory");
    bytes
}
