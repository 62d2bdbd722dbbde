//! The subnet that a case describes: checks what types cannot, applies steps, runs epochs.

use super::case::Case;
use super::case::HyperCase;
use super::case::RowCase;
use super::case::Step;
use super::lists::Refusal;
use super::lists::numbers;
use super::lists::one_a_uid;
use super::number::Whole;
use super::stakes::Stakes;
use assay_chain::ActivityCutoff;
use assay_chain::Epoch;
use assay_chain::Hyper;
use assay_chain::Moment;
use assay_chain::Neurons;
use assay_chain::Row;

/// Most neurons of a case.
const NEURONS_MAX: u16 = 256;

/// The subnet of a case.
#[derive(Debug)]
pub(super) struct Subject {
    n: u16,
    pub(super) block: u64,
    tempo: u64,
    last_step_block: u64,
    rao: u64,
    owner: Option<u16>,
    hyper: Hyper,
    neurons: Neurons,
    stakes: Stakes,
    totals: Vec<u128>,
    /// What is ignored, as the chain does.
    pub(super) notes: Vec<String>,
}

impl Subject {
    /// The state before the first epoch.
    pub(super) fn new(case: &Case) -> Result<Self, Refusal> {
        let n = case.n.0;
        if !(1..=NEURONS_MAX).contains(&n) {
            return Err(Refusal(format!("n: {n} is outside 1..={NEURONS_MAX}")));
        }
        let mut hyper = Hyper::default();
        change(&mut hyper, &case.hyper);
        let mut subject = Self {
            n,
            block: case.block.0,
            tempo: case.tempo.0,
            last_step_block: case.last_mechanism_step_block.0,
            rao: case.rao_emission.0,
            owner: None,
            hyper,
            neurons: Neurons::default(),
            stakes: Stakes::new(case, n)?,
            totals: Vec::new(),
            notes: Vec::new(),
        };
        subject.set_owner(case.owner_uid)?;
        subject.neurons = subject.neurons_of(case)?;
        subject.note_strangers();
        subject.set_commits("commit_blocks", case.commit_blocks.as_deref())?;
        Ok(subject)
    }

    fn neurons_of(&self, case: &Case) -> Result<Neurons, Refusal> {
        let n = self.n;
        let empty = || vec![Row::new(); usize::from(n)];
        let bonds =
            case.bonds.as_ref().map_or_else(|| Ok(empty()), |rows| rows_of("bonds", n, rows))?;
        Ok(Neurons {
            last_update: numbers("last_update", n, &case.last_update)?,
            registered: numbers("block_at_registration", n, &case.block_at_registration)?,
            permits: one_a_uid("permits", n, &case.permits)?.to_vec(),
            active: vec![true; usize::from(n)],
            emission: vec![0; usize::from(n)],
            commits: vec![None; usize::from(n)],
            weights: rows_of("weights", n, &case.weights)?,
            bonds,
        })
    }

    /// Applies what a step names, in the order of the specification.
    pub(super) fn apply(&mut self, step: &Step) -> Result<(), Refusal> {
        let take =
            |to: &mut u64, given: Option<Whole<u64>>| *to = given.map_or(*to, |Whole(value)| value);
        take(&mut self.block, step.block);
        take(&mut self.tempo, step.tempo);
        take(&mut self.rao, step.rao_emission);
        take(&mut self.last_step_block, step.last_mechanism_step_block);
        if let Some(owner) = step.owner_uid {
            self.set_owner(owner)?;
        }
        if let Some(commits) = &step.commit_blocks {
            self.set_commits("commit_blocks", commits.as_deref())?;
        }
        self.stakes.change(step, self.n)?;
        change(&mut self.hyper, &step.hyper);
        for (index, &(Whole(uid), Whole(block))) in step.replace_uid.iter().enumerate() {
            self.known(uid, || format!("replace_uid[{index}]"))?;
            self.neurons.replace(uid, block);
            self.stakes.clear(usize::from(uid));
        }
        for (index, (Whole(uid), row)) in step.set_weights.iter().enumerate() {
            self.known(*uid, || format!("set_weights[{index}]"))?;
            self.neurons.weights[usize::from(*uid)] =
                row_of(|| format!("set_weights[{index}]"), row)?;
            self.neurons.last_update[usize::from(*uid)] = self.block;
        }
        for (index, &(Whole(uid), Whole(block))) in step.set_last_update.iter().enumerate() {
            self.known(uid, || format!("set_last_update[{index}]"))?;
            self.neurons.last_update[usize::from(uid)] = block;
        }
        for (index, &(Whole(uid), Whole(rao))) in step.set_stake.iter().enumerate() {
            self.known(uid, || format!("set_stake[{index}]"))?;
            self.stakes.set(usize::from(uid), rao);
        }
        Ok(())
    }

