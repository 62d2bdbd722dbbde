//! What each command's help shows as examples, in one list: a command without an example, or an example that no command
//! takes, fails a test.

use clap::Command;

/// Examples by verb: what they do, and the command.
const EXAMPLES: &[(&str, &[(&str, &str)])] = &[
    (
        "run",
        &[
            ("who is paid for what", "assay run scenarios/sn11.toml"),
            ("with another key", "assay run s.toml --set router.v001.cap_alpha=1000"),
            ("and every job of the first replication", "assay run s.toml --jobs jobs.csv"),
        ],
    ),
    (
        "check",
        &[
            ("every claim of the FAQ", "assay check scenarios/faq/*.toml"),
            ("as a CI system shows it", "assay check s.toml --junit junit.xml"),
            ("on another seed every night", "assay check s.toml --seed-from 123"),
        ],
    ),
    (
        "compare",
        &[
            ("two scenarios", "assay compare before.toml after.toml"),
            ("one key", "assay compare s.toml --set orchestrator.scoring.v001.require_image=true"),
        ],
    ),
    ("sweep", &[("every cell of [sweep]", "assay sweep scenarios/temperature.toml")]),
    (
        "explain",
        &[
            ("what a scenario assumes", "assay explain scenarios/sn11.toml"),
            ("with every default and its source", "assay explain s.toml --defaults"),
            ("why this miner got no requests", "assay explain results/sn11 --miner slow-mid-3"),
        ],
    ),
    (
        "init",
        &[
            ("a first scenario", "assay init mine.toml"),
            ("one that asks how many audits it takes", "assay init mine.toml --question audit"),
            ("one of the neurons of a snapshot", "assay init mine.toml --metagraph snapshot.csv"),
        ],
    ),
    ("epoch", &[("what the chain pays", "assay epoch case.json --table")]),
    (
        "replay",
        &[("a trace under v001", "assay replay t.csv --scenario scenarios/replay/v001.toml")],
    ),
    ("report", &[("plots and page again, as pictures too", "assay report results/sn11 --png")]),
    ("fit", &[("a scenario of the first part", "assay fit t.csv --until 0.75 --out mine.toml")]),
    ("validate", &[("is it like the rest?", "assay validate t.csv --scenario mine.toml")]),
    ("rule", &[("what would this job score?", "assay rule cases.json")]),
    ("verify", &[("is this result true?", "assay verify results/sn11")]),
    (
        "list",
        &[
            ("what can be used", "assay list"),
            ("every router with source and example", "assay list router"),
            ("what a column means", "assay list incentive_u16"),
        ],
    ),
    ("schema", &[("for an editor", "assay schema")]),
    ("completions", &[("for bash", "assay completions bash")]),
    ("man", &[("pages of the manual", "assay man /usr/local/share/man/man1")]),
];

/// The command with the examples in the help of its verbs.
pub(super) fn with_examples(mut command: Command) -> Command {
    for (verb, examples) in EXAMPLES {
        let lines = examples.iter().map(|(does, call)| format!("\n  {call}\n      {does}"));
        let help = format!("Examples:{}", lines.collect::<String>());
        command = command.mut_subcommand(verb, |own| own.after_help(help));
    }
    command
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::call;

    #[test]
    fn every_verb_has_examples_and_takes_them() {
        let command = call();
        for verb in command.get_subcommands().filter(|verb| !verb.is_hide_set()) {
            let found = EXAMPLES.iter().find(|(name, _)| *name == verb.get_name());
            let (_, examples) =
                found.unwrap_or_else(|| panic!("no example of {}", verb.get_name()));
            for (_, line) in *examples {
                let parsed = command.clone().try_get_matches_from(line.split(' '));
                let parsed = parsed.unwrap_or_else(|error| panic!("{line}: {error}"));
                assert_eq!(parsed.subcommand_name(), Some(verb.get_name()), "{line}");
            }
        }
    }
}
