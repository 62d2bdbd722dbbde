//! The moving average under a score, and its decay. Source of the rules: spec/offchain.md section 3.4.

use crate::base::math;
use crate::base::wording;
use crate::model::scoring::Record;
use crate::model::scoring::Sample;
use crate::model::scoring::clamp01;

/// Weight of a new sample. Source: orchestrator b164b3e and 44a4866, `config.py`.
pub(super) const ALPHA: f64 = 1.0;
/// Time in which a score halves [s], seven days. Source: orchestrator b164b3e, `config.py`.
pub(super) const HALF_LIFE_S: f64 = 604_800.0;
/// Weight of a failure. Source: orchestrator b164b3e and 44a4866, `config.py`.
pub(super) const PENALTY: f64 = 0.2;
/// Days that a look-back of head reaches. Source: orchestrator 1f6be52, `config.py`.
pub(super) const LOOKBACK_DAYS: f64 = 7.0;
/// Milliseconds in a day. Source: unit.
const MS_PER_DAY: f64 = 86_400_000.0;
/// Milliseconds in a second. Source: unit.
const MS_PER_SECOND: f64 = 1000.0;
/// Factor of a decay by one half-life. Source: orchestrator b164b3e, `score_service.py`.
const HALF: f64 = 0.5;

/// Settings of the average; a record keeps those it was made with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct AverageSettings {
    /// Weight of a new sample, `0.0..=1.0`.
    pub(crate) alpha: f64,
    /// Time in which a score halves [s]; below 1 counts as 1.
    pub(crate) half_life_s: f64,
    /// Weight of a failure, at least 0.
    pub(crate) penalty: f64,
}

/// A half-life in words.
pub(super) fn half_life(seconds: f64) -> String {
    wording::span(seconds * MS_PER_SECOND)
}

impl AverageSettings {
    /// Settings as a configuration gives them: an alpha of 0 is read as 1, for production takes it for "not set".
    pub(super) fn configured(alpha: f64, half_life_s: f64, penalty: f64) -> Self {
        let alpha = if alpha <= 0.0 { ALPHA } else { alpha };
        Self { alpha, half_life_s, penalty }
    }

    /// The average after a sample `value`.
    pub(super) fn blend(self, ema: f64, value: f64) -> f64 {
        if self.alpha >= 1.0 {
            value
        } else if self.alpha <= 0.0 {
            ema
        } else {
            self.alpha * value + (1.0 - self.alpha) * ema
        }
    }
}

/// A look-back in days as milliseconds; 0 days is none.
pub(super) fn lookback_ms(days: f64) -> Option<u64> {
    (days > 0.0).then(|| math::round_to_u64(days * MS_PER_DAY))
}

/// Moves a record to an instant before `sample` is taken in. With an alpha of 1 a success sets average, score and clock
/// whatever they were, so that nothing need be decayed first.
#[inline]
pub(super) fn decay_before(
    record: &mut Record,
    settings: AverageSettings,
    at: f64,
    sample: Option<Sample>,
) {
    let forgets = settings.alpha >= 1.0 && matches!(sample, Some(Sample::Success(_)));
    if !forgets {
        decay(record, settings, at);
    }
}

/// Decays the record to the instant `at` [s]; an instant that is not later only becomes the last update.
pub(super) fn decay(record: &mut Record, settings: AverageSettings, at: f64) {
    let before = record.last_update.or(record.last_success);
    record.last_update = Some(at);
    let Some(elapsed) = before.map(|before| at - before).filter(|elapsed| *elapsed > 0.0) else {
        return;
    };
    let half_life = if settings.half_life_s > 1.0 { settings.half_life_s } else { 1.0 };
    record.ema = clamp01(record.ema * math::pow(HALF, elapsed / half_life));
    if record.scores > record.ema {
        record.scores = record.ema;
    }
}

/// Takes a success in: the average becomes `ema`, the score with it.
pub(super) fn count_success(record: &mut Record, ema: f64, at: f64) {
    record.ema = clamp01(ema);
    record.scores = record.ema;
    record.success_count += 1;
    record.sample_count += 1;
    record.last_success = Some(at);
    record.last_update = Some(at);
}

#[cfg(test)]
mod tests {
    use super::*;

    const WEEK: AverageSettings =
        AverageSettings { alpha: 1.0, half_life_s: 604_800.0, penalty: 0.2 };

    #[test]
    fn a_week_halves_the_score() {
        let mut record = Record { scores: 0.9, ema: 0.8, ..Record::default() };
        record.last_success = Some(100.0);
        decay(&mut record, WEEK, 604_900.0);
        assert!((record.ema - 0.4).abs() < 1e-12 && (record.scores - 0.4).abs() < 1e-12);
    }

    #[test]
    fn an_earlier_instant_moves_the_clock_and_nothing_else() {
        let mut record =
            Record { scores: 0.5, ema: 0.5, last_update: Some(10.0), ..Record::default() };
        decay(&mut record, WEEK, 5.0);
        assert_eq!(record.last_update, Some(5.0));
        assert!((record.ema - 0.5).abs() < 1e-12);
    }

    /// 0.3 x 0.9 + 0.7 x 0.5 = 0.62.
    #[test]
    fn alpha_weighs_the_new_sample() {
        let blend = |alpha| AverageSettings { alpha, ..WEEK }.blend(0.5, 0.9);
        assert!((blend(0.3) - 0.62).abs() < 1e-12);
        assert!((blend(1.0) - 0.9).abs() < 1e-12);
        assert!((blend(0.0) - 0.5).abs() < 1e-12);
        assert!((AverageSettings::configured(0.0, 1.0, 1.0).alpha - 1.0).abs() < 1e-12);
    }
}
