//! A validator as it is simulated: its uid, its stake and when it looks.

use crate::base::ids::Uid;
use crate::base::units::Rao;
use crate::base::units::SimSpan;

/// A validator by itself.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ScenarioValidator {
    /// Name of the validator in the scenario.
    pub(crate) name: String,
    /// Uid of the validator's neuron.
    pub(crate) uid: Uid,
    /// Stake of the validator's hotkey [rao].
    pub(crate) stake: Rao,
    /// TAO that the validator has staked on root [rao].
    pub(crate) root_stake: Rao,
    /// How much later than others it looks.
    pub(crate) offset: SimSpan,
}
