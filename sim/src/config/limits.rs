//! Limits on combinations of values: each is in its own range, and together they exceed what the chain, a clock or an
//! amount can hold.

use crate::base::family::MemberProblem;
use crate::base::math;
use crate::base::units::RAO_PER_TOKEN;
use crate::config::cohort::Cohort;
use crate::config::file::ScenarioFile;
use assay_chain::TriggerRule;

/// Blocks after which an epoch runs whatever the tempo. Source: chain.md section 3.4.
const STEPS_MAX: u64 = 50_400;
/// Most blocks of a run: 494 years of 12 s, which a clock of 64 bits in nanoseconds holds. Source: ours.
const BLOCKS_MAX: u64 = 1_300_000_000;
/// Blocks in an hour. Source: chain.md section 1, 12 s each.
const BLOCKS_PER_HOUR: f64 = 300.0;
/// Most that all miners' taking part may cost in a run [rao]: what 63 bits hold. Source: ours.
const COST_RAO_MAX: f64 = 9_223_372_036_854_775_807.0;

/// Everything that is too much together.
pub(super) fn problems(scenario: &ScenarioFile) -> Vec<MemberProblem> {
    [epochs(scenario), first_epoch(scenario), costs(scenario)].into_iter().flatten().collect()
}

/// A run ends while its clock can say when.
fn epochs(scenario: &ScenarioFile) -> Option<MemberProblem> {
    let (chain, epochs) = (&scenario.chain, scenario.run.epochs);
    let blocks =
        chain.first_epoch_block.saturating_add(u64::from(epochs).saturating_mul(chain.tempo));
    let most = (BLOCKS_MAX - chain.first_epoch_block.min(BLOCKS_MAX)) / chain.tempo.max(1);
    (blocks > BLOCKS_MAX).then(|| {
        let allowed = format!(
            "at most {most} with chain.tempo {}: a run has at most {BLOCKS_MAX} blocks",
            chain.tempo
        );
        MemberProblem::new("run.epochs", epochs, &allowed)
    })
}

/// An epoch runs a tempo after the one before it, and no chain is older than its block 0.
fn first_epoch(scenario: &ScenarioFile) -> Option<MemberProblem> {
    let chain = &scenario.chain;
    let (start, tempo) = (chain.start_block, chain.tempo);
    let first = if chain.first_epoch_block == 0 { tempo } else { chain.first_epoch_block };
    let problem = |allowed: String| MemberProblem::new("chain.first_epoch_block", first, &allowed);
    if start.saturating_add(first) < tempo {
        return Some(problem(format!(
            "from {} on with chain.start_block {start}: the first epoch is a tempo of {tempo} blocks after block 0",
            tempo - start
        )));
    }
    let period = chain.period();
    if chain.rules().trigger == TriggerRule::Legacy && first > period {
        return Some(problem(format!(
            "at most {period} with chain.tempo {tempo} and chain.runtime {}: its rule fires every {period} blocks, whatever was before",
            chain.runtime
        )));
    }
    // Without an epoch at the start the chain counts its steps from block 0.
    (start < tempo && start + first > STEPS_MAX).then(|| {
        problem(format!(
            "at most {} with chain.start_block {start} below chain.tempo {tempo}: an epoch runs after {STEPS_MAX} blocks",
            STEPS_MAX - start
        ))
    })
}

/// All that taking part costs is an amount.
fn costs(scenario: &ScenarioFile) -> Option<MemberProblem> {
    let chain = &scenario.chain;
    let blocks = chain
        .first_epoch_block
        .saturating_add(u64::from(scenario.run.epochs).saturating_mul(chain.tempo));
    let hours = math::float(blocks) / BLOCKS_PER_HOUR;
    let rao = math::float(RAO_PER_TOKEN);
    let cost = |cohort: &Cohort| {
        let each = cohort.cost_alpha_per_h * hours + cohort.cost_alpha_per_identity;
        math::float_len(cohort.size()) * each * rao
    };
    let all: f64 = scenario.cohort.iter().map(cost).sum();
    let most = scenario.cohort.iter().max_by(|a, b| cost(a).total_cmp(&cost(b)))?;
    (all >= COST_RAO_MAX).then(|| {
        let key = if most.cost_alpha_per_identity > most.cost_alpha_per_h * hours {
            ("cost_alpha_per_identity", most.cost_alpha_per_identity)
        } else {
            ("cost_alpha_per_h", most.cost_alpha_per_h)
        };
        let allowed = format!(
            "less: all miners' costs in a run of {hours} h stay below {} alpha",
            COST_RAO_MAX / rao
        );
        MemberProblem::new(&format!("cohort.{}.{}", most.name, key.0), key.1, &allowed)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::tree;

    fn keys(text: &str) -> Vec<String> {
        let node = tree::parse(&"a.toml".into(), text).unwrap();
        let scenario: ScenarioFile = node.plain().try_into().unwrap();
        problems(&scenario).into_iter().map(|problem| problem.key).collect()
    }

    #[test]
    fn what_is_too_much_together_is_told_with_its_key() {
        let cohort = "[[cohort]]\nname = 'a'\ncount = 10\nservice.constant = { value_ms = 1.0 }\n";
        for (text, key) in [
            ("", None),
            ("[chain]\ntempo = 50400\n", None),
            ("[chain]\ntempo = 50400\n[run]\nepochs = 1000000\n", Some("run.epochs")),
            ("[chain]\nstart_block = 2\nfirst_epoch_block = 60\n", Some("chain.first_epoch_block")),
            ("[chain]\nstart_block = 2\nfirst_epoch_block = 358\n", None),
            (
                "[chain]\nstart_block = 60\nfirst_epoch_block = 50400\n",
                Some("chain.first_epoch_block"),
            ),
            ("[chain]\nstart_block = 360\nfirst_epoch_block = 50400\n", None),
            ("[chain]\nruntime = 423\nfirst_epoch_block = 17507\n", None),
            ("[chain]\nruntime = 380\nfirst_epoch_block = 361\n", None),
            ("[chain]\nruntime = 380\nfirst_epoch_block = 362\n", Some("chain.first_epoch_block")),
            (&format!("{cohort}cost_alpha_per_h = 21e6\n[run]\nepochs = 2\n"), None),
            (
                &format!("{cohort}cost_alpha_per_h = 21e6\n[run]\nepochs = 200\n"),
                Some("cohort.a.cost_alpha_per_h"),
            ),
        ] {
            assert_eq!(keys(text), key.into_iter().collect::<Vec<_>>(), "{text}");
        }
    }
}
