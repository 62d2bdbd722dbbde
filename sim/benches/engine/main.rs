//! How fast the engine is on the toy model that other engines run too, in CPU time.
//!
//! `cargo bench -p assay-sim --bench engine` times whole runs of `toy.toml`; `sim/benches/engine/peers` prints the ratio to the
//! bare loop and to other engines, where their sources stand beside the project.

#[expect(clippy::cast_precision_loss, reason = "times and counts far below 2^53")]
#[path = "../../chain/benches/chain/cpu.rs"]
mod cpu;

use cpu::CpuTime;
use criterion::Criterion;
use criterion::Throughput;
use std::ffi::OsString;

/// The toy model.
const SCENARIO: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/engine/toy.toml");
/// Jobs of one epoch of it, about: 179.2 per s for 4,320 s.
const JOBS: u64 = 774_144;

/// One epoch of the toy model through the command line, tables and digest included.
fn run(out: &str) {
    let words =
        ["assay", "run", SCENARIO, "--epochs", "1", "--threads", "1", "--quiet", "--out", out];
    let mut printed = Vec::new();
    let code = assay_sim::cli::main(words.into_iter().map(OsString::from), &mut printed);
    assert_eq!(format!("{code:?}"), format!("{:?}", std::process::ExitCode::SUCCESS));
}

fn main() {
    let place = tempfile::tempdir().expect("a folder for results");
    let out = place.path().join("out").display().to_string();
    let mut criterion =
        Criterion::default().with_measurement(CpuTime).sample_size(10).configure_from_args();
    let mut group = criterion.benchmark_group("engine");
    group.throughput(Throughput::Elements(JOBS));
    group.bench_function("toy", |bencher| bencher.iter(|| run(&out)));
    group.finish();
    criterion.final_summary();
}
