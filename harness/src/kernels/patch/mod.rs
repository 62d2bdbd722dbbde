//! Between the image and its tokens: patches of 2 x 2 pixels, and the 8-bit pixels of a finished image.
//!
//! Tolerance: none. Patching moves values; a pixel is one product, one sum and a truncation.

/// The kernel that cuts an image into tokens.
pub(crate) const PATCH_WGSL: &str = include_str!("patch.wgsl");
/// The kernel that makes pixels of tokens.
pub(crate) const UNPATCH_WGSL: &str = include_str!("unpatch.wgsl");

/// Pixels along a patch's side.
pub(crate) const SIDE: usize = 2;
/// Pixels in a patch.
pub(crate) const PATCH: usize = SIDE * SIDE;
/// Half the range of a pixel: -1 is black, 1 is white.
const HALF_RANGE: f32 = 127.5;
/// Half the range and one half, so that truncation rounds to nearest.
const MIDDLE: f32 = 128.0;
const WHITE: f32 = 255.0;

/// Place in the tokens of the pixel at (`row`, `column`) of an image with `side` pixels a side.
#[inline(always)]
fn place(row: usize, column: usize, side: usize) -> usize {
    let token = row / SIDE * (side / SIDE) + column / SIDE;
    token * PATCH + row % SIDE * SIDE + column % SIDE
}

/// Cuts an image, row after row, into tokens.
///
/// # Panics
///
/// When `image` has not `side` times `side` values.
pub fn patch(image: &[f32], side: usize, tokens: &mut [f32]) {
    assert_eq!(image.len(), side * side);
    for (row, values) in image.chunks_exact(side).enumerate() {
        for (column, value) in values.iter().enumerate() {
            tokens[place(row, column, side)] = *value;
        }
    }
}

/// The 8-bit pixels of an image, row after row: -1 and less is 0, 1 and more is 255.
///
/// # Panics
///
/// When `tokens` has not `side` times `side` values.
#[must_use]
pub fn unpatch(tokens: &[f32], side: usize) -> Vec<u8> {
    assert_eq!(tokens.len(), side * side);
    let pixel = |i: usize| level(tokens[place(i / side, i % side, side)]);
    (0..side * side).map(pixel).collect()
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "held in 0.0..=255.0")]
fn level(x: f32) -> u8 {
    let y = x * HALF_RANGE + MIDDLE;
    let low = if y > 0.0 { y } else { 0.0 };
    (if low < WHITE { low } else { WHITE }) as u8
}

#[cfg(test)]
mod device_tests;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_patch_is_two_rows_of_two_pixels() {
        // 4 x 4 pixels numbered row by row: the second token holds pixels 2, 3 of rows 0 and 1.
        let image: Vec<f32> = (0..16u8).map(f32::from).collect();
        let mut tokens = vec![0.0; 16];
        patch(&image, 4, &mut tokens);
        assert_eq!(
            tokens[4..8].iter().map(|x| x.to_bits()).collect::<Vec<_>>(),
            [2f32.to_bits(), 3f32.to_bits(), 6f32.to_bits(), 7f32.to_bits()]
        );
    }

    #[test]
    fn pixels_round_to_nearest_and_are_held_at_black_and_white() {
        let steps: Vec<u8> = [-3.0, -1.0, 0.0, 1.0, 1.01, 9.0].into_iter().map(level).collect();
        assert_eq!(steps, [0, 0, 128, 255, 255, 255]);
        assert_eq!((level(-1.0 + 0.49 / 127.5), level(-1.0 + 0.51 / 127.5)), (0, 1));
    }

    #[test]
    fn unpatch_undoes_patch() {
        let image: Vec<f32> = (0..64u8).map(|i| f32::from(i) / 127.5 - 1.0).collect();
        let mut tokens = vec![0.0; 64];
        patch(&image, 8, &mut tokens);
        assert_eq!(unpatch(&tokens, 8), (0..64u8).collect::<Vec<_>>());
    }
}
