//! What came with each success, and the class of a miner by rule on the counts of that.

use crate::trace::jobs::RecordedJob;
use crate::trace::jobs::RecordedJobs;
use std::collections::BTreeMap;

/// Size of a PNG of one pixel [bytes]. Source: trace.md, oddity 6.
pub(crate) const TINY_BYTES: u32 = 67;
/// Bytes of a PNG before its first data, and of each whole chunk after. Source: trace.md, oddity 6: sizes 29 + 65548 k.
const HEAD_BYTES: u32 = 29;
const CHUNK_BYTES: u32 = 65_548;
/// A size that so many images share is canned. Source: trace.md, oddity 6.
const REPEATS: u32 = 5;
/// Shares of successes that make a class. Source: ours; they give the published class of every miner.
const PHANTOM_SHARE: f64 = 0.9;
const PHANTOM_CACHED_SHARE: f64 = 0.5;
const SOME_SHARE: f64 = 0.05;

/// What a successful callback carried: no image, or how large a one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum SuccessContent {
    /// The success carried no image.
    Nothing,
    /// A PNG of one pixel.
    Tiny,
    /// The first chunks of an image.
    Truncated,
    /// An image whose size several others share.
    Canned,
    /// The success carried a whole image.
    Full,
    /// The trace does not say.
    Unknown,
}

/// Number of kinds of answer.
pub(crate) const KINDS: usize = 6;

impl SuccessContent {
    /// The word in tables.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Nothing => "no_image",
            Self::Tiny => "tiny",
            Self::Truncated => "truncated",
            Self::Canned => "canned",
            Self::Full => "full",
            Self::Unknown => "unknown",
        }
    }
}

impl SuccessContent {
    /// Every kind of content, in the order of the counts.
    pub(crate) const ALL: [Self; KINDS] =
        [Self::Nothing, Self::Tiny, Self::Truncated, Self::Canned, Self::Full, Self::Unknown];

    fn of(row: &RecordedJob) -> Option<Self> {
        if !row.is_success() {
            return None;
        }
        let bytes = row.image_bytes.filter(|_| row.has_image == Some(true));
        Some(match bytes {
            None if row.has_image == Some(false) => Self::Nothing,
            None if row.has_image.is_none() => Self::Unknown,
            Some(TINY_BYTES) => Self::Tiny,
            Some(bytes)
                if bytes > HEAD_BYTES && (bytes - HEAD_BYTES).is_multiple_of(CHUNK_BYTES) =>
            {
                Self::Truncated
            }
            Some(_) | None => Self::Full,
        })
    }
}

/// What came with every row; none where the row is no success.
pub(crate) fn answers(rows: &[RecordedJob]) -> Vec<Option<SuccessContent>> {
    let mut answers: Vec<_> = rows.iter().map(SuccessContent::of).collect();
    let mut repeats: BTreeMap<u32, u32> = BTreeMap::new();
    let is_full = |answer: &Option<SuccessContent>| *answer == Some(SuccessContent::Full);
    for (row, _) in rows.iter().zip(&answers).filter(|(_, answer)| is_full(answer)) {
        *repeats.entry(row.image_bytes.unwrap_or(0)).or_default() += 1;
    }
    for (row, answer) in rows.iter().zip(&mut answers).filter(|(_, answer)| is_full(answer)) {
        if row.image_bytes.is_some_and(|bytes| repeats[&bytes] >= REPEATS) {
            *answer = Some(SuccessContent::Canned);
        }
    }
    answers
}

/// What a miner is, by what it sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum AnswerClass {
    /// No success of which the trace says what came: nothing is known.
    Unknown,
    /// Whole images of its own.
    Image,
    /// Some images are sent again.
    Canned,
    /// Some successes without image.
    MixedNoImage,
    /// Most successes without image.
    PhantomCached,
    /// Nearly all successes without image.
    Phantom,
    /// At times a PNG of one pixel.
    TinySwitch,
}

