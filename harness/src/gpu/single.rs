//! One kernel alone on a device, with buffers of its own: for the kernels' tests and the device's best speed.

use crate::gpu::device::Device;
use crate::gpu::device::DeviceError;
use crate::gpu::pipelines::Parameters;
use crate::gpu::pipelines::Pipelines;
use crate::gpu::timing::Stopwatch;
use crate::kernels::shader::DeviceClass;
use crate::kernels::shader::Kernel;
use std::collections::BTreeSet;
use std::time::Duration;
use wgpu::BufferUsages as Usage;

/// What a kernel is given, in the order of interface.wgsl; an empty list stands for memory that it does not use.
#[derive(Clone, Debug, Default)]
pub(crate) struct Given<'a> {
    pub(crate) parameters: Parameters,
    pub(crate) weights: &'a [f32],
    pub(crate) source: &'a [f32],
    pub(crate) result: &'a [f32],
    pub(crate) modulations: &'a [f32],
    pub(crate) slots: &'a [u32],
}

/// Runs `kernel` once; gives what `result` holds then, and the time that it took.
///
/// # Errors
/// When the device fails or refuses the kernel.
pub(crate) fn run(
    device: &Device,
    (kernel, class): (Kernel, DeviceClass),
    given: &Given<'_>,
) -> Result<(Vec<f32>, Duration), DeviceError> {
    let pipelines = Pipelines::build(device, class, &BTreeSet::from([kernel]))?;
    let storage = [given.weights, given.source, given.result, given.modulations];
    let mut buffers = vec![filled(device, bytemuck::bytes_of(&given.parameters), Usage::UNIFORM)?];
    for values in storage {
        buffers.push(filled(device, bytemuck::cast_slice(values), Usage::STORAGE)?);
    }
    buffers.push(filled(device, bytemuck::cast_slice(given.slots), Usage::STORAGE)?);
    let entries: Vec<_> = (0..)
        .zip(&buffers)
        .map(|(binding, buffer)| wgpu::BindGroupEntry {
            binding,
            resource: buffer.as_entire_binding(),
        })
        .collect();
    let layout = pipelines.layout();
    let descriptor = wgpu::BindGroupDescriptor { label: None, layout, entries: &entries };
    let bound = device.inner.create_bind_group(&descriptor);
    let workgroups = kernel.workgroups(class, given.parameters.rows, given.parameters.columns);
    let took = Stopwatch::new(device)?.time(|pass| {
        pass.set_pipeline(pipelines.get(kernel));
        pass.set_bind_group(0, &bound, &[0]);
        pass.dispatch_workgroups(workgroups, 1, 1);
    })?;
    let result = &buffers[3];
    let staging = device.buffer("staging", result.size(), Usage::MAP_READ | Usage::COPY_DST)?;
    let mut encoder = device.encoder();
    encoder.copy_buffer_to_buffer(result, 0, &staging, 0, result.size());
    let read = device.finish(encoder.finish(), &staging)?;
    Ok((bytemuck::pod_collect_to_vec(&read), took))
}

/// A buffer with these bytes, or with a few of nothing.
fn filled(device: &Device, bytes: &[u8], usage: Usage) -> Result<wgpu::Buffer, DeviceError> {
    let bytes = if bytes.is_empty() { &[0; 64] } else { bytes };
    let length = u64::try_from(bytes.len()).expect("a size fits");
    let buffer = device.buffer("given", length, usage | Usage::COPY_DST | Usage::COPY_SRC)?;
    device.queue.write_buffer(&buffer, 0, bytes);
    Ok(buffer)
}

/// Rounds and invocations of the measurement of a device's best speed, on software and on a GPU.
const PEAK_ROUNDS: u32 = 4096;
const PEAK_ROWS: [u32; 2] = [4096, 1 << 20];
const PEAK_TRIES: usize = 5;

/// The most operations on floats that the device was seen to do in a second.
///
/// # Errors
///
/// When the device fails.
pub(crate) fn peak_operations_a_second(device: &Device) -> Result<f64, DeviceError> {
    let class =
        if device.description().is_software() { DeviceClass::Software } else { DeviceClass::Gpu };
    let rows = PEAK_ROWS[usize::from(class == DeviceClass::Gpu)];
    let result = vec![0.0; usize::try_from(rows * 4).expect("a small number")];
    let (inner, first, second) = (PEAK_ROUNDS, 0.5, 0.25);
    let parameters = Parameters { rows, columns: 1, inner, first, second, ..Parameters::default() };
    let given = Given { parameters, result: &result, ..Given::default() };
    let mut best = Duration::MAX;
    for _ in 0..PEAK_TRIES {
        best = best.min(run(device, (Kernel::Peak, class), &given)?.1);
    }
    let chains = crate::kernels::peak::DEVICE_CHAINS;
    let operations = 2.0 * f64::from(chains) * f64::from(rows) * f64::from(inner);
    Ok(operations / best.as_secs_f64())
}
