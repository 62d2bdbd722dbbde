//! How many jobs each miner gets, the most first.

use crate::base::math;
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
    name: "requests_by_rank",
    title: "Requests of each miner by rank, real and simulated",
    caption: "Miners in the order of their requests, each replication by itself: the line's end says how many miners got \
              any.",
    make,
};

const PANELS: Panels = Panels { of: requests, axes, scale: 1.0 };

fn requests(own: &Distributions) -> &[DistributionPlace] {
    &own.requests
}

fn axes(places: &[DistributionPlace]) -> (Axis, Axis) {
    let tops = places.iter().map(|p| p.simulated.map_or(p.real, |three| three[2].max(p.real)));
    (
        Axis::exact("Rank of the miner [1]", 0.0, math::float_len(places.len().max(1))),
        Axis::from_zero("Requests [1]", tops),
    )
}

fn make(validated: &ValidationResult) -> Result<Picture<'_>, Absent> {
    let told = validated.distributions.iter().filter_map(|own| {
        let part = match own.over {
            StatisticScope::Whole => "the whole trace".to_string(),
            StatisticScope::Last => format!("the {}", panels::last_part(validated)),
        };
        let real = own.requests.iter().filter(|place| place.real > 0.0).count();
        let median = |place: &&DistributionPlace| place.simulated.is_some_and(|three| three[1] > 0.0);
        let simulated = own.requests.iter().filter(median).count();
        let most = own.requests.first()?;
        let most = (most.real, most.simulated.map_or(0.0, |three| three[1]));
        Some(format!(
            "in {part} {real} miners got jobs (simulated {simulated}), the busiest {:.0} (simulated {:.0})",
            most.0, most.1
        ))
    });
    let told: Vec<String> = told.collect();
    if told.is_empty() {
        return Err(Absent::Missing("no miner got a job".to_string()));
    }
    let mut summary = told.join("; ") + ".";
    summary.replace_range(..1, "I");
    Ok(panels::picture(validated, &PANELS, summary))
}
