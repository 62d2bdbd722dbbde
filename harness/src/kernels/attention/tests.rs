use super::*;
use crate::gpu::Parameters;
use crate::gpu::single::Given;
use crate::gpu::testing::assert_same_bits;
use crate::gpu::testing::narrow;
use crate::gpu::testing::seeded;

/// As the module's documentation states it.
const TOLERANCE: f64 = 4e-6;
/// Tokens and width.
const SIZES: [[usize; 2]; 3] = [[16, 64], [64, 16], [144, 48]];

fn on_cpu(qkv: &[f32], tokens: usize, width: usize) -> Vec<f32> {
    let mut out = vec![0.0; tokens * width];
    let mut scratch = vec![0.0; tokens * (HEAD + 1)];
    attention(Lanes::widest(), qkv, &mut out, &mut scratch);
    out
}

fn exact(qkv: &[f32], [tokens, width]: [usize; 2], token: usize, column: usize) -> f64 {
    let head = column / HEAD * HEAD;
    let value = |row: usize, part: usize, d: usize| f64::from(qkv[(3 * row + part) * width + d]);
    let score = |j: usize| {
        (0..HEAD).map(|d| value(token, 0, head + d) * value(j, 1, head + d)).sum::<f64>() * 0.25
    };
    let most = (0..tokens).map(score).fold(f64::MIN, f64::max);
    let weights: Vec<f64> = (0..tokens).map(|j| libm::exp(score(j) - most)).collect();
    let mix: f64 = weights.iter().enumerate().map(|(j, e)| e * value(j, 2, column)).sum();
    mix / weights.iter().sum::<f64>()
}

#[test]
fn mixes_are_within_the_tolerance_of_f64() {
    for [tokens, width] in SIZES {
        let qkv = seeded(1, 3 * tokens * width);
        let largest = qkv.iter().fold(0.0f32, |a, b| a.max(b.abs()));
        let found = on_cpu(&qkv, tokens, width);
        for (place, y) in found.iter().enumerate() {
            let exact = exact(&qkv, [tokens, width], place / width, place % width);
            let error = (f64::from(*y) - exact).abs();
            assert!(error <= TOLERANCE * f64::from(largest), "{place}: {y} {exact}");
        }
    }
}

#[test]
fn equal_scores_give_the_mean_of_the_values() {
    // Queries of zero score every key alike; the values of token j are j, whose mean over 16 tokens is 7.5.
    let row = |j: u8| [vec![0.0; HEAD], vec![1.0; HEAD], vec![f32::from(j); HEAD]].concat();
    let qkv: Vec<f32> = (0..16).flat_map(row).collect();
    assert!(on_cpu(&qkv, 16, HEAD).iter().all(|y| (y - 7.5).abs() < 1e-5));
}

#[test]
fn a_device_gives_the_bits_of_the_cpu_for_every_image() {
    for [tokens, width] in SIZES {
        let images = [seeded(2, 3 * tokens * width), seeded(3, 3 * tokens * width)];
        let expected = images.each_ref().map(|qkv| on_cpu(qkv, tokens, width)).concat();
        let parameters = Parameters {
            rows: narrow(2 * tokens),
            columns: narrow(width / 4),
            tokens: narrow(tokens),
            ..Parameters::default()
        };
        let (source, result) = (images.concat(), vec![0.0; expected.len()]);
        let given = Given { parameters, source: &source, result: &result, ..Given::default() };
        assert_same_bits(|class| class.attention(parameters.tokens), &given, &expected);
    }
}

#[test]
#[should_panic(expected = "is_multiple_of")]
fn tokens_that_are_no_multiple_of_sixteen_are_refused() {
    on_cpu(&[0.0; 3 * 8 * 16], 8, 16);
}