impl AnswerClass {
    /// Name of the class as results print it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Image => "image",
            Self::Canned => "canned",
            Self::MixedNoImage => "mixed_noimg",
            Self::PhantomCached => "phantom_cached",
            Self::Phantom => "phantom",
            Self::TinySwitch => "tiny_switch",
        }
    }

    /// By the counts of a miner's answers, in the order of [`SuccessContent::ALL`].
    pub(crate) fn of(counts: [u32; KINDS]) -> Self {
        let [nothing, tiny, truncated, canned, full, _] = counts;
        let all = nothing + tiny + truncated + canned + full;
        let share = |count: u32| f64::from(count) / f64::from(all);
        match all {
            0 => Self::Unknown,
            _ if tiny > 0 => Self::TinySwitch,
            _ if share(nothing) >= PHANTOM_SHARE => Self::Phantom,
            _ if share(nothing) >= PHANTOM_CACHED_SHARE => Self::PhantomCached,
            _ if share(nothing) >= SOME_SHARE => Self::MixedNoImage,
            _ if share(canned) >= SOME_SHARE => Self::Canned,
            _ => Self::Image,
        }
    }
}

/// Counts of what came, by miner.
pub(crate) fn counts(jobs: &RecordedJobs, answers: &[Option<SuccessContent>]) -> Vec<[u32; KINDS]> {
    let mut counts = vec![[0; KINDS]; jobs.miners.len()];
    for (row, answer) in jobs.rows.iter().zip(answers) {
        if let Some(answer) = answer {
            counts[usize::from(row.miner)][*answer as usize] += 1;
        }
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::work::Status;

    fn row(bytes: Option<u32>) -> RecordedJob {
        let has_image = Some(bytes.is_some());
        RecordedJob {
            status: Status::Success,
            image_bytes: bytes,
            has_image,
            ..RecordedJob::default()
        }
    }

    #[test]
    fn sizes_tell_what_came() {
        let mut rows = vec![row(None), row(Some(67)), row(Some(29 + 3 * 65_548)), row(Some(900))];
        rows.extend(std::iter::repeat_n(row(Some(1_000_000)), 5));
        rows.push(RecordedJob { status: Status::Failed, ..RecordedJob::default() });
        let got = answers(&rows);
        assert_eq!(got[0], Some(SuccessContent::Nothing));
        assert_eq!(got[1], Some(SuccessContent::Tiny));
        assert_eq!(got[2], Some(SuccessContent::Truncated));
        assert_eq!(got[3], Some(SuccessContent::Full));
        assert!(got[4..9].iter().all(|answer| *answer == Some(SuccessContent::Canned)));
        assert_eq!(got[9], None);
    }

    /// Without a word about images nothing is known; a size says that there was one.
    #[test]
    fn what_is_not_told_is_unknown_and_not_nothing() {
        let silent = RecordedJob { has_image: None, ..row(None) };
        assert_eq!(
            answers(&[silent, row(None)]),
            [Some(SuccessContent::Unknown), Some(SuccessContent::Nothing)]
        );
        let unsized_image = RecordedJob { has_image: Some(true), ..row(None) };
        assert_eq!(answers(&[unsized_image]), [Some(SuccessContent::Full)]);
    }

    #[test]
    fn classes_follow_the_counts() {
        assert_eq!(AnswerClass::of([0; 6]), AnswerClass::Unknown);
        assert_eq!(AnswerClass::of([75, 0, 2, 4, 0, 0]), AnswerClass::Phantom);
        assert_eq!(AnswerClass::of([94, 0, 6, 9, 0, 0]), AnswerClass::PhantomCached);
        assert_eq!(AnswerClass::of([15, 0, 0, 0, 100, 0]), AnswerClass::MixedNoImage);
        assert_eq!(AnswerClass::of([0, 0, 0, 11, 97, 0]), AnswerClass::Canned);
        assert_eq!(AnswerClass::of([2, 0, 0, 0, 108, 0]), AnswerClass::Image);
        assert_eq!(AnswerClass::of([0, 1, 0, 0, 9, 0]), AnswerClass::TinySwitch);
        assert_eq!(AnswerClass::of([0, 0, 0, 0, 0, 40]), AnswerClass::Unknown);
        assert_eq!(AnswerClass::of([0, 0, 0, 0, 3, 400]), AnswerClass::Image);
    }
}
