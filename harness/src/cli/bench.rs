//! `assay-harness bench`: how fast the device is, kernel by kernel and image by image, beside what it can do.

use crate::cli::backend_args::BackendArgs;
use crate::cli::backend_args::Opened;
use crate::cli::bench_measure;
use crate::cli::bench_measure::BenchPlan;
use crate::cli::bench_table;
use crate::cli::model_args::ModelArgs;
use crate::cli::outcome::HarnessFailure;
use crate::cli::outcome::HarnessOutcome;
use crate::cli::place::OutputPlace;
use crate::cli::request_args::RequestArgs;
use clap::Args;
use std::io::Write;
use std::path::PathBuf;
use std::time::Duration;

/// Measures kernels and whole images: operations a second beside the device's best, images a second by batch.
#[derive(Debug, Args)]
pub(super) struct BenchArgs {
    #[command(flatten)]
    request: RequestArgs,
    #[command(flatten)]
    backend: BackendArgs,
    #[command(flatten)]
    model: ModelArgs,
    /// Images of a batch; may be a list.
    #[arg(long, value_name = "N", value_delimiter = ',', default_value = "1,4,16", value_parser = clap::value_parser!(u16).range(1..=4096))]
    batch: Vec<u16>,
    /// Runs of each batch, of which the fastest counts.
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u16).range(1..))]
    rounds: u16,
    /// Also writes the figures as JSON, with device, driver and date.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

/// Runs `assay-harness bench`; tells how it ended.
///
/// # Errors
/// When weights or request cannot be, the device fails, or the output is closed.
pub(super) fn run(args: &BenchArgs, out: &mut dyn Write) -> Result<HarnessOutcome, HarnessFailure> {
    let request = args.request.request(0, 0)?;
    let weights = args.model.load()?;
    let place = args.json.as_deref().map(OutputPlace::begin).transpose()?;
    let mut opened = args.backend.open(weights.clone())?;
    let threads = if matches!(opened, Opened::Cpu(_)) { args.backend.threads().get() } else { 1 };
    let batches = args.batch.iter().map(|batch| usize::from(*batch)).collect();
    let plan = BenchPlan { request, batches, rounds: args.rounds, patience: Duration::MAX };
    let figures = bench_measure::figures(&mut opened, weights.shape(), threads, &plan)?;
    bench_table::print(&figures, out)?;
    if let Some(place) = place {
        let text = serde_json::to_string_pretty(&figures).expect("figures can be written");
        place.write((text + "\n").as_bytes())?;
    }
    Ok(HarnessOutcome::Done)
}
