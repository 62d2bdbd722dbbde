//! What the tests of the command line share.

pub(crate) use assay_testing::Ended;

/// Calls `assay` from the project's root.
pub(crate) fn assay(arguments: &[&str]) -> Ended {
    assay_testing::call(env!("CARGO_BIN_EXE_assay"), arguments)
}
