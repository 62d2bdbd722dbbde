//! The subnet that a case describes: checks what types cannot, applies steps, runs epochs.

use super::case::EpochCase;
use super::case::SequenceStep;
use super::lists::CaseRefusal;
use super::lists::numbers;
use super::lists::one_a_uid;
use super::number::RowCase;
use super::number::Whole;
use super::parameters::NEURONS_MAX;
use super::parameters::change;
use super::parameters::runtime;
use super::stakes::StakeSource;
use assay_chain::Epoch;
use assay_chain::Hyper;
use assay_chain::Moment;
use assay_chain::Neurons;
use assay_chain::Row;

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
    stakes: StakeSource,
    totals: Vec<u128>,
    /// What is ignored, as the chain does.
    pub(super) notes: Vec<String>,
}

impl Subject {
    /// The state before the first epoch.
    ///
    /// # Errors
    /// What of the case contradicts itself or is out of its range.
    pub(super) fn new(case: &EpochCase) -> Result<Self, CaseRefusal> {
        let n = count(case)?;
        let mut hyper = Hyper::at(runtime(case.runtime)?.unwrap_or_default());
        change(&mut hyper, &case.hyper);
        let Some(Whole(rao)) = case.rao_emission else {
            return Err(CaseRefusal("rao_emission: missing, and no step has pending".into()));
        };
        let mut subject = Self {
            n,
            block: case.block.0,
            tempo: case.tempo.0,
            last_step_block: case.last_mechanism_step_block.0,
            rao,
            owner: None,
            hyper,
            neurons: Neurons::default(),
            stakes: StakeSource::new(case, n)?,
            totals: Vec::new(),
            notes: Vec::new(),
        };
        subject.set_owner(case.owner_uid)?;
        subject.neurons = neurons_of(case)?;
        subject.notes = strangers(n, &subject.neurons);
        subject.set_commits("commit_blocks", case.commit_blocks.as_deref())?;
        Ok(subject)
    }

    /// Applies what a step names, in the order of the specification.
    ///
    /// # Errors
    /// What of the change contradicts the subnet or is out of its range.
    pub(super) fn apply(&mut self, step: &SequenceStep) -> Result<(), CaseRefusal> {
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
        self.hyper.runtime = runtime(step.runtime)?.unwrap_or(self.hyper.runtime);
        for (index, &(Whole(uid), Whole(block))) in step.replace_uid.iter().enumerate() {
            self.known(uid, || format!("replace_uid[{index}]"))?;
            self.neurons.replace(uid, block, &self.hyper.runtime);
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
    ///
    /// # Errors
    /// When stakes or pending amounts are more than the chain can hold.
    pub(super) fn run(
        &mut self,
        epoch: &mut Epoch,
        record_step_block: bool,
    ) -> Result<(), CaseRefusal> {
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

    fn set_owner(&mut self, owner: Option<Whole<u16>>) -> Result<(), CaseRefusal> {
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
    ) -> Result<(), CaseRefusal> {
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

    fn known(&self, uid: u16, key: impl Fn() -> String) -> Result<(), CaseRefusal> {
        if uid < self.n {
            return Ok(());
        }
        Err(CaseRefusal(format!("{}: uid {uid} is outside 0..={}", key(), self.n - 1)))
    }
}

/// Number of neurons of a case.
///
/// # Errors
/// When the number is none that a subnet can have.
pub(super) fn count(case: &EpochCase) -> Result<u16, CaseRefusal> {
    let n = case.n.0;
    if (1..=NEURONS_MAX).contains(&n) {
        return Ok(n);
    }
    Err(CaseRefusal(format!("n: {n} is outside 1..={NEURONS_MAX}")))
}

/// What a case has stored of its neurons.
///
/// # Errors
/// When a list has another length than there are uids.
pub(super) fn neurons_of(case: &EpochCase) -> Result<Neurons, CaseRefusal> {
    let n = count(case)?;
    let empty = || vec![Row::new(); usize::from(n)];
    let bonds =
        case.bonds.as_ref().map_or_else(|| Ok(empty()), |rows| rows_of("bonds", n, rows))?;
    let shares = |key: &str, list: &Option<Vec<Whole<u16>>>| match list {
        None => Ok(vec![0; usize::from(n)]),
        Some(list) => {
            Ok(one_a_uid(key, n, list)?.iter().map(|&Whole(share)| share).collect::<Vec<_>>())
        }
    };
    Ok(Neurons {
        last_update: numbers("last_update", n, &case.last_update)?,
        registered: numbers("block_at_registration", n, &case.block_at_registration)?,
        permits: one_a_uid("permits", n, &case.permits)?.to_vec(),
        active: vec![true; usize::from(n)],
        emission: match &case.emission {
            None => vec![0; usize::from(n)],
            Some(emission) => numbers("emission", n, emission)?,
        },
        pruning_scores: shares("pruning_scores", &case.pruning_scores)?,
        consensus: shares("consensus", &case.consensus)?,
        commits: vec![None; usize::from(n)],
        weights: rows_of("weights", n, &case.weights)?,
        bonds,
    })
}

/// Notes on rows that vote for a uid that does not exist.
pub(super) fn strangers(n: u16, neurons: &Neurons) -> Vec<String> {
    let mut notes = Vec::new();
    for (key, rows) in [("weights", &neurons.weights), ("bonds", &neurons.bonds)] {
        let cells =
            rows.iter().enumerate().flat_map(|(i, row)| row.iter().map(move |cell| (i, cell.0)));
        if let Some((row, uid)) = cells.into_iter().find(|&(_, uid)| uid >= n) {
            notes.push(format!("{key}[{row}]: uid {uid} is not below n = {n} and is ignored"));
        }
    }
    notes
}

fn rows_of(key: &str, n: u16, rows: &[RowCase]) -> Result<Vec<Row>, CaseRefusal> {
    let rows = one_a_uid(key, n, rows)?.iter().enumerate();
    rows.map(|(index, row)| row_of(|| format!("{key}[{index}]"), row)).collect()
}

/// A stored row. Uids that do not exist stay in it: the chain ignores them.
///
/// # Errors
/// When the row names a uid twice.
pub(super) fn row_of(key: impl Fn() -> String, row: &RowCase) -> Result<Row, CaseRefusal> {
    let cells: Row = row.iter().map(|&(Whole(uid), Whole(value))| (uid, value)).collect();
    let mut uids: Vec<u16> = cells.iter().map(|&(uid, _)| uid).collect();
    uids.sort_unstable();
    match uids.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => {
            Err(CaseRefusal(format!("{}: uid {} stands twice, once is allowed", key(), pair[0])))
        }
        None => Ok(cells),
    }
}
