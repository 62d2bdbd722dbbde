//! The dispatches of a generation, worked out from its size alone.

use crate::backend::wgpu::buffers::BufferId;
use crate::backend::wgpu::buffers::Size;
use crate::gpu::Parameters;
use crate::kernels::layer_norm::inverse_width;
use crate::kernels::sampler::step_length;
use crate::kernels::shader::DeviceClass;
use crate::kernels::shader::Ending;
use crate::kernels::shader::Kernel;
use crate::kernels::shader::MatmulTile;
use crate::model::shape::MODULATIONS;
use crate::model::tensors::Layer;
use crate::model::tensors::Places;
use crate::model::tensors::TransformerBlock;
use std::ops::Range;

/// Values in a group, the unit of the kernels.
pub(super) const FOUR: u32 = 4;
const FOUR_PLACES: usize = 4;
/// Operations of layer norm and modulation for one value: two sums, a difference, a square, and four more.
const NORM_OPERATIONS: u32 = 8;

/// One call of a kernel.
#[derive(Clone, Copy, Debug)]
pub(super) struct KernelDispatch {
    pub(super) kernel: Kernel,
    pub(super) workgroups: u32,
    /// Index of what it is bound to.
    pub(super) bound: usize,
    /// Index of its parameters.
    pub(super) parameters: usize,
    /// Operations on floats, a product and a sum counted as two.
    pub(super) operations: u64,
}

/// The dispatches of a generation and what they need.
#[derive(Debug)]
pub(super) struct CommandList<'a> {
    places: &'a Places,
    class: DeviceClass,
    size: Size,
    common: Parameters,
    pub(super) parameters: Vec<Parameters>,
    pub(super) bound: Vec<[BufferId; 2]>,
    pub(super) dispatches: Vec<KernelDispatch>,
    /// Where the dispatches of the first step stand.
    pub(super) step: Range<usize>,
}

/// A number that the kernels count with.
pub(super) fn narrow(x: usize) -> u32 {
    u32::try_from(x).expect("buffers are smaller than 2^32 groups")
}

/// A number of groups of four values.
fn groups(values: usize) -> u32 {
    narrow(values / FOUR_PLACES)
}

fn layer_set(layer: Layer, common: Parameters) -> Parameters {
    Parameters {
        inner: groups(layer.inner),
        columns: groups(layer.columns),
        weight: groups(layer.weight),
        bias: groups(layer.bias),
        ..common
    }
}

impl<'a> CommandList<'a> {
    /// All dispatches of a generation of `size`.
    pub(super) fn whole(places: &'a Places, class: DeviceClass, size: Size) -> Self {
        let mut draft = Self::empty(places, class, size);
        draft.conditioning();
        draft.move_pixels(Kernel::Patch, [BufferId::Noise, BufferId::History], 0);
        for step in 0..size.steps {
            let start = draft.dispatches.len();
            draft.make_step(step);
            if step == 0 {
                draft.step = start..draft.dispatches.len();
            }
        }
        let last = size.steps * size.batch * size.shape.tokens();
        draft.move_pixels(Kernel::Unpatch, [BufferId::History, BufferId::Pixels], last);
        draft
    }

    /// As many of them as show every kernel and the largest dispatch.
    pub(super) fn brief(places: &'a Places, class: DeviceClass, size: Size) -> Self {
        let mut draft = Self::whole(places, class, Size { steps: 1, ..size });
        draft.size = size;
        draft.conditioning();
        draft
    }

    fn empty(places: &'a Places, class: DeviceClass, size: Size) -> Self {
        let shape = size.shape;
        let common = Parameters {
            columns: groups(shape.width()),
            stride: groups(shape.width()),
            tokens: narrow(shape.tokens()),
            steps: narrow(size.steps),
            modulations: groups(shape.modulation()),
            guided: u32::from(size.guidance.is_some()),
            first: inverse_width(shape.width()),
            second: size.guidance.unwrap_or_default(),
            ..Parameters::default()
        };
        let (parameters, bound, dispatches) = (Vec::new(), Vec::new(), Vec::new());
        let step = 0..0;
        Self { places, class, size, common, parameters, bound, dispatches, step }
    }

