//! Concentration of pay over time.

use crate::report::plot::Absent;
use crate::report::plot::Picture;
use crate::report::plot::Plot;
use crate::report::plot::palette::BLUE;
use crate::report::plot::palette::Entry;
use crate::report::plot::palette::Shape;
use crate::report::plot::palette::VERMILION;
use crate::report::plot::time;
use crate::report::plot::time::Series;
use crate::report::read::Kept;
use plotters::style::RGBColor;

pub(super) const PLOT: Plot = Plot {
    name: "concentration",
    title: "Concentration of pay over time",
    caption: "Gini coefficient of each epoch's pay among those who took part in it: 0 when all get the same, 1 when one \
              gets all. By operator, the miners of one operator count as one.",
    make,
};

/// The lines: quantity, what it is, colour.
const LINES: [(&str, &str, RGBColor); 2] = [
    ("gini_pay_by_miner", "among miners", BLUE),
    ("gini_pay_by_operator", "among operators", VERMILION),
];

fn make(kept: &Kept) -> Result<Picture<'_>, Absent> {
    let course = time::course(kept)?;
    let (mut series, mut legend, mut said) = (Vec::new(), Vec::new(), Vec::new());
    for (quantity, label, colour) in LINES {
        let Some(line) = course.line(quantity) else { continue };
        let values = || line.mean.iter().flatten();
        let (low, high) =
            values().fold((f64::INFINITY, 0.0_f64), |(l, h), x| (l.min(*x), h.max(*x)));
        said.push(format!("{label} between {low:.2} and {high:.2}"));
        legend.push(Entry::new(label, colour, Shape::Line));
        series.push(Series { line, colour });
    }
    if series.is_empty() {
        return Err(Absent::Missing("fewer than two miners to compare, or no pay".to_string()));
    }
    let summary = format!("Gini coefficient of pay by epoch: {}.", said.join("; "));
    time::picture(kept, series, legend, ("Gini coefficient [0 to 1]", 1.0), summary)
}
