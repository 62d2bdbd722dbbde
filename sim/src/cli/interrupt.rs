//! Signals that end a command: exit code 130, and older results untouched, whatever the verb.

use crate::simulation;
use std::sync::Arc;
use std::sync::OnceLock;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;

/// Exit code of an interrupted program, by the shell's convention.
pub(super) const INTERRUPTED: u8 = 130;

/// Whether somebody looks at the flag.
static IS_WATCHED: AtomicBool = AtomicBool::new(false);
/// The flag, one a process: there is one command in it.
static STOP: OnceLock<Arc<AtomicBool>> = OnceLock::new();

/// From now on an interruption sets the flag where somebody looks at it; else, and a second time, it ends the program at
/// once, with what was half written taken away.
pub(super) fn install() {
    let stop = flag();
    let installed = ctrlc::set_handler(move || {
        if !IS_WATCHED.load(Ordering::Relaxed) || stop.swap(true, Ordering::Relaxed) {
            simulation::discard_drafts();
            std::process::exit(i32::from(INTERRUPTED));
        }
    });
    // Without a handler a signal ends the program all the same; the next run cleans its drafts away.
    drop(installed);
}

/// The flag, for work that looks at it often enough.
pub(super) fn watched_flag() -> Arc<AtomicBool> {
    IS_WATCHED.store(true, Ordering::Relaxed);
    flag()
}

fn flag() -> Arc<AtomicBool> {
    STOP.get_or_init(Arc::default).clone()
}
