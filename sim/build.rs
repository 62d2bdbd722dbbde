//! Tells the package the hash of the sources from which a digest can come, as `ASSAY_SOURCES`, and the formulas of its
//! metrics, as `formulas.rs` among what is built.

#[path = "build/formulas.rs"]
mod formulas;
#[path = "build/sources.rs"]
mod sources;

use std::env;
use std::fs;
use std::path::Path;

fn main() {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    for folder in sources::FOLDERS {
        // What is not there, as the chain in a package by itself, would make cargo build anew each time.
        if package.join(folder).exists() {
            println!("cargo:rerun-if-changed={folder}");
        }
    }
    let hash = sources::hash(package).expect("the sources can be read");
    println!("cargo:rustc-env=ASSAY_SOURCES={hash}");
    let formulas = formulas::slice(package).expect("the metrics can be read");
    let built = env::var_os("OUT_DIR").expect("cargo names the folder");
    fs::write(Path::new(&built).join("formulas.rs"), formulas).expect("the folder can be written");
}
