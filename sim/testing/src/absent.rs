//! What a machine may lack: the folder `../shared`, a device. A test that needs it is skipped, or fails where the
//! environment says that it must be there.

use crate::root;
use std::fmt::Display;
use std::path::PathBuf;

/// The path of a file or folder below `../shared`, which holds published vectors and the real trace; none where it is
/// absent.
///
/// # Panics
/// When it is absent and `ASSAY_REQUIRE_SHARED=1`.
#[must_use]
pub fn shared(path: &str) -> Option<PathBuf> {
    let found = root().join("../shared").join(path);
    if found.exists() {
        return Some(found);
    }
    skipped("../shared is absent", "ASSAY_REQUIRE_SHARED", &found.display());
    None
}

/// Says that the test which asks is skipped, in the words `reason`.
///
/// # Panics
/// When the environment has `variable` at 1: what is missing, as `what` tells it, has to be there.
#[expect(clippy::print_stdout, reason = "a skipped test says so")]
#[expect(clippy::disallowed_methods, reason = "the environment asks tests for more, never a run")]
pub fn skipped(reason: &str, variable: &str, what: &dyn Display) {
    let required = std::env::var(variable).is_ok_and(|value| value == "1");
    assert!(!required, "{variable}=1, but: {reason}: {what}");
    println!("skipped: {reason}");
}
