//! Tests from outside: the command line as its users call it, and the source text itself.

#[cfg(test)]
mod arrivals;
#[cfg(test)]
mod bad_input;
#[cfg(test)]
mod breadth;
#[cfg(test)]
mod check;
#[cfg(test)]
mod citations;
#[cfg(test)]
mod commands;
#[cfg(test)]
mod common;
#[cfg(test)]
mod comparison;
#[cfg(test)]
mod coupling;
#[cfg(test)]
mod determinism;
#[cfg(test)]
mod engine_replay;
#[cfg(test)]
mod error_rates;
#[cfg(test)]
mod explain;
#[cfg(test)]
mod face;
#[cfg(test)]
mod files;
#[cfg(test)]
mod fit;
#[cfg(test)]
mod fit_worlds;
#[cfg(test)]
mod folders;
#[cfg(test)]
mod guard;
#[cfg(test)]
mod keys;
#[cfg(test)]
mod legend;
#[cfg(test)]
mod listed;
#[cfg(test)]
mod named;
#[cfg(test)]
mod october;
#[cfg(test)]
mod output_vectors;
#[cfg(test)]
mod overload;
#[cfg(test)]
mod pages;
#[cfg(test)]
mod ranges;
#[cfg(test)]
mod rates;
#[cfg(test)]
mod recording;
#[cfg(test)]
mod reference;
#[cfg(test)]
mod replay;
#[cfg(test)]
mod report;
#[cfg(test)]
mod rule;
#[cfg(test)]
mod runtimes;
#[cfg(test)]
mod seal;
#[cfg(test)]
mod shipped;
#[cfg(test)]
mod sweep;
#[cfg(test)]
mod theory;
#[cfg(test)]
mod tidy;
#[cfg(test)]
mod uncertain;
#[cfg(test)]
mod unknown;
#[cfg(test)]
mod validate;
#[cfg(test)]
mod verdicts;
#[cfg(test)]
mod verify;
#[cfg(test)]
mod wording;
#[cfg(test)]
mod words;
