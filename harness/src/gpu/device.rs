//! An open device: its queue, its faults as typed errors, and waits that end.

use crate::gpu::adapter;
use crate::gpu::adapter::Adapter;
use crate::gpu::adapter::Description;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::mpsc;
use std::time::Duration;

/// Longest wait for one submission. Source: ours; a batch on the slowest device seen takes seconds.
const WAIT: Duration = Duration::from_mins(2);

/// How a device failed. None of these is the caller's fault; the exit code is 4.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DeviceError {
    /// None could be chosen.
    #[error(transparent)]
    Adapter(#[from] adapter::AdapterError),
    /// It lacks something that the harness cannot do without.
    #[error("adapter {name:?} lacks {what}: use another adapter or --backend cpu")]
    Lacks {
        /// Name of the adapter that lacks something.
        name: String,
        /// The feature or limit that the adapter lacks.
        what: String,
    },
    /// The driver would not open it.
    #[error("adapter {name:?} cannot be opened: {reason}")]
    Refused {
        /// Name of the adapter that refused.
        name: String,
        /// In the driver's words.
        reason: String,
    },
    /// Something does not fit its limits.
    #[error(
        "{what} needs {needed} bytes, but the device allows {allowed} in a buffer: use a smaller model or fewer steps"
    )]
    TooLarge {
        /// What is too large.
        what: String,
        /// Size of the buffer that is needed \[bytes\].
        needed: u64,
        /// Largest buffer that the device allows \[bytes\].
        allowed: u64,
    },
    /// Its memory is used up.
    #[error("the device is out of memory: {0}")]
    OutOfMemory(String),
    /// The device was lost, for this reason.
    #[error("the device was lost: {0}")]
    Lost(String),
    /// It did not finish in time.
    #[error("the device did not finish within {} s", .0.as_secs_f64())]
    Timeout(Duration),
    /// It refused what it was given.
    #[error("the device reports a fault: {0}")]
    Fault(String),
}

/// The first fault that was reported, by a callback or a scope.
#[derive(Clone, Debug, Default)]
struct Faults(Arc<Mutex<Option<DeviceError>>>);

impl Faults {
    fn report(&self, error: DeviceError) {
        let mut first = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // A lost device explains every other fault.
        if first.is_none() || matches!(error, DeviceError::Lost(_)) {
            *first = Some(error);
        }
    }

    fn check(&self) -> Result<(), DeviceError> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone().map_or(Ok(()), Err)
    }
}

/// A device that was opened, with its queue and pipelines.
#[derive(Debug)]
pub struct Device {
    description: Description,
    pub(crate) inner: wgpu::Device,
    pub(crate) queue: wgpu::Queue,
    faults: Faults,
    wait: Duration,
}

impl Device {
    /// Opens `adapter`.
    ///
    /// # Errors
    ///
    /// When it lacks a feature that is needed or the driver refuses.
    pub fn open(adapter: &Adapter) -> Result<Self, DeviceError> {
        let name = adapter.description.name.clone();
        let needed = wgpu::Features::PASSTHROUGH_SHADERS;
        if !adapter.inner.features().contains(needed) {
            let what = "SPIR-V shaders, without which bits differ from device to device";
            return Err(DeviceError::Lacks { name, what: what.to_string() });
        }
        let descriptor = wgpu::DeviceDescriptor {
            label: Some("assay"),
            required_features: needed | adapter.inner.features() & wgpu::Features::TIMESTAMP_QUERY,
            required_limits: adapter.inner.limits(),
            ..wgpu::DeviceDescriptor::default()
        };
        let refused = |reason: String| DeviceError::Refused { name: name.clone(), reason };
        let (inner, queue) = adapter::now(adapter.inner.request_device(&descriptor))
            .ok_or_else(|| refused("the driver does not answer".to_string()))?
            .map_err(|error| refused(error.to_string()))?;
        let faults = Faults::default();
        let lost = faults.clone();
        inner.set_device_lost_callback(move |reason, text| {
            lost.report(DeviceError::Lost(format!("{reason:?} {text}").trim_end().to_string()));
        });
        let fault = faults.clone();
        inner.on_uncaptured_error(Arc::new(move |error| fault.report(typed(&error))));
        let description = adapter.description.clone();
        Ok(Self { description, inner, queue, faults, wait: WAIT })
    }

    /// Name, kind and driver of the device.
    #[must_use]
    pub fn description(&self) -> &Description {
        &self.description
    }

    /// The same, giving up on a submission after `wait`.
    #[must_use]
    pub fn with_wait(self, wait: Duration) -> Self {
        Self { wait, ..self }
    }

