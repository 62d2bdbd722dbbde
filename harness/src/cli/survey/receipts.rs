//! Whether a device leaves the CPU's receipts: the same bits after every step.

use crate::backend::ImageBackend;
use crate::backend::ImageRequest;
use crate::backend::cpu::Cpu;
use crate::cli::backend_args::BackendArgs;
use crate::cli::bench_measure;
use crate::cli::outcome::HarnessFailure;
use crate::cli::survey::left_out;
use crate::cli::survey::left_out::ModelLeftOut;
use crate::model::shape::ModelShape;
use crate::model::weights::ModelWeights;
use crate::model::weights::hex;
use crate::receipt::Receipt;
use serde::Serialize;
use sha2::Digest;
use sha2::Sha256;
use std::sync::Arc;

/// Images of one kind.
struct KindImages {
    /// Width, depth and tokens; none: the shipped digits model.
    size: Option<[usize; 3]>,
    images: usize,
    steps: u32,
    guidance: Option<f32>,
}

/// What is compared. Source: ours: the shipped model as it is used, a batch large enough for every kernel, and two models
/// whose sizes leave no kernel on the small model's path.
const CASES: [KindImages; 5] = [
    KindImages { size: None, images: 10, steps: 50, guidance: None },
    KindImages { size: None, images: 4, steps: 50, guidance: Some(2.0) },
    KindImages { size: None, images: 70, steps: 2, guidance: Some(0.7) },
    KindImages { size: Some([256, 4, 64]), images: 4, steps: 10, guidance: Some(2.0) },
    KindImages { size: Some([512, 8, 256]), images: 2, steps: 4, guidance: None },
];

/// How the receipts of some requests agree.
#[derive(Debug, PartialEq, Serialize)]
pub(super) struct ReceiptAgreement {
    model: ModelShape,
    weights_sha256: String,
    steps: u32,
    guidance: Option<f32>,
    pub(super) images: usize,
    /// Hashes that were compared: of the tokens before the first step and after each, and of the pixels.
    pub(super) hashes: usize,
    /// SHA-256 of all of these one after another, on the CPU and on the device: what other devices can be held against.
    cpu_sha256: String,
    device_sha256: String,
    pub(super) differing: Vec<Differing>,
}

/// A request whose receipts differ.
#[derive(Debug, PartialEq, Serialize)]
pub(super) struct Differing {
    seed: u64,
    class: usize,
    /// The first step after which the tokens differ; 0 is the noise before the first.
    first_step: Option<usize>,
    pixels: bool,
}

/// Compares every case whose model the device can hold; the others go to `left_out`.
///
/// # Errors
/// When the device fails for another reason than that a model is too large.
pub(super) fn compare_all(
    device: &BackendArgs,
    left_out: &mut Vec<ModelLeftOut>,
) -> Result<Vec<ReceiptAgreement>, HarnessFailure> {
    let mut found = Vec::new();
    for case in &CASES {
        found.extend(compare_case(case, device, left_out)?);
    }
    Ok(found)
}

fn compare_case(
    case: &KindImages,
    device: &BackendArgs,
    left_out: &mut Vec<ModelLeftOut>,
) -> Result<Option<ReceiptAgreement>, HarnessFailure> {
    let weights = Arc::new(match case.size {
        None => ModelWeights::digits(),
        Some([width, depth, tokens]) => {
            let shape = ModelShape::new(width, depth, tokens).map_err(HarnessFailure::input)?;
            ModelWeights::seeded(shape, 0).map_err(HarnessFailure::input)?
        }
    });
    let first =
        ImageRequest::new(0, 0, case.steps, case.guidance).map_err(HarnessFailure::input)?;
    let requests = bench_measure::requests(&first, case.images);
    let mut opened = device.open(weights.clone())?;
    if !left_out::fits(&opened, &first, ("receipts", weights.shape()), left_out)? {
        return Ok(None);
    }
    let mut cpu = Cpu::new(weights.clone(), BackendArgs::cpu().threads());
    compare(&weights, &requests, [&mut cpu, opened.painter()]).map(Some)
}

