//! Every estimate of a fit with its standard error.

use crate::base::math;
use crate::trace::fit::FitResult;
use crate::trace::fit::joint;
use crate::trace::fit::laws::FittedDistribution;
use crate::trace::fit::parameter::long;
use crate::trace::fit::parameter::short;
use crate::trace::fit::regimes::Ack;
use crate::trace::measure::answers::SuccessContent;

/// An estimate: what of, which, value, standard error, observations behind it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Estimate {
    pub(super) part: String,
    pub(super) parameter: String,
    pub(super) value: f64,
    pub(super) error: Option<f64>,
    pub(super) count: usize,
    /// Whether it errs on the log scale.
    pub(super) is_log: bool,
}

impl Estimate {
    /// The middle 95 %; none without an error.
    pub(super) fn interval(&self) -> Option<(f64, f64)> {
        Some(joint::interval(self.value, self.error?, self.is_log))
    }
}

/// Ends of the names of estimates that err on their own scale.
const PLAIN: [&str; 4] = ["from_h", "peak_h", "first_min", "score_exponent"];

/// All estimates of a fit.
#[expect(clippy::too_many_lines, reason = "a list, one estimate after another")]
pub(super) fn estimates(fit: &FitResult) -> Vec<Estimate> {
    let mut all = Vec::new();
    let mut add = |part: &str, parameter: &str, value: f64, error: Option<f64>, count: usize| {
        let (part, parameter) = (part.to_string(), parameter.to_string());
        // Times, rates, shapes, stakes and shares are positive; hours and minutes may be any.
        let is_plain = PLAIN.iter().any(|plain| parameter.ends_with(plain));
        all.push(Estimate {
            part,
            parameter,
            value,
            error,
            count,
            is_log: value > 0.0 && !is_plain,
        });
    };
    let found = &fit.arrivals;
    let clients = math::float_len(found.process.clients());
    if clients > 1.0 {
        add("arrivals", "clients", clients, None, found.gaps);
    }
    for (place, (name, value, is_log)) in found.process.keys().into_iter().enumerate() {
        let own = found.covariance.get(place).map(|row| row[place].max(0.0).sqrt());
        let error = own.map(|own| if is_log { own * value } else { own });
        add("arrivals", name, value, error, found.gaps);
    }
    let routing = &fit.routing;
    let minutes = |ms: f64| ms / 60_000.0;
    let phase = minutes(math::float(routing.phase_ms));
    let error = Some(minutes(routing.phase_error_ms));
    add("routing", "score_run_first_min", phase, error, routing.choices);
    if let Some((power, error)) = routing.exponent {
        add("routing", "score_exponent", power, Some(error), routing.choices);
    }
    add(
        "routing",
        "plateau_miners",
        math::float_len(routing.plateau.members),
        None,
        routing.choices,
    );
    let seen = routing.seats.iter().flatten().count();
    let (count, error) = routing.newcomers.at_start;
    add("routing", "miners_at_start", count, Some(error), seen);
    let (rate, error) = routing.newcomers.per_h;
    add("routing", "newcomers_per_h", rate, Some(error), seen);
    let unseen = math::float_len(routing.newcomers.unseen.len());
    add("routing", "unseen_miners", unseen, None, seen);
    for (miner, seat) in routing.seats.iter().enumerate() {
        let Some(seat) = seat else { continue };
        let part = format!("miner {}", fit.miners[miner]);
        let count = usize::try_from(math::round_to_u64(seat.choices)).unwrap_or(0);
        add(&part, "stake_alpha", seat.stake_alpha, seat.error_alpha, count);
        add(&part, "own_stake_alpha", seat.own_alpha, seat.error_alpha, count);
        add(&part, "from_h", seat.from_h, None, count);
        add(&part, "until_h", seat.until_h, None, count);
    }
    for operator in &fit.operators {
        for (number, regime) in operator.regimes.iter().enumerate() {
            let part = format!("{} regime {number}", operator.name);
            let from_h = math::float(regime.from_ms) / 3_600_000.0;
            add(&part, "from_h", from_h, regime.from_error_h, regime.jobs);
            let mut law = |what: &str, law: &FittedDistribution| {
                for (name, value, error) in law.parameters() {
                    add(&part, &format!("{what}.{}.{name}", law.name()), value, error, law.count);
                }
            };
            match &regime.ack {
                Ack::First(own) | Ack::Held(_, _, own) | Ack::After(_, own) => law("ack", own),
            }
            match &regime.all {
                Some(own) => law("service", own),
                None => regime.times.iter().for_each(|times| {
                    law(&format!("service_{}", times.answer.name()), &times.law);
                }),
            }
            // Shares of what is known.
            let unknown = regime.answers[SuccessContent::Unknown as usize];
            let successes = regime.answers.iter().sum::<u32>() - unknown;
            for answer in
                SuccessContent::ALL.into_iter().filter(|answer| *answer != SuccessContent::Unknown)
            {
                let count = regime.answers[answer as usize];
                let (value, error) = share(count, successes);
                add(&part, &format!("share_{}", answer.name()), value, error, successes as usize);
            }
        }
        for (number, cohort) in operator.cohorts.iter().enumerate() {
            let part = operator.cohort_name(number);
            let failed = cohort.failures().map(|(name, count)| (name, count, cohort.jobs));
            let truncated = ("truncated_share", cohort.truncated, cohort.images);
            for (name, count, of) in failed.into_iter().chain([truncated]) {
                let (value, error) = share(count, of);
                add(&part, name, value, error, of as usize);
            }
        }
    }
    all
}

/// A share and its standard error, of the middle of Jeffreys' law: so that none of few is not certainly none.
fn share(count: u32, all: u32) -> (f64, Option<f64>) {
    if all == 0 {
        return (0.0, None);
    }
    let (count, all) = (f64::from(count), f64::from(all));
    let middle = (count + 0.5) / (all + 1.0);
    (count / all, Some((middle * (1.0 - middle) / (all + 2.0)).sqrt()))
}

/// The estimates as CSV: value, standard error, the middle 95 %, observations.
///
/// # Panics
/// Never: writing to memory does not fail.
pub(crate) fn estimates_csv(fit: &FitResult) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let headings =
        ["part", "parameter", "value", "standard_error", "low_95", "high_95", "observations"];
    writer.write_record(headings).expect("writing to memory");
    for one in estimates(fit) {
        let error = one.error.map(short).unwrap_or_default();
        let (low, high) = one.interval().map(|(low, high)| (long(low), long(high))).unzip();
        let row = [
            one.part,
            one.parameter,
            long(one.value),
            error,
            low.unwrap_or_default(),
            high.unwrap_or_default(),
            one.count.to_string(),
        ];
        writer.write_record(row).expect("writing to memory");
    }
    writer.into_inner().expect("writing to memory")
}
