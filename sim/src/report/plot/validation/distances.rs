//! Every statistic: how far the simulated ones lie from the real one, in half-widths of the real interval.

use crate::base::math;
use crate::report::plot::Absent;
use crate::report::plot::Picture;
use crate::report::plot::Plot;
use crate::report::plot::axis::pixels;
use crate::report::plot::brush::Brush;
use crate::report::plot::brush::Hold;
use crate::report::plot::brush::LINE;
use crate::report::plot::brush::NOTE;
use crate::report::plot::brush::Painted;
use crate::report::plot::frame::MARGIN;
use crate::report::plot::frame::Space;
use crate::report::plot::frame::WIDTH;
use crate::report::plot::palette::GREEN;
use crate::report::plot::palette::GREY;
use crate::report::plot::palette::GRID;
use crate::report::plot::palette::INK;
use crate::report::plot::palette::LegendEntry;
use crate::report::plot::palette::Look;
use crate::report::plot::palette::Shape;
use crate::report::plot::palette::VERMILION;
use crate::report::plot::palette::figure;
use crate::report::statistic::statistic_in_words;
use crate::trace::validate::StatisticScope;
use crate::trace::validate::ValidatedStatistic as Statistic;
use crate::trace::validate::ValidationResult;
use plotters::style::RGBColor;

pub(super) const LAST: Plot<ValidationResult> = Plot {
    name: "distances_last",
    title: "Last part: simulated statistics, seen from the real ones",
    caption: "The real value is the line in the middle, its own 95 % interval the shaded strip; the scale is logarithmic \
              outside the strip. A hollow mark has no interval of its own: there the unit is half of the simulated \
              interval. These statistics give the verdict.",
    make: last,
};

pub(super) const WHOLE: Plot<ValidationResult> = Plot {
    name: "distances_whole",
    title: "Whole trace: simulated statistics, seen from the real ones",
    caption: "As above, over the whole trace, of which the scenario may have seen a part: these statistics only warn.",
    make: whole,
};

/// Height of a row, and of what stands above and below all rows [pixels].
const ROW: i32 = 42;
const AROUND: i32 = 330;
/// Where names end, and the ends of the scale [pixels].
const NAMES_END: i32 = 800;
const LEFT: i32 = 820;
const RIGHT: i32 = WIDTH - MARGIN;
/// Ticks of the scale on either side [half-widths].
const TICKS: [f64; 6] = [1.0, 3.0, 10.0, 30.0, 100.0, 300.0];

/// A statistic in the plot, in half-widths from the real value.
struct DistanceRow<'v> {
    name: &'v str,
    ends: [f64; 3],
    null: Option<f64>,
    is_out: bool,
    is_own: bool,
}

fn last(validated: &ValidationResult) -> Result<Picture<'_>, Absent> {
    picture(validated, StatisticScope::Last)
}

fn whole(validated: &ValidationResult) -> Result<Picture<'_>, Absent> {
    picture(validated, StatisticScope::Whole)
}

fn picture(validated: &ValidationResult, over: StatisticScope) -> Result<Picture<'_>, Absent> {
    let own = validated.entries.iter().filter(|entry| entry.over == over);
    let rows: Vec<DistanceRow<'_>> = own.filter_map(|entry| row(entry, validated.alpha)).collect();
    if rows.is_empty() {
        return Err(Absent::Missing("no statistic can be judged".to_string()));
    }
    let inside = rows.iter().filter(|row| !row.is_out).count();
    let near = rows.iter().filter(|row| row.ends[1].abs() <= 1.0).count();
    let level = match over {
        StatisticScope::Whole => "each by itself",
        StatisticScope::Last => "by Westfall and Young's step-down",
    };
    let summary = format!(
        "{inside} of {} statistics are not rejected at {} {level}; the simulated median of {near} lies within one unit of \
         the real value.",
        rows.len(),
        validated.alpha
    );
    let mut legend = vec![
        LegendEntry::new("not rejected", GREEN, Shape::Dot),
        LegendEntry::new("rejected", VERMILION, Shape::Square),
        LegendEntry::new("unit: half of the simulated interval", INK, Shape::Ring),
    ];
    if rows.iter().any(|row| row.null.is_some()) {
        legend.push(LegendEntry::new("null model: the first part, resampled", GREY, Shape::Cross));
    }
    let height = AROUND + ROW * i32::try_from(rows.len()).unwrap_or(0);
    Ok(Picture {
        summary,
        legend,
        height,
        paint: Box::new(move |area, space| paint(Brush(area), space, &rows)),
    })
}

/// A statistic that was judged; none where there is no unit.
fn row(entry: &Statistic, alpha: f64) -> Option<DistanceRow<'_>> {
    /// A width that is only rounding is none.
    const ROUNDING: f64 = 1e-9;
    let (real, three) = (entry.real?, entry.simulated?);
    let p = match entry.over {
        StatisticScope::Whole => entry.p?,
        StatisticScope::Last => entry.p_adjusted?,
    };
    let above = |half: &f64| *half > ROUNDING * real.abs();
    let own = entry.half_width.filter(above);
    let unit = own.or_else(|| Some(0.5 * (three[2] - three[0])).filter(above))?;
    let away = |value: f64| (value - real) / unit;
    Some(DistanceRow {
        name: statistic_in_words(entry.name),
        ends: three.map(away),
        null: entry.null.map(|null| away(null.0)),
        is_out: p <= alpha,
        is_own: own.is_some(),
    })
}

