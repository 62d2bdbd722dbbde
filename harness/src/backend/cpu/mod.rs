//! Images on the CPU: the reference, and the default, since it needs no driver.

mod profile;

use crate::backend::Generation;
use crate::backend::ImageBackend;
use crate::backend::ImageRequest;
use crate::backend::Maker;
use crate::gpu::device::DeviceError;
use crate::kernels::activation;
use crate::kernels::attention::HEAD;
use crate::kernels::attention::attention;
use crate::kernels::lanes::Lanes;
use crate::kernels::layer_norm::Modulation;
use crate::kernels::layer_norm::layer_norm;
use crate::kernels::matmul::Dense;
use crate::kernels::matmul::MatmulTarget;
use crate::kernels::matmul::add_gated;
use crate::kernels::patch::PATCH;
use crate::kernels::patch::patch;
use crate::kernels::patch::unpatch;
use crate::kernels::sampler;
use crate::model::noise;
use crate::model::noise::Use;
use crate::model::schedule;
use crate::model::shape::MODULATIONS;
use crate::model::shape::NULL_CLASS;
use crate::model::tensors::Layer;
use crate::model::tensors::TransformerBlock;
use crate::model::weights::ModelWeights;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Instant;

/// The backend that makes images on the processor.
#[derive(Clone, Debug)]
pub struct Cpu {
    weights: Arc<ModelWeights>,
    lanes: Lanes,
    threads: NonZeroUsize,
}

impl Cpu {
    /// A backend on `threads` threads: an image is made by one, a batch by all. The number changes no bit.
    #[must_use]
    pub fn new(weights: Arc<ModelWeights>, threads: NonZeroUsize) -> Self {
        Self { weights, lanes: Lanes::widest(), threads }
    }

    /// The same on other vector instructions, which changes no bit either.
    #[must_use]
    pub fn with_lanes(self, lanes: Lanes) -> Self {
        Self { lanes, ..self }
    }

    /// Makes the images, in the order of the requests.
    ///
    /// # Panics
    ///
    /// When a thread cannot be started.
    #[must_use]
    pub fn make(&self, requests: &[ImageRequest]) -> Vec<Generation> {
        let share = requests.len().div_ceil(self.threads.get()).max(1);
        if share == requests.len() {
            return self.make_in_turn(requests);
        }
        std::thread::scope(|scope| {
            let parts: Vec<_> = requests
                .chunks(share)
                .map(|part| scope.spawn(|| self.make_in_turn(part)))
                .collect();
            let finished = parts.into_iter().map(|p| p.join().expect("painting does not panic"));
            finished.flatten().collect()
        })
    }

    /// Makes an image from noise that was drawn elsewhere, given as tokens, in place of the request's own.
    ///
    /// # Panics
    ///
    /// When there are not as many values as an image has.
    #[must_use]
    pub fn make_from(&self, request: ImageRequest, noise: &[f32]) -> Generation {
        assert_eq!(noise.len(), self.weights.shape().pixels(), "the noise of one image");
        Canvas::new(&self.weights, self.lanes).follow(request, noise.to_vec(), Instant::now())
    }

    /// The velocity of `tokens` at `time` for `class`, 10 meaning none.
    #[must_use]
    pub fn velocity(&self, tokens: &[f32], time: f64, class: usize) -> Vec<f32> {
        let mut canvas = Canvas::new(&self.weights, self.lanes);
        let features = schedule::features(time, self.weights.shape().width());
        let modulation = canvas.modulations(&features, class);
        canvas.velocity(tokens, &modulation);
        canvas.velocity
    }

    fn make_in_turn(&self, requests: &[ImageRequest]) -> Vec<Generation> {
        let mut canvas = Canvas::new(&self.weights, self.lanes);
        requests.iter().map(|request| canvas.paint(*request)).collect()
    }
}

impl ImageBackend for Cpu {
    fn maker(&self) -> Maker {
        Maker { backend: "cpu".to_string(), adapter: None, shaders_sha256: None }
    }

    fn paint(&mut self, requests: &[ImageRequest]) -> Result<Vec<Generation>, DeviceError> {
        Ok(self.make(requests))
    }
}

/// Weights and the memory that one image is made in.
struct Canvas<'a> {
    weights: &'a ModelWeights,
    lanes: Lanes,
    stream: Vec<f32>,
    normed: Vec<f32>,
    qkv: Vec<f32>,
    mixed: Vec<f32>,
    hidden: Vec<f32>,
    added: Vec<f32>,
    scratch: Vec<f32>,
    velocity: Vec<f32>,
}

impl<'a> Canvas<'a> {
    fn new(weights: &'a ModelWeights, lanes: Lanes) -> Self {
        let shape = weights.shape();
        let rows = |width: usize| vec![0.0; shape.tokens() * width];
        Self {
            weights,
            lanes,
            stream: rows(shape.width()),
            normed: rows(shape.width()),
            qkv: rows(3 * shape.width()),
            mixed: rows(shape.width()),
            hidden: rows(shape.hidden()),
            added: rows(shape.width()),
            scratch: rows(HEAD + 1),
            velocity: rows(PATCH),
        }
    }

    fn paint(&mut self, request: ImageRequest) -> Generation {
        let start = Instant::now();
        let shape = self.weights.shape();
        let image = noise::normal(request.seed(), Use::Image, shape.pixels());
        let mut x = vec![0.0; shape.pixels()];
        patch(&image, shape.side(), &mut x);
        self.follow(request, x, start)
    }

