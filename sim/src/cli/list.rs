//! `assay list`: what can be used in a scenario, and what results name.

use crate::cli::outcome::CommandEnd;
use crate::cli::outcome::Failure;
use crate::simulation;
use crate::simulation::FAMILIES;
use crate::simulation::Family;
use crate::simulation::FamilyMember;
use crate::simulation::ScenarioKey;
use crate::simulation::Topic;
use crate::simulation::keys;
use crate::simulation::printed_metrics;
use crate::simulation::topics;
use anyhow::anyhow;
use clap::Args;
use std::io::Write;

/// The list of all keys of a scenario.
const KEYS: &str = "keys";

/// Shows what can be used in a scenario, and what results name.
#[derive(Debug, Args)]
pub(super) struct ListArgs {
    #[arg(
        help = "A family, a list, or any name: of a member, a key (router.head.cap_alpha), a metric, a column, a plot, \
                a statistic. Without it every family with a line a member, and the names of the lists"
    )]
    name: Option<String>,
}

/// Runs `assay list`; tells how it ended.
///
/// # Errors
/// When nothing is called by the name, or the output is closed.
pub(super) fn run(args: &ListArgs, out: &mut dyn Write) -> Result<CommandEnd, Failure> {
    let Some(name) = &args.name else { return all(out) };
    if let Some(family) = FAMILIES.iter().find(|family| family.name == name) {
        return whole_family(family, out);
    }
    let topics = topics();
    if let Some(topic) = topics.iter().find(|topic| topic.name == name) {
        writeln!(out, "{} stand in: {}\n", topic.name, topic.place)?;
        return entries(topic, |_| true, out).map(|_| CommandEnd::Done);
    }
    if name == KEYS {
        for key in keys() {
            writeln!(out, "{}", line(&key.name, &key.allowed, &key.about))?;
        }
        return Ok(CommandEnd::Done);
    }
    if anything(name, &topics, out)? {
        return Ok(CommandEnd::Done);
    }
    let lists = FAMILIES.iter().map(|family| family.name).chain(topics.iter().map(|t| t.name));
    let lists: Vec<_> = lists.chain([KEYS]).collect();
    Err(Failure::input(anyhow!("nothing is called {name:?}; lists: {}", lists.join(", "))))
}

/// Every family with a line a member, and the names of the other lists.
fn all(out: &mut dyn Write) -> Result<CommandEnd, Failure> {
    for family in FAMILIES {
        writeln!(out, "{} ({})", family.name, family.place)?;
        for member in family.members {
            writeln!(out, "  {:<24} {}", member.name, member.about)?;
        }
    }
    writeln!(out, "further lists, each shown by assay list NAME")?;
    for topic in topics() {
        writeln!(out, "  {:<24} {} in {}", topic.name, topic.entries.len(), topic.place)?;
    }
    writeln!(out, "  {KEYS:<24} {} in scenario files", keys().len())?;
    Ok(CommandEnd::Done)
}

/// A family with sources and examples.
fn whole_family(family: &Family, out: &mut dyn Write) -> Result<CommandEnd, Failure> {
    writeln!(out, "{} stands at {}\n", family.name, family.place)?;
    for member in family.members {
        whole_member(member, out)?;
    }
    Ok(CommandEnd::Done)
}

fn whole_member(member: &FamilyMember, out: &mut dyn Write) -> Result<(), Failure> {
    writeln!(out, "{}: {}", member.name, member.about)?;
    writeln!(out, "  source: {}", member.source)?;
    let printed = printed_metrics();
    let printed = printed.iter().filter(|metric| metric.member == member);
    let labels: Vec<_> = printed.map(|metric| metric.label.as_str()).collect();
    if !labels.is_empty() {
        writeln!(out, "  in metrics.csv: {}", labels.join(", "))?;
    }
    for line in member.example.lines() {
        writeln!(out, "    {line}")?;
    }
    writeln!(out)?;
    Ok(())
}

/// A name with its unit or range, and what it is.
fn line(name: &str, unit: &str, about: &str) -> String {
    let unit = if unit.is_empty() { String::new() } else { format!(" [{unit}]") };
    format!("{name}{unit}: {about}")
}

/// Writes the entries of a list that are wanted; tells whether there was one.
fn entries(
    topic: &Topic,
    wanted: impl Fn(&str) -> bool,
    out: &mut dyn Write,
) -> Result<bool, Failure> {
    let mut any = false;
    for entry in topic.entries.iter().filter(|entry| wanted(&entry.name)) {
        writeln!(out, "{}", line(&entry.name, &entry.unit, &entry.about))?;
        if !entry.formula.is_empty() {
            writeln!(out, "  formula: {}", entry.formula)?;
        }
        any = true;
    }
    Ok(any)
}

/// Whether an entry of a list goes by `name`: an invariant is written with dashes in verdicts, a column stands behind its
/// table, and one of a form (`pay_rao.CLASS`) goes by every name that the form makes.
fn is_called(own: &str, name: &str) -> bool {
    let Some((table, heading)) = own.split_once(": ") else {
        return own == name || own == name.replace('-', "_");
    };
    let mut columns = simulation::columns().into_iter();
    heading == name
        || columns.any(|column| {
            let is_own = column.table == table && column.name == heading;
            is_own && !column.is_free() && column.explains(table, name)
        })
}

/// Writes everything that is called `name`, wherever it stands; tells whether there was anything.
fn anything(name: &str, topics: &[Topic], out: &mut dyn Write) -> Result<bool, Failure> {
    let mut any = false;
    for family in FAMILIES {
        for member in family.members.iter().filter(|member| member.name == name) {
            writeln!(out, "{} ({})", family.name, family.place)?;
            whole_member(member, out)?;
            any = true;
        }
    }
    for topic in topics {
        any |= entries(topic, |own| is_called(own, name), out)?;
    }
    if let Some(key) = simulation::key(name) {
        let ScenarioKey { name, allowed, default, about } = &key;
        writeln!(out, "{}", line(name, allowed, about))?;
        if !default.is_empty() {
            writeln!(out, "  default: {default}")?;
        }
        any = true;
    }
    Ok(any)
}
