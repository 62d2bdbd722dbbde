//! Registration: a family is a folder of interchangeable members, and a member is one file and one line.
//!
//! The line in the family's `mod.rs` makes the scenario's enum, the list for `assay list`, the schema and the checks.

use crate::base::wording;
use serde::Serialize;
use std::fmt;
use std::sync::Arc;

/// What every member says about itself.
pub(crate) trait Doc {
    /// Its name in scenario files.
    const NAME: &'static str;
    /// What it is, in one sentence.
    const ABOUT: &'static str;
    /// Where it comes from: a paper and equation, a file and commit, or "ours, because ...".
    const SOURCE: &'static str;
    /// A TOML table that uses it, beginning `[name]`.
    const EXAMPLE: &'static str;

    /// What a scenario's author should mend that a key's type and range cannot say; empty when all is well.
    fn check(&self) -> Vec<MemberProblem> {
        Vec::new()
    }

    /// What it is with its own numbers, as the end of a sentence; none: its `ABOUT` and its keys say it.
    fn told(&self) -> Option<String> {
        None
    }
}

/// What can be told in words.
pub(crate) trait Told {
    /// It with its own numbers: its name, and what it is.
    fn told(&self) -> String;
}

/// A member with its own numbers, in words: its name and what it is.
pub(crate) fn told<D: Doc + Serialize>(spec: &D) -> String {
    if let Some(text) = spec.told() {
        return format!("{}, {text}", D::NAME);
    }
    let about = D::ABOUT.trim_end_matches('.');
    let keys = toml::Table::try_from(spec).unwrap_or_default();
    let keys: Vec<String> = keys.iter().map(|(key, value)| key_in_words(key, value)).collect();
    let first = about.chars().take(1).flat_map(char::to_lowercase);
    let about: String = first.chain(about.chars().skip(1)).collect();
    match keys.as_slice() {
        [] => format!("{}, {about}", D::NAME),
        keys => format!("{}, {about} ({})", D::NAME, keys.join(", ")),
    }
}

/// A key with its value; of a long list how long it is.
fn key_in_words(key: &str, value: &toml::Value) -> String {
    /// Values of a list that are told.
    const TOLD_MAX: usize = 4;
    match value {
        toml::Value::Array(items) if items.len() > TOLD_MAX => {
            format!("{key} of {}", wording::count(items.len(), "value"))
        }
        toml::Value::Float(number) => format!("{key} {}", wording::figure(*number)),
        other => format!("{key} {other}"),
    }
}

/// What is known about a registered member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its name in scenario files.
    pub name: &'static str,
    /// What the member is, in one sentence.
    pub about: &'static str,
    /// Where it comes from.
    pub source: &'static str,
    /// A TOML table that uses it.
    pub example: &'static str,
}

impl Entry {
    /// What member `D` says about itself.
    pub(crate) const fn of<D: Doc>() -> Self {
        Self { name: D::NAME, about: D::ABOUT, source: D::SOURCE, example: D::EXAMPLE }
    }
}

/// A value that is well formed but not allowed, found after parsing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct MemberProblem {
    /// Key below the value checked, dotted; empty for the value itself.
    pub(crate) key: String,
    /// The value that stands there, as text.
    pub(crate) value: String,
    /// What may stand there.
    pub(crate) allowed: String,
}

impl MemberProblem {
    /// A value at `key` that is outside what is `allowed`.
    #[expect(clippy::needless_pass_by_value, reason = "callers hand over numbers as they are")]
    pub(crate) fn new(key: &str, value: impl ToString, allowed: &str) -> Self {
        Self { key: key.to_string(), value: value.to_string(), allowed: allowed.to_string() }
    }

    /// The same problem, seen from a value that holds this one at `key`.
    #[must_use]
    pub(crate) fn under(mut self, key: &str) -> Self {
        self.key = match self.key.as_str() {
            "" => key.to_string(),
            inner => format!("{key}.{inner}"),
        };
        self
    }
}

/// A member to be made: what a scenario names, or what the caller of the library brings.
pub(crate) trait Member<T: ?Sized> {
    /// The member, ready to work.
    fn member(&self) -> Box<T>;
}

/// A member of a family from outside this crate, by the name it was given.
pub(crate) struct Own<T: ?Sized> {
    name: String,
    make: Arc<dyn Fn() -> Box<T> + Send + Sync>,
}

impl<T: ?Sized> Own<T> {
    /// The member that `make` makes, once a replication.
    pub(crate) fn new(name: &str, make: impl Fn() -> Box<T> + Send + Sync + 'static) -> Self {
        Self { name: name.to_string(), make: Arc::new(make) }
    }

    /// What it is called.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }
}

impl<T: ?Sized> Clone for Own<T> {
    fn clone(&self) -> Self {
        Self { name: self.name.clone(), make: self.make.clone() }
    }
}

