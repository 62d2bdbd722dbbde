//! The model's arithmetic, a folder a kernel: its shader, which opens with the mathematics, its CPU reference, its test.
#![expect(
    clippy::inline_always,
    reason = "a leaf is compiled for the instructions of the kernel that it is part of"
)]

pub mod activation;
pub mod attention;
pub(crate) mod feed;
pub mod lanes;
pub mod layer_norm;
pub(crate) mod maths;
pub mod matmul;
pub mod patch;
pub mod peak;
pub mod sampler;
pub(crate) mod shader;
mod unroll;
