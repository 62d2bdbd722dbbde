//! How long each kernel of a step takes on one thread, and how fast the thread could be at best.

use crate::backend::KernelTime;
use crate::backend::cpu::Canvas;
use crate::backend::cpu::Cpu;
use crate::backend::cpu::dense;
use crate::kernels::activation;
use crate::kernels::attention::attention;
use crate::kernels::layer_norm::Modulation;
use crate::kernels::layer_norm::layer_norm;
use crate::kernels::matmul::MatmulTarget;
use crate::kernels::matmul::add_gated;
use crate::kernels::patch::PATCH;
use crate::kernels::peak;
use crate::kernels::sampler;
use crate::model::tensors::Layer;
use std::hint::black_box;
use std::time::Duration;
use std::time::Instant;

/// Rounds of which the fastest counts (the others were disturbed), and the time of one.
const ROUNDS: usize = 9;
const ROUND: Duration = Duration::from_millis(5);
/// Operations on one value: of layer norm and modulation two sums, a difference, a square and four more; of GELU's
/// exponential, reciprocal and the polynomial around them; of a gate; of a step.
const NORM_OPERATIONS: usize = 8;
const GELU_OPERATIONS: usize = 32;
const GATE_OPERATIONS: usize = 2;
const STEP_OPERATIONS: usize = 2;
/// Rounds of the chains that show the best speed.
const PEAK_ROUNDS: u32 = 20_000;

impl Cpu {
    /// Times every kernel of one step of one image, each alone on one thread.
    #[must_use]
    pub fn profile(&self) -> Vec<KernelTime> {
        let (weights, lanes) = (&*self.weights, self.lanes);
        let (shape, places) = (weights.shape(), weights.places());
        let (tokens, width, depth) = (shape.tokens(), shape.width(), shape.depth());
        let block = &places.blocks[0];
        let mut canvas = Canvas::new(weights, lanes);
        let x = vec![0.5; tokens * shape.hidden()];
        let mut y = vec![0.5; tokens * shape.hidden()];
        let mut times = Vec::new();
        let mut matmul = |name: &str, layer: Layer, calls: usize| {
            let Layer { inner, columns, .. } = layer;
            let time = fastest(|| {
                let target = MatmulTarget::whole(&mut y[..tokens * columns], columns);
                dense(weights, layer).apply(lanes, &x[..tokens * inner], target);
            });
            let name = format!("matmul {tokens}x{inner}x{columns} {name}");
            times.push(kernel(name, calls, 2 * tokens * inner * columns, time));
        };
        matmul("x_in", places.x_in, 1);
        matmul("qkv", block.qkv, depth);
        matmul("proj", block.proj, depth);
        matmul("fc1", block.fc1, depth);
        matmul("fc2", block.fc2, depth);
        matmul("x_out", places.x_out, 1);
        let part = &x[..width];
        let modulation = Modulation { shift: part, scale: part };
        let rows = &x[..tokens * width];
        let time = fastest(|| layer_norm(lanes, rows, modulation, &mut canvas.normed));
        let operations = NORM_OPERATIONS * tokens * width;
        times.push(kernel(format!("layer norm {tokens}x{width}"), 2 * depth + 1, operations, time));
        canvas.qkv.fill(0.5);
        let Canvas { qkv, mixed, scratch, .. } = &mut canvas;
        let time = fastest(|| attention(lanes, qkv, mixed, scratch));
        let operations = 4 * tokens * tokens * width;
        times.push(kernel(format!("attention {tokens}x{width}"), depth, operations, time));
        let hidden = tokens * shape.hidden();
        let time = fastest(|| activation::gelu(lanes, &mut y[..hidden]));
        let name = format!("gelu {tokens}x{}", shape.hidden());
        times.push(kernel(name, depth, GELU_OPERATIONS * hidden, time));
        let time = fastest(|| add_gated(lanes, &mut y[..tokens * width], rows, part));
        let name = format!("gate {tokens}x{width}");
        times.push(kernel(name, 2 * depth, GATE_OPERATIONS * tokens * width, time));
        let pixels = tokens * PATCH;
        let time = fastest(|| sampler::euler(lanes, &mut y[..pixels], &x[..pixels], 1e-9));
        times.push(kernel(format!("sampler {pixels}"), 1, STEP_OPERATIONS * pixels, time));
        times
    }

    /// The most operations on floats that one thread was seen to do in a second.
    #[must_use]
    pub fn peak_operations_a_second(&self) -> f64 {
        let terms = black_box(peak::PeakTerms { factor: 0.5, summand: 0.25 });
        let time = fastest(|| {
            black_box(peak::peak(self.lanes, PEAK_ROUNDS, terms));
        });
        peak::operations_a_round() * f64::from(PEAK_ROUNDS) / time.as_secs_f64()
    }
}

fn kernel(name: String, calls: usize, operations: usize, took: Duration) -> KernelTime {
    let calls = u32::try_from(calls).expect("few calls");
    KernelTime { name, calls, operations: u64::try_from(operations).expect("64 bits"), took }
}

/// Time of one call in the fastest round.
fn fastest(mut work: impl FnMut()) -> Duration {
    let mut round = |calls: u32| {
        let start = Instant::now();
        for _ in 0..calls {
            work();
        }
        start.elapsed()
    };
    let mut calls = 1;
    while round(calls) < ROUND && calls < 1 << 24 {
        calls *= 2;
    }
    let best = (0..ROUNDS).map(|_| round(calls)).min().expect("there are rounds");
    best / calls
}
