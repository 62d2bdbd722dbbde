//! The `expected` object: what chain.md, appendices A and B, says an epoch gives.

use super::life::answer::LifeAnswer;
use assay_chain::Epoch;
use assay_chain::I32F32;
use assay_chain::Row;
use serde::Serialize;
use std::fmt::Write as _;

/// Everything an epoch gives, keys in the order of the specification.
#[derive(Debug, Serialize)]
pub(super) struct EpochAnswer {
    #[serde(skip_serializing_if = "Option::is_none")]
    pruning_scores: Option<Vec<u16>>,
    stake_bits: Vec<i64>,
    active_stake_bits: Vec<i64>,
    consensus_bits: Vec<i64>,
    validator_trust_bits: Vec<i64>,
    incentive_bits: Vec<i64>,
    dividend_bits: Vec<i64>,
    bond_bits: Vec<Vec<(u16, i64)>>,
    pub(super) stake_weight: Vec<u16>,
    pub(super) consensus: Vec<u16>,
    pub(super) validator_trust: Vec<u16>,
    pub(super) incentive: Vec<u16>,
    pub(super) dividends: Vec<u16>,
    bonds: Vec<Row>,
    pub(super) active: Vec<bool>,
    pub(super) validator_permit: Vec<bool>,
    pub(super) server_emission: Vec<u64>,
    pub(super) validator_emission: Vec<u64>,
    pub(super) emission: Vec<u64>,
    bond_bits_digest: u64,
    bonds_digest: u64,
}

impl EpochAnswer {
    /// The answer of the epoch last run, whose bonds are stored in `bonds`.
    pub(super) fn of(epoch: &Epoch, bonds: &[Row]) -> Self {
        let bond_bits = bond_bits(epoch);
        let scores = epoch.pruning_scores();
        Self {
            pruning_scores: (!scores.is_empty()).then(|| scores.to_vec()),
            bond_bits_digest: digest_rows(&bond_bits),
            bonds_digest: digest_rows(bonds),
            stake_bits: bits(epoch.stake()),
            active_stake_bits: bits(epoch.active_stake()),
            consensus_bits: bits(epoch.consensus()),
            validator_trust_bits: bits(epoch.validator_trust()),
            incentive_bits: bits(epoch.incentive()),
            dividend_bits: bits(epoch.dividend()),
            bond_bits,
            stake_weight: proportions(epoch.stake()),
            consensus: proportions(epoch.consensus()),
            validator_trust: proportions(epoch.validator_trust()),
            incentive: proportions(epoch.incentive()),
            dividends: proportions(epoch.dividend()),
            bonds: bonds.to_vec(),
            active: epoch.active().to_vec(),
            validator_permit: epoch.new_permits().to_vec(),
            server_emission: epoch.server_emission().to_vec(),
            validator_emission: epoch.validator_emission().to_vec(),
            emission: epoch.combined_emission().to_vec(),
        }
    }
}

/// What is kept of one epoch of a sequence.
#[derive(Debug, Serialize)]
pub(super) struct StepAnswer {
    block: u64,
    incentive: Vec<u16>,
    dividends: Vec<u16>,
    consensus: Vec<u16>,
    server_emission_sum: u128,
    validator_emission_sum: u128,
    server_emission_digest: u64,
    validator_emission_digest: u64,
    incentive_bits_digest: u64,
    dividend_bits_digest: u64,
    bond_bits_digest: u64,
    bonds_digest: u64,
    /// What seats and money did, in a case that follows them.
    #[serde(flatten)]
    pub(super) life: Option<LifeAnswer>,
}

impl StepAnswer {
    /// The answer of the epoch last run.
    pub(super) fn of(block: u64, epoch: &Epoch, bonds: &[Row]) -> Self {
        let sum = |amounts: &[u64]| amounts.iter().map(|&rao| u128::from(rao)).sum();
        Self {
            block,
            incentive: proportions(epoch.incentive()),
            dividends: proportions(epoch.dividend()),
            consensus: proportions(epoch.consensus()),
            server_emission_sum: sum(epoch.server_emission()),
            validator_emission_sum: sum(epoch.validator_emission()),
            server_emission_digest: digest(epoch.server_emission()),
            validator_emission_digest: digest(epoch.validator_emission()),
            incentive_bits_digest: digest(&bits(epoch.incentive())),
            dividend_bits_digest: digest(&bits(epoch.dividend())),
            bond_bits_digest: digest_rows(&bond_bits(epoch)),
            bonds_digest: digest_rows(bonds),
            life: None,
        }
    }
}

/// A sequence: every step in short, the last in full.
#[derive(Debug, Serialize)]
pub(super) struct SequenceAnswer {
    pub(super) steps: Vec<StepAnswer>,
    #[serde(rename = "final")]
    pub(super) last: EpochAnswer,
}

fn bits(numbers: &[I32F32]) -> Vec<i64> {
    numbers.iter().map(|number| number.bits()).collect()
}

fn proportions(numbers: &[I32F32]) -> Vec<u16> {
    numbers.iter().map(|number| number.to_u16()).collect()
}

fn bond_bits(epoch: &Epoch) -> Vec<Vec<(u16, i64)>> {
    let row = |uid| epoch.bond_row(uid).map(|(miner, bond)| (miner, bond.bits())).collect();
    (0..epoch.stake().len()).map(row).collect()
}

/// FNV-1a with 64 bits over ASCII text.
struct Fnv(u64);

impl Fnv {
    fn new() -> Self {
        Self(14_695_981_039_346_656_037)
    }
}

impl std::fmt::Write for Fnv {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        for byte in text.bytes() {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(1_099_511_628_211);
        }
        Ok(())
    }
}

fn digest<T: std::fmt::Display>(numbers: &[T]) -> u64 {
    let mut fnv = Fnv::new();
    for number in numbers {
        write!(fnv, "{number};").expect("hashing cannot fail");
    }
    fnv.0
}

fn digest_rows<T: std::fmt::Display>(rows: &[Vec<(u16, T)>]) -> u64 {
    let mut fnv = Fnv::new();
    for (i, row) in rows.iter().enumerate() {
        for (j, value) in row {
            write!(fnv, "{i},{j},{value};").expect("hashing cannot fail");
        }
    }
    fnv.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digest_of_nothing_is_the_offset() {
        assert_eq!(digest::<u64>(&[]), 14_695_981_039_346_656_037);
        assert_eq!(digest_rows::<u64>(&[vec![], vec![]]), 14_695_981_039_346_656_037);
    }

    #[test]
    fn a_matrix_is_digested_cell_by_cell() {
        let mut fnv = Fnv::new();
        fnv.write_str("1,4,9;1,2,0;").unwrap();
        assert_eq!(digest_rows(&[vec![], vec![(4, 9u16), (2, 0)]]), fnv.0);
    }
}
