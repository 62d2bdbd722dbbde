//! Both kernels against the CPU.

use super::*;
use crate::gpu::Parameters;
use crate::gpu::single::Given;
use crate::gpu::testing::assert_same_bits;
use crate::gpu::testing::narrow;
use crate::gpu::testing::seeded;
use crate::kernels::shader::Kernel;

/// Pixels along a side: the digits' and a larger size, two images of each.
const SIDES: [usize; 2] = [8, 24];

fn parameters(side: usize) -> Parameters {
    let grid = side / SIDE;
    let tokens = narrow(grid * grid);
    Parameters { rows: 2 * tokens, inner: narrow(grid), tokens, ..Parameters::default() }
}

#[test]
fn a_device_cuts_images_as_the_cpu_does() {
    for side in SIDES {
        let images = seeded(1, 2 * side * side);
        let mut expected = vec![0.0; images.len()];
        let halves = images.chunks_exact(side * side).zip(expected.chunks_exact_mut(side * side));
        for (image, tokens) in halves {
            patch(image, side, tokens);
        }
        let (parameters, result) = (parameters(side), vec![0.0; images.len()]);
        let given = Given { parameters, source: &images, result: &result, ..Given::default() };
        assert_same_bits(|_| Kernel::Patch, &given, &expected);
    }
}

#[test]
fn a_device_makes_the_pixels_that_the_cpu_makes() {
    for side in SIDES {
        let tokens = seeded(2, 2 * side * side);
        let pixels = tokens.chunks_exact(side * side).flat_map(|tokens| unpatch(tokens, side));
        let expected: Vec<f32> = pixels.map(f32::from).collect();
        let (parameters, result) = (parameters(side), vec![0.0; tokens.len()]);
        let given = Given { parameters, source: &tokens, result: &result, ..Given::default() };
        assert_same_bits(|_| Kernel::Unpatch, &given, &expected);
    }
}
