//! `assay`: parse, call, exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    assay_sim::cli::main(std::env::args_os(), &mut std::io::stdout().lock())
}
