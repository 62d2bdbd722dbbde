//! The fitted scenario as a file.

use crate::base::math;
use crate::trace::fit::FitResult;
use crate::trace::fit::arrivals::Process;
use crate::trace::fit::laws::FittedDistribution;
use crate::trace::fit::operators::FittedCohort;
use crate::trace::fit::operators::FittedOperator;
use crate::trace::fit::parameter::long;
use crate::trace::fit::parameter::short;
use crate::trace::fit::regimes::Ack;
use crate::trace::fit::regimes::Regime;
use crate::trace::fit::regimes::Weighted;
use crate::trace::fit::routing::CAP_ALPHA;
use crate::trace::fit::routing::up_h;
use crate::trace::jobs::HOUR_MS;
use crate::trace::measure::answers::SuccessContent;
use std::fmt::Write;

/// Length of an epoch [ms]: 360 blocks of 12 s. Source: chain.md sections 1 and 8.
const EPOCH_MS: u64 = 4_320_000;
/// Longest hold a behaviour allows [ms].
const HOLD_MS_MAX: f64 = 86_400_000.0;
/// Largest image that a scenario allows [bytes].
pub(super) const BYTES_MAX: u32 = 1_000_000_000;
/// Milliseconds in a minute.
const MINUTE_MS: f64 = 60_000.0;

/// The scenario's text; `trace` is the trace's file name, `command` made it.
///
/// # Panics
/// Never: writing to a string does not fail.
pub(crate) fn text(fit: &FitResult, trace: &str, command: &str) -> String {
    let mut out = String::new();
    head(&mut out, fit, trace, command).expect("writing to memory");
    for operator in &fit.operators {
        for (number, own) in operator.cohorts.iter().enumerate() {
            cohort(&mut out, fit, operator, (number, own)).expect("writing to memory");
        }
    }
    out
}

fn hours(at_ms: u64) -> String {
    let hours = math::float(at_ms) / math::float(HOUR_MS);
    format!("{hours:.4}")
}

fn head(out: &mut String, fit: &FitResult, trace: &str, command: &str) -> std::fmt::Result {
    let epochs = (fit.end_ms / EPOCH_MS) + 1;
    writeln!(out, "# Does a scenario fitted to {trace} by machine behave as the trace does?\n#")?;
    writeln!(out, "# Made by `{command}`. Hour 0 is the trace's.")?;
    writeln!(
        out,
        "# Fitted to {} jobs up to hour {}, {}. What each figure is worth stands in the fit's report.",
        fit.rows,
        hours(fit.until_ms),
        if fit.settings.stationary { "one law for all time" } else { "regimes by operator" }
    )?;
    if !fit.routing.newcomers.unseen.is_empty() {
        writeln!(
            out,
            "# Miners called unseen stand for those that got no job in that part, and those that come after it."
        )?;
    }
    writeln!(out, "\n[run]\nseed = 11\nreplications = 20\nepochs = {epochs}\n")?;
    clients(out, fit)?;
    let steps = fit.steps.unwrap_or(60);
    writeln!(out, "[[kind]]\nname = \"generate\"\nsteps = {steps}\n")?;
    if fit.routing.sees_scores() {
        writeln!(out, "[router.v001]\ncap_alpha = {CAP_ALPHA:?}\n")?;
    } else {
        writeln!(out, "[router.stake_capped]\ncap_alpha = {CAP_ALPHA:?}\n")?;
    }
    let phase = math::float(fit.routing.phase_ms) / MINUTE_MS;
    writeln!(out, "[orchestrator]\nversion = \"v001\"\nscore_run_first_min = {phase}")?;
    writeln!(out, "[orchestrator.scoring.v001]\n\n[validators.weighting.win_rate]\n")?;
    writeln!(out, "[[validator]]\nname = \"validator\"\ncount = 4\nstake_alpha = 250000.0\n")?;
    writeln!(out, "[chain]\nuids = 256\nowner_uid = 74")
}

/// A text as TOML writes it.
fn quoted(text: &str) -> String {
    toml::Value::String(text.to_string()).to_string()
}

/// Name of the `number`-th client of a process.
pub(super) fn client_name(process: &Process, number: usize) -> String {
    if process.clients() == 1 { "client".to_string() } else { format!("client-{}", number + 1) }
}

