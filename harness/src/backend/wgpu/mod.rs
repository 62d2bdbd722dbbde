//! Images on a device through wgpu.

mod buffers;
mod draft;
mod plan;
mod profile;

use crate::backend::Generation;
use crate::backend::ImageBackend;
use crate::backend::ImageRequest;
use crate::backend::Maker;
use crate::backend::wgpu::buffers::BufferId;
use crate::backend::wgpu::buffers::SLOTS;
use crate::backend::wgpu::buffers::Size;
use crate::backend::wgpu::buffers::bytes;
use crate::gpu::Pipelines;
use crate::gpu::device::Device;
use crate::gpu::device::DeviceError;
use crate::kernels::shader::DeviceClass;
use crate::model::noise;
use crate::model::noise::Use;
use crate::model::schedule;
use crate::model::shape::NULL_CLASS;
use crate::model::weights::ModelWeights;
use draft::CommandList;
use draft::KernelDispatch;
use plan::GenerationPlan;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Instant;

/// Plans kept for sizes seen before.
const PLANS_KEPT: usize = 8;
/// Most operations on floats of one submission, on software and on a GPU: a fraction of the longest wait on the slowest
/// of either kind. A digit in 50 steps needs a third of 1e9.
const OPERATIONS_MAX: [u64; 2] = [40_000_000_000, 4_000_000_000_000];
/// A small and a large batch, which between them need every kernel.
const BATCHES_SEEN: [usize; 2] = [1, 256];

/// The backend that makes images on a device, through wgpu.
#[derive(Debug)]
pub struct Wgpu {
    device: Device,
    class: DeviceClass,
    weights: Arc<ModelWeights>,
    weights_buffer: ::wgpu::Buffer,
    pipelines: Pipelines,
    plans: Vec<GenerationPlan>,
}

impl Wgpu {
    /// A backend on an open device: builds every pipeline and hands over the weights.
    ///
    /// # Errors
    ///
    /// When the device cannot hold the weights or fails.
    pub fn new(device: Device, weights: Arc<ModelWeights>) -> Result<Self, DeviceError> {
        let software = device.description().is_software();
        Self::with_class(
            device,
            weights,
            if software { DeviceClass::Software } else { DeviceClass::Gpu },
        )
    }

    /// The same with the kernels made for a GPU, whatever the device is: they change no bit.
    ///
    /// # Errors
    ///
    /// When the device cannot hold the weights or fails.
    pub fn with_gpu_kernels(
        device: Device,
        weights: Arc<ModelWeights>,
    ) -> Result<Self, DeviceError> {
        Self::with_class(device, weights, DeviceClass::Gpu)
    }

    fn with_class(
        device: Device,
        weights: Arc<ModelWeights>,
        class: DeviceClass,
    ) -> Result<Self, DeviceError> {
        let usage = ::wgpu::BufferUsages::STORAGE | ::wgpu::BufferUsages::COPY_DST;
        let buffer = device.buffer("the weights", bytes(weights.count()), usage)?;
        device.queue.write_buffer(&buffer, 0, bytemuck::cast_slice(weights.values()));
        let mut kernels = BTreeSet::new();
        for batch in BATCHES_SEEN {
            let size = Size { shape: weights.shape(), batch, steps: 2, guidance: None };
            let draft = CommandList::brief(weights.places(), class, size);
            kernels.extend(draft.dispatches.iter().map(|dispatch| dispatch.kernel));
        }
        let pipelines = Pipelines::build(&device, class, &kernels)?;
        device.check()?;
        let plans = Vec::new();
        Ok(Self { device, class, weights, weights_buffer: buffer, pipelines, plans })
    }

    /// The device that makes the images.
    #[must_use]
    pub fn device(&self) -> &Device {
        &self.device
    }

    /// Most images that are made at one time, up to `wanted`.
    ///
    /// # Errors
    ///
    /// When not even one can be.
    pub fn batch_max(&self, request: &ImageRequest, wanted: usize) -> Result<usize, DeviceError> {
        let allowed = self.device.description().buffer_bytes_max;
        let limit = self.device.description().workgroups_max;
        let mut batch = wanted;
        loop {
            let size = self.size(request, batch);
            let needed = BufferId::bytes_max(size);
            let draft = self.draft(size);
            let quick = |d: &KernelDispatch| batch == 1 || d.operations <= self.operations_max();
            let fits = |d: &KernelDispatch| d.workgroups <= limit && quick(d);
            if needed <= allowed && draft.dispatches.iter().all(fits) {
                return Ok(batch);
            }
            if batch == 1 {
                let what = format!("one image in {} steps", request.steps());
                return Err(DeviceError::TooLarge { what, needed, allowed });
            }
            batch = batch.div_ceil(2);
        }
    }

    /// Most operations of one submission.
    fn operations_max(&self) -> u64 {
        OPERATIONS_MAX[usize::from(self.class == DeviceClass::Gpu)]
    }

