//! How an image is made, whatever its class.

use crate::backend::GUIDANCE_MAX;
use crate::backend::ImageRequest;
use crate::backend::STEPS_MAX;
use crate::cli::outcome::HarnessFailure;
use clap::Args;

/// Seed, steps and guidance.
#[derive(Debug, Args)]
pub(super) struct RequestArgs {
    /// Seed of the noise that the image starts from.
    #[arg(long, value_name = "N", default_value_t = 0)]
    seed: u64,
    #[arg(long, value_name = "N", default_value_t = 50, help = format!("Steps, 1 to {STEPS_MAX}"))]
    steps: u32,
    #[arg(
        long,
        value_name = "G",
        allow_negative_numbers = true,
        help = format!(
            "Strength of the class, 0 to {GUIDANCE_MAX}, at twice the work; 1 is as without it, 2 makes plainer digits"
        )
    )]
    guidance: Option<f32>,
}

impl RequestArgs {
    /// The request for an image of `class`, `later` seeds on.
    ///
    /// # Errors
    /// When a number is out of its range.
    pub(super) fn request(&self, class: usize, later: u64) -> Result<ImageRequest, HarnessFailure> {
        let seed = self.seed.wrapping_add(later);
        ImageRequest::new(seed, class, self.steps, self.guidance).map_err(HarnessFailure::input)
    }
}
