//! The answer: what the folder says beside its measure of fairness, in a few sentences, and what was claimed.

use crate::base::math;
use crate::report::comparison;
use crate::report::comparison::EXACT;
use crate::report::comparison::Fate;
use crate::report::comparison::REPEATED;
use crate::report::judging::judging;
use crate::report::page::fairness::Tile;
use crate::report::page::grid::PERCENT;
use crate::report::page::grid::percent;
use crate::report::read::Kept;
use crate::report::read::Mark;
use crate::report::read::Miners;
use crate::report::read::VerdictLine;
use crate::study::pairs_min;

/// Most classes that the answer names.
const TOLD: usize = 2;
/// A gap between shares that is worth a sentence.
const GAP: f64 = 0.005;

/// The sentences, the most important first.
pub(super) fn answer(kept: &Kept) -> Vec<String> {
    let mut sentences = match kept.verb() {
        "compare" => differences(kept),
        "sweep" => sweep(kept),
        _ => surprises(kept),
    };
    if !matches!(kept.verb(), "compare" | "sweep") {
        sentences.extend(kept.miners.as_ref().map(classes).unwrap_or_default());
        sentences.extend(burned(kept));
    }
    sentences
}

fn is_exact(verdict: &VerdictLine) -> bool {
    verdict.kind == "invariant"
}

/// How the claims fared, or what judges them; none for a sweep, which judges them cell by cell.
pub(super) fn claims(kept: &Kept) -> Option<Tile> {
    if kept.verb() == "sweep" {
        return None;
    }
    let claims: Vec<_> = kept.verdicts.iter().filter(|v| !is_exact(v)).collect();
    if claims.is_empty() {
        return Some(unjudged(kept));
    }
    let count = |status: &str| claims.iter().filter(|v| v.status == status).count();
    let known = claims.iter().filter(|v| v.status == "FAIL" && !v.is_surprise()).count();
    let known = match known {
        0 => String::new(),
        all if all == count("FAIL") => ", as expected".to_string(),
        some => format!(", {some} of them as expected"),
    };
    Some(Tile {
        figure: format!("{} of {}", count("PASS"), claims.len()),
        words: "claims hold up to their margins".to_string(),
        about: format!("Refuted: {}{known}. Undecided: {}.", count("FAIL"), count("UNDECIDED")),
        command: String::new(),
    })
}

/// That nobody judged the claims, and who does.
fn unjudged(kept: &Kept) -> Tile {
    let stated = claims_stated(kept);
    let command = judging(&kept.manifest.command).filter(|_| stated > 0);
    let (one, verb) = match kept.verb() {
        "compare" => (" of the first scenario", "comparison"),
        _ => ("", "plain run"),
    };
    let them = if stated == 1 { "it" } else { "them" };
    Tile {
        figure: if stated == 0 { "Nothing".to_string() } else { format!("{stated} open") },
        words: match stated {
            0 => "is claimed".to_string(),
            1 => format!("claim{one}, not judged by a {verb}"),
            _ => format!("claims{one}, not judged by a {verb}"),
        },
        about: match (&command, stated) {
            (_, 0) => "The scenario states no property.".to_string(),
            (Some(_), _) => format!("This judges {them}:"),
            (None, _) => "Claims are judged of simulated runs, not of a recorded one.".to_string(),
        },
        command: command.unwrap_or_default(),
    }
}

/// Statistical properties that the scenario states.
fn claims_stated(kept: &Kept) -> usize {
    let scenario: toml::Table = kept.manifest.scenario_text.parse().unwrap_or_default();
    let listed = scenario.get("property").and_then(toml::Value::as_array);
    let is_statistical = |claim: &&toml::Value| {
        claim.get("kind").and_then(toml::Value::as_str).is_some_and(|kind| kind != "invariant")
    };
    listed.into_iter().flatten().filter(is_statistical).count()
}

/// The verdicts that nobody expected.
fn surprises(kept: &Kept) -> Vec<String> {
    let surprising = kept.verdicts.iter().filter(|v| !is_exact(v) && v.is_surprise());
    surprising.map(|v| format!("Not expected: {}: \u{201c}{}\u{201d}", v.word(), v.claim)).collect()
}

