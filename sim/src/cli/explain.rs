//! `assay explain`: a scenario in words, or the chain of one miner's pay.

use crate::cli::explain_miner;
use crate::cli::outcome::Failure;
use crate::cli::outcome::Outcome;
use crate::cli::scenario_args::ScenarioArgs;
use crate::scenario;
use crate::scenario::Node;
use crate::scenario::Schema;
use crate::scenario::Value;
use clap::Args;
use serde_json::Value as Json;
use std::io;
use std::io::Write;

/// Tells a scenario in words, every default shown, or (with --miner) why a miner of a results folder was paid what it was.
#[derive(Debug, Args)]
pub(super) struct ExplainArgs {
    #[command(flatten)]
    scenario: ScenarioArgs,
    /// Name of a miner: then the first argument is a results folder.
    #[arg(long, value_name = "NAME")]
    miner: Option<String>,
}

/// Runs the verb.
pub(super) fn run(args: &ExplainArgs, out: &mut dyn Write) -> Result<Outcome, Failure> {
    if let Some(miner) = &args.miner {
        return explain_miner::run(args.scenario.path(), miner, out);
    }
    let loaded = args.scenario.load()?;
    let resolved =
        scenario::resolve(&args.scenario.name(), &args.scenario.question(), &loaded.scenario);
    if !resolved.question.is_empty() {
        writeln!(out, "{}\n", resolved.question)?;
    }
    let run = &resolved.file.run;
    writeln!(
        out,
        "{} miners of {} classes, run by {} operators; {} validators; {} clients; {} epochs, {} replications, seed {}.",
        resolved.miners.len(),
        resolved.classes.len(),
        resolved.operators.len(),
        resolved.validators.len(),
        resolved.clients.len(),
        run.epochs,
        run.replications,
        run.seed,
    )?;
    writeln!(
        out,
        "What stands in the file is marked *; all else is a default, with its source.\n"
    )?;
    let json = scenario::json_schema();
    Words { out }.table(Schema::new(&json), Some(&loaded.tree), 0)?;
    Ok(Outcome::Done)
}

/// A key and what the schema says of it.
struct Told<'s> {
    key: &'s str,
    default: Option<&'s Json>,
    about: String,
}

/// Writes keys, values and what they mean.
struct Words<'w> {
    out: &'w mut dyn Write,
}

impl Words<'_> {
    fn table(&mut self, schema: Schema<'_>, node: Option<&Node>, depth: usize) -> io::Result<()> {
        for key in schema.keys() {
            let Some(raw) = schema.property_raw(key) else { continue };
            let Some(inner) = schema.property(key) else { continue };
            let about = raw.get("description").and_then(Json::as_str).unwrap_or_default();
            let told = Told { key, default: raw.get("default"), about: about.replace('\n', " ") };
            self.entry(inner, &told, node.and_then(|n| n.get(key)), depth)?;
        }
        Ok(())
    }

    fn entry(
        &mut self,
        schema: Schema<'_>,
        told: &Told<'_>,
        node: Option<&Node>,
        depth: usize,
    ) -> io::Result<()> {
        let indent = "  ".repeat(depth);
        let Told { key, about, .. } = told;
        let mark = if node.is_some() { "*" } else { " " };
        match node.map(|n| &n.value) {
            Some(Value::Array(items))
                if items.iter().all(|n| matches!(n.value, Value::Table(_))) =>
            {
                for item in items {
                    let name = item.get("name").and_then(Node::text).unwrap_or_default();
                    writeln!(self.out, "{mark} {indent}[[{key}]] {name}  # {about}")?;
                    if let Some(items) = schema.items() {
                        self.table(items, Some(item), depth + 1)?;
                    }
                }
                Ok(())
            }
            Some(Value::Array(items)) => {
                let shown: Vec<_> = items.iter().take(8).map(|n| n.value.to_string()).collect();
                let more = if items.len() > shown.len() { ", ..." } else { "" };
                writeln!(self.out, "{mark} {indent}{key} = [{}{more}]  # {about}", shown.join(", "))
            }
            Some(Value::Table(entries)) if schema.members().is_some() => {
                for (member, inner) in entries {
                    writeln!(self.out, "{mark} {indent}{key}: {member}  # {about}")?;
                    if let Some(member) = schema.property(member) {
                        self.table(member, Some(inner), depth + 1)?;
                    }
                }
                Ok(())
            }
            Some(Value::Table(_)) => {
                writeln!(self.out, "{mark} {indent}{key}:  # {about}")?;
                self.table(schema, node, depth + 1)
            }
            Some(value) => writeln!(self.out, "{mark} {indent}{key} = {value}  # {about}"),
            None => self.default(schema, told, depth),
        }
    }

    /// A key that the file leaves to its default.
    fn default(&mut self, schema: Schema<'_>, told: &Told<'_>, depth: usize) -> io::Result<()> {
        let indent = "  ".repeat(depth);
        let Told { key, default, about } = told;
        match default {
            Some(Json::Object(entries)) if !entries.is_empty() => {
                let member = schema.members().and_then(|_| entries.iter().next());
                if let Some((member, inner)) = member {
                    writeln!(self.out, "  {indent}{key}: {member} = {inner}  # {about}")
                } else {
                    writeln!(self.out, "  {indent}{key}:  # {about}")?;
                    self.table(schema, None, depth + 1)
                }
            }
            Some(value) if !value.is_null() => {
                writeln!(self.out, "  {indent}{key} = {value}  # {about}")
            }
            _ => Ok(()),
        }
    }
}
