//! # Assay harness: real image generation behind the simulator's seam
//!
//! The simulator asks a miner's backend to do a piece of work and to say how long it took and what came out. Here that
//! backend is a real image model, run on the CPU or in wgpu compute shaders. The harness adds backends and nothing else:
//! routing, scoring, validators, chain and every behaviour of an operator, honest or not, belong to `assay-sim`.
//!
//! Floors, lowest first (a module imports only from floors below its own):
//!
//! | module | what it is |
//! |---|---|
//! | [`kernels`] | the model's arithmetic: a shader, its CPU reference and its test, a folder each |
//! | `model` | sizes, weights, noise and times of the image model |
//! | `gpu` | the device: choosing, opening, pipelines, faults, time |
//! | `backend` | who makes the images: `cpu`, `wgpu` |
//! | `receipt` | what shows how an image came to be |
//! | `picture` | images as PNG |
//! | `timed` | the seam: a miner's work, computed and measured |
//! | `cli` | the commands of `assay-harness` |
//!
//! ## Glossary
//!
//! | word | means |
//! |---|---|
//! | token | a patch of 2 x 2 pixels, and what the transformer makes of it |
//! | latents | all tokens of an image between two steps |
//! | request | one image to be made: seed, class, steps, guidance |
//! | painting | a finished image with the hashes of its steps |
//! | slot | a class that images of a batch share the conditioning of |
//! | software | a processor that plays a device; never called a GPU |

mod backend;
mod cli;
mod gpu;
pub mod kernels;
mod model;
mod picture;
mod receipt;
mod timed;

pub use backend::Generation;
pub use backend::ImageBackend;
pub use backend::ImageRequest;
pub use backend::KernelTime;
pub use backend::Maker;
pub use backend::Refusal;
pub use backend::cpu::Cpu;
pub use backend::wgpu::Wgpu;
pub use cli::main;
pub use gpu::adapter::Adapter;
pub use gpu::adapter::AdapterChoice;
pub use gpu::adapter::AdapterError;
pub use gpu::adapter::AdapterKind;
pub use gpu::adapter::Description;
pub use gpu::adapter::choose as choose_adapter;
pub use gpu::adapter::list as list_adapters;
pub use gpu::device::Device;
pub use gpu::device::DeviceError;
pub use model::shape::ModelShape;
pub use model::shape::ShapeError;
pub use model::weights::DIGITS_SHA256;
pub use model::weights::ModelWeights;
pub use model::weights::WeightsError;
pub use receipt::Receipt;
pub use receipt::ReceiptDifference;
pub use receipt::ReceiptError;
pub use timed::Shared;
pub use timed::Timed;
