//! The seam's real side: a miner's work computed by a backend, its time measured around the device.
//!
//! What is decided about the work, honest or not, comes from the simulator; what the image is and how long it takes is
//! found out here. Left out: miners that share a device do not slow each other, since one work is done after another.

use crate::backend::Generation;
use crate::backend::ImageBackend;
use crate::backend::ImageRequest;
use crate::picture::RgbPicture;
use assay_sim::base::units::SimSpan;
use assay_sim::miner::Alarm;
use assay_sim::miner::Backend;
use assay_sim::miner::Fault;
use assay_sim::work::Completion;
use assay_sim::work::Image;
use assay_sim::work::ImageWork;
use assay_sim::work::Output;
use assay_sim::work::Source;
use assay_sim::work::Work;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::Instant;

/// Steps of an image that an operator has kept from before the run. Source: ours; nobody compares it with anything.
const KEPT_STEPS: u32 = 4;

/// A painter that miners share, one work after another.
pub type Shared = Arc<Mutex<Box<dyn ImageBackend + Send>>>;

/// The real backend of one miner.
pub struct Timed {
    painter: Shared,
    batch: u64,
    /// Images made, by class and seed: what a cheat may send again.
    kept: BTreeMap<(u8, u64), Image>,
    alarm: Alarm,
}

impl fmt::Debug for Timed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Timed").field("batch", &self.batch).finish_non_exhaustive()
    }
}

impl Timed {
    /// A backend on `painter` that makes `batch` images together for each request and sends the first.
    #[must_use]
    pub fn new(painter: Shared, batch: u32, alarm: Alarm) -> Self {
        Self { painter, batch: u64::from(batch.max(1)), kept: BTreeMap::new(), alarm }
    }

    /// Makes images of `steps` until the device is warm: the time of first uses is nobody's service time.
    ///
    /// # Errors
    /// When the device fails or cannot make such images.
    pub fn warm_up(&mut self, steps: u32) -> Result<(), Fault> {
        /// Times that each kind of work is done before any is measured. Source: ours; the second is as fast as any.
        const ROUNDS: usize = 3;
        for _ in 0..ROUNDS {
            self.paint(0, 0, steps)?;
        }
        Ok(())
    }

    /// The image of a request and the time of the whole batch it was made in.
    fn paint(&mut self, class: u8, seed: u64, steps: u32) -> Result<(Image, SimSpan), Fault> {
        let request = |seed| {
            let request = ImageRequest::new(seed, usize::from(class), steps, None);
            request.map_err(|refusal| Fault::Input(refusal.to_string()))
        };
        let requests: Vec<_> =
            (0..self.batch).map(|k| request(seed.wrapping_add(k))).collect::<Result<_, _>>()?;
        let mut painter = self.painter.lock().unwrap_or_else(PoisonError::into_inner);
        let start = Instant::now();
        let paintings = painter.paint(&requests).map_err(|e| Fault::Machine(e.to_string()))?;
        let took = start.elapsed();
        let image = image(&paintings[0]).map_err(|e| Fault::Machine(e.to_string()))?;
        let took = u64::try_from(took.as_nanos()).unwrap_or(u64::MAX);
        Ok((image, SimSpan(took)))
    }

    fn work(&mut self, work: &ImageWork) -> Result<Completion, Fault> {
        let (took, outcome) = match work.source {
            Source::Nothing => (SimSpan::ZERO, Output::Nothing),
            Source::Computed => {
                let (image, took) = self.paint(work.class, work.seed, work.steps)?;
                self.kept.insert((work.class, work.seed), image);
                (took, Output::Done(image))
            }
            Source::Cached(key) => {
                let image = if let Some(image) = self.kept.get(&(work.class, key)) {
                    *image
                } else {
                    let (image, _) = self.paint(work.class, key, KEPT_STEPS)?;
                    self.kept.insert((work.class, key), image);
                    image
                };
                // To send a file that lies there takes no device.
                (SimSpan::ZERO, Output::Done(image))
            }
        };
        Ok(Completion { took, outcome, ack: None })
    }
}

