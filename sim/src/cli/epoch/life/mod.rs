//! A sequence in which seats change hands, pay is handed out and commits are revealed (chain.md, appendix B): the chain's own
//! subnet goes through it, told when its epochs fire and what is pending.

pub(super) mod answer;
pub(super) mod case;
mod events;
mod keys;
mod pay;

use super::answer::StepAnswer;
use super::case::EpochCase;
use super::case::SequenceStep;
use super::lists::CaseRefusal;
use super::lists::numbers;
use super::number::Whole;
use super::parameters::change;
use super::parameters::change_price;
use super::parameters::change_registration;
use super::parameters::runtime;
use super::subject::count;
use super::subject::neurons_of;
use super::subject::row_of;
use super::subject::strangers;
use answer::LifeAnswer;
use assay_chain::Collateral;
use assay_chain::Epoch;
use assay_chain::Genesis;
use assay_chain::Hyper;
use assay_chain::Pending;
use assay_chain::Row;
use assay_chain::Subnet;
use case::RegistrationCase;
use keys::CaseKeys;
use std::collections::BTreeMap;

/// Blocks from an epoch to the reveal where a case does not say. Source: chain.md, appendix B.
const REVEAL_LAG: u64 = 4;

/// The subnet of such a case.
#[derive(Debug)]
pub(super) struct Life {
    subnet: Subnet,
    keys: CaseKeys,
    /// What each key had staked when it lost its seat [rao].
    left: BTreeMap<u64, u64>,
    /// What an epoch shares out where no step says what is pending [rao].
    rao: Option<u64>,
    /// What validators keep of a payment, where it is not the default [1/65535].
    takes: BTreeMap<u64, u16>,
    /// Keys with a uid on root; none says that all have one.
    root_keys: Option<Vec<u64>>,
    restake: bool,
    record_step_block: bool,
    /// What is ignored, as the chain does.
    pub(super) notes: Vec<String>,
}

impl Life {
    /// The state before the first step.
    ///
    /// # Errors
    /// What of the case contradicts itself or is out of its range.
    pub(super) fn new(case: &EpochCase) -> Result<Self, CaseRefusal> {
        let n = count(case)?;
        let Some(stake) = &case.stake else {
            let text = "stake: missing; where seats change hands stake_bits cannot stand for it";
            return Err(CaseRefusal(text.into()));
        };
        let (keys, seated) = CaseKeys::new(case.keys.as_deref(), n)?;
        let mut hyper = Hyper::at(runtime(case.runtime)?.unwrap_or_default());
        change(&mut hyper, &case.hyper);
        let to_u64 = |given: Option<Whole<u64>>| given.map(|Whole(value)| value);
        hyper.tao_weight = to_u64(case.tao_weight).unwrap_or(hyper.tao_weight);
        hyper.commit_reveal_period =
            to_u64(case.reveal_period).unwrap_or(hyper.commit_reveal_period);
        let mut subnet = Subnet::new(Genesis {
            tempo: case.tempo.0,
            block: case.block.0,
            reveal_lag: to_u64(case.reveal_lag).unwrap_or(REVEAL_LAG),
            hyper,
            ..Genesis::default()
        });
        // The sequence begins in the block of an epoch, which the counter of older runtimes has not counted yet.
        subnet.trigger_mut().is_manual = true;
        subnet.trigger_mut().epoch_index = 1;
        for key in seated {
            subnet.seat(key);
        }
        let neurons = neurons_of(case)?;
        let notes = strangers(n, &neurons);
        *subnet.neurons_mut() = neurons;
        subnet.set_last_step_block(case.last_mechanism_step_block.0);
        let mut life = Self {
            subnet,
            keys,
            left: BTreeMap::new(),
            rao: to_u64(case.rao_emission),
            takes: BTreeMap::new(),
            root_keys: None,
            restake: case.restake,
            record_step_block: case.record_step_block,
            notes,
        };
        life.set_stakes(&numbers("stake", n, stake)?);
        if let Some(tao) = &case.tao_stake {
            life.set_root_stakes(&numbers("tao_stake", n, tao)?);
        }
        life.set_registration(case.registration.as_ref().unwrap_or(&RegistrationCase::default()))?;
        life.set_owner(case.owner_uid)?;
        life.set_money(case);
        Ok(life)
    }

