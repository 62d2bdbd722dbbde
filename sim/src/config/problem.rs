//! What is wrong with a scenario: every problem at once, each with place and remedy.

use crate::config::schedule;
use crate::config::sweep;
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
        for (block, example) in EXAMPLES {
            if self.0.iter().any(|trouble| trouble.is_in(block)) {
                writeln!(f, "{}", example_in_words(block, example))?;
            }
        }
        write!(f, "`assay list` shows what can be used, `assay schema` every key with its range")
    }
}

/// Blocks that are shown where a mistake is made in them.
const EXAMPLES: [(&str, &str); 2] = [("schedule", schedule::EXAMPLE), ("sweep", sweep::EXAMPLE)];

/// A block as it is written, ready to be told.
fn example_in_words(block: &str, example: &str) -> String {
    let lines: Vec<String> = example.lines().map(|line| format!("    {line}")).collect();
    format!("  a {block} is written like this:\n{}", lines.join("\n"))
}

/// A `[sweep]` as it is written, below an error of its own.
pub(crate) fn sweep_example() -> String {
    example_in_words("sweep", sweep::EXAMPLE)
}

impl Diagnostic {
    /// Whether it is a mistake in this block of the file, or in its name.
    fn is_in(&self, block: &str) -> bool {
        let is_own = self.key.split('.').next() == Some(block);
        is_own || self.text.contains(&format!("did you mean {block}?"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::load_kept;

    const WORLD: &str = "[[client]]\nname = \"c\"\narrivals.poisson.rate_per_h = 9.0\n[[cohort]]\nname = \"a\"\ncount = 2\n\
        service.constant.value_ms = 3.0\n";

    fn told(block: &str) -> String {
        let loaded = load_kept("test", &format!("{WORLD}{block}"));
        loaded.map_or_else(|troubles| troubles.to_string(), |_| String::new())
    }

    #[test]
    fn every_example_is_a_block_that_the_file_takes() {
        for (block, example) in EXAMPLES {
            assert_eq!(told(example), "", "{block}");
        }
    }

    #[test]
    fn a_mistake_in_a_block_shows_the_block_and_another_mistake_does_not() {
        let schedules = [
            "[[schedule]]\nat = 3.0\nset = []\n",
            "[[schedule]]\nat_hour = \"x\"\nset = []\n",
            "[[schedule]]\nset = [\"run.epochs=3\"]\n",
            "[[schedule]]\nat_hour = 3.0\nset = [\"router.nobody = 1\"]\n",
            "[schedule]\nat_hour = 3.0\n",
            "[[shedule]]\nat_hour = 3.0\n",
        ];
        for block in schedules {
            let found = told(block);
            assert!(found.contains("    [[schedule]]\n    at_hour = 24.0\n"), "{block}: {found}");
            assert!(!found.contains("[[sweep.grid]]"), "{block}: {found}");
        }
        let sweeps = [
            "[[sweep.grid]]\nkey = \"run.epochs\"\n",
            "[[sweep.grid]]\nkey = \"run.epochs\"\nvalues = 3\n",
            "[[sweep.grid]]\nkey = \"run.epochs\"\nvalues = []\n",
            "[sweep]\nvalues = [3]\n",
            "[[sweep]]\nkey = \"run.epochs\"\n",
            "[[sweep.list]]\nsets = []\n",
        ];
        for block in sweeps {
            let found = told(block);
            assert!(found.contains("    [[sweep.grid]]\n    key = "), "{block}: {found}");
            assert!(!found.contains("[[schedule]]"), "{block}: {found}");
        }
        let other = told("[run]\nepoch = 3\n");
        assert!(!other.is_empty() && !other.contains("is written like this"), "{other}");
    }
}
