//! What a step of a case with registrations, pay or commits gives beside the epoch (chain.md, appendix B).

use assay_chain::Payouts;
use serde::Serialize;

/// Seats, price and money after a step.
#[derive(Debug, Serialize)]
pub(in crate::cli::epoch) struct LifeAnswer {
    pub(super) keys: Vec<String>,
    pub(super) price: u64,
    pub(super) events: Vec<EventAnswer>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) payout: Option<PayoutAnswer>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) stake: Option<Vec<u64>>,
}

/// A registration, or what was refused.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(super) enum EventAnswer {
    Registered {
        block: u64,
        key: String,
        price: u64,
        uid: u16,
        replaced: Option<String>,
        burned: u64,
        topup: u64,
        locked: u64,
        next_price: u64,
    },
    Refused {
        block: u64,
        key: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        price: Option<u64>,
        refused: &'static str,
    },
}

/// Who was paid what.
#[derive(Debug, Serialize)]
pub(super) struct PayoutAnswer {
    incentive_paid: Vec<u64>,
    withheld: u64,
    pub(super) credited: Vec<u64>,
    captured: Vec<u64>,
    released: Vec<u64>,
    pub(super) locked: Vec<u64>,
    miner_burned_bits: u128,
    root_recycled: u64,
}

impl PayoutAnswer {
    /// The answer of a payout, with what it did to collateral.
    pub(super) fn of(payouts: &Payouts, settled: &[assay_chain::Settled]) -> Self {
        Self {
            incentive_paid: payouts.incentive.clone(),
            withheld: payouts.withheld,
            credited: Vec::new(),
            captured: settled.iter().map(|one| one.captured).collect(),
            released: settled.iter().map(|one| one.released).collect(),
            locked: Vec::new(),
            miner_burned_bits: payouts.miner_burned.bits(),
            root_recycled: payouts.root_recycled,
        }
    }
}
