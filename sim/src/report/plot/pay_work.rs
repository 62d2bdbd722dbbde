//! Pay against useful work, miner by miner, with the diagonal of fairness.

use crate::report::plot::Absent;
use crate::report::plot::Picture;
use crate::report::plot::Plot;
use crate::report::plot::axis::Axis;
use crate::report::plot::frame::Chart;
use crate::report::plot::frame::HEIGHT;
use crate::report::plot::palette::Classes;
use crate::report::plot::palette::GREY;
use crate::report::plot::palette::LegendEntry;
use crate::report::plot::palette::Shape;
use crate::report::plot::palette::figure;
use crate::report::read::Kept;
use crate::report::read::Miners;

pub(super) const PLOT: Plot = Plot {
    name: "pay_work",
    title: "Pay against useful work, miner by miner",
    caption: "On the dashed diagonal a miner's share of the pay is its share of the useful work; above it a miner is paid for \
              more than it did, on the left edge for nothing. Half of the upright distances from the diagonal, added up over \
              the miners of each replication, is the total variation distance.",
    make,
};

const PERCENT: f64 = 100.0;
/// Largest relative distance from the diagonal that is told as fair. Source: as `some_class_deviates`.
const EPSILON: f64 = 0.1;

/// A miner's share of useful work and of pay [%].
struct SharePoint {
    name: String,
    class: usize,
    work: f64,
    pay: (f64, f64, f64),
}

fn make(kept: &Kept) -> Result<Picture<'_>, Absent> {
    // Plots of a comparison stand beside figures of both scenarios, which these are not.
    let miners = kept.miners.as_ref().filter(|_| kept.changes.is_empty());
    let miners = miners.ok_or(Absent::Irrelevant)?;
    let places: Vec<SharePoint> =
        (0..miners.len()).filter_map(|miner| place(miners, miner)).collect();
    if places.is_empty() {
        return Err(Absent::Missing("nobody was paid or nobody did useful work".to_string()));
    }
    let classes = Classes::of(miners);
    let mut legend = classes.legend();
    legend.push(LegendEntry::new("paid as worked", GREY, Shape::Dashes));
    Ok(Picture {
        summary: summary(&places),
        legend,
        height: HEIGHT,
        paint: Box::new(move |area, space| {
            let highest = places.iter().map(|p| p.work.max(p.pay.2)).fold(0.0, f64::max);
            let axis = |title: &str| Axis::from_zero(title, std::iter::once(highest));
            let x = axis("Share of the useful work [%]").with_room();
            let chart = Chart::new(area, space, (x, axis("Share of the pay [%]").with_room()))?;
            chart.brush.dashes(chart.at(0.0, 0.0), chart.at(highest, highest), GREY)?;
            for place in &places {
                let (low, _, high) = place.pay;
                let ends = vec![chart.at(place.work, low), chart.at(place.work, high)];
                chart.brush.line(ends, classes.look(place.class).colour, 2)?;
            }
            for place in &places {
                let at = chart.at(place.work, place.pay.1);
                chart.brush.shape(at, classes.look(place.class))?;
                let [low, mean, high] = [place.pay.0, place.pay.1, place.pay.2].map(figure);
                let (name, work) = (&place.name, figure(place.work));
                let text =
                    format!("{name}: {work} % of the work, {mean} % of the pay ({low} to {high})");
                chart.brush.value(at, text)?;
            }
            Ok(())
        }),
    })
}

fn place(miners: &Miners, miner: usize) -> Option<SharePoint> {
    let pay = miners.miner_share("pay_rao", miner)?;
    let work = miners.miner_share("useful_steps", miner)?.mean * PERCENT;
    let name = &miners.names[miner];
    Some(SharePoint {
        name: format!("{} ({})", name.name, miners.classes[name.class]),
        class: name.class,
        work,
        pay: (pay.p05 * PERCENT, pay.mean * PERCENT, pay.p95 * PERCENT),
    })
}

fn summary(places: &[SharePoint]) -> String {
    let working = || places.iter().filter(|p| p.work > 0.0);
    let more = working().filter(|p| p.pay.1 > p.work * (1.0 + EPSILON)).count();
    let less = working().filter(|p| p.pay.1 < p.work * (1.0 - EPSILON)).count();
    let idle = places.iter().filter(|p| p.work <= 0.0 && p.pay.1 > 0.0);
    let (count, share) = (idle.clone().count(), idle.map(|p| p.pay.1).sum::<f64>());
    let paid = match count {
        0 => "Nobody who did none is paid.".to_string(),
        count => format!("{count} that did none are paid, {share:.1} % of all pay."),
    };
    format!(
        "Of {} miners that did useful work {more} are paid over 10 % more than it, {less} over 10 % less, means over \
         replications; whiskers reach from the 5 % to the 95 % quantile. {paid}",
        working().count()
    )
}
