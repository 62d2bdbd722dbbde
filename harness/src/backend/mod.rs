//! Who makes the images: the CPU, which is the reference and always there, or a device through wgpu.

pub(crate) mod cpu;
#[cfg(test)]
pub(crate) mod testing;
pub(crate) mod wgpu;

use crate::gpu::adapter::Description;
use crate::gpu::device::DeviceError;
use crate::kernels::patch;
use crate::model::shape::CLASSES;
use crate::model::weights::hex;
use serde::Deserialize;
use serde::Serialize;
use sha2::Digest;
use sha2::Sha256;
use std::fmt;
use std::time::Duration;

/// Most steps of a request. Source: ours; flows of this kind gain nothing beyond a few hundred.
pub(crate) const STEPS_MAX: u32 = 1000;
/// Strongest guidance. Source: ours; images saturate well below.
pub(crate) const GUIDANCE_MAX: f32 = 20.0;

/// Why a request was refused.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Refusal {
    /// The model has no such class.
    #[error("class {class}: must be from 0 to {last}", last = CLASSES - 1)]
    Class {
        /// The class asked for.
        class: usize,
    },
    /// Too few steps or too many.
    #[error("steps {0}: must be from 1 to {STEPS_MAX}")]
    Steps(u32),
    /// Guidance is not a number in range.
    #[error("guidance {0}: must be from 0 to {GUIDANCE_MAX}")]
    Guidance(f32),
}

/// One image to be made.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ImageRequest {
    seed: u64,
    class: usize,
    steps: u32,
    guidance: Option<f32>,
}

impl ImageRequest {
    /// An image of `class` from the noise of `seed`, in `steps` steps; with guidance the velocity is
    /// `u + g (c - u)`, `c` the class's and `u` that of no class, at twice the work.
    ///
    /// # Errors
    ///
    /// When a number is out of range.
    pub fn new(
        seed: u64,
        class: usize,
        steps: u32,
        guidance: Option<f32>,
    ) -> Result<Self, Refusal> {
        if class >= CLASSES {
            return Err(Refusal::Class { class });
        }
        if steps == 0 || steps > STEPS_MAX {
            return Err(Refusal::Steps(steps));
        }
        match guidance {
            Some(g) if !(0.0..=GUIDANCE_MAX).contains(&g) => Err(Refusal::Guidance(g)),
            _ => Ok(Self { seed, class, steps, guidance }),
        }
    }

    /// Number that the noise is drawn from.
    #[must_use]
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// The digit asked for, `0..10`.
    #[must_use]
    pub fn class(&self) -> usize {
        self.class
    }

    /// Steps of the flow.
    #[must_use]
    pub fn steps(&self) -> u32 {
        self.steps
    }

    /// Guidance, where there is any.
    #[must_use]
    pub fn guidance(&self) -> Option<f32> {
        self.guidance
    }
}

/// Who made an image.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Maker {
    /// Name of the backend: `cpu` or `wgpu`.
    pub backend: String,
    /// The device, where there is one.
    pub adapter: Option<Description>,
    /// SHA-256 of the shaders' texts, where there are any.
    pub shaders_sha256: Option<String>,
}

/// Makes images. The result is a function of weights and request, to the bit; only the time is the backend's own.
pub trait ImageBackend: fmt::Debug {
    /// Who makes the images: backend, device and driver.
    fn maker(&self) -> Maker;

    /// Makes the images, in the order of the requests.
    ///
    /// # Errors
    ///
    /// When the device fails.
    fn paint(&mut self, requests: &[ImageRequest]) -> Result<Vec<Generation>, DeviceError>;
}

/// What one kernel costs in one step.
#[derive(Clone, Debug, PartialEq)]
pub struct KernelTime {
    /// The kernel, with the sizes that it works on.
    pub name: String,
    /// Calls in one step.
    pub calls: u32,
    /// Operations on floats of a call, a product and a sum counted as two.
    pub operations: u64,
    /// Time of a call.
    pub took: Duration,
}

/// A finished image and what shows how it came to be.
#[derive(Clone, Debug)]
pub struct Generation {
    /// Pixels along a side.
    pub side: usize,
    /// 8-bit pixels, row after row.
    pub pixels: Vec<u8>,
    /// The tokens after the last step.
    pub latents: Vec<f32>,
    /// SHA-256 of the tokens before the first step and after each.
    pub step_hashes: Vec<String>,
    /// Time of the work that made the image, from request to result in memory: the image's own on the CPU, on a device
    /// that of the whole batch.
    pub took: Duration,
}

impl Generation {
    /// SHA-256 of the pixels.
    #[must_use]
    pub fn pixels_hash(&self) -> String {
        hex(&Sha256::digest(&self.pixels))
    }

    /// The first 128 bits of that hash, as the simulator knows images.
    ///
    /// # Panics
    ///
    /// Never: a SHA-256 has more bits.
    #[must_use]
    pub fn id(&self) -> u128 {
        let hash = Sha256::digest(&self.pixels);
        u128::from_be_bytes(hash[..16].try_into().expect("a hash has 32 bytes"))
    }

    /// Gathers an image from its tokens before the first step and after each, `history`.
    pub(crate) fn new(history: &[f32], pixels: Vec<u8>, took: Duration) -> Self {
        let side = pixels.len().isqrt();
        let count = side / patch::SIDE * (side / patch::SIDE) * patch::PATCH;
        let steps = history.chunks_exact(count);
        let step_hashes = steps.map(hash_of).collect();
        let latents = history[history.len() - count..].to_vec();
        Self { side, pixels, latents, step_hashes, took }
    }
}

/// SHA-256 of values as little-endian bytes.
pub(crate) fn hash_of(values: &[f32]) -> String {
    let mut hash = Sha256::new();
    for value in values {
        hash.update(value.to_le_bytes());
    }
    hex(&hash.finalize())
}
