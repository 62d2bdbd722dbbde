//! Axes: round ticks, linear or logarithmic, or one place a word.

use crate::base::math;
use plotters::coord::ranged1d::KeyPointHint;
use plotters::coord::ranged1d::NoDefaultFormatting;
use plotters::coord::ranged1d::Ranged;
use plotters::coord::ranged1d::ValueFormatter;
use std::ops::Range;

/// Number of ticks that an axis aims at.
const TICKS: f64 = 6.0;
/// Steps between ticks, as parts of a power of ten.
const STEPS: [f64; 4] = [1.0, 2.0, 5.0, 10.0];
/// Values further apart than this many times are shown on a logarithmic axis.
const LOG_FROM: f64 = 50.0;
/// Decades above which only powers of ten are ticks.
const DECADES_FINE: f64 = 2.5;
const TEN: f64 = 10.0;
/// A minus that the committed font has: the en dash.
pub(crate) const MINUS: &str = "\u{2013}";

/// An axis with its ticks.
#[derive(Clone, Debug)]
pub(crate) struct Axis {
    /// What it shows, with its unit.
    pub(crate) title: String,
    low: f64,
    high: f64,
    is_log: bool,
    ticks: Vec<(f64, String)>,
}

impl Axis {
    /// From 0 to a little above the largest of the `values`.
    pub(crate) fn from_zero(title: &str, values: impl Iterator<Item = f64>) -> Self {
        let high = values.fold(0.0, f64::max);
        Self::linear(title, 0.0, if high > 0.0 { high } else { 1.0 })
    }

    /// From a round number at or below `low` to one at or above `high`.
    pub(crate) fn linear(title: &str, low: f64, high: f64) -> Self {
        let high = if high > low { high } else { low + 1.0 };
        let step = step(high - low);
        let (first, last) = ((low / step).floor(), (high / step - 1e-9).ceil());
        let mut ticks = Vec::new();
        let mut place = first;
        while place <= last {
            ticks.push((place * step, number(place * step, step)));
            place += 1.0;
        }
        Self {
            title: title.to_string(),
            low: first * step,
            high: last * step,
            is_log: false,
            ticks,
        }
    }

    /// Exactly from `low` to `high`, with round ticks between.
    pub(crate) fn exact(title: &str, low: f64, high: f64) -> Self {
        let mut axis = Self::linear(title, low, high);
        axis.ticks.retain(|(at, _)| *at >= low && *at <= high);
        Self { low, high: if high > low { high } else { low + 1.0 }, ..axis }
    }

    /// Logarithmic where the values are above 0 and far apart, else from 0.
    pub(crate) fn fitting(title: &str, values: &[f64]) -> Self {
        let low = values.iter().copied().fold(f64::INFINITY, f64::min);
        let high = values.iter().copied().fold(0.0, f64::max);
        if !(low > 0.0 && high / low > LOG_FROM) {
            return Self::from_zero(title, values.iter().copied());
        }
        Self::logarithmic(&format!("{title}, logarithmic"), low, high)
    }

    /// Logarithmic from a power of ten times 1, 2 or 5 to another; both above 0.
    fn logarithmic(title: &str, low: f64, high: f64) -> Self {
        let decades = log10(high / low);
        let fine: &[f64] = if decades > DECADES_FINE { &STEPS[..1] } else { &STEPS[..3] };
        let mut ticks = Vec::new();
        let mut decade = math::pow(TEN, log10(low).floor());
        while decade <= high * TEN {
            for part in fine {
                ticks.push((part * decade, number(part * decade, decade)));
            }
            decade *= TEN;
        }
        let below = ticks.iter().rposition(|(at, _)| *at <= low).unwrap_or(0);
        let above = ticks.iter().position(|(at, _)| *at >= high).unwrap_or(ticks.len() - 1);
        let ticks = ticks[below..=above].to_vec();
        let (low, high) = (ticks[0].0, ticks[ticks.len() - 1].0);
        Self { title: title.to_string(), low, high, is_log: true, ticks }
    }

    /// A place a word, at 0, 1, 2 and so on; every `stride`-th is named.
    pub(crate) fn words(title: &str, words: &[String], stride: usize) -> Self {
        let named = words.iter().enumerate().step_by(stride.max(1));
        let ticks = named.map(|(place, word)| (math::float_len(place), word.clone()));
        Self {
            title: title.to_string(),
            low: -0.5,
            high: math::float_len(words.len().max(1)) - 0.5,
            is_log: false,
            ticks: ticks.collect(),
        }
    }

    /// A little longer at its upper end, so that nothing lies on the edge.
    pub(crate) fn with_room(self) -> Self {
        /// Part of the length added.
        const ROOM: f64 = 0.06;
        let high = if self.is_log {
            self.high * math::pow(self.high / self.low, ROOM)
        } else {
            self.high + ROOM * (self.high - self.low)
        };
        Self { high, ..self }
    }

