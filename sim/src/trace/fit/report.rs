//! What a fit found, in words, in a table and as JSON; how well each miner is described; what the trace cannot tell.

use crate::base::math;
use crate::trace::fit::FitResult;
use crate::trace::fit::arrivals::Process;
use crate::trace::fit::estimates::estimates;
use crate::trace::fit::joint::HeldParameter;
use crate::trace::fit::joint::ParameterBlock;
use crate::trace::fit::laws;
use crate::trace::fit::laws::FittedDistribution;
use crate::trace::fit::laws::FittedLaw;
use crate::trace::fit::operators::FittedOperator;
use crate::trace::fit::regimes::Ack;
use crate::trace::fit::regimes::Regime;
use crate::trace::fit::uncertain;
use crate::trace::jobs::RecordedJobs;
use crate::trace::measure::answers;
use crate::trace::measure::answers::SuccessContent;
use serde_json::Value;
use serde_json::json;

/// A miner is described well above this p-value. Source: the usual level.
const GOOD_P: f64 = 0.05;

/// How well one miner is described.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Goodness {
    /// Name of the miner in the trace.
    pub(crate) miner: String,
    /// Name of the operator that the miner was given to.
    pub(crate) operator: String,
    /// Jobs it got after its first, and how many its stake makes likely.
    pub(crate) choices: f64,
    /// Jobs after its first that its stake makes likely.
    pub(crate) expected: f64,
    /// Service times that were held against the law.
    pub(crate) times: usize,
    /// Kolmogorov-Smirnov distance of its times from its operator's laws; none of no times.
    pub(crate) ks: Option<f64>,
    /// Its p-value, generous, for the laws were fitted to these times too.
    pub(crate) p: Option<f64>,
}

/// How well each miner of the part looked at is described.
pub(crate) fn goodness(fit: &FitResult, jobs: &RecordedJobs) -> Vec<Goodness> {
    let answers = answers::answers(&jobs.rows);
    let mut places = vec![Vec::new(); jobs.miners.len()];
    let mut operators: Vec<Option<&FittedOperator>> = vec![None; jobs.miners.len()];
    for operator in &fit.operators {
        for miner in operator.cohorts.iter().flat_map(|cohort| &cohort.miners) {
            operators[usize::from(*miner)] = Some(operator);
        }
    }
    for (row, answer) in jobs.rows.iter().zip(&answers) {
        let inside = (fit.begin_ms..=fit.until_ms).contains(&row.created_ms);
        let known = operators[usize::from(row.miner)].and_then(|own| own.at(row.created_ms));
        let (Some(regime), Some(answer), true) = (known, answer, inside) else { continue };
        if let (Some(total), Some(ack)) = (row.latency_ms(), row.ack_ms)
            && let Some(place) =
                regime.place(*answer, total, f64::from(ack), places[usize::from(row.miner)].len())
        {
            places[usize::from(row.miner)].push(place);
        }
    }
    let each = places.into_iter().enumerate().filter_map(|(miner, places)| {
        let (seat, operator) = (fit.routing.seats[miner].as_ref()?, operators[miner]?);
        let times = places.len();
        let found = (times > 0).then(|| laws::ks(places));
        Some(Goodness {
            miner: fit.miners[miner].clone(),
            operator: operator.name.clone(),
            choices: seat.choices,
            expected: seat.expected,
            times,
            ks: found.map(|found| found.0),
            p: found.map(|found| found.1),
        })
    });
    each.collect()
}

/// All of it as JSON.
pub(crate) fn to_json(fit: &FitResult, goodness: &[Goodness]) -> Value {
    let models: Vec<_> = fit
        .arrivals
        .models
        .iter()
        .map(|model| {
            json!({ "model": model.name, "parameters": model.free,
                "log_likelihood_per_gap": model.log_likelihood_per_gap, "bic": model.bic,
                "ks": model.ks, "p": model.p, "misfit": model.misfit,
                "correlation_of_neighbours": model.correlation, "refuted": model.is_refuted })
        })
        .collect();
    let miners: Vec<_> = goodness
        .iter()
        .map(|one| {
            json!({ "miner": one.miner, "operator": one.operator, "choices": one.choices,
                "expected": one.expected, "times": one.times, "ks": one.ks, "p": one.p })
        })
        .collect();
    let estimates: Vec<_> = estimates(fit)
        .into_iter()
        .map(|one| {
            let interval = one.interval();
            json!({ "part": one.part, "parameter": one.parameter, "value": one.value,
                "standard_error": one.error, "low_95": interval.map(|both| both.0),
                "high_95": interval.map(|both| both.1), "observations": one.count })
        })
        .collect();
    json!({
        "rows": fit.rows, "rows_read": fit.seen, "every_nth_row_kept": fit.stride,
        "isolated_rows_left_out": fit.isolated, "until": fit.settings.until,
        "stationary": fit.settings.stationary,
        "arrival_family": fit.arrivals.process.family(),
        "arrival_models": models,
        "routing": {
            "choices": fit.routing.choices,
            "score_run_past_the_hour_ms": fit.routing.phase_ms,
            "score_run_error_ms": fit.routing.phase_error_ms,
            "phase_gain_nats": fit.routing.phase_gain,
            "v001_over_stake_alone_nats": fit.routing.score_gain,
            "levels": fit.routing.plateau.weights.len(), "bic_by_levels": fit.routing.plateau.bic,
            "plateau_chi2_per_df": fit.routing.plateau.chi2_per_df,
            "plateau_chi2_p": fit.routing.plateau.chi2_p,
        },
        "regime_penalty_nats": super::groups::penalty(),
        "estimates": estimates, "joint_errors": joint_errors(fit),
        "joint_errors_leave_out": uncertain::NOT_DRAWN, "goodness_of_fit": miners,
        "cannot_tell": cannot_tell(fit),
    })
}