fn clients(out: &mut String, fit: &FitResult) -> std::fmt::Result {
    let process = &fit.arrivals.process;
    for number in 0..process.clients() {
        let name = client_name(process, number);
        writeln!(out, "[[client]]\nname = \"{name}\"\nfrom_h = {}", hours(fit.begin_ms))?;
        writeln!(out, "until_h = {}", hours(fit.end_ms + 1000))?;
        writeln!(out, "[client.arrivals.{}]", process.family())?;
        for (key, value, _) in process.keys() {
            writeln!(out, "{key} = {}", long(value))?;
        }
        writeln!(out)?;
    }
    Ok(())
}

fn cohort(
    out: &mut String,
    fit: &FitResult,
    operator: &FittedOperator,
    (number, own): (usize, &FittedCohort),
) -> std::fmt::Result {
    let name = operator.cohort_name(number);
    writeln!(out, "\n[[cohort]]\nname = \"{name}\"\nclass = \"{}\"", operator.class.name())?;
    writeln!(out, "operator = \"{}\"\npoll_ms = 0.0", operator.name)?;
    if operator.is_split {
        let steps = fit.steps.unwrap_or(60);
        writeln!(
            out,
            "# What is not computed takes no time of its own; it is held back by its kind's times."
        )?;
        writeln!(out, "speed = {{ reference_steps = {steps}, fixed_share = 0.0 }}")?;
    }
    if let Some((low, high)) = operator.bytes {
        let allowed = |bytes: u32| bytes.clamp(1, BYTES_MAX);
        writeln!(out, "image = {{ bytes_min = {}, bytes_max = {} }}", allowed(low), allowed(high))?;
    }
    writeln!(out, "miner = [")?;
    for miner in &own.miners {
        let Some(seat) = &fit.routing.seats[usize::from(*miner)] else { continue };
        writeln!(
            out,
            "  {{ name = {}, stake_alpha = {:.1}, from_h = {:.3}, until_h = {:.3} }},",
            quoted(&fit.miners[usize::from(*miner)]),
            seat.stake_alpha,
            seat.from_h,
            seat.until_h
        )?;
    }
    unseen(out, fit, own)?;
    writeln!(out, "]\n[cohort.ack.regimes]\nsteps = [")?;
    for regime in &operator.regimes {
        let law = match &regime.ack {
            Ack::First(law) => law.text(),
            Ack::Held(way, ..) => format!("constant = {{ value_ms = {} }}", short(*way)),
            Ack::After(..) => "constant = { value_ms = 0.0 }".to_string(),
        };
        writeln!(out, "  {{ from_h = {}, law.{law} }},", hours(regime.from_ms))?;
    }
    writeln!(out, "]\n[cohort.service.regimes]\nsteps = [")?;
    for regime in &operator.regimes {
        let law = service(operator, regime);
        writeln!(out, "  {{ from_h = {}, law.{law} }},", hours(regime.from_ms))?;
    }
    writeln!(out, "]\n[cohort.behaviour.failing]")?;
    failing(out, own)?;
    writeln!(out, "[cohort.behaviour.failing.inner.regimes]\nsteps = [")?;
    for regime in &operator.regimes {
        let text = behaviour(operator, own, regime);
        writeln!(out, "  {{ from_h = {}, behaviour.{text} }},", hours(regime.from_ms))?;
    }
    writeln!(out, "]")
}

/// Miners like those of a cohort that the trace does not show: trapped all the time, or yet to come.
fn unseen(out: &mut String, fit: &FitResult, own: &FittedCohort) -> std::fmt::Result {
    let stem = (0..).map(|more| "unseen".to_string() + &"-like".repeat(more));
    let is_free = |stem: &String| !fit.miners.iter().any(|name| name.starts_with(stem));
    let stem = stem.into_iter().find(is_free).expect("names end");
    for (number, one) in fit.routing.newcomers.unseen.iter().enumerate() {
        let seat = fit.routing.seats[usize::from(one.like)].as_ref();
        let Some(seat) = seat.filter(|_| own.miners.contains(&one.like)) else { continue };
        let from_h = up_h(one.from_ms, fit.routing.phase_ms);
        writeln!(
            out,
            "  {{ name = \"{stem}-{number}\", stake_alpha = {:.1}, from_h = {from_h:.3} }},",
            seat.stake_alpha
        )?;
    }
    Ok(())
}

/// The law of computed work: all times, or those of whole images; none where nothing is computed.
pub(super) fn service_law<'r>(
    operator: &FittedOperator,
    regime: &'r Regime,
) -> Option<&'r FittedDistribution> {
    let of = |answer: SuccessContent| {
        let times = regime.times.iter().find(|times| times.answer == answer)?;
        Some(&times.law)
    };
    let full = of(SuccessContent::Full).or_else(|| of(SuccessContent::Unknown));
    match &regime.all {
        Some(law) if !operator.is_split => Some(law),
        Some(law) => full.map(|_| law),
        None => full,
    }
}

