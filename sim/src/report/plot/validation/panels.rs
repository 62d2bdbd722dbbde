//! Two panels side by side, the whole trace and its last part: a real line, a simulated one with its band.

use crate::base::math;
use crate::report::plot::Picture;
use crate::report::plot::axis::Axis;
use crate::report::plot::axis::number;
use crate::report::plot::brush::Hold;
use crate::report::plot::brush::LINE;
use crate::report::plot::brush::TEXT;
use crate::report::plot::frame::Chart;
use crate::report::plot::frame::HEIGHT;
use crate::report::plot::frame::Space;
use crate::report::plot::palette::BLUE;
use crate::report::plot::palette::INK;
use crate::report::plot::palette::LegendEntry;
use crate::report::plot::palette::Shape;
use crate::report::plot::palette::figure;
use crate::trace::validate::DistributionPlace;
use crate::trace::validate::Distributions;
use crate::trace::validate::StatisticScope;
use crate::trace::validate::ValidationResult;

/// Height of a panel's title [pixels].
const HEADING: i32 = 54;
/// Milliseconds in an hour.
const HOUR_MS: f64 = 3_600_000.0;

/// Most points of a panel that tell their values.
const POINTS_MAX: usize = 60;

/// What the panels show of each part.
pub(super) struct Panels {
    /// The curve that the panels draw.
    pub(super) of: fn(&Distributions) -> &[DistributionPlace],
    /// The axes of a panel.
    pub(super) axes: fn(&[DistributionPlace]) -> (Axis, Axis),
    /// What the places are multiplied by.
    pub(super) scale: f64,
}

/// The instant at which the last part begins, in words.
pub(super) fn last_part(validated: &ValidationResult) -> String {
    format!("last part, from hour {}", number(math::float(validated.from_ms) / HOUR_MS, 0.1))
}

/// The picture of all parts.
pub(super) fn picture<'v>(
    validated: &'v ValidationResult,
    panels: &'static Panels,
    summary: String,
) -> Picture<'v> {
    let heading = |over: StatisticScope| match over {
        StatisticScope::Whole => "whole trace".to_string(),
        StatisticScope::Last => last_part(validated),
    };
    Picture {
        summary,
        legend: vec![
            LegendEntry::new("trace", INK, Shape::Line),
            LegendEntry::new(
                "simulated: median, and 95 % of replications shaded",
                BLUE,
                Shape::Line,
            ),
        ],
        height: HEIGHT,
        paint: Box::new(move |area, space| {
            let columns = space.columns(2);
            for (own, column) in validated.distributions.iter().zip(columns) {
                let inner = Space { top: column.top + HEADING, ..column };
                let places = (panels.of)(own);
                let chart = Chart::new(area, inner, (panels.axes)(places))?;
                let middle = i32::midpoint(chart.at_left(), column.right);
                let at = (middle, column.top + HEADING / 2);
                chart.brush.text(at, &heading(own.over), TEXT, Hold::Middle)?;
                let simulated = |place: &DistributionPlace| {
                    let [low, median, high] = place.simulated?;
                    Some((place.at * panels.scale, low, median, high))
                };
                let band =
                    places.iter().map(|p| simulated(p).map(|(x, low, _, high)| (x, low, high)));
                chart.band(band, BLUE)?;
                let median = places.iter().map(|p| simulated(p).map(|(x, _, y, _)| (x, y)));
                chart.line(median, BLUE, LINE)?;
                let real = places.iter().map(|p| Some((p.at * panels.scale, p.real)));
                chart.line(real, INK, LINE - 2)?;
                for place in places.iter().step_by(places.len().div_ceil(POINTS_MAX).max(1)) {
                    let x = place.at * panels.scale;
                    let own = simulated(place).map(|(_, low, middle, high)| {
                        let [low, middle, high] = [low, middle, high].map(figure);
                        format!(", simulated {middle} ({low} to {high})")
                    });
                    let own = own.unwrap_or_default();
                    let text = format!("at {}: trace {}{own}", figure(x), figure(place.real));
                    chart.brush.value(chart.at(x, place.real), text)?;
                }
            }
            Ok(())
        }),
    }
}
