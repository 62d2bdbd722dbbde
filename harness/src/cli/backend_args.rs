//! The options that choose what makes the images: processor or device.

use crate::backend::ImageBackend;
use crate::backend::ImageRequest;
use crate::backend::KernelTime;
use crate::backend::cpu::Cpu;
use crate::backend::wgpu::Wgpu;
use crate::cli::outcome::HarnessFailure;
use crate::gpu::adapter;
use crate::gpu::adapter::Adapter;
use crate::gpu::adapter::AdapterChoice;
use crate::gpu::device::Device;
use crate::gpu::device::DeviceError;
use crate::model::weights::ModelWeights;
use anyhow::anyhow;
use clap::Args;
use clap::ValueEnum;
use std::num::NonZeroUsize;
use std::sync::Arc;

/// A backend by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum BackendName {
    /// The reference: needs no driver.
    Cpu,
    /// A device through Vulkan.
    Wgpu,
}

/// Which device makes the images, by its name.
#[derive(Clone, Debug, Default, Args)]
pub(super) struct DeviceArgs {
    /// A part of the adapter's name, as `assay-harness devices` lists it; without it the first GPU.
    #[arg(long, value_name = "NAME")]
    adapter: Option<String>,
    /// Takes a software adapter (the processor playing a device) where there is no GPU.
    #[arg(long)]
    allow_software: bool,
}

/// The backend and, for wgpu, the device.
#[derive(Clone, Debug, Args)]
pub(super) struct BackendArgs {
    /// Who makes the images; the images are the same.
    #[arg(long, value_enum, default_value = "cpu")]
    backend: BackendName,
    #[command(flatten)]
    device: DeviceArgs,
    /// Threads of the CPU backend, up to 1024; 0: as many as cores. The images are the same.
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u16).range(0..=1024))]
    threads: u16,
}

/// A backend that was opened and is ready.
#[derive(Debug)]
pub(super) enum Opened {
    /// The processor makes the images.
    Cpu(Cpu),
    /// A device makes the images, through wgpu.
    Wgpu(Box<Wgpu>),
}

impl DeviceArgs {
    /// The adapter that the arguments name.
    ///
    /// # Errors
    /// When there is no adapter, or none of this name.
    pub(super) fn adapter(&self) -> Result<Adapter, HarnessFailure> {
        let choice =
            AdapterChoice { name: self.adapter.clone(), allow_software: self.allow_software };
        adapter::choose(adapter::list(), &choice).map_err(HarnessFailure::machine)
    }

    fn is_given(&self) -> bool {
        self.adapter.is_some() || self.allow_software
    }
}

impl BackendArgs {
    /// The CPU on all its cores, on one where work is timed.
    pub(super) fn cpu() -> Self {
        Self { backend: BackendName::Cpu, device: DeviceArgs::default(), threads: 0 }
    }

    /// The same arguments for this device.
    pub(super) fn on(device: DeviceArgs) -> Self {
        Self { backend: BackendName::Wgpu, device, threads: 0 }
    }

    /// Opens the backend with these weights.
    ///
    /// # Errors
    /// When arguments contradict each other; when there is no such adapter, or the device fails.
    pub(super) fn open(&self, weights: Arc<ModelWeights>) -> Result<Opened, HarnessFailure> {
        if self.backend == BackendName::Cpu {
            if self.device.is_given() {
                let text = "--adapter and --allow-software choose a device: add --backend wgpu";
                return Err(HarnessFailure::input(anyhow!(text)));
            }
            return Ok(Opened::Cpu(Cpu::new(weights, self.threads())));
        }
        let device = Device::open(&self.device.adapter()?)?;
        Ok(Opened::Wgpu(Box::new(Wgpu::new(device, weights)?)))
    }

    /// Opens the backend for work that is timed: on the CPU one thread where none are named, so that the time follows
    /// the work.
    ///
    /// # Errors
    /// When arguments contradict each other; when there is no such adapter, or the device fails.
    pub(super) fn open_timed(
        &self,
        weights: Arc<ModelWeights>,
    ) -> Result<Box<dyn ImageBackend + Send>, HarnessFailure> {
        let one = Self { threads: self.timed_threads(), ..self.clone() };
        Ok(match one.open(weights)? {
            Opened::Cpu(cpu) => Box::new(cpu),
            Opened::Wgpu(wgpu) => wgpu,
        })
    }

    /// Threads of the CPU backend where work is timed.
    pub(super) fn timed_threads(&self) -> u16 {
        self.threads.max(1)
    }

    /// Name of the backend: `cpu` or `wgpu`.
    pub(super) fn name(&self) -> &'static str {
        match self.backend {
            BackendName::Cpu => "cpu",
            BackendName::Wgpu => "wgpu",
        }
    }

    /// Threads of the CPU backend.
    pub(super) fn threads(&self) -> NonZeroUsize {
        let cores = || std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
        NonZeroUsize::new(usize::from(self.threads)).unwrap_or_else(cores)
    }
}

impl Opened {
    /// The backend as what makes images.
    pub(super) fn painter(&mut self) -> &mut dyn ImageBackend {
        match self {
            Self::Cpu(cpu) => cpu,
            Self::Wgpu(wgpu) => wgpu.as_mut(),
        }
    }

    /// Most images that are made at one time, up to `wanted`.
    ///
    /// # Errors
    /// When the device cannot hold even one.
    pub(super) fn batch_max(
        &self,
        request: &ImageRequest,
        wanted: usize,
    ) -> Result<usize, DeviceError> {
        match self {
            Self::Cpu(_) => Ok(1),
            Self::Wgpu(wgpu) => wgpu.batch_max(request, wanted),
        }
    }

    /// What the kernels of one step cost, one image on the CPU, a batch on a device.
    ///
    /// # Errors
    /// When the device fails.
    pub(super) fn profile(
        &mut self,
        request: &ImageRequest,
        batch: usize,
    ) -> Result<Vec<KernelTime>, DeviceError> {
        match self {
            Self::Cpu(cpu) => Ok(cpu.profile()),
            Self::Wgpu(wgpu) => wgpu.profile(request, batch),
        }
    }

    /// Operations a second at best: of one thread on the CPU, of the whole device else.
    ///
    /// # Errors
    /// When the device fails.
    pub(super) fn peak_operations_a_second(&self) -> Result<f64, DeviceError> {
        match self {
            Self::Cpu(cpu) => Ok(cpu.peak_operations_a_second()),
            Self::Wgpu(wgpu) => wgpu.peak_operations_a_second(),
        }
    }
}
