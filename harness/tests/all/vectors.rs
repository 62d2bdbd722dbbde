//! The model's own test vectors, made by its training script in another framework.

use crate::tensors::floats;
use assay_harness::Cpu;
use assay_harness::ImageRequest;
use assay_harness::ModelWeights;
use assay_harness::kernels::patch;
use assay_testing::shared;
use safetensors::SafeTensors;
use std::fs;
use std::num::NonZeroUsize;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;

/// Largest difference allowed of a velocity, whose values are of size 1 to 4: the other framework sums in another order,
/// so a few units in the last place (2^-23) of values of size up to 8. Seen: 1.9e-6.
const VELOCITY_TOLERANCE: f32 = 4e-6;
/// Largest difference allowed of an image after 50 steps: the mean of fifty such differences, carried along by the flow.
/// A pixel's level is 2000 times as wide. Seen: 8.5e-7.
const IMAGE_TOLERANCE: f32 = 4e-6;
const VALUES: usize = 64;
const SIDE: usize = 8;

fn committed() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("model")
}

fn worst(found: &[f32], expected: &[f32]) -> f32 {
    assert_eq!(found.len(), expected.len());
    found.iter().zip(expected).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
}

/// Holds the model of a folder against the vectors beside it.
fn check(folder: &Path) {
    let bytes = fs::read(folder.join("digits_dit.safetensors")).unwrap();
    let weights = ModelWeights::read(&bytes, assay_harness::DIGITS_SHA256).unwrap();
    let cpu = Cpu::new(Arc::new(weights), NonZeroUsize::MIN);
    let bytes = fs::read(folder.join("digits_dit_test.safetensors")).unwrap();
    let file = SafeTensors::deserialize(&bytes).unwrap();
    let noise = floats(&file, "noise");
    let velocities = floats(&file, "v");
    for class in 0..10 {
        let part = class * VALUES..(class + 1) * VALUES;
        let found = cpu.velocity(&noise[part.clone()], 0.3, class);
        let error = worst(&found, &velocities[part]);
        assert!(error <= VELOCITY_TOLERANCE, "class {class}: {error}");
    }
    // `out` was made with guidance 2, `out1` with guidance 1, which is none.
    for (name, guidance) in [("out", Some(2.0)), ("out1", Some(1.0)), ("out1", None)] {
        let expected = floats(&file, name);
        for class in 0..10 {
            let part = class * VALUES..(class + 1) * VALUES;
            let request = ImageRequest::new(0, class, 50, guidance).unwrap();
            let found = cpu.make_from(request, &noise[part.clone()]);
            let error = worst(&found.latents, &expected[part.clone()]);
            assert!(error <= IMAGE_TOLERANCE, "{name}, class {class}: {error}");
            assert_eq!(found.pixels, patch::unpatch(&expected[part], SIDE), "{name} {class}");
        }
    }
}

#[test]
fn the_committed_model_meets_its_vectors_to_the_pixel() {
    check(&committed());
}

assay_testing::needs_shared!(
    the_shared_model_meets_its_vectors_to_the_pixel,
    the_committed_files_are_the_shared_ones,
);

fn the_shared_model_meets_its_vectors_to_the_pixel() {
    check(&shared("model"));
}

fn the_committed_files_are_the_shared_ones() {
    let folder = shared("model");
    for name in ["digits_dit.safetensors", "digits_dit_test.safetensors"] {
        let [a, b] = [&folder, &committed()].map(|folder| fs::read(folder.join(name)).unwrap());
        assert!(a == b, "{name} differs");
    }
}
