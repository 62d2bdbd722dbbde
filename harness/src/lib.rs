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
//! | [`model`] | sizes, weights, noise and times of the image model |
//! | [`backend`] | who makes the images: `cpu`, `wgpu` |
//! | `cli` | the commands of `assay-harness` |

pub mod backend;
mod cli;
pub mod gpu;
pub mod kernels;
pub mod model;

pub use cli::main;
