//! When a validator acts: the polling loop of the subnet's own validator.

use crate::base::units::NANOS_PER_SECOND;
use crate::base::units::SimSpan;
use crate::base::units::SimTime;
use crate::config::ValidatorSettings;

/// Seconds in a minute.
const MINUTE: u64 = 60;

/// The loop of one validator: step while the window is open, else sleep as many seconds as minutes are left, and look
/// again. Source: dippy-studio-bittensor `validator.py` `run`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clock {
    window_min: u64,
    open_min: u64,
    pause: SimSpan,
    start_utc_s: u64,
}

impl Clock {
    /// The loop that `settings` describe.
    pub(crate) fn new(settings: &ValidatorSettings) -> Self {
        Self {
            window_min: settings.window_min,
            open_min: settings.open_min,
            pause: SimSpan(settings.pause_s * NANOS_PER_SECOND),
            start_utc_s: settings.start_utc_s,
        }
    }

    /// First step at or after `from`.
    pub(crate) fn first_step(&self, from: SimTime) -> SimTime {
        let mut at = from;
        loop {
            let minute = self.minute(at);
            if minute <= self.open_min {
                return at;
            }
            at = at + SimSpan((self.window_min - minute) * NANOS_PER_SECOND);
        }
    }

    /// The step after the one at `last`.
    pub(crate) fn next_step(&self, last: SimTime) -> SimTime {
        self.first_step(last + self.pause)
    }

    /// Whole minutes since the window's beginning.
    fn minute(&self, at: SimTime) -> u64 {
        let utc_s = self.start_utc_s + at.0 / NANOS_PER_SECOND;
        (utc_s / MINUTE) % self.window_min
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(clock: Clock, count: usize) -> Vec<u64> {
        let first = clock.first_step(SimTime(0));
        let steps = std::iter::successors(Some(first), |at| Some(clock.next_step(*at)));
        steps.take(count).map(|at| at.0 / NANOS_PER_SECOND).collect()
    }

    /// 0:00, 1:10 and 2:20 lie in minutes 0, 1 and 2; 3:30 does not. Then the sleeps 17, 17, 16 (minute 4 from 4:04 on), ...
    /// shorten to 1 s in minute 19, so that the next step is at 20:00.
    #[test]
    fn three_steps_fall_into_each_window() {
        let steps = seconds(Clock::new(&ValidatorSettings::default()), 6);
        assert_eq!(steps[..3], [0, 70, 140]);
        assert_eq!(steps[3..], [1200, 1270, 1340]);
    }

    #[test]
    fn the_time_of_day_of_the_start_shifts_the_windows() {
        // 05:35:01 is minute 15 of its window: the loop wakes in the window that opens at 05:40:00.
        let clock =
            Clock::new(&ValidatorSettings { start_utc_s: 20_101, ..ValidatorSettings::default() });
        let first = seconds(clock, 1)[0];
        assert!((299..302).contains(&first), "{first}");
    }
}
