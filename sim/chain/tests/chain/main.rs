//! The chain against its specification: vectors, a slow reference, hand-worked cases, properties.

#[cfg(test)]
mod admission;
#[cfg(test)]
mod four_seats;
#[cfg(test)]
mod generate;
#[cfg(test)]
mod life;
#[cfg(test)]
mod numbers;
#[cfg(test)]
mod package;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod random;
#[cfg(test)]
mod ranges;
#[cfg(test)]
mod reference;
#[cfg(test)]
mod registration;
#[cfg(test)]
mod slow;
#[cfg(test)]
mod subnet;
