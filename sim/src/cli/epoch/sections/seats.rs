//! Block-level cases of seats: when epochs fire, what a registration costs, who is pruned.

use super::count;
use super::known;
use super::rules;
use super::values;
use crate::cli::epoch::life::case::RegistrationCase;
use crate::cli::epoch::lists::CaseRefusal;
use crate::cli::epoch::lists::one_a_uid;
use crate::cli::epoch::number::Whole;
use crate::cli::epoch::parameters::change_price;
use crate::cli::epoch::parameters::change_registration;
use assay_chain::Hyper;
use assay_chain::Price;
use assay_chain::Pruning;
use assay_chain::PruningRule;
use assay_chain::Trigger;
use assay_chain::decay_factor;
use assay_chain::immortal_uids;
use serde::Deserialize;
use serde::Serialize;

/// Most blocks that a case of the trigger looks at.
const BLOCKS_MAX: u64 = 10_000_000;

#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PruneCase {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    runtime: Option<Whole<u16>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    emission: Option<Vec<Whole<u64>>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pruning_scores: Option<Vec<Whole<u16>>>,
    block_at_registration: Vec<Whole<u64>>,
    block: Whole<u64>,
    immunity_period: Whole<u64>,
    min_non_immune: Whole<u16>,
    immortal: Vec<Whole<u16>>,
}

