//! The device that tests run on: the first GPU, else software Vulkan.

use assay_harness::AdapterChoice;
use assay_harness::Device;

/// A device, or none with the reason said; where one is required (`ASSAY_REQUIRE_ADAPTER=1`) a failure.
pub(crate) fn device() -> Option<Device> {
    let choice = AdapterChoice { name: None, allow_software: true };
    match assay_harness::choose_adapter(assay_harness::list_adapters(), &choice) {
        Ok(adapter) => Some(Device::open(&adapter).unwrap()),
        Err(error) => {
            assay_testing::skipped("no adapter", "ASSAY_REQUIRE_ADAPTER", &error);
            None
        }
    }
}
