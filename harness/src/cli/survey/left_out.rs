//! Models that a device cannot hold: a part of a survey goes on without them and names them.

use crate::backend::Request;
use crate::cli::backend_args::Opened;
use crate::gpu::device::Error;
use crate::model::shape::Shape;
use serde::Serialize;

/// A model that a part went on without.
#[derive(Debug, PartialEq, Serialize)]
pub(super) struct LeftOut {
    /// Name of the part.
    part: &'static str,
    model: Shape,
    /// What does not fit, with the size needed and the size allowed.
    reason: String,
}

impl LeftOut {
    /// The model for people, where `part` went on without it.
    pub(super) fn text(&self, part: &str) -> Option<String> {
        let [width, depth, tokens] = [self.model.width(), self.model.depth(), self.model.tokens()];
        let text = format!("model {width}x{depth}x{tokens} left out: {}", self.reason);
        (self.part == part).then_some(text)
    }
}

/// Whether one image of `model` fits the device; a model that does not is added to `left_out`.
pub(super) fn fits(
    opened: &Opened,
    request: &Request,
    (part, model): (&'static str, Shape),
    left_out: &mut Vec<LeftOut>,
) -> Result<bool, Error> {
    match opened.batch_max(request, 1) {
        Ok(_) => Ok(true),
        Err(error @ Error::TooLarge { .. }) => {
            left_out.push(LeftOut { part, model, reason: error.to_string() });
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
        let model = Shape::new(512, 8, 256).unwrap();
        let one = LeftOut { part: "speed", model, reason: "too large".to_string() };
        assert_eq!(one.text("speed").unwrap(), "model 512x8x256 left out: too large");
        assert_eq!(one.text("receipts"), None);
    }
}