fn service(operator: &FittedOperator, regime: &Regime) -> String {
    // Where nothing is computed no law is asked for.
    let law = service_law(operator, regime);
    law.map_or_else(|| "constant = { value_ms = 0.0 }".to_string(), FittedDistribution::text)
}

fn share(count: u32, all: u32) -> f64 {
    f64::from(count) / f64::from(all.max(1))
}

fn failing(out: &mut String, own: &FittedCohort) -> std::fmt::Result {
    for (name, count) in own.failures().into_iter().filter(|(_, count)| *count > 0) {
        writeln!(out, "{name} = {}", short(share(count, own.jobs)))?;
    }
    if own.refused > 0 {
        writeln!(out, "refused_status = {}", own.refused_status)?;
    }
    Ok(())
}

/// What an operator does in a regime.
fn behaviour(operator: &FittedOperator, own: &FittedCohort, regime: &Regime) -> String {
    let mut parts = Vec::new();
    let count = |answer: SuccessContent| f64::from(regime.answers[answer as usize]);
    let full = count(SuccessContent::Full) + count(SuccessContent::Truncated);
    let truncated = share(own.truncated, own.images);
    if full > 0.0 && truncated < 1.0 {
        parts.push((full * (1.0 - truncated), "honest = {}".to_string()));
    }
    if let Some(bytes) = operator.truncated_bytes.filter(|_| full > 0.0 && truncated > 0.0) {
        // A file of the size that a first part of the image has, for its size is all that is known of it.
        let size = format!("size_bytes = {}", bytes.min(BYTES_MAX));
        let times = regime.times.iter().find(|times| times.answer == SuccessContent::Full);
        let held = times.filter(|_| operator.is_split).map_or(&[][..], |times| &times.grouped);
        if held.is_empty() {
            parts.push((full * truncated, body("tiny_image", &size, "")));
        }
        for (hold, weight) in held {
            let after = format!("hold_ms = {}", short(hold.clamp(0.0, HOLD_MS_MAX)));
            parts.push((full * truncated * weight, body("tiny_image", &size, &after)));
        }
    }
    for (answer, name) in [
        (SuccessContent::Nothing, "no_image"),
        (SuccessContent::Tiny, "tiny_image"),
        (SuccessContent::Canned, "canned_image"),
    ] {
        if count(answer) <= 0.0 {
            continue;
        }
        let images = format!("images = {}", operator.canned.max(1));
        let images = if answer == SuccessContent::Canned { images.as_str() } else { "" };
        if !operator.is_split {
            parts.push((count(answer), body(name, images, "")));
            continue;
        }
        let times = regime.times.iter().find(|times| times.answer == answer);
        for (hold, weight) in times.map_or(&[][..], |times| &times.grouped) {
            let hold = format!("hold_ms = {}", short(hold.clamp(0.0, HOLD_MS_MAX)));
            parts.push((count(answer) * weight, body(name, images, &hold)));
        }
    }
    let inner = mixture(&parts);
    match &regime.ack {
        Ack::First(_) => inner,
        Ack::Held(_, delays, _) => slow("delay_ms", delays, &inner),
        Ack::After(delays, _) => slow("after_callback_ms", delays, &inner),
    }
}

fn body(name: &str, images: &str, hold: &str) -> String {
    let keys: Vec<_> = [images, hold].into_iter().filter(|key| !key.is_empty()).collect();
    if keys.is_empty() {
        format!("{name} = {{}}")
    } else {
        format!("{name} = {{ {} }}", keys.join(", "))
    }
}

fn mixture(parts: &[(f64, String)]) -> String {
    let all: f64 = parts.iter().map(|part| part.0).sum();
    match parts {
        [] => "honest = {}".to_string(),
        [(_, only)] => only.clone(),
        many => {
            let one = |(weight, text): &(f64, String)| {
                format!("{{ weight = {}, behaviour.{text} }}", short(weight / all))
            };
            let parts: Vec<_> = many.iter().map(one).collect();
            format!("mixture = {{ parts = [{}] }}", parts.join(", "))
        }
    }
}

/// The same with the answer to the request held.
fn slow(key: &str, delays: &Weighted, inner: &str) -> String {
    let one = |(delay, weight): &(f64, f64)| {
        let delay = short(delay.clamp(0.0, HOLD_MS_MAX));
        (*weight, format!("slow_ack = {{ {key} = {delay}, inner.{inner} }}"))
    };
    mixture(&delays.iter().map(one).collect::<Vec<_>>())
}
