//! The book's reference is what the code says: its pages are made here, and the committed ones are those.
//!
//! `ASSAY_BLESS=1 cargo test -p assay-sim --test all reference` writes them.

#![expect(
    clippy::format_push_string,
    reason = "a page is put together in the order in which it is read"
)]

mod families;
mod pages;
mod tables;

use assay_testing::root;
use std::fs;

/// What stands at the head of every page made here.
const HEAD: &str =
    "<!-- Made from the code: ASSAY_BLESS=1 cargo test -p assay-sim --test all reference -->\n\n";

/// Every page: its name below `sim/docs/reference`, and its text.
fn pages() -> Vec<(&'static str, String)> {
    vec![
        ("keys.md", tables::keys()),
        ("families.md", families::families()),
        ("metrics.md", families::metrics()),
        ("columns.md", tables::columns()),
        ("properties.md", pages::properties()),
        ("invariants.md", tables::topic("invariants", "Invariants")),
        ("plots.md", tables::topic("plots", "Plots")),
        ("statistics.md", tables::topic("statistics", "Statistics of a validation")),
        ("commands.md", pages::commands()),
        ("exit-codes.md", pages::exit_codes()),
    ]
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the environment asks for the pages to be written")]
fn the_committed_pages_are_what_the_code_says() {
    let writes = std::env::var("ASSAY_BLESS").is_ok_and(|value| value == "1");
    let mut stale = Vec::new();
    let pages = pages().into_iter().map(|(name, text)| {
        (format!("sim/docs/reference/{name}"), format!("{HEAD}{}\n", text.trim_end()))
    });
    let list = ("sim/src/simulation/claims.txt".to_string(), pages::claims_listed());
    for (name, text) in pages.chain([list]) {
        let path = root().join(&name);
        if writes {
            fs::write(&path, text).unwrap();
        } else if fs::read_to_string(&path).unwrap_or_default() != text {
            stale.push(name);
        }
    }
    assert!(
        stale.is_empty(),
        "{stale:?}: ASSAY_BLESS=1 cargo test -p assay-sim --test all reference"
    );
}
