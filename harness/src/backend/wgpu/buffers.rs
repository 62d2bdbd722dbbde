//! The memory of a plan on the device, and which two buffers a kernel goes between.

use crate::gpu::Parameters;
use crate::gpu::Pipelines;
use crate::gpu::device::Device;
use crate::gpu::device::DeviceError;
use crate::kernels::patch::PATCH;
use crate::model::shape::CLASSES;
use crate::model::shape::ModelShape;
use std::num::NonZeroU64;

/// Classes of the slots, one for each class and none.
pub(super) const SLOTS: usize = CLASSES + 1;
/// Bytes of a float.
const FLOAT: u64 = 4;

/// What a plan is made for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Size {
    pub(super) shape: ModelShape,
    pub(super) batch: usize,
    pub(super) steps: usize,
    pub(super) guidance: Option<f32>,
}

impl Size {
    /// Images that the transformer sees: with guidance each stands for its class and for none.
    pub(super) fn seen(self) -> usize {
        self.batch * if self.guidance.is_some() { 2 } else { 1 }
    }

    /// Rows of tokens that the transformer sees.
    pub(super) fn rows(self) -> usize {
        self.seen() * self.shape.tokens()
    }

    /// Classes that the batch can have at most.
    pub(super) fn slots(self) -> usize {
        self.batch.min(CLASSES) + usize::from(self.guidance.is_some())
    }
}

/// A place in the plan's memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BufferId {
    /// Features of the steps' times.
    Features,
    /// Their first and second layer.
    TimeHidden,
    Time,
    /// Conditioning of every slot and step.
    Condition,
    /// Shifts, scales and gates of every slot and step.
    Modulations,
    /// The noise, as images of pixels.
    Noise,
    /// Tokens before the first step and after each.
    History,
    /// The residual stream that passes through all blocks.
    Stream,
    /// The stream normalised and modulated.
    Normed,
    Qkv,
    /// What attention gives for each token.
    Mixed,
    /// Inside a feed-forward layer.
    Hidden,
    Velocity,
    Pixels,
}

const PLACES: [BufferId; 14] = [
    BufferId::Features,
    BufferId::TimeHidden,
    BufferId::Time,
    BufferId::Condition,
    BufferId::Modulations,
    BufferId::Noise,
    BufferId::History,
    BufferId::Stream,
    BufferId::Normed,
    BufferId::Qkv,
    BufferId::Mixed,
    BufferId::Hidden,
    BufferId::Velocity,
    BufferId::Pixels,
];

impl BufferId {
    fn label(self) -> String {
        format!("{self:?}").to_lowercase()
    }

    /// Number of its floats.
    pub(super) fn floats(self, size: Size) -> usize {
        let shape = size.shape;
        let (width, rows) = (shape.width(), size.rows());
        let pixels = size.batch * shape.pixels();
        match self {
            Self::Features | Self::TimeHidden | Self::Time => size.steps * width,
            Self::Condition => size.slots() * size.steps * width,
            Self::Modulations => size.slots() * size.steps * shape.modulation(),
            Self::Noise | Self::Pixels => pixels,
            Self::History => (size.steps + 1) * pixels,
            Self::Stream | Self::Normed | Self::Mixed => rows * width,
            Self::Qkv => 3 * rows * width,
            Self::Hidden => rows * shape.hidden(),
            Self::Velocity => rows * PATCH,
        }
    }

    /// Largest buffer of a plan of this size [bytes].
    pub(super) fn bytes_max(size: Size) -> u64 {
        let places = PLACES.iter().map(|place| bytes(place.floats(size)));
        places.max().unwrap_or_default().max(staging_bytes(size))
    }
}

/// What is read back: all tokens and the pixels.
fn staging_bytes(size: Size) -> u64 {
    bytes(BufferId::History.floats(size) + BufferId::Pixels.floats(size))
}

pub(super) fn bytes(floats: usize) -> u64 {
    u64::try_from(floats).expect("a size fits") * FLOAT
}

/// The buffers that a plan's places stand for.
#[derive(Debug)]
pub(super) struct Buffers {
    places: Vec<::wgpu::Buffer>,
    pub(super) slots: ::wgpu::Buffer,
    pub(super) staging: ::wgpu::Buffer,
}

impl Buffers {
    /// Makes every buffer of a generation.
    ///
    /// # Errors
    /// When the device refuses a buffer of the size that is needed.
    pub(super) fn new(device: &Device, size: Size) -> Result<Self, DeviceError> {
        use ::wgpu::BufferUsages as Usage;
        let usage = Usage::STORAGE | Usage::COPY_DST | Usage::COPY_SRC;
        let places = PLACES
            .iter()
            .map(|place| device.buffer(&place.label(), bytes(place.floats(size)), usage))
            .collect::<Result<Vec<_>, _>>()?;
        let slots = device.buffer("slots", bytes(SLOTS + size.seen()), usage)?;
        let staging =
            device.buffer("staging", staging_bytes(size), Usage::MAP_READ | Usage::COPY_DST)?;
        Ok(Self { places, slots, staging })
    }

    pub(super) fn get(&self, place: BufferId) -> &::wgpu::Buffer {
        let index = PLACES.iter().position(|p| *p == place).expect("every place is listed");
        &self.places[index]
    }

    /// What a kernel from one place to another is given.
    pub(super) fn bind(
        &self,
        device: &Device,
        pipelines: &Pipelines,
        [parameters, weights]: [&::wgpu::Buffer; 2],
        [source, target]: [BufferId; 2],
    ) -> ::wgpu::BindGroup {
        // While the modulations are being made nothing may read them: the kernel is shown its source instead.
        let table = if target == BufferId::Modulations { source } else { BufferId::Modulations };
        let length = u64::try_from(size_of::<Parameters>()).expect("a few bytes");
        let one_set = ::wgpu::BindingResource::Buffer(::wgpu::BufferBinding {
            buffer: parameters,
            offset: 0,
            size: NonZeroU64::new(length),
        });
        let storage = [weights, self.get(source), self.get(target), self.get(table), &self.slots];
        let storage = storage.map(::wgpu::Buffer::as_entire_binding);
        let entries: Vec<_> = (0..)
            .zip([one_set].into_iter().chain(storage))
            .map(|(binding, resource)| ::wgpu::BindGroupEntry { binding, resource })
            .collect();
        device.inner.create_bind_group(&::wgpu::BindGroupDescriptor {
            label: None,
            layout: pipelines.layout(),
            entries: &entries,
        })
    }
}