impl PruneCase {
    /// The answer to the case, which stands at `at`.
    ///
    /// # Errors
    /// What of the case is out of its range, with its key.
    pub(super) fn answer(&self, at: &str) -> Result<Option<u16>, CaseRefusal> {
        let rule = rules(at, self.runtime)?.pruning;
        let (key, other, list) = match rule {
            PruningRule::Emission => {
                ("emission", self.pruning_scores.is_some(), self.emission.as_deref().map(values))
            }
            PruningRule::Score => {
                let wide = |scores: &[Whole<u16>]| {
                    scores.iter().map(|&Whole(score)| u64::from(score)).collect()
                };
                let scores = self.pruning_scores.as_deref().map(wide);
                ("pruning_scores", self.emission.is_some(), scores)
            }
        };
        let Some(emission) = list.filter(|_| !other) else {
            let text = format!("{at}.{key}: missing, or not alone; this runtime prunes by it");
            return Err(CaseRefusal(text));
        };
        let n = count(&format!("{at}.{key}"), emission.len())?;
        let registered =
            one_a_uid(&format!("{at}.block_at_registration"), n, &self.block_at_registration)?;
        let immortal = values(&self.immortal);
        for &uid in &immortal {
            known(&format!("{at}.immortal"), uid, n)?;
        }
        let pruning = Pruning {
            rule,
            emission: &emission,
            registered: &values(registered),
            block: self.block.0,
            immunity_period: self.immunity_period.0,
            min_non_immune: self.min_non_immune.0,
            immortal: &immortal,
        };
        Ok(pruning.victim())
    }
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ImmortalCase {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    runtime: Option<Whole<u16>>,
    block_at_registration: Vec<Whole<u64>>,
    owned: Vec<Whole<u16>>,
    owner_uid: Option<Whole<u16>>,
    limit: Whole<u16>,
}

impl ImmortalCase {
    /// The answer to the case, which stands at `at`.
    ///
    /// # Errors
    /// What of the case is out of its range, with its key.
    pub(super) fn answer(&self, at: &str) -> Result<Vec<u16>, CaseRefusal> {
        rules(at, self.runtime)?;
        let registered = values(&self.block_at_registration);
        let n = count(&format!("{at}.block_at_registration"), registered.len())?;
        let mut of_owner = vec![false; usize::from(n)];
        for &Whole(uid) in &self.owned {
            of_owner[known(&format!("{at}.owned"), uid, n)?] = true;
        }
        let owner = self.owner_uid.map(|Whole(uid)| uid);
        if let Some(uid) = owner {
            known(&format!("{at}.owner_uid"), uid, n)?;
        }
        let mut list = Vec::new();
        immortal_uids(owner, &of_owner, &registered, self.limit.0, &mut list);
        Ok(list)
    }
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PriceCase {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    runtime: Option<Whole<u16>>,
    block: Whole<u64>,
    registration: RegistrationCase,
    registrations: Vec<(Whole<u64>, Whole<u16>)>,
}

impl PriceCase {
    /// For each entry the block, the price before, and the price after each registration.
    ///
    /// # Errors
    /// What of the case is out of its range, with its key.
    pub(super) fn answer(&self, at: &str) -> Result<Vec<Vec<u64>>, CaseRefusal> {
        let mut hyper = Hyper::at(rules(at, self.runtime)?);
        change_registration(&mut hyper, &self.registration)
            .map_err(|CaseRefusal(text)| CaseRefusal(format!("{at}.{text}")))?;
        let mut price = Price::new(BURN, self.block.0);
        change_price(&mut price, &self.registration, self.block.0);
        let mut answers = Vec::with_capacity(self.registrations.len());
        let mut last = self.block.0;
        for (index, &(Whole(block), Whole(count))) in self.registrations.iter().enumerate() {
            if block < last {
                let text = format!("{at}.registrations[{index}]: block {block} is before {last}");
                return Err(CaseRefusal(text));
            }
            last = block;
            price = price.after(block, &hyper);
            let mut line = vec![block, price.rao];
            for _ in 0..count {
                price = price.raised(&hyper);
                line.push(price.rao);
            }
            answers.push(line);
        }
        Ok(answers)
    }
}

/// Price where a case gives none [rao]. Source: chain.md, appendix B.
const BURN: u64 = 1_000_000_000;

#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DecayCase {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    runtime: Option<Whole<u16>>,
    half_life: Whole<u16>,
}

impl DecayCase {
    /// The answer to the case, which stands at `at`.
    ///
    /// # Errors
    /// What of the case is out of its range, with its key.
    pub(super) fn answer(&self, at: &str) -> Result<u64, CaseRefusal> {
        rules(at, self.runtime)?;
        Ok(decay_factor(self.half_life.0))
    }
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TriggerCase {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    runtime: Option<Whole<u16>>,
    netuid: Whole<u16>,
    tempo: Whole<u64>,
    first: Whole<u64>,
    last: Whole<u64>,
    last_epoch_block: Whole<u64>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    changes: Vec<(Whole<u64>, Whole<u64>)>,
}

impl TriggerCase {
    /// The blocks of `first..=last` that fire; a change of the tempo comes after the step of its block.
    ///
    /// # Errors
    /// What of the case is out of its range, with its key.
    pub(super) fn answer(&self, at: &str) -> Result<Vec<u64>, CaseRefusal> {
        let (first, last) = (self.first.0, self.last.0);
        if last.saturating_sub(first) >= BLOCKS_MAX {
            let text = format!("{at}.last: {last} is {BLOCKS_MAX} blocks or more after {first}");
            return Err(CaseRefusal(text));
        }
        let start = Trigger::at_creation(self.netuid.0, self.tempo.0, first);
        let mut trigger = Trigger {
            rule: rules(at, self.runtime)?.trigger,
            last_epoch_block: self.last_epoch_block.0,
            last_step_reset: self.last_epoch_block.0.min(first.saturating_sub(1)),
            ..start
        };
        let mut changes = self.changes.clone();
        changes.sort_by_key(|&(Whole(block), _)| block);
        let mut changes = changes.into_iter().peekable();
        let mut fired = Vec::new();
        for block in first..=last {
            while let Some((Whole(at), Whole(tempo))) = changes.next_if(|(at, _)| at.0 < block) {
                trigger.set_tempo(tempo, at);
            }
            if trigger.due(block) {
                trigger.fired(block);
                fired.push(block);
            }
        }
        Ok(fired)
    }
}
