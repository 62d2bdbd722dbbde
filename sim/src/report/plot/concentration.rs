//! Concentration of pay over time.

use crate::report::plot::Absent;
use crate::report::plot::Picture;
use crate::report::plot::Plot;
use crate::report::plot::palette::BLUE;
use crate::report::plot::palette::LegendEntry;
use crate::report::plot::palette::Shape;
use crate::report::plot::palette::VERMILION;
use crate::report::plot::time;
use crate::report::plot::time::Quarters;
use crate::report::plot::time::Series;
use crate::report::read::Kept;
use plotters::style::RGBColor;

pub(super) const PLOT: Plot = Plot {
    name: "concentration",
    title: "Concentration of pay over time",
    caption: "Gini coefficient of the pay of a single epoch among those who took part in it: 0 when all get the same, 1 when \
              one gets all. Over a whole run chance evens out, so the Gini coefficient of the run's pay, which the metrics \
              have, is another and mostly lower number. By operator, the miners of one operator count as one.",
    make,
};

/// The lines: quantity, what it is, colour.
const LINES: [(&str, &str, RGBColor); 2] = [
    ("gini_pay_by_miner", "among miners", BLUE),
    ("gini_pay_by_operator", "among operators", VERMILION),
];

fn make(kept: &Kept) -> Result<Picture<'_>, Absent> {
    let course = time::course(kept)?;
    let quarters = Quarters::of(kept, course);
    let (mut series, mut legend, mut said) = (Vec::new(), Vec::new(), Vec::new());
    for (quantity, label, colour) in LINES {
        let Some(line) = course.line(quantity) else { continue };
        let means = quarters.as_ref().and_then(|quarters| quarters.means(line));
        said.extend(means.map(|(first, last)| format!("{label} {first:.2} and {last:.2}")));
        legend.push(LegendEntry::new(label, colour, Shape::Line));
        series.push(Series { name: label, line, colour });
    }
    if series.is_empty() {
        return Err(Absent::Missing("fewer than two miners to compare, or no pay".to_string()));
    }
    let told = |quarters: &Quarters| {
        format!("Gini coefficient of an epoch's pay, {}: {}.", quarters.words(), said.join("; "))
    };
    let summary = quarters.as_ref().map(told).unwrap_or_default();
    time::picture(kept, series, legend, ("Gini coefficient [0 to 1]", 1.0), summary)
}
