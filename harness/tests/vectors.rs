#[test]
fn quick() {
    use assay_harness::*;
    let w = std::sync::Arc::new(Weights::digits());
    let r: Vec<Request> = (0..20).map(|i| Request::new(i, (i % 10) as usize, 50, None).unwrap()).collect();
    let cpu = Cpu::new(w.clone(), std::num::NonZeroUsize::MIN);
    let t = std::time::Instant::now();
    let p = cpu.make(&r);
    eprintln!("cpu {:?} an image", t.elapsed() / 20);
    let a = choose_adapter(list_adapters(), &Choice { name: None, allow_software: true }).unwrap();
    let mut g = Wgpu::new(Device::open(&a).unwrap(), w).unwrap();
    g.paint(&r).unwrap();
    let t = std::time::Instant::now();
    let q = g.paint(&r).unwrap();
    eprintln!("wgpu {:?} an image", t.elapsed() / 20);
    for (a, b) in p.iter().zip(&q) { assert_eq!(a.step_hashes, b.step_hashes); assert_eq!(a.pixels, b.pixels); }
    g.paint(&r[..1]).unwrap();
    let t = std::time::Instant::now();
    for i in 0..5 { g.paint(&r[i..i+1]).unwrap(); }
    eprintln!("wgpu {:?} an image alone", t.elapsed() / 5);
}
