//! The model's own test vectors, made by its training script in another framework.

use assay_harness::backend::Request;
use assay_harness::backend::cpu::Cpu;
use assay_harness::model::weights::Weights;
use std::num::NonZeroUsize;
use std::sync::Arc;

#[test]
fn quick() {
    let w = Arc::new(Weights::digits());
    let cpu = Cpu::new(w, NonZeroUsize::MIN);
    let bytes = std::fs::read("model/digits_dit_test.safetensors").unwrap();
    let st = safetensors::SafeTensors::deserialize(&bytes).unwrap();
    let get = |n: &str| -> Vec<f32> { st.tensor(n).unwrap().data().chunks_exact(4).map(|b| f32::from_le_bytes(b.try_into().unwrap())).collect() };
    let (noise, v) = (get("noise"), get("v"));
    let mut worst = 0.0f32;
    for c in 0..10 {
        let got = cpu.velocity(&noise[c * 64..][..64], 0.3, c);
        for (a, b) in got.iter().zip(&v[c * 64..][..64]) { worst = worst.max((a - b).abs()); }
    }
    eprintln!("worst {worst}");
    for lanes in [assay_harness::kernels::lanes::Lanes::widest(), assay_harness::kernels::lanes::Lanes::baseline()] {
    let r: Vec<Request> = (0..20).map(|i| Request::new(i, (i % 10) as usize, 50, None).unwrap()).collect();
    let t = std::time::Instant::now();
    let p = cpu.clone().with_lanes(lanes).paint(&r);
    eprintln!("{:?} an image {}", t.elapsed() / 20, p[0].step_hashes[50]);
    }
}
