//! A simulated miner: the time is drawn from a latency law, the image is known by a mixed number.

use crate::base::math;
use crate::base::random;
use crate::base::random::Word;
use crate::base::units::SimSpan;
use crate::miner::Backend;
use crate::model::latency::Distribution;
use crate::work::Completion;
use crate::work::Image;
use crate::work::ImageWork;
use crate::work::Output;
use crate::work::Source;
use crate::work::Work;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;
use std::sync::Arc;

/// How service time follows from the law: the law's time, scaled by steps and speed.
///
/// Source: ours; diffusion time is linear in the steps, with a part that does not depend on them.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Speed {
    /// Times faster than the law says, `0.001..=1000`.
    #[schemars(range(min = 0.001, max = 1000.0))]
    pub(crate) factor: f64,
    /// Steps of the job the law describes; 0: service does not depend on the steps.
    #[schemars(range(min = 0, max = 100_000))]
    pub(crate) reference_steps: u32,
    /// Part of the law's time that does not depend on the steps, `0.0..=1.0`.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub(crate) fixed_share: f64,
}

impl Default for Speed {
    fn default() -> Self {
        Self { factor: 1.0, reference_steps: 0, fixed_share: 0.0 }
    }
}

impl Speed {
    /// What the law's time is multiplied by for a job of `steps`.
    pub(crate) fn multiplier(&self, steps: u32) -> f64 {
        if self.reference_steps == 0 {
            return 1.0 / self.factor;
        }
        let per_step = f64::from(steps) / f64::from(self.reference_steps);
        (self.fixed_share + (1.0 - self.fixed_share) * per_step) / self.factor
    }
}

/// Sizes of a miner's image files, uniform between the two.
///
/// Source: trace of October 2025, full images of 1024 x 1024 have 0.9 to 1.3 MB.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct ImageSize {
    /// Smallest image that is sent [bytes], `1..=1e9`.
    #[schemars(range(min = 1, max = 1_000_000_000))]
    pub(crate) bytes_min: u64,
    /// Largest image that is sent [bytes], `1..=1e9`.
    #[schemars(range(min = 1, max = 1_000_000_000))]
    pub(crate) bytes_max: u64,
}

impl Default for ImageSize {
    fn default() -> Self {
        Self { bytes_min: 900_000, bytes_max: 1_300_000 }
    }
}

impl ImageSize {
    fn draw(&self, word: Word) -> u64 {
        let width = self.bytes_max.saturating_sub(self.bytes_min).saturating_add(1);
        let offset = (u128::from(word.0) * u128::from(width)) >> 64;
        self.bytes_min.saturating_add(u64::try_from(offset).expect("below a 64-bit width"))
    }
}

/// The simulated backend of one miner.
#[derive(Clone, Debug)]
pub(crate) struct Drawn {
    timing: Timing,
    /// By kind, where kinds differ; else empty.
    by_kind: Vec<Timing>,
    size: ImageSize,
}

/// How long a kind of work takes.
#[derive(Clone, Debug)]
struct Timing {
    law: Arc<dyn Distribution>,
    speed: Speed,
    plain: bool,
}

impl Drawn {
    /// A backend whose times follow `law`, scaled by `speed`.
    pub(crate) fn new(law: Arc<dyn Distribution>, speed: Speed, size: ImageSize) -> Self {
        Self { timing: Timing::new(law, speed), by_kind: Vec::new(), size }
    }

    /// The same backend with a law and a speed of its own for each kind; none: all kinds are alike.
    pub(crate) fn by_kind(mut self, kinds: &[(Arc<dyn Distribution>, Speed)]) -> Self {
        self.by_kind = kinds.iter().map(|(law, speed)| Timing::new(law.clone(), *speed)).collect();
        self
    }
}

impl Timing {
    fn new(law: Arc<dyn Distribution>, speed: Speed) -> Self {
        Self { law, speed, plain: speed == Speed::default() }
    }

    #[inline]
    fn took(&self, work: &ImageWork) -> SimSpan {
        let drawn = self.law.draw(work.begins, work.service);
        if self.plain {
            return drawn;
        }
        SimSpan::from_ns(math::float(drawn.0) * self.speed.multiplier(work.steps))
    }
}

impl Backend for Drawn {
    #[inline]
    fn compute(&mut self, batch: &[Work], out: &mut Vec<Completion>) {
        for work in batch {
            let Work::Image(work) = work;
            out.push(self.image(work));
        }
    }
}

