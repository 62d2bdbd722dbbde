use super::*;
use crate::gpu::Parameters;
use crate::gpu::single::Given;
use crate::gpu::testing::assert_same_bits;
use crate::gpu::testing::narrow;
use crate::gpu::testing::seeded;
use crate::kernels::shader::Kernel;

/// As the module's documentation states it.
const TOLERANCE: f64 = 2e-6;
const TOKENS: usize = 16;
const ROWS: usize = 40;
const SLOTS: [u32; 14] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1];

fn on_cpu(x: &[f32], shift: &[f32], scale: &[f32]) -> Vec<f32> {
    let mut out = vec![0.0; x.len()];
    layer_norm(Lanes::widest(), x, Modulation { shift, scale }, &mut out);
    out
}

#[test]
fn rows_are_within_the_tolerance_of_f64() {
    for width in [16, 64, 208] {
        let x: Vec<f32> = seeded(1, ROWS * width).iter().map(|x| 3.0 * x + 7.0).collect();
        let (shift, scale) = (seeded(2, width), seeded(3, width));
        let found = on_cpu(&x, &shift, &scale);
        for (x, found) in x.chunks_exact(width).zip(found.chunks_exact(width)) {
            let x: Vec<f64> = x.iter().map(|x| f64::from(*x)).collect();
            let count = f64::from(narrow(width));
            let mean = x.iter().sum::<f64>() / count;
            let variance = x.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / count;
            let normal: Vec<f64> =
                x.iter().map(|x| (x - mean) / libm::sqrt(variance + f64::from(EPSILON))).collect();
            let largest = normal.iter().fold(1.0f64, |a, b| a.max(b.abs()));
            for (j, y) in found.iter().enumerate() {
                let factor = 1.0 + f64::from(scale[j]);
                let exact = normal[j] * factor + f64::from(shift[j]);
                let allowed = TOLERANCE * largest * (1.0 + f64::from(scale[j]).abs());
                assert!((f64::from(*y) - exact).abs() <= allowed, "{width} {j}: {y} {exact}");
            }
        }
    }
}

#[test]
fn a_row_of_equal_values_is_its_shift() {
    let found = on_cpu(&[5.0; 16], &[0.25; 16], &[3.0; 16]);
    assert!(found.iter().all(|y| y.to_bits() == 0.25f32.to_bits()), "{found:?}");
}

#[test]
fn a_device_gives_the_bits_of_the_cpu() {
    for width in [16, 64, 208] {
        let x = seeded(4, ROWS * width);
        // Two slots of two steps, each with a shift and a scale behind a part that is not read.
        let modulations = seeded(5, 4 * 3 * width);
        let images = x.chunks(TOKENS * width).zip(&SLOTS[11..]);
        let expected: Vec<f32> = images
            .flat_map(|(x, slot)| {
                let row = usize::try_from(*slot).unwrap() * 2 + 1;
                let part = |k: usize| &modulations[(3 * row + k) * width..][..width];
                on_cpu(x, part(1), part(2))
            })
            .collect();
        let groups = narrow(width / 4);
        let parameters = Parameters {
            rows: narrow(ROWS),
            columns: groups,
            tokens: narrow(TOKENS),
            steps: 2,
            step: 1,
            modulation: groups,
            modulations: 3 * groups,
            first: inverse_width(width),
            ..Parameters::default()
        };
        let result = vec![0.0; x.len()];
        let (source, slots) = (&x[..], &SLOTS[..]);
        let modulations = &modulations[..];
        let given =
            Given { parameters, source, result: &result, modulations, slots, ..Given::default() };
        assert_same_bits(|_| Kernel::LayerNorm, &given, &expected);
    }
}

#[test]
#[should_panic(expected = "is_multiple_of")]
fn a_width_that_is_no_multiple_of_sixteen_is_refused() {
    on_cpu(&[1.0; 12], &[0.0; 12], &[0.0; 12]);
}
