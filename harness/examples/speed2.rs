use assay_harness::kernels::{lanes::Lanes, matmul::*, attention::attention, layer_norm::*, activation::gelu};
fn cpu_s() -> f64 { let s = std::fs::read_to_string("/proc/self/schedstat").unwrap(); s.split(' ').next().unwrap().parse::<f64>().unwrap() / 1e9 }
fn time(name: &str, flop: f64, n: usize, mut f: impl FnMut()) {
    for _ in 0..n/10+1 { f(); }
    let c = cpu_s(); for _ in 0..n { f(); } let t = (cpu_s() - c) / n as f64;
    println!("{name}: {:.2} us, {:.1} GFLOP/s", t * 1e6, flop / t / 1e9);
}
fn main() {
    for lanes in [Lanes::widest(), Lanes::baseline()] {
        for (k, n) in [(64, 192), (64, 64), (64, 256), (256, 64), (4, 64), (64, 4)] {
            let x = vec![0.5f32; 16 * k]; let w = vec![0.1f32; k * n]; let b = vec![0.0f32; n]; let mut y = vec![0.0f32; 16 * n];
            time(&format!("matmul 16x{k}x{n}"), (2 * 16 * k * n) as f64, 5000, || Dense { weight: &w, bias: &b }.apply(lanes, &x, Target::whole(&mut y, n)));
        }
        let q = vec![0.3f32; 16 * 192]; let mut o = vec![0f32; 16 * 64]; let mut s = vec![0f32; 17 * 16];
        time("attention", (4 * 16 * 16 * 64) as f64, 5000, || attention(lanes, &q, &mut o, &mut s));
        let g = vec![0.3f32; 64]; let x = vec![0.5f32; 16 * 64];
        time("layer norm", (8 * 16 * 64) as f64, 5000, || layer_norm(lanes, &x, Modulation { shift: &g, scale: &g }, &mut o));
        let mut h = vec![0.3f32; 16 * 256];
        time("gelu", (30 * 16 * 256) as f64, 5000, || gelu(lanes, &mut h));
    }
}
