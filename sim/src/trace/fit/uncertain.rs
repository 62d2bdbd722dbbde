//! Which keys of the fitted scenario hold estimates, and how these err together.
//!
//! Not drawn: who is there (a number of miners), stakes on the plateau (any above the cap is the same), the mixture of what
//! an operator sends where each kind has its own times, and the edges of blocks, which choose themselves.

use crate::base::math;
use crate::trace::fit::FitResult;
use crate::trace::fit::joint;
use crate::trace::fit::joint::HeldParameter;
use crate::trace::fit::joint::ParameterBlock;
use crate::trace::fit::joint::diagonal;
use crate::trace::fit::laws::FittedDistribution;
use crate::trace::fit::laws::FittedLaw;
use crate::trace::fit::operators::FittedCohort;
use crate::trace::fit::operators::FittedOperator;
use crate::trace::fit::parameter::short;
use crate::trace::fit::regimes::Ack;
use crate::trace::fit::regimes::Regime;
use crate::trace::fit::scenario::client_name;
use crate::trace::fit::scenario::service_law;
use crate::trace::jobs::HOUR_MS;

/// What is in no block, in words.
pub(crate) const NOT_DRAWN: [&str; 4] = [
    "how many miners there are, and when each came and left",
    "stakes on the plateau: any above the cap is the same",
    "what an operator sends, and after what delays, where its kinds of answer have times of their own or answers are held",
    "edges of blocks of a density",
];

/// Every block of parameters whose errors are estimated together.
pub(crate) fn blocks(fit: &FitResult) -> Vec<ParameterBlock> {
    let mut all = vec![arrivals(fit)];
    all.extend(phase(fit));
    for operator in &fit.operators {
        for (number, own) in operator.cohorts.iter().enumerate() {
            all.extend(stakes(fit, operator, (number, own)));
            all.extend(failures(operator, (number, own)));
        }
        for (number, regime) in operator.regimes.iter().enumerate() {
            all.extend(beginning(operator, number, regime));
            all.extend(of_laws(operator, number, regime));
        }
    }
    all
}

fn arrivals(fit: &FitResult) -> ParameterBlock {
    let found = &fit.arrivals;
    let (process, covariance) = (&found.process, found.covariance.clone());
    let clients: Vec<String> = (0..process.clients()).map(|n| client_name(process, n)).collect();
    let held = process.keys().into_iter().take(covariance.len()).map(|(key, value, is_log)| {
        let path = |client: &String| format!("client.{client}.arrivals.{}.{key}", process.family());
        HeldParameter { keys: clients.iter().map(path).collect(), value, is_log }
    });
    ParameterBlock { part: "arrivals".to_string(), held: held.collect(), covariance }
}

/// When score runs are, where the choices tell it.
fn phase(fit: &FitResult) -> Option<ParameterBlock> {
    const MINUTE_MS: f64 = 60_000.0;
    let routing = &fit.routing;
    let held = HeldParameter {
        keys: vec!["orchestrator.score_run_first_min".to_string()],
        value: math::float(routing.phase_ms) / MINUTE_MS,
        is_log: false,
    };
    let covariance = diagonal(&[routing.phase_error_ms / MINUTE_MS]);
    let block = ParameterBlock { part: "routing".to_string(), held: vec![held], covariance };
    routing.sees_scores().then_some(block)
}

/// Stakes below the plateau.
fn stakes(
    fit: &FitResult,
    operator: &FittedOperator,
    (number, own): (usize, &FittedCohort),
) -> Vec<ParameterBlock> {
    let name = operator.cohort_name(number);
    let seats = own.miners.iter().filter_map(|miner| {
        Some((usize::from(*miner), fit.routing.seats[usize::from(*miner)].as_ref()?))
    });
    let one = |(place, (miner, seat)): (usize, (usize, &super::routing::RoutedMiner))| {
        let error = seat.error_alpha.filter(|_| !seat.on_plateau)?;
        let keys = vec![format!("cohort.{name}.miner.{place}.stake_alpha")];
        let held = HeldParameter { keys, value: seat.stake_alpha, is_log: true };
        Some(ParameterBlock {
            part: format!("miner {}", fit.miners[miner]),
            held: vec![held],
            covariance: diagonal(&[joint::log_error(seat.stake_alpha, error)]),
        })
    };
    seats.enumerate().filter_map(one).collect()
}

/// Shares of jobs that fail in each way, those that were seen.
fn failures(
    operator: &FittedOperator,
    (number, own): (usize, &FittedCohort),
) -> Option<ParameterBlock> {
    let name = operator.cohort_name(number);
    let seen: Vec<_> = own.failures().into_iter().filter(|(_, count)| *count > 0).collect();
    let all = f64::from(own.jobs.max(1));
    let shares: Vec<f64> = seen.iter().map(|(_, count)| f64::from(*count) / all).collect();
    let held = seen.iter().zip(&shares).map(|((key, _), share)| HeldParameter {
        keys: vec![format!("cohort.{name}.behaviour.failing.{key}")],
        value: *share,
        is_log: true,
    });
    let held: Vec<HeldParameter> = held.collect();
    let covariance = joint::of_shares(&shares, all);
    (!held.is_empty()).then_some(ParameterBlock { part: name, held, covariance })
}

