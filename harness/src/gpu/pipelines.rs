//! The kernels, translated and built once for a device.

use crate::gpu::device::Device;
use crate::gpu::device::Error;
use crate::gpu::spirv;
use crate::kernels::shader::Ending;
use crate::kernels::shader::Kernel;
use crate::kernels::shader::Tile;
use crate::model::weights::hex;
use sha2::Digest;
use sha2::Sha256;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Rows of an invocation and invocations of a workgroup on a processor that plays a device, which runs a workgroup's
/// invocations eight at a time on one thread. Source: measured on Mesa's lavapipe, see the bench.
const SOFTWARE_ROWS: u32 = 4;
const SOFTWARE_GROUP: u32 = 16;
/// Rows of invocations that share, for few rows of sums and for many, and invocations of a workgroup, on a GPU.
const HEIGHTS: [u32; 2] = [4, 16];
const GPU_GROUP: u32 = 64;
/// Rows of sums from which on the higher tile is used.
const MANY_ROWS: u32 = 1024;

/// Storage that a kernel is given beside its parameters: weights, source, result, modulations, slots; true where it
/// is written.
const STORAGE: [bool; 5] = [false, false, true, false, false];

/// Parameters of one dispatch, as interface.wgsl has them.
#[derive(Clone, Copy, Debug, Default, bytemuck::Pod, bytemuck::Zeroable)]
#[repr(C)]
pub(crate) struct Parameters {
    pub(crate) rows: u32,
    pub(crate) inner: u32,
    pub(crate) columns: u32,
    pub(crate) source: u32,
    pub(crate) place: u32,
    pub(crate) stride: u32,
    pub(crate) weight: u32,
    pub(crate) bias: u32,
    pub(crate) tokens: u32,
    pub(crate) steps: u32,
    pub(crate) step: u32,
    pub(crate) modulation: u32,
    pub(crate) modulations: u32,
    pub(crate) guided: u32,
    pub(crate) first: f32,
    pub(crate) second: f32,
}

/// All pipelines of the model on one device.
#[derive(Debug)]
pub(crate) struct Pipelines {
    layout: wgpu::BindGroupLayout,
    built: BTreeMap<Kernel, wgpu::ComputePipeline>,
    software: bool,
    hash: String,
}

impl Pipelines {
    /// Translates and builds every kernel.
    pub(crate) fn build(device: &Device) -> Result<Self, Error> {
        Self::build_for(device, device.description().is_software())
    }

    /// The same with the tiles made for software, or for a GPU, whatever the device is.
    pub(crate) fn build_for(device: &Device, software: bool) -> Result<Self, Error> {
        let layout = layout(&device.inner);
        let pipeline_layout =
            device.inner.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
                label: Some("kernel"),
                bind_group_layouts: &[Some(&layout)],
                immediate_size: 0,
            });
        let mut hash = Sha256::new();
        let mut built = BTreeMap::new();
        for kernel in kernels(software) {
            let text = kernel.text(group(software));
            hash.update(&text);
            let module = load(&device.inner, &spirv::translate(&text));
            let pipeline =
                device.inner.create_compute_pipeline(&wgpu::ComputePipelineDescriptor {
                    label: Some(&format!("{kernel:?}")),
                    layout: Some(&pipeline_layout),
                    module: &module,
                    entry_point: Some("main"),
                    compilation_options: wgpu::PipelineCompilationOptions::default(),
                    cache: None,
                });
            device.check()?;
            built.insert(kernel, pipeline);
        }
        Ok(Self { layout, built, software, hash: hex(&hash.finalize()) })
    }

    /// The kernel for a dense layer of so many rows.
    pub(crate) fn matmul(&self, rows: u32, ending: Ending) -> Kernel {
        let tile = match self.software {
            true => Tile::Registers { rows: SOFTWARE_ROWS },
            false => Tile::Shared { height: HEIGHTS[usize::from(rows >= MANY_ROWS)] },
        };
        Kernel::Matmul(tile, ending)
    }

    /// Workgroups of `kernel` for so many rows of so many groups of four values.
    pub(crate) fn workgroups(&self, kernel: Kernel, rows: u32, columns: u32) -> u32 {
        kernel.workgroups(group(self.software), rows, columns)
    }

    pub(crate) fn get(&self, kernel: Kernel) -> &wgpu::ComputePipeline {
        self.built.get(&kernel).expect("every kernel is built")
    }

    pub(crate) fn layout(&self) -> &wgpu::BindGroupLayout {
        &self.layout
    }

    /// SHA-256 of all texts.
    pub(crate) fn hash(&self) -> &str {
        &self.hash
    }
}

