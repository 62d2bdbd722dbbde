//! `assay-harness generate`: one image and its receipt.

use crate::cli::backend_args::BackendArgs;
use crate::cli::model_args::ModelArgs;
use crate::cli::outcome::HarnessFailure;
use crate::cli::outcome::HarnessOutcome;
use crate::cli::place::OutputPlace;
use crate::cli::request_args::RequestArgs;
use crate::picture::RgbPicture;
use crate::receipt::Receipt;
use anyhow::anyhow;
use clap::Args;
use std::io::Write;
use std::path::PathBuf;

/// Makes one image, and a receipt by which another can check it.
#[derive(Debug, Args)]
pub(super) struct GenerateArgs {
    /// The digit to draw, 0 to 9.
    #[arg(long, value_name = "DIGIT")]
    class: usize,
    #[command(flatten)]
    request: RequestArgs,
    #[command(flatten)]
    backend: BackendArgs,
    #[command(flatten)]
    model: ModelArgs,
    /// The image as PNG.
    #[arg(long, value_name = "FILE", default_value = "image.png")]
    out: PathBuf,
    /// The receipt as JSON; without it beside the image, with the ending .json.
    #[arg(long, value_name = "FILE")]
    receipt: Option<PathBuf>,
    /// Pixels of the PNG along a side of each of the image's, 1 to 64; the receipt is about the image's own.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=64))]
    scale: u8,
}

/// Runs `assay-harness generate`; tells how it ended.
///
/// # Errors
/// When weights or request cannot be, the device fails, or a file cannot be written.
pub(super) fn run(
    args: &GenerateArgs,
    out: &mut dyn Write,
) -> Result<HarnessOutcome, HarnessFailure> {
    let request = args.request.request(args.class, 0)?;
    let image_place = OutputPlace::begin(&args.out)?;
    let receipt_file = args.receipt.clone().unwrap_or_else(|| args.out.with_extension("json"));
    if receipt_file == args.out {
        let file = args.out.display();
        return Err(HarnessFailure::input(anyhow!("{file}: image and receipt cannot be one file")));
    }
    let weights = args.model.load()?;
    let receipt_place = OutputPlace::begin(&receipt_file)?;
    let mut opened = args.backend.open(weights.clone())?;
    let painter = opened.painter();
    let paintings = painter.paint(&[request])?;
    let [painting] = &paintings[..] else { unreachable!("one request gives one image") };
    let receipt = Receipt::new(&weights, &request, painter.maker(), painting);
    let picture = RgbPicture::square(painting.side, &painting.pixels);
    let png = picture.enlarged(usize::from(args.scale)).png()?;
    // An image that stands without its receipt would claim nothing, a receipt without its image could still be checked.
    receipt_place.write(receipt.text().as_bytes())?;
    image_place.write(&png)?;
    let side = painting.side;
    writeln!(out, "image    {} ({side} x {side} pixels)", args.out.display())?;
    writeln!(out, "receipt  {}", receipt_file.display())?;
    writeln!(out, "pixels   {}", painting.pixels_hash())?;
    writeln!(out, "took     {:.1} ms", painting.took.as_secs_f64() * 1e3)?;
    Ok(HarnessOutcome::Done)
}
