//! The flag that Ctrl-C sets, so that work ends between two pieces and keeps what was finished.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;

/// A flag that Ctrl-C sets; a second Ctrl-C ends the program at once.
pub(super) fn flag() -> Arc<AtomicBool> {
    /// Exit code of an interrupted program, by the shell's convention.
    const INTERRUPTED: i32 = 130;
    let stop = Arc::new(AtomicBool::new(false));
    let flag = stop.clone();
    let installed = ctrlc::set_handler(move || {
        if flag.swap(true, Ordering::Relaxed) {
            std::process::exit(INTERRUPTED);
        }
    });
    // Without a handler Ctrl-C ends the program at once, which leaves what was recorded untouched too.
    installed.map_or_else(|_| Arc::new(AtomicBool::new(false)), |()| stop)
}
