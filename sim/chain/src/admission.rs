//! Which weights the chain takes (chain.md 6.1), each check a refusal of its own, in the chain's order.

use crate::epoch::Row;
use crate::fixed::I32F32;
use crate::fixed::PartOf;
use crate::fixed::max_upscale;
use crate::hotkeys::Hotkeys;
use crate::hyper::Hyper;
use crate::hyper::tao_weight_of;
use crate::neurons::Neurons;
use crate::wide::U96F32;
use core::error::Error;
use core::fmt;

/// Number of the root network, which has no weights of this kind. Source: chain.md 6.1, check 2.
const ROOT: u16 = 0;
/// Mechanisms of a subnet. Source: chain.md 0, one mechanism.
const MECHANISMS: u8 = 1;

/// A row of weights that a hotkey wants to set, commit or reveal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Submission<'a> {
    /// Hotkey of the sender.
    pub hotkey: u64,
    /// Number of the subnet it is meant for.
    pub netuid: u16,
    /// Number of the mechanism it is meant for, 0 where there is one.
    pub mechanism: u8,
    /// Version of the sender's software.
    pub version_key: u64,
    /// Uids voted for, each once, in any order.
    pub uids: &'a [u16],
    /// Weight of each of them, on any scale: what is stored has 65535 as its largest.
    pub values: &'a [u16],
}

/// Why weights are refused. The order is that of the checks (chain.md 6.1), and the first that fails is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WeightRefusal {
    /// Check 1: weights were set where they have to be committed.
    CommitRevealOn,
    /// Commits only: weights were committed where they have to be set.
    CommitRevealOff,
    /// Check 2: the row is meant for the root network, which takes none.
    Root,
    /// Check 3: not every uid has a value.
    LengthsDiffer {
        /// Number of uids that were submitted.
        uids: usize,
        /// Number of values that were submitted.
        values: usize,
    },
    /// Check 4: the row is meant for this mechanism, which the subnet does not have.
    NoSuchMechanism(u8),
    /// Check 5: the row is longer than the subnet.
    TooLong {
        /// Length of the row.
        len: usize,
        /// Neurons of the subnet.
        n: usize,
    },
    /// Check 6: the sender holds no uid.
    NotRegistered,
    /// Check 7: the sender has too little stake, and is not the owner.
    NotEnoughStake {
        /// The sender's stake, root TAO by its weight \[rao\].
        stake: u64,
        /// Least stake that may set weights \[rao\].
        threshold: u64,
    },
    /// Check 8: the sender's software is too old.
    OldVersion {
        /// The sender's version key.
        key: u64,
        /// Least version key that is accepted.
        least: u64,
    },
    /// Check 9: the sender's last row, commit or registration is too recent.
    TooSoon {
        /// Time since then \[blocks\].
        blocks: u64,
        /// Blocks that must lie between two submissions \[blocks\].
        least: u64,
    },
    /// Check 10: the sender has no validator permit, is not the owner, and votes for others than itself.
    NoPermit,
    /// Check 11: this uid stands twice in the row.
    DuplicateUid(u16),
    /// Check 12: the row names this uid, which nobody holds.
    UnknownUid(u16),
    /// Check 13: the row is too short.
    TooFew {
        /// Length of the row.
        len: usize,
        /// Fewest weights that a row must hold.
        least: usize,
    },
    /// Check 15: one weight has too large a part of its row.
    TooLarge {
        /// Largest part of a row that one weight may have \[1/65535\].
        limit: u16,
    },
    /// Commits only: this many commits of the sender's wait from this epoch already.
    TooManyPending(usize),
}

impl fmt::Display for WeightRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CommitRevealOn => {
                f.write_str("commit-reveal is on: weights are committed, not set")
            }
            Self::CommitRevealOff => {
                f.write_str("commit-reveal is off: weights are set, not committed")
            }
            Self::Root => f.write_str("the root network takes no weights"),
            Self::LengthsDiffer { uids, values } => write!(f, "{uids} uids for {values} values"),
            Self::NoSuchMechanism(mechanism) => {
                write!(f, "the subnet has no mechanism {mechanism}")
            }
            Self::TooLong { len, n } => write!(f, "{len} weights for {n} neurons"),
            Self::NotRegistered => f.write_str("the hotkey is not registered"),
            Self::NotEnoughStake { stake, threshold } => {
                write!(f, "a stake of {stake} rao is below {threshold}")
            }
            Self::OldVersion { key, least } => write!(f, "version key {key} is below {least}"),
            Self::TooSoon { blocks, least } => {
                write!(f, "{blocks} blocks after the last update, {least} are due")
            }
            Self::NoPermit => f.write_str("the hotkey has no validator permit"),
            Self::DuplicateUid(uid) => write!(f, "uid {uid} stands twice"),
            Self::UnknownUid(uid) => write!(f, "there is no uid {uid}"),
            Self::TooFew { len, least } => write!(f, "{len} weights, {least} are due"),
            Self::TooLarge { limit } => {
                write!(f, "one weight is above {limit} / 65535 of its row")
            }
            Self::TooManyPending(count) => write!(f, "{count} commits of this epoch are pending"),
        }
    }
}

