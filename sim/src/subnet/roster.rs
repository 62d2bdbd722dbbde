//! Who is who on the subnet: who sits where, since when, and with how much stake.
//!
//! Stake lives here alone. The chain and the orchestrator take what they need of it at an instant, as a [`StakeSnapshot`],
//! and never write it back. Places in vectors are seats; today a seat keeps its holder for the whole run.

use crate::base::ids::OperatorId;
use crate::base::ids::Uid;
use crate::base::units::Rao;
use crate::base::units::SimTime;
use crate::scenario::Miner;
use crate::scenario::Scenario;
use crate::scenario::ScenarioValidator;

/// A seat and who holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Seat {
    /// Its place on the chain.
    pub(crate) uid: Uid,
    /// Number of its coldkey: equal numbers are one key; none for a validator.
    pub(crate) coldkey: Option<u32>,
    /// Who runs it; none for a validator.
    pub(crate) operator: Option<OperatorId>,
    /// Since when its holder is registered.
    pub(crate) since: SimTime,
    stake: Rao,
}

/// Every seat's stake at an instant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StakeSnapshot {
    /// When it was taken.
    pub(crate) at: SimTime,
    /// Miners' uids and stakes, by seat.
    pub(crate) miners: Vec<(Uid, Rao)>,
    /// Validators' uids and stakes, by seat.
    pub(crate) validators: Vec<(Uid, Rao)>,
}

/// All seats of miners and validators.
#[derive(Clone, Debug)]
pub(crate) struct Roster {
    miners: Vec<Seat>,
    validators: Vec<Seat>,
}

impl Roster {
    /// The seats of a scenario, all taken at its start.
    pub(crate) fn new(scenario: &Scenario) -> Self {
        let since = SimTime(0);
        let miner = |m: &Miner| Seat {
            uid: m.uid,
            coldkey: Some(m.coldkey),
            operator: Some(m.operator),
            since,
            stake: m.stake,
        };
        let validator = |v: &ScenarioValidator| Seat {
            uid: v.uid,
            coldkey: None,
            operator: None,
            since,
            stake: v.stake,
        };
        Self {
            miners: scenario.miners.iter().map(miner).collect(),
            validators: scenario.validators.iter().map(validator).collect(),
        }
    }

    /// The seats that miners hold.
    pub(crate) fn miners(&self) -> &[Seat] {
        &self.miners
    }

    /// Another stretch of the schedule begins: every seat has the stake that it says.
    pub(crate) fn restake(&mut self, next: &Scenario) {
        for (seat, miner) in self.miners.iter_mut().zip(&next.miners) {
            seat.stake = miner.stake;
        }
        for (seat, validator) in self.validators.iter_mut().zip(&next.validators) {
            seat.stake = validator.stake;
        }
    }

    /// What everybody holds at `at`.
    pub(crate) fn snapshot(&self, at: SimTime) -> StakeSnapshot {
        let stakes = |seats: &[Seat]| seats.iter().map(|seat| (seat.uid, seat.stake)).collect();
        StakeSnapshot { at, miners: stakes(&self.miners), validators: stakes(&self.validators) }
    }
}
