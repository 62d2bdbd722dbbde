//! Emission flow: from what was minted to owner, validators, burning and miners, and on to the classes.

use crate::report::plot::Absent;
use crate::report::plot::Picture;
use crate::report::plot::Plot;
use crate::report::plot::axis::number;
use crate::report::plot::axis::pixels;
use crate::report::plot::brush::Brush;
use crate::report::plot::brush::Hold;
use crate::report::plot::brush::NOTE;
use crate::report::plot::brush::Painted;
use crate::report::plot::frame::HEIGHT;
use crate::report::plot::frame::MARGIN;
use crate::report::plot::frame::Space;
use crate::report::plot::palette::BLUE;
use crate::report::plot::palette::Classes;
use crate::report::plot::palette::GREY;
use crate::report::plot::palette::INK;
use crate::report::plot::palette::ORANGE;
use crate::report::plot::palette::VERMILION;
use crate::report::plot::palette::listed;
use crate::report::plot::palette::shortened;
use crate::report::plot::scatter::RAO;
use crate::report::plot::time;
use crate::report::read::Kept;
use plotters::style::RGBColor;

pub(super) const PLOT: Plot = Plot {
    name: "emission",
    title: "Where the minted alpha went",
    caption: "Means over replications, of all epochs, warm-up too. Burned and recycled alpha was withheld from the \
              owner's uid.",
    make,
};

const PERCENT: f64 = 100.0;
/// Where the columns begin, and how wide their bars are [pixels].
const COLUMNS: [i32; 3] = [40, 740, 1110];
const BAR: i32 = 26;
/// Longest name of a class beside its bar.
const NAME_CHARS: usize = 18;
/// Least distance of two labels [pixels].
const LABEL: i32 = 42;
/// Where minted alpha can go: quantity, what it is, colour. Miners come last, for they are divided further.
const PARTS: [(&str, &str, RGBColor); 5] = [
    ("owner_rao", "owner", GREY),
    ("validators_rao", "validators", ORANGE),
    ("burned_rao", "burned", VERMILION),
    ("recycled_rao", "recycled", VERMILION),
    ("miners_rao", "miners", BLUE),
];

/// A part of the flow.
#[derive(Clone, Debug)]
struct Part {
    name: String,
    alpha: f64,
    colour: RGBColor,
}

fn make(kept: &Kept) -> Result<Picture<'_>, Absent> {
    let course = time::course(kept)?;
    let miners = kept.miners.as_ref().ok_or(Absent::Irrelevant)?;
    let alpha = |name: &str| course.sum(name).unwrap_or(0.0) / RAO;
    let minted = alpha("minted_rao");
    if minted <= 0.0 {
        return Err(Absent::Missing("nothing was minted".to_string()));
    }
    let parts = PARTS.map(|(quantity, name, colour)| Part {
        name: name.to_string(),
        alpha: alpha(quantity),
        colour,
    });
    let parts: Vec<Part> = parts.into_iter().filter(|p| p.alpha > 0.0).collect();
    let classes = Classes::of(miners);
    let mut paid: Vec<Part> = classes
        .legend()
        .into_iter()
        .map(|entry| Part { name: entry.label, alpha: 0.0, colour: entry.look.colour })
        .collect();
    for (name, line) in course.by_class("pay_rao") {
        let own = line.mean.iter().flatten().sum::<f64>() / RAO;
        paid[classes.slot(name)].alpha += own;
    }
    paid.retain(|p| p.alpha > 0.0);
    let said = parts.iter().chain(&paid).map(|p| told(p, minted));
    let summary =
        format!("Of {} alpha minted: {}.", number(minted, 0.1), listed(&said.collect::<Vec<_>>()));
    Ok(Picture {
        summary,
        legend: Vec::new(),
        height: HEIGHT,
        paint: Box::new(move |area, space| paint(Brush(area), space, minted, (&parts, &paid))),
    })
}

fn told(part: &Part, minted: f64) -> String {
    format!(
        "{} {} alpha ({:.1} %)",
        part.name,
        number(part.alpha, 0.1),
        PERCENT * part.alpha / minted
    )
}

