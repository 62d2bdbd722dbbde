//! The three ways in which a case gives stakes.

use super::case::EpochCase;
use super::case::SequenceStep;
use super::lists::CaseRefusal;
use super::lists::numbers;
use super::lists::one_a_uid;
use super::number::Whole;
use assay_chain::TAO_WEIGHT;
use assay_chain::U96F32;
use assay_chain::tao_weight_of;

/// Fractional bits of a total in whole rao, of one with weighted TAO, and of a raw I64F64.
const FRACTION_RAO: u32 = 0;
const FRACTION_WEIGHTED: u32 = 32;
const FRACTION_RAW: u32 = 64;
/// Largest raw value of a chain number of 64 whole and 64 fractional bits.
const RAW_MAX: u128 = i128::MAX.cast_unsigned();

/// Where a subnet's stakes come from.
#[derive(Debug)]
pub(super) struct StakeSource {
    /// Alpha stake of each neuron [rao].
    alpha: Vec<u64>,
    /// Root TAO stake [rao].
    tao: Option<Vec<u64>>,
    /// What one TAO counts.
    tao_weight: U96F32,
    /// Totals as raw I64F64 bits, in place of both.
    raw: Option<Vec<u128>>,
}

impl StakeSource {
    /// The stakes of a case: `stake` with or without `tao_stake`, or `stake_bits`.
    ///
    /// # Errors
    /// When the case names no stakes, or stakes twice.
    pub(super) fn new(case: &EpochCase, n: u16) -> Result<Self, CaseRefusal> {
        let tao_weight = tao_weight_of(case.tao_weight.map_or(TAO_WEIGHT, |Whole(weight)| weight));
        let tao = case.tao_stake.as_ref().map(|tao| numbers("tao_stake", n, tao)).transpose()?;
        match (&case.stake, &case.stake_bits) {
            (Some(alpha), None) => {
                Ok(Self { alpha: numbers("stake", n, alpha)?, tao, tao_weight, raw: None })
            }
            (None, Some(bits)) => {
                let bits = one_a_uid("stake_bits", n, bits)?;
                if let Some(uid) = bits.iter().position(|&bits| bits > RAW_MAX) {
                    let value = bits[uid];
                    return Err(CaseRefusal(format!(
                        "stake_bits[{uid}]: {value} is outside 0..={RAW_MAX}"
                    )));
                }
                if tao.is_some() {
                    return Err(CaseRefusal(
                        "tao_stake: stands beside stake_bits, which has it in it".into(),
                    ));
                }
                Ok(Self {
                    alpha: vec![0; usize::from(n)],
                    tao,
                    tao_weight,
                    raw: Some(bits.to_vec()),
                })
            }
            (None, None) => {
                Err(CaseRefusal("stake: missing, and stake_bits is not there either".into()))
            }
            (Some(_), Some(_)) => {
                Err(CaseRefusal("stake_bits: stands beside stake, one is allowed".into()))
            }
        }
    }

    /// Takes over the stakes that a step names.
    ///
    /// # Errors
    /// When a list has another length than there are uids.
    pub(super) fn change(&mut self, step: &SequenceStep, n: u16) -> Result<(), CaseRefusal> {
        if let Some(alpha) = &step.stake {
            self.alpha = numbers("stake", n, alpha)?;
            self.raw = None;
        }
        if let Some(tao) = &step.tao_stake {
            if self.raw.is_some() {
                return Err(CaseRefusal(
                    "tao_stake: the case gives stake_bits, which has it in it".into(),
                ));
            }
            self.tao = Some(numbers("tao_stake", n, tao)?);
        }
        Ok(())
    }

    /// Sets a uid's alpha stake [rao].
    pub(super) fn set(&mut self, uid: usize, rao: u64) {
        match &mut self.raw {
            Some(raw) => raw[uid] = u128::from(rao) << FRACTION_RAW,
            None => self.alpha[uid] = rao,
        }
    }

    /// Takes a uid's whole stake away.
    pub(super) fn clear(&mut self, uid: usize) {
        self.set(uid, 0);
        if let Some(tao) = &mut self.tao {
            tao[uid] = 0;
        }
    }

    /// Writes the totals and gives their fractional bits.
    ///
    /// # Errors
    /// When a sum is more than the chain can hold.
    pub(super) fn totals(&self, totals: &mut Vec<u128>) -> Result<u32, CaseRefusal> {
        totals.clear();
        if let Some(raw) = &self.raw {
            let sum = raw.iter().try_fold(0u128, |sum, &bits| sum.checked_add(bits));
            sum.ok_or_else(|| {
                CaseRefusal(format!("stake_bits: their sum is outside 0..={}", u128::MAX))
            })?;
            totals.extend_from_slice(raw);
            return Ok(FRACTION_RAW);
        }
        let Some(tao) = &self.tao else {
            totals.extend(self.alpha.iter().map(|&rao| u128::from(rao)));
            return Ok(FRACTION_RAO);
        };
        let weight = self.tao_weight.bits();
        totals.extend(self.alpha.iter().zip(tao).map(|(&alpha, &tao)| {
            (u128::from(alpha) << FRACTION_WEIGHTED) + u128::from(tao) * weight
        }));
        Ok(FRACTION_WEIGHTED)
    }
}
