//! What unit tests run kernels on: the first GPU, else software Vulkan.

use crate::gpu::adapter;
use crate::gpu::adapter::AdapterChoice;
use crate::gpu::device::Device;
use crate::gpu::single;
use crate::gpu::single::Given;
use crate::kernels::shader::DeviceClass;
use crate::kernels::shader::Kernel;
use crate::model::noise;
use crate::model::noise::Use;

/// Both classes of kernels, which every test compares.
pub(crate) const CLASSES: [DeviceClass; 2] = [DeviceClass::Software, DeviceClass::Gpu];

/// A device, or none with the reason said; where one is required (`ASSAY_REQUIRE_ADAPTER=1`) a failure.
pub(crate) fn device() -> Option<Device> {
    let choice = AdapterChoice { name: None, allow_software: true };
    match adapter::choose(adapter::list(), &choice) {
        Ok(adapter) => Some(Device::open(&adapter).expect("the adapter can be opened")),
        Err(error) => {
            assay_testing::skipped("no adapter", "ASSAY_REQUIRE_ADAPTER", &error);
            None
        }
    }
}

/// Normal deviates from a seed, for tests and benchmarks.
pub(crate) fn seeded(seed: u64, count: usize) -> Vec<f32> {
    noise::normal(seed, Use::Image, count)
}

/// Holds that the kernel of either class leaves exactly the bits of `expected` in its result.
pub(crate) fn assert_same_bits(
    kernel: impl Fn(DeviceClass) -> Kernel,
    given: &Given<'_>,
    expected: &[f32],
) {
    let Some(device) = device() else { return };
    for class in CLASSES {
        let kernel = kernel(class);
        let (found, _) = single::run(&device, (kernel, class), given).expect("the kernel runs");
        assert_eq!(found.len(), expected.len());
        let differs = |(a, b): (&f32, &f32)| a.to_bits() != b.to_bits();
        if let Some(place) = found.iter().zip(expected).position(differs) {
            let [on_device, on_cpu] = [found[place], expected[place]];
            panic!("{kernel:?} {class:?}: value {place} is {on_device} there, {on_cpu} on the CPU");
        }
    }
}

/// A count as the kernels are given it.
pub(crate) fn narrow(count: usize) -> u32 {
    u32::try_from(count).expect("a small number")
}