impl Drawn {
    /// Does one piece of work.
    #[inline]
    pub(crate) fn image(&self, work: &ImageWork) -> Completion {
        let timing = self.by_kind.get(work.kind.index()).unwrap_or(&self.timing);
        let took = timing.took(work);
        let outcome = match work.source {
            Source::Nothing => Output::Nothing,
            Source::Computed => {
                Output::Done(Image { id: content_id(work), size_bytes: self.size.draw(work.size) })
            }
            Source::Cached(key) => Output::Done(Image {
                id: spread(CACHED, key),
                size_bytes: self.size.draw(Word(random::mix(key))),
            }),
        };
        Completion { took, outcome, ack: None }
    }
}

/// Sets cached content apart from computed content.
const CACHED: u64 = 0x6361_6368_6564;

/// The name of an image's content: equal requests computed honestly have equal names, whoever computes them.
///
/// A mixed number, not a cryptographic hash: nobody in a simulation attacks it.
fn content_id(work: &ImageWork) -> u128 {
    let asked = (u64::from(work.adapter) << 32) | u64::from(work.prompt);
    let made = (u64::from(work.kind.0) << 40) | (u64::from(work.class) << 32);
    spread(random::mix(asked) ^ (made | u64::from(work.steps)), work.seed)
}

/// Two words mixed into 128 bits.
fn spread(first: u64, second: u64) -> u128 {
    let low = random::mix(first ^ random::mix(second));
    let high = random::mix(low ^ second.rotate_left(32));
    (u128::from(high) << 64) | u128::from(low)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::ids::KindId;
    use crate::base::units::SimTime;
    use crate::miner::compute_one;
    use crate::model::latency::DistributionSpec;

    fn work(seed: u64, steps: u32, source: Source) -> Work {
        Work::Image(ImageWork {
            job: 1,
            kind: KindId(0),
            adapter: 0,
            prompt: 3,
            class: 7,
            seed,
            steps,
            source,
            begins: SimTime(0),
            service: Word(9),
            size: Word(4),
        })
    }

    fn backend(speed: Speed) -> Drawn {
        let law: DistributionSpec = toml::from_str("[constant]\nvalue_ms = 1000.0\n").unwrap();
        Drawn::new(Arc::from(law.build()), speed, ImageSize::default())
    }

    fn id(produced: Completion) -> u128 {
        let Output::Done(image) = produced.outcome else { panic!("no image: {produced:?}") };
        image.id
    }

    #[test]
    fn an_honest_rerun_has_the_same_content_and_a_cheat_another() {
        let mut first = backend(Speed::default());
        let mut second = backend(Speed::default());
        let honest = id(compute_one(&mut first, work(5, 50, Source::Computed)));
        assert_eq!(honest, id(compute_one(&mut second, work(5, 50, Source::Computed))));
        assert_ne!(honest, id(compute_one(&mut second, work(6, 50, Source::Computed))));
        assert_ne!(honest, id(compute_one(&mut second, work(5, 10, Source::Computed))));
        assert_ne!(honest, id(compute_one(&mut second, work(5, 50, Source::Cached(5)))));
    }

    #[test]
    fn time_is_linear_in_the_steps_beside_its_fixed_part() {
        let speed = Speed { factor: 2.0, reference_steps: 50, fixed_share: 0.2 };
        let mut miner = backend(speed);
        // 1 s x (0.2 + 0.8 x 25 / 50) / 2 = 0.3 s
        assert_eq!(
            compute_one(&mut miner, work(5, 25, Source::Computed)).took,
            SimSpan::from_ms(300)
        );
    }

    #[test]
    fn a_kind_may_have_a_law_of_its_own() {
        let law = |ms: f64| -> Arc<dyn Distribution> {
            let law: DistributionSpec =
                toml::from_str(&format!("[constant]\nvalue_ms = {ms:?}\n")).unwrap();
            Arc::from(law.build())
        };
        let kinds = [(law(2000.0), Speed::default()), (law(3000.0), Speed::default())];
        let mut miner = backend(Speed::default()).by_kind(&kinds);
        let Work::Image(plain) = work(5, 50, Source::Computed);
        let edit = Work::Image(ImageWork { kind: KindId(1), ..plain });
        assert_eq!(
            compute_one(&mut miner, work(5, 50, Source::Computed)).took,
            SimSpan::from_ms(2000)
        );
        assert_eq!(compute_one(&mut miner, edit).took, SimSpan::from_ms(3000));
    }

    #[test]
    fn nothing_asked_gives_no_image() {
        let mut miner = backend(Speed::default());
        let produced = compute_one(&mut miner, work(5, 50, Source::Nothing));
        assert_eq!(produced.outcome, Output::Nothing);
    }
}
