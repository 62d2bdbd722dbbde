//! A shape a miner: two figures against each other, in its class's colour.

use crate::report::plot::Absent;
use crate::report::plot::Picture;
use crate::report::plot::axis::Axis;
use crate::report::plot::frame::Chart;
use crate::report::plot::frame::HEIGHT;
use crate::report::plot::palette::Classes;
use crate::report::plot::palette::figure;
use crate::report::read::Kept;
use crate::report::read::Miners;

/// Rao of an alpha.
pub(crate) const RAO: f64 = 1e9;

/// A figure of each miner over replications.
pub(super) struct Figures {
    /// What it is, with its unit.
    pub(super) title: &'static str,
    /// The column, and what it is multiplied by.
    pub(super) column: (&'static str, f64),
}

/// Pay on the upright axis.
pub(super) const PAY: Figures =
    Figures { title: "Pay in the run [alpha]", column: ("pay_rao", 1.0 / RAO) };

/// A miner in the plot.
struct MinerPoint {
    name: String,
    class: usize,
    x: f64,
    y: (f64, f64, f64),
}

/// Pay against `figures` for every miner that has them, with whiskers from the 5 % to the 95 % quantile over replications.
///
/// # Errors
/// When the folder holds no miners.
pub(super) fn pay_against<'k>(kept: &'k Kept, figures: &Figures) -> Result<Picture<'k>, Absent> {
    pay_of(kept, figures, |_, _| true)
}

/// The same for the miners that are meant alone.
///
/// # Errors
/// When the folder holds no miners, or none of them has a value.
pub(super) fn pay_of<'k>(
    kept: &'k Kept,
    figures: &Figures,
    is_meant: fn(&Miners, usize) -> bool,
) -> Result<Picture<'k>, Absent> {
    let miners = kept.miners.as_ref().ok_or(Absent::Irrelevant)?;
    let meant = (0..miners.len()).filter(|miner| is_meant(miners, *miner));
    let places: Vec<MinerPoint> = meant.filter_map(|miner| place(miners, miner, figures)).collect();
    if places.is_empty() {
        return Err(Absent::Missing(format!("no miner has a value of: {}", figures.title)));
    }
    let classes = Classes::of(miners);
    let legend = classes.legend();
    let summary = summary(&places, figures, miners.len());
    let title = figures.title;
    Ok(Picture {
        summary,
        legend,
        height: HEIGHT,
        paint: Box::new(move |area, space| {
            let xs: Vec<f64> = places.iter().map(|p| p.x).collect();
            let x = Axis::fitting(title, &xs).with_room();
            let y = Axis::from_zero(PAY.title, places.iter().map(|p| p.y.2.max(p.y.1)));
            let chart = Chart::new(area, space, (x, y))?;
            for place in &places {
                let (low, _, high) = place.y;
                let ends = vec![chart.at(place.x, low), chart.at(place.x, high)];
                chart.brush.line(ends, classes.look(place.class).colour, 2)?;
            }
            for place in &places {
                let at = chart.at(place.x, place.y.1);
                chart.brush.shape(at, classes.look(place.class))?;
                let [low, mean, high] = [place.y.0, place.y.1, place.y.2].map(figure);
                let text = format!(
                    "{}: {title} {}, pay {mean} ({low} to {high})",
                    place.name,
                    figure(place.x)
                );
                chart.brush.value(at, text)?;
            }
            Ok(())
        }),
    })
}

fn place(miners: &Miners, miner: usize, figures: &Figures) -> Option<MinerPoint> {
    let (column, scale) = figures.column;
    let x = miners.mean(column, miner)? * scale;
    let (column, scale) = PAY.column;
    let pay = miners.over(column, miner)?;
    let y = (pay.p05 * scale, pay.mean * scale, pay.p95 * scale);
    let name = &miners.names[miner];
    let shown = format!("{} ({})", name.name, miners.classes[name.class]);
    Some(MinerPoint { name: shown, class: name.class, x, y })
}

fn summary(places: &[MinerPoint], figures: &Figures, all: usize) -> String {
    let best = places.iter().max_by(|a, b| a.y.1.total_cmp(&b.y.1)).expect("there is one");
    let x = figure(best.x);
    format!(
        "{} of {all} miners, means over replications, whiskers from the 5 % to the 95 % quantile. The best paid miner \
         gets {:.2} alpha; its place on the other axis, {}, is {x}.",
        places.len(),
        best.y.1,
        figures.title,
    )
}
