//! Block-level cases (chain.md, appendix A, `block_level.json`): each with `expected` computed.

use super::lists::Refusal;
use super::lists::one_a_uid;
use super::number::Whole;
use assay_chain::Distribution;
use assay_chain::Hyper;
use assay_chain::Payouts;
use assay_chain::Pruning;
use assay_chain::SplitRule;
use assay_chain::U96F32;
use assay_chain::block_emission;
use assay_chain::emit_block;
use serde::Deserialize;
use serde::Serialize;
use serde::de::IgnoredAny;
use serde_json::Value;

/// A file of block-level cases.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Sections {
    #[serde(default)]
    name: Option<Value>,
    #[serde(default)]
    note: Option<Value>,
    #[serde(default)]
    emission_curve: Option<Vec<(Whole<u64>, IgnoredAny)>>,
    #[serde(default)]
    emit: Option<Vec<EmitCase>>,
    #[serde(default)]
    distribute: Option<Vec<ArgsCase<DistributeCase>>>,
    #[serde(default)]
    prune: Option<Vec<ArgsCase<PruneCase>>>,
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
    emit: Option<Vec<Answered<EmitCase, EmitAnswer>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    distribute: Option<Vec<Answered<ArgsCase<DistributeCase>, DistributeAnswer>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    prune: Option<Vec<Answered<ArgsCase<PruneCase>, Option<u16>>>>,
}

/// A case and its answer side by side.
#[derive(Debug, Serialize)]
struct Answered<C, A> {
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

#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct EmitCase {
    alpha_out: Whole<u64>,
    owner_cut_u16: Whole<u16>,
    root_prop_bits: Whole<u64>,
    root_sell: bool,
    #[serde(default, rename = "expected", skip_serializing)]
    _expected: IgnoredAny,
}

#[derive(Debug, Serialize)]
struct EmitAnswer {
    owner: u64,
    server: u64,
    validator: u64,
    root: u64,
    root_recycled: u64,
}

