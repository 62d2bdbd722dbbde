//! Tests from outside: whole images, the model's own vectors, the command line, the source text.

#[cfg(test)]
mod adapter;
#[cfg(test)]
mod agreement;
#[cfg(test)]
mod classes;
#[cfg(test)]
mod command;
#[cfg(test)]
mod common;
#[cfg(test)]
mod measured;
#[cfg(test)]
mod served;
#[cfg(test)]
mod survey;
#[cfg(test)]
mod tensors;
#[cfg(test)]
mod tidy;
#[cfg(test)]
mod validation;
#[cfg(test)]
mod vectors;
