//! Reading a case: every value knows its place, so that what is malformed can be named.

use crate::model::rules::OrchestratorRules;
use crate::model::rules::Version;
use crate::model::scoring;
use serde_json::Value;

/// A value and where it stands.
#[derive(Clone, Debug)]
pub(super) struct At<'v> {
    /// The value that stands there.
    pub(super) value: &'v Value,
    path: String,
}

impl<'v> At<'v> {
    /// `value`, which stands at `path`.
    pub(super) fn new(value: &'v Value, path: &str) -> Self {
        Self { value, path: path.to_string() }
    }

    /// What is wrong here, and what would be right.
    pub(super) fn malformed(&self, allowed: &str) -> String {
        let mut text = self.value.to_string();
        if text.chars().count() > SHOWN_CHARACTERS {
            text = text.chars().take(SHOWN_CHARACTERS).chain("…".chars()).collect();
        }
        format!("{}: is {text}, allowed: {allowed}", self.path)
    }

    /// The value under `key`; none when it is absent or null.
    pub(super) fn get(&self, key: &str) -> Option<Self> {
        let value = self.value.get(key).filter(|value| !value.is_null())?;
        Some(Self { value, path: format!("{} {key}", self.path) })
    }

    /// The value under `key`, which must be there.
    ///
    /// # Errors
    /// When the key is not there.
    pub(super) fn need(&self, key: &str) -> Result<Self, String> {
        self.get(key).ok_or_else(|| format!("{}: lacks {key}", self.path))
    }

    /// The items of a list.
    ///
    /// # Errors
    /// When the value is no list.
    pub(super) fn items(&self) -> Result<Vec<Self>, String> {
        let Value::Array(items) = self.value else { return Err(self.malformed("a list")) };
        let item = |(index, value)| Self { value, path: format!("{}[{index}]", self.path) };
        Ok(items.iter().enumerate().map(item).collect())
    }

    /// The entries of an object, in their order.
    ///
    /// # Errors
    /// When the value is no object.
    pub(super) fn entries(&self) -> Result<Vec<(&'v str, Self)>, String> {
        let Value::Object(entries) = self.value else { return Err(self.malformed("an object")) };
        let entry = |(key, value): (&'v String, &'v Value)| {
            (key.as_str(), Self { value, path: format!("{} {key}", self.path) })
        };
        Ok(entries.iter().map(entry).collect())
    }

    /// The value as a finite number.
    ///
    /// # Errors
    /// When the value is no number.
    pub(super) fn number(&self) -> Result<f64, String> {
        self.value.as_f64().ok_or_else(|| self.malformed("a number"))
    }

    /// A number where production would find one: a numeric string and a truth value count too; none where it would not.
    pub(super) fn parsable(&self) -> Option<f64> {
        match self.value {
            Value::Number(number) => number.as_f64(),
            Value::String(text) => scoring::parse_number(text),
            Value::Bool(truth) => Some(f64::from(u8::from(*truth))),
            Value::Null | Value::Array(_) | Value::Object(_) => None,
        }
    }

    /// A whole number from 0.
    ///
    /// # Errors
    /// When the value is no whole number from 0 on.
    pub(super) fn count(&self) -> Result<u64, String> {
        self.value.as_u64().ok_or_else(|| self.malformed("a whole number from 0"))
    }

    /// Whole milliseconds: what is negative counts as 0, a fraction is cut.
    ///
    /// # Errors
    /// When the value is no number.
    pub(super) fn whole_ms(&self) -> Result<u64, String> {
        Ok(crate::base::math::trunc_to_u64(self.number()?))
    }

    /// The value as true or false.
    ///
    /// # Errors
    /// When the value is neither true nor false.
    pub(super) fn truth(&self) -> Result<bool, String> {
        self.value.as_bool().ok_or_else(|| self.malformed("true or false"))
    }

    /// The value as a text.
    ///
    /// # Errors
    /// When the value is no text.
    pub(super) fn text(&self) -> Result<&'v str, String> {
        self.value.as_str().ok_or_else(|| self.malformed("a text"))
    }
}

/// Characters of a malformed value that a message shows.
const SHOWN_CHARACTERS: usize = 60;

/// The number under `key`, or `default`.
///
/// # Errors
/// When the value is there and is no number.
pub(super) fn number_or(at: &At<'_>, key: &str, default: f64) -> Result<f64, String> {
    at.get(key).map_or(Ok(default), |inner| inner.number())
}

/// The count under `key`, or `default`.
///
/// # Errors
/// When the value is there and is no whole number from 0 on.
pub(super) fn count_or(at: &At<'_>, key: &str, default: u64) -> Result<u64, String> {
    at.get(key).map_or(Ok(default), |inner| inner.count())
}

/// The truth under `key`, or `default`.
///
/// # Errors
/// When the value is there and is neither true nor false.
pub(super) fn truth_or(at: &At<'_>, key: &str, default: bool) -> Result<bool, String> {
    at.get(key).map_or(Ok(default), |inner| inner.truth())
}

/// The text under `key`, or `default`.
///
/// # Errors
/// When the value is there and is no text.
pub(super) fn text_or<'v>(at: &At<'v>, key: &str, default: &'v str) -> Result<&'v str, String> {
    at.get(key).map_or(Ok(default), |inner| inner.text())
}

/// The rules of the case's version of the orchestrator: a name or a commit; a date may follow. Head where none is named.
///
/// # Errors
/// When the version is none that is known.
pub(super) fn rules(case: &At<'_>) -> Result<OrchestratorRules, String> {
    let Some(named) = case.get("version") else { return Ok(OrchestratorRules::of(Version::Head)) };
    let word = named.text()?.split_whitespace().next().unwrap_or_default();
    Version::parse(word).map(OrchestratorRules::of).ok_or_else(|| {
        named.malformed("v001, head, or seven digits of a commit of spec/offchain.md")
    })
}
