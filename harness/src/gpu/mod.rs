//! The device: finding it, talking to it, and every way in which it can fail.

pub(crate) mod adapter;
pub(crate) mod device;
mod pipelines;
pub(crate) mod single;
mod spirv;
#[cfg(test)]
pub(crate) mod testing;
mod timing;

pub(crate) use pipelines::Parameters;
pub(crate) use pipelines::Pipelines;
pub(crate) use timing::Stopwatch;