/// Whose pay is furthest from their work.
fn classes(miners: &Miners) -> Vec<String> {
    if miners.classes.len() < 2 {
        return Vec::new();
    }
    let mut gaps: Vec<(f64, String)> = Vec::new();
    for (class, name) in miners.classes.iter().enumerate() {
        let Some(pay) = miners.class_share("pay_rao", class) else { continue };
        let work = miners.class_share("useful_steps", class);
        let done = work.map_or(0.0, |w| w.mean);
        let members = match miners.members(class) {
            1 => "The one miner".to_string(),
            count => format!("The {count} miners"),
        };
        let work = work.map_or_else(|| "0".to_string(), percent);
        let sentence = format!(
            "{members} of class {name} did {work} % of the useful work and got {} % of the pay.",
            percent(pay)
        );
        gaps.push((pay.mean - done, sentence));
    }
    gaps.retain(|(gap, _)| gap.abs() > GAP);
    gaps.sort_by(|a, b| b.0.abs().total_cmp(&a.0.abs()));
    gaps.into_iter().take(TOLD).map(|(_, sentence)| sentence).collect()
}

fn burned(kept: &Kept) -> Option<String> {
    let line = kept.metrics.iter().find(|m| m.metric == "burned_share" && m.grouping == "whole")?;
    let share = line.mean.filter(|share| *share > 0.0)?;
    Some(format!("{:.1} % of what miners could have earned was burned.", share * PERCENT))
}

/// Who gains and who loses beyond doubt.
fn differences(kept: &Kept) -> Vec<String> {
    let pairs = kept.changes.iter().filter_map(|change| change.pairs).fold(0.0, f64::max);
    let shares = kept.changes.iter().filter(|c| c.group != "metric" && !c.has(REPEATED));
    let fates: Vec<Fate<'_>> = shares
        .map(|change| Fate {
            group: &change.group,
            name: &change.name,
            difference: change.difference.unwrap_or(0.0),
            sign: change.sign(),
            is_exact: change.has(EXACT),
        })
        .collect();
    let pairs = usize::try_from(math::round_to_u64(pairs)).unwrap_or(usize::MAX);
    comparison::answer(&fates, pairs, pairs_min())
}

fn sweep(kept: &Kept) -> Vec<String> {
    let Some(sweep) = &kept.sweep else { return Vec::new() };
    if sweep.verdicts.is_empty() {
        return vec![format!("{} cells; no property was judged in them.", sweep.len())];
    }
    let count = |mark| (0..sweep.len()).filter(|cell| sweep.worst(*cell) == Some(mark)).count();
    let known = sweep.claims.iter().filter(|claim| claim.is_known_false).count();
    let aside = match known {
        0 => String::new(),
        1 => " One claim that is known to be false is left aside.".to_string(),
        more => format!(" {more} claims that are known to be false are left aside."),
    };
    let cells = sweep.len();
    let mut sentences = vec![if known == sweep.verdicts.len() {
        format!("{cells} cells; every claim that was judged in them is known to be false.")
    } else {
        format!(
            "In {} of {cells} cells every claim passes; in {} at least one fails, in {} none fails and at least one stayed \
             undecided.{aside}",
            count(Mark::Pass),
            count(Mark::Fail),
            count(Mark::Undecided)
        )
    }];
    if (0..cells).all(|cell| sweep.worst_of_fairness(cell).is_none()) {
        sentences.push("No claim of fairness was judged, so no value is called safe.".to_string());
    }
    sentences
}

/// Whether the books balance, in a line.
pub(super) fn invariants(kept: &Kept) -> Option<String> {
    let exact: Vec<_> = kept.verdicts.iter().filter(|v| is_exact(v)).collect();
    let broken: Vec<_> =
        exact.iter().filter(|v| v.status != "PASS").map(|v| v.id.as_str()).collect();
    match (exact.len(), broken.as_slice()) {
        (0, _) => None,
        (count, []) => Some(format!("All {count} invariants hold in every epoch of every run.")),
        (_, broken) => {
            Some(format!("Broken invariants, so trust no figure here: {}.", broken.join(", ")))
        }
    }
}
