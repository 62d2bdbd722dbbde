//! How long jobs take: the share of successes up to each latency.

use crate::report::plot::Absent;
use crate::report::plot::Picture;
use crate::report::plot::Plot;
use crate::report::plot::axis::Axis;
use crate::report::plot::validation::panels;
use crate::report::plot::validation::panels::Panels;
use crate::trace::validate::DistributionPlace;
use crate::trace::validate::Distributions;
use crate::trace::validate::StatisticScope;
use crate::trace::validate::ValidationResult;

pub(super) const PLOT: Plot<ValidationResult> = Plot {
    name: "latency_distribution",
    title: "How long jobs take, real and simulated",
    caption: "Share of successes called back within a time after the request's creation. Steps are habits: many miners \
              answer after the same time.",
    make,
};

/// Seconds of a millisecond.
const SECONDS: f64 = 1e-3;
const PANELS: Panels = Panels { of: latency, axes, scale: SECONDS };

fn latency(own: &Distributions) -> &[DistributionPlace] {
    &own.latency
}

fn axes(places: &[DistributionPlace]) -> (Axis, Axis) {
    let times: Vec<f64> = places.iter().map(|place| place.at * SECONDS).collect();
    (Axis::fitting("Latency [s]", &times), Axis::exact("Share of successes [1]", 0.0, 1.0))
}

fn make(validated: &ValidationResult) -> Result<Picture<'_>, Absent> {
    let last = validated.distributions.iter().find(|own| own.over == StatisticScope::Last);
    let widest = last.and_then(|own| {
        let gap = |place: &DistributionPlace| {
            place.simulated.map(|three| (three[1] - place.real, place.at))
        };
        own.latency.iter().filter_map(gap).max_by(|a, b| a.0.abs().total_cmp(&b.0.abs()))
    });
    let Some((gap, at_ms)) = widest else {
        return Err(Absent::Missing("no request succeeded".to_string()));
    };
    let more = if gap > 0.0 { "more" } else { "fewer" };
    let summary = format!(
        "Widest gap in the last part: within {:.2} s the simulation has {:.1} percentage points {more} of its successes \
         than the trace.",
        at_ms * SECONDS,
        gap.abs() * 100.0
    );
    Ok(panels::picture(validated, &PANELS, summary))
}