/// Joint errors of the estimates, by the scenario's keys: covariances, on the log scale of positive parameters.
fn joint_errors(fit: &FitResult) -> Value {
    let parameter = |held: &HeldParameter| {
        let scale = if held.is_log { "log" } else { "plain" };
        json!({ "keys": held.keys, "value": held.value, "scale": scale })
    };
    let block = |block: ParameterBlock| {
        let parameters: Vec<_> = block.held.iter().map(parameter).collect();
        json!({ "part": block.part, "parameters": parameters, "covariance": block.covariance })
    };
    uncertain::blocks(fit).into_iter().map(block).collect()
}

/// Sentences on what the trace cannot tell of the fitted scenario.
fn cannot_tell(fit: &FitResult) -> Vec<String> {
    let mut all = vec![format!(
        "queueing and capacity: {} of {} jobs reached a miner that still had another; concurrency and what a queue does are not estimated",
        fit.overlaps, fit.rows
    )];
    if matches!(fit.arrivals.process, Process::ClosedLoop { .. }) {
        all.push("demand: clients wait for their answers, so nothing is known of what others would ask for".to_string());
    }
    all.push(match fit.steps {
        Some(steps) => {
            format!("steps: every job has {steps}, so how time grows with them is unknown")
        }
        None => {
            "steps: jobs of several lengths are fitted as one kind; time by step is not estimated"
                .to_string()
        }
    });
    all.push("stakes: only ratios to the cap are identified; whoever is on the plateau may have any stake above it".to_string());
    all.push("validity: a miner that was down for a while counts as there; a newcomer's beginning is that of an average wait in the trap, and those that never got a job are counted, not known".to_string());
    if !fit.settings.stationary {
        all.push("the future: the last regime of each operator is assumed to go on; operators switch at will".to_string());
    }
    if fit.is_image_unknown {
        all.push("images: the trace does not say which successes carried one; all are taken for honest work".to_string());
    }
    if fit.oversized > 0 {
        all.push(format!("{} images are larger than a scenario allows and stand in it as the largest that it does", fit.oversized));
    }
    if fit.late > 0 {
        all.push(format!("{} successes later than a minute are in no law", fit.late));
    }
    all
}

/// The report in words.
pub(crate) fn words(fit: &FitResult, goodness: &[Goodness]) -> String {
    let mut lines = vec![format!(
        "{} jobs of {} miners{}, {} isolated at the beginning left out",
        fit.rows,
        goodness.len(),
        if fit.stride > 1 {
            format!(" (every {}th of {})", fit.stride, fit.seen)
        } else {
            String::new()
        },
        fit.isolated
    )];
    lines.push("\narrivals".to_string());
    for one in estimates(fit).iter().filter(|one| one.part == "arrivals") {
        lines.push(format!("  {} = {}", one.parameter, with_error(one.value, one.error)));
    }
    if let Some(r) = fit.arrivals.correlation {
        lines.push(format!("  correlation of a gap with the answer before it: {r:.4}"));
    }
    for model in &fit.arrivals.models {
        lines.push(format!(
            "  {:<52} log-likelihood a gap {:>8.3}  BIC {:>10.1}  KS {:.3}  a gap wrong by {:.2} %{}",
            model.name,
            model.log_likelihood_per_gap,
            model.bic,
            model.ks,
            100.0 * model.misfit,
            if model.is_refuted { "  refuted" } else { "" }
        ));
    }
    routing_words(fit, &mut lines);
    lines.push(format!(
        "\noperators: {} (miners that share laws and switches; a switch costs {:.1} nats beside its code)",
        fit.operators.len(),
        super::groups::penalty()
    ));
    for operator in &fit.operators {
        operator_words(operator, &mut lines);
    }
    let judged: Vec<_> = goodness.iter().filter(|one| one.times >= 30).collect();
    let good = judged.iter().filter(|one| one.p.is_some_and(|p| p > GOOD_P)).count();
    let mut distances: Vec<f64> = judged.iter().filter_map(|one| one.ks).collect();
    distances.sort_by(f64::total_cmp);
    lines.push(format!(
        "\ngoodness of fit: {} of {} miners with 30 times or more have KS p above {GOOD_P}; median KS {:.3}",
        good,
        judged.len(),
        distances.get(distances.len() / 2).copied().unwrap_or(0.0)
    ));
    lines.push("\nwhat the trace cannot tell".to_string());
    lines.extend(cannot_tell(fit).into_iter().map(|line| format!("  {line}")));
    lines.join("\n") + "\n"
}

