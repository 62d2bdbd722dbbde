//! What would the chain pay? Epochs, emission and registration of one Bittensor subnet, in integers only: what comes out
//! is what the chain pays, to the rao.
//!
//! # What an epoch is
//!
//! Every block the chain mints alpha, the subnet's token, and books it to its owner, its miners and its validators. Every
//! *tempo* blocks an **epoch** hands out what is pending. It reads, for each uid, its stake, its row of weights (a
//! validator's votes for other uids) and its row of bonds (what a validator's votes of before are worth), and runs Yuma
//! Consensus:
//!
//! 1. stake above a threshold is normalised; who was active and has a permit has a say;
//! 2. for each miner, the consensus is the largest weight that a majority of that stake gives it at least;
//! 3. weights above the consensus are clipped to it; a miner's *incentive* is what is left, weighted by stake;
//! 4. bonds move toward the weights; a validator's *dividend* is its share of the bonds in each miner, by the incentive;
//! 5. incentives and dividends share out what is pending, as a rule one half each.
//!
//! # Where to begin
//!
//! | to ask for | begin with |
//! |---|---|
//! | a subnet that lives: blocks, weights, epochs, newcomers | [`Subnet`], made of a [`Genesis`]; each epoch gives a [`Settlement`] and [`Payouts`] |
//! | one epoch of a state at hand, such as a stored metagraph | [`Epoch::run`] on a [`State`]; [`Neurons`] carries the state from one epoch to the next |
//! | the parameters | [`Hyper`], whose default is that of a new subnet |
//! | who gets the rao of an epoch | [`Payouts::distribute`] |
//! | what a block mints, and for whom | [`block_emission`], [`emit_block`] |
//! | in which block an epoch fires | [`Trigger`] |
//! | what a registration costs, and who leaves | [`Price`], [`Pruning`], [`Charge`], [`Collateral`] |
//! | the rules of another runtime | [`Runtime::of`], for [`Hyper::at`]; [`Subnet::upgrade`] on the way |
//! | why the chain says no | [`WeightRefusal`], [`RegistrationRefusal`] |
//!
//! An exact epoch of one validator that gives two miners 1 and 3 parts (`examples/epoch.rs` has a larger one):
//!
//! ```
//! use assay_chain::Genesis;
//! use assay_chain::Hyper;
//! use assay_chain::Submission;
//! use assay_chain::Subnet;
//!
//! let hyper = Hyper { commit_reveal: false, ..Hyper::default() };
//! let mut subnet = Subnet::new(Genesis { hyper, ..Genesis::default() });
//! for hotkey in 100..103 {
//!     subnet.seat(hotkey);
//! }
//! subnet.set_stake(0, 5_000_000_000_000);
//!
//! // Who has stake gets a permit to vote from the first epoch, after 360 blocks.
//! subnet.advance_to(360);
//! subnet.run_epoch();
//! subnet.set_weights(&Submission {
//!     hotkey: 100,
//!     netuid: 11,
//!     mechanism: 0,
//!     version_key: 0,
//!     uids: &[1, 2],
//!     values: &[1, 3],
//! })?;
//!
//! subnet.advance_to(720);
//! let settled = subnet.run_epoch().expect("a tempo has passed");
//! assert_eq!(settled.minted, 360_000_000_000);
//! assert_eq!(settled.owner, 64_798_351_920);
//! // A half of the 295_201_647_360 rao to share out, in parts of 1 and 3.
//! assert_eq!(subnet.payouts().incentive, [0, 36_900_205_920, 110_700_617_760]);
//! # Ok::<(), assay_chain::WeightRefusal>(())
//! ```
//!
//! # Units
//!
//! | what | is |
//! |---|---|
//! | an amount | rao, 10^-9 of a token: `u64`, sums of many `u128` |
//! | a time | blocks, nominally of 12 s: `u64` |
//! | a stored proportion (a weight, a bond, a parameter) | `u16`, 65535 for 1 |
//! | a computed proportion | [`I32F32`], 2^32 for 1 |
//! | an amount in parts | [`U96F32`], 2^32 for 1 rao |
//! | a uid | `u16`, the place of a neuron in the subnet and in every slice |
//! | a hotkey | `u64`, a name of the caller's choice |
//!
//! There is no floating-point number in here, no clock, no randomness, and no thread: a result is a function of what was
//! called, the same on every machine.
//!
//! # Which rules
//!
//! Those of subtensor as the specification `chain.md` tells them, by runtime: [`Hyper::runtime`] says which, and the table at
//! the end of this page what changed in each. The default is runtime 425. Each file follows a section:
//!
//! | file | chain.md | |
//! |---|---|---|
//! | `runtime` | 0.1, 11 | what changed in which version |
//! | `fixed`, `wide` | 2 | numbers with the chain's rounding |
//! | `emission` | 3.1, 3.3, 11.5 | what a block mints, and its split |
//! | `trigger` | 3.4, 11.1 | when an epoch fires |
//! | `epoch/stake` | 4.1 to 4.4 | activity, stake, permits |
//! | `epoch/weights`, `epoch/masks` | 4.5 | weights, and which of them are left out |
//! | `epoch/consensus`, `epoch/search`, `epoch/vectors` | 4.6 | the majority's weight |
//! | `epoch/incentive` | 4.7 | clipping, trust, incentive |
//! | `epoch/bonds`, `epoch/liquid` | 4.8, 11.6 | bonds, dividends, liquid alpha |
//! | `epoch/emission` | 4.9, 11.3 | shares, rao, pruning scores |
//! | `neurons` | 4.10, 7.5, 11.4 | what is stored between epochs |
//! | `payout`, `subnet/settle` | 5, 11.5 | who is paid |
//! | `admission` | 6.1 | which weights are taken |
//! | `subnet/commits` | 6.2, 6.3 | commit and reveal |
//! | `registration/price`, `registration/pruning`, `subnet/entry` | 7, 11.2, 11.3 | price, immunity, pruning, replacement |
//! | `registration/collateral` | 12 | what a registration locks |
//! | `mechanisms` | 13 | what several mechanisms share |
//! | `hyper` | 8 | parameters |
//! | `subnet/blocks` | 3 | what passes with the blocks |
//!
//! `epoch/layout` follows none: it finds what is equal, so that it is computed once. Left out are the other subnets, the
//! pool and the price of alpha, nominators' share pools and child keys (chain.md 0 says what stands in for them). Several
//! mechanisms are functions here ([`split_emission`], [`add_weighted`]); [`Subnet`] runs one.
//!
//! # The life of a seat
//!
//! [`Subnet::register_as`] takes an [`Applicant`] or says which check of the chain refuses it; [`Registered`] tells the price, what
//! was burned and locked, and the [`Leaver`] whose uid it took, whose stake is given back to the caller. Pending commits and
//! collateral stay with hotkeys, not uids. [`Subnet::charge_of`] and [`Subnet::price`] tell a price before it is paid,
//! [`Subnet::neuron_to_prune`] who would have to leave, [`Subnet::settled`] what a payout locked and released.
//!
//! # Features
//!
//! `simd` (default) searches the consensus with vector instructions, chosen at run time, through `pulp`, the only
//! dependency. Without it there is none, and the same bits come out, a little later.
//!
#![doc = include_str!("../RUNTIMES.md")]
#![forbid(unsafe_code)]
#![deny(clippy::float_arithmetic)]

