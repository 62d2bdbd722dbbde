//! A validator by itself.

use crate::base::ids::Uid;
use crate::base::units::Rao;
use crate::base::units::SimSpan;

/// A validator by itself.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Validator {
    /// Name of the validator in the scenario.
    pub(crate) name: String,
    /// Its place on the chain.
    pub(crate) uid: Uid,
    /// Stake of the validator's hotkey [rao].
    pub(crate) stake: Rao,
    /// Its TAO on root.
    pub(crate) root_stake: Rao,
    /// How much later than others it looks.
    pub(crate) offset: SimSpan,
}
