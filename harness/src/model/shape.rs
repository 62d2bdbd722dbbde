//! The size of a model and what it may be.

use crate::kernels::attention::HEAD;
use crate::kernels::patch::PATCH;
use crate::kernels::patch::SIDE;

/// Classes an image may be asked for, and one for "none", which guidance needs.
pub(crate) const CLASSES: usize = 10;
/// The class that stands for none.
pub(crate) const NULL_CLASS: usize = CLASSES;

/// Limits of a model's size. Source: ours; the largest still fits the memory of one common device.
const WIDTH_MAX: usize = 2048;
pub(crate) const DEPTH_MAX: usize = 48;
const GRID_STEP: usize = 4;
const GRID_MAX: usize = 32;
const TOKENS_MAX: usize = GRID_MAX * GRID_MAX;
/// Hidden values of a feed-forward layer for one of the stream. Source: harness/model/train.py.
const EXPANSION: usize = 4;
/// Shift, scale and gate of attention, then of the feed-forward layer. Source: harness/model/train.py.
pub(crate) const MODULATIONS: usize = 6;

/// Why a size was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ShapeError {
    /// The width is no multiple of a head or out of range.
    #[error("width {0}: must be a multiple of {HEAD} from {HEAD} to {WIDTH_MAX}")]
    Width(usize),
    /// The depth is out of range.
    #[error("depth {0}: must be from 1 to {DEPTH_MAX}")]
    Depth(usize),
    /// The tokens make no square, or one that is too large.
    #[error("tokens {0}: must be the square of a multiple of {GRID_STEP}, from 16 to {TOKENS_MAX}")]
    Tokens(usize),
}

/// The size of a model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ModelShape {
    width: usize,
    depth: usize,
    tokens: usize,
}

impl ModelShape {
    /// The size of the shipped digits model.
    pub const DIGITS: Self = Self { width: 64, depth: 4, tokens: 16 };

    /// A model of `depth` blocks on `tokens` tokens of `width` values.
    ///
    /// # Errors
    ///
    /// When a number is outside the range that the kernels are made for.
    pub fn new(width: usize, depth: usize, tokens: usize) -> Result<Self, ShapeError> {
        if width == 0 || !width.is_multiple_of(HEAD) || width > WIDTH_MAX {
            return Err(ShapeError::Width(width));
        }
        if depth == 0 || depth > DEPTH_MAX {
            return Err(ShapeError::Depth(depth));
        }
        let grid = tokens.isqrt();
        if grid * grid != tokens
            || tokens == 0
            || !grid.is_multiple_of(GRID_STEP)
            || grid > GRID_MAX
        {
            return Err(ShapeError::Tokens(tokens));
        }
        Ok(Self { width, depth, tokens })
    }

    /// Values of a token inside the transformer.
    #[must_use]
    pub fn width(self) -> usize {
        self.width
    }

    /// Blocks of attention and feed-forward layers.
    #[must_use]
    pub fn depth(self) -> usize {
        self.depth
    }

    /// Patches of an image.
    #[must_use]
    pub fn tokens(self) -> usize {
        self.tokens
    }

    /// Pixels along the image's side.
    #[must_use]
    pub fn side(self) -> usize {
        self.tokens.isqrt() * SIDE
    }

    /// Values of an image, which are also those of its tokens before the transformer.
    #[must_use]
    pub fn pixels(self) -> usize {
        self.tokens * PATCH
    }

    /// Values of a token inside a feed-forward layer.
    #[must_use]
    pub fn hidden(self) -> usize {
        EXPANSION * self.width
    }

    /// Values that the conditioning gives for one step: those of every block, then shift and scale of the last norm.
    #[must_use]
    pub fn modulation(self) -> usize {
        (MODULATIONS * self.depth + 2) * self.width
    }

    /// Floating-point operations of one step of one image, a product and a sum counted as two, conditioning excluded.
    #[must_use]
    pub fn operations_a_step(self) -> f64 {
        let per_token = 2 * self.depth * self.width * (4 * self.width + 2 * self.hidden())
            + 4 * self.depth * self.tokens * self.width
            + 4 * PATCH * self.width;
        #[expect(clippy::cast_precision_loss, reason = "a step has far fewer than 2^53 operations")]
        let operations = (per_token * self.tokens) as f64;
        operations
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_the_kernels_cannot_do_are_refused_by_name() {
        assert_eq!(ModelShape::new(65, 4, 16), Err(ShapeError::Width(65)));
        assert_eq!(ModelShape::new(0, 4, 16), Err(ShapeError::Width(0)));
        assert_eq!(ModelShape::new(64, 0, 16), Err(ShapeError::Depth(0)));
        assert_eq!(ModelShape::new(64, 4, 17), Err(ShapeError::Tokens(17)));
        assert_eq!(ModelShape::new(64, 4, 36), Err(ShapeError::Tokens(36)));
        assert_eq!(ModelShape::new(64, 4, 0), Err(ShapeError::Tokens(0)));
        assert_eq!(ModelShape::new(64, 4, 16), Ok(ModelShape::DIGITS));
    }

    #[test]
    fn the_digits_model_makes_images_of_eight_by_eight_pixels() {
        assert_eq!((ModelShape::DIGITS.side(), ModelShape::DIGITS.pixels()), (8, 64));
        assert_eq!(ModelShape::new(128, 2, 256).map(ModelShape::side), Ok(32));
    }
}
