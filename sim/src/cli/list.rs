//! `assay list`: what can be used in a scenario.

use crate::cli::outcome::Failure;
use crate::cli::outcome::Outcome;
use crate::simulation::FAMILIES;
use clap::Args;
use std::io::Write;

/// Shows what can be used in a scenario.
#[derive(Debug, Args)]
pub(super) struct ListArgs {
    /// Family to show, with sources and examples; without it every family with a line a member.
    family: Option<String>,
}

/// Runs the verb.
pub(super) fn run(args: &ListArgs, out: &mut dyn Write) -> Result<Outcome, Failure> {
    let Some(name) = &args.family else {
        for family in FAMILIES {
            writeln!(out, "{} ({})", family.name, family.place)?;
            for member in family.members {
                writeln!(out, "  {:<24} {}", member.name, member.about)?;
            }
        }
        return Ok(Outcome::Done);
    };
    let family = FAMILIES.iter().find(|f| f.name == name).ok_or_else(|| {
        let names: Vec<_> = FAMILIES.iter().map(|f| f.name).collect();
        Failure::input(anyhow::anyhow!("no family {name:?}; there are: {}", names.join(", ")))
    })?;
    writeln!(out, "{} stands at {}\n", family.name, family.place)?;
    for member in family.members {
        writeln!(out, "{}: {}", member.name, member.about)?;
        writeln!(out, "  source: {}", member.source)?;
        for line in member.example.lines() {
            writeln!(out, "    {line}")?;
        }
        writeln!(out)?;
    }
    Ok(Outcome::Done)
}
