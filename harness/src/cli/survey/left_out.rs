//! Models that a device cannot hold: a part of a survey goes on without them and names them.

use crate::backend::ImageRequest;
use crate::cli::backend_args::Opened;
use crate::gpu::device::DeviceError;
use crate::model::shape::ModelShape;
use serde::Serialize;

/// A model that a part went on without.
#[derive(Debug, PartialEq, Serialize)]
pub(super) struct ModelLeftOut {
    /// Name of the part.
    part: &'static str,
    model: ModelShape,
    /// What does not fit, with the size needed and the size allowed.
    reason: String,
}

impl ModelLeftOut {
    /// The model for people, where `part` went on without it.
    pub(super) fn text(&self, part: &str) -> Option<String> {
        let [width, depth, tokens] = [self.model.width(), self.model.depth(), self.model.tokens()];
        let text = format!("model {width}x{depth}x{tokens} left out: {}", self.reason);
        (self.part == part).then_some(text)
    }
}

/// Whether one image of `model` fits the device; a model that does not is added to `left_out`.
///
/// # Errors
/// When the device fails for another reason than that the model is too large.
pub(super) fn fits(
    opened: &Opened,
    request: &ImageRequest,
    (part, model): (&'static str, ModelShape),
    left_out: &mut Vec<ModelLeftOut>,
) -> Result<bool, DeviceError> {
    match opened.batch_max(request, 1) {
        Ok(_) => Ok(true),
        Err(error @ DeviceError::TooLarge { .. }) => {
            left_out.push(ModelLeftOut { part, model, reason: error.to_string() });
            Ok(false)
        }
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_model_left_out_is_told_in_its_part_alone() {
        let model = ModelShape::new(512, 8, 256).unwrap();
        let one = ModelLeftOut { part: "speed", model, reason: "too large".to_string() };
        assert_eq!(one.text("speed").unwrap(), "model 512x8x256 left out: too large");
        assert_eq!(one.text("receipts"), None);
    }
}
