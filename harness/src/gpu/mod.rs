//! The device: finding it, talking to it, and every way in which it can fail.

pub mod adapter;
pub mod device;
mod pipelines;
pub mod single;
mod spirv;
mod timing;

pub(crate) use pipelines::Parameters;
pub(crate) use pipelines::Pipelines;
pub(crate) use timing::Stopwatch;
