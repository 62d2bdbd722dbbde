//! How long the device takes: time stamps where it has them, else the clock around a submission.

use crate::gpu::device::Device;
use crate::gpu::device::DeviceError;
use std::time::Duration;
use std::time::Instant;

/// Bytes of the two time stamps of a pass.
const STAMPS_BYTES: u64 = 16;

/// A stopwatch for single passes.
#[derive(Debug)]
pub(crate) struct Stopwatch<'a> {
    device: &'a Device,
    stamps: Option<wgpu::QuerySet>,
    resolved: wgpu::Buffer,
    staging: wgpu::Buffer,
}

impl<'a> Stopwatch<'a> {
    /// A stopwatch of the device: by its time stamps where it has them, else by the wall clock.
    ///
    /// # Errors
    /// When the device refuses the buffer of the time stamps.
    pub(crate) fn new(device: &'a Device) -> Result<Self, DeviceError> {
        use wgpu::BufferUsages as Usage;
        let stamps = device.description().timestamps.then(|| {
            device.inner.create_query_set(&wgpu::QuerySetDescriptor {
                label: Some("stopwatch"),
                ty: wgpu::QueryType::Timestamp,
                count: 2,
            })
        });
        let resolve = Usage::QUERY_RESOLVE | Usage::COPY_SRC;
        let resolved = device.buffer("stopwatch", STAMPS_BYTES, resolve)?;
        let read = Usage::MAP_READ | Usage::COPY_DST;
        let staging = device.buffer("stopwatch", STAMPS_BYTES, read)?;
        Ok(Self { device, stamps, resolved, staging })
    }

    /// Time of one pass of `work`, submitted alone.
    ///
    /// # Errors
    /// When the device fails.
    pub(crate) fn time(
        &self,
        work: impl FnOnce(&mut wgpu::ComputePass<'_>),
    ) -> Result<Duration, DeviceError> {
        let start = Instant::now();
        let mut encoder = self.device.encoder();
        {
            let timestamp_writes =
                self.stamps.as_ref().map(|query_set| wgpu::ComputePassTimestampWrites {
                    query_set,
                    beginning_of_pass_write_index: Some(0),
                    end_of_pass_write_index: Some(1),
                });
            let descriptor = wgpu::ComputePassDescriptor { label: None, timestamp_writes };
            work(&mut encoder.begin_compute_pass(&descriptor));
        }
        if let Some(stamps) = &self.stamps {
            encoder.resolve_query_set(stamps, 0..2, &self.resolved, 0);
        }
        encoder.copy_buffer_to_buffer(&self.resolved, 0, &self.staging, 0, STAMPS_BYTES);
        let read = self.device.finish(encoder.finish(), &self.staging)?;
        let wall = start.elapsed();
        let stamps: Vec<u64> = bytemuck::pod_collect_to_vec(&read);
        let period = f64::from(self.device.queue.get_timestamp_period());
        let ticks = stamps[1].checked_sub(stamps[0]).filter(|_| self.stamps.is_some());
        #[expect(clippy::cast_precision_loss, reason = "a pass takes far fewer than 2^53 ticks")]
        let stamped = ticks.map(|ticks| Duration::from_secs_f64(ticks as f64 * period / 1e9));
        Ok(stamped.unwrap_or(wall))
    }
}
