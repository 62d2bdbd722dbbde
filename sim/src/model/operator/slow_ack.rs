//! Answers the request late, and does the job as another behaviour.

use crate::base::family::Doc;
use crate::base::family::MemberProblem;
use crate::base::random::Word;
use crate::base::units::SimSpan;
use crate::model::operator::Action;
use crate::model::operator::Operator;
use crate::model::operator::OperatorSpec;
use crate::model::operator::Sight;
use crate::model::operator::Statement;
use crate::model::operator::timing;
use crate::work::AckPlan;
use crate::work::Plan;
use crate::work::Request;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

/// Answers the request late, and does the job as another behaviour.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Spec {
    /// How much later than it could the miner answers [ms], up to a day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0.0, max = timing::LONGEST_MS))]
    pub(crate) delay_ms: Option<f64>,
    /// Or: how long after its own callback it answers [ms], up to a day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0.0, max = timing::LONGEST_MS))]
    pub(crate) after_callback_ms: Option<f64>,
    /// What it does with the job.
    #[serde(default)]
    pub(crate) inner: Box<OperatorSpec>,
}

impl Doc for Spec {
    const NAME: &'static str = "slow_ack";
    const ABOUT: &'static str =
        "Holds its answer to the request: shrinks the latency under the 15 s limit.";
    const SOURCE: &'static str = "spec/offchain.md section 2, quirk L4";
    const EXAMPLE: &'static str = "[slow_ack]\ndelay_ms = 5000.0\ninner.honest = {}\n";

    fn check(&self) -> Vec<MemberProblem> {
        let mut problems: Vec<_> =
            self.inner.check().into_iter().map(|problem| problem.under("inner")).collect();
        if self.delay_ms.is_some() == self.after_callback_ms.is_some() {
            let found =
                if self.delay_ms.is_some() { "beside after_callback_ms" } else { "missing" };
            let allowed = "exactly one of delay_ms and after_callback_ms";
            problems.push(MemberProblem::new("delay_ms", found, allowed));
        }
        problems
    }
}

impl Spec {
    pub(super) fn build(&self) -> SlowAck {
        let ack = match (self.delay_ms, self.after_callback_ms) {
            (_, Some(ms)) => AckPlan::AfterCallback(SimSpan::from_ms_f64(ms)),
            (Some(ms), None) => AckPlan::After(SimSpan::from_ms_f64(ms)),
            (None, None) => AckPlan::Now,
        };
        SlowAck { ack, inner: self.inner.build() }
    }
}

/// The behaviour made from a [`Spec`]. A request that the inner behaviour refuses or leaves unanswered stays so.
#[derive(Debug)]
pub(super) struct SlowAck {
    ack: AckPlan,
    inner: Box<dyn Operator>,
}

impl Operator for SlowAck {
    fn plan(&mut self, job: &Request, sight: &Sight, word: Word) -> Plan {
        let plan = self.inner.plan(job, sight, word);
        match plan.ack {
            AckPlan::Refuse(_) | AckPlan::Never => plan,
            AckPlan::Now | AckPlan::After(_) | AckPlan::AfterCallback(_) => {
                Plan { ack: self.ack, ..plan }
            }
        }
    }

    fn settle(&mut self, statement: &Statement) -> Vec<Action> {
        self.inner.settle(statement)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spec(text: &str) -> Spec {
        toml::from_str(text).unwrap()
    }

    #[test]
    fn only_the_answer_to_the_request_changes() {
        let job = Request::default();
        let ack = |text| spec(text).build().plan(&job, &Sight::default(), Word(1));
        let late = AckPlan::After(SimSpan::from_ms(5));
        let last = AckPlan::AfterCallback(SimSpan::from_ms(5));
        assert_eq!(ack("delay_ms = 5"), Plan { ack: late, ..Plan::honest(&job) });
        assert_eq!(ack("after_callback_ms = 5"), Plan { ack: last, ..Plan::honest(&job) });
        let refused = ack("delay_ms = 5\ninner.failing.refused_share = 1");
        assert_eq!(refused.ack, AckPlan::Refuse(502));
    }

    #[test]
    fn exactly_one_delay_is_needed() {
        assert_eq!(spec("").check()[0].key, "delay_ms");
        assert_eq!(spec("delay_ms = 1\nafter_callback_ms = 1").check().len(), 1);
        assert_eq!(spec("after_callback_ms = 1").check(), []);
    }
}
