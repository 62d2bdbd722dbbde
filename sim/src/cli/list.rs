//! `assay list`: what can be used in a scenario.

use crate::base::family::Entry;
use crate::cli::outcome::Failure;
use crate::cli::outcome::Outcome;
use crate::metrics::MetricSpec;
use crate::model::arrivals::ArrivalsSpec;
use crate::model::latency::DistributionSpec;
use crate::model::operator::OperatorSpec;
use crate::model::router::RouterSpec;
use crate::model::scoring::ScoringSpec;
use crate::model::weighting::WeightingSpec;
use clap::Args;
use std::io::Write;

/// Shows what can be used in a scenario.
#[derive(Debug, Args)]
pub(super) struct ListArgs {
    /// Family to show, with sources and examples; without it every family with a line a member.
    family: Option<String>,
}

/// A family: its name, where it stands in a scenario, its members.
struct Family {
    name: &'static str,
    place: &'static str,
    members: &'static [Entry],
}

const FAMILIES: &[Family] = &[
    Family { name: "arrivals", place: "client.arrivals", members: ArrivalsSpec::ALL },
    Family {
        name: "latency",
        place: "cohort.service, cohort.ack, cohort.transfer",
        members: DistributionSpec::ALL,
    },
    Family { name: "behaviour", place: "cohort.behaviour", members: OperatorSpec::ALL },
    Family { name: "router", place: "router", members: RouterSpec::ALL },
    Family { name: "scoring", place: "orchestrator.scoring", members: ScoringSpec::ALL },
    Family { name: "weighting", place: "validators.weighting", members: WeightingSpec::ALL },
    Family { name: "metrics", place: "metrics.csv", members: MetricSpec::ALL },
];

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
