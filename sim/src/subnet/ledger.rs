//! The chain as a run drives it: weights that validators send, epochs, and where each epoch's alpha went.
//!
//! Block b stands at (b - start) x 12 s. What is sent after a block belongs to the next one, and a block's own step (its
//! epoch) runs before what was sent to it: weights are first seen by the epoch of a later block.

use crate::base::ids::Uid;
use crate::base::units::RAO_PER_TOKEN;
use crate::base::units::Rao;
use crate::base::units::SimTime;
use crate::model::strategy::SentRow;
use crate::scenario::BLOCK_NS;
use crate::scenario::ChainSettings;
use crate::scenario::Scenario;
use crate::subnet::parameters::fixed;
use crate::subnet::parameters::hyper;
use crate::subnet::roster::StakeSnapshot;
use crate::work::EpochRecord;
use assay_chain::CutoffRule;
use assay_chain::Genesis;
use assay_chain::Hyper;
use assay_chain::Submission;
use assay_chain::Subnet;
use assay_chain::TriggerRule;
use assay_chain::U96F32;
use assay_chain::WeightRefusal;
use assay_chain::block_emission;
use std::collections::VecDeque;
use std::sync::Arc;

/// Thousandths of a tempo in a tempo, the unit of the activity cutoff. Source: chain.md section 4.1.
const FACTOR_ONE: u64 = 1000;

/// The chain and what is on its way to it.
#[derive(Debug)]
pub(crate) struct Ledger {
    subnet: Subnet,
    start_block: u64,
    commit_reveal: bool,
    validators: Vec<Uid>,
    miners: Vec<Uid>,
    /// For each uid its validator's place in the scenario, or the place after the last.
    place_of: Vec<usize>,
    /// Sent and not yet in a block: (block, validator, row), in order.
    sent: VecDeque<(u64, usize, Arc<SentRow>)>,
    record: EpochRecord,
    next_epoch: SimTime,
    /// Rows the chain refused for another reason than coming too soon.
    refused: u64,
}

impl Ledger {
    /// The chain at the scenario's start. All neurons registered so long ago that those who never set weights are inactive,
    /// and an epoch without weights has just run, so that validators have their permits.
    pub(crate) fn new(scenario: &Scenario, stakes: &StakeSnapshot) -> Self {
        let chain = &scenario.chain;
        let owner = u64::from(chain.owner_uid);
        let cutoff = match chain.rules().cutoff {
            CutoffRule::Factor => {
                u64::from(chain.activity_cutoff_factor_milli) * chain.tempo / FACTOR_ONE
            }
            CutoffRule::Blocks => chain.activity_cutoff_blocks,
        };
        let age = cutoff + chain.tempo + 1;
        let before = chain.start_block.saturating_sub(age);
        let issued = chain.issuance_alpha * RAO_PER_TOKEN;
        let since = (chain.start_block - before) * block_emission(issued);
        let mut subnet = Subnet::new(Genesis {
            tempo: chain.tempo,
            block: before,
            issuance: issued.saturating_sub(since),
            price: chain.registration.burn_rao,
            owner_hotkey: Some(owner),
            root_prop: U96F32::from_bits(fixed(chain.root_prop, U96F32::FRACTION)),
            root_sell: chain.root_sell,
            reveal_lag: chain.reveal_lag,
            hyper: hyper(chain),
            ..Genesis::default()
        });
        for uid in 0..chain.uids {
            subnet.seat(u64::from(uid));
        }
        subnet.set_of_owner(chain.owner_uid, true);
        stake(&mut subnet, stakes);
        root_stake(&mut subnet, scenario);
        begin(&mut subnet, chain);
        Self {
            start_block: chain.start_block,
            commit_reveal: chain.commit_reveal,
            validators: scenario.validators.iter().map(|v| v.uid).collect(),
            miners: scenario.miners.iter().map(|m| m.uid).collect(),
            place_of: place_of(scenario),
            sent: VecDeque::new(),
            record: EpochRecord {
                miner_pay: vec![Rao(0); scenario.miners.len()],
                miner_incentive: vec![0; scenario.miners.len()],
                validator_pay: vec![Rao(0); scenario.validators.len() + 1],
                ..EpochRecord::default()
            },
            next_epoch: chain.epoch_time(0),
            refused: 0,
            subnet,
        }
    }

    /// Another stretch of the scenario begins: stakes and the chain's parameters become its own.
    pub(crate) fn change(&mut self, scenario: &Scenario, stakes: &StakeSnapshot) {
        self.take_in(self.block_at(stakes.at));
        stake(&mut self.subnet, stakes);
        root_stake(&mut self.subnet, scenario);
        self.subnet.upgrade(scenario.chain.rules());
        *self.subnet.hyper_mut() = hyper(&scenario.chain);
    }

    /// The last block at or before `now`.
    pub(crate) fn block_at(&self, now: SimTime) -> u64 {
        self.start_block + now.0 / BLOCK_NS
    }

    /// When the next epoch runs.
    #[inline]
    pub(crate) fn next_epoch(&self) -> SimTime {
        self.next_epoch
    }

    /// Stake by uid [rao].
    pub(crate) fn stake(&self) -> &[u64] {
        self.subnet.stake()
    }

    /// The subnet's parameters on the chain.
    pub(crate) fn hyper(&self) -> &Hyper {
        self.subnet.hyper()
    }

    /// Uids of the validators.
    pub(crate) fn validator_uids(&self) -> Vec<usize> {
        self.validators.iter().map(|uid| usize::from(uid.0)).collect()
    }

    /// What the last epoch minted, paid and burned.
    pub(crate) fn record(&self) -> &EpochRecord {
        &self.record
    }

