//! A kind of job, and what the orchestrator's rules make of it.

use crate::base::units::SimSpan;
use crate::model::scoring;

/// A kind of job.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Kind {
    /// Name of the kind of job, which jobs and settings refer to.
    pub(crate) name: String,
    /// Type the orchestrator knows it by.
    pub(crate) type_name: String,
    /// Denoising steps that a miner is asked for, after the orchestrator's cap.
    pub(crate) steps: u32,
    /// Answered later than this after creation, the work was not useful.
    pub(crate) time_limit: SimSpan,
    /// Longest wait for a miner's answer to the request.
    pub(crate) ack_timeout: SimSpan,
    /// How the score service knows it.
    pub(crate) scored: scoring::ScoredKind,
}

impl Kind {
    /// What a file of jobs calls it: its type, where no other kind goes by that word; else its name.
    pub(crate) fn label<'k>(kinds: &'k [Self], kind: &'k Self) -> &'k str {
        let word = &kind.type_name;
        let is_taken = |other: &Self| {
            other.name != kind.name && (other.type_name == *word || other.name == *word)
        };
        if kinds.iter().any(is_taken) { &kind.name } else { word }
    }

    /// The kind that such a word means, if it means one.
    pub(crate) fn labelled<'k>(kinds: &'k [Self], label: &str) -> Option<&'k Self> {
        let by_label = kinds.iter().find(|kind| Self::label(kinds, kind) == label);
        by_label.or_else(|| kinds.iter().find(|kind| kind.name == label))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(name: &str, type_name: &str) -> Kind {
        Kind {
            name: name.to_string(),
            type_name: type_name.to_string(),
            steps: 60,
            time_limit: SimSpan::ZERO,
            ack_timeout: SimSpan::ZERO,
            scored: scoring::ScoredKind::named(type_name),
        }
    }

    #[test]
    fn every_kind_is_found_by_its_own_label() {
        let kinds = [kind("a", "t"), kind("b", "t"), kind("u", "v"), kind("x", "u")];
        for own in &kinds {
            let label = Kind::label(&kinds, own);
            assert_eq!(Kind::labelled(&kinds, label).map(|kind| &kind.name), Some(&own.name));
        }
        assert_eq!(Kind::label(&kinds, &kinds[2]), "v");
        assert_eq!(Kind::labelled(&kinds, "nothing"), None);
    }
}
