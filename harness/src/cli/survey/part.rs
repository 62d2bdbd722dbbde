//! A part of a survey: what was found, or why it was not.

use crate::cli::outcome::HarnessFailure;
use serde::Serialize;
use std::time::Instant;

/// What became of a part.
#[derive(Debug, Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub(super) enum SurveyPart<T> {
    /// The survey ended before it.
    NotReached,
    /// The part was done, with this result.
    Done {
        /// Time that it took \[s\].
        took_s: f64,
        found: T,
    },
    /// It could not be done.
    Failed {
        /// Time until then \[s\].
        took_s: f64,
        reason: String,
    },
}

impl<T> SurveyPart<T> {
    /// Does the part; a failure is also given back.
    pub(super) fn of(
        work: impl FnOnce() -> Result<T, HarnessFailure>,
    ) -> (Self, Option<HarnessFailure>) {
        let start = Instant::now();
        let ended = work();
        let took_s = start.elapsed().as_secs_f64();
        match ended {
            Ok(found) => (Self::Done { took_s, found }, None),
            Err(failure) => (Self::Failed { took_s, reason: failure.text() }, Some(failure)),
        }
    }

    /// What was found, if anything was.
    pub(super) fn found(&self) -> Option<&T> {
        if let Self::Done { found, .. } = self { Some(found) } else { None }
    }

    /// The part for people: `told` tells what was found.
    pub(super) fn text(&self, told: impl FnOnce(&T) -> String) -> String {
        match self {
            Self::NotReached => "not reached".to_string(),
            Self::Done { found, took_s } => format!("{} ({took_s:.1} s)", told(found)),
            Self::Failed { reason, took_s } => format!("NOT DONE: {reason} ({took_s:.1} s)"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyhow::anyhow;

    #[test]
    fn a_part_that_failed_says_why_and_keeps_the_failure() {
        let (part, failure) =
            SurveyPart::<u32>::of(|| Err(HarnessFailure::machine(anyhow!("unplugged"))));
        assert!(matches!(failure, Some(HarnessFailure::Machine(_))), "{failure:?}");
        assert!(part.found().is_none());
        assert!(part.text(|_| String::new()).starts_with("NOT DONE: unplugged"));
        let json = serde_json::to_value(&part).unwrap();
        assert_eq!([&json["state"], &json["reason"]], ["failed", "unplugged"]);
    }

    #[test]
    fn a_part_that_was_done_holds_what_was_found() {
        let (part, failure) = SurveyPart::of(|| Ok(7));
        assert!(failure.is_none());
        assert_eq!(part.found(), Some(&7));
        let json = serde_json::to_value(&part).unwrap();
        assert_eq!((&json["state"], &json["found"]), (&"done".into(), &7.into()));
    }
}
