//! When a validator acts: the polling loop of the subnet's own validator.

use crate::base::units::NANOS_PER_SECOND;
use crate::base::units::SimSpan;
use crate::base::units::SimTime;
use crate::model::rules::ValidatorLoop;

/// Seconds in a minute.
const MINUTE: u64 = 60;

/// The loop of one validator: step while the window is open, else sleep as many seconds as minutes are left, and look
/// again. Source: dippy-studio-bittensor `validator.py` `run`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clock(ValidatorLoop);

impl Clock {
    /// The clock of a loop.
    pub(crate) fn new(acting: ValidatorLoop) -> Self {
        Self(acting)
    }

    /// First step at or after `from`.
    pub(crate) fn first_step(&self, from: SimTime) -> SimTime {
        let mut at = from;
        loop {
            let minute = self.minute(at);
            if minute <= self.0.open_min {
                return at;
            }
            at = at + SimSpan((self.0.window_min - minute) * NANOS_PER_SECOND);
        }
    }

    /// The step after the one at `last`.
    pub(crate) fn next_step(&self, last: SimTime) -> SimTime {
        self.first_step(last + self.0.pause)
    }

    /// Whole minutes since the window's beginning.
    fn minute(&self, at: SimTime) -> u64 {
        let utc_s = self.0.start_utc_s + at.0 / NANOS_PER_SECOND;
        (utc_s / MINUTE) % self.0.window_min
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::rules::ValidatorRules;
    use crate::model::rules::ValidatorVersion;

    fn acting(start_utc_s: u64) -> ValidatorLoop {
        ValidatorLoop { start_utc_s, ..ValidatorRules::of(ValidatorVersion::Fixed).acting }
    }

    fn seconds(clock: Clock, count: usize) -> Vec<u64> {
        let first = clock.first_step(SimTime(0));
        let steps = std::iter::successors(Some(first), |at| Some(clock.next_step(*at)));
        steps.take(count).map(|at| at.0 / NANOS_PER_SECOND).collect()
    }

    /// 0:00, 1:10 and 2:20 lie in minutes 0, 1 and 2; 3:30 does not. Then the sleeps 17, 17, 16 (minute 4 from 4:04 on), ...
    /// shorten to 1 s in minute 19, so that the next step is at 20:00.
    #[test]
    fn three_steps_fall_into_each_window() {
        let steps = seconds(Clock::new(acting(0)), 6);
        assert_eq!(steps[..3], [0, 70, 140]);
        assert_eq!(steps[3..], [1200, 1270, 1340]);
    }

    #[test]
    fn the_time_of_day_of_the_start_shifts_the_windows() {
        // 05:35:01 is minute 15 of its window: the loop wakes in the window that opens at 05:40:00.
        let clock = Clock::new(acting(20_101));
        let first = seconds(clock, 1)[0];
        assert!((299..302).contains(&first), "{first}");
    }
}
