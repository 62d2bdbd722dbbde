//! The commands, one file a verb. Standard output carries results, standard error progress and diagnostics.

mod check;
mod compare;
mod completions;
mod epoch;
mod examples;
mod exit;
mod explain;
mod fit;
mod init;
mod interrupt;
mod junit;
mod list;
mod man;
mod outcome;
mod overload;
mod patient;
mod places;
mod progress;
mod replay;
mod report;
mod rule;
mod run;
mod run_table;
mod scenario_args;
mod schema;
mod seal;
mod sheet;
mod sweep;
mod trace_args;
mod validate;
mod verify;

pub use exit::EXIT_CODES;

use clap::CommandFactory;
use clap::FromArgMatches;
use clap::Parser;
use clap::Subcommand;
use outcome::CommandEnd;
use outcome::Failure;
use patient::Patient;
use std::ffi::OsString;
use std::io::Write;
use std::process::ExitCode;

/// The package's version, and the hash of the sources from which a digest can come.
const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), " (sources ", env!("ASSAY_SOURCES"), ")");

/// Simulates a decentralized AI-inference subnet: who gets paid, for what, and is it fair?
#[derive(Debug, Parser)]
#[command(
    name = "assay",
    version = VERSION,
    about,
    arg_required_else_help = true,
    after_help = exit::help()
)]
struct Call {
    #[command(subcommand)]
    verb: Verb,
}

/// One line a verb.
#[derive(Debug, Subcommand)]
enum Verb {
    Run(run::RunArgs),
    Check(check::CheckArgs),
    Compare(compare::CompareArgs),
    Sweep(sweep::SweepArgs),
    Explain(explain::ExplainArgs),
    Init(init::InitArgs),
    Epoch(epoch::EpochCall),
    Replay(replay::ReplayArgs),
    Report(report::ReportArgs),
    Fit(fit::FitArgs),
    Validate(validate::ValidateArgs),
    Rule(rule::RuleArgs),
    Verify(verify::VerifyArgs),
    List(list::ListArgs),
    /// Prints the JSON Schema of scenario files, for editors.
    Schema,
    Completions(completions::CompletionsArgs),
    Man(man::ManArgs),
    #[command(hide = true)]
    Seal(seal::SealArgs),
}

impl Verb {
    fn run(self, out: &mut dyn Write) -> Result<CommandEnd, Failure> {
        match self {
            Self::Run(args) => run::run(&args, out),
            Self::Check(args) => check::run(&args, out),
            Self::Compare(args) => compare::run(&args, out),
            Self::Sweep(args) => sweep::run(&args, out),
            Self::Explain(args) => explain::run(&args, out),
            Self::Init(args) => init::run(&args, out),
            Self::Epoch(call) => call.run(out),
            Self::Replay(args) => replay::run(&args, out),
            Self::Report(args) => report::run(&args, out),
            Self::Fit(args) => fit::run(&args, out),
            Self::Validate(args) => validate::run(&args, out),
            Self::Rule(args) => rule::run(&args, out),
            Self::Verify(args) => verify::run(&args, out),
            Self::List(args) => list::run(&args, out),
            Self::Schema => schema::run(out),
            Self::Completions(args) => completions::run(&args, call(), out),
            Self::Man(args) => man::run(&args, call(), out),
            Self::Seal(args) => seal::run(&args, out),
        }
    }
}

/// The command with everything that its help shows.
fn call() -> clap::Command {
    examples::with_examples(Call::command())
}

/// Parses the arguments, runs the verb, and gives the exit code of the contract.
///
/// Results go to `out`; a failure is told on standard error, naming place and remedy.
pub fn main(arguments: impl Iterator<Item = OsString>, out: &mut dyn Write) -> ExitCode {
    interrupt::install();
    let mut out = Patient::new(out);
    let parsed = call().try_get_matches_from(arguments);
    let code = match parsed.and_then(|matches| Call::from_arg_matches(&matches)) {
        Err(error) => outcome::refuse(&error, &mut out),
        Ok(call) => match call.verb.run(&mut out) {
            Ok(outcome) => outcome.code(),
            Err(failure) => failure.report(&mut std::io::stderr().lock()),
        },
    };
    let unwritten = out.end().filter(|_| code != interrupt::INTERRUPTED).map(Failure::from);
    let code = unwritten.map_or(code, |failure| failure.report(&mut std::io::stderr().lock()));
    ExitCode::from(code)
}
