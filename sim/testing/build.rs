//! Says whether the folder `../shared` is there, as `cfg(shared)`: libtest can call a test ignored only when it is built.
//!
//! `ASSAY_REQUIRE_SHARED=1` says that it has to be there: the tests that need it then run, and fail where it is not.

use std::path::Path;

#[expect(clippy::disallowed_methods, reason = "the environment asks tests for more, never a run")]
fn main() {
    println!("cargo::rustc-check-cfg=cfg(shared)");
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed=ASSAY_REQUIRE_SHARED");
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/README.md");
    if shared.exists() {
        // Never while it is absent: cargo would build anew each time.
        println!("cargo::rerun-if-changed={}", shared.display());
    }
    if shared.exists() || std::env::var("ASSAY_REQUIRE_SHARED").is_ok_and(|value| value == "1") {
        println!("cargo::rustc-cfg=shared");
    }
}
