//! Lines over time, each with its band over replications.

use crate::base::math;
use crate::report::plot::Absent;
use crate::report::plot::Picture;
use crate::report::plot::axis::Axis;
use crate::report::plot::brush::LINE;
use crate::report::plot::brush::Painted;
use crate::report::plot::frame::Chart;
use crate::report::plot::frame::HEIGHT;
use crate::report::plot::palette::LegendEntry;
use crate::report::plot::palette::figure;
use crate::report::read::Course;
use crate::report::read::Kept;
use crate::report::read::Line;
use plotters::style::RGBColor;

/// Seconds between blocks, and in a minute.
const BLOCK_S: f64 = 12.0;
const MINUTE_S: f64 = 60.0;
/// Most points of a line; of a longer course neighbours are drawn as their mean. Source: ours, six pixels a point.
const POINTS_MAX: usize = 150;
/// Most strips that tell values. Source: ours, as many as a pointer tells apart.
const STRIPS_MAX: usize = 60;
/// Parts of the measured epochs, of which the first and the last are told.
const PARTS: usize = 4;

/// A series over time.
pub(super) struct Series<'k> {
    /// What it is called.
    pub(super) name: &'k str,
    /// The quantity that the series draws.
    pub(super) line: &'k Line,
    /// Colour of the series in the plot.
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
///
/// # Errors
/// When no quantity has a value in any row.
pub(super) fn picture<'k>(
    kept: &'k Kept,
    series: Vec<Series<'k>>,
    legend: Vec<LegendEntry>,
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
            values(&chart, &course.epochs, &series, scale)
        }),
    })
}

/// Strips that tell every line's mean over their epochs.
fn values(chart: &Chart<'_, '_>, epochs: &[f64], series: &[Series<'_>], scale: f64) -> Painted {
    let length = epochs.len().div_ceil(STRIPS_MAX).max(1);
    for (strip, own) in epochs.chunks(length).enumerate() {
        let from = strip * length;
        let (first, last) = (own[0], own[own.len() - 1]);
        let means = series.iter().filter_map(|one| {
            let part = &one.line.mean[from..from + own.len()];
            Some(format!("{} {}", one.name, figure(mean(part)? * scale)))
        });
        let means: Vec<String> = means.collect();
        if means.is_empty() {
            continue;
        }
        let when = if own.len() > 1 {
            format!("epochs {first} to {last}")
        } else {
            format!("epoch {first}")
        };
        // A strip reaches to the next one.
        let end = epochs.get(from + length).copied().unwrap_or(last);
        let (top, bottom) = chart.at_rows();
        let (left, right) = (chart.at(first, 0.0).0, chart.at(end, 0.0).0);
        let text = format!("{when}: {}", means.join(", "));
        chart.brush.value_of_box((left, top), (right.max(left + 2), bottom), text)?;
    }
    Ok(())
}

/// The mean of those that there are.
fn mean(part: &[Option<f64>]) -> Option<f64> {
    let present: Vec<f64> = part.iter().flatten().copied().collect();
    (!present.is_empty()).then(|| present.iter().sum::<f64>() / math::float_len(present.len()))
}

/// Means of a quantity over the first and the last quarter of the measured epochs; none where either has no value.
pub(super) struct Quarters {
    /// The first and the last epoch of either quarter.
    pub(super) epochs: [(f64, f64); 2],
    from: [(usize, usize); 2],
}

impl Quarters {
    /// The quarters of what the course holds after the warm-up; none where fewer than two rows are left.
    pub(super) fn of(kept: &Kept, course: &Course) -> Option<Self> {
        let warm_up = warm_up(kept);
        let start = course.epochs.iter().position(|epoch| *epoch >= warm_up)?;
        let count = course.epochs.len() - start;
        let quarter = count.div_ceil(PARTS);
        if count < 2 {
            return None;
        }
        let from = [(start, start + quarter), (start + count - quarter, start + count)];
        let epochs = from.map(|(a, b)| (course.epochs[a], course.epochs[b - 1]));
        Some(Self { epochs, from })
    }

    /// The means of a quantity over both.
    pub(super) fn means(&self, line: &Line) -> Option<(f64, f64)> {
        let [first, last] = self.from.map(|(a, b)| mean(&line.mean[a..b]));
        first.zip(last)
    }

    /// Which epochs they are, in words.
    pub(super) fn words(&self) -> String {
        let [(a, b), (c, d)] = self.epochs;
        format!(
            "means over epochs {a} to {b} and {c} to {d}, the first and the last quarter of those measured"
        )
    }
}

/// Epochs of warm-up, which are left out.
fn warm_up(kept: &Kept) -> f64 {
    let scenario: Option<toml::Table> = kept.manifest.scenario_text.parse().ok();
    let run = scenario.as_ref().and_then(|s| s.get("run"));
    let epochs = run.and_then(|run| run.get("warm_up_epochs")).and_then(toml::Value::as_integer);
    epochs.and_then(|epochs| u32::try_from(epochs).ok()).map_or(0.0, f64::from)
}

/// At most [`POINTS_MAX`] values: the means of so many neighbours as that takes, of those that there are.
fn thinned(values: &[Option<f64>]) -> Vec<Option<f64>> {
    values.chunks(values.len().div_ceil(POINTS_MAX).max(1)).map(mean).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mean_is_of_the_values_that_there_are() {
        assert_eq!(mean(&[Some(1.0), None, Some(4.0)]), Some(2.5));
        assert_eq!(mean(&[None]), None);
    }

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
