//! `assay-harness devices`: what images could be made on.

use crate::cli::outcome::HarnessFailure;
use crate::cli::outcome::HarnessOutcome;
use crate::gpu::adapter;
use crate::gpu::adapter::AdapterChoice;
use crate::gpu::adapter::Description;
use clap::Args;
use comfy_table::Table;
use comfy_table::presets;
use std::io::Write;

/// Lists the Vulkan adapters with their limits.
#[derive(Debug, Args)]
pub(super) struct DevicesArgs {
    /// Prints the list as JSON in place of the table.
    #[arg(long)]
    json: bool,
    /// Leaves software out; exits with 4 where there is no GPU.
    #[arg(long)]
    gpu: bool,
}

/// Bytes of a mebibyte and a kibibyte.
const MIB: u64 = 1 << 20;
const KIB: u32 = 1 << 10;

/// Runs `assay-harness devices`; tells how it ended.
///
/// # Errors
/// When the output is closed.
pub(super) fn run(
    args: &DevicesArgs,
    out: &mut dyn Write,
) -> Result<HarnessOutcome, HarnessFailure> {
    let all: Vec<Description> = adapter::list().into_iter().map(|a| a.description).collect();
    let list: Vec<Description> =
        all.iter().filter(|d| !args.gpu || !d.is_software()).cloned().collect();
    if args.json {
        let text = serde_json::to_string_pretty(&list).expect("descriptions can be written");
        writeln!(out, "{text}")?;
    } else if !list.is_empty() {
        print(&list, out)?;
    }
    if list.is_empty() {
        // Where something is there after all, it is software: choosing among it says so.
        adapter::place(&all, &AdapterChoice::default()).map_err(HarnessFailure::machine)?;
    }
    Ok(HarnessOutcome::Done)
}

fn print(list: &[Description], out: &mut dyn Write) -> Result<(), HarnessFailure> {
    let mut table = Table::new();
    table.load_style(presets::UTF8_FULL_CONDENSED);
    let limits = ["buffer MiB", "workgroups", "invocations", "shared KiB"];
    table.set_header(["adapter", "kind", "driver", "clock"].iter().chain(&limits));
    for d in list {
        table.add_row([
            d.name.clone(),
            d.kind.to_string(),
            format!("{} {}", d.driver, d.driver_version),
            if d.timestamps { "time stamps" } else { "the host's" }.to_string(),
            (d.buffer_bytes_max / MIB).to_string(),
            d.workgroups_max.to_string(),
            d.invocations_max.to_string(),
            (d.shared_bytes_max / KIB).to_string(),
        ]);
    }
    writeln!(out, "{table}")?;
    let usable = "one is chosen by a part of its name: --backend wgpu --adapter NAME";
    writeln!(out, "{usable}; software only when named or with --allow-software")?;
    Ok(())
}
