//! Latency of each class over time; where the folder keeps no course of it, its quantiles over the whole run.

use crate::report::plot::Absent;
use crate::report::plot::Picture;
use crate::report::plot::Plot;
use crate::report::plot::axis::Axis;
use crate::report::plot::brush::Hold;
use crate::report::plot::brush::LINE;
use crate::report::plot::brush::NOTE;
use crate::report::plot::frame::Chart;
use crate::report::plot::frame::HEIGHT;
use crate::report::plot::palette::Classes;
use crate::report::plot::palette::GREY;
use crate::report::plot::palette::LegendEntry;
use crate::report::plot::palette::Shape;
use crate::report::plot::palette::figure;
use crate::report::plot::palette::listed;
use crate::report::plot::palette::short;
use crate::report::plot::time;
use crate::report::plot::time::Quarters;
use crate::report::plot::time::Series;
use crate::report::read::Kept;

pub(super) const PLOT: Plot = Plot {
    name: "latency",
    title: "Latency of each class",
    caption: "From the request's creation to the callback, of successes. Work that is not done is fast: look at it beside \
              the useful work of the class.",
    make,
};

/// Milliseconds of a second.
const MS: f64 = 1e-3;
/// Height of a class's row, and of what stands around all rows [pixels].
const ROW: i32 = 84;
const AROUND: i32 = 300;
/// Most rows that each have their room.
const ROWS_MAX: usize = 40;
/// Quantiles of the whole run: metric and shape.
const QUANTILES: [(&str, &str); 3] =
    [("latency_ms_p50", "median"), ("latency_ms_p95", "95 %"), ("latency_ms_p99", "99 %")];

fn make(kept: &Kept) -> Result<Picture<'_>, Absent> {
    let miners = kept.miners.as_ref().ok_or(Absent::Irrelevant)?;
    let classes = Classes::of(miners);
    let Some(course) = kept.course.as_ref().filter(|own| !own.by_class("latency_ms").is_empty())
    else {
        return over_run(kept, &miners.classes, classes);
    };
    let lines = course.by_class("latency_ms");
    let quarters = Quarters::of(kept, course);
    let told = lines.iter().filter_map(|(name, line)| {
        let (first, last) = quarters.as_ref()?.means(line)?;
        Some(format!("{name} from {:.2} s to {:.2} s", first * MS, last * MS))
    });
    let told = listed(&told.collect::<Vec<_>>());
    let summary = quarters
        .as_ref()
        .map(|quarters| format!("Mean latency by epoch, {}: {told}.", quarters.words()))
        .unwrap_or_default();
    let series = lines.iter().map(|(name, line)| Series {
        name,
        line,
        colour: classes.look_of(name).colour,
    });
    time::picture(kept, series.collect(), classes.lines(), ("Mean latency [s]", MS), summary)
}

/// A class and its quantiles [s].
struct LatencyRow {
    name: String,
    quantiles: Vec<f64>,
}

/// Quantiles of each class over the whole run.
fn over_run<'k>(kept: &'k Kept, names: &[String], classes: Classes) -> Result<Picture<'k>, Absent> {
    let of = |metric: &str, class: &str| {
        let mut found = kept.metrics.iter().filter(|m| m.metric == metric && m.grouping == "class");
        found.find(|m| m.group == class).and_then(|m| m.mean)
    };
    let mut rows: Vec<LatencyRow> = Vec::new();
    for name in names {
        let quantiles: Option<Vec<f64>> =
            QUANTILES.iter().map(|(metric, _)| Some(of(metric, name)? * MS)).collect();
        rows.extend(quantiles.map(|quantiles| LatencyRow { name: name.clone(), quantiles }));
    }
    if rows.is_empty() {
        return Err(Absent::Missing("no request succeeded".to_string()));
    }
    let said = rows.iter().map(|row| {
        format!(
            "{} {:.2} s, {:.2} s and {:.2} s",
            row.name, row.quantiles[0], row.quantiles[1], row.quantiles[2]
        )
    });
    let summary = format!(
        "Median, 95 % and 99 % quantile over the run: {}.",
        listed(&said.collect::<Vec<_>>())
    );
    let height = HEIGHT.max(AROUND + ROW * i32::try_from(rows.len().min(ROWS_MAX)).unwrap_or(0));
    Ok(Picture {
        summary,
        legend: vec![LegendEntry::new(
            "from the median over the 95 % to the 99 % quantile, means over replications",
            GREY,
            Shape::Line,
        )],
        height,
        paint: Box::new(move |area, space| {
            let all: Vec<f64> = rows.iter().flat_map(|row| row.quantiles.clone()).collect();
            let x = Axis::fitting("Latency [s]", &all);
            let words: Vec<String> = rows.iter().rev().map(|row| short(&row.name)).collect();
            let stride = words.len().div_ceil(ROWS_MAX);
            let chart = Chart::new(area, space, (x, Axis::words("", &words, stride)))?;
            for (place, row) in rows.iter().rev().enumerate() {
                let (y, look) = (crate::base::math::float_len(place), classes.look_of(&row.name));
                chart.line(row.quantiles.iter().map(|q| Some((*q, y))), look.colour, LINE)?;
                for (quantile, shape) in
                    row.quantiles.iter().zip([Shape::Dot, Shape::Ring, Shape::Ring])
                {
                    let look = crate::report::plot::palette::Look { shape, ..look };
                    chart.brush.shape(chart.at(*quantile, y), look)?;
                }
                let (px, py) = chart.at(row.quantiles[0], y);
                let [median, most, nearly] = [0, 1, 2].map(|place| figure(row.quantiles[place]));
                let text =
                    format!("{}: median {median} s, 95 % {most} s, 99 % {nearly} s", row.name);
                let end = chart.at(row.quantiles[2], y).0;
                chart.brush.value_of_box((px - NOTE, py - NOTE), (end + NOTE, py + NOTE), text)?;
                if stride == 1 {
                    let text = format!("{:.2} s", row.quantiles[0]);
                    chart.brush.text((px, py - NOTE), &text, NOTE, Hold::Middle)?;
                }
            }
            Ok(())
        }),
    })
}
