//! How long each kernel of a generation takes, and the whole of it.

use crate::backend::ImageRequest;
use crate::backend::KernelTime;
use crate::backend::wgpu::Wgpu;
use crate::gpu::Stopwatch;
use crate::gpu::device::DeviceError;
use crate::gpu::single;
use std::time::Duration;

/// Most calls of a kernel in one pass, and the time that a pass should take: so what stands around it does not count.
const CALLS_MAX: u32 = 64;
const PASS: Duration = Duration::from_millis(5);
/// Passes, of which the fastest counts: the others were disturbed.
const PASSES: usize = 9;

impl Wgpu {
    /// The most operations on floats that the device was seen to do in a second.
    ///
    /// # Errors
    ///
    /// When the device fails.
    pub fn peak_operations_a_second(&self) -> Result<f64, DeviceError> {
        single::peak_operations_a_second(&self.device)
    }

    /// Times every kernel of one step of `request` in batches of `batch`, each alone on the device.
    ///
    /// # Errors
    ///
    /// When the device fails.
    pub fn profile(
        &mut self,
        request: &ImageRequest,
        batch: usize,
    ) -> Result<Vec<KernelTime>, DeviceError> {
        let index = self.plan(self.size(request, batch))?;
        let plan = &self.plans[index];
        let stopwatch = Stopwatch::new(&self.device)?;
        let mut times: Vec<KernelTime> = Vec::new();
        for dispatch in plan.first_step() {
            let name = plan.name(dispatch);
            if let Some(known) = times.iter_mut().find(|time| time.name == name) {
                known.calls += 1;
                continue;
            }
            let time = |calls: u32| {
                stopwatch.time(|pass| {
                    for _ in 0..calls {
                        plan.record(&self.pipelines, pass, dispatch);
                    }
                })
            };
            let mut took = time(1)?.max(Duration::from_nanos(1));
            let calls = PASS.div_duration_f64(took).clamp(1.0, f64::from(CALLS_MAX));
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "held above"
            )]
            let calls = calls as u32;
            for _ in 0..PASSES {
                took = took.min(time(calls)? / calls);
            }
            times.push(KernelTime { name, calls: 1, operations: dispatch.operations, took });
        }
        Ok(times)
    }
}
