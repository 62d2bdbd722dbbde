//! The exit codes of the contract, in words.

/// What each exit code means. Where several apply the first in the order 4, 2, 1, 3 is given.
pub const EXIT_CODES: &[(u8, &str)] = &[
    (0, "done, and every verdict as expected"),
    (1, "a verdict is not as expected, a model is rejected, or another digest or table is found"),
    (2, "bad input: a scenario, file or option, named with what is allowed"),
    (3, "undecided, and nothing worse"),
    (4, "device, network or disk failed"),
    (101, "a bug of this program"),
    (130, "interrupted: older results are untouched"),
];

/// How wide tables are.
const WIDTH: &str = "Tables are as wide as COLUMNS says, else as the terminal; into a file or a pipe every row goes on a line.";

/// The same as a help text shows them.
pub(super) fn help() -> String {
    let lines = EXIT_CODES.iter().map(|(code, means)| format!("  {code:<4} {means}\n"));
    format!("Exit codes:\n{}\n{WIDTH}", lines.collect::<String>())
}