fn paint(
    brush: Brush<'_, '_>,
    space: Space,
    minted: f64,
    (parts, paid): (&[Part], &[Part]),
) -> Painted {
    let top = space.top + MARGIN;
    let room = space.bottom - top - MARGIN;
    let gaps = |count: usize| i32::try_from(count.saturating_sub(1)).unwrap_or(0) * LABEL / 2;
    let scale = f64::from(room - gaps(parts.len())) / minted;
    let height = |alpha: f64| pixels(alpha * scale);
    let start = top + (room - height(minted)) / 2;
    brush.fill((COLUMNS[0], start), (COLUMNS[0] + BAR, start + height(minted)), INK)?;
    let (mut from, mut to) = (start, top);
    let mut places = Vec::new();
    for part in parts {
        let tall = height(part.alpha);
        flow(brush, (COLUMNS[0] + BAR, from), (COLUMNS[1], to), (tall, part.colour))?;
        let (corner, opposite) = ((COLUMNS[1], to), (COLUMNS[1] + BAR, to + tall.max(2)));
        brush.fill(corner, opposite, part.colour)?;
        brush.value_of_box(corner, opposite, told(part, minted))?;
        places.push((to, tall));
        from += tall;
        to += tall + LABEL / 2;
    }
    let words: Vec<String> = parts.iter().map(|p| told(p, minted)).collect();
    labels(brush, &words, &places, (COLUMNS[1] - MARGIN / 2, Hold::Right))?;
    let text = format!("minted {} alpha", number(minted, 0.1));
    brush.text((COLUMNS[0], start - MARGIN / 2 - 4), &text, NOTE, Hold::Left)?;
    let Some(pot) = parts.iter().position(|p| p.name == "miners") else { return Ok(()) };
    let (mut from, tall) = places[pot];
    let step = |p: &Part| height(p.alpha).max(LABEL) + 4;
    let needed: i32 = paid.iter().map(step).sum();
    let mut to =
        (from + tall / 2 - needed / 2).clamp(top, (space.bottom - MARGIN - needed).max(top));
    let mut places = Vec::new();
    for part in paid {
        let own = height(part.alpha);
        let at = to + (step(part) - own) / 2;
        flow(brush, (COLUMNS[1] + BAR, from), (COLUMNS[2], at), (own, part.colour))?;
        let (corner, opposite) = ((COLUMNS[2], at), (COLUMNS[2] + BAR, at + own.max(2)));
        brush.fill(corner, opposite, part.colour)?;
        brush.value_of_box(corner, opposite, told(part, minted))?;
        places.push((at, own));
        from += own;
        to += step(part);
    }
    let short = |p: &Part| Part { name: shortened(&p.name, NAME_CHARS), ..p.clone() };
    let words: Vec<String> = paid.iter().map(|p| told(&short(p), minted)).collect();
    labels(brush, &words, &places, (COLUMNS[2] + BAR + MARGIN / 2, Hold::Left))
}

/// A band of one height that bends from one column to the next.
fn flow(
    brush: Brush<'_, '_>,
    from: (i32, i32),
    to: (i32, i32),
    (tall, colour): (i32, RGBColor),
) -> Painted {
    /// Points along an edge.
    const POINTS: u32 = 24;
    /// How much of the sheet shines through, 1 being nothing.
    const OPACITY: f64 = 0.3;
    let edge = |shift: i32| {
        (0..=POINTS).map(move |k| {
            let t = f64::from(k) / f64::from(POINTS);
            let bend = t * t * (3.0 - 2.0 * t);
            let x = f64::from(from.0) + t * f64::from(to.0 - from.0);
            let y = f64::from(from.1) + bend * f64::from(to.1 - from.1);
            (pixels(x), pixels(y) + shift)
        })
    };
    let lower: Vec<_> = edge(tall.max(1)).collect();
    let outline = edge(0).chain(lower.into_iter().rev()).collect();
    brush.polygon(outline, colour, OPACITY)
}

/// Labels beside their bars, moved apart where they would touch.
fn labels(
    brush: Brush<'_, '_>,
    words: &[String],
    places: &[(i32, i32)],
    (x, hold): (i32, Hold),
) -> Painted {
    let mut lowest = i32::MIN / 2;
    for (text, (top, tall)) in words.iter().zip(places) {
        let y = (top + tall / 2).max(lowest + LABEL);
        lowest = y;
        brush.text((x, y), text, NOTE, hold)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_told_with_its_share() {
        let part = Part { name: "burned".to_string(), alpha: 1_230.75, colour: GREY };
        assert_eq!(told(&part, 4_000.0), "burned 1,230.8 alpha (30.8 %)");
    }
}
