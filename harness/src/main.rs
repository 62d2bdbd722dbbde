//! `assay-harness`: parse, call, exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    assay_harness::main(std::env::args_os(), &mut std::io::stdout().lock())
}