    /// The same, as if the device allowed no larger buffers.
    #[cfg(test)]
    pub(crate) fn with_buffer_bytes_max(mut self, bytes: u64) -> Self {
        self.description.buffer_bytes_max = bytes;
        self
    }

    /// The first fault so far, if any.
    ///
    /// # Errors
    /// The first fault that the device has told of.
    pub(crate) fn check(&self) -> Result<(), DeviceError> {
        if self.faults.check().is_err() {
            // That the device is gone, which would explain the fault, is told by a poll only, whatever that comes to.
            drop(self.inner.poll(wgpu::PollType::Poll));
        }
        self.faults.check()
    }

    /// A buffer, or the reason why there is none.
    ///
    /// # Errors
    /// When the size is more than the device allows, or the device has failed.
    pub(crate) fn buffer(
        &self,
        label: &str,
        size: u64,
        usage: wgpu::BufferUsages,
    ) -> Result<wgpu::Buffer, DeviceError> {
        let allowed = self.description.buffer_bytes_max;
        if size > allowed {
            return Err(DeviceError::TooLarge { what: label.to_string(), needed: size, allowed });
        }
        let label = Some(label);
        let descriptor = wgpu::BufferDescriptor { label, size, usage, mapped_at_creation: false };
        let buffer = self.inner.create_buffer(&descriptor);
        self.check()?;
        Ok(buffer)
    }

    /// Where commands are recorded.
    pub(crate) fn encoder(&self) -> wgpu::CommandEncoder {
        self.inner.create_command_encoder(&wgpu::CommandEncoderDescriptor::default())
    }

    /// Submits `commands` and waits for them.
    ///
    /// # Errors
    /// When the device fails.
    pub(crate) fn work(&self, commands: wgpu::CommandBuffer) -> Result<(), DeviceError> {
        self.check()?;
        let submission = self.queue.submit([commands]);
        self.wait_for(submission)
    }

    /// Submits `commands`, waits for them and reads `staging`.
    ///
    /// # Errors
    /// When the device fails.
    pub(crate) fn finish(
        &self,
        commands: wgpu::CommandBuffer,
        staging: &wgpu::Buffer,
    ) -> Result<Vec<u8>, DeviceError> {
        self.check()?;
        let submission = self.queue.submit([commands]);
        let (sender, receiver) = mpsc::channel();
        staging.map_async(wgpu::MapMode::Read, .., move |mapped| {
            // The receiver is gone only when the wait was given up, and then nobody wants to know.
            drop(sender.send(mapped));
        });
        self.wait_for(submission)?;
        match receiver.try_recv() {
            Ok(Ok(())) => {}
            _ => return Err(DeviceError::Lost("its memory cannot be read".to_string())),
        }
        let view = staging.get_mapped_range(..).map_err(|e| DeviceError::Fault(e.to_string()))?;
        let bytes = view.to_vec();
        drop(view);
        staging.unmap();
        self.check()?;
        Ok(bytes)
    }

    fn wait_for(&self, submission: wgpu::SubmissionIndex) -> Result<(), DeviceError> {
        let polled = self.inner.poll(wgpu::PollType::Wait {
            submission_index: Some(submission),
            timeout: Some(self.wait),
        });
        self.check()?;
        match polled {
            Ok(_) => Ok(()),
            Err(wgpu::PollError::Timeout) => Err(DeviceError::Timeout(self.wait)),
            Err(error) => Err(DeviceError::Fault(error.to_string())),
        }
    }
}

fn typed(error: &wgpu::Error) -> DeviceError {
    match error {
        wgpu::Error::OutOfMemory { source } => DeviceError::OutOfMemory(source.to_string()),
        other => DeviceError::Fault(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lost_device_explains_every_other_fault() {
        let faults = Faults::default();
        faults.report(DeviceError::Fault("first".to_string()));
        faults.report(DeviceError::Fault("second".to_string()));
        assert_eq!(faults.check(), Err(DeviceError::Fault("first".to_string())));
        faults.report(DeviceError::Lost("gone".to_string()));
        assert_eq!(faults.check(), Err(DeviceError::Lost("gone".to_string())));
    }

    #[test]
    fn memory_used_up_is_told_from_other_faults() {
        let source = || Box::new(std::io::Error::other("full"));
        let out = typed(&wgpu::Error::OutOfMemory { source: source() });
        assert_eq!(out, DeviceError::OutOfMemory("full".to_string()));
        let description = "wrong".to_string();
        let other = typed(&wgpu::Error::Validation { source: source(), description });
        assert!(matches!(other, DeviceError::Fault(_)), "{other:?}");
    }
}
