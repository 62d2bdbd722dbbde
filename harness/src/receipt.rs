//! A receipt: what was asked for, who made it, and hashes of every step, so that another can check it.

use crate::backend::Generation;
use crate::backend::ImageRequest;
use crate::backend::Maker;
use crate::model::shape::ModelShape;
use crate::model::weights::ModelWeights;
use serde::Deserialize;
use serde::Serialize;

/// Version of the layout.
const FORMAT: &str = "assay receipt 1";
/// Hexadecimal digits of a SHA-256.
const HASH_DIGITS: usize = 64;

/// Why a file is no receipt.
#[derive(Debug, thiserror::Error)]
pub enum ReceiptError {
    /// It is not the JSON of a receipt.
    #[error("not a receipt: {0}")]
    Syntax(#[from] serde_json::Error),
    /// It has another layout.
    #[error("format {0:?}: must be {FORMAT:?}")]
    Format(String),
    /// It has not as many hashes as steps.
    #[error("{found} hashes of latents for {steps} steps: must be one more than the steps")]
    Steps {
        /// Number of hashes in the receipt.
        found: usize,
        /// Number of denoising steps of the request.
        steps: u32,
    },
    /// A hash is none.
    #[error("{0:?} is not a SHA-256: must be {HASH_DIGITS} hexadecimal digits")]
    Hash(String),
}

/// What was made, how and by whom.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    format: String,
    weights_sha256: String,
    model: ModelShape,
    seed: u64,
    class: usize,
    steps: u32,
    guidance: Option<f32>,
    maker: Maker,
    /// Of the tokens before the first step and after each.
    latents_sha256: Vec<String>,
    pixels_sha256: String,
}

/// How two receipts differ in what they are about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReceiptDifference {
    /// Parts of the request that differ, with both values: the images were not meant to be the same.
    pub request: Vec<String>,
    /// The first step after which the tokens differ; 0 is the noise before the first.
    pub first_step: Option<usize>,
    /// Whether the pixels differ.
    pub pixels: bool,
}

impl ReceiptDifference {
    /// Whether there is none.
    #[must_use]
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }
}

impl Receipt {
    /// The receipt for an image.
    #[must_use]
    pub fn new(
        weights: &ModelWeights,
        request: &ImageRequest,
        maker: Maker,
        painting: &Generation,
    ) -> Self {
        Self {
            format: FORMAT.to_string(),
            weights_sha256: weights.hash().to_string(),
            model: weights.shape(),
            seed: request.seed(),
            class: request.class(),
            steps: request.steps(),
            guidance: request.guidance(),
            maker,
            latents_sha256: painting.step_hashes.clone(),
            pixels_sha256: painting.pixels_hash(),
        }
    }

    /// Reads a receipt.
    ///
    /// # Errors
    ///
    /// When it is no receipt, or contradicts itself.
    pub fn read(text: &str) -> Result<Self, ReceiptError> {
        let receipt: Self = serde_json::from_str(text)?;
        if receipt.format != FORMAT {
            return Err(ReceiptError::Format(receipt.format));
        }
        let found = receipt.latents_sha256.len();
        if u32::try_from(found).ok() != receipt.steps.checked_add(1) {
            return Err(ReceiptError::Steps { found, steps: receipt.steps });
        }
        match receipt.unsound_hash() {
            Some(hash) => Err(ReceiptError::Hash(hash.clone())),
            None => Ok(receipt),
        }
    }

    fn unsound_hash(&self) -> Option<&String> {
        let own = [&self.pixels_sha256, &self.weights_sha256];
        let hashes = self.latents_sha256.iter().chain(own).chain(&self.maker.shaders_sha256);
        let sound = |h: &str| h.len() == HASH_DIGITS && h.bytes().all(|b| b.is_ascii_hexdigit());
        hashes.into_iter().find(|hash| !sound(hash))
    }

    /// The receipt as text.
    ///
    /// # Panics
    ///
    /// Never: every part of it can be written.
    #[must_use]
    pub fn text(&self) -> String {
        serde_json::to_string_pretty(self).expect("a receipt can be written") + "\n"
    }