/// The parts of a cohort that have a step for each regime.
const STEPPED: [&str; 3] = ["ack", "service", "behaviour.failing.inner"];

/// When a regime begins.
fn beginning(operator: &FittedOperator, number: usize, regime: &Regime) -> Option<ParameterBlock> {
    let error = regime.from_error_h?;
    let cohorts = (0..operator.cohorts.len()).map(|cohort| operator.cohort_name(cohort));
    let keys = cohorts.flat_map(|name| {
        STEPPED.map(|part| format!("cohort.{name}.{part}.regimes.steps.{number}.from_h"))
    });
    let value = math::float(regime.from_ms) / math::float(HOUR_MS);
    let held = vec![HeldParameter { keys: keys.collect(), value, is_log: false }];
    let part = format!("{} regime {number}", operator.name);
    Some(ParameterBlock { part, held, covariance: diagonal(&[error]) })
}

/// Laws of answers and of work in a regime.
fn of_laws(operator: &FittedOperator, number: usize, regime: &Regime) -> Vec<ParameterBlock> {
    let ack = if let Ack::First(law) = &regime.ack { Some(("ack", law)) } else { None };
    let service = service_law(operator, regime).map(|law| ("service", law));
    let one = |(what, law): (&str, &FittedDistribution)| {
        let cohorts = (0..operator.cohorts.len()).map(|cohort| operator.cohort_name(cohort));
        let before: Vec<String> = cohorts
            .map(|name| format!("cohort.{name}.{what}.regimes.steps.{number}.law"))
            .collect();
        of_law(law)
            .into_iter()
            .map(|(held, covariance)| {
                let path =
                    |key: &str| before.iter().map(|before| format!("{before}.{key}")).collect();
                let held = held.into_iter().map(|(key, value)| HeldParameter {
                    keys: path(&key),
                    value,
                    is_log: true,
                });
                let part = format!("{} regime {number}", operator.name);
                ParameterBlock { part, held: held.collect(), covariance }
            })
            .collect::<Vec<_>>()
    };
    ack.into_iter().chain(service).flat_map(one).collect()
}

/// Keys below a law, with their values, and their joint errors; one list a block.
fn of_law(law: &FittedDistribution) -> Vec<(Vec<(String, f64)>, joint::Matrix)> {
    let count = math::float_len(law.count);
    // Weights stand in the scenario with five digits: those that are nothing there are nothing here.
    let some = |weight: f64| weight > 0.0 && short(weight) != "0.0";
    match &law.shape {
        FittedLaw::Constant(_) => Vec::new(),
        FittedLaw::Simple(simple) => {
            let name = simple.name();
            let held = simple.values().into_iter().map(|(key, x)| (format!("{name}.{key}"), x));
            vec![(held.collect(), law.covariance.clone())]
        }
        FittedLaw::Lattice(grid) => {
            let on = math::float_len(grid.count);
            let before = if grid.off.is_empty() { "" } else { "mixture.parts.0.law." };
            let key = |key: &str| format!("{before}lattice.{key}");
            let weights = grid.weights.iter().enumerate().filter(|(_, weight)| some(**weight));
            let weights: Vec<(String, f64)> =
                weights.map(|(n, weight)| (key(&format!("weights.{n}")), *weight)).collect();
            let shares: Vec<f64> = weights.iter().map(|(_, weight)| *weight).collect();
            let times = vec![(key("a_ms"), grid.a_ms), (key("jitter_ms"), grid.jitter_ms)];
            let errors =
                [joint::log_error(grid.a_ms, grid.jitter_ms / on.sqrt()), 1.0 / (2.0 * on).sqrt()];
            let times = times.into_iter().zip(errors).filter(|((_, value), _)| *value > 0.0);
            let (times, errors): (Vec<_>, Vec<f64>) = times.unzip();
            vec![(times, diagonal(&errors)), (weights, joint::of_weights(&shares, on))]
        }
        FittedLaw::Blocks(blocks) => {
            let parts = blocks.iter().enumerate().filter(|(_, block)| some(block.share));
            let parts = parts.map(|(n, b)| (format!("mixture.parts.{n}.weight"), b.share));
            let parts: Vec<(String, f64)> = parts.collect();
            let shares: Vec<f64> = parts.iter().map(|(_, share)| *share).collect();
            vec![(parts, joint::of_weights(&shares, count))]
        }
    }
}
