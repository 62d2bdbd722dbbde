//! A device that fails, for tests of what a failure leaves.

use crate::backend::Generation;
use crate::backend::ImageBackend;
use crate::backend::ImageRequest;
use crate::backend::Maker;
use crate::backend::cpu::Cpu;
use crate::gpu::device::DeviceError;

/// The CPU, playing a device that is lost after some uses.
#[derive(Debug)]
pub(crate) struct Fragile {
    pub(crate) cpu: Cpu,
    /// Uses until it is lost.
    pub(crate) uses: u32,
}

impl ImageBackend for Fragile {
    fn maker(&self) -> Maker {
        self.cpu.maker()
    }

    fn paint(&mut self, requests: &[ImageRequest]) -> Result<Vec<Generation>, DeviceError> {
        let left = self.uses.checked_sub(1);
        self.uses = left.ok_or_else(|| DeviceError::Lost("unplugged".to_string()))?;
        self.cpu.paint(requests)
    }
}