    /// Rows the chain refused for another reason than coming too soon.
    pub(crate) fn refused(&self) -> u64 {
        self.refused
    }

    /// A validator sends its row; the next block takes it in.
    pub(crate) fn submit(&mut self, validator: usize, row: &Arc<SentRow>, now: SimTime) {
        let block = self.block_at(now) + 1;
        self.sent.push_back((block, validator, row.clone()));
    }

    /// Runs the epoch of this instant, number `number`, and records where its alpha went.
    pub(crate) fn run_epoch(&mut self, now: SimTime, number: u32) {
        let block = self.block_at(now);
        self.take_in(block);
        self.subnet.advance_to(block);
        let settled = self.subnet.run_epoch().expect("the clock stands at an epoch's block");
        let record = &mut self.record;
        record.number = number;
        record.block = block;
        record.at = now;
        record.minted = Rao(settled.minted);
        record.owner = Rao(settled.owner);
        record.validators = Rao(settled.validators);
        record.miners = Rao(settled.miners);
        record.burned = Rao(settled.burned);
        record.recycled = Rao(settled.recycled);
        record.remainder_rao = settled.remainder;
        let payouts = self.subnet.payouts();
        let incentive = self.subnet.epoch().incentive();
        for (place, uid) in self.miners.iter().enumerate() {
            let uid = usize::from(uid.0);
            record.miner_pay[place] = Rao(payouts.incentive[uid]);
            record.miner_incentive[place] = incentive[uid].to_u16();
        }
        record.validator_pay.fill(Rao(0));
        for (uid, place) in self.place_of.iter().enumerate() {
            let parts = [
                payouts.validator_take[uid],
                payouts.nominators[uid],
                payouts.root_take[uid],
                payouts.root_claimable[uid],
            ];
            record.validator_pay[*place] += parts.into_iter().map(Rao).sum();
        }
        let next = self.subnet.next_due().expect("the tempo is not 0");
        self.next_epoch = SimTime((next - self.start_block) * BLOCK_NS);
    }

    /// Lets blocks pass up to the last before `block`, each taking in what was sent to it.
    fn take_in(&mut self, block: u64) {
        while let Some((at, validator, row)) = self.sent.pop_front_if(|(at, ..)| *at < block) {
            self.subnet.advance_to(at);
            let submission = Submission {
                hotkey: u64::from(self.validators[validator].0),
                netuid: self.subnet.trigger().netuid,
                mechanism: 0,
                version_key: VERSION_KEY,
                uids: &row.uids,
                values: &row.values,
            };
            let answer = if self.commit_reveal {
                self.subnet.commit_weights(&submission)
            } else {
                self.subnet.set_weights(&submission)
            };
            let expected = matches!(answer, Ok(()) | Err(WeightRefusal::TooSoon { .. }));
            self.refused += u64::from(!expected);
        }
    }
}

/// Runs an epoch without weights at the scenario's start, and sets the blocks of those that follow.
fn begin(subnet: &mut Subnet, chain: &ChainSettings) {
    let (start, period, first) = (chain.start_block, chain.period(), chain.epoch_block(0));
    match chain.rules().trigger {
        TriggerRule::Current => {
            let before_start = start.saturating_sub(period);
            subnet.trigger_mut().last_epoch_block = before_start;
            // Where a tempo is long, the chain runs epochs of its own before the start.
            let due = |subnet: &Subnet| subnet.trigger().next_due(subnet.block());
            while let Some(block) = due(subnet).filter(|block| *block < start) {
                subnet.advance_to(block);
                subnet.run_epoch();
                subnet.trigger_mut().last_epoch_block = before_start;
            }
        }
        TriggerRule::Legacy => {
            subnet.trigger_mut().is_manual = true;
            subnet.trigger_mut().pending_epoch_at = if start < period { 0 } else { start };
        }
    }
    subnet.advance_to(start);
    let settled = subnet.run_epoch();
    assert!(settled.is_some() || start < period, "an epoch runs at the start");
    match chain.rules().trigger {
        TriggerRule::Current => subnet.trigger_mut().last_epoch_block = first - period,
        TriggerRule::Legacy => {
            // The rule counts blocks from 0 and the subnet's number: it gets that of 1 to a period which fires in the first
            // epoch's block.
            let netuid = period - (first + 1) % period + period - 1;
            let netuid = if netuid > period { netuid - period } else { netuid };
            let netuid = u16::try_from(netuid).expect("a tempo is at most 50,400 blocks");
            subnet.trigger_mut().netuid = netuid;
            subnet.trigger_mut().is_manual = false;
        }
    }
}

/// Everybody's stake as the chain has it.
fn stake(subnet: &mut Subnet, stakes: &StakeSnapshot) {
    for (uid, stake) in stakes.validators.iter().chain(&stakes.miners) {
        subnet.set_stake(uid.0, stake.0);
    }
}

/// Validators' TAO on root.
fn root_stake(subnet: &mut Subnet, scenario: &Scenario) {
    for validator in &scenario.validators {
        subnet.set_root_stake(validator.uid.0, validator.root_stake.0);
    }
}

/// For each uid its validator's place in the scenario, or the place after the last.
fn place_of(scenario: &Scenario) -> Vec<usize> {
    let mut places = vec![scenario.validators.len(); usize::from(scenario.chain.uids)];
    for (place, validator) in scenario.validators.iter().enumerate() {
        places[usize::from(validator.uid.0)] = place;
    }
    places
}

/// Version key that the subnet's validators send. Source: chain.md section 8, the SN11 validator sends 8.
const VERSION_KEY: u64 = 8;
