//! What is wrong with a scenario: every problem at once, each with place and remedy.

use crate::config::tree::SourcePlace;
use std::fmt;

/// Most problems that are told one by one.
const TOLD_MAX: usize = 50;

/// One problem of a scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Diagnostic {
    /// File and line where the trouble stands.
    pub(crate) place: SourcePlace,
    /// Dotted key; empty for the file as a whole.
    pub(crate) key: String,
    /// What is wrong with it, and what would be right.
    pub(crate) text: String,
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.key.as_str() {
            "" => write!(f, "{}: {}", self.place, self.text),
            key => write!(f, "{}: {key}: {}", self.place, self.text),
        }
    }
}

/// All that is wrong with a scenario; never empty.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) struct Troubles(pub(crate) Vec<Diagnostic>);

impl fmt::Display for Troubles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.0.len();
        writeln!(f, "the scenario has {count} problem{}", if count == 1 { "" } else { "s" })?;
        for trouble in self.0.iter().take(TOLD_MAX) {
            writeln!(f, "  {trouble}")?;
        }
        if count > TOLD_MAX {
            writeln!(f, "  and {} more", count - TOLD_MAX)?;
        }
        write!(f, "`assay list` shows what can be used, `assay schema` every key with its range")
    }
}
