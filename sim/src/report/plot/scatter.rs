//! A shape a miner: two figures against each other, in its class's colour.

use crate::report::plot::Absent;
use crate::report::plot::Picture;
use crate::report::plot::axis::Axis;
use crate::report::plot::frame::Chart;
use crate::report::plot::frame::HEIGHT;
use crate::report::plot::palette::Classes;
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
struct Place {
    class: usize,
    x: f64,
    y: (f64, f64, f64),
}

/// Pay against `figures`, with whiskers from the 5 % to the 95 % quantile over replications.
pub(super) fn pay_against(kept: &Kept, figures: Figures) -> Result<Picture<'_>, Absent> {
    let miners = kept.miners.as_ref().ok_or(Absent::Irrelevant)?;
    let places: Vec<Place> = (0..miners.len()).filter_map(|m| place(miners, m, &figures)).collect();
    if places.is_empty() {
        return Err(Absent::Missing(format!("no miner has a value of: {}", figures.title)));
    }
    let classes = Classes::of(miners);
    let legend = classes.legend();
    let summary = summary(&places, &figures, miners.len());
    Ok(Picture {
        summary,
        legend,
        height: HEIGHT,
        paint: Box::new(move |area, space| {
            let xs: Vec<f64> = places.iter().map(|p| p.x).collect();
            let x = Axis::fitting(figures.title, &xs).with_room();
            let y = Axis::from_zero(PAY.title, places.iter().map(|p| p.y.2.max(p.y.1)));
            let chart = Chart::new(area, space, (x, y))?;
            let columns: Vec<i32> = places.iter().map(|p| chart.at(p.x, 0.0).0).collect();
            let columns = apart(&columns);
            for (place, column) in places.iter().zip(&columns) {
                let (low, _, high) = place.y;
                let end = |pay| (*column, chart.at(place.x, pay).1);
                chart.brush.line(vec![end(low), end(high)], classes.look(place.class).colour, 2)?;
            }
            for (place, column) in places.iter().zip(&columns) {
                let at = (*column, chart.at(place.x, place.y.1).1);
                chart.brush.shape(at, classes.look(place.class))?;
            }
            Ok(())
        }),
    })
}

fn place(miners: &Miners, miner: usize, figures: &Figures) -> Option<Place> {
    let (column, scale) = figures.column;
    let x = miners.mean(column, miner)? * scale;
    let (column, scale) = PAY.column;
    let pay = miners.over(column, miner)?;
    let y = (pay.p05 * scale, pay.mean * scale, pay.p95 * scale);
    Some(Place { class: miners.names[miner].class, x, y })
}

/// Columns of pixels, those of equal value set side by side around it.
fn apart(columns: &[i32]) -> Vec<i32> {
    /// Width over which equal columns are spread, and most between two of them [pixels].
    const SPREAD: i32 = 110;
    const NEXT: i32 = 14;
    let length = |count: usize| i32::try_from(count).expect("few miners");
    let one = |(place, column): (usize, &i32)| {
        let count = length(columns.iter().filter(|c| *c == column).count());
        let before = length(columns[..place].iter().filter(|c| *c == column).count());
        let wide = (NEXT * (count - 1)).min(SPREAD);
        if count > 1 { column - wide / 2 + wide * before / (count - 1) } else { *column }
    };
    columns.iter().enumerate().map(one).collect()
}

fn summary(places: &[Place], figures: &Figures, all: usize) -> String {
    let best = places.iter().max_by(|a, b| a.y.1.total_cmp(&b.y.1)).expect("there is one");
    let x: f64 = format!("{:.3e}", best.x).parse().unwrap_or(best.x);
    format!(
        "{} of {all} miners, means over replications, whiskers from the 5 % to the 95 % quantile. The best paid miner \
         gets {:.2} alpha; its place on the other axis, {}, is {x}.",
        places.len(),
        best.y.1,
        figures.title,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_columns_are_set_side_by_side() {
        assert_eq!(apart(&[10, 50, 50, 50]), [10, 36, 50, 64]);
        let many = apart(&[200; 256]);
        assert_eq!((many[0], many[255]), (145, 255));
    }
}
