//! Every dispatch of a generation with its memory, made once for a size: making images is then one submission.

use crate::backend::wgpu::buffers::Buffers;
use crate::backend::wgpu::buffers::Size;
use crate::backend::wgpu::draft::CommandList;
use crate::backend::wgpu::draft::FOUR;
use crate::backend::wgpu::draft::KernelDispatch;
use crate::backend::wgpu::draft::narrow;
use crate::gpu::Parameters;
use crate::gpu::Pipelines;
use crate::gpu::device::Device;
use crate::gpu::device::DeviceError;
use crate::kernels::shader::Kernel;
use std::ops::Range;

/// All of a generation.
#[derive(Debug)]
pub(super) struct GenerationPlan {
    pub(super) size: Size,
    pub(super) buffers: Buffers,
    pub(super) dispatches: Vec<KernelDispatch>,
    parameters: Vec<Parameters>,
    step: Range<usize>,
    bound: Vec<::wgpu::BindGroup>,
    stride: u32,
}

impl GenerationPlan {
    /// Makes the memory for `draft`.
    ///
    /// # Errors
    /// When the device refuses a buffer of the size that is needed.
    pub(super) fn new(
        device: &Device,
        pipelines: &Pipelines,
        weights: &::wgpu::Buffer,
        (draft, size): (CommandList<'_>, Size),
    ) -> Result<Self, DeviceError> {
        let buffers = Buffers::new(device, size)?;
        let one = size_of::<Parameters>();
        let stride =
            narrow(one).next_multiple_of(device.inner.limits().min_uniform_buffer_offset_alignment);
        let step = usize::try_from(stride).expect("a few bytes");
        let mut bytes = vec![0; draft.parameters.len() * step];
        for (place, set) in bytes.chunks_exact_mut(step).zip(&draft.parameters) {
            place[..one].copy_from_slice(bytemuck::bytes_of(set));
        }
        let usage = ::wgpu::BufferUsages::UNIFORM | ::wgpu::BufferUsages::COPY_DST;
        let length = u64::try_from(bytes.len()).expect("a size fits");
        let parameters = device.buffer("parameters", length, usage)?;
        device.queue.write_buffer(&parameters, 0, &bytes);
        let fixed = [&parameters, weights];
        let bound = draft.bound.iter().map(|pair| buffers.bind(device, pipelines, fixed, *pair));
        let bound = bound.collect();
        device.check()?;
        let CommandList { dispatches, parameters, step, .. } = draft;
        Ok(Self { size, buffers, dispatches, parameters, step, bound, stride })
    }

    /// The dispatches of the first step.
    pub(super) fn first_step(&self) -> &[KernelDispatch] {
        &self.dispatches[self.step.clone()]
    }

    /// The kernel of a dispatch and the sizes it works on.
    pub(super) fn name(&self, dispatch: &KernelDispatch) -> String {
        let set = &self.parameters[dispatch.parameters];
        let [rows, inner, columns] = [set.rows, set.inner * FOUR, set.columns * FOUR];
        match dispatch.kernel {
            Kernel::Matmul(tile, ending) => {
                let norm = if tile.normed() == Some(tile) { "norm and " } else { "" };
                format!("{norm}matmul {rows}x{inner}x{columns} {ending:?}").to_lowercase()
            }
            Kernel::LayerNorm => format!("layer norm {rows}x{columns}"),
            Kernel::Attention | Kernel::SmallAttention => format!("attention {rows}x{columns}"),
            Kernel::Feed => format!("norm, feed forward, residual {rows}x{columns}"),
            other => format!("{other:?} {rows}").to_lowercase(),
        }
    }

    /// Records one dispatch of a kernel into the pass.
    pub(super) fn record(
        &self,
        pipelines: &Pipelines,
        pass: &mut ::wgpu::ComputePass<'_>,
        dispatch: &KernelDispatch,
    ) {
        pass.set_pipeline(pipelines.get(dispatch.kernel));
        let offset = narrow(dispatch.parameters) * self.stride;
        pass.set_bind_group(0, &self.bound[dispatch.bound], &[offset]);
        pass.dispatch_workgroups(dispatch.workgroups, 1, 1);
    }
}