impl Error for WeightRefusal {}

/// What the checks read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Desk<'a> {
    pub(super) block: u64,
    pub(super) hyper: &'a Hyper,
    pub(super) neurons: &'a Neurons,
    pub(super) hotkeys: &'a Hotkeys,
    /// Alpha stake of each neuron \[rao\].
    pub(super) alpha: &'a [u64],
    /// Root TAO stake \[rao\].
    pub(super) root_tao: &'a [u64],
    pub(super) owner: Option<u16>,
}

impl Desk<'_> {
    /// Checks 1 to 15 of a row that is set at once; on success its uid, and `stored` has the row as it is stored.
    ///
    /// # Errors
    /// The first check that the row fails, in the chain's order.
    pub(super) fn admit(
        &self,
        row: &Submission<'_>,
        stored: &mut Prepared,
    ) -> Result<u16, WeightRefusal> {
        if self.hyper.commit_reveal {
            return Err(WeightRefusal::CommitRevealOn);
        }
        let uid = self.caller(row)?;
        self.rate(uid)?;
        self.row(uid, row, stored)?;
        Ok(uid)
    }

    /// Checks 2 to 8 and 10 to 15 of a row that was committed before.
    ///
    /// # Errors
    /// The first check that the row fails, in the chain's order.
    pub(super) fn reveal(
        &self,
        row: &Submission<'_>,
        stored: &mut Prepared,
    ) -> Result<u16, WeightRefusal> {
        let uid = self.caller(row)?;
        self.row(uid, row, stored)?;
        Ok(uid)
    }

    /// The same of a row that needs no more than seats: of its sender, and of whom it names.
    ///
    /// # Errors
    /// When the sender or one that the row names holds no uid.
    pub(super) fn reveal_trusted(
        &self,
        row: &Submission<'_>,
        stored: &mut Prepared,
    ) -> Result<u16, WeightRefusal> {
        let uid = self.registered(row.hotkey)?;
        stored.prepare(row.uids, row.values, self.neurons.count())?;
        Ok(uid)
    }

    /// What a commit needs: registration, stake and the rate limit (chain.md 6.2).
    ///
    /// # Errors
    /// The first check that the commit fails, in the chain's order.
    pub(super) fn commit(&self, hotkey: u64) -> Result<u16, WeightRefusal> {
        if !self.hyper.commit_reveal {
            return Err(WeightRefusal::CommitRevealOff);
        }
        let uid = self.registered(hotkey)?;
        self.staked(uid)?;
        self.rate(uid)?;
        Ok(uid)
    }

    /// Checks 2 to 8.
    fn caller(&self, row: &Submission<'_>) -> Result<u16, WeightRefusal> {
        let (len, n) = (row.uids.len(), self.neurons.count());
        if row.netuid == ROOT {
            return Err(WeightRefusal::Root);
        }
        if len != row.values.len() {
            return Err(WeightRefusal::LengthsDiffer { uids: len, values: row.values.len() });
        }
        if row.mechanism >= MECHANISMS {
            return Err(WeightRefusal::NoSuchMechanism(row.mechanism));
        }
        if len > n {
            return Err(WeightRefusal::TooLong { len, n });
        }
        let uid = self.registered(row.hotkey)?;
        self.staked(uid)?;
        let (key, least) = (row.version_key, self.hyper.weights_version_key);
        if least != 0 && key < least {
            return Err(WeightRefusal::OldVersion { key, least });
        }
        Ok(uid)
    }

    /// Checks 10 to 15; 14 is the upscaling.
    fn row(
        &self,
        uid: u16,
        row: &Submission<'_>,
        stored: &mut Prepared,
    ) -> Result<(), WeightRefusal> {
        let own_only = row.uids == [uid];
        if !self.neurons.permits[usize::from(uid)] && !self.is_owner(uid) && !own_only {
            return Err(WeightRefusal::NoPermit);
        }
        let n = self.neurons.count();
        stored.prepare(row.uids, row.values, n)?;
        let (len, least) = (row.uids.len(), usize::from(self.hyper.min_allowed_weights).min(n));
        if len < least && !own_only {
            return Err(WeightRefusal::TooFew { len, least });
        }
        let limit = self.hyper.max_weight_limit;
        if limit < u16::MAX && !own_only && largest_share(&stored.row) > I32F32::ratio(limit) {
            return Err(WeightRefusal::TooLarge { limit });
        }
        Ok(())
    }

    /// Check 6: the hotkey is registered; gives its uid.
    fn registered(&self, hotkey: u64) -> Result<u16, WeightRefusal> {
        self.hotkeys.uid(hotkey).ok_or(WeightRefusal::NotRegistered)
    }

    /// Check 7: the stake reaches the threshold.
    fn staked(&self, uid: u16) -> Result<(), WeightRefusal> {
        let threshold = self.hyper.stake_threshold;
        let root = U96F32::whole(self.root_tao[usize::from(uid)])
            .times(tao_weight_of(self.hyper.tao_weight));
        let stake = root.plus(U96F32::whole(self.alpha[usize::from(uid)])).floor();
        if stake < threshold && !self.is_owner(uid) {
            return Err(WeightRefusal::NotEnoughStake { stake, threshold });
        }
        Ok(())
    }

    /// Check 9: enough blocks have passed since the last submission.
    fn rate(&self, uid: u16) -> Result<(), WeightRefusal> {
        let updated = self.neurons.last_update[usize::from(uid)];
        let (blocks, least) =
            (self.block.saturating_sub(updated), self.hyper.weights_set_rate_limit);
        if updated != 0 && blocks < least {
            return Err(WeightRefusal::TooSoon { blocks, least });
        }
        Ok(())
    }

    /// Whether the uid is spared checks 7 and 10 as the owner's (chain.md 11.7).
    fn is_owner(&self, uid: u16) -> bool {
        self.owner == Some(uid) && self.hyper.runtime.is_owner_privileged
    }
}

