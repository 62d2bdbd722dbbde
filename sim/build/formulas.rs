//! The formulas of the metrics, read from where they stand: below the first paragraph of each member's module doc.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::Path;

/// Folder of the metrics from the package's root.
const FOLDER: &str = "src/metrics";

/// A slice of Rust, `&[(member, formula), ...]` in the order of the names; of a file without a formula the text is empty.
///
/// # Errors
/// When a file cannot be read.
pub(crate) fn slice(root: &Path) -> io::Result<String> {
    let entries: io::Result<Vec<_>> = fs::read_dir(root.join(FOLDER))?.collect();
    let mut paths: Vec<_> = entries?.into_iter().map(|entry| entry.path()).collect();
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "rs"));
    paths.sort_unstable();
    let mut text = "&[\n".to_string();
    for path in paths {
        let member = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let formula = formula(&fs::read_to_string(&path)?);
        writeln!(text, "    ({member:?}, {formula:?}),").map_err(io::Error::other)?;
    }
    text.push_str("]\n");
    Ok(text)
}

/// What a source file's module doc says below its first paragraph, in one line, links between items left as plain code.
fn formula(source: &str) -> String {
    let doc = source.lines().map_while(|line| line.strip_prefix("//!"));
    let below = doc.skip_while(|line| !line.trim().is_empty()).map(str::trim);
    let line = below.filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ");
    line.replace("[`", "`").replace("`]", "`").replace("\\[", "[").replace("\\]", "]")
}
