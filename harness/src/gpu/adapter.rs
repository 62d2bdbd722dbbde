//! Which device: listing what is there, and choosing without ever taking software for a GPU.

use serde::Deserialize;
use serde::Serialize;
use std::fmt;
use std::future::Future;
use std::pin::pin;
use std::task::Context;
use std::task::Poll;
use std::task::Waker;

/// Why no device could be chosen.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AdapterError {
    /// Vulkan has nothing to offer.
    #[error(
        "no Vulkan adapter found: install a driver (software: apt-get install mesa-vulkan-drivers) or use --backend cpu"
    )]
    None,
    /// There is software only, and nobody asked for it.
    #[error(
        "no GPU found, only software: {0}; allow it with --allow-software, name it with --adapter, or use --backend cpu"
    )]
    OnlySoftware(String),
    /// No adapter has the name.
    #[error("no adapter's name contains {wanted:?}; there are: {there}")]
    Unknown {
        /// What was asked for.
        wanted: String,
        /// Adapters that there are, in words.
        there: String,
    },
    /// Several adapters have the name.
    #[error("several adapters' names contain {wanted:?}: {there}; name one")]
    Ambiguous {
        /// What was asked for.
        wanted: String,
        /// Adapters that match the name, in words.
        there: String,
    },
}

/// What kind of device an adapter is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AdapterKind {
    /// A GPU with memory of its own.
    DiscreteGpu,
    /// A GPU that shares the processor's memory.
    IntegratedGpu,
    /// A GPU lent to a virtual machine.
    VirtualGpu,
    /// The processor playing a device. Never a GPU.
    Software,
    /// The driver does not say.
    Unknown,
}

impl fmt::Display for AdapterKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::DiscreteGpu => "discrete GPU",
            Self::IntegratedGpu => "integrated GPU",
            Self::VirtualGpu => "virtual GPU",
            Self::Software => "software, not a GPU",
            Self::Unknown => "unknown",
        })
    }
}

/// An adapter as its driver describes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Description {
    /// Name of the device, as its driver gives it.
    pub name: String,
    /// Kind of device: discrete, integrated, virtual or software.
    pub kind: AdapterKind,
    /// Name of the driver, with its version where known.
    pub driver: String,
    /// The driver's version, in its own words.
    pub driver_version: String,
    /// The interface it is spoken to through.
    pub interface: String,
    /// Whether it can tell the time between passes.
    pub timestamps: bool,
    /// Largest buffer a kernel can be given \[bytes\].
    pub buffer_bytes_max: u64,
    /// Most workgroups of a dispatch along one dimension.
    pub workgroups_max: u32,
    /// Most invocations of a workgroup.
    pub invocations_max: u32,
    /// Memory that a workgroup shares \[bytes\].
    pub shared_bytes_max: u32,
}

/// Names in which software shows itself when its driver does not say what it is.
const SOFTWARE_NAMES: [&str; 4] = ["llvmpipe", "lavapipe", "swiftshader", "software"];

impl Description {
    fn new(adapter: &wgpu::Adapter) -> Self {
        let (info, limits) = (adapter.get_info(), adapter.limits());
        let lower = info.name.to_lowercase();
        let kind = match info.device_type {
            _ if SOFTWARE_NAMES.iter().any(|name| lower.contains(name)) => AdapterKind::Software,
            wgpu::DeviceType::Cpu => AdapterKind::Software,
            wgpu::DeviceType::DiscreteGpu => AdapterKind::DiscreteGpu,
            wgpu::DeviceType::IntegratedGpu => AdapterKind::IntegratedGpu,
            wgpu::DeviceType::VirtualGpu => AdapterKind::VirtualGpu,
            wgpu::DeviceType::Other => AdapterKind::Unknown,
        };
        Self {
            name: info.name,
            kind,
            driver: info.driver,
            driver_version: info.driver_info,
            interface: info.backend.to_str().to_string(),
            timestamps: adapter.features().contains(wgpu::Features::TIMESTAMP_QUERY),
            buffer_bytes_max: limits.max_storage_buffer_binding_size.min(limits.max_buffer_size),
            workgroups_max: limits.max_compute_workgroups_per_dimension,
            invocations_max: limits.max_compute_invocations_per_workgroup,
            shared_bytes_max: limits.max_compute_workgroup_storage_size,
        }
    }

    /// Whether it is the processor playing a device.
    #[must_use]
    pub fn is_software(&self) -> bool {
        self.kind == AdapterKind::Software
    }
}

/// Which adapter is wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AdapterChoice {
    /// A part of the name, in any case; software may be chosen this way.
    pub name: Option<String>,
    /// Whether software will do where there is no GPU.
    pub allow_software: bool,
}

/// An adapter that may be opened.
#[derive(Clone, Debug)]
pub struct Adapter {
    /// Name, kind and driver of the adapter.
    pub description: Description,
    pub(crate) inner: wgpu::Adapter,
}

