//! What a session claims beside the results: which part of the service times was measured, and on what.

use crate::math;
use crate::report;
use crate::report::CohortClaim;
use crate::report::Folder;
use crate::report::FolderError;
use crate::report::Judged;
use crate::report::Manifest;
use crate::report::MeasuredClaim;
use crate::scenario::Resolved;
use crate::session::Ran;
use crate::study::Study;
use crate::units::NANOS_PER_MS;

/// Which part of each cohort's service was measured, in all replications together.
pub(super) fn measured(scenario: &Resolved, ran: &[Ran]) -> MeasuredClaim {
    let cohorts = scenario.cohorts();
    let one = |(number, cohort): (usize, &_)| {
        let cohort: &crate::scenario::Cohort = cohort;
        let (mut works, mut took, mut held, mut seen) = (0, 0, 0, 0);
        for ran in ran {
            let is_measured = ran.kept.header.measured.contains(&cohort.name);
            for (place, _, produced) in ran.kept.works() {
                let place = usize::try_from(place).expect("few miners");
                if cohorts.get(place) != Some(&number) {
                    continue;
                }
                works += 1;
                took += produced.took.0;
                held += produced.took.up_to_multiple_of(scenario.miners[place].poll).0;
                seen += if is_measured { produced.took.0 } else { 0 };
            }
        }
        let mean = math::float(took) / math::float(works) / math::float(NANOS_PER_MS);
        CohortClaim {
            cohort: cohort.name.clone(),
            works,
            service_ms_mean: (works > 0).then_some(mean),
            measured_share: if held > 0 { math::float(seen) / math::float(held) } else { 0.0 },
        }
    };
    let device = ran.first().map(|ran| ran.kept.header.device.clone()).unwrap_or_default();
    MeasuredClaim { device, cohorts: scenario.file.cohort.iter().enumerate().map(one).collect() }
}

/// Writes the files of a results folder; gives the invariants that did not hold.
pub(super) fn write(
    scenario: &Resolved,
    study: &Study,
    measured: MeasuredClaim,
    folder: &Folder,
    command: &str,
) -> Result<Vec<String>, FolderError> {
    let judged = Judged::of_study(scenario, study, command);
    let manifest = Manifest { measured: Some(measured), ..Manifest::of(scenario, study, command) };
    let results = report::results_of(scenario, study, &judged, &manifest);
    for (name, bytes) in &results.files {
        folder.write(name, bytes)?;
    }
    Ok(results.broken)
}
