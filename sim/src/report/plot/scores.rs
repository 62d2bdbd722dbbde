//! Distribution of scores and of weight shares.

use crate::base::math;
use crate::report::plot::Absent;
use crate::report::plot::Picture;
use crate::report::plot::Plot;
use crate::report::plot::axis::Axis;
use crate::report::plot::brush::Painted;
use crate::report::plot::frame::Chart;
use crate::report::plot::frame::HEIGHT;
use crate::report::plot::frame::Space;
use crate::report::plot::palette::Classes;
use crate::report::plot::palette::figure;
use crate::report::plot::sheet::Area;
use crate::report::read::Kept;
use crate::report::read::Miners;
use plotters::coord::ranged1d::Ranged;

pub(super) const PLOT: Plot = Plot {
    name: "scores",
    title: "Distribution of scores and of weights",
    caption: "Bars count miners, stacked by class. Scores far apart and weights close together, or the reverse, show what \
              the weighting rule makes of scores.",
    make,
};

/// Bars of each panel.
const BARS: usize = 24;
const PERCENT: f64 = 100.0;

/// One panel: a value a replication and miner, the class with it.
struct Panel {
    title: &'static str,
    values: Vec<(usize, f64)>,
    from_zero: bool,
}

fn make(kept: &Kept) -> Result<Picture<'_>, Absent> {
    let miners = kept.miners.as_ref().ok_or(Absent::Irrelevant)?;
    let scores = values(miners, "score", 1.0);
    let without = scores.iter().filter(|(_, score)| *score <= 0.0).count();
    let scores: Vec<_> = scores.into_iter().filter(|(_, score)| *score > 0.0).collect();
    if scores.is_empty() {
        return Err(Absent::Missing("no miner has a score".to_string()));
    }
    let runs = math::float_len(miners.replications);
    let without = math::float_len(without) / runs;
    let with = math::float_len(scores.len()) / runs;
    let (low, high) = ends(&scores);
    let panels = [
        Panel {
            title: "Published score at the end, where above 0",
            values: scores,
            from_zero: false,
        },
        Panel {
            title: "Weight share, mean over epochs [%]",
            values: values(miners, "weight_share", PERCENT),
            from_zero: true,
        },
    ];
    let classes = Classes::of(miners);
    Ok(Picture {
        summary: format!(
            "A mean of {with:.1} miners has a score, between {low:.3} and {high:.3}; {without:.1} have none."
        ),
        legend: classes.legend(),
        height: HEIGHT,
        paint: Box::new(move |area, space| {
            for (panel, space) in panels.iter().zip(space.columns(2)) {
                panel.paint(area, space, &classes, runs)?;
            }
            Ok(())
        }),
    })
}

fn values(miners: &Miners, column: &str, scale: f64) -> Vec<(usize, f64)> {
    let each = (0..miners.replications).flat_map(|r| (0..miners.len()).map(move |m| (r, m)));
    each.filter_map(|(r, m)| Some((miners.names[m].class, miners.at(column, r, m)? * scale)))
        .collect()
}

fn ends(values: &[(usize, f64)]) -> (f64, f64) {
    let each = values.iter().map(|(_, value)| *value);
    each.fold((f64::INFINITY, 0.0), |(low, high), x| (low.min(x), high.max(x)))
}

impl Panel {
    fn paint(&self, area: &Area<'_>, space: Space, classes: &Classes, runs: f64) -> Painted {
        let (low, high) = ends(&self.values);
        let x = if self.from_zero {
            Axis::from_zero(self.title, std::iter::once(high))
        } else {
            Axis::linear(self.title, low.min(high), high)
        };
        let range = x.range();
        let width = (range.end - range.start) / math::float_len(BARS);
        let bar = |value: f64| {
            let place = math::trunc_to_u64((value - range.start) / width);
            usize::try_from(place).unwrap_or(BARS).min(BARS - 1)
        };
        let count = self.values.iter().map(|(class, _)| class + 1).max().unwrap_or(0);
        let mut bars = vec![vec![0.0; count]; BARS];
        for (class, value) in &self.values {
            bars[bar(*value)][*class] += 1.0 / runs;
        }
        let tallest = bars.iter().map(|classes| classes.iter().sum::<f64>());
        let y = Axis::from_zero("Miners [mean count]", tallest);
        let chart = Chart::new(area, space, (x, y))?;
        for (place, counts) in bars.iter().enumerate() {
            let left = range.start + width * math::float_len(place);
            let mut below = 0.0;
            for (class, count) in counts.iter().enumerate().filter(|(_, count)| **count > 0.0) {
                let (x0, y0) = chart.at(left, below + count);
                let (x1, y1) = chart.at(left + width, below);
                chart.brush.fill((x0 + 1, y0), (x1 - 1, y1), classes.look(class).colour)?;
                below += count;
            }
            let named = counts.iter().enumerate().filter(|(_, count)| **count > 0.0);
            let named =
                named.map(|(class, count)| format!("{} {}", classes.name(class), figure(*count)));
            let named: Vec<String> = named.collect();
            if !named.is_empty() {
                let ends = [left, left + width].map(figure);
                let text = format!("{} to {}: {} miners", ends[0], ends[1], named.join(", "));
                let (corner, opposite) = (chart.at(left, below), chart.at(left + width, 0.0));
                chart.brush.value_of_box(corner, opposite, text)?;
            }
        }
        Ok(())
    }
}
