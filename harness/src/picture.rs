//! A grey picture: one image, enlarged, or a sheet of them, as PNG.

use std::io;

/// Shade between the images of a sheet.
const GAP_SHADE: u8 = 64;

/// Rows of 8-bit pixels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RgbPicture {
    width: usize,
    height: usize,
    pixels: Vec<u8>,
}

impl RgbPicture {
    /// A square image of `side` pixels a side.
    pub(crate) fn square(side: usize, pixels: &[u8]) -> Self {
        assert_eq!(pixels.len(), side * side, "a square image");
        Self { width: side, height: side, pixels: pixels.to_vec() }
    }

    /// Every pixel as `scale` times `scale` pixels.
    pub(crate) fn enlarged(&self, scale: usize) -> Self {
        let (width, height) = (self.width * scale, self.height * scale);
        let pixel = |place: usize| {
            let (row, column) = (place / width / scale, place % width / scale);
            self.pixels[row * self.width + column]
        };
        Self { width, height, pixels: (0..width * height).map(pixel).collect() }
    }

    /// Images of one size in rows of `columns`, a pixel apart; a last row that is not full ends in the gap's shade.
    pub(crate) fn sheet(images: &[Self], columns: usize) -> Self {
        let [cell_width, cell_height] =
            images.first().map_or([0; 2], |i| [i.width + 1, i.height + 1]);
        let rows = images.len().div_ceil(columns);
        let (width, height) = (columns * cell_width + 1, rows * cell_height + 1);
        let mut pixels = vec![GAP_SHADE; width * height];
        for (index, image) in images.iter().enumerate() {
            let (left, top) = (index % columns * cell_width + 1, index / columns * cell_height + 1);
            for (row, values) in image.pixels.chunks_exact(image.width).enumerate() {
                pixels[(top + row) * width + left..][..image.width].copy_from_slice(values);
            }
        }
        Self { width, height, pixels }
    }

    /// The picture as a PNG file.
    ///
    /// # Errors
    /// When a side does not fit 32 bits.
    pub(crate) fn png(&self) -> io::Result<Vec<u8>> {
        let side = |x: usize| u32::try_from(x).map_err(io::Error::other);
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, side(self.width)?, side(self.height)?);
        encoder.set_color(png::ColorType::Grayscale);
        encoder.set_depth(png::BitDepth::Eight);
        let mut writer = encoder.write_header().map_err(io::Error::other)?;
        writer.write_image_data(&self.pixels).map_err(io::Error::other)?;
        writer.finish().map_err(io::Error::other)?;
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_read_back_from_its_png() {
        let picture = RgbPicture::square(2, &[0, 85, 170, 255]);
        let bytes = picture.png().unwrap();
        let mut reader = png::Decoder::new(io::Cursor::new(bytes)).read_info().unwrap();
        let mut pixels = vec![0; 4];
        let frame = reader.next_frame(&mut pixels).unwrap();
        assert_eq!((frame.width, frame.height, pixels), (2, 2, picture.pixels));
    }

    #[test]
    fn enlarging_repeats_pixels() {
        let picture = RgbPicture::square(2, &[1, 2, 3, 4]).enlarged(2);
        assert_eq!(picture.pixels, [1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4]);
    }

    #[test]
    fn a_sheet_sets_images_a_pixel_apart_and_fills_up_its_last_row() {
        let images = [1, 2, 3].map(|shade| RgbPicture::square(1, &[shade]));
        let sheet = RgbPicture::sheet(&images, 2);
        let g = GAP_SHADE;
        let rows = [[g; 5], [g, 1, g, 2, g], [g; 5], [g, 3, g, g, g], [g; 5]];
        assert_eq!((sheet.width, sheet.height, sheet.pixels), (5, 5, rows.concat()));
    }
}
