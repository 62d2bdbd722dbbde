//! Progress on standard error. The only clocks of the simulator live in the progress bar's library.

use indicatif::ProgressBar;
use indicatif::ProgressStyle;
use std::io::IsTerminal;

/// A bar with rate and time left; silent when asked, or when standard error is no terminal.
pub(super) fn bar(total: u64, what: &str, quiet: bool) -> ProgressBar {
    if quiet || !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(total);
    let template = "{msg} {wide_bar} {pos}/{len}  {per_sec}  {eta} left";
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar.set_message(what.to_string());
    bar
}

/// A count of runs where nobody knows how many it will take.
pub(super) fn counter(what: &str, quiet: bool) -> ProgressBar {
    if quiet || !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new_spinner();
    if let Ok(style) = ProgressStyle::with_template("{msg} {pos} runs  {per_sec}  {elapsed}") {
        bar.set_style(style);
    }
    bar.set_message(what.to_string());
    bar
}