    /// Collateral, takes and uids on root.
    fn set_money(&mut self, case: &EpochCase) {
        for (key, row) in case.collateral.iter().flatten() {
            let row = Collateral {
                locked: row.locked.0,
                min_locked: row.min_locked.0,
                earned: row.earned.0,
                drain_ratio: row.drain_ratio_bits,
            };
            self.subnet.set_collateral(self.keys.id(key), row);
        }
        for (key, &Whole(take)) in &case.payout.take_u16 {
            self.takes.insert(self.keys.id(key), take);
        }
        let on_root = case.payout.root_keys.as_ref();
        self.root_keys = on_root.map(|keys| keys.iter().map(|key| self.keys.id(key)).collect());
        for uid in 0..self.n() {
            self.furnish(uid);
        }
    }

    /// Gives a seat what its key brings along.
    fn furnish(&mut self, uid: u16) {
        let key = self.subnet.hotkeys()[usize::from(uid)];
        if let Some(&take) = self.takes.get(&key) {
            self.subnet.set_take(uid, take);
        }
        let on_root = self.root_keys.as_ref().is_none_or(|keys| keys.contains(&key));
        self.subnet.set_on_root(uid, on_root);
    }

    /// Goes through a step: what changes, what happens, the epoch, the pay.
    ///
    /// # Errors
    /// When the step cannot be taken, with the event's number.
    pub(super) fn step(&mut self, step: &SequenceStep) -> Result<StepAnswer, CaseRefusal> {
        let before = self.subnet.block();
        let block = step.block.map_or(before, |Whole(block)| block);
        if block <= before {
            let text = format!("block: {block} is not above {before}, where the step begins");
            return Err(CaseRefusal(text));
        }
        let pending = self.change(step)?;
        self.subnet.trigger_mut().pending_epoch_at = block;
        let events = self.live(step.events.as_deref().unwrap_or_default(), block)?;
        self.subnet.advance_to(block - 1);
        self.rearrange(step, block)?;
        self.subnet.advance_to(block);
        let rao = match (&pending, self.rao) {
            (Some(pending), _) => u64::try_from(pending.total()).map_err(|_| {
                let most = u64::MAX;
                CaseRefusal(format!("pending: the counters together are outside 0..={most}"))
            })?,
            (None, Some(rao)) => rao,
            (None, None) => {
                return Err(CaseRefusal("rao_emission: missing, and so is pending".into()));
            }
        };
        let last_step_block = self.subnet.last_step_block();
        self.subnet.run_epoch_on(rao);
        if !self.record_step_block {
            self.subnet.set_last_step_block(last_step_block);
        }
        let mut answer = StepAnswer::of(block, self.subnet.epoch(), self.bonds());
        let payout = match (&pending, &step.pending) {
            (Some(pending), Some(case)) => Some(self.pay(pending, case)?),
            _ => None,
        };
        answer.life = Some(LifeAnswer {
            keys: self.keys.names(self.subnet.hotkeys()),
            price: self.subnet.price(),
            events,
            stake: payout.is_some().then(|| self.subnet.stake().to_vec()),
            payout,
        });
        Ok(answer)
    }

    /// The scalars and lists of a step, its parameters and its runtime; gives what is pending.
    fn change(&mut self, step: &SequenceStep) -> Result<Option<Pending>, CaseRefusal> {
        let n = self.n();
        if let Some(Whole(tempo)) = step.tempo {
            self.subnet.trigger_mut().tempo = tempo;
        }
        if let Some(Whole(rao)) = step.rao_emission {
            self.rao = Some(rao);
        }
        if let Some(Whole(block)) = step.last_mechanism_step_block {
            self.subnet.set_last_step_block(block);
        }
        if let Some(owner) = step.owner_uid {
            self.set_owner(owner)?;
        }
        if let Some(stake) = &step.stake {
            self.set_stakes(&numbers("stake", n, stake)?);
        }
        if let Some(tao) = &step.tao_stake {
            self.set_root_stakes(&numbers("tao_stake", n, tao)?);
        }
        change(self.subnet.hyper_mut(), &step.hyper);
        if let Some(runtime) = runtime(step.runtime)? {
            self.subnet.upgrade(runtime);
        }
        if let Some(registration) = &step.registration {
            self.set_registration(registration)?;
        }
        let rule = self.subnet.hyper().runtime.pending;
        step.pending.map(|pending| pending.read(rule)).transpose()
    }

