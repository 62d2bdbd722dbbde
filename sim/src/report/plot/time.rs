//! Lines over time, each with its band over replications.

use crate::base::math;
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
/// Most points of a line; of a longer course neighbours are drawn as their mean. Source: ours, six pixels a point.
const POINTS_MAX: usize = 150;

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
            let highs =
                series.iter().flat_map(|s| [&s.line.high, &s.line.mean]).map(|all| thinned(all));
            let y = Axis::from_zero(y_title, highs.flatten().flatten().map(|high| high * scale));
            let chart = Chart::new(area, space, (x, y))?;
            let epochs: Vec<_> = course.epochs.iter().copied().map(Some).collect();
            let epochs = thinned(&epochs);
            for one in &series {
                let (low, high) = (thinned(&one.line.low), thinned(&one.line.high));
                let ends = low.into_iter().zip(high).zip(&epochs);
                let band =
                    ends.map(|((low, high), epoch)| Some(((*epoch)?, low? * scale, high? * scale)));
                chart.band(band, one.colour)?;
            }
            for one in &series {
                let means = thinned(&one.line.mean).into_iter().zip(&epochs);
                let points = means.map(|(mean, epoch)| Some(((*epoch)?, mean? * scale)));
                chart.line(points, one.colour, LINE)?;
            }
            Ok(())
        }),
    })
}

/// At most [`POINTS_MAX`] values: the means of so many neighbours as that takes, of those that there are.
fn thinned(values: &[Option<f64>]) -> Vec<Option<f64>> {
    let mean = |part: &[Option<f64>]| {
        let present: Vec<f64> = part.iter().flatten().copied().collect();
        (!present.is_empty()).then(|| present.iter().sum::<f64>() / math::float_len(present.len()))
    };
    values.chunks(values.len().div_ceil(POINTS_MAX).max(1)).map(mean).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_course_is_drawn_as_it_is_and_a_long_one_by_the_means_of_neighbours() {
        let short: Vec<_> = (0..150).map(|i| Some(f64::from(i))).collect();
        assert_eq!(thinned(&short), short);
        let mut long: Vec<_> = (0..600).map(|i| Some(f64::from(i))).collect();
        long[5] = None;
        long[8..12].fill(None);
        let drawn = thinned(&long);
        assert_eq!(drawn.len(), POINTS_MAX);
        assert_eq!(drawn[..3], [Some(1.5), Some((4.0 + 6.0 + 7.0) / 3.0), None]);
        assert_eq!(thinned(&[]), []);
    }
}