/// The scale: linear up to a unit, logarithmic beyond it.
struct Scale {
    /// Ends of the scale, after bending.
    low: f64,
    high: f64,
}

impl Scale {
    fn of(rows: &[DistanceRow<'_>]) -> Self {
        /// Room beyond the furthest mark, bent.
        const ROOM: f64 = 0.3;
        let all = || rows.iter().flat_map(|row| row.ends.into_iter().chain(row.null));
        let low = all().map(bent).fold(-bent(TICKS[1]), f64::min);
        let high = all().map(bent).fold(bent(TICKS[1]), f64::max);
        Self { low: low - ROOM, high: high + ROOM }
    }

    fn at(&self, distance: f64) -> i32 {
        let part = (bent(distance) - self.low) / (self.high - self.low);
        LEFT + pixels(part.clamp(0.0, 1.0) * f64::from(RIGHT - LEFT))
    }

    fn holds(&self, distance: f64) -> bool {
        (self.low..=self.high).contains(&bent(distance))
    }
}

/// A distance on a scale that is linear up to 1 and logarithmic beyond.
fn bent(distance: f64) -> f64 {
    let size = distance.abs();
    if size <= 1.0 { distance } else { distance.signum() * (1.0 + math::ln(size)) }
}

fn paint(brush: Brush<'_, '_>, space: Space, rows: &[DistanceRow<'_>]) -> Painted {
    /// The strip of the real interval.
    const STRIP: RGBColor = RGBColor(0xe9, 0xee, 0xf3);
    let scale = Scale::of(rows);
    let bottom = space.top + ROW * i32::try_from(rows.len()).unwrap_or(0);
    brush.fill((scale.at(-1.0), space.top), (scale.at(1.0), bottom), STRIP)?;
    let ticks = TICKS.iter().flat_map(|tick| [-tick, *tick]).chain([0.0]);
    for tick in ticks.filter(|tick| scale.holds(*tick)) {
        let x = scale.at(tick);
        brush.line(vec![(x, space.top), (x, bottom)], GRID, 2)?;
        // A dash, for the committed font has no minus.
        let text = if tick < 0.0 { format!("\u{2013}{}", -tick) } else { format!("{tick}") };
        brush.text((x, bottom + MARGIN / 2 + NOTE / 2), &text, NOTE, Hold::Middle)?;
    }
    brush.dashes((scale.at(0.0), space.top), (scale.at(0.0), bottom), INK)?;
    for (place, row) in rows.iter().enumerate() {
        let y = space.top + ROW * i32::try_from(place).unwrap_or(0) + ROW / 2;
        row.paint(brush, y, &scale)?;
    }
    let middle = i32::midpoint(LEFT, RIGHT);
    let title = "Distance from the real value [half-widths of its 95 % interval]";
    brush.text((middle, bottom + 2 * MARGIN + NOTE), title, NOTE, Hold::Middle)
}

impl DistanceRow<'_> {
    fn paint(&self, brush: Brush<'_, '_>, y: i32, scale: &Scale) -> Painted {
        let (colour, shape) =
            if self.is_out { (VERMILION, Shape::Square) } else { (GREEN, Shape::Dot) };
        let shape = if self.is_own { shape } else { Shape::Ring };
        let [low, median, high] = self.ends.map(|distance| scale.at(distance));
        if let Some(null) = self.null {
            brush.shape((scale.at(null), y), Look { colour: GREY, shape: Shape::Cross })?;
        }
        brush.line(vec![(low, y), (high, y)], colour, LINE)?;
        brush.shape((median, y), Look { colour, shape })?;
        let ends = self.ends.map(figure);
        let text = format!("{}: {} half-widths ({} to {})", self.name, ends[1], ends[0], ends[2]);
        brush.value_of_box((LEFT, y - ROW / 2), (RIGHT, y + ROW / 2), text)?;
        brush.text((NAMES_END, y), self.name, NOTE - 2, Hold::Right)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scale_is_even_inside_and_bent_outside() {
        assert_eq!(bent(-0.5).to_bits(), (-0.5_f64).to_bits());
        assert_eq!(bent(1.0).to_bits(), 1.0_f64.to_bits());
        assert!((bent(-10.0) + 1.0 + math::ln(10.0)).abs() < 1e-12);
        let scale = Scale { low: -bent(1000.0), high: bent(1000.0) };
        assert_eq!((scale.at(-1000.0), scale.at(1e9)), (LEFT, RIGHT));
        assert_eq!(scale.at(0.0), i32::midpoint(LEFT, RIGHT));
        assert!(scale.holds(-999.0) && !scale.holds(1001.0));
    }
}