    /// Runs the epoch and keeps its bonds and permits; on record, the step's block too.
    pub(super) fn run(
        &mut self,
        epoch: &mut Epoch,
        record_step_block: bool,
    ) -> Result<(), Refusal> {
        let stake_fraction = self.stakes.totals(&mut self.totals)?;
        let moment = Moment {
            block: self.block,
            tempo: self.tempo,
            last_step_block: self.last_step_block,
            owner: self.owner,
            rao: self.rao,
            hyper: &self.hyper,
            stake: &self.totals,
            stake_fraction,
        };
        self.neurons.run_epoch(&moment, epoch);
        if record_step_block {
            self.last_step_block = self.block;
        }
        Ok(())
    }

    /// Bonds as they are stored after the epoch.
    pub(super) fn bonds(&self) -> &[Row] {
        &self.neurons.bonds
    }

    /// Notes a row that votes for a uid that does not exist.
    fn note_strangers(&mut self) {
        for (key, rows) in [("weights", &self.neurons.weights), ("bonds", &self.neurons.bonds)] {
            let cells = rows
                .iter()
                .enumerate()
                .flat_map(|(i, row)| row.iter().map(move |cell| (i, cell.0)));
            if let Some((row, uid)) = cells.into_iter().find(|&(_, uid)| uid >= self.n) {
                let n = self.n;
                self.notes
                    .push(format!("{key}[{row}]: uid {uid} is not below n = {n} and is ignored"));
            }
        }
    }

    fn set_owner(&mut self, owner: Option<Whole<u16>>) -> Result<(), Refusal> {
        if let Some(Whole(uid)) = owner {
            self.known(uid, || "owner_uid".to_string())?;
        }
        self.owner = owner.map(|Whole(uid)| uid);
        Ok(())
    }

    fn set_commits(
        &mut self,
        key: &str,
        commits: Option<&[Option<Whole<u64>>]>,
    ) -> Result<(), Refusal> {
        match commits {
            None => self.neurons.commits.fill(None),
            Some(commits) => {
                let commits = one_a_uid(key, self.n, commits)?;
                self.neurons.commits =
                    commits.iter().map(|block| block.map(|Whole(b)| b)).collect();
            }
        }
        Ok(())
    }

    fn known(&self, uid: u16, key: impl Fn() -> String) -> Result<(), Refusal> {
        if uid < self.n {
            return Ok(());
        }
        Err(Refusal(format!("{}: uid {uid} is outside 0..={}", key(), self.n - 1)))
    }
}

/// Takes over the hyper-parameters that are named.
fn change(hyper: &mut Hyper, case: &HyperCase) {
    let set =
        |to: &mut u16, given: Option<Whole<u16>>| *to = given.map_or(*to, |Whole(value)| value);
    set(&mut hyper.kappa, case.kappa);
    set(&mut hyper.bonds_penalty, case.bonds_penalty);
    set(&mut hyper.max_allowed_validators, case.max_allowed_validators);
    set(&mut hyper.alpha_low, case.alpha_low);
    set(&mut hyper.alpha_high, case.alpha_high);
    let set =
        |to: &mut u64, given: Option<Whole<u64>>| *to = given.map_or(*to, |Whole(value)| value);
    set(&mut hyper.bonds_moving_average, case.bonds_moving_average);
    set(&mut hyper.stake_threshold, case.stake_threshold);
    if let Some(Whole(factor)) = case.activity_cutoff_factor_milli {
        hyper.activity_cutoff = ActivityCutoff::FactorMilli(factor);
    }
    if let Some(Whole(blocks)) = case.activity_cutoff_blocks {
        hyper.activity_cutoff = ActivityCutoff::Blocks(blocks);
    }
    if let Some(Whole(steepness)) = case.alpha_sigmoid_steepness {
        hyper.alpha_sigmoid_steepness = steepness;
    }
    hyper.yuma3 = case.yuma3.unwrap_or(hyper.yuma3);
    hyper.liquid_alpha = case.liquid_alpha.unwrap_or(hyper.liquid_alpha);
    hyper.commit_reveal = case.commit_reveal.unwrap_or(hyper.commit_reveal);
}

fn rows_of(key: &str, n: u16, rows: &[RowCase]) -> Result<Vec<Row>, Refusal> {
    let rows = one_a_uid(key, n, rows)?.iter().enumerate();
    rows.map(|(index, row)| row_of(|| format!("{key}[{index}]"), row)).collect()
}

/// A stored row. Uids that do not exist stay in it: the chain ignores them.
fn row_of(key: impl Fn() -> String, row: &RowCase) -> Result<Row, Refusal> {
    let cells: Row = row.iter().map(|&(Whole(uid), Whole(value))| (uid, value)).collect();
    let mut uids: Vec<u16> = cells.iter().map(|&(uid, _)| uid).collect();
    uids.sort_unstable();
    match uids.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => {
            Err(Refusal(format!("{}: uid {} stands twice, once is allowed", key(), pair[0])))
        }
        None => Ok(cells),
    }
}
