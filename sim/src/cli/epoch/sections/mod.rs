//! Block-level cases (chain.md, appendices A and B): each with `expected` computed.

mod money;
mod seats;

use super::lists::CaseRefusal;
use super::number::Whole;
use super::parameters::runtime;
use assay_chain::Runtime;
use assay_chain::block_emission;
use money::ChargeAnswer;
use money::ChargeCase;
use money::DistributeAnswer;
use money::DistributeCase;
use money::EmitAnswer;
use money::EmitCase;
use money::SettleAnswer;
use money::SettleCase;
use money::SplitCase;
use seats::DecayCase;
use seats::ImmortalCase;
use seats::PriceCase;
use seats::PruneCase;
use seats::TriggerCase;
use serde::Deserialize;
use serde::Serialize;
use serde::de::IgnoredAny;
use serde_json::Value;

/// The sections that a file may have.
pub(super) const SECTIONS: [&str; 11] = [
    "emission_curve",
    "emit",
    "distribute",
    "prune",
    "trigger",
    "split",
    "price",
    "decay_factor",
    "charge",
    "settle",
    "immortal",
];

/// A file of block-level cases.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[derive(Default)]
pub(super) struct Sections {
    name: Option<Value>,
    note: Option<Value>,
    emission_curve: Option<Vec<(Whole<u64>, IgnoredAny)>>,
    emit: Option<Vec<EmitCase>>,
    distribute: Option<Vec<ArgsCase<DistributeCase>>>,
    prune: Option<Vec<ArgsCase<PruneCase>>>,
    trigger: Option<Vec<ArgsCase<TriggerCase>>>,
    split: Option<Vec<ArgsCase<SplitCase>>>,
    price: Option<Vec<ArgsCase<PriceCase>>>,
    decay_factor: Option<Vec<ArgsCase<DecayCase>>>,
    charge: Option<Vec<ArgsCase<ChargeCase>>>,
    settle: Option<Vec<ArgsCase<SettleCase>>>,
    immortal: Option<Vec<ArgsCase<ImmortalCase>>>,
}

/// The same with what the chain gives.
#[derive(Debug, Serialize)]
pub(super) struct SectionAnswers {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    emission_curve: Option<Vec<(u64, u64)>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    emit: Option<Vec<CaseWithAnswer<EmitCase, EmitAnswer>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    distribute: Section<DistributeCase, DistributeAnswer>,
    #[serde(skip_serializing_if = "Option::is_none")]
    prune: Section<PruneCase, Option<u16>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    trigger: Section<TriggerCase, Vec<u64>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    split: Section<SplitCase, Vec<u64>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    price: Section<PriceCase, Vec<Vec<u64>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    decay_factor: Section<DecayCase, u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    charge: Section<ChargeCase, ChargeAnswer>,
    #[serde(skip_serializing_if = "Option::is_none")]
    settle: Section<SettleCase, SettleAnswer>,
    #[serde(skip_serializing_if = "Option::is_none")]
    immortal: Section<ImmortalCase, Vec<u16>>,
}

/// A case and its answer side by side.
#[derive(Debug, Serialize)]
struct CaseWithAnswer<C, A> {
    #[serde(flatten)]
    case: C,
    expected: A,
}

/// A case that keeps its input under `args`.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct ArgsCase<T> {
    args: T,
    #[serde(default, rename = "expected", skip_serializing)]
    _expected: IgnoredAny,
}

/// A section with its answers, if the file has it.
type Section<C, A> = Option<Vec<CaseWithAnswer<ArgsCase<C>, A>>>;

impl Sections {
    /// Computes the answer to every case of every section.
    ///
    /// # Errors
    /// What of a case is out of its range, with its place.
    pub(super) fn answer(self) -> Result<SectionAnswers, CaseRefusal> {
        let curve = |points: Vec<(Whole<u64>, IgnoredAny)>| {
            points
                .into_iter()
                .map(|(Whole(issuance), _)| (issuance, block_emission(issuance)))
                .collect()
        };
        let emit = |(index, case): (usize, EmitCase)| {
            let expected = case.answer(&format!("emit[{index}]"))?;
            Ok::<_, CaseRefusal>(CaseWithAnswer { case, expected })
        };
        let emit = |cases: Vec<EmitCase>| cases.into_iter().enumerate().map(emit).collect();
        Ok(SectionAnswers {
            name: self.name,
            note: self.note,
            emission_curve: self.emission_curve.map(curve),
            emit: self.emit.map(emit).transpose()?,
            distribute: answer_all("distribute", self.distribute, DistributeCase::answer)?,
            prune: answer_all("prune", self.prune, PruneCase::answer)?,
            trigger: answer_all("trigger", self.trigger, TriggerCase::answer)?,
            split: answer_all("split", self.split, SplitCase::answer)?,
            price: answer_all("price", self.price, PriceCase::answer)?,
            decay_factor: answer_all("decay_factor", self.decay_factor, DecayCase::answer)?,
            charge: answer_all("charge", self.charge, ChargeCase::answer)?,
            settle: answer_all("settle", self.settle, SettleCase::answer)?,
            immortal: answer_all("immortal", self.immortal, ImmortalCase::answer)?,
        })
    }
}

/// Answers each case of a section, naming its place in a refusal.
fn answer_all<C, A>(
    section: &str,
    cases: Option<Vec<ArgsCase<C>>>,
    answer: impl Fn(&C, &str) -> Result<A, CaseRefusal>,
) -> Result<Section<C, A>, CaseRefusal> {
    let Some(cases) = cases else { return Ok(None) };
    let answered = cases.into_iter().enumerate().map(|(index, case)| {
        let expected = answer(&case.args, &format!("{section}[{index}].args"))?;
        Ok(CaseWithAnswer { case, expected })
    });
    answered.collect::<Result<_, _>>().map(Some)
}

/// The rules of a case, those of the base text where it names none.
fn rules(at: &str, version: Option<Whole<u16>>) -> Result<Runtime, CaseRefusal> {
    let known =
        runtime(version).map_err(|CaseRefusal(text)| CaseRefusal(format!("{at}.{text}")))?;
    Ok(known.unwrap_or_default())
}

/// Number of uids, which must fit a uid.
fn count(key: &str, len: usize) -> Result<u16, CaseRefusal> {
    let max = u16::MAX;
    u16::try_from(len).map_err(|_| CaseRefusal(format!("{key}: {len} entries, outside 0..={max}")))
}

/// Place of a uid that must exist.
fn known(key: &str, uid: u16, n: u16) -> Result<usize, CaseRefusal> {
    if uid < n {
        return Ok(usize::from(uid));
    }
    Err(CaseRefusal(format!("{key}: uid {uid} is not below {n}")))
}

/// The numbers of a list.
fn values<T: Copy>(list: &[Whole<T>]) -> Vec<T> {
    list.iter().map(|&Whole(value)| value).collect()
}
