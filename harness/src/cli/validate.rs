//! `assay-harness validate`: does the simulator pay miners as real work was paid?

use crate::cli::outcome::HarnessFailure;
use crate::cli::outcome::HarnessOutcome;
use crate::cli::place::OutputPlace;
use crate::cli::run::DeviceRunArgs;
use crate::cli::run::record_all;
use crate::cli::stop;
use anyhow::Context;
use anyhow::anyhow;
use assay_sim::miner::Alarm;
use assay_sim::simulation::EquivalenceMargins;
use assay_sim::simulation::Experiment;
use assay_sim::simulation::RecordedRun;
use clap::Args;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;

/// Fits the simulator to some real runs and judges, on others, whether it pays every class of miners alike.
///
/// With --recordings the real runs are those that `assay-harness run` recorded there, and no device is needed; without it
/// 40 are made now and kept. Exits 0 when it does, 1 when not, 2 when less than half of the variance of scores comes from measured time. Not tested:
/// miners that slow each other on one device, and networks.
#[derive(Debug, Args)]
pub(super) struct EquivalenceArgs {
    #[command(flatten)]
    run: DeviceRunArgs,
    /// Margin of a class's pay share, in points of the pot.
    #[arg(long, value_name = "POINTS", default_value_t = 1.0, value_parser = points)]
    margin: f64,
    /// Multiplies a cohort's fitted service times, to see that a wrong model is rejected; may be given again.
    #[arg(long, value_name = "COHORT=FACTOR", value_parser = slower)]
    slower: Vec<(String, f64)>,
    /// Also writes the verdict as JSON.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Also writes the verdict as a page with a plot.
    #[arg(long, value_name = "FILE")]
    page: Option<PathBuf>,
}

fn points(text: &str) -> Result<f64, String> {
    let points: f64 = text.parse().map_err(|_| "must be a number".to_string())?;
    let is_in_range = points > 0.0 && points <= 100.0;
    if is_in_range { Ok(points) } else { Err("must be above 0 and up to 100".to_string()) }
}

fn slower(text: &str) -> Result<(String, f64), String> {
    let wrong = || "must be COHORT=FACTOR, such as slow=1.2".to_string();
    let (cohort, factor) = text.split_once('=').ok_or_else(wrong)?;
    Ok((cohort.to_string(), factor.parse().map_err(|_| wrong())?))
}

/// Runs `assay-harness validate`; tells how it ended.
///
/// # Errors
/// When scenario or arguments cannot be, the device or the disk fails, or the run was interrupted.
pub(super) fn run(
    args: &EquivalenceArgs,
    out: &mut dyn Write,
) -> Result<HarnessOutcome, HarnessFailure> {
    /// Points of a whole.
    const POINTS: f64 = 100.0;
    let experiment = args.run.scenario.experiment(&args.run.cohort)?;
    let places = [&args.json, &args.page].map(|file| file.as_deref().map(OutputPlace::begin));
    let [json, page] = places.map(Option::transpose);
    let (json, page) = (json?, page?);
    let alarm = Alarm::new(stop::flag());
    let runs = if let Some(folder) = &args.run.recordings {
        replay_all(&experiment, folder, &alarm)?
    } else {
        let studio = args.run.studio(&experiment)?;
        let folder = args.run.recordings_folder(&experiment);
        record_all(&experiment, &studio, (&folder, experiment.validation_replications()), &alarm)?
    };
    let margins = EquivalenceMargins {
        share_margin: args.margin / POINTS,
        slower: args.slower.clone(),
        ..EquivalenceMargins::default()
    };
    let verdict = experiment.validate(runs, &margins, &alarm)?;
    for (place, bytes) in [(json, &verdict.json), (page, &verdict.page)] {
        place.map_or(Ok(()), |place| place.write(bytes))?;
    }
    writeln!(out, "{}", verdict.text)?;
    if !verdict.is_meaningful {
        let text = "too little of the scores comes from measured time: let the polling grid, the ack law and the score's scale fit the device";
        return Err(HarnessFailure::input(anyhow!(text)));
    }
    Ok(if verdict.agrees { HarnessOutcome::Done } else { HarnessOutcome::Different })
}

/// Every recording of a folder.
fn replay_all(
    experiment: &Experiment,
    folder: &Path,
    alarm: &Alarm,
) -> Result<Vec<RecordedRun>, HarnessFailure> {
    let unreadable = || format!("cannot read {}", folder.display());
    let entries = fs::read_dir(folder).with_context(unreadable).map_err(HarnessFailure::Input)?;
    let mut files = Vec::new();
    for entry in entries {
        let path = entry.with_context(unreadable).map_err(HarnessFailure::Input)?.path();
        if path.extension().is_some_and(|ending| ending == "recording") {
            files.push(path);
        }
    }
    files.sort();
    files.iter().map(|file| Ok(experiment.replay(file, alarm)?)).collect()
}