    fn move_pixels(&mut self, kernel: Kernel, between: [BufferId; 2], source: usize) {
        let grid = narrow(self.size.shape.tokens().isqrt());
        let rows = narrow(self.size.batch * self.size.shape.tokens());
        let set = Parameters { rows, inner: grid, source: narrow(source), ..self.common };
        let operations = if kernel == Kernel::Unpatch { 2 * FOUR } else { 0 };
        self.add(kernel, between, set, operations);
    }

    /// Everything that depends on time and class alone: once for all steps.
    fn conditioning(&mut self) {
        let (steps, slots) = (narrow(self.size.steps), narrow(self.size.slots()));
        let [first, second] = self.places.time;
        // These rows are no tokens.
        let common = Parameters { rows: steps, tokens: 1, ..self.common };
        self.dense(first, Ending::Silu, [BufferId::Features, BufferId::TimeHidden], common);
        self.dense(second, Ending::Plain, [BufferId::TimeHidden, BufferId::Time], common);
        let rows = slots * steps;
        let weight = groups(self.places.label);
        let common = Parameters { rows, weight, ..common };
        self.add(Kernel::Condition, [BufferId::Time, BufferId::Condition], common, FOUR);
        let blocks = self.places.blocks.iter().map(|block| block.modulation);
        let layers = blocks.chain([self.places.last_modulation]).enumerate();
        for (k, layer) in layers {
            let place = groups(k * MODULATIONS * self.size.shape.width());
            let set = Parameters { place, stride: common.modulations, ..common };
            self.dense(layer, Ending::Plain, [BufferId::Condition, BufferId::Modulations], set);
        }
    }

    fn make_step(&mut self, step: usize) {
        let (size, width) = (self.size, self.size.shape.width());
        let tokens = size.batch * size.shape.tokens();
        let rows = narrow(size.rows());
        let common = Parameters { step: narrow(step), rows, ..self.common };
        let into = Parameters {
            rows: narrow(tokens),
            source: narrow(step * tokens),
            modulation: groups(self.places.position),
            ..common
        };
        for half in 0..size.seen() / size.batch {
            let half = Parameters { place: groups(half * tokens * width), ..into };
            self.dense(
                self.places.x_in,
                Ending::Table,
                [BufferId::History, BufferId::Stream],
                half,
            );
        }
        for (k, block) in self.places.blocks.iter().enumerate() {
            self.block(block, k * MODULATIONS, common);
        }
        self.norm(self.places.blocks.len() * MODULATIONS, common);
        let out = Parameters { stride: 1, ..common };
        self.dense(self.places.x_out, Ending::Plain, [BufferId::Normed, BufferId::Velocity], out);
        let steps = u32::try_from(size.steps).expect("few steps");
        let euler = Parameters { rows: narrow(tokens), first: step_length(steps), ..common };
        self.add(Kernel::Sampler, [BufferId::Velocity, BufferId::History], euler, 2 * FOUR);
    }

    fn block(&mut self, block: &TransformerBlock, part: usize, common: Parameters) {
        self.attention(block, part, common);
        if self.class.has_feed(common.tokens, common.columns) {
            return self.feed((block.fc1, block.fc2), part + 3, common);
        }
        let width = self.size.shape.width();
        let gate = |part: usize| Parameters { modulation: groups(part * width), ..common };
        let wide = |columns: usize| Parameters { stride: groups(columns), ..common };
        let set = wide(block.fc1.columns);
        self.normed(part + 3, (block.fc1, Ending::Gelu), BufferId::Hidden, set);
        self.dense(block.fc2, Ending::Gated, [BufferId::Hidden, BufferId::Stream], gate(part + 5));
    }

