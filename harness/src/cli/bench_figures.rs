//! The figures that `bench` measures and prints.

use crate::backend::Maker;
use crate::model::shape::ModelShape;
use serde::Serialize;

/// All figures of a benchmark, with what was left out.
#[derive(Debug, Serialize)]
pub(super) struct BenchFigures {
    /// Day of the measurement, in UTC.
    pub(super) date: String,
    pub(super) maker: Maker,
    /// The processor's name, where the system tells it.
    pub(super) processor: Option<String>,
    /// Threads that made images.
    pub(super) threads: usize,
    pub(super) model: ModelShape,
    pub(super) steps: u32,
    pub(super) guided: bool,
    /// The most that was seen to be done, by one thread on the CPU \[1e9 operations / s\].
    pub(super) peak_gflop_per_s: f64,
    /// Images in the batch whose kernels were timed.
    pub(super) kernel_batch: usize,
    pub(super) kernels: Vec<KernelFigures>,
    pub(super) images: Vec<ImageFigures>,
    /// Batches that would have taken too long.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) left_out: Vec<BatchLeftOut>,
}

/// What one kernel does.
#[derive(Debug, Serialize)]
pub(super) struct KernelFigures {
    pub(super) name: String,
    pub(super) calls_per_step: u32,
    /// Of one call \[us\].
    pub(super) us: f64,
    pub(super) gflop_per_s: f64,
}

/// What whole images take in batches of one size.
#[derive(Debug, Serialize)]
pub(super) struct ImageFigures {
    pub(super) batch: usize,
    pub(super) ms_per_image: f64,
    pub(super) images_per_s: f64,
    pub(super) gflop_per_s: f64,
}

/// A batch that was not measured.
#[derive(Debug, Serialize)]
pub(super) struct BatchLeftOut {
    pub(super) batch: usize,
    /// Time that it would take at least, as far as was seen before \[s\].
    pub(super) expected_s: f64,
}
