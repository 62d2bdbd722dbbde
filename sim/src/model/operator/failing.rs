//! Fails a share of its jobs, in each of the ways seen, and does the rest as another behaviour.

use crate::base::family::Doc;
use crate::base::family::MemberProblem;
use crate::base::family::Told;
use crate::base::random::Word;
use crate::base::wording;
use crate::model::operator::Action;
use crate::model::operator::Operator;
use crate::model::operator::OperatorSpec;
use crate::model::operator::Sight;
use crate::model::operator::Statement;
use crate::work::AckPlan;
use crate::work::AnswerPlan;
use crate::work::Plan;
use crate::work::Reply;
use crate::work::Request;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

/// Fails a share of its jobs, in each of the ways seen, and does the rest as another behaviour.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Spec {
    /// Share of jobs refused with an HTTP error, `0.0..=1.0`.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub(crate) refused_share: f64,
    /// The error's HTTP status.
    #[schemars(range(min = 400, max = 599))]
    pub(crate) refused_status: u16,
    /// Share of jobs whose request is never answered, so that the dispatch times out, `0.0..=1.0`.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub(crate) no_ack_share: f64,
    /// Share of jobs answered with an image file of no bytes, `0.0..=1.0`.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub(crate) empty_image_share: f64,
    /// Share of jobs answered with the first part of the image, a success in the books, `0.0..=1.0`.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub(crate) truncated_share: f64,
    /// Share of jobs whose callback says "failed", `0.0..=1.0`.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub(crate) callback_failed_share: f64,
    /// Share of jobs accepted and never called back, which the score does not count, `0.0..=1.0`.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub(crate) silent_share: f64,
    /// What it does with the jobs it does not fail.
    pub(crate) inner: Box<OperatorSpec>,
}

impl Default for Spec {
    fn default() -> Self {
        /// Source: spec/offchain.md section 8, the proxy's status when its backend is down.
        const BAD_GATEWAY: u16 = 502;
        Self {
            refused_share: 0.0,
            refused_status: BAD_GATEWAY,
            no_ack_share: 0.0,
            empty_image_share: 0.0,
            truncated_share: 0.0,
            callback_failed_share: 0.0,
            silent_share: 0.0,
            inner: Box::default(),
        }
    }
}

impl Doc for Spec {
    const NAME: &'static str = "failing";
    const ABOUT: &'static str =
        "Fails a share of its jobs in given ways, and does the rest as another behaviour.";
    const SOURCE: &'static str =
        "trace of October 2025: 29 dispatch errors, 17 empty images, 18 pending of 7,884 jobs";
    const EXAMPLE: &'static str = "[failing]\nempty_image_share = 0.1\ntruncated_share = 0.2\n";

    fn check(&self) -> Vec<MemberProblem> {
        let mut problems: Vec<_> =
            self.inner.check().into_iter().map(|problem| problem.under("inner")).collect();
        let sum: f64 = self.shares().iter().map(|(share, _)| share).sum();
        if sum > 1.0 + ROUNDING {
            problems.push(MemberProblem::new("", format!("{sum} in all shares"), "at most 1"));
        }
        problems
    }

    fn told(&self) -> Option<String> {
        let ways = [
            (self.refused_share, format!("refuses (HTTP {})", self.refused_status)),
            (self.no_ack_share, "leaves unanswered".to_string()),
            (self.empty_image_share, "answers with an empty file".to_string()),
            (self.truncated_share, "answers with a part of the image".to_string()),
            (self.callback_failed_share, "reports as failed".to_string()),
            (self.silent_share, "takes and never calls back".to_string()),
        ];
        let ways = ways.into_iter().filter(|(share, _)| *share > 0.0);
        let ways =
            ways.map(|(share, does)| format!("{does} {} of its jobs", wording::percent(share)));
        let ways: Vec<String> = ways.chain([format!("the rest: {}", self.inner.told())]).collect();
        Some(ways.join(", "))
    }
}

/// By this much a sum of shares may exceed 1 because decimals have no exact binary form.
const ROUNDING: f64 = 1e-9;

/// A way to fail.
#[derive(Clone, Copy, Debug)]
enum Way {
    Refused(u16),
    NoAck,
    Sends(Reply),
    Silent,
}

impl Spec {
    fn shares(&self) -> [(f64, Way); 6] {
        [
            (self.refused_share, Way::Refused(self.refused_status)),
            (self.no_ack_share, Way::NoAck),
            (self.empty_image_share, Way::Sends(Reply::Bytes(0))),
            (self.truncated_share, Way::Sends(Reply::Truncated)),
            (self.callback_failed_share, Way::Sends(Reply::Error)),
            (self.silent_share, Way::Silent),
        ]
    }

