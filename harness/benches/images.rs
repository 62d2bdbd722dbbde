//! Whole images: on one thread of the CPU, on all of it, and on a device where there is one, alone and in batches.
//!
//! Wall clock, since a device's time is no CPU time: on a shared machine read the fastest.

use assay_harness::AdapterChoice;
use assay_harness::Cpu;
use assay_harness::Device;
use assay_harness::ImageBackend;
use assay_harness::ImageRequest;
use assay_harness::ModelWeights;
use assay_harness::Wgpu;
use criterion::Criterion;
use criterion::Throughput;
use std::hint::black_box;
use std::num::NonZeroUsize;
use std::sync::Arc;

const STEPS: u32 = 50;
const BATCHES: [u64; 3] = [1, 4, 16];
const SAMPLES: usize = 10;

fn requests(count: u64) -> Vec<ImageRequest> {
    let class = |seed: u64| usize::try_from(seed % 10).expect("a class");
    let request =
        |seed| ImageRequest::new(seed, class(seed), STEPS, None).expect("a sound request");
    (0..count).map(request).collect()
}

fn measure(criterion: &mut Criterion, name: &str, painter: &mut dyn ImageBackend) {
    let mut group = criterion.benchmark_group(format!("images/{name}"));
    group.sample_size(SAMPLES);
    for batch in BATCHES {
        let requests = requests(batch);
        group.throughput(Throughput::Elements(batch));
        group.bench_function(batch.to_string(), |bencher| {
            bencher.iter(|| black_box(painter.paint(&requests).expect("images are made")));
        });
    }
    group.finish();
}

#[expect(clippy::print_stdout, reason = "what is left out is said")]
fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    let weights = Arc::new(ModelWeights::digits());
    let cores = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
    measure(&mut criterion, "cpu 1 thread", &mut Cpu::new(weights.clone(), NonZeroUsize::MIN));
    measure(&mut criterion, "cpu all threads", &mut Cpu::new(weights.clone(), cores));
    let choice = AdapterChoice { name: None, allow_software: true };
    match assay_harness::choose_adapter(assay_harness::list_adapters(), &choice) {
        Err(error) => println!("wgpu left out: {error}"),
        Ok(adapter) => {
            let device = Device::open(&adapter).expect("the adapter can be opened");
            let name = format!("wgpu {}", adapter.description.name);
            let mut wgpu = Wgpu::new(device, weights).expect("the device takes the model");
            measure(&mut criterion, &name, &mut wgpu);
        }
    }
    criterion.final_summary();
}