impl Backend for Timed {
    fn compute(&mut self, batch: &[Work], out: &mut Vec<Completion>) {
        for work in batch {
            let Work::Image(work) = work;
            let done = self.work(work).unwrap_or_else(|fault| {
                self.alarm.raise(fault);
                Completion { took: SimSpan::from_ms(1000), outcome: Output::Failed, ack: None }
            });
            out.push(done);
        }
    }
}

/// A painting as the simulator knows images: by its content, with the size of its PNG.
fn image(painting: &Generation) -> std::io::Result<Image> {
    let png = RgbPicture::square(painting.side, &painting.pixels).png()?;
    let size_bytes = u64::try_from(png.len()).map_err(std::io::Error::other)?;
    Ok(Image { id: painting.id(), size_bytes })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backend::cpu::Cpu;
    use crate::backend::testing::Fragile;
    use crate::model::weights::ModelWeights;
    use assay_sim::base::ids::KindId;
    use assay_sim::base::random::Word;
    use assay_sim::base::units::SimTime;
    use assay_sim::miner::compute_one;
    use std::num::NonZeroUsize;

    fn work(source: Source, seed: u64, steps: u32) -> Work {
        Work::Image(ImageWork {
            job: 0,
            kind: KindId(0),
            adapter: 0,
            prompt: 0,
            class: 3,
            seed,
            steps,
            source,
            begins: SimTime(0),
            service: Word(0),
            size: Word(0),
        })
    }

    fn timed(batch: u32) -> Timed {
        let cpu = Cpu::new(Arc::new(ModelWeights::digits()), NonZeroUsize::MIN);
        Timed::new(Arc::new(Mutex::new(Box::new(cpu))), batch, Alarm::default())
    }

    fn id(produced: Completion) -> u128 {
        let Output::Done(image) = produced.outcome else { panic!("{produced:?}") };
        assert!(image.size_bytes > 67, "a PNG of 64 pixels");
        image.id
    }

    #[test]
    fn an_honest_rerun_has_the_same_image_whatever_the_batch_and_every_cheat_another() {
        let (mut miner, mut trusted) = (timed(3), timed(1));
        let honest = id(compute_one(&mut miner, work(Source::Computed, 5, 4)));
        assert_eq!(honest, id(compute_one(&mut trusted, work(Source::Computed, 5, 4))));
        for cheat in [
            work(Source::Computed, 6, 4),
            work(Source::Computed, 5, 3),
            work(Source::Cached(9), 5, 4),
        ] {
            assert_ne!(honest, id(compute_one(&mut trusted, cheat)), "{cheat:?}");
        }
        // What was made for seed 5 is sent again for another, and costs the device nothing.
        let again = compute_one(&mut trusted, work(Source::Cached(5), 6, 4));
        assert_eq!(again.took, SimSpan::ZERO);
        let nothing = compute_one(&mut trusted, work(Source::Nothing, 5, 0));
        assert_eq!((nothing.outcome, nothing.took), (Output::Nothing, SimSpan::ZERO));
    }

    #[test]
    fn a_device_lost_in_mid_run_sets_off_the_alarm() {
        let cpu = Cpu::new(Arc::new(ModelWeights::digits()), NonZeroUsize::MIN);
        let alarm = Alarm::default();
        let painter: Shared = Arc::new(Mutex::new(Box::new(Fragile { cpu, uses: 2 })));
        let mut miner = Timed::new(painter, 1, alarm.clone());
        for seed in 0..2 {
            assert!(matches!(
                compute_one(&mut miner, work(Source::Computed, seed, 1)).outcome,
                Output::Done(_)
            ));
        }
        assert!(!alarm.is_set());
        assert_eq!(compute_one(&mut miner, work(Source::Computed, 2, 1)).outcome, Output::Failed);
        let text = "the device was lost: unplugged".to_string();
        assert_eq!(alarm.fault(), Some(Fault::Machine(text)));
    }

    #[test]
    fn steps_that_the_model_cannot_do_are_bad_input() {
        let alarm = Alarm::default();
        let painter = timed(1).painter;
        compute_one(&mut Timed::new(painter, 1, alarm.clone()), work(Source::Computed, 1, 5000));
        assert!(matches!(alarm.fault(), Some(Fault::Input(text)) if text.contains("5000")));
    }
}
