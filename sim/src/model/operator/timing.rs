//! Delays that an operator adds.

use crate::base::units::SimSpan;
use crate::base::units::SimTime;
use crate::work::AnswerPlan;
use crate::work::Plan;

/// Longest delay an operator may add [ms]: a day. Source: ours; a callback of the trace came 26 h late, all else sooner.
pub(super) const LONGEST_MS: f64 = 86_400_000.0;
/// Latest start of a regime [h]: a century and more.
pub(super) const LATEST_H: f64 = 1_000_000.0;

/// The instant `hour` hours after the start.
pub(super) fn instant(hour: f64) -> SimTime {
    const SECONDS_PER_HOUR: f64 = 3600.0;
    SimTime(0) + SimSpan::from_seconds(hour * SECONDS_PER_HOUR)
}

/// The same plan with the callback held back this much longer; silence stays silent.
pub(super) fn held_back(plan: Plan, hold: SimSpan) -> Plan {
    let answer = match plan.answer {
        AnswerPlan::Reply { what, after } => AnswerPlan::Reply { what, after: after + hold },
        AnswerPlan::Silent => AnswerPlan::Silent,
    };
    Plan { answer, ..plan }
}