/// Compares what the CPU and a device make of the requests, which are of one kind.
fn compare(
    weights: &ModelWeights,
    requests: &[ImageRequest],
    painters: [&mut dyn ImageBackend; 2],
) -> Result<ReceiptAgreement, HarnessFailure> {
    let mut receipts = Vec::new();
    let mut hashes = Vec::new();
    for painter in painters {
        let paintings = painter.paint(requests)?;
        let maker = painter.maker();
        let each = requests.iter().zip(&paintings);
        let own: Vec<_> =
            each.map(|(r, painting)| Receipt::new(weights, r, maker.clone(), painting)).collect();
        receipts.push(own);
        let one = |p: &crate::backend::Generation| {
            p.step_hashes.iter().cloned().chain([p.pixels_hash()]).collect::<Vec<_>>()
        };
        hashes.push(paintings.iter().flat_map(one).collect::<Vec<String>>());
    }
    let differing = requests.iter().zip(receipts[0].iter().zip(&receipts[1]));
    let differing = differing.filter_map(|(request, (cpu, device))| {
        let found = cpu.compare(device);
        let (seed, class) = (request.seed(), request.class());
        let (first_step, pixels) = (found.first_step, found.pixels);
        (!found.is_none()).then_some(Differing { seed, class, first_step, pixels })
    });
    let first = &requests[0];
    Ok(ReceiptAgreement {
        model: weights.shape(),
        weights_sha256: weights.hash().to_string(),
        steps: first.steps(),
        guidance: first.guidance(),
        images: requests.len(),
        hashes: hashes[0].len(),
        cpu_sha256: hex(&Sha256::digest(hashes[0].concat())),
        device_sha256: hex(&Sha256::digest(hashes[1].concat())),
        differing: differing.collect(),
    })
}

/// The part for people.
pub(super) fn text(found: &[ReceiptAgreement]) -> String {
    let sum = |read: fn(&ReceiptAgreement) -> usize| found.iter().map(read).sum::<usize>();
    let (images, hashes, differing) =
        (sum(|a| a.images), sum(|a| a.hashes), sum(|a| a.differing.len()));
    if differing == 0 {
        return format!("equal to the CPU's: {hashes} hashes of {images} images");
    }
    let first = found.iter().flat_map(|a| a.differing.iter().map(move |d| (a.model, d))).next();
    format!("DIFFER in {differing} of {images} images; the first: {first:?}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backend::Generation;
    use crate::backend::Maker;
    use crate::gpu::device::DeviceError;
    use std::num::NonZeroUsize;

    fn cpu() -> Cpu {
        Cpu::new(Arc::new(ModelWeights::digits()), NonZeroUsize::MIN)
    }

    /// Wrong in the last bit of one value after the second step of the second image.
    #[derive(Debug)]
    struct Wrong(Cpu);

    impl ImageBackend for Wrong {
        fn maker(&self) -> Maker {
            self.0.maker()
        }

        fn paint(&mut self, requests: &[ImageRequest]) -> Result<Vec<Generation>, DeviceError> {
            let mut paintings = self.0.paint(requests)?;
            paintings[1].step_hashes[2] = "0".repeat(64);
            Ok(paintings)
        }
    }

    fn agreement(device: &mut dyn ImageBackend) -> ReceiptAgreement {
        let requests = bench_measure::requests(&ImageRequest::new(5, 0, 3, None).unwrap(), 2);
        compare(&ModelWeights::digits(), &requests, [&mut cpu(), device]).unwrap()
    }

    #[test]
    fn equal_painters_agree_in_every_hash() {
        let found = agreement(&mut cpu());
        // Noise, three steps and pixels of two images.
        assert_eq!((found.images, found.hashes, found.differing.len()), (2, 10, 0));
        assert_eq!(found.cpu_sha256, found.device_sha256);
        assert!(text(&[found]).starts_with("equal"));
    }

    #[test]
    fn a_single_wrong_step_is_named() {
        let found = agreement(&mut Wrong(cpu()));
        let expected = Differing { seed: 6, class: 1, first_step: Some(2), pixels: false };
        assert_eq!(found.differing, [expected]);
        assert_ne!(found.cpu_sha256, found.device_sha256);
        assert!(text(&[found]).starts_with("DIFFER in 1 of 2 images"));
    }
}