/// The row that last passed checks 11 and 12, upscaled: validators that send the same one share the work.
#[derive(Debug, Default)]
pub(super) struct Prepared {
    uids: Vec<u16>,
    values: Vec<u16>,
    /// Number of neurons when the row was prepared.
    n: usize,
    /// The row as it is stored.
    pub(super) row: Row,
}

impl Prepared {
    /// Checks 11, 12 and the upscaling of 14, which depend on the row and the number of neurons alone.
    fn prepare(&mut self, uids: &[u16], values: &[u16], n: usize) -> Result<(), WeightRefusal> {
        if self.n == n && self.uids == uids && self.values == values {
            return Ok(());
        }
        self.n = 0;
        if let Some(twice) = duplicate(uids, n) {
            return Err(WeightRefusal::DuplicateUid(twice));
        }
        if let Some(&unknown) = uids.iter().find(|&&uid| usize::from(uid) >= n) {
            return Err(WeightRefusal::UnknownUid(unknown));
        }
        self.uids.clear();
        self.uids.extend_from_slice(uids);
        self.values.clear();
        self.values.extend_from_slice(values);
        self.row.clear();
        self.row.extend(uids.iter().copied().zip(values.iter().copied()));
        max_upscale(&mut self.row);
        self.n = n;
        Ok(())
    }
}

/// Words of a set of the uids that exist. Source: chain.md 1, at most 256 neurons.
const SET_WORDS: usize = 256 / 64;

/// A uid that stands twice.
fn duplicate(uids: &[u16], n: usize) -> Option<u16> {
    let mut seen = [0u64; SET_WORDS];
    uids.iter().enumerate().find_map(|(index, &uid)| {
        let (word, bit) = (usize::from(uid) / WORD, usize::from(uid) % WORD);
        let again = match seen.get_mut(word) {
            Some(word) if usize::from(uid) < n => {
                let again = *word >> bit & 1 == 1;
                *word |= 1 << bit;
                again
            }
            _ => uids[..index].contains(&uid),
        };
        again.then_some(uid)
    })
}

/// Bits of a word. Source: ours, u64.
const WORD: usize = 64;

/// Largest weight of a row as a share of its sum.
fn largest_share(row: &Row) -> I32F32 {
    let values = row.iter().map(|&(_, value)| u64::from(value));
    PartOf::of_bits(values.clone().sum()).share_bits(values.max().unwrap_or(0))
}
