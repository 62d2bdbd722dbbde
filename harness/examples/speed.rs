use assay_harness::backend::Request;
use assay_harness::backend::cpu::Cpu;
use assay_harness::kernels::lanes::Lanes;
use assay_harness::model::weights::Weights;
fn cpu_s() -> f64 { let s = std::fs::read_to_string("/proc/self/stat").unwrap(); let f: Vec<&str> = s.rsplit(") ").next().unwrap().split(' ').collect(); f[11].parse::<f64>().unwrap() / 100.0 }
fn main() {
    let w = std::sync::Arc::new(Weights::digits());
    for lanes in [Lanes::widest(), Lanes::baseline()] {
        let cpu = Cpu::new(w.clone(), std::num::NonZeroUsize::MIN).with_lanes(lanes);
        let r: Vec<Request> = (0..100).map(|i| Request::new(i, (i % 10) as usize, 50, None).unwrap()).collect();
        let t = std::time::Instant::now(); let c = cpu_s();
        let p = cpu.paint(&r);
        println!("{:?} wall, {:.2} ms cpu an image {}", t.elapsed() / 100, (cpu_s() - c) * 10.0, p[0].step_hashes[50]);
    }
}
