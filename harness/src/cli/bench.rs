//! `assay-harness bench`: how fast the device is, kernel by kernel and image by image, beside what it can do.

use crate::backend::KernelTime;
use crate::backend::Request;
use crate::cli::backend_args::BackendArgs;
use crate::cli::backend_args::Opened;
use crate::cli::bench_figures::Figures;
use crate::cli::bench_figures::ImageFigures;
use crate::cli::bench_figures::KernelFigures;
use crate::cli::bench_table;
use crate::cli::model_args::ModelArgs;
use crate::cli::outcome::Failure;
use crate::cli::outcome::Outcome;
use crate::cli::place::Place;
use crate::cli::request_args::RequestArgs;
use crate::model::shape::CLASSES;
use clap::Args;
use std::io::Write;
use std::path::PathBuf;
use std::time::Duration;
use std::time::SystemTime;

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

const GIGA: f64 = 1e9;

/// Runs the verb.
pub(super) fn run(args: &BenchArgs, out: &mut dyn Write) -> Result<Outcome, Failure> {
    let request = args.request.request(0, 0)?;
    let weights = args.model.load()?;
    let place = args.json.as_deref().map(Place::begin).transpose()?;
    let mut opened = args.backend.open(weights.clone())?;
    let threads = if matches!(opened, Opened::Cpu(_)) { args.backend.threads().get() } else { 1 };
    let largest = args.batch.iter().max().map_or(1, |batch| usize::from(*batch));
    let kernel_batch = opened.batch_max(&request, largest)?;
    let peak = opened.peak_operations_a_second()? / GIGA;
    let kernels = opened.profile(&request, kernel_batch)?.into_iter().map(kernel).collect();
    let halves = if request.guidance().is_some() { 2.0 } else { 1.0 };
    let operations = halves * f64::from(request.steps()) * weights.shape().operations_a_step();
    let mut images = Vec::new();
    for batch in &args.batch {
        images.push(image(args, &mut opened, usize::from(*batch), operations)?);
    }
    let figures = Figures {
        date: date(SystemTime::now()),
        maker: opened.painter().maker(),
        processor: processor(),
        threads,
        model: weights.shape(),
        steps: request.steps(),
        guided: request.guidance().is_some(),
        peak_gflop_per_s: peak,
        kernel_batch,
        kernels,
        images,
    };
    bench_table::print(&figures, out)?;
    if let Some(place) = place {
        let text = serde_json::to_string_pretty(&figures).expect("figures can be written");
        place.write((text + "\n").as_bytes())?;
    }
    Ok(Outcome::Done)
}

fn kernel(time: KernelTime) -> KernelFigures {
    let seconds = time.took.as_secs_f64();
    #[expect(clippy::cast_precision_loss, reason = "a call has far fewer than 2^53 operations")]
    let operations = time.operations as f64;
    KernelFigures {
        name: time.name,
        calls_per_step: time.calls,
        us: seconds * 1e6,
        gflop_per_s: operations / seconds / GIGA,
    }
}

fn image(
    args: &BenchArgs,
    opened: &mut Opened,
    batch: usize,
    operations: f64,
) -> Result<ImageFigures, Failure> {
    let requests: Vec<Request> = (0..batch)
        .zip(0..)
        .map(|(image, later)| args.request.request(image % CLASSES, later))
        .collect::<Result<_, _>>()?;
    let painter = opened.painter();
    // The first run makes memory and plans; it does not count.
    painter.paint(&requests)?;
    let mut best = Duration::MAX;
    for _ in 0..args.rounds {
        let start = std::time::Instant::now();
        painter.paint(&requests)?;
        best = best.min(start.elapsed());
    }
    #[expect(clippy::cast_precision_loss, reason = "a batch is small")]
    let seconds = best.as_secs_f64() / batch as f64;
    Ok(ImageFigures {
        batch,
        ms_per_image: seconds * 1e3,
        images_per_s: 1.0 / seconds,
        gflop_per_s: operations / seconds / GIGA,
    })
}

/// The processor's name as Linux tells it.
fn processor() -> Option<String> {
    let text = std::fs::read_to_string("/proc/cpuinfo").ok()?;
    let line = text.lines().find(|line| line.starts_with("model name"))?;
    Some(line.split_once(':')?.1.trim().to_string())
}

/// The day as YYYY-MM-DD.
/// Source: H. Hinnant, "chrono-compatible low-level date algorithms", `civil_from_days`.
fn date(time: SystemTime) -> String {
    const DAY: u64 = 86_400;
    let seconds = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs();
    let days = seconds / DAY + 719_468;
    let (era, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let of_year = day - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let of_month = of_year - (153 * month + 2) / 5 + 1;
    let (month, later) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    format!("{:04}-{month:02}-{of_month:02}", era * 400 + year + later)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_have_their_dates() {
        let day = |days: u64| date(SystemTime::UNIX_EPOCH + Duration::from_hours(24 * days + 5));
        assert_eq!(day(0), "1970-01-01");
        assert_eq!(day(11_016), "2000-02-29");
        assert_eq!(day(20_454), "2026-01-01");
    }
}
