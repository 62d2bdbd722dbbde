//! Samplers: how words become variates. Only + - * / sqrt and [`crate::base::math`], so the bits are the same everywhere.

mod alias;
mod gamma;
#[cfg(test)]
pub(crate) mod oracle;
mod ziggurat;

pub(crate) use alias::AliasTable;
pub(crate) use alias::weight_problems;
pub(crate) use gamma::Gamma;
pub(crate) use ziggurat::exponential;
pub(crate) use ziggurat::normal;
