//! Delays that an operator adds.

use crate::record::AnswerPlan;
use crate::record::Plan;
use crate::units::Nanos;
use crate::units::Span;

/// Longest delay an operator may add [ms]: a day. Source: ours; a callback of the trace came 26 h late, all else sooner.
pub(super) const LONGEST_MS: f64 = 86_400_000.0;
/// Latest start of a regime [h]: a century and more.
pub(super) const LATEST_H: f64 = 1_000_000.0;

/// The instant `hour` hours after the start.
pub(super) fn instant(hour: f64) -> Nanos {
    const SECONDS_PER_HOUR: f64 = 3600.0;
    Nanos(0) + Span::from_seconds(hour * SECONDS_PER_HOUR)
}

/// The same plan with the callback held back this much longer; silence stays silent.
pub(super) fn held_back(plan: Plan, hold: Span) -> Plan {
    let answer = match plan.answer {
        AnswerPlan::Reply { what, after } => AnswerPlan::Reply { what, after: after + hold },
        AnswerPlan::Silent => AnswerPlan::Silent,
    };
    Plan { answer, ..plan }
}
