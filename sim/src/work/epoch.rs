//! One epoch of the chain, as the books keep it.

use crate::base::units::Rao;
use crate::base::units::SimTime;

/// One epoch of the chain: what was minted and where it went, in rao, adding up exactly.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EpochRecord {
    /// Epochs are numbered from 0.
    pub number: u32,
    /// Block at which the epoch ran.
    pub block: u64,
    /// When the epoch took place.
    pub at: SimTime,
    /// Minted to participants since the last epoch.
    pub minted: Rao,
    /// Cut of the subnet's owner \[rao\].
    pub owner: Rao,
    /// Paid to validators and their nominators.
    pub validators: Rao,
    /// Paid to miners by the chain \[rao\].
    pub miners: Rao,
    /// Miner pay withheld because the uid is the owner's.
    pub burned: Rao,
    /// Withheld from the owner's uid and taken out of issuance.
    pub recycled: Rao,
    /// Lost to rounding, never redistributed; below 0 where the chain's shares round in favour of miners \[rao\].
    pub remainder_rao: i64,
    /// Pay by miner, in the scenario's order.
    pub miner_pay: Vec<Rao>,
    /// Incentive by miner, in the scenario's order; 65535 is all of it.
    pub miner_incentive: Vec<u16>,
    /// Pay by validator, in the scenario's order; last, what other holders of stake were paid in a validator's role.
    pub validator_pay: Vec<Rao>,
}