fn routing_words(fit: &FitResult, lines: &mut Vec<String>) {
    let routing = &fit.routing;
    lines.push(format!("\nrouting ({} choices after each miner's first)", routing.choices));
    lines.push(format!(
        "  scores seen: v001 is {:+.1} nats against stake alone; score runs {:.1} ± {:.1} min past the hour ({:.1} nats better than the worst)",
        routing.score_gain,
        math::float(routing.phase_ms) / 60_000.0,
        routing.phase_error_ms / 60_000.0,
        routing.phase_gain
    ));
    if let Some((power, error)) = routing.exponent {
        lines.push(format!("  power of scores = {}", with_error(power, Some(error))));
    }
    let (count, error) = routing.newcomers.at_start;
    let (rate, rate_error) = routing.newcomers.per_h;
    lines.push(format!(
        "  miners there when the traffic began: {count:.1} ± {error:.1}; newcomers an hour: {rate:.3} ± {rate_error:.3}; unseen or yet to come: {}",
        routing.newcomers.unseen.len()
    ));
    let plateau = &routing.plateau;
    lines.push(format!(
        "  levels of stake by BIC: {}; {} miners on the plateau, chi2/df {}",
        plateau.weights.len(),
        plateau.members,
        plateau.chi2_per_df.map_or("undefined".to_string(), |x| format!("{x:.3}"))
    ));
}

fn operator_words(operator: &FittedOperator, lines: &mut Vec<String>) {
    let miners: usize = operator.cohorts.iter().map(|cohort| cohort.miners.len()).sum();
    let jobs: u32 = operator.cohorts.iter().map(|cohort| cohort.jobs).sum();
    lines.push(format!("  {}: {miners} miners, {jobs} jobs", operator.name));
    for regime in &operator.regimes {
        lines.push(format!("    {}", regime_words(regime)));
    }
}

fn regime_words(regime: &Regime) -> String {
    let from = math::float(regime.from_ms) / 3_600_000.0;
    let error = regime.from_error_h.map(|error| format!(" ± {error:.2}")).unwrap_or_default();
    let ack = match &regime.ack {
        Ack::First(law) => format!("answers first ({})", law_words(law)),
        Ack::Held(_, _, law) => format!("holds answers ({})", law_words(law)),
        Ack::After(_, law) => format!("answers after the callback ({})", law_words(law)),
    };
    let all: u32 = regime.answers.iter().sum();
    let sent: Vec<_> = SuccessContent::ALL
        .into_iter()
        .filter(|answer| regime.answers[*answer as usize] > 0)
        .map(|answer| {
            let part = f64::from(regime.answers[answer as usize]) / f64::from(all.max(1));
            format!("{} {part:.2}", answer.name())
        })
        .collect();
    let times = match &regime.all {
        Some(law) => law_words(law),
        None => regime
            .times
            .iter()
            .map(|times| format!("{}: {}", times.answer.name(), law_words(&times.law)))
            .collect::<Vec<_>>()
            .join("; "),
    };
    format!("from {from:.2}{error} h, {} jobs: {}; {times}; {ack}", regime.jobs, sent.join(", "))
}

fn law_words(law: &FittedDistribution) -> String {
    match &law.shape {
        FittedLaw::Lattice(grid) => {
            let stock =
                if (grid.step_ms - 500.0).abs() < 1.0 { ", the stock polling grid" } else { "" };
            format!(
                "lattice {:.0} + {:.0} k ms{stock}, jitter {:.0} ms",
                grid.a_ms, grid.step_ms, grid.jitter_ms
            )
        }
        FittedLaw::Blocks(blocks) => format!("{} blocks, no family holds", blocks.len()),
        _ => {
            let each = law.parameters();
            let each: Vec<_> = each
                .iter()
                .map(|(name, x, error)| format!("{name} {}", with_error(*x, *error)))
                .collect();
            format!("{} {}", law.name(), each.join(", "))
        }
    }
}

fn with_error(value: f64, error: Option<f64>) -> String {
    let error = error.map(|error| format!(" ± {error:.2}")).unwrap_or_default();
    format!("{value:.2}{error}")
}
