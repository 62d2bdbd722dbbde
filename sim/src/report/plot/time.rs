//! Lines over time, each with its band over replications.

use crate::report::plot::Absent;
use crate::report::plot::Picture;
use crate::report::plot::axis::Axis;
use crate::report::plot::brush::LINE;
use crate::report::plot::frame::Chart;
use crate::report::plot::frame::HEIGHT;
use crate::report::plot::palette::Entry;
use crate::report::read::Course;
use crate::report::read::Kept;
use crate::report::read::Line;
use plotters::style::RGBColor;

/// Seconds between blocks, and in a minute.
const BLOCK_S: f64 = 12.0;
const MINUTE_S: f64 = 60.0;

/// A series over time.
pub(super) struct Series<'k> {
    /// The quantity.
    pub(super) line: &'k Line,
    /// Its colour.
    pub(super) colour: RGBColor,
}

/// The course of a run.
///
/// # Errors
/// When the folder holds none.
pub(super) fn course(kept: &Kept) -> Result<&Course, Absent> {
    kept.miners.as_ref().ok_or(Absent::Irrelevant)?;
    let reason = || {
        format!("epochs.csv is not kept with these results; `{}` writes it", kept.manifest.command)
    };
    kept.course.as_ref().ok_or_else(|| Absent::Missing(reason()))
}

/// What the axis of time says.
pub(super) fn title(kept: &Kept) -> String {
    let scenario: Option<toml::Table> = kept.manifest.scenario_text.parse().ok();
    let chain = scenario.as_ref().and_then(|s| s.get("chain"));
    let tempo = chain.and_then(|c| c.get("tempo")).and_then(toml::Value::as_integer);
    let blocks = tempo.and_then(|blocks| u32::try_from(blocks).ok());
    blocks.map_or_else(
        || "Epoch".to_string(),
        |blocks| {
            let minutes = f64::from(blocks) * BLOCK_S / MINUTE_S;
            format!("Epoch [{minutes:.0} min each]")
        },
    )
}

/// Lines over time; values are multiplied by `scale`, and shown from 0 up to at least `high`.
pub(super) fn picture<'k>(
    kept: &'k Kept,
    series: Vec<Series<'k>>,
    legend: Vec<Entry>,
    (y_title, scale): (&'k str, f64),
    summary: String,
) -> Result<Picture<'k>, Absent> {
    let course = course(kept)?;
    Ok(Picture {
        summary,
        legend,
        height: HEIGHT,
        paint: Box::new(move |area, space| {
            let ends = [course.epochs.first(), course.epochs.last()];
            let [first, last] = ends.map(|end| end.copied().unwrap_or(0.0));
            let x = Axis::exact(&title(kept), first, last);
            let highs = series.iter().flat_map(|s| s.line.high.iter().chain(&s.line.mean));
            let y = Axis::from_zero(y_title, highs.flatten().map(|high| high * scale));
            let chart = Chart::new(area, space, (x, y))?;
            for one in &series {
                let ends = one.line.low.iter().zip(&one.line.high).zip(&course.epochs);
                let band = ends
                    .map(|((low, high), epoch)| Some((*epoch, (*low)? * scale, (*high)? * scale)));
                chart.band(band, one.colour)?;
            }
            for one in &series {
                let means = one.line.mean.iter().zip(&course.epochs);
                let points = means.map(|(mean, epoch)| Some((*epoch, (*mean)? * scale)));
                chart.line(points, one.colour, LINE)?;
            }
            Ok(())
        }),
    })
}
