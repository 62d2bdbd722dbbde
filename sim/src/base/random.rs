//! Randomness as words: one ChaCha8 stream per (purpose, name), one word a job and purpose.
//!
//! What happens to a job uses the job's words, taken at its creation whether used or not; what happens to a miner or
//! a client over time has a stream of its own. So a change of one law, router or miner shifts nobody else's draws, and
//! two mechanisms run on the same seed stay coupled until their first different choice.

use rand_chacha::ChaCha8Rng;
use rand_core::Rng;
use rand_core::SeedableRng;
use xxhash_rust::xxh3::xxh3_64;

/// Version of the derivation of keys and stream numbers; changing it changes every digest.
const KEY_LABEL: &[u8; 16] = b"assay streams v1";

/// What a stream is for. A new use is appended last: the place is part of the stream's number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Purpose {
    /// Which miner gets the job.
    Route,
    /// How long the work takes.
    Service,
    /// How long the miner takes to answer the request.
    Ack,
    /// What the miner's operator does with the job.
    Outcome,
    /// How large the image is.
    Size,
    /// What is asked for: kind, prompt, class, seed.
    Content,
    /// When a client asks next.
    Arrivals,
    /// When a miner is down.
    Outage,
    /// What an analysis draws of finished runs: signs to flip, samples to draw again.
    Analysis,
}

impl Purpose {
    /// Every purpose, in order.
    pub(crate) const ALL: &'static [Self] = &[
        Self::Route,
        Self::Service,
        Self::Ack,
        Self::Outcome,
        Self::Size,
        Self::Content,
        Self::Arrivals,
        Self::Outage,
        Self::Analysis,
    ];

    /// The number of the stream for this purpose and `name`: the scenario refuses two equal ones.
    pub(crate) fn stream_number(self, name: &str) -> u64 {
        let place = Self::ALL.iter().position(|p| *p == self).expect("every purpose is listed");
        let mut bytes = vec![u8::try_from(place).expect("few purposes")];
        bytes.extend_from_slice(name.as_bytes());
        xxh3_64(&bytes)
    }
}

/// The source of all streams of one replication.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Streams {
    key: [u8; 32],
}

impl Streams {
    /// Streams of replication number `replication` under `seed`.
    pub(crate) fn new(seed: u64, replication: u64) -> Self {
        let mut key = [0; 32];
        key[..8].copy_from_slice(&seed.to_le_bytes());
        key[8..16].copy_from_slice(&replication.to_le_bytes());
        key[16..].copy_from_slice(KEY_LABEL);
        Self { key }
    }

    /// The stream for a purpose and a name; the name is (cohort, index in it) or a client's, never a uid.
    pub(crate) fn stream(&self, purpose: Purpose, name: &str) -> Stream {
        let mut generator = ChaCha8Rng::from_seed(self.key);
        generator.set_stream(purpose.stream_number(name));
        Stream(generator)
    }
}

/// An endless row of words.
#[derive(Clone, Debug)]
pub(crate) struct Stream(ChaCha8Rng);

impl Stream {
    /// The next word of the stream.
    #[inline]
    pub(crate) fn word(&mut self) -> Word {
        Word(self.0.next_u64())
    }
}

/// Sixty-four random bits, and the seed of as many more as a law may need.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Word(pub u64);

impl Word {
    /// A number in `(0, 1)`, on a grid of 2^52 points that leaves out both ends.
    #[inline]
    #[must_use]
    pub fn unit(self) -> f64 {
        unit(self.0)
    }

    /// The word and what follows it: the first output is the word itself.
    #[inline]
    #[must_use]
    pub fn expand(self) -> Draws {
        Draws { first: true, state: self.0 }
    }

    /// The number `place` steps into what this word expands to.
    #[cfg(test)]
    pub(crate) fn nth(self, place: u64) -> Self {
        Self(mix(self.0.wrapping_add(place.wrapping_mul(GOLDEN_GAMMA))))
    }

    /// A word for a second use of the same randomness, as good as independent of this one: it is none of the numbers to
    /// which this word expands, for it is made with another step.
    #[inline]
    #[must_use]
    pub fn derive(self, use_number: u64) -> Self {
        Self(mix(self.0.wrapping_add(use_number.wrapping_add(1).wrapping_mul(USE_GAMMA))))
    }
}

