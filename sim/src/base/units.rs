//! Newtypes for time and money: no bare number crosses a module with a unit in its head.

use crate::base::math;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;
use std::fmt;
use std::iter::Sum;
use std::ops::Add;
use std::ops::AddAssign;
use std::ops::Sub;

/// Nanoseconds in a second.
pub(crate) const NANOS_PER_SECOND: u64 = 1_000_000_000;
/// Nanoseconds in a millisecond.
pub(crate) const NANOS_PER_MS: u64 = 1_000_000;
/// Rao in a token.
pub(crate) const RAO_PER_TOKEN: u64 = 1_000_000_000;

/// An instant: nanoseconds since the scenario's start \[ns\].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SimTime(pub u64);

/// A length of time \[ns\].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SimSpan(pub u64);

/// Money in the chain's smallest unit, 1e-9 of a token \[rao\].
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
pub struct Rao(pub u64);

/// Stake as the router sees it: whole alpha tokens, rounded down \[alpha\].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Alpha(pub u64);

impl SimTime {
    /// An instant later than any that happens: "never".
    pub const NEVER: Self = Self(u64::MAX);

    /// Whole milliseconds since the start, rounded down, as the orchestrator stores them \[ms\].
    #[must_use]
    pub fn whole_ms(self) -> u64 {
        self.0 / NANOS_PER_MS
    }

    /// The instant `ms` milliseconds after the start.
    #[must_use]
    pub fn from_ms(ms: u64) -> Self {
        Self(ms.saturating_mul(NANOS_PER_MS))
    }

    /// Time since an `earlier` instant.
    ///
    /// # Panics
    /// When `earlier` is later: effects do not come before their causes.
    #[must_use]
    pub fn since(self, earlier: Self) -> SimSpan {
        SimSpan(self.0.checked_sub(earlier.0).expect("an effect cannot come before its cause"))
    }

    /// Seconds since the start \[s\].
    #[must_use]
    pub fn seconds(self) -> f64 {
        math::float(self.0) / math::float(NANOS_PER_SECOND)
    }
}

impl SimSpan {
    /// No time at all.
    pub const ZERO: Self = Self(0);

    /// A span of `ms` whole milliseconds.
    #[must_use]
    pub fn from_ms(ms: u64) -> Self {
        Self(ms.saturating_mul(NANOS_PER_MS))
    }

    /// `ns` nanoseconds, rounded to the nearest; what is negative is no time at all.
    ///
    /// # Panics
    /// When `ns` is not a number.
    #[must_use]
    pub fn from_ns(ns: f64) -> Self {
        Self(math::round_to_u64(ns))
    }

    /// `ms` milliseconds, rounded to the nearest nanosecond.
    #[must_use]
    pub fn from_ms_f64(ms: f64) -> Self {
        Self::from_ns(ms * math::float(NANOS_PER_MS))
    }

    /// `seconds`, rounded to the nearest nanosecond.
    #[must_use]
    pub fn from_seconds(seconds: f64) -> Self {
        Self::from_ns(seconds * math::float(NANOS_PER_SECOND))
    }

    /// Whole milliseconds, rounded down \[ms\].
    #[must_use]
    pub fn whole_ms(self) -> u64 {
        self.0 / NANOS_PER_MS
    }

    /// The span in seconds, rounded to the nearest float \[s\].
    #[must_use]
    pub fn seconds(self) -> f64 {
        math::float(self.0) / math::float(NANOS_PER_SECOND)
    }

    /// The shortest multiple of `step` that is not shorter; the same when `step` is 0.
    #[must_use]
    pub fn up_to_multiple_of(self, step: Self) -> Self {
        if step.0 == 0 { self } else { Self(self.0.div_ceil(step.0).saturating_mul(step.0)) }
    }
}

impl Rao {
    /// `tokens` of alpha or TAO, rounded to the nearest rao.
    #[must_use]
    pub fn from_tokens(tokens: f64) -> Self {
        Self(math::round_to_u64(tokens * math::float(RAO_PER_TOKEN)))
    }

    /// The amount in tokens, rounded to the nearest float \[alpha\].
    #[must_use]
    pub fn tokens(self) -> f64 {
        math::float(self.0) / math::float(RAO_PER_TOKEN)
    }

    /// Whole tokens, rounded down.
    #[must_use]
    pub fn whole(self) -> Alpha {
        Alpha(self.0 / RAO_PER_TOKEN)
    }
}

impl Add<SimSpan> for SimTime {
    type Output = Self;
    fn add(self, span: SimSpan) -> Self {
        Self(self.0.saturating_add(span.0))
    }
}

impl Add for SimSpan {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Sub for Rao {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0.checked_sub(other.0).expect("no balance is negative"))
    }
}

impl Add for Rao {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.checked_add(other.0).expect("all money ever minted fits 64 bits"))
    }
}

impl AddAssign for Rao {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sum for Rao {
    fn sum<I: Iterator<Item = Self>>(each: I) -> Self {
        each.fold(Self(0), Add::add)
    }
}

impl fmt::Display for Rao {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} rao", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn milliseconds_are_cut_not_rounded() {
        assert_eq!(SimTime(1_999_999).whole_ms(), 1);
        assert_eq!(SimSpan(999_999).whole_ms(), 0);
    }

    #[test]
    fn the_polling_grid_rounds_up_and_keeps_what_lies_on_it() {
        let step = SimSpan::from_ms(500);
        assert_eq!(SimSpan::from_ms(501).up_to_multiple_of(step), SimSpan::from_ms(1000));
        assert_eq!(SimSpan::from_ms(1000).up_to_multiple_of(step), SimSpan::from_ms(1000));
        assert_eq!(SimSpan::ZERO.up_to_multiple_of(step), SimSpan::ZERO);
        assert_eq!(SimSpan(7).up_to_multiple_of(SimSpan::ZERO), SimSpan(7));
    }

    #[test]
    #[should_panic(expected = "no balance is negative")]
    fn money_cannot_go_below_zero() {
        assert_eq!(Rao(1) - Rao(2), Rao(0));
    }
}