    /// The words at its ticks.
    pub(crate) fn labels(&self) -> impl Iterator<Item = &str> {
        self.ticks.iter().map(|(_, label)| label.as_str())
    }

    /// How far along the axis a value lies, `0.0..=1.0` within it.
    fn part(&self, value: f64) -> f64 {
        if self.is_log {
            return log10(value.max(f64::MIN_POSITIVE) / self.low) / log10(self.high / self.low);
        }
        (value - self.low) / (self.high - self.low)
    }
}

fn log10(x: f64) -> f64 {
    math::ln(x) / math::ln(TEN)
}

/// A round step that divides `span` into about as many parts as ticks are aimed at.
fn step(span: f64) -> f64 {
    let raw = span / TICKS;
    let decade = math::pow(TEN, log10(raw).floor());
    let part = STEPS.iter().find(|part| **part * decade >= raw * 0.999).unwrap_or(&STEPS[0]);
    part * decade
}

/// A number with the decimals that a step needs, and commas between thousands.
pub(crate) fn number(value: f64, step: f64) -> String {
    /// More decimals help nobody.
    const DECIMALS_MAX: usize = 9;
    /// Digits that stand between two commas.
    const GROUP: usize = 3;
    let mut decimals = 0;
    let mut scale = 1.0;
    while decimals < DECIMALS_MAX && step * scale < 0.999 {
        scale *= TEN;
        decimals += 1;
    }
    let text = format!("{:.decimals$}", value.abs());
    let (whole, rest) = text.split_at(text.find('.').unwrap_or(text.len()));
    let mut grouped = String::new();
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(GROUP) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    let is_zero = text.chars().all(|c| c == '0' || c == '.');
    let sign = if value < 0.0 && !is_zero { MINUS } else { "" };
    format!("{sign}{grouped}{rest}")
}

impl Ranged for Axis {
    type FormatOption = NoDefaultFormatting;
    type ValueType = f64;

    fn map(&self, value: &f64, limit: (i32, i32)) -> i32 {
        let span = f64::from(limit.1 - limit.0);
        limit.0 + pixels(span * self.part(*value))
    }

    fn key_points<Hint: KeyPointHint>(&self, _hint: Hint) -> Vec<f64> {
        self.ticks.iter().map(|(at, _)| *at).collect()
    }

    fn range(&self) -> Range<f64> {
        self.low..self.high
    }
}

impl ValueFormatter<f64> for Axis {
    fn format_ext(&self, value: &f64) -> String {
        let found = self.ticks.iter().find(|(at, _)| at.total_cmp(value).is_eq());
        found.map(|(_, label)| label.clone()).unwrap_or_default()
    }
}

/// The pixel nearest to a place [px].
#[expect(
    clippy::cast_possible_truncation,
    reason = "saturating; a sheet has a few thousand pixels"
)]
pub(crate) fn pixels(x: f64) -> i32 {
    x.round() as i32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(axis: &Axis) -> Vec<&str> {
        axis.labels().collect()
    }

    #[test]
    fn ticks_are_round_and_hold_all_values() {
        assert_eq!(labels(&Axis::linear("", 0.0, 100.0)), ["0", "20", "40", "60", "80", "100"]);
        assert_eq!(
            labels(&Axis::from_zero("", [0.5, 4e-3].into_iter())),
            ["0.0", "0.1", "0.2", "0.3", "0.4", "0.5"]
        );
        assert_eq!(labels(&Axis::from_zero("", [12_345.0].into_iter())).last(), Some(&"15,000"));
        assert_eq!(labels(&Axis::linear("", -0.3, 0.3))[0], "\u{2013}0.3");
    }

    #[test]
    fn nothing_and_equal_values_still_give_an_axis() {
        for axis in [
            Axis::from_zero("", [].into_iter()),
            Axis::linear("", 5.0, 5.0),
            Axis::words("", &[], 1),
        ] {
            assert!(axis.range().end > axis.range().start);
        }
        assert_eq!(Axis::from_zero("", [0.0].into_iter()).map(&0.0, (10, 90)), 10);
    }

    #[test]
    fn far_apart_values_are_shown_logarithmically() {
        let axis = Axis::fitting("stake", &[3.0, 700.0]);
        assert_eq!(labels(&axis), ["2", "5", "10", "20", "50", "100", "200", "500", "1,000"]);
        assert_eq!(axis.map(&2.0, (0, 100)), 0);
        assert_eq!(axis.map(&1000.0, (0, 100)), 100);
        assert!(axis.title.contains("logarithmic"));
        assert!(
            !Axis::fitting("stake", &[0.0, 700.0]).title.contains("logarithmic"),
            "0 has no logarithm"
        );
        assert_eq!(labels(&Axis::fitting("", &[1.0, 1e6])).len(), 7);
    }

    #[test]
    fn exact_axes_end_where_they_are_told() {
        let axis = Axis::exact("", 0.0, 56.0);
        assert_eq!(axis.range(), 0.0..56.0);
        assert_eq!(labels(&axis), ["0", "10", "20", "30", "40", "50"]);
    }
}