/// SplitMix64 begun from a word. Source: Steele, Lea, Flood 2014, "Fast splittable pseudorandom number generators".
#[derive(Clone, Copy, Debug)]
pub struct Draws {
    first: bool,
    state: u64,
}

/// The odd constant nearest 2^64 divided by the golden ratio. Source: Steele, Lea, Flood 2014.
const GOLDEN_GAMMA: u64 = 0x9e37_79b9_7f4a_7c15;

/// The step from one use of a word to the next. Source: Steele, Vigna 2021, "Computationally easy, spectrally good
/// multipliers", table of 64-bit multipliers; any odd number far from the multiples of [`GOLDEN_GAMMA`] would do.
const USE_GAMMA: u64 = 0xd134_2543_de82_ef95;

impl Draws {
    /// The next 64 bits.
    #[inline]
    pub fn bits(&mut self) -> u64 {
        if self.first {
            self.first = false;
            return self.state;
        }
        self.state = self.state.wrapping_add(GOLDEN_GAMMA);
        mix(self.state)
    }

    /// The next number in `(0, 1)`.
    #[inline]
    pub fn unit(&mut self) -> f64 {
        unit(self.bits())
    }
}

/// The top 52 bits as a number in `(0, 1)`, at the middle of its cell.
#[inline]
fn unit(bits: u64) -> f64 {
    const CELL: f64 = 1.0 / 4_503_599_627_370_496.0;
    (crate::base::math::float(bits >> 12) + 0.5) * CELL
}

/// The finalizer of SplitMix64: a bijection that spreads every bit over all.
#[inline]
pub(crate) fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_words_are_pinned() {
        let mut stream = Streams::new(11, 0).stream(Purpose::Route, "client/0");
        let words: Vec<u64> = (0..3).map(|_| stream.word().0).collect();
        assert_eq!(words, PINNED);
    }
    const PINNED: [u64; 3] =
        [6_199_535_354_513_845_974, 17_048_505_214_363_404_243, 17_609_762_477_795_051_441];

    #[test]
    fn streams_differ_by_purpose_name_seed_and_replication() {
        let first = |seed, replication, purpose, name| {
            Streams::new(seed, replication).stream(purpose, name).word()
        };
        let base = first(1, 0, Purpose::Route, "a");
        assert_eq!(base, first(1, 0, Purpose::Route, "a"));
        assert_ne!(base, first(2, 0, Purpose::Route, "a"));
        assert_ne!(base, first(1, 1, Purpose::Route, "a"));
        assert_ne!(base, first(1, 0, Purpose::Service, "a"));
        assert_ne!(base, first(1, 0, Purpose::Route, "b"));
    }

    #[test]
    fn a_word_expands_from_itself() {
        let mut draws = Word(7).expand();
        assert_eq!(draws.bits(), 7);
        assert_ne!(draws.bits(), 7);
    }

    /// Uses and draws are the same function at a word plus a multiple of their step: no two of these multiples meet.
    #[test]
    fn no_two_uses_of_a_word_meet() {
        const USES: u64 = 256;
        const DRAWS: u64 = 4096;
        let uses = (1..=USES).map(|k| k.wrapping_mul(USE_GAMMA));
        let draws = (1..=DRAWS).map(|n| n.wrapping_mul(GOLDEN_GAMMA));
        let mut steps: Vec<u64> = uses.chain(draws).chain([0]).collect();
        steps.sort_unstable();
        assert!(steps.windows(2).all(|pair| pair[0] != pair[1]));
        // Nor do the draws of a derived word run into those of the word itself.
        let word = Word(7);
        let own: Vec<u64> = std::iter::repeat_with({
            let mut draws = word.expand();
            move || draws.bits()
        })
        .take(1000)
        .collect();
        for use_number in 0..16 {
            let mut draws = word.derive(use_number).expand();
            assert!((0..1000).all(|_| !own.contains(&draws.bits())), "use {use_number}");
        }
    }

    #[test]
    fn unit_numbers_leave_out_both_ends() {
        assert!(Word(0).unit() > 0.0);
        assert!(Word(u64::MAX).unit() < 1.0);
    }
}
