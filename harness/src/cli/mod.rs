//! The command line of the harness: one file a verb. Standard output carries results, standard error diagnostics.

mod backend_args;
mod bench;
mod bench_figures;
mod bench_measure;
mod bench_table;
mod compare_receipts;
mod day;
mod devices;
mod generate;
mod model_args;
mod outcome;
mod place;
mod request_args;
mod run;
mod samples;
mod scenario_args;
mod stop;
mod survey;
mod validate;

use clap::Parser;
use clap::Subcommand;
use outcome::HarnessFailure;
use outcome::HarnessOutcome;
use std::ffi::OsString;
use std::io::Write;
use std::process::ExitCode;

/// Real image generation behind the simulator's miners: on the CPU, or in wgpu compute shaders.
#[derive(Debug, Parser)]
#[command(name = "assay-harness", version, about, arg_required_else_help = true)]
struct HarnessCall {
    #[command(subcommand)]
    verb: HarnessVerb,
}

/// One line a verb.
#[derive(Debug, Subcommand)]
enum HarnessVerb {
    Devices(devices::DevicesArgs),
    Generate(Box<generate::GenerateArgs>),
    Samples(Box<samples::SamplesArgs>),
    CompareReceipts(compare_receipts::CompareReceiptsArgs),
    Bench(Box<bench::BenchArgs>),
    Run(Box<run::DeviceRunArgs>),
    Validate(Box<validate::EquivalenceArgs>),
    Survey(Box<survey::SurveyArgs>),
}

impl HarnessVerb {
    fn run(self, out: &mut dyn Write) -> Result<HarnessOutcome, HarnessFailure> {
        match self {
            Self::Devices(args) => devices::run(&args, out),
            Self::Generate(args) => generate::run(&args, out),
            Self::Samples(args) => samples::run(&args, out),
            Self::CompareReceipts(args) => compare_receipts::run(&args, out),
            Self::Bench(args) => bench::run(&args, out),
            Self::Run(args) => run::run(&args, out),
            Self::Validate(args) => validate::run(&args, out),
            Self::Survey(args) => survey::run(&args, out),
        }
    }
}

/// Parses the arguments, runs the verb, and gives the exit code of the contract: 0 done, 1 what is compared differs, 2 bad
/// input, 4 device or disk failed, 130 interrupted.
///
/// Results go to `out`; a failure is told on standard error, naming place and remedy.
pub fn main(arguments: impl Iterator<Item = OsString>, out: &mut dyn Write) -> ExitCode {
    let call = match HarnessCall::try_parse_from(arguments) {
        Ok(call) => call,
        Err(error) => return outcome::refuse(&error, out),
    };
    match call.verb.run(out) {
        Ok(outcome) => outcome.exit_code(),
        Err(failure) => failure.report(&mut std::io::stderr().lock()),
    }
}
