//! The kernels' CPU references at the sizes of the digits model, one image, one thread. Those of a device are timed by
//! `assay-harness bench --backend wgpu`, with the device's own clock.

use assay_harness::kernels::activation;
use assay_harness::kernels::attention;
use assay_harness::kernels::lanes::Lanes;
use assay_harness::kernels::layer_norm;
use assay_harness::kernels::layer_norm::Modulation;
use assay_harness::kernels::matmul::Dense;
use assay_harness::kernels::matmul::MatmulTarget;
use assay_harness::kernels::sampler;
use criterion::Criterion;
use criterion::Throughput;
use criterion::criterion_group;
use criterion::criterion_main;
use std::hint::black_box;

const TOKENS: usize = 16;
const WIDTH: usize = 64;
const HIDDEN: usize = 4 * WIDTH;
/// Inner values and columns of the dense layers.
const LAYERS: [(&str, usize, usize); 5] = [
    ("qkv", WIDTH, 3 * WIDTH),
    ("proj", WIDTH, WIDTH),
    ("fc1", WIDTH, HIDDEN),
    ("fc2", HIDDEN, WIDTH),
    ("x_out", WIDTH, 4),
];

fn matmul(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("matmul");
    for (name, inner, columns) in LAYERS {
        let operations = u64::try_from(2 * TOKENS * inner * columns).expect("64 bits");
        let (weight, bias) = (vec![0.1; inner * columns], vec![0.1; columns]);
        let (x, mut y) = (vec![0.5; TOKENS * inner], vec![0.0; TOKENS * columns]);
        group.throughput(Throughput::Elements(operations));
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                let dense = Dense { weight: &weight, bias: &bias };
                dense.apply(Lanes::widest(), black_box(&x), MatmulTarget::whole(&mut y, columns));
            });
        });
    }
    group.finish();
}

fn others(criterion: &mut Criterion) {
    let lanes = Lanes::widest();
    let rows = vec![0.5; TOKENS * WIDTH];
    let modulation = Modulation { shift: &[0.1; WIDTH], scale: &[0.1; WIDTH] };
    let mut out = vec![0.0; TOKENS * WIDTH];
    criterion.bench_function("layer norm", |bencher| {
        bencher.iter(|| layer_norm::layer_norm(lanes, black_box(&rows), modulation, &mut out));
    });
    let qkv = vec![0.5; 3 * TOKENS * WIDTH];
    let mut scratch = vec![0.0; TOKENS * (attention::HEAD + 1)];
    criterion.bench_function("attention", |bencher| {
        bencher.iter(|| attention::attention(lanes, black_box(&qkv), &mut out, &mut scratch));
    });
    let mut hidden = vec![0.5; TOKENS * HIDDEN];
    criterion.bench_function("gelu", |bencher| {
        bencher.iter(|| activation::gelu(lanes, black_box(&mut hidden)));
    });
    let (velocity, mut x) = (vec![0.5; TOKENS * 4], vec![0.5; TOKENS * 4]);
    criterion.bench_function("sampler", |bencher| {
        bencher.iter(|| sampler::euler(lanes, black_box(&mut x), &velocity, 1e-9));
    });
}

criterion_group!(kernels, matmul, others);
criterion_main!(kernels);
