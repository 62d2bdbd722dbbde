//! The command line of the harness: one file a verb.

use clap::Parser;
use std::ffi::OsString;
use std::io::Write;
use std::process::ExitCode;

/// Runs scenarios with real image generation in place of simulated miners.
#[derive(Debug, Parser)]
#[command(name = "assay-harness", version, about, arg_required_else_help = true)]
struct Call {}

/// Parses the arguments, runs the verb, and gives the exit code of the contract (0 done, 2 bad input).
pub fn main(arguments: impl Iterator<Item = OsString>, out: &mut dyn Write) -> ExitCode {
    match Call::try_parse_from(arguments) {
        Ok(Call {}) => ExitCode::SUCCESS,
        Err(error) => {
            let bad_input = error.use_stderr();
            let printed = if bad_input { error.print() } else { write!(out, "{}", error.render()) };
            if bad_input || printed.is_err() { ExitCode::from(2) } else { ExitCode::SUCCESS }
        }
    }
}