/// All Vulkan adapters, in the loader's order.
#[must_use]
pub fn list() -> Vec<Adapter> {
    let mut descriptor = wgpu::InstanceDescriptor::new_without_display_handle();
    descriptor.backends = wgpu::Backends::VULKAN;
    descriptor.flags = wgpu::InstanceFlags::empty();
    let instance = wgpu::Instance::new(descriptor);
    let adapters = now(instance.enumerate_adapters(wgpu::Backends::VULKAN)).unwrap_or_default();
    let describe = |inner| Adapter { description: Description::new(&inner), inner };
    adapters.into_iter().map(describe).collect()
}

/// Chooses among `adapters`: the one named, else the first GPU, else software where that is allowed.
///
/// # Errors
///
/// When there is none, or none that was asked for.
///
/// # Panics
///
/// Never: what is chosen is one of the list.
pub fn choose(adapters: Vec<Adapter>, choice: &AdapterChoice) -> Result<Adapter, AdapterError> {
    let descriptions: Vec<_> = adapters.iter().map(|a| a.description.clone()).collect();
    let index = place(&descriptions, choice)?;
    Ok(adapters.into_iter().nth(index).expect("the place is one of the list"))
}

/// The place in a list of what `choose` would choose.
///
/// # Errors
/// When there is no adapter, or none or several that match the name.
pub(crate) fn place(there: &[Description], choice: &AdapterChoice) -> Result<usize, AdapterError> {
    if there.is_empty() {
        return Err(AdapterError::None);
    }
    let names = |list: &[&Description]| {
        list.iter().map(|d| format!("{:?} ({})", d.name, d.kind)).collect::<Vec<_>>().join(", ")
    };
    let all: Vec<&Description> = there.iter().collect();
    if let Some(wanted) = &choice.name {
        let lower = wanted.to_lowercase();
        let matches = |d: &Description| d.name.to_lowercase().contains(&lower);
        let places: Vec<usize> = (0..there.len()).filter(|i| matches(&there[*i])).collect();
        return match places[..] {
            [place] => Ok(place),
            [] => Err(AdapterError::Unknown { wanted: wanted.clone(), there: names(&all) }),
            _ => {
                let there: Vec<_> = places.iter().map(|i| all[*i]).collect();
                Err(AdapterError::Ambiguous { wanted: wanted.clone(), there: names(&there) })
            }
        };
    }
    let gpu = there.iter().position(|d| !d.is_software());
    let software = choice.allow_software.then_some(0);
    gpu.or(software).ok_or_else(|| AdapterError::OnlySoftware(names(&all)))
}

/// The result of a future that is ready at once, as all of wgpu's are outside a browser.
pub(crate) fn now<T>(future: impl Future<Output = T>) -> Option<T> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => Some(value),
        Poll::Pending => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn description(name: &str, kind: AdapterKind) -> Description {
        Description {
            name: name.to_string(),
            kind,
            driver: String::new(),
            driver_version: String::new(),
            interface: "vulkan".to_string(),
            timestamps: true,
            buffer_bytes_max: 1 << 27,
            workgroups_max: 65_535,
            invocations_max: 256,
            shared_bytes_max: 16_384,
        }
    }

    fn both() -> Vec<Description> {
        vec![
            description("llvmpipe (LLVM 15)", AdapterKind::Software),
            description("NVIDIA H200", AdapterKind::DiscreteGpu),
        ]
    }

    #[test]
    fn a_gpu_is_chosen_before_software_even_where_software_is_allowed() {
        let choice = AdapterChoice { name: None, allow_software: true };
        assert_eq!(place(&both(), &choice), Ok(1));
        assert_eq!(place(&both(), &AdapterChoice::default()), Ok(1));
    }

    #[test]
    fn software_is_taken_only_when_named_or_allowed() {
        let software = &both()[..1];
        let refused = place(software, &AdapterChoice::default());
        assert!(matches!(&refused, Err(AdapterError::OnlySoftware(_))), "{refused:?}");
        assert!(refused.unwrap_err().to_string().contains("--backend cpu"));
        assert_eq!(place(software, &AdapterChoice { name: None, allow_software: true }), Ok(0));
        let named = AdapterChoice { name: Some("LLVMPIPE".to_string()), allow_software: false };
        assert_eq!(place(&both(), &named), Ok(0));
    }

    #[test]
    fn no_adapter_names_the_remedy() {
        let text = place(&[], &AdapterChoice::default()).unwrap_err().to_string();
        assert!(
            text.contains("apt-get install mesa-vulkan-drivers") && text.contains("--backend cpu")
        );
    }

    #[test]
    fn a_name_that_fits_none_or_several_is_refused() {
        let named =
            |name: &str| AdapterChoice { name: Some(name.to_string()), allow_software: false };
        assert!(matches!(place(&both(), &named("radeon")), Err(AdapterError::Unknown { .. })));
        let twice = [both(), both()].concat();
        assert!(matches!(place(&twice, &named("h200")), Err(AdapterError::Ambiguous { .. })));
    }
}
