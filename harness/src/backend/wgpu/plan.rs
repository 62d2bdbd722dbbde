//! Every dispatch of a generation, worked out once for a size: making an image is then one submission.

use crate::backend::wgpu::buffers::Buffers;
use crate::backend::wgpu::buffers::Place;
use crate::backend::wgpu::buffers::Size;
use crate::gpu::Parameters;
use crate::gpu::Pipelines;
use crate::gpu::device::Device;
use crate::gpu::device::Error;
use crate::kernels::layer_norm::inverse_width;
use crate::kernels::sampler::step_length;
use crate::kernels::shader::Ending;
use crate::kernels::shader::Kernel;
use crate::model::shape::MODULATIONS;
use crate::model::tensors::Block;
use crate::model::tensors::Layer;
use crate::model::tensors::Places;

/// Values in a group, the unit of the kernels.
const FOUR: usize = 4;

/// One call of a kernel.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Dispatch {
    pub(crate) kernel: Kernel,
    pub(crate) workgroups: u32,
    /// Index of what it is bound to.
    pub(crate) bound: usize,
    /// Index of its parameters.
    pub(crate) parameters: u32,
    /// Operations on floats, a product and a sum counted as two.
    pub(crate) operations: u64,
}

/// All of a generation.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(super) size: Size,
    pub(super) buffers: Buffers,
    pub(crate) dispatches: Vec<Dispatch>,
    bound: Vec<::wgpu::BindGroup>,
    stride: u32,
}

impl Plan {
    pub(super) fn new(
        device: &Device,
        pipelines: &Pipelines,
        (places, weights): (&Places, &::wgpu::Buffer),
        size: Size,
    ) -> Result<Self, Error> {
        let mut draft = Draft::new(pipelines, size);
        draft.write(places);
        let buffers = Buffers::new(device, size)?;
        let align = device.inner.limits().min_uniform_buffer_offset_alignment;
        let one = u32::try_from(std::mem::size_of::<Parameters>()).expect("a few bytes");
        let stride = one.next_multiple_of(align);
        let step = usize::try_from(stride).expect("a few bytes");
        let mut bytes = vec![0; draft.parameters.len() * step];
        for (place, set) in bytes.chunks_exact_mut(step).zip(&draft.parameters) {
            place[..std::mem::size_of::<Parameters>()].copy_from_slice(bytemuck::bytes_of(set));
        }
        let usage = ::wgpu::BufferUsages::UNIFORM | ::wgpu::BufferUsages::COPY_DST;
        let length = u64::try_from(bytes.len()).expect("a size fits");
        let parameters = device.buffer("parameters", length, usage)?;
        device.queue.write_buffer(&parameters, 0, &bytes);
        let bound = draft
            .bound
            .iter()
            .map(|pair| buffers.bind(device, pipelines, [&parameters, weights], *pair))
            .collect();
        device.check()?;
        Ok(Self { size, buffers, dispatches: draft.dispatches, bound, stride })
    }

    /// Whether every dispatch is within the device's limit of workgroups.
    pub(super) fn fits(pipelines: &Pipelines, places: &Places, size: Size, limit: u32) -> bool {
        let mut draft = Draft::new(pipelines, size);
        draft.conditioning(places);
        draft.step(places, 0);
        draft.dispatches.iter().all(|d| d.workgroups <= limit)
    }

    /// Records one dispatch.
    pub(crate) fn record(
        &self,
        pipelines: &Pipelines,
        pass: &mut ::wgpu::ComputePass<'_>,
        dispatch: &Dispatch,
    ) {
        pass.set_pipeline(pipelines.get(dispatch.kernel));
        let offset = dispatch.parameters * self.stride;
        pass.set_bind_group(0, &self.bound[dispatch.bound], &[offset]);
        pass.dispatch_workgroups(dispatch.workgroups, 1, 1);
    }
}

struct Draft<'a> {
    pipelines: &'a Pipelines,
    size: Size,
    common: Parameters,
    parameters: Vec<Parameters>,
    bound: Vec<[Place; 2]>,
    dispatches: Vec<Dispatch>,
}

/// A number that the kernels count with.
fn narrow(x: usize) -> u32 {
    u32::try_from(x).expect("buffers are smaller than 2^32 groups")
}

impl<'a> Draft<'a> {
    fn new(pipelines: &'a Pipelines, size: Size) -> Self {
        let shape = size.shape;
        let common = Parameters {
            columns: narrow(shape.width() / FOUR),
            stride: narrow(shape.width() / FOUR),
            tokens: narrow(shape.tokens()),
            steps: narrow(size.steps),
            modulations: narrow(shape.modulation() / FOUR),
            guided: u32::from(size.guidance.is_some()),
            first: inverse_width(shape.width()),
            second: size.guidance.unwrap_or_default(),
            ..Parameters::default()
        };
        let (parameters, bound, dispatches) = (Vec::new(), Vec::new(), Vec::new());
        Self { pipelines, size, common, parameters, bound, dispatches }
    }

    fn write(&mut self, places: &Places) {
        self.conditioning(places);
        let tokens = self.size.batch * self.size.shape.tokens();
        let grid = narrow(self.size.shape.tokens().isqrt());
        let common = Parameters { rows: narrow(tokens), inner: grid, ..self.common };
        self.add(Kernel::Patch, [Place::Noise, Place::History], common, 0);
        for step in 0..self.size.steps {
            self.step(places, step);
        }
        let source = narrow(self.size.steps * tokens);
        let last = Parameters { source, ..common };
        self.add(Kernel::Unpatch, [Place::History, Place::Pixels], last, FOUR);
    }

