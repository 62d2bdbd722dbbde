//! What the tests of the command line share.

pub(crate) use assay_testing::Ended;
use std::process::Command;

/// The program, to be called from the project's root.
pub(crate) fn program(arguments: &[&str]) -> Command {
    assay_testing::command(env!("CARGO_BIN_EXE_assay-harness"), arguments)
}

/// Calls `assay-harness` from the project's root.
pub(crate) fn harness(arguments: &[&str]) -> Ended {
    assay_testing::call(env!("CARGO_BIN_EXE_assay-harness"), arguments)
}
