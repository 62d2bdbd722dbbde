//! Registration: what it costs, what of it is locked, and who has to leave (chain.md 7.1 to 7.4, 11.2, 11.3 and 12).

mod collateral;
mod price;
mod pruning;

pub use collateral::Charge;
pub use collateral::Collateral;
pub(crate) use collateral::CollateralBook;
pub use collateral::Settled;
use core::error::Error;
use core::fmt;
pub(crate) use price::Limit;
pub use price::Price;
pub use price::decay_factor;
pub use pruning::Pruning;
pub use pruning::immortal_uids;

/// Why a registration is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RegistrationRefusal {
    /// Before runtime 401: the block has taken as many as it may.
    BlockFull {
        /// Most registrations a block.
        most: u16,
    },
    /// Before runtime 401: the interval has taken as many as it may.
    IntervalFull {
        /// Most registrations an interval.
        most: u64,
    },
    /// The price is above what the caller wants to pay.
    AboveLimit {
        /// Price of a registration at the moment \[rao\].
        price: u64,
        /// Highest price that the caller accepts \[rao\].
        limit: u64,
    },
    /// The subnet takes none.
    Closed,
    /// The hotkey has a uid already.
    Present {
        /// Uid that the hotkey holds already.
        uid: u16,
    },
    /// What is to be paid is above what the caller has.
    NotAffordable {
        /// What is to be paid \[rao\]: the price, less what locked alpha covers of it.
        price: u64,
        /// What the caller has \[rao\].
        purse: u64,
    },
    /// The subnet is full and every neuron is protected.
    NobodyToPrune,
}

impl fmt::Display for RegistrationRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BlockFull { most } => {
                write!(f, "the block has taken {most} registrations already")
            }
            Self::IntervalFull { most } => {
                write!(f, "the interval has taken {most} registrations already")
            }
            Self::AboveLimit { price, limit } => {
                write!(f, "the price of {price} rao is above the limit of {limit} rao")
            }
            Self::Closed => f.write_str("registration is closed"),
            Self::Present { uid } => {
                write!(f, "the hotkey is registered already, as uid {uid}")
            }
            Self::NotAffordable { price, purse } => {
                write!(f, "the price of {price} rao is above the {purse} rao at hand")
            }
            Self::NobodyToPrune => f.write_str("the subnet is full and no neuron can be pruned"),
        }
    }
}

impl Error for RegistrationRefusal {}