    /// The half of a block around attention, layer by layer.
    fn attention(&mut self, block: &TransformerBlock, part: usize, common: Parameters) {
        let width = self.size.shape.width();
        let gate = |part: usize| Parameters { modulation: groups(part * width), ..common };
        let wide = |columns: usize| Parameters { stride: groups(columns), ..common };
        let set = wide(block.qkv.columns);
        self.normed(part, (block.qkv, Ending::Plain), BufferId::Qkv, set);
        let operations = FOUR * common.tokens * narrow(width);
        self.add(
            self.class.attention(common.tokens),
            [BufferId::Qkv, BufferId::Mixed],
            common,
            operations,
        );
        self.dense(block.proj, Ending::Gated, [BufferId::Mixed, BufferId::Stream], gate(part + 2));
    }

    /// The feed-forward half of a block in one kernel, which reads and writes the stream and nothing else.
    fn feed(&mut self, (first, last): (Layer, Layer), part: usize, common: Parameters) {
        let width = narrow(self.size.shape.width());
        let set = Parameters {
            weight: groups(first.weight),
            bias: groups(first.bias),
            next_weight: groups(last.weight),
            next_bias: groups(last.bias),
            modulation: groups(part * self.size.shape.width()),
            ..common
        };
        let layers = [first, last].map(|layer| 2 * narrow(layer.inner * layer.columns));
        let operations = layers[0] + layers[1] + NORM_OPERATIONS * width;
        self.add(Kernel::Feed, [BufferId::Normed, BufferId::Stream], set, operations);
    }

    fn norm(&mut self, part: usize, common: Parameters) {
        let width = self.size.shape.width();
        let set = Parameters { modulation: groups(part * width), ..common };
        let operations = NORM_OPERATIONS * narrow(width);
        self.add(Kernel::LayerNorm, [BufferId::Stream, BufferId::Normed], set, operations);
    }

    /// A dense layer on the stream, normalised and modulated: in one kernel where there is such a one.
    fn normed(
        &mut self,
        part: usize,
        (layer, ending): (Layer, Ending),
        target: BufferId,
        common: Parameters,
    ) {
        let modulation = groups(part * self.size.shape.width());
        let set = layer_set(layer, Parameters { modulation, ..common });
        let Some(tile) = self.tile(&set).normed() else {
            self.norm(part, Parameters { stride: set.inner, ..common });
            return self.dense(layer, ending, [BufferId::Normed, target], common);
        };
        let operations = narrow(layer.inner) * (2 * narrow(layer.columns) + NORM_OPERATIONS);
        self.add(Kernel::Matmul(tile, ending), [BufferId::Stream, target], set, operations);
    }

    /// A dense layer on `common.rows` rows.
    fn dense(&mut self, layer: Layer, ending: Ending, between: [BufferId; 2], common: Parameters) {
        let set = layer_set(layer, common);
        let kernel = Kernel::Matmul(self.tile(&set), ending);
        self.add(kernel, between, set, 2 * narrow(layer.inner * layer.columns));
    }

    fn tile(&self, set: &Parameters) -> MatmulTile {
        self.class.tile([set.rows, set.tokens], [set.inner, set.columns])
    }

    fn add(
        &mut self,
        kernel: Kernel,
        between: [BufferId; 2],
        set: Parameters,
        row_operations: u32,
    ) {
        let bound = self.bound.iter().position(|b| *b == between).unwrap_or_else(|| {
            self.bound.push(between);
            self.bound.len() - 1
        });
        let workgroups = kernel.workgroups(self.class, set.rows, set.columns);
        let operations = u64::from(set.rows) * u64::from(row_operations);
        let parameters = self.parameters.len();
        self.parameters.push(set);
        self.dispatches.push(KernelDispatch { kernel, workgroups, bound, parameters, operations });
    }
}
