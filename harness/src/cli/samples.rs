//! `assay-harness samples`: a sheet that shows what the model draws.

use crate::backend::ImageRequest;
use crate::cli::backend_args::BackendArgs;
use crate::cli::model_args::ModelArgs;
use crate::cli::outcome::HarnessFailure;
use crate::cli::outcome::HarnessOutcome;
use crate::cli::place::OutputPlace;
use crate::cli::request_args::RequestArgs;
use crate::model::shape::CLASSES;
use crate::picture::RgbPicture;
use clap::Args;
use std::io::Write;
use std::path::PathBuf;

/// Draws a sheet of samples, a row a class.
#[derive(Debug, Args)]
pub(super) struct SamplesArgs {
    /// Images of each class, 1 to 256; their seeds follow one another.
    #[arg(long, value_name = "N", default_value_t = 16, value_parser = clap::value_parser!(u16).range(1..=256))]
    columns: u16,
    #[command(flatten)]
    request: RequestArgs,
    #[command(flatten)]
    backend: BackendArgs,
    #[command(flatten)]
    model: ModelArgs,
    /// The sheet as PNG.
    #[arg(long, value_name = "FILE", default_value = "samples.png")]
    out: PathBuf,
    /// Pixels of the sheet along a side of each of an image's, 1 to 64.
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u8).range(1..=64))]
    scale: u8,
}

/// Runs `assay-harness samples`; tells how it ended.
///
/// # Errors
/// When the weights are refused, the device fails, or a file cannot be written.
pub(super) fn run(
    args: &SamplesArgs,
    out: &mut dyn Write,
) -> Result<HarnessOutcome, HarnessFailure> {
    let columns = u64::from(args.columns);
    let places = (0..CLASSES)
        .zip(0u64..)
        .flat_map(|(class, row)| (0..columns).map(move |column| (class, row * columns + column)));
    let requests: Vec<ImageRequest> = places
        .map(|(class, later)| args.request.request(class, later))
        .collect::<Result<_, _>>()?;
    let weights = args.model.load()?;
    let place = OutputPlace::begin(&args.out)?;
    let paintings = args.backend.open(weights)?.painter().paint(&requests)?;
    let images: Vec<RgbPicture> =
        paintings.iter().map(|p| RgbPicture::square(p.side, &p.pixels)).collect();
    let sheet = RgbPicture::sheet(&images, usize::from(args.columns));
    place.write(&sheet.enlarged(usize::from(args.scale)).png()?)?;
    writeln!(out, "samples  {} ({} images)", args.out.display(), images.len())?;
    Ok(HarnessOutcome::Done)
}
