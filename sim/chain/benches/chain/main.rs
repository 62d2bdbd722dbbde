//! How fast an exact epoch is, beside a plain floating-point one.
//!
//! `cargo bench -p assay-chain --bench chain` prints the ratio and runs criterion in CPU time.
//! `... --bench chain -- count VARIANT EPOCHS` only runs epochs: `sim/chain/benches/chain/instructions` counts them.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "the yardstick is floating point"
)]

mod cpu;
mod float;
mod full;
mod subject;

use assay_chain::Hyper;
use cpu::CpuTime;
use cpu_time::ProcessTime;
use criterion::Criterion;
use float::Float;
use full::Full;
use std::hint::black_box;
use std::io::Write;
use subject::Subject;
use subject::Votes;

/// Rounds of the ratio, and epochs in each.
const ROUNDS: usize = 15;
const EPOCHS: usize = 200;

/// A way to run one epoch.
type Step<'a> = Box<dyn FnMut() + 'a>;

/// Every variant by name.
fn variants<'a>(votes: &'a Votes, sparse: &Votes, equal: &Votes) -> Vec<(&'static str, Step<'a>)> {
    let exact = |votes: &Votes, hyper: Hyper| -> Step<'a> {
        let mut subject = Subject::new(votes, hyper);
        Box::new(move || {
            black_box(subject.step());
        })
    };
    let (yuma3, mut float) = (Hyper::default(), Float::new(votes));
    let classic = Hyper { yuma3: false, ..yuma3.clone() };
    let liquid = Hyper { liquid_alpha: true, ..yuma3.clone() };
    let mut full = Full::new(equal);
    vec![
        (
            "float",
            Box::new(move || {
                black_box(float.step());
            }),
        ),
        ("yuma3", exact(votes, yuma3.clone())),
        ("yuma3-quarter", exact(sparse, yuma3.clone())),
        ("yuma3-equal", exact(equal, yuma3)),
        ("weights-and-yuma3-equal", Box::new(move || full.step())),
        ("classic", exact(votes, classic)),
        ("liquid", exact(votes, liquid)),
    ]
}

/// CPU seconds of some epochs.
fn timed(step: &mut Step<'_>, epochs: usize) -> f64 {
    let start = ProcessTime::now();
    (0..epochs).for_each(|_| step());
    start.elapsed().as_secs_f64()
}

/// Prints each variant's CPU time beside the floating-point epoch's: medians of rounds that alternate.
fn print_ratios(variants: &mut [(&'static str, Step<'_>)]) -> std::io::Result<()> {
    let mut seconds = vec![Vec::new(); variants.len()];
    for _ in 0..ROUNDS {
        for (times, (_, step)) in seconds.iter_mut().zip(&mut *variants) {
            times.push(timed(step, EPOCHS));
        }
    }
    let mut out = std::io::stdout().lock();
    writeln!(
        out,
        "64 validators x 256 uids, {ROUNDS} rounds of {EPOCHS} epochs, CPU time, medians"
    )?;
    let median = |times: &[f64]| {
        let mut times = times.to_vec();
        times.sort_by(f64::total_cmp);
        times[times.len() / 2]
    };
    for ((name, _), times) in variants.iter().zip(&seconds) {
        let ratios: Vec<f64> = times.iter().zip(&seconds[0]).map(|(a, b)| a / b).collect();
        let micros = median(times) / EPOCHS as f64 * 1e6;
        writeln!(out, "{name:24} {micros:8.1} us  {:6.3} x float (f64-sort-y3)", median(&ratios))?;
    }
    Ok(())
}

fn main() {
    let (votes, sparse) = (Votes::new(1.0), Votes::new(0.25));
    let equal = Votes::new(1.0).all_equal();
    let mut variants = variants(&votes, &sparse, &equal);
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [command, name, epochs] = &arguments[..]
        && command == "count"
    {
        let epochs: usize = epochs.parse().expect("EPOCHS is a number");
        let found = variants.iter_mut().find(|(variant, _)| variant == name);
        let (_, step) = found.expect("VARIANT is one that the ratios list");
        (0..epochs).for_each(|_| step());
        return;
    }
    if arguments.iter().any(|argument| argument == "ratios") {
        print_ratios(&mut variants).expect("standard output takes the ratios");
        return;
    }
    if arguments.iter().any(|argument| argument == "--bench") {
        print_ratios(&mut variants).expect("standard output takes the ratios");
    }
    let mut criterion = Criterion::default().with_measurement(CpuTime).configure_from_args();
    let mut group = criterion.benchmark_group("epoch");
    for (name, step) in &mut variants {
        group.bench_function(*name, |bencher| bencher.iter(&mut *step));
    }
    group.finish();
    criterion.final_summary();
}