    /// Moves the tokens `x` along the flow, step by step.
    fn follow(&mut self, request: ImageRequest, mut x: Vec<f32>, start: Instant) -> Generation {
        let shape = self.weights.shape();
        let features = schedule::steps(request.steps(), shape.width());
        let conditional = self.modulations(&features, request.class());
        let unconditional =
            request.guidance().map(|g| (g, self.modulations(&features, NULL_CLASS)));
        let step = sampler::step_length(request.steps());
        let mut history = x.clone();
        for (i, modulation) in conditional.chunks_exact(shape.modulation()).enumerate() {
            self.velocity(&x, modulation);
            if let Some((guidance, table)) = &unconditional {
                let mut guided = self.velocity.clone();
                self.velocity(&x, &table[i * shape.modulation()..][..shape.modulation()]);
                sampler::guide(self.lanes, &mut guided, &self.velocity, *guidance);
                self.velocity = guided;
            }
            sampler::euler(self.lanes, &mut x, &self.velocity, step);
            history.extend_from_slice(&x);
        }
        let pixels = unpatch(&x, shape.side());
        Generation::new(&history, pixels, start.elapsed())
    }

    /// Shifts, scales and gates of all blocks for each row of `features`, a row a step.
    fn modulations(&self, features: &[f32], class: usize) -> Vec<f32> {
        let (shape, places) = (self.weights.shape(), self.weights.places());
        let (width, total) = (shape.width(), shape.modulation());
        let (mut a, mut b) = (vec![0.0; features.len()], vec![0.0; features.len()]);
        self.apply(places.time[0], features, MatmulTarget::whole(&mut a, width));
        activation::silu(self.lanes, &mut a);
        self.apply(places.time[1], &a, MatmulTarget::whole(&mut b, width));
        let label = &self.weights.values()[places.label + class * width..][..width];
        activation::condition(self.lanes, &b, label, &mut a);
        let mut table = vec![0.0; features.len() / width * total];
        let blocks = places.blocks.iter().map(|block| block.modulation);
        let layers = blocks.chain([places.last_modulation]).enumerate();
        for (k, layer) in layers {
            let offset = k * MODULATIONS * width;
            self.apply(layer, &a, MatmulTarget { values: &mut table, stride: total, offset });
        }
        table
    }

    /// Fills `self.velocity` for the tokens `x`.
    fn velocity(&mut self, x: &[f32], modulation: &[f32]) {
        let weights = self.weights;
        let (width, places) = (weights.shape().width(), weights.places());
        let mut stream = std::mem::take(&mut self.stream);
        self.apply(places.x_in, x, MatmulTarget::whole(&mut stream, width));
        let positions = &weights.values()[places.position..];
        for (h, p) in stream.iter_mut().zip(positions) {
            *h += p;
        }
        let mut parts = modulation.chunks_exact(MODULATIONS * width);
        for (block, modulation) in places.blocks.iter().zip(&mut parts) {
            self.block(block, modulation, &mut stream);
        }
        let last = parts.remainder();
        let shift_scale = Modulation { shift: &last[..width], scale: &last[width..2 * width] };
        layer_norm(self.lanes, &stream, shift_scale, &mut self.normed);
        let mut velocity = std::mem::take(&mut self.velocity);
        self.apply(places.x_out, &self.normed, MatmulTarget::whole(&mut velocity, PATCH));
        (self.stream, self.velocity) = (stream, velocity);
    }

    fn block(&mut self, block: &TransformerBlock, modulation: &[f32], stream: &mut [f32]) {
        let (width, hidden) = (self.weights.shape().width(), self.weights.shape().hidden());
        let part = |k: usize| &modulation[k * width..(k + 1) * width];
        let (weights, lanes) = (self.weights, self.lanes);
        let dense = |layer: Layer, x: &[f32], out: &mut [f32], columns: usize| {
            dense(weights, layer).apply(lanes, x, MatmulTarget::whole(out, columns));
        };
        let [shift, scale, gate] = [part(0), part(1), part(2)];
        layer_norm(lanes, stream, Modulation { shift, scale }, &mut self.normed);
        dense(block.qkv, &self.normed, &mut self.qkv, 3 * width);
        attention(lanes, &self.qkv, &mut self.mixed, &mut self.scratch);
        dense(block.proj, &self.mixed, &mut self.added, width);
        add_gated(lanes, stream, &self.added, gate);
        let [shift, scale, gate] = [part(3), part(4), part(5)];
        layer_norm(lanes, stream, Modulation { shift, scale }, &mut self.normed);
        dense(block.fc1, &self.normed, &mut self.hidden, hidden);
        activation::gelu(lanes, &mut self.hidden);
        dense(block.fc2, &self.hidden, &mut self.added, width);
        add_gated(lanes, stream, &self.added, gate);
    }

    fn apply(&self, layer: Layer, x: &[f32], out: MatmulTarget<'_>) {
        dense(self.weights, layer).apply(self.lanes, x, out);
    }
}

fn dense(weights: &ModelWeights, layer: Layer) -> Dense<'_> {
    let values = weights.values();
    Dense {
        weight: &values[layer.weight..][..layer.inner * layer.columns],
        bias: &values[layer.bias..][..layer.columns],
    }
}
