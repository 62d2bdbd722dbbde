//! How long each kernel of a generation takes, and the whole of it.

use crate::backend::Request;
use crate::backend::wgpu::Wgpu;
use crate::gpu::Stopwatch;
use crate::gpu::device::Error;
use std::time::Duration;

/// Calls of a kernel in one pass, so that what stands around the pass does not count.
const CALLS: u32 = 32;
/// Passes, of which the fastest counts: the others were disturbed.
const PASSES: usize = 15;

/// What one kernel costs in one step.
#[derive(Clone, Debug)]
pub struct KernelTime {
    /// The kernel, with the sizes that it works on.
    pub name: String,
    /// Calls in one step.
    pub calls: u32,
    /// Operations on floats of a call.
    pub operations: u64,
    /// Time of a call.
    pub took: Duration,
}

impl Wgpu {
    /// Times every kernel of one step of `request` in batches of `batch`, each alone on the device.
    ///
    /// # Errors
    ///
    /// When the device fails.
    pub fn profile(&mut self, request: &Request, batch: usize) -> Result<Vec<KernelTime>, Error> {
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
            let mut took = Duration::MAX;
            for _ in 0..PASSES {
                let pass = stopwatch.time(|pass| {
                    for _ in 0..CALLS {
                        plan.record(&self.pipelines, pass, dispatch);
                    }
                })?;
                took = took.min(pass / CALLS);
            }
            times.push(KernelTime { name, calls: 1, operations: dispatch.operations, took });
        }
        Ok(times)
    }
}
