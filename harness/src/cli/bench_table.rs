//! The figures of `assay-harness bench` for people.

use crate::cli::bench_figures::BenchFigures;
use comfy_table::CellAlignment;
use comfy_table::Table;
use comfy_table::presets;
use std::io;
use std::io::Write;

const PERCENT: f64 = 100.0;

/// Prints who was measured, the kernels of one step, and whole images.
///
/// # Errors
/// When the output is closed.
pub(super) fn print(figures: &BenchFigures, out: &mut dyn Write) -> io::Result<()> {
    let model = figures.model;
    let device = match &figures.maker.adapter {
        Some(d) => format!("{} ({}), {} {}", d.name, d.kind, d.driver, d.driver_version),
        None => format!("{} threads", figures.threads),
    };
    writeln!(out, "backend  {}: {device}", figures.maker.backend)?;
    let [width, depth, tokens] = [model.width(), model.depth(), model.tokens()];
    writeln!(
        out,
        "model    width {width}, depth {depth}, {tokens} tokens, {} steps",
        figures.steps
    )?;
    let whose = if figures.maker.adapter.is_some() { "of the device" } else { "of one thread" };
    let peak = figures.peak_gflop_per_s;
    writeln!(out, "at best  {peak:.1} GFLOP/s {whose}, each product and sum rounded\n")?;
    let batch = figures.kernel_batch;
    writeln!(out, "kernels of one step, batch {batch}")?;
    writeln!(out, "{}\n", kernels(figures))?;
    writeln!(out, "whole images")?;
    writeln!(out, "{}", images(figures))
}

pub(super) fn kernels(figures: &BenchFigures) -> Table {
    let mut table = table(&["kernel", "calls", "us a call", "GFLOP/s", "of best", "of step"]);
    let cost = |k: &crate::cli::bench_figures::KernelFigures| f64::from(k.calls_per_step) * k.us;
    let total: f64 = figures.kernels.iter().map(cost).sum();
    for kernel in &figures.kernels {
        table.add_row([
            kernel.name.clone(),
            kernel.calls_per_step.to_string(),
            format!("{:.2}", kernel.us),
            format!("{:.2}", kernel.gflop_per_s),
            format!("{:.0} %", PERCENT * kernel.gflop_per_s / figures.peak_gflop_per_s),
            format!("{:.0} %", PERCENT * cost(kernel) / total),
        ]);
    }
    table
}

pub(super) fn images(figures: &BenchFigures) -> Table {
    #[expect(clippy::cast_precision_loss, reason = "few threads")]
    let best = figures.peak_gflop_per_s * figures.threads as f64;
    let mut table = table(&["batch", "ms an image", "images/s", "GFLOP/s", "of best"]);
    for image in &figures.images {
        table.add_row([
            image.batch.to_string(),
            format!("{:.3}", image.ms_per_image),
            format!("{:.1}", image.images_per_s),
            format!("{:.2}", image.gflop_per_s),
            format!("{:.0} %", PERCENT * image.gflop_per_s / best),
        ]);
    }
    table
}

/// A table whose first column is text and whose others are numbers.
fn table(header: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::UTF8_FULL_CONDENSED).set_header(header);
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table
}
