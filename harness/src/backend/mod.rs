//! Who makes the images: the CPU, which is the reference and always there, or a device through wgpu.

pub mod cpu;
pub mod wgpu;

use crate::kernels::patch;
use crate::model::shape::CLASSES;
use crate::model::weights::hex;
use sha2::Digest;
use sha2::Sha256;
use std::time::Duration;

/// Most steps of a request. Source: ours; flows of this kind gain nothing beyond a few hundred.
pub const STEPS_MAX: u32 = 1000;
/// Strongest guidance. Source: ours; images saturate well below.
pub const GUIDANCE_MAX: f32 = 20.0;

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
pub struct Request {
    seed: u64,
    class: usize,
    steps: u32,
    guidance: Option<f32>,
}

impl Request {
    /// An image of `class` from the noise of `seed`, in `steps` steps; with guidance the velocity is
    /// `u + g (c - u)`, `c` the class's and `u` that of no class, at twice the work.
    ///
    /// # Errors
    ///
    /// When a number is out of range.
    pub fn new(seed: u64, class: usize, steps: u32, guidance: Option<f32>) -> Result<Self, Refusal> {
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

/// A finished image and what shows how it came to be.
#[derive(Clone, Debug)]
pub struct Painting {
    /// Pixels along a side.
    pub side: usize,
    /// 8-bit pixels, row after row.
    pub pixels: Vec<u8>,
    /// The tokens after the last step.
    pub latents: Vec<f32>,
    /// SHA-256 of the tokens before the first step and after each.
    pub step_hashes: Vec<String>,
    /// Time of the batch that the image was made in, from request to result in memory, divided by nothing.
    pub batch_took: Duration,
}

impl Painting {
    /// SHA-256 of the pixels.
    #[must_use]
    pub fn pixels_hash(&self) -> String {
        hex(&Sha256::digest(&self.pixels))
    }

    /// Gathers an image from its tokens before the first step and after each, `history`.
    pub(crate) fn new(history: &[f32], pixels: Vec<u8>, batch_took: Duration) -> Self {
        let side = pixels.len().isqrt();
        let count = side / patch::SIDE * (side / patch::SIDE) * patch::PATCH;
        let steps = history.chunks_exact(count);
        let step_hashes = steps.map(hash_of).collect();
        let latents = history[history.len() - count..].to_vec();
        Self { side, pixels, latents, step_hashes, batch_took }
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
