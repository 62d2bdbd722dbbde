//! How fast a device is, by batch and model size.

use crate::backend::ImageRequest;
use crate::cli::backend_args::BackendArgs;
use crate::cli::bench_figures::BenchFigures;
use crate::cli::bench_measure;
use crate::cli::bench_measure::BenchPlan;
use crate::cli::bench_table;
use crate::cli::outcome::HarnessFailure;
use crate::cli::survey::left_out;
use crate::cli::survey::left_out::ModelLeftOut;
use crate::model::shape::ModelShape;
use crate::model::weights::ModelWeights;
use std::sync::Arc;
use std::time::Duration;

/// Models that are measured: width, depth, tokens. Source: ours: the shipped size, then some 60, 130 and 2,100 times its work.
const SIZES: [[usize; 3]; 4] = [[64, 4, 16], [256, 4, 64], [256, 8, 64], [512, 8, 256]];
/// Batches that are measured. Source: ours.
const BATCHES: [usize; 5] = [1, 4, 16, 64, 256];
/// Steps of an image. Source: the default of `assay-harness generate`.
const STEPS: u32 = 50;
/// Runs of a batch. Source: the default of `assay-harness bench`.
const ROUNDS: u16 = 3;
/// Longest time that a batch may be expected to take. Source: ours, so that a survey takes minutes.
const PATIENCE: Duration = Duration::from_secs(5);

/// Measures models of every size that the device can hold; the others go to `left_out`.
///
/// # Errors
/// When the device fails for another reason than that a model is too large.
pub(super) fn measure(
    device: &BackendArgs,
    left_out: &mut Vec<ModelLeftOut>,
) -> Result<Vec<BenchFigures>, HarnessFailure> {
    let mut found = Vec::new();
    for size in SIZES {
        found.extend(measure_size(size, device, left_out)?);
    }
    Ok(found)
}

fn measure_size(
    [width, depth, tokens]: [usize; 3],
    device: &BackendArgs,
    left_out: &mut Vec<ModelLeftOut>,
) -> Result<Option<BenchFigures>, HarnessFailure> {
    let shape = ModelShape::new(width, depth, tokens).map_err(HarnessFailure::input)?;
    let weights = Arc::new(ModelWeights::seeded(shape, 0).map_err(HarnessFailure::input)?);
    let mut opened = device.open(weights)?;
    let request = ImageRequest::new(0, 0, STEPS, None).map_err(HarnessFailure::input)?;
    if !left_out::fits(&opened, &request, ("speed", shape), left_out)? {
        return Ok(None);
    }
    let plan = BenchPlan { request, batches: BATCHES.to_vec(), rounds: ROUNDS, patience: PATIENCE };
    Ok(Some(bench_measure::figures(&mut opened, shape, 1, &plan)?))
}

/// The part for people: whole images of every size, and the kernels of the largest.
pub(super) fn text(found: &[BenchFigures]) -> String {
    let mut lines = Vec::new();
    for figures in found {
        let [width, depth, tokens] =
            [figures.model.width(), figures.model.depth(), figures.model.tokens()];
        let peak = figures.peak_gflop_per_s;
        lines.push(format!(
            "model {width}x{depth}x{tokens}, {} steps, at best {peak:.0} GFLOP/s, each product and sum rounded",
            figures.steps
        ));
        if !figures.images.is_empty() {
            lines.push(bench_table::images(figures).to_string());
        }
        for one in &figures.left_out {
            let (batch, expected) = (one.batch, one.expected_s);
            lines.push(format!("batch {batch} left out: {expected:.0} s or more"));
        }
    }
    if let Some(figures) = found.last() {
        lines.push(format!("kernels of the last model, batch {}", figures.kernel_batch));
        lines.push(bench_table::kernels(figures).to_string());
    }
    lines.join("\n")
}
