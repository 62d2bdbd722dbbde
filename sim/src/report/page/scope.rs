//! What was assumed, what was left out, and the scenario in sentences.

use crate::base::math;
use crate::config;
use crate::report::MANIFEST;
use crate::report::Paragraph;
use crate::report::in_words;
use crate::report::read::Kept;
use crate::report::warm_up::WarmUp;
use toml::Table;
use toml::Value;

/// What the model leaves out whatever the scenario says.
const LEFT_OUT: &[&str] = &[
    "The chain's token pool and price, root dividends, child keys and nominator pools; a validator's whole payment counts \
     as its own.",
    "What miners earn does not change their stake.",
    "What a miner's machine does beside its jobs: miners do not slow each other down.",
    "What people do on seeing these results: operators act only as the scenario says.",
];

/// What is left out where the scenario has no such key: path (none where no scenario can ask for it), what is missing then.
const ABSENT: &[(Option<&str>, &str)] = &[
    (Some("orchestrator.audit"), "Audits of miners."),
    (None, "Registration and pruning of miners in the course of the run."),
    (Some("schedule"), "Changes of the rules in the course of the run."),
];

/// What the scenario assumes, in sentences.
pub(super) fn assumed(kept: &Kept) -> Vec<String> {
    let manifest = &kept.manifest;
    let mut lines = vec![
        "Useful work is steps fully computed for a request answered with its own image in time. The mechanism does not \
         see it; the simulation does."
            .to_string(),
        "Intervals of run figures are 95 % intervals for a number of replications fixed beforehand: Student's, and bootstrap-t \
         for metrics without a finite range; bounds of claims hold at whatever replication they were looked at."
            .to_string(),
    ];
    if let Some(together) = manifest.judged_together {
        lines.push(format!(
            "{} judged together, each at its share of alpha and beta, on replications that this folder does not show: any \
             wrong FAIL among them has at most the chance alpha, any wrong PASS at most beta.",
            match together {
                1 => "One statistical claim was".to_string(),
                more => format!("{more} statistical claims were"),
            }
        ));
    }
    let warm_up = scenario(kept).and_then(|s| integer(&s, "run.warm_up_epochs")).unwrap_or(0);
    if warm_up > 0 {
        lines.push(format!(
            "The first {warm_up} epochs are warm-up: miners' figures and metrics leave them out."
        ));
    }
    if let Some(course) = kept.course.as_ref().filter(|_| kept.verb() == "run") {
        let used = u32::try_from(warm_up).unwrap_or(0);
        let whole = |epoch: &f64| u32::try_from(math::round_to_u64(*epoch)).unwrap_or(u32::MAX);
        let epochs: Vec<u32> = course.epochs.iter().map(whole).collect();
        lines.extend(WarmUp::of(&course.means(), &epochs, used).sentences());
    }
    for (count, what) in [
        (manifest.jobs_overwritten, "jobs had their stored status overwritten by a later callback"),
        (manifest.miners_invalidated, "times a miner lost its validity while it had a score"),
        (
            manifest.rows_refused,
            "rows of weights were refused by the chain for another reason than coming too soon",
        ),
    ] {
        if count > 0 {
            lines.push(format!("Over all replications {count} {what}."));
        }
    }
    lines
}

/// What was left out.
pub(super) fn left_out(kept: &Kept) -> Vec<String> {
    let scenario = scenario(kept).unwrap_or_default();
    let has = |path| find(&scenario, path).is_some_and(|value| !is_empty(value));
    let absent = ABSENT.iter().filter(|(path, _)| !path.is_some_and(has));
    let absent = absent.map(|(_, what)| *what);
    LEFT_OUT.iter().copied().chain(absent).map(str::to_string).collect()
}

/// The scenario in words; none where its text is of a version with other keys.
pub(super) fn paragraphs(kept: &Kept) -> Vec<Paragraph> {
    let manifest = &kept.manifest;
    let Ok(loaded) = config::load_kept(MANIFEST, &manifest.scenario_text) else {
        return Vec::new();
    };
    let scenario = config::resolve(&manifest.scenario, &manifest.question, &loaded);
    in_words(&loaded, &scenario)
}

/// The scenario of the manifest; none where it is no TOML.
fn scenario(kept: &Kept) -> Option<Table> {
    kept.manifest.scenario_text.parse().ok()
}

/// The value at a path of keys.
fn find<'t>(table: &'t Table, path: &str) -> Option<&'t Value> {
    let (first, rest) = path.split_once('.').map_or((path, None), |(f, r)| (f, Some(r)));
    let value = table.get(first)?;
    rest.map_or(Some(value), |rest| find(value.as_table()?, rest))
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Array(items) => items.is_empty(),
        Value::Table(entries) => entries.is_empty(),
        _ => false,
    }
}

fn integer(table: &Table, path: &str) -> Option<i64> {
    find(table, path).and_then(Value::as_integer)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Schema;

    /// The schema of the value at a path of keys; a list's is that of its items.
    fn at<'s>(schema: Schema<'s>, path: &str) -> Option<Schema<'s>> {
        path.split('.').try_fold(schema, |schema, key| {
            let value = schema.property(key)?;
            Some(value.items().unwrap_or(value))
        })
    }

    #[test]
    fn every_key_looked_up_is_a_key_of_the_schema() {
        let json = config::json_schema();
        let schema = Schema::new(&json);
        let mut paths: Vec<String> = Vec::new();
        paths.extend(ABSENT.iter().filter_map(|(path, _)| path.map(str::to_string)));
        paths.push("run.warm_up_epochs".to_string());
        for path in paths {
            assert!(at(schema, &path).is_some(), "{path} is no key");
        }
        assert!(at(schema, "chain.no_such_key").is_none());
    }

    #[test]
    fn paths_lead_through_tables() {
        let table: Table = "[a.b]\nc = 3\n[[d]]\nname = \"x\"".parse().unwrap();
        assert_eq!(integer(&table, "a.b.c"), Some(3));
        assert_eq!(integer(&table, "a.c"), None);
    }
}