impl<T: ?Sized> PartialEq for Own<T> {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name && Arc::ptr_eq(&self.make, &other.make)
    }
}

impl<T: ?Sized> fmt::Debug for Own<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Own").field("name", &self.name).finish_non_exhaustive()
    }
}

/// A member of a family in use.
#[derive(Debug)]
pub(crate) enum Used<S, T: ?Sized> {
    /// One that the scenario names.
    Named(S),
    /// One from outside this crate, in its place.
    Own(Own<T>),
}

impl<S: Clone, T: ?Sized> Clone for Used<S, T> {
    fn clone(&self) -> Self {
        match self {
            Self::Named(spec) => Self::Named(spec.clone()),
            Self::Own(own) => Self::Own(own.clone()),
        }
    }
}

impl<S: PartialEq, T: ?Sized> PartialEq for Used<S, T> {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Named(one), Self::Named(other)) => one == other,
            (Self::Own(one), Self::Own(other)) => one == other,
            (Self::Named(_), Self::Own(_)) | (Self::Own(_), Self::Named(_)) => false,
        }
    }
}

impl<S: Member<T>, T: ?Sized> Used<S, T> {
    /// The member, ready to work.
    pub(crate) fn build(&self) -> Box<T> {
        match self {
            Self::Named(spec) => spec.member(),
            Self::Own(own) => (own.make)(),
        }
    }
}

/// Makes a family's scenario enum from its list of members: `Variant = module`, one line each.
///
/// Each module has a `Spec` that implements [`Doc`] and has `build(&self) -> impl Trait`; the enum is externally tagged, so that a parser's error points at the exact key.
macro_rules! family {
    ($(#[$doc:meta])* $spec:ident => dyn $trait:ident { $($variant:ident = $module:ident),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(
            Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize, schemars::JsonSchema,
        )]
        #[serde(rename_all = "snake_case")]
        pub(crate) enum $spec {
            $(
                #[doc = concat!("See the module `", stringify!($module), "`.")]
                $variant($module::Spec)
            ),+
        }

        impl $spec {
            /// Every member, in the order of registration.
            pub(crate) const ALL: &'static [$crate::base::family::Entry] =
                &[$($crate::base::family::Entry::of::<$module::Spec>()),+];

            /// What a scenario's author should mend; empty when all is well.
            pub(crate) fn check(&self) -> Vec<$crate::base::family::MemberProblem> {
                match self {
                    $(Self::$variant(spec) => $crate::base::family::Doc::check(spec)
                        .into_iter()
                        .map(|p| p.under(<$module::Spec as $crate::base::family::Doc>::NAME))
                        .collect()),+
                }
            }

            /// The member, ready to work.
            pub(crate) fn build(&self) -> Box<dyn $trait> {
                match self {
                    $(Self::$variant(spec) => Box::new(spec.build())),+
                }
            }

        }

        impl $crate::base::family::Told for $spec {
            fn told(&self) -> String {
                match self {
                    $(Self::$variant(spec) => $crate::base::family::told(spec)),+
                }
            }
        }

        impl $crate::base::family::Member<dyn $trait> for $spec {
            fn member(&self) -> Box<dyn $trait> {
                self.build()
            }
        }

        #[cfg(test)]
        mod registry {
            use super::$spec;
            use $crate::base::family::Told;

            #[test]
            fn every_example_parses_checks_and_builds() {
                for entry in $spec::ALL {
                    let spec: $spec = toml::from_str(entry.example)
                        .unwrap_or_else(|e| panic!("{}: {e}", entry.name));
                    assert_eq!(spec.check(), [], "{}", entry.name);
                    let built = format!("{:?}", spec.build());
                    assert!(!built.is_empty());
                    let text = toml::to_string(&spec).unwrap();
                    assert_eq!(toml::from_str::<$spec>(&text).unwrap(), spec, "{}", entry.name);
                    assert!(text.contains(entry.name), "{} is not its key: {text}", entry.name);
                }
            }

            #[test]
            fn every_member_says_what_it_is_and_where_it_comes_from() {
                for entry in $spec::ALL {
                    assert!(entry.about.len() > 10 && !entry.source.is_empty(), "{entry:?}");
                }
            }

            #[test]
            fn every_member_is_told_by_its_name_in_one_line() {
                for entry in $spec::ALL {
                    let spec: $spec = toml::from_str(entry.example).unwrap();
                    let told = spec.told();
                    let begins = told.starts_with(&format!("{}, ", entry.name));
                    assert!(begins && !told.ends_with('.') && !told.contains('\n'), "{told}");
                }
            }

            #[test]
            fn unknown_keys_are_refused() {
                for entry in $spec::ALL {
                    let text = format!("{}\nno_such_key = 1\n", entry.example);
                    assert!(toml::from_str::<$spec>(&text).is_err(), "{}", entry.name);
                }
            }
        }
    };
}
pub(crate) use family;