    /// What a step sets by hand after its events, as of the block of its epoch.
    fn rearrange(&mut self, step: &SequenceStep, block: u64) -> Result<(), CaseRefusal> {
        let runtime = self.subnet.hyper().runtime;
        for (index, &(Whole(uid), Whole(at))) in step.replace_uid.iter().enumerate() {
            self.known(uid, || format!("replace_uid[{index}]"))?;
            self.subnet.neurons_mut().replace(uid, at, &runtime);
            self.subnet.set_stake(uid, 0);
            self.subnet.set_root_stake(uid, 0);
        }
        for (index, (Whole(uid), row)) in step.set_weights.iter().enumerate() {
            self.known(*uid, || format!("set_weights[{index}]"))?;
            let row = row_of(|| format!("set_weights[{index}]"), row)?;
            let neurons = self.subnet.neurons_mut();
            neurons.weights[usize::from(*uid)] = row;
            neurons.last_update[usize::from(*uid)] = block;
        }
        for (index, &(Whole(uid), Whole(at))) in step.set_last_update.iter().enumerate() {
            self.known(uid, || format!("set_last_update[{index}]"))?;
            self.subnet.neurons_mut().last_update[usize::from(uid)] = at;
        }
        for (index, &(Whole(uid), Whole(rao))) in step.set_stake.iter().enumerate() {
            self.known(uid, || format!("set_stake[{index}]"))?;
            self.subnet.set_stake(uid, rao);
        }
        Ok(())
    }

    /// What the last epoch computed.
    pub(super) fn epoch(&self) -> &Epoch {
        self.subnet.epoch()
    }

    /// Bonds as they are stored after the epoch.
    pub(super) fn bonds(&self) -> &[Row] {
        &self.subnet.neurons().bonds
    }

    /// Number of seats now.
    fn n(&self) -> u16 {
        u16::try_from(self.subnet.hotkeys().len()).expect("a case has at most 256 seats")
    }

    fn set_stakes(&mut self, stakes: &[u64]) {
        (0..).zip(stakes).for_each(|(uid, &rao)| self.subnet.set_stake(uid, rao));
    }

    fn set_root_stakes(&mut self, stakes: &[u64]) {
        (0..).zip(stakes).for_each(|(uid, &rao)| self.subnet.set_root_stake(uid, rao));
    }

    fn set_registration(&mut self, case: &RegistrationCase) -> Result<(), CaseRefusal> {
        change_registration(self.subnet.hyper_mut(), case)?;
        let block = self.subnet.block();
        change_price(self.subnet.pricing_mut(), case, block);
        if let Some(owned) = &case.owned {
            let owned = owned.iter().map(|key| self.keys.id(key)).collect();
            self.subnet.set_owned(owned);
        }
        Ok(())
    }

    fn set_owner(&mut self, owner: Option<Whole<u16>>) -> Result<(), CaseRefusal> {
        if let Some(Whole(uid)) = owner {
            self.known(uid, || "owner_uid".to_string())?;
        }
        let key = owner.map(|Whole(uid)| self.subnet.hotkeys()[usize::from(uid)]);
        self.subnet.set_owner_hotkey(key);
        Ok(())
    }

    fn known(&self, uid: u16, key: impl Fn() -> String) -> Result<(), CaseRefusal> {
        if uid < self.n() {
            return Ok(());
        }
        Err(CaseRefusal(format!("{}: uid {uid} is outside 0..={}", key(), self.n() - 1)))
    }
}
