//! Versions of the orchestrator, in the order of their commits. Source: spec/offchain.md section 0.

use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

macro_rules! versions {
    ($($(#[$doc:meta])* $variant:ident = $name:literal $(or $commit:literal)?),+ $(,)?) => {
        /// A version of the orchestrator: by its name, or by the first seven digits of its commit. Later is greater.
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
        )]
        pub(crate) enum Version {
            $($(#[$doc])* #[serde(rename = $name $(, alias = $commit)?)] $variant),+
        }

        impl Version {
            /// The version that a commit or a name means.
            pub(crate) fn parse(text: &str) -> Option<Self> {
                match text {
                    $($name $(| $commit)? => Some(Self::$variant),)+
                    _ => None,
                }
            }
        }
    };
}

versions! {
    /// The first one published.
    Early = "early" or "e3b1837",
    /// In force during the trace of October 2025.
    V001 = "v001" or "b164b3e",
    /// Score runs may be repeated without harm.
    Repeatable = "2bd4f1b",
    /// Score runs begin from nothing and look back seven days.
    Lookback = "1f6be52",
    /// A known miner stays valid, or invalid, whatever the probe says.
    Sticky = "4e3342b",
    /// Failed audits are kept on the miner's record.
    Audited = "503d738",
    /// A miner that answers is valid; one that does not keeps its flag.
    Forgiving = "c6bbb9d",
    /// Kinds of job have weights.
    Weighted = "e4254fe",
    /// The burn hotkey joins the scores when they are low.
    Injected = "33ee295",
    /// An image edit may not be answered in less than ten seconds.
    Guarded = "32242b3",
    /// A failure multiplies the average.
    Multiplied = "eb99307",
    /// Scores weigh image edits 0.7 and base images 0.3.
    Reweighted = "8f72513",
    /// Image edits must be answered between eight and fifteen seconds; failures lower the routing weight.
    Limited = "4dbc66b",
    /// A failed audit makes a miner invalid.
    Slashing = "1b6ccf1",
    /// The last one of 2025.
    Head = "head" or "44a4866",
}

impl Version {
    /// The day on which it was published. Source: spec/offchain.md section 0.
    pub(crate) const fn published(self) -> &'static str {
        match self {
            Self::Early => "18 October 2025",
            Self::V001 => "27 October 2025",
            Self::Repeatable => "4 November 2025",
            Self::Lookback => "5 November 2025",
            Self::Sticky => "13 November 2025",
            Self::Audited | Self::Forgiving => "15 November 2025",
            Self::Weighted => "17 November 2025",
            Self::Injected => "18 November 2025",
            Self::Guarded => "21 November 2025",
            Self::Multiplied => "22 November 2025",
            Self::Reweighted => "23 November 2025",
            Self::Limited => "2 December 2025",
            Self::Slashing => "6 December 2025",
            Self::Head => "15 December 2025",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_goes_by_name_and_by_commit() {
        assert_eq!(Version::parse("v001"), Some(Version::V001));
        assert_eq!(Version::parse("b164b3e"), Some(Version::V001));
        assert_eq!(Version::parse("503d738"), Some(Version::Audited));
        assert_eq!(Version::parse("V001"), None);
        for text in ["\"v001\"", "\"b164b3e\""] {
            assert_eq!(serde_json::from_str::<Version>(text).unwrap(), Version::V001);
        }
        assert_eq!(serde_json::to_string(&Version::Head).unwrap(), "\"head\"");
        assert_eq!(serde_json::to_string(&Version::Sticky).unwrap(), "\"4e3342b\"");
    }

    #[test]
    fn later_versions_are_greater() {
        assert!(Version::Early < Version::V001 && Version::V001 < Version::Head);
        assert!(Version::Audited < Version::Limited);
    }
}
