//! What a machine may lack: the folder `../shared`, a device. A test that needs it is ignored or skipped, or fails where the
//! environment says that it must be there.

use crate::root;
use std::fmt::Display;
use std::path::PathBuf;

/// The path of a file or folder below `../shared`, which holds what is not the project's own: the real trace and what was
/// published about it. Only a test that [`needs_shared`](crate::needs_shared) asks.
///
/// # Panics
/// When it is absent.
#[must_use]
pub fn shared(path: &str) -> PathBuf {
    let found = root().join("../shared").join(path);
    assert!(found.exists(), "{} is absent", found.display());
    found
}

/// The path of a file or folder of published vectors: inputs and what the subnet's own code makes of them.
///
/// # Panics
/// When there is none of this name.
#[must_use]
pub fn vectors(path: &str) -> PathBuf {
    let found = root().join("sim/tests/vectors").join(path);
    assert!(found.exists(), "{} is absent", found.display());
    found
}

/// Makes tests of functions without arguments that read the folder `../shared`, in a module `with_shared`: where the
/// folder is absent they are built, and shown as ignored with the reason and the command that runs them.
///
/// `ASSAY_REQUIRE_SHARED=1` makes its absence a failure.
#[cfg(shared)]
#[macro_export]
macro_rules! needs_shared {
    ($($name:ident),+ $(,)?) => {
        mod with_shared {
            $(#[test]
            fn $name() {
                super::$name();
            })+
        }
    };
}

/// Makes tests of functions without arguments that read the folder `../shared`, in a module `with_shared`: where the
/// folder is absent they are built, and shown as ignored with the reason and the command that runs them.
///
/// `ASSAY_REQUIRE_SHARED=1` makes its absence a failure.
#[cfg(not(shared))]
#[macro_export]
macro_rules! needs_shared {
    ($($name:ident),+ $(,)?) => {
        mod with_shared {
            $(#[test]
            #[ignore = "needs ../shared (the operator's trace is not in this repository); with it: ASSAY_REQUIRE_SHARED=1 cargo test --workspace with_shared"]
            fn $name() {
                super::$name();
            })+
        }
    };
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