fn group(software: bool) -> u32 {
    if software { SOFTWARE_GROUP } else { GPU_GROUP }
}

/// Every kernel that a device of the class needs.
fn kernels(software: bool) -> Vec<Kernel> {
    let tiles = match software {
        true => vec![Tile::Registers { rows: SOFTWARE_ROWS }],
        false => HEIGHTS.map(|height| Tile::Shared { height }).to_vec(),
    };
    let endings = [Ending::Plain, Ending::Table, Ending::Silu, Ending::Gelu, Ending::Gated];
    let dense = tiles.iter().flat_map(|tile| endings.map(|ending| Kernel::Matmul(*tile, ending)));
    let others = [
        Kernel::LayerNorm,
        Kernel::Attention,
        Kernel::Condition,
        Kernel::Patch,
        Kernel::Unpatch,
        Kernel::Sampler,
    ];
    dense.chain(others).collect()
}

fn layout(device: &wgpu::Device) -> wgpu::BindGroupLayout {
    let entry = |binding: u32, ty: wgpu::BufferBindingType, dynamic: bool| {
        wgpu::BindGroupLayoutEntry {
            binding,
            visibility: wgpu::ShaderStages::COMPUTE,
            ty: wgpu::BindingType::Buffer {
                ty,
                has_dynamic_offset: dynamic,
                min_binding_size: None,
            },
            count: None,
        }
    };
    let storage = (1..).zip(STORAGE).map(|(binding, written)| {
        entry(binding, wgpu::BufferBindingType::Storage { read_only: !written }, false)
    });
    let entries: Vec<_> =
        [entry(0, wgpu::BufferBindingType::Uniform, true)].into_iter().chain(storage).collect();
    device.create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor {
        label: Some("kernel"),
        entries: &entries,
    })
}

/// Hands SPIR-V to the driver as it is.
#[expect(unsafe_code, reason = "the only door to SPIR-V that forbids contraction, without which bits differ")]
fn load(device: &wgpu::Device, words: &[u32]) -> wgpu::ShaderModule {
    let descriptor = wgpu::ShaderModuleDescriptorPassthrough {
        label: None,
        entry_points: Cow::Owned(vec![wgpu::PassthroughShaderEntryPoint {
            name: Cow::Borrowed("main"),
            workgroup_size: (1, 1, 1),
        }]),
        spirv: Some(Cow::Borrowed(words)),
        ..wgpu::ShaderModuleDescriptorPassthrough::default()
    };
    // SAFETY: the words come from `spirv::translate`, which validates the module with naga and adds decorations only;
    // the kernels hold every index within the buffers that the plan binds to them, which the tests compare bit by bit
    // with the CPU at several sizes, and every loop has a bound.
    unsafe { device.create_shader_module_passthrough(descriptor) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kernel_of_both_classes_is_valid_and_forbids_contraction() {
        for software in [true, false] {
            for kernel in kernels(software) {
                let words = spirv::translate(&kernel.text(group(software)));
                let decorated = words.windows(3).any(|w| w[0] == 3 << 16 | 71 && w[2] == 42);
                let computes = !matches!(kernel, Kernel::Patch);
                assert_eq!(decorated, computes, "{kernel:?}");
            }
        }
    }
}
