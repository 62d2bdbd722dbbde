//! Pay share of each class over time.

use crate::report::plot::Absent;
use crate::report::plot::Picture;
use crate::report::plot::Plot;
use crate::report::plot::palette::Classes;
use crate::report::plot::palette::listed;
use crate::report::plot::time;
use crate::report::plot::time::Quarters;
use crate::report::plot::time::Series;
use crate::report::read::Kept;

pub(super) const PLOT: Plot = Plot {
    name: "class_pay",
    title: "Pay share of each class over time",
    caption: "Lines are means over replications, bands reach from the 5 % to the 95 % quantile.",
    make,
};

const PERCENT: f64 = 100.0;

fn make(kept: &Kept) -> Result<Picture<'_>, Absent> {
    let course = time::course(kept)?;
    let miners = kept.miners.as_ref().ok_or(Absent::Irrelevant)?;
    let classes = Classes::of(miners);
    let lines = course.by_class("pay_share");
    if lines.is_empty() {
        return Err(Absent::Missing("no miner was paid in any epoch".to_string()));
    }
    let quarters = Quarters::of(kept, course);
    let told = lines.iter().filter_map(|(name, line)| {
        let (first, last) = quarters.as_ref()?.means(line)?;
        Some(format!("{name} from {:.1} % to {:.1} %", first * PERCENT, last * PERCENT))
    });
    let told = listed(&told.collect::<Vec<_>>());
    let summary = quarters
        .as_ref()
        .map(|quarters| format!("Share of all miners' pay, {}: {told}.", quarters.words()))
        .unwrap_or_default();
    let series = lines.iter().map(|(name, line)| Series {
        name,
        line,
        colour: classes.look_of(name).colour,
    });
    let title = ("Share of miners' pay [%]", PERCENT);
    time::picture(kept, series.collect(), classes.lines(), title, summary)
}