    pub(super) fn build(&self) -> Failing {
        Failing { shares: self.shares(), inner: self.inner.build() }
    }
}

/// The behaviour made from a [`Spec`]: the word decides about the failure, a word derived from it about the rest.
#[derive(Debug)]
pub(super) struct Failing {
    shares: [(f64, Way); 6],
    inner: Box<dyn Operator>,
}

impl Operator for Failing {
    fn plan(&mut self, job: &Request, sight: &Sight, word: Word) -> Plan {
        let plan = self.inner.plan(job, sight, word.derive(0));
        let mut place = word.unit();
        for (share, way) in self.shares {
            place -= share;
            if place < 0.0 {
                return failed(job, plan, way);
            }
        }
        plan
    }

    fn settle(&mut self, statement: &Statement) -> Vec<Action> {
        self.inner.settle(statement)
    }
}

/// What becomes of a plan: a refused job is not worked on, any other is, and silence stays silent.
fn failed(job: &Request, plan: Plan, way: Way) -> Plan {
    let dropped = Plan { answer: AnswerPlan::Silent, ..Plan::idle(job, Reply::Error) };
    match (way, plan.answer) {
        (Way::Refused(status), _) => Plan { ack: AckPlan::Refuse(status), ..dropped },
        (Way::NoAck, _) => Plan { ack: AckPlan::Never, ..dropped },
        (Way::Sends(what), AnswerPlan::Reply { after, .. }) => {
            Plan { answer: AnswerPlan::Reply { what, after }, ..plan }
        }
        (Way::Silent | Way::Sends(_), _) => Plan { answer: AnswerPlan::Silent, ..plan },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::sample::oracle;
    use crate::work::Source;

    fn plan(spec: &Spec, word: Word) -> Plan {
        spec.build().plan(&Request { steps: 60, ..Request::default() }, &Sight::default(), word)
    }

    #[test]
    fn each_way_takes_its_share_and_the_rest_is_honest() {
        let spec: Spec = toml::from_str(
            "refused_share = 0.1\nno_ack_share = 0.05\nempty_image_share = 0.15\n\
             truncated_share = 0.2\ncallback_failed_share = 0.1\nsilent_share = 0.1",
        )
        .unwrap();
        let (count, mut counts) = (20_000, [0; 7]);
        for word in oracle::words(1, count) {
            let plan = plan(&spec, word);
            let way = match (plan.ack, plan.answer) {
                (AckPlan::Refuse(502), AnswerPlan::Silent) => 0,
                (AckPlan::Never, AnswerPlan::Silent) => 1,
                (AckPlan::Now, AnswerPlan::Reply { what: Reply::Bytes(0), .. }) => 2,
                (AckPlan::Now, AnswerPlan::Reply { what: Reply::Truncated, .. }) => 3,
                (AckPlan::Now, AnswerPlan::Reply { what: Reply::Error, .. }) => 4,
                (AckPlan::Now, AnswerPlan::Silent) => 5,
                (AckPlan::Now, AnswerPlan::Reply { what: Reply::Image, .. }) => 6,
                other => panic!("{other:?}"),
            };
            counts[way] += 1;
            assert_eq!(plan.work.source == Source::Nothing, way < 2, "{plan:?}");
        }
        for (got, share) in counts.into_iter().zip([0.1, 0.05, 0.15, 0.2, 0.1, 0.1, 0.3]) {
            oracle::assert_count(got, count, share);
        }
    }

    #[test]
    fn the_inner_behaviour_does_the_rest() {
        let spec: Spec = toml::from_str("inner.no_image.hold_ms = 7").unwrap();
        let answer = plan(&spec, Word(1)).answer;
        assert!(matches!(answer, AnswerPlan::Reply { what: Reply::NoImage, .. }), "{answer:?}");
    }

    #[test]
    fn shares_above_one_in_all_and_problems_inside_are_refused() {
        let keys = |text: &str| {
            let spec: Spec = toml::from_str(text).unwrap();
            spec.check().into_iter().map(|p| p.key).collect::<Vec<_>>()
        };
        assert_eq!(keys("refused_share = 0.6\nsilent_share = 0.5"), [""]);
        assert_eq!(keys("refused_share = 0.7\nsilent_share = 0.2\nno_ack_share = 0.1"), [""; 0]);
        assert_eq!(
            keys("inner.failing = { silent_share = 1, no_ack_share = 1 }"),
            ["inner.failing"]
        );
    }
}
