//! The chain against its specification: vectors, a slow reference, hand-worked cases, properties.

mod admission;
mod cases;
mod generate;
mod properties;
mod random;
mod reference;
mod refusals;
mod registration;
mod subnet;
mod vectors;
