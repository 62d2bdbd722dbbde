//! The kernels, translated and built once for a device.

use crate::gpu::device::Device;
use crate::gpu::device::DeviceError;
use crate::gpu::spirv;
use crate::kernels::shader::DeviceClass;
use crate::kernels::shader::Kernel;
use crate::model::weights::hex;
use sha2::Digest;
use sha2::Sha256;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::collections::BTreeSet;

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
    pub(crate) next_weight: u32,
    pub(crate) next_bias: u32,
}

/// The kernels of one model on one device.
#[derive(Debug)]
pub(crate) struct Pipelines {
    layout: wgpu::BindGroupLayout,
    built: BTreeMap<Kernel, wgpu::ComputePipeline>,
    hash: String,
}

impl Pipelines {
    /// Translates and builds the kernels.
    ///
    /// # Errors
    /// When the device refuses a kernel.
    pub(crate) fn build(
        device: &Device,
        class: DeviceClass,
        kernels: &BTreeSet<Kernel>,
    ) -> Result<Self, DeviceError> {
        let layout = layout(&device.inner);
        let descriptor = wgpu::PipelineLayoutDescriptor {
            label: Some("kernel"),
            bind_group_layouts: &[Some(&layout)],
            immediate_size: 0,
        };
        let pipeline_layout = device.inner.create_pipeline_layout(&descriptor);
        let mut hash = Sha256::new();
        let mut built = BTreeMap::new();
        for kernel in kernels {
            let text = kernel.text(class);
            hash.update(&text);
            let module = load(&device.inner, &spirv::translate(&text));
            let descriptor = wgpu::ComputePipelineDescriptor {
                label: Some(&format!("{kernel:?}")),
                layout: Some(&pipeline_layout),
                module: &module,
                entry_point: Some("main"),
                compilation_options: wgpu::PipelineCompilationOptions::default(),
                cache: None,
            };
            built.insert(*kernel, device.inner.create_compute_pipeline(&descriptor));
            device.check()?;
        }
        Ok(Self { layout, built, hash: hex(&hash.finalize()) })
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

fn layout(device: &wgpu::Device) -> wgpu::BindGroupLayout {
    let entry =
        |binding: u32, ty: wgpu::BufferBindingType, dynamic: bool| wgpu::BindGroupLayoutEntry {
            binding,
            visibility: wgpu::ShaderStages::COMPUTE,
            ty: wgpu::BindingType::Buffer {
                ty,
                has_dynamic_offset: dynamic,
                min_binding_size: None,
            },
            count: None,
        };
    let storage = (1..).zip(STORAGE).map(|(binding, written)| {
        entry(binding, wgpu::BufferBindingType::Storage { read_only: !written }, false)
    });
    let parameters = entry(0, wgpu::BufferBindingType::Uniform, true);
    let entries: Vec<_> = [parameters].into_iter().chain(storage).collect();
    device.create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor {
        label: Some("kernel"),
        entries: &entries,
    })
}

/// Hands SPIR-V to the driver as it is.
#[expect(
    unsafe_code,
    reason = "the only door to SPIR-V that forbids contraction, without which bits differ"
)]
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
