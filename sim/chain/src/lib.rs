//! The chain, in integers only: what we print as emission is what the chain would pay, to the rao.
//!
//! The rules are those of subtensor at the commit that chain.md names; each file says which section it follows. The
//! module knows nothing of the rest of the crate. Amounts are rao, blocks are numbers, proportions are fixed point.

mod admission;
mod emission;
mod epoch;
mod fixed;
mod hyper;
mod neurons;
mod payout;
mod registration;
mod subnet;
mod trigger;
mod wide;

pub use admission::Submission;
pub use admission::WeightRefusal;
pub use emission::BLOCK_EMISSION;
pub use emission::BlockSplit;
pub use emission::SUPPLY;
pub use emission::SplitRule;
pub use emission::block_emission;
pub use emission::emit_block;
pub use emission::next_change;
pub use emission::root_proportion;
pub use epoch::Epoch;
pub use epoch::Row;
pub use epoch::State;
pub use fixed::I32F32;
pub use fixed::max_upscale;
pub use hyper::ActivityCutoff;
pub use hyper::Hyper;
pub use hyper::OwnerPay;
pub use hyper::TAO_WEIGHT;
pub use hyper::tao_weight_of;
pub use neurons::Moment;
pub use neurons::Neurons;
pub use payout::Distribution;
pub use payout::Payouts;
pub use registration::Price;
pub use registration::Pruning;
pub use registration::RegistrationRefusal;
pub use subnet::Genesis;
pub use subnet::Leaver;
pub use subnet::Registered;
pub use subnet::Settlement;
pub use subnet::Subnet;
pub use trigger::Trigger;
pub use trigger::TriggerRule;
pub use wide::U96F32;
