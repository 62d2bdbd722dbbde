//! The images are of the class asked for, by the judgement of a small classifier that saw real digits only.

use crate::tensors;
use assay_harness::Cpu;
use assay_harness::ImageRequest;
use assay_harness::ModelWeights;
use safetensors::SafeTensors;
use std::num::NonZeroUsize;
use std::sync::Arc;

/// Written by harness/model/classifier.py, with the digits that were held out of its training and of the image model's.
const CLASSIFIER: &[u8] = include_bytes!("../../model/classifier.safetensors");
/// Images, of which as many as this share must be judged to be of the class asked for.
const IMAGES: usize = 1000;
const SHARE_ASKED: f64 = 0.97;
/// The classifier's accuracy on the 360 held-out real digits (0.9806), as its script prints it, and what rounding may move:
/// one digit.
const HELD_OUT_ACCURACY: f64 = 353.0 / 360.0;
const ONE_DIGIT: f64 = 1.0 / 360.0;
const PIXELS: usize = 64;
const STEPS: u32 = 50;
/// Grey levels of the real digits and of the images.
const REAL_LEVELS: f32 = 16.0;
const IMAGE_LEVELS: f32 = 255.0;

struct Classifier {
    layers: [(Vec<f32>, Vec<f32>); 2],
}

impl Classifier {
    fn read() -> Self {
        let file = SafeTensors::deserialize(CLASSIFIER).unwrap();
        let layer = |w: &str, b: &str| (tensors::floats(&file, w), tensors::floats(&file, b));
        Self { layers: [layer("w1", "b1"), layer("w2", "b2")] }
    }

    fn class_of(&self, shades: &[f32]) -> usize {
        let [first, second] = &self.layers;
        let hidden: Vec<f32> = dense(first, shades).into_iter().map(|x| x.max(0.0)).collect();
        let scores = dense(second, &hidden);
        let best = scores.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1));
        best.unwrap().0
    }
}

fn dense((weight, bias): &(Vec<f32>, Vec<f32>), x: &[f32]) -> Vec<f32> {
    let mut y = bias.clone();
    for (x, row) in x.iter().zip(weight.chunks_exact(bias.len())) {
        for (y, w) in y.iter_mut().zip(row) {
            *y += x * w;
        }
    }
    y
}

/// Share of images judged to be of their labels.
fn share(images: &[Vec<f32>], labels: &[usize]) -> f64 {
    let classifier = Classifier::read();
    let hits = images.iter().zip(labels).filter(|(x, label)| classifier.class_of(x) == **label);
    f64::from(u32::try_from(hits.count()).unwrap())
        / f64::from(u32::try_from(images.len()).unwrap())
}

#[test]
fn the_classifier_knows_real_digits_as_well_as_stated() {
    let file = SafeTensors::deserialize(CLASSIFIER).unwrap();
    let shade = |x: &u8| f32::from(*x) / REAL_LEVELS;
    let pixels = tensors::bytes(&file, "held_out_pixels");
    let images: Vec<Vec<f32>> =
        pixels.chunks_exact(PIXELS).map(|image| image.iter().map(shade).collect()).collect();
    let labels: Vec<usize> =
        tensors::bytes(&file, "held_out_labels").iter().map(|label| usize::from(*label)).collect();
    assert_eq!(images.len(), 360);
    let accuracy = share(&images, &labels);
    assert!((accuracy - HELD_OUT_ACCURACY).abs() < ONE_DIGIT * 1.01, "{accuracy}");
}

/// One test for claim and control, so that the images are made once.
#[test]
fn a_thousand_images_are_of_the_class_asked_for_and_not_of_shuffled_ones() {
    let cpu = Cpu::new(
        Arc::new(ModelWeights::digits()),
        std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN),
    );
    let labels: Vec<usize> = (0..IMAGES).map(|image| image % 10).collect();
    let request =
        |(seed, class): (u64, &usize)| ImageRequest::new(seed, *class, STEPS, None).unwrap();
    let requests: Vec<ImageRequest> = (0..).zip(&labels).map(request).collect();
    let shade = |x: &u8| f32::from(*x) / IMAGE_LEVELS;
    let images: Vec<Vec<f32>> =
        cpu.make(&requests).iter().map(|p| p.pixels.iter().map(shade).collect()).collect();
    let asked = share(&images, &labels);
    assert!(asked >= SHARE_ASKED, "{asked}");
    let mut shuffled = labels;
    shuffled.rotate_left(IMAGES / 3);
    let control = share(&images, &shuffled);
    assert!(control < SHARE_ASKED, "shuffled labels pass: {control}");
}
