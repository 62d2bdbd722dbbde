use assay_harness::backend::Request;
use assay_harness::backend::{cpu::Cpu, wgpu::Wgpu};
use assay_harness::gpu::{adapter, device::Device};
use assay_harness::model::{weights::Weights, shape::Shape};
use std::sync::Arc;
fn cpu_s() -> f64 { let s = std::fs::read_to_string("/proc/self/stat").unwrap(); let f: Vec<&str> = s.rsplit(") ").next().unwrap().split(' ').collect(); (f[11].parse::<f64>().unwrap()+f[12].parse::<f64>().unwrap()) / 100.0 }
fn main() {
    let n: usize = std::env::args().nth(1).map_or(1, |x| x.parse().unwrap());
    let list = adapter::list();
    println!("{:?}", list[0].description);
    for (shape, guidance) in [(Shape::DIGITS, None), (Shape::DIGITS, Some(2.0)), (Shape::new(48, 2, 64).unwrap(), None)] {
    let w = Arc::new(if shape == Shape::DIGITS { Weights::digits() } else { Weights::seeded(shape, 1).unwrap() });
    let r: Vec<Request> = (0..n as u64).map(|i| Request::new(i, (i % 10) as usize, 50, guidance).unwrap()).collect();
    let cpu = Cpu::new(w.clone(), std::num::NonZeroUsize::MIN).paint(&r);
    for software in [true, false] {
        let a = adapter::choose(adapter::list(), &adapter::Choice { name: None, allow_software: true }).unwrap();
        let mut gpu = Wgpu::with_tiles(Device::open(&a).unwrap(), w.clone(), software).unwrap();
        let p = gpu.paint(&r).unwrap();
        for (a, b) in p.iter().zip(&cpu) {
            let first = a.step_hashes.iter().zip(&b.step_hashes).position(|(a, b)| a != b);
            let worst = a.latents.iter().zip(&b.latents).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
            if first.is_some() || a.pixels != b.pixels || r.len() < 3 { println!("software {software} first {first:?} pixels {} worst {worst}", a.pixels == b.pixels); }
        }
        let t = std::time::Instant::now(); let c = cpu_s();
        for _ in 0..20 { gpu.paint(&r).unwrap(); }
        println!("{:?} wall an image, {} ms cpu", t.elapsed() / 20 / n as u32, (cpu_s() - c) / 20.0 / n as f64 * 1e3);
    }}
}