    /// Everything that depends on time and class alone: once for all steps.
    fn conditioning(&mut self, places: &Places) {
        let (steps, slots) = (self.size.steps, self.size.slots());
        let [first, second] = places.time;
        let common = self.common;
        self.dense(first, Ending::Silu, [Place::Features, Place::TimeHidden], (steps, common));
        self.dense(second, Ending::Plain, [Place::TimeHidden, Place::Time], (steps, common));
        let rows = slots * steps;
        let weight = narrow(places.label / FOUR);
        let condition = Parameters { rows: narrow(rows), weight, ..common };
        self.add(Kernel::Condition, [Place::Time, Place::Condition], condition, 0);
        let blocks = places.blocks.iter().map(|block| block.modulation);
        let layers = blocks.chain([places.last_modulation]).enumerate();
        for (k, layer) in layers {
            let place = narrow(k * MODULATIONS * self.size.shape.width() / FOUR);
            let common = Parameters { place, stride: common.modulations, ..common };
            self.dense(layer, Ending::Plain, [Place::Condition, Place::Modulations], (rows, common));
        }
    }

    fn step(&mut self, places: &Places, step: usize) {
        let (shape, size) = (self.size.shape, self.size);
        let tokens = size.batch * shape.tokens();
        let common = Parameters { step: narrow(step), ..self.common };
        let into = Parameters {
            source: narrow(step * tokens),
            modulation: narrow(places.position / FOUR),
            ..common
        };
        for half in 0..size.seen() / size.batch {
            let place = narrow(half * tokens * shape.width() / FOUR);
            let half = Parameters { place, ..into };
            self.dense(places.x_in, Ending::Table, [Place::History, Place::Stream], (tokens, half));
        }
        for (k, block) in places.blocks.iter().enumerate() {
            self.block(block, k * MODULATIONS, common);
        }
        self.norm(places.blocks.len() * MODULATIONS, common);
        let out = Parameters { stride: 1, ..common };
        self.dense(places.x_out, Ending::Plain, [Place::Normed, Place::Velocity], (size.rows(), out));
        let steps = u32::try_from(size.steps).expect("few steps");
        let euler = Parameters { rows: narrow(tokens), first: step_length(steps), ..common };
        self.add(Kernel::Sampler, [Place::Velocity, Place::History], euler, 2 * FOUR);
    }

    fn block(&mut self, block: &Block, part: usize, common: Parameters) {
        let (width, rows, tokens) = (self.size.shape.width(), self.size.rows(), self.size.shape.tokens());
        let gate = |part: usize| Parameters { modulation: narrow(part * width / FOUR), ..common };
        let wide = |columns: usize| Parameters { stride: narrow(columns / FOUR), ..common };
        self.norm(part, common);
        self.dense(block.qkv, Ending::Plain, [Place::Normed, Place::Qkv], (rows, wide(3 * width)));
        let attention = Parameters { rows: narrow(rows), ..common };
        let operations = tokens * 4 * width;
        self.add(Kernel::Attention, [Place::Qkv, Place::Mixed], attention, operations);
        self.dense(block.proj, Ending::Gated, [Place::Mixed, Place::Stream], (rows, gate(part + 2)));
        self.norm(part + 3, common);
        let hidden = wide(block.fc1.columns);
        self.dense(block.fc1, Ending::Gelu, [Place::Normed, Place::Hidden], (rows, hidden));
        self.dense(block.fc2, Ending::Gated, [Place::Hidden, Place::Stream], (rows, gate(part + 5)));
    }

    fn norm(&mut self, part: usize, common: Parameters) {
        let (width, rows) = (self.size.shape.width(), narrow(self.size.rows()));
        let modulation = narrow(part * width / FOUR);
        let common = Parameters { rows, modulation, ..common };
        self.add(Kernel::LayerNorm, [Place::Stream, Place::Normed], common, NORM_OPERATIONS * width);
    }

    fn dense(
        &mut self,
        layer: Layer,
        ending: Ending,
        between: [Place; 2],
        (rows, common): (usize, Parameters),
    ) {
        let rows = narrow(rows);
        let common = Parameters {
            rows,
            inner: narrow(layer.inner / FOUR),
            columns: narrow(layer.columns / FOUR),
            weight: narrow(layer.weight / FOUR),
            bias: narrow(layer.bias / FOUR),
            ..common
        };
        let operations = 2 * layer.inner * layer.columns;
        self.add(self.pipelines.matmul(rows, ending), between, common, operations);
    }

    fn add(&mut self, kernel: Kernel, between: [Place; 2], set: Parameters, row_operations: usize) {
        let bound = self.bound.iter().position(|b| *b == between).unwrap_or_else(|| {
            self.bound.push(between);
            self.bound.len() - 1
        });
        let workgroups = self.pipelines.workgroups(kernel, set.rows, set.columns);
        let operations = u64::from(set.rows) * u64::from(narrow(row_operations));
        let parameters = narrow(self.parameters.len());
        self.parameters.push(set);
        self.dispatches.push(Dispatch { kernel, workgroups, bound, parameters, operations });
    }
}

/// Operations of layer norm and modulation for one value: two sums, a difference, a square, and three more.
const NORM_OPERATIONS: usize = 8;
