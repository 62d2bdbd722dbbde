//! Integers of a case file: exact, and refused with their range.

use serde::Deserialize;
use serde::Deserializer;
use serde::Serialize;
use serde::de;
use serde::de::Visitor;
use std::fmt;
use std::marker::PhantomData;

/// An integer type that a case file uses.
pub(super) trait Integer: Copy + TryFrom<i128> + TryFrom<u128> + fmt::Display {
    /// Smallest number that the type holds.
    const LEAST: Self;
    /// Largest number that the type holds.
    const MOST: Self;
}

impl Integer for u16 {
    const LEAST: Self = Self::MIN;
    const MOST: Self = Self::MAX;
}

impl Integer for i16 {
    const LEAST: Self = Self::MIN;
    const MOST: Self = Self::MAX;
}

impl Integer for u64 {
    const LEAST: Self = Self::MIN;
    const MOST: Self = Self::MAX;
}

/// A number of type `T`, whose refusal names value and range.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Whole<T>(pub(super) T);

/// A row of (uid, value).
pub(super) type RowCase = Vec<(Whole<u16>, Whole<u16>)>;

struct WholeVisitor<T>(PhantomData<T>);

impl<T: Integer> Visitor<'_> for WholeVisitor<T> {
    type Value = Whole<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an integer of {}..={}", T::LEAST, T::MOST)
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Self::Value, E> {
        let wrong = |()| E::invalid_value(de::Unexpected::Unsigned(value), &self);
        T::try_from(u128::from(value)).map(Whole).map_err(|_| ()).map_err(wrong)
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Self::Value, E> {
        let wrong = |()| E::invalid_value(de::Unexpected::Signed(value), &self);
        T::try_from(i128::from(value)).map(Whole).map_err(|_| ()).map_err(wrong)
    }
}

impl<'de, T: Integer> Deserialize<'de> for Whole<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_u64(WholeVisitor(PhantomData))
    }
}

/// Reads a value whose key may be absent but, where it stands, is not null.
///
/// # Errors
/// What the type says of a value that it cannot be.
pub(super) fn given<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    T::deserialize(deserializer).map(Some)
}

/// Reads a value whose key must stand and may be null.
///
/// # Errors
/// What the type says of a value that it cannot be; when the key is not there.
pub(super) fn nullable<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Option::deserialize(deserializer)
}
