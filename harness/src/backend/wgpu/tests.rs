//! What only the inside can show: how requests become submissions, and how a device fails.

use super::*;
use crate::backend::cpu::Cpu;
use crate::gpu::testing;
use crate::kernels::shader::Kernel;
use crate::model::shape::ModelShape;
use std::num::NonZeroUsize;
use std::time::Duration;

/// Smallest limit of buffers that holds the digits' weights and their images one by one.
const NARROW_LIMIT: u64 = 2 << 20;

fn requests(count: u64, steps: u32, guidance: Option<f32>) -> Vec<ImageRequest> {
    let class = |seed: u64| usize::try_from(seed % 3).unwrap() * 4;
    (0..count).map(|seed| ImageRequest::new(seed, class(seed), steps, guidance).unwrap()).collect()
}

fn digits(device: Device) -> Wgpu {
    Wgpu::new(device, Arc::new(ModelWeights::digits())).unwrap()
}

#[test]
fn images_share_the_slot_of_their_class_and_guidance_has_one_more() {
    // Classes 0, 4, 8, 0: three slots, and one for none behind the most that four images can have.
    let guided = slots(&requests(4, 2, Some(2.0)), true);
    assert_eq!(guided[..SLOTS], [0, 4, 8, 0, 10, 0, 0, 0, 0, 0, 0]);
    assert_eq!(guided[SLOTS..], [0, 1, 2, 0, 4, 4, 4, 4]);
    assert_eq!(slots(&requests(1, 2, None), false), [0; SLOTS + 1]);
}

#[test]
fn work_is_cut_into_submissions_before_it_is_too_much() {
    let dispatch = |operations| KernelDispatch {
        kernel: Kernel::Patch,
        workgroups: 1,
        bound: 0,
        parameters: 0,
        operations,
    };
    let list = [3, 3, 3, 10, 1, 1].map(dispatch);
    let lengths: Vec<usize> = list.chunk_by(within(7)).map(<[KernelDispatch]>::len).collect();
    assert_eq!(lengths, [2, 1, 1, 2]);
}

#[test]
fn a_device_with_small_buffers_makes_the_same_images_in_more_submissions() {
    let Some(device) = testing::device() else { return };
    let mut wgpu = digits(device.with_buffer_bytes_max(NARROW_LIMIT));
    let requests = requests(48, 50, None);
    assert!(wgpu.batch_max(&requests[0], 48).unwrap() < 48);
    let found = wgpu.paint(&requests[..40]).unwrap();
    let expected = Cpu::new(wgpu.weights.clone(), NonZeroUsize::MIN).make(&requests[..40]);
    let hashes = |p: &[Generation]| p.iter().map(|p| p.step_hashes.clone()).collect::<Vec<_>>();
    assert_eq!(hashes(&found), hashes(&expected));
}

#[test]
fn what_does_not_fit_the_device_is_refused_with_its_size() {
    let Some(device) = testing::device() else { return };
    let mut wgpu = digits(device.with_buffer_bytes_max(NARROW_LIMIT));
    let refused = wgpu.paint(&requests(1, 1000, None));
    assert!(matches!(refused, Err(DeviceError::TooLarge { .. })), "{refused:?}");
    let Some(device) = testing::device() else { return };
    let refused = Wgpu::new(device.with_buffer_bytes_max(1 << 20), wgpu.weights.clone());
    assert!(matches!(refused, Err(DeviceError::TooLarge { .. })), "{refused:?}");
}

#[test]
fn a_lost_device_is_an_error_and_stays_one() {
    let Some(device) = testing::device() else { return };
    let mut wgpu = digits(device);
    wgpu.device.inner.destroy();
    for _ in 0..2 {
        let lost = wgpu.paint(&requests(1, 1, None));
        assert!(matches!(lost, Err(DeviceError::Lost(_))), "{lost:?}");
    }
}

#[test]
fn a_wait_ends_when_its_time_is_over() {
    let Some(device) = testing::device() else { return };
    let mut wgpu = digits(device.with_wait(Duration::ZERO));
    let late = wgpu.paint(&requests(16, 50, None));
    assert_eq!(late.map(|p| p.len()), Err(DeviceError::Timeout(Duration::ZERO)));
}

#[test]
fn every_kernel_is_timed_and_counted() {
    let Some(device) = testing::device() else { return };
    let mut wgpu = digits(device);
    let times = wgpu.profile(&requests(1, 2, None)[0], 2).unwrap();
    let calls: u32 = times.iter().map(|time| time.calls).sum();
    // x_in, four blocks of two norms, four dense layers and attention, a norm, x_out and the step; on software
    // one norm is part of a dense layer and the feed-forward half is one kernel.
    let of_a_block = if wgpu.device().description().is_software() { 4 } else { 7 };
    assert_eq!(calls, 1 + 4 * of_a_block + 3);
    assert!(times.iter().all(|time| time.took > Duration::ZERO));
    let counted: u64 = times.iter().map(|time| u64::from(time.calls) * time.operations).sum();
    assert!(counted > 2 * 6_000_000, "two images of 6.6e6 operations: {counted}");
    assert_eq!(wgpu.weights.shape(), ModelShape::DIGITS);
}