impl EmitCase {
    fn answer(&self) -> EmitAnswer {
        let split = emit_block(
            self.alpha_out.0,
            &SplitRule {
                owner_cut: self.owner_cut_u16.0,
                root_prop: U96F32::from_bits(u128::from(self.root_prop_bits.0)),
                root_sell: self.root_sell,
            },
        );
        EmitAnswer {
            owner: split.owner,
            server: split.server,
            validator: split.validator,
            root: split.root,
            root_recycled: split.root_recycled,
        }
    }
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Pending {
    server: Whole<u64>,
    validator: Whole<u64>,
    root: Whole<u64>,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct DistributeCase {
    pending: Pending,
    server_emission: Vec<Whole<u64>>,
    validator_emission: Vec<Whole<u64>>,
    alpha_stake: Vec<Whole<u64>>,
    root_stake: Vec<Whole<u64>>,
    tao_weight_bits: Whole<u64>,
    take_u16: Vec<(Whole<u16>, Whole<u16>)>,
    owner_uids: Vec<Whole<u16>>,
}

#[derive(Debug, Serialize)]
struct DistributeAnswer {
    incentive: Vec<u64>,
    validator_take: Vec<u64>,
    nominators: Vec<u64>,
    root_take: Vec<u64>,
    root_claimable: Vec<u64>,
    withheld: u64,
}

impl DistributeCase {
    fn answer(&self, at: &str) -> Result<DistributeAnswer, Refusal> {
        let n = count(&format!("{at}.server_emission"), self.server_emission.len())?;
        let list = |key: &str, list: &[Whole<u64>]| {
            let list = one_a_uid(&format!("{at}.{key}"), n, list)?;
            Ok::<Vec<u64>, Refusal>(list.iter().map(|&Whole(value)| value).collect())
        };
        let mut take = vec![Hyper::default().delegate_take; usize::from(n)];
        for &(Whole(uid), Whole(part)) in &self.take_u16 {
            take[known(&format!("{at}.take_u16"), uid, n)?] = part;
        }
        let mut withheld = vec![false; usize::from(n)];
        for &Whole(uid) in &self.owner_uids {
            withheld[known(&format!("{at}.owner_uids"), uid, n)?] = true;
        }
        let mut payouts = Payouts::default();
        payouts.distribute(&Distribution {
            pending_server: self.pending.server.0,
            pending_validator: self.pending.validator.0,
            pending_root: self.pending.root.0,
            server_emission: &list("server_emission", &self.server_emission)?,
            validator_emission: &list("validator_emission", &self.validator_emission)?,
            alpha_stake: &list("alpha_stake", &self.alpha_stake)?,
            root_stake: &list("root_stake", &self.root_stake)?,
            tao_weight: U96F32::from_bits(u128::from(self.tao_weight_bits.0)),
            take: &take,
            withheld: &withheld,
        });
        Ok(DistributeAnswer {
            incentive: payouts.incentive,
            validator_take: payouts.validator_take,
            nominators: payouts.nominators,
            root_take: payouts.root_take,
            root_claimable: payouts.root_claimable,
            withheld: payouts.withheld,
        })
    }
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct PruneCase {
    emission: Vec<Whole<u64>>,
    block_at_registration: Vec<Whole<u64>>,
    block: Whole<u64>,
    immunity_period: Whole<u64>,
    min_non_immune: Whole<u16>,
    immortal: Vec<Whole<u16>>,
}

impl PruneCase {
    fn answer(&self, at: &str) -> Result<Option<u16>, Refusal> {
        let n = count(&format!("{at}.emission"), self.emission.len())?;
        let registered =
            one_a_uid(&format!("{at}.block_at_registration"), n, &self.block_at_registration)?;
        let values =
            |list: &[Whole<u64>]| list.iter().map(|&Whole(value)| value).collect::<Vec<_>>();
        let immortal: Vec<u16> = self.immortal.iter().map(|&Whole(uid)| uid).collect();
        for &uid in &immortal {
            known(&format!("{at}.immortal"), uid, n)?;
        }
        let pruning = Pruning {
            emission: &values(&self.emission),
            registered: &values(registered),
            block: self.block.0,
            immunity_period: self.immunity_period.0,
            min_non_immune: self.min_non_immune.0,
            immortal: &immortal,
        };
        Ok(pruning.victim())
    }
}

impl Sections {
    /// Computes every case.
    pub(super) fn answer(self) -> Result<SectionAnswers, Refusal> {
        let curve = |points: Vec<(Whole<u64>, IgnoredAny)>| {
            points
                .into_iter()
                .map(|(Whole(issuance), _)| (issuance, block_emission(issuance)))
                .collect()
        };
        let emit = |cases: Vec<EmitCase>| {
            cases.into_iter().map(|case| Answered { expected: case.answer(), case }).collect()
        };
        Ok(SectionAnswers {
            name: self.name,
            note: self.note,
            emission_curve: self.emission_curve.map(curve),
            emit: self.emit.map(emit),
            distribute: answer_all("distribute", self.distribute, DistributeCase::answer)?,
            prune: answer_all("prune", self.prune, PruneCase::answer)?,
        })
    }
}

/// A section with its answers, if the file has it.
type Section<C, A> = Option<Vec<Answered<ArgsCase<C>, A>>>;

/// Answers each case of a section, naming its place in a refusal.
fn answer_all<C, A>(
    section: &str,
    cases: Option<Vec<ArgsCase<C>>>,
    answer: impl Fn(&C, &str) -> Result<A, Refusal>,
) -> Result<Section<C, A>, Refusal> {
    let Some(cases) = cases else { return Ok(None) };
    let answered = cases.into_iter().enumerate().map(|(index, case)| {
        let expected = answer(&case.args, &format!("{section}[{index}].args"))?;
        Ok(Answered { case, expected })
    });
    answered.collect::<Result<_, _>>().map(Some)
}

/// Number of uids, which must fit a uid.
fn count(key: &str, len: usize) -> Result<u16, Refusal> {
    let max = u16::MAX;
    u16::try_from(len).map_err(|_| Refusal(format!("{key}: {len} entries, outside 0..={max}")))
}

/// Place of a uid that must exist.
fn known(key: &str, uid: u16, n: u16) -> Result<usize, Refusal> {
    if uid < n {
        return Ok(usize::from(uid));
    }
    Err(Refusal(format!("{key}: uid {uid} is not below {n}")))
}