    fn draft(&self, size: Size) -> CommandList<'_> {
        CommandList::brief(self.weights.places(), self.class, size)
    }

    fn size(&self, request: &ImageRequest, batch: usize) -> Size {
        let steps = usize::try_from(request.steps()).expect("few steps");
        Size { shape: self.weights.shape(), batch, steps, guidance: request.guidance() }
    }

    /// The plan for a size, made if it is new.
    fn plan(&mut self, size: Size) -> Result<usize, DeviceError> {
        if let Some(index) = self.plans.iter().position(|plan| plan.size == size) {
            return Ok(index);
        }
        let draft = CommandList::whole(self.weights.places(), self.class, size);
        let weights = &self.weights_buffer;
        let plan = GenerationPlan::new(&self.device, &self.pipelines, weights, (draft, size))?;
        let features = schedule::steps(u32::try_from(size.steps).expect("few"), size.shape.width());
        let target = plan.buffers.get(BufferId::Features);
        self.device.queue.write_buffer(target, 0, bytemuck::cast_slice(&features));
        if self.plans.len() == PLANS_KEPT {
            self.plans.remove(0);
        }
        self.plans.push(plan);
        Ok(self.plans.len() - 1)
    }

    fn paint_batch(&mut self, requests: &[ImageRequest]) -> Result<Vec<Generation>, DeviceError> {
        let start = Instant::now();
        let size = self.size(&requests[0], requests.len());
        let index = self.plan(size)?;
        let plan = &self.plans[index];
        self.hand_over(plan, requests);
        let mut encoder = self.device.encoder();
        let mut recorded = 0;
        for dispatches in plan.dispatches.chunk_by(within(self.operations_max())) {
            if recorded > 0 {
                self.device.work(encoder.finish())?;
                encoder = self.device.encoder();
            }
            let mut pass = encoder.begin_compute_pass(&::wgpu::ComputePassDescriptor::default());
            for dispatch in dispatches {
                plan.record(&self.pipelines, &mut pass, dispatch);
            }
            recorded += dispatches.len();
        }
        let staging = &plan.buffers.staging;
        let history = plan.buffers.get(BufferId::History);
        let pixels = plan.buffers.get(BufferId::Pixels);
        let [one, two] =
            [BufferId::History, BufferId::Pixels].map(|place| bytes(place.floats(size)));
        encoder.copy_buffer_to_buffer(history, 0, staging, 0, one);
        encoder.copy_buffer_to_buffer(pixels, 0, staging, one, two);
        let read = self.device.finish(encoder.finish(), staging)?;
        let took = start.elapsed();
        let floats: Vec<f32> = bytemuck::pod_collect_to_vec(&read);
        let (history, pixels) = floats.split_at(BufferId::History.floats(size));
        Ok((0..size.batch).map(|image| gather(size, (history, pixels), image, took)).collect())
    }

    /// Writes noise and classes.
    fn hand_over(&self, plan: &GenerationPlan, requests: &[ImageRequest]) {
        let pixels = plan.size.shape.pixels();
        let noise: Vec<f32> =
            requests.iter().flat_map(|r| noise::normal(r.seed(), Use::Image, pixels)).collect();
        let slots = slots(requests, plan.size.guidance.is_some());
        let queue = &self.device.queue;
        queue.write_buffer(plan.buffers.get(BufferId::Noise), 0, bytemuck::cast_slice(&noise));
        queue.write_buffer(&plan.buffers.slots, 0, bytemuck::cast_slice(&slots));
    }
}

impl ImageBackend for Wgpu {
    fn maker(&self) -> Maker {
        Maker {
            backend: "wgpu".to_string(),
            adapter: Some(self.device.description().clone()),
            shaders_sha256: Some(self.pipelines.hash().to_string()),
        }
    }

    /// Neighbours with equal steps and guidance share a submission.
    fn paint(&mut self, requests: &[ImageRequest]) -> Result<Vec<Generation>, DeviceError> {
        let mut paintings = Vec::with_capacity(requests.len());
        let alike = |a: &ImageRequest, b: &ImageRequest| {
            a.steps() == b.steps() && a.guidance() == b.guidance()
        };
        for group in requests.chunk_by(alike) {
            for batch in group.chunks(self.batch_max(&group[0], group.len())?) {
                paintings.extend(self.paint_batch(batch)?);
            }
        }
        Ok(paintings)
    }
}

/// Whether the second of two dispatches still belongs to the submission of the first.
fn within(operations_max: u64) -> impl FnMut(&KernelDispatch, &KernelDispatch) -> bool {
    let mut sum = 0;
    move |a, b| {
        sum += a.operations;
        let fits = sum + b.operations <= operations_max;
        if !fits {
            sum = 0;
        }
        fits
    }
}

/// Classes of the slots, then the slot of each image, with guidance followed by those for none.
fn slots(requests: &[ImageRequest], guided: bool) -> Vec<u32> {
    let mut classes: Vec<usize> = requests.iter().map(ImageRequest::class).collect();
    classes.sort_unstable();
    classes.dedup();
    let narrow = |x: usize| u32::try_from(x).expect("few classes");
    let slot = |r: &ImageRequest| narrow(classes.partition_point(|c| *c < r.class()));
    let images: Vec<u32> = requests.iter().map(slot).collect();
    let none = narrow(requests.len().min(NULL_CLASS));
    let mut out: Vec<u32> = classes.iter().map(|c| narrow(*c)).collect();
    out.resize(SLOTS, 0);
    if guided {
        out[requests.len().min(NULL_CLASS)] = narrow(NULL_CLASS);
    }
    out.extend(&images);
    if guided {
        out.extend(images.iter().map(|_| none));
    }
    out
}

/// One image out of a batch.
fn gather(
    size: Size,
    (history, pixels): (&[f32], &[f32]),
    image: usize,
    took: std::time::Duration,
) -> Generation {
    let one = size.shape.pixels();
    let own = history.chunks_exact(size.batch * one).flat_map(|step| &step[image * one..][..one]);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "whole, 0 to 255")]
    let pixels = pixels[image * one..][..one].iter().map(|x| *x as u8).collect();
    Generation::new(&own.copied().collect::<Vec<_>>(), pixels, took)
}

#[cfg(test)]
mod tests;
