//! `assay epoch` against the committed cases, the vectors, and the slow reference that the chain's own tests use.

#[cfg(test)]
mod cases;
#[cfg(test)]
#[path = "../../chain/tests/chain/generate.rs"]
mod generate;
#[cfg(test)]
#[path = "../../chain/tests/chain/numbers.rs"]
mod numbers;
#[cfg(test)]
#[path = "../../chain/tests/chain/reference.rs"]
mod reference;
#[cfg(test)]
mod refusals;
#[cfg(test)]
mod vectors;
