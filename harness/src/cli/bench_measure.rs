//! How fast a backend is: its kernels alone, and whole images by batch.

use crate::backend::ImageBackend;
use crate::backend::ImageRequest;
use crate::backend::KernelTime;
use crate::cli::backend_args::Opened;
use crate::cli::bench_figures::BatchLeftOut;
use crate::cli::bench_figures::BenchFigures;
use crate::cli::bench_figures::ImageFigures;
use crate::cli::bench_figures::KernelFigures;
use crate::cli::day;
use crate::gpu::device::DeviceError;
use crate::model::shape::CLASSES;
use crate::model::shape::ModelShape;
use std::time::Duration;
use std::time::Instant;

/// What is to be measured.
#[derive(Debug)]
pub(super) struct BenchPlan {
    /// The first image of every batch; the others differ from it in class and seed.
    pub(super) request: ImageRequest,
    pub(super) batches: Vec<usize>,
    /// Runs of each batch, of which the fastest counts.
    pub(super) rounds: u16,
    /// Time after which a batch gets no further run; one expected to take longer alone is left out.
    pub(super) patience: Duration,
}

const GIGA: f64 = 1e9;

/// Measures whole images, then the kernels of one step of the largest batch that was measured.
///
/// # Errors
/// When the device fails.
pub(super) fn figures(
    opened: &mut Opened,
    model: ModelShape,
    threads: usize,
    plan: &BenchPlan,
) -> Result<BenchFigures, DeviceError> {
    let request = &plan.request;
    let peak = opened.peak_operations_a_second()?;
    let halves = if request.guidance().is_some() { 2.0 } else { 1.0 };
    let operations = halves * f64::from(request.steps()) * model.operations_a_step();
    let (mut images, mut left_out) = (Vec::<ImageFigures>::new(), Vec::new());
    for &batch in &plan.batches {
        // At first the most that the device does, then what it was last seen to do.
        let rate = images.last().map_or(peak * float(threads), |last| last.gflop_per_s * GIGA);
        let expected_s = operations * float(batch) / rate;
        if expected_s > plan.patience.as_secs_f64() {
            left_out.push(BatchLeftOut { batch, expected_s });
            continue;
        }
        let took = fastest(opened.painter(), &requests(request, batch), plan)?;
        let seconds = took.as_secs_f64() / float(batch);
        images.push(ImageFigures {
            batch,
            ms_per_image: seconds * 1e3,
            images_per_s: 1.0 / seconds,
            gflop_per_s: operations / seconds / GIGA,
        });
    }
    let largest = images.iter().map(|image| image.batch).max().unwrap_or(1);
    let kernel_batch = opened.batch_max(request, largest)?;
    let kernels = opened.profile(request, kernel_batch)?.into_iter().map(kernel).collect();
    Ok(BenchFigures {
        date: day::today(),
        maker: opened.painter().maker(),
        processor: processor(),
        threads,
        model,
        steps: request.steps(),
        guided: request.guidance().is_some(),
        peak_gflop_per_s: peak / GIGA,
        kernel_batch,
        kernels,
        images,
        left_out,
    })
}

/// `batch` images from `first` on, of all classes in turn.
pub(super) fn requests(first: &ImageRequest, batch: usize) -> Vec<ImageRequest> {
    let one = |(later, image): (u64, usize)| {
        let seed = first.seed().wrapping_add(later);
        ImageRequest::new(seed, image % CLASSES, first.steps(), first.guidance())
            .expect("as sound as the first")
    };
    (0..).zip(0..batch).map(one).collect()
}

/// The time of the fastest of some runs.
///
/// # Errors
/// When the device fails.
pub(super) fn fastest(
    painter: &mut dyn ImageBackend,
    requests: &[ImageRequest],
    plan: &BenchPlan,
) -> Result<Duration, DeviceError> {
    // The first run makes memory and plans; it does not count.
    painter.paint(requests)?;
    let begin = Instant::now();
    let mut best = Duration::MAX;
    for _ in 0..plan.rounds {
        let start = Instant::now();
        painter.paint(requests)?;
        best = best.min(start.elapsed());
        if begin.elapsed() > plan.patience {
            break;
        }
    }
    Ok(best)
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

fn float(count: usize) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "a batch is small, and threads are few")]
    let float = count as f64;
    float
}

/// The processor's name as Linux tells it.
pub(super) fn processor() -> Option<String> {
    let text = std::fs::read_to_string("/proc/cpuinfo").ok()?;
    let line = text.lines().find(|line| line.starts_with("model name"))?;
    Some(line.split_once(':')?.1.trim().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backend::cpu::Cpu;
    use crate::model::weights::ModelWeights;
    use std::num::NonZeroUsize;
    use std::sync::Arc;

    fn measured(patience: Duration) -> BenchFigures {
        let weights = Arc::new(ModelWeights::digits());
        let mut cpu = Opened::Cpu(Cpu::new(weights, NonZeroUsize::MIN));
        let request = ImageRequest::new(3, 7, 1, None).unwrap();
        let plan = BenchPlan { request, batches: vec![1, 2], rounds: 1, patience };
        figures(&mut cpu, ModelShape::DIGITS, 1, &plan).unwrap()
    }

    #[test]
    fn a_batch_that_would_take_too_long_is_left_out_and_said() {
        let figures = measured(Duration::ZERO);
        let left_out: Vec<usize> = figures.left_out.iter().map(|one| one.batch).collect();
        assert_eq!((figures.images.len(), left_out), (0, vec![1, 2]));
        assert!(figures.left_out.iter().all(|one| one.expected_s > 0.0));
        assert_eq!(figures.kernel_batch, 1);
    }

    #[test]
    fn with_patience_every_batch_is_measured() {
        let figures = measured(Duration::MAX);
        let batches: Vec<usize> = figures.images.iter().map(|image| image.batch).collect();
        assert_eq!((batches, figures.left_out.len()), (vec![1, 2], 0));
    }

    #[test]
    fn a_batch_begins_with_its_first_seed_and_has_all_classes_in_turn() {
        let first = ImageRequest::new(u64::MAX, 7, 5, Some(2.0)).unwrap();
        let found: Vec<_> = requests(&first, 11).iter().map(|r| (r.seed(), r.class())).collect();
        assert_eq!([found[0], found[1], found[10]], [(u64::MAX, 0), (0, 1), (9, 0)]);
    }
}