    /// How this one and `other` differ; who made the images does not matter.
    #[must_use]
    pub fn compare(&self, other: &Self) -> ReceiptDifference {
        let model = |s: ModelShape| format!("{} x {} x {}", s.width(), s.depth(), s.tokens());
        let guidance = |g: Option<f32>| g.map_or_else(|| "none".to_string(), |g| g.to_string());
        let parts = [
            ("weights", self.weights_sha256.clone(), other.weights_sha256.clone()),
            ("model", model(self.model), model(other.model)),
            ("seed", self.seed.to_string(), other.seed.to_string()),
            ("class", self.class.to_string(), other.class.to_string()),
            ("steps", self.steps.to_string(), other.steps.to_string()),
            ("guidance", guidance(self.guidance), guidance(other.guidance)),
        ];
        let differing = parts.into_iter().filter(|(_, a, b)| a != b);
        let request = differing.map(|(name, a, b)| format!("{name} {a} and {b}")).collect();
        let (a, b) = (&self.latents_sha256, &other.latents_sha256);
        let unequal_length = (a.len() != b.len()).then_some(a.len().min(b.len()));
        let first_step = a.iter().zip(b).position(|(a, b)| a != b).or(unequal_length);
        ReceiptDifference { request, first_step, pixels: self.pixels_sha256 != other.pixels_sha256 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn receipt() -> Receipt {
        Receipt {
            format: FORMAT.to_string(),
            weights_sha256: "0".repeat(64),
            model: ModelShape::DIGITS,
            seed: u64::MAX,
            class: 3,
            steps: 2,
            guidance: Some(0.1),
            maker: Maker { backend: "cpu".to_string(), adapter: None, shaders_sha256: None },
            latents_sha256: ["a", "b", "c"].map(|x| x.repeat(64)).to_vec(),
            pixels_sha256: "d".repeat(64),
        }
    }

    #[test]
    fn a_receipt_is_read_back_as_it_was_written() {
        assert_eq!(Receipt::read(&receipt().text()).unwrap(), receipt());
    }

    #[test]
    fn the_first_step_that_differs_is_named() {
        let mut other = receipt();
        other.latents_sha256[1] = "e".repeat(64);
        other.latents_sha256[2] = "f".repeat(64);
        let difference = receipt().compare(&other);
        assert_eq!((difference.first_step, difference.pixels), (Some(1), false));
        assert!(receipt().compare(&receipt()).is_none());
    }

    #[test]
    fn who_made_the_image_is_no_difference() {
        let mut other = receipt();
        other.maker.backend = "wgpu".to_string();
        assert!(receipt().compare(&other).is_none());
    }

    #[test]
    fn different_requests_are_told_apart_from_different_results() {
        let mut other = receipt();
        other.seed = 1;
        assert_eq!(receipt().compare(&other).request.len(), 1);
    }

    #[test]
    fn a_shorter_run_differs_at_its_first_missing_step() {
        let mut other = receipt();
        other.latents_sha256.pop();
        assert_eq!(receipt().compare(&other).first_step, Some(2));
    }

    #[test]
    fn receipts_that_are_none_are_refused() {
        let change = |from: &str, to: &str| Receipt::read(&receipt().text().replace(from, to));
        assert!(matches!(Receipt::read("{}"), Err(ReceiptError::Syntax(_))));
        assert!(matches!(change("receipt 1", "receipt 9"), Err(ReceiptError::Format(_))));
        assert!(matches!(change("\"steps\": 2", "\"steps\": 3"), Err(ReceiptError::Steps { .. })));
        assert!(matches!(
            change("\"steps\": 2", "\"steps\": 4294967295"),
            Err(ReceiptError::Steps { .. })
        ));
        assert!(matches!(change("dddd", "dd"), Err(ReceiptError::Hash(_))));
        assert!(matches!(change("\"seed\"", "\"sed\""), Err(ReceiptError::Syntax(_))));
    }
}
