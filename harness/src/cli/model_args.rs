//! The options that name the model which makes the images.

use crate::cli::outcome::HarnessFailure;
use crate::cli::place;
use crate::model::shape::ModelShape;
use crate::model::weights::DIGITS_SHA256;
use crate::model::weights::ModelWeights;
use anyhow::Context;
use anyhow::anyhow;
use assay_sim::simulation::option;
use clap::Args;
use std::path::PathBuf;
use std::sync::Arc;

/// The model: the shipped one on digits, a file's, or one of another size.
#[derive(Debug, Args)]
pub(super) struct ModelArgs {
    /// Weights as a safetensors file in the layout of harness/model/train.py; without it those of the shipped digits model.
    #[arg(long, value_name = "FILE")]
    weights: Option<PathBuf>,
    /// SHA-256 that the file must have; without it that of the shipped model.
    #[arg(long, value_name = "HEX", requires = "weights")]
    weights_sha256: Option<String>,
    /// A model of another size with seeded weights, for studies of speed: width, depth and tokens, such as 256x8x64.
    #[arg(long, value_name = "SIZE", conflicts_with = "weights")]
    size: Option<String>,
    /// Seed of those weights.
    #[arg(long, value_name = "N", default_value_t = 0)]
    weights_seed: u64,
}

impl ModelArgs {
    /// The words of a command that name the model; a file by its name alone.
    pub(super) fn words(&self) -> Vec<String> {
        let file = self.weights.iter().map(|file| {
            option("--weights", &file.file_name().unwrap_or_default().to_string_lossy())
        });
        let hash = self.weights_sha256.iter().map(|hash| option("--weights-sha256", hash));
        let size = self.size.iter().map(|size| option("--size", size));
        let seed = (self.weights_seed > 0).then(|| format!("--weights-seed {}", self.weights_seed));
        file.chain(hash).chain(size).chain(seed).collect()
    }

    /// The weights of the model, read and checked.
    ///
    /// # Errors
    /// When the file cannot be read, or its weights are refused.
    pub(super) fn load(&self) -> Result<Arc<ModelWeights>, HarnessFailure> {
        let weights = if let Some(file) = &self.weights {
            let expected = self.weights_sha256.as_deref().unwrap_or(DIGITS_SHA256);
            ModelWeights::read(&place::read(file)?, expected)
                .with_context(|| file.display().to_string())
        } else if let Some(size) = &self.size {
            let seeded =
                shape(size).and_then(|shape| Ok(ModelWeights::seeded(shape, self.weights_seed)?));
            seeded.with_context(|| format!("--size {size}"))
        } else {
            Ok(ModelWeights::digits())
        };
        weights.map(Arc::new).map_err(HarnessFailure::Input)
    }
}

fn shape(text: &str) -> anyhow::Result<ModelShape> {
    let wrong = || anyhow!("must be WIDTHxDEPTHxTOKENS, such as 256x8x64");
    let parts: Option<Vec<usize>> = text.split('x').map(|part| part.parse().ok()).collect();
    match parts.ok_or_else(wrong)?[..] {
        [width, depth, tokens] => Ok(ModelShape::new(width, depth, tokens)?),
        _ => Err(wrong()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_has_three_numbers_in_range() {
        assert_eq!(shape("64x4x16").unwrap(), ModelShape::DIGITS);
        for wrong in ["", "64x4", "64x4x16x1", "64x-4x16", "65x4x16", "64x4x17", "axbxc"] {
            assert!(shape(wrong).is_err(), "{wrong}");
        }
    }
}
