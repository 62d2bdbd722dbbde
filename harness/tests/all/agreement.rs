//! Whole images are the same bits on the CPU and on a device, step by step, whatever the threads and batches.

use crate::adapter;
use assay_harness::Cpu;
use assay_harness::Generation;
use assay_harness::ImageBackend;
use assay_harness::ImageRequest;
use assay_harness::ModelShape;
use assay_harness::ModelWeights;
use assay_harness::Wgpu;
use assay_harness::kernels::lanes::Lanes;
use std::num::NonZeroUsize;
use std::sync::Arc;

/// Requests of one kind, with neighbouring seeds and all classes in turn.
fn requests(count: u64, steps: u32, guidance: Option<f32>) -> Vec<ImageRequest> {
    let class = |seed: u64| usize::try_from(seed * 7 % 10).unwrap();
    (0..count).map(|seed| ImageRequest::new(seed, class(seed), steps, guidance).unwrap()).collect()
}

/// All that may not differ: the hash of every step, every bit of the last one, the pixels.
fn traces(paintings: &[Generation]) -> Vec<(Vec<String>, Vec<u32>, Vec<u8>)> {
    let bits = |p: &Generation| p.latents.iter().map(|x| x.to_bits()).collect();
    paintings.iter().map(|p| (p.step_hashes.clone(), bits(p), p.pixels.clone())).collect()
}

fn cpu(weights: &Arc<ModelWeights>, threads: usize) -> Cpu {
    Cpu::new(weights.clone(), NonZeroUsize::new(threads).unwrap())
}

fn assert_agreement(weights: ModelWeights, requests: &[ImageRequest], gpu_kernels: bool) {
    let Some(device) = adapter::device() else { return };
    let weights = Arc::new(weights);
    let open = if gpu_kernels { Wgpu::with_gpu_kernels } else { Wgpu::new };
    let mut wgpu = open(device, weights.clone()).unwrap();
    let found = wgpu.paint(requests).unwrap();
    assert_eq!(traces(&found), traces(&cpu(&weights, 2).make(requests)));
}

#[test]
fn fifty_steps_of_every_digit_are_the_same_bits() {
    assert_agreement(ModelWeights::digits(), &requests(10, 50, None), false);
}

#[test]
fn fifty_guided_steps_are_the_same_bits() {
    assert_agreement(ModelWeights::digits(), &requests(3, 50, Some(2.0)), false);
}

#[test]
fn kernels_made_for_a_gpu_give_the_same_bits() {
    assert_agreement(ModelWeights::digits(), &requests(70, 2, Some(0.7)), true);
}

#[test]
fn models_of_other_sizes_give_the_same_bits_on_either_kind_of_kernels() {
    for (width, depth, tokens) in [(16, 1, 64), (80, 3, 16), (32, 2, 144)] {
        let shape = ModelShape::new(width, depth, tokens).unwrap();
        for gpu_kernels in [false, true] {
            let weights = ModelWeights::seeded(shape, 11).unwrap();
            assert_agreement(weights, &requests(3, 4, Some(3.0)), gpu_kernels);
        }
    }
}

#[test]
fn neighbours_of_other_steps_and_guidance_keep_their_own_images() {
    let mixed = [
        requests(3, 3, None),
        requests(2, 5, None),
        requests(2, 3, Some(2.0)),
        requests(1, 1, None),
        requests(2, 3, Some(0.0)),
    ];
    assert_agreement(ModelWeights::digits(), &mixed.concat(), false);
}

#[test]
fn the_number_of_threads_and_the_width_of_vectors_change_no_bit() {
    let weights = Arc::new(ModelWeights::digits());
    let requests = requests(7, 6, Some(1.5));
    let expected = traces(&cpu(&weights, 1).make(&requests));
    for threads in [2, 3, 7, 16] {
        assert_eq!(traces(&cpu(&weights, threads).make(&requests)), expected, "{threads}");
    }
    let narrow = cpu(&weights, 1).with_lanes(Lanes::baseline());
    assert_eq!(traces(&narrow.make(&requests)), expected);
}

#[test]
fn no_request_is_no_image() {
    let weights = Arc::new(ModelWeights::digits());
    assert!(cpu(&weights, 2).make(&[]).is_empty());
    let Some(device) = adapter::device() else { return };
    assert!(Wgpu::new(device, weights).unwrap().paint(&[]).unwrap().is_empty());
}

#[test]
fn an_image_is_its_requests_own_whatever_else_is_in_the_batch() {
    let weights = Arc::new(ModelWeights::digits());
    let all = requests(5, 4, None);
    let together = traces(&cpu(&weights, 1).make(&all));
    for (request, expected) in all.iter().zip(together) {
        assert_eq!(traces(&cpu(&weights, 1).make(&[*request])), [expected]);
    }
}

#[test]
fn another_seed_class_step_or_guidance_is_another_image() {
    let weights = Arc::new(ModelWeights::digits());
    let request =
        |seed, class, steps, guidance| ImageRequest::new(seed, class, steps, guidance).unwrap();
    let variants = [
        request(1, 3, 5, None),
        request(2, 3, 5, None),
        request(1, 4, 5, None),
        request(1, 3, 6, None),
        request(1, 3, 5, Some(2.0)),
    ];
    let mut ids: Vec<u128> = cpu(&weights, 1).make(&variants).iter().map(Generation::id).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), variants.len());
}