mod admission;
mod emission;
mod epoch;
mod fixed;
mod hotkeys;
mod hyper;
mod mechanisms;
mod neurons;
mod payout;
mod registration;
mod runtime;
mod subnet;
mod trigger;
mod wide;

pub use admission::Submission;
pub use admission::WeightRefusal;
pub use emission::BLOCK_EMISSION;
pub use emission::BlockSplit;
pub use emission::JointSplit;
pub use emission::SUPPLY;
pub use emission::SplitRule;
pub use emission::block_emission;
pub use emission::emit_block;
pub use emission::emit_block_jointly;
pub use emission::next_change;
pub use emission::root_proportion;
pub use epoch::Epoch;
pub use epoch::Row;
pub use epoch::State;
pub use fixed::I32F32;
pub use fixed::max_upscale;
pub use hyper::ActivityCutoff;
pub use hyper::ConsensusMode;
pub use hyper::Hyper;
pub use hyper::OwnerPay;
pub use hyper::TAO_WEIGHT;
pub use hyper::tao_weight_of;
pub use mechanisms::add_weighted;
pub use mechanisms::mechanism_weight;
pub use mechanisms::split_emission;
pub use neurons::Moment;
pub use neurons::Neurons;
pub use payout::PayoutInput;
pub use payout::Payouts;
pub use payout::Pending;
pub use registration::Charge;
pub use registration::Collateral;
pub use registration::Price;
pub use registration::Pruning;
pub use registration::RegistrationRefusal;
pub use registration::Settled;
pub use registration::decay_factor;
pub use registration::immortal_uids;
pub use runtime::CutoffRule;
pub use runtime::DividendRule;
pub use runtime::Inheritance;
pub use runtime::LastTempoRule;
pub use runtime::PendingRule;
pub use runtime::PriceRule;
pub use runtime::PruningRule;
pub use runtime::Runtime;
pub use runtime::UnknownRuntime;
pub use subnet::Applicant;
pub use subnet::Genesis;
pub use subnet::Leaver;
pub use subnet::Registered;
pub use subnet::Settlement;
pub use subnet::Subnet;
pub use trigger::Trigger;
pub use trigger::TriggerRule;
pub use wide::U96F32;
