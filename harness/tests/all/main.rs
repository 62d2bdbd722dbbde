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
mod tensors;
#[cfg(test)]
mod tidy;
#[cfg(test)]
mod vectors;
