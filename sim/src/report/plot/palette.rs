//! Colours and shapes: the palette of Okabe and Ito (2008), safe for colour-blind readers, and a shape beside each colour.

use crate::report::plot::axis::MINUS;
use crate::report::read::Miners;
use plotters::style::RGBColor;

/// Colour of text and of axes.
pub(crate) const INK: RGBColor = RGBColor(0x22, 0x22, 0x22);
/// Lines of the grid.
pub(crate) const GRID: RGBColor = RGBColor(0xdd, 0xdd, 0xdd);
/// What is not one of the named.
pub(crate) const GREY: RGBColor = RGBColor(0x7a, 0x7a, 0x7a);
/// What is good, or passes.
pub(crate) const GREEN: RGBColor = RGBColor(0x00, 0x9e, 0x73);
/// What is bad, or fails.
pub(crate) const VERMILION: RGBColor = RGBColor(0xd5, 0x5e, 0x00);
/// Colour of what is open or undecided.
pub(crate) const ORANGE: RGBColor = RGBColor(0xe6, 0x9f, 0x00);
/// Colour of the first series.
pub(crate) const BLUE: RGBColor = RGBColor(0x00, 0x72, 0xb2);
const PURPLE: RGBColor = RGBColor(0xcc, 0x79, 0xa7);
const SKY: RGBColor = RGBColor(0x56, 0xb4, 0xe9);
const BLACK: RGBColor = RGBColor(0x00, 0x00, 0x00);

/// A shape that tells classes apart without colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// A filled circle, as a marker.
    Dot,
    /// A filled square, as a marker.
    Square,
    /// A filled triangle, as a marker.
    Triangle,
    /// A filled square on its corner.
    Diamond,
    /// A triangle upside down.
    Wedge,
    /// Two crossed strokes, as a marker.
    Cross,
    /// A ring, as a marker.
    Ring,
    /// A line, for a series over time.
    Line,
    /// A dashed line, for a series over time.
    Dashes,
}

/// How a series is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Look {
    /// Colour of the series in the plot.
    pub(crate) colour: RGBColor,
    /// Shape that tells the series apart without colour.
    pub(crate) shape: Shape,
}

/// Looks of classes, in order.
const LOOKS: [Look; 7] = [
    Look { colour: BLUE, shape: Shape::Dot },
    Look { colour: VERMILION, shape: Shape::Square },
    Look { colour: GREEN, shape: Shape::Triangle },
    Look { colour: PURPLE, shape: Shape::Diamond },
    Look { colour: ORANGE, shape: Shape::Wedge },
    Look { colour: SKY, shape: Shape::Cross },
    Look { colour: BLACK, shape: Shape::Ring },
];
/// The look of all classes for which no colour is left.
const OTHERS: Look = Look { colour: GREY, shape: Shape::Dot };
/// Longest name shown in a plot; tables show all of it.
const NAME_CHARS: usize = 26;

/// Classes, the best paid of which have looks of their own.
#[derive(Clone, Debug)]
pub(crate) struct Classes {
    looks: Vec<Option<Look>>,
    names: Vec<String>,
}

/// A series in the legend.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LegendEntry {
    /// Name of the series in the legend.
    pub(crate) label: String,
    /// How it is drawn.
    pub(crate) look: Look,
}

impl LegendEntry {
    /// A series called `label`.
    pub(crate) fn new(label: &str, colour: RGBColor, shape: Shape) -> Self {
        Self { label: label.to_string(), look: Look { colour, shape } }
    }
}

impl Classes {
    /// The classes of a folder's miners.
    pub(crate) fn of(miners: &Miners) -> Self {
        let pay: Vec<f64> =
            (0..miners.classes.len()).map(|class| miners.class_sum("pay_rao", class)).collect();
        Self::new(&miners.classes, &pay)
    }

    /// Classes by name; where there are more than colours, those with most `weight` have one.
    pub(crate) fn new(names: &[String], weight: &[f64]) -> Self {
        let mut order: Vec<usize> = (0..names.len()).collect();
        order.sort_by(|a, b| weight[*b].total_cmp(&weight[*a]).then(a.cmp(b)));
        order.truncate(LOOKS.len());
        order.sort_unstable();
        let look = |class| order.iter().position(|c| *c == class).map(|place| LOOKS[place]);
        Self { looks: (0..names.len()).map(look).collect(), names: names.to_vec() }
    }

    /// How a class is drawn.
    pub(crate) fn look(&self, class: usize) -> Look {
        self.looks[class].unwrap_or(OTHERS)
    }

    /// What a class is called.
    pub(crate) fn name(&self, class: usize) -> &str {
        &self.names[class]
    }

    /// How a class is drawn, by its name.
    pub(crate) fn look_of(&self, name: &str) -> Look {
        let class = self.names.iter().position(|own| own == name);
        class.map_or(OTHERS, |class| self.look(class))
    }

    /// The place in the legend of a class, by its name.
    pub(crate) fn slot(&self, name: &str) -> usize {
        let own = |look: &Option<Look>| look.is_some();
        let class = self.names.iter().position(|other| other == name);
        match class.filter(|class| own(&self.looks[*class])) {
            Some(class) => self.looks[..class].iter().filter(|look| own(look)).count(),
            None => self.looks.iter().filter(|look| own(look)).count(),
        }
    }

    /// A line of the legend for each class that has a look, and one for the rest.
    pub(crate) fn legend(&self) -> Vec<LegendEntry> {
        let named = self.looks.iter().zip(&self.names);
        let mut legend: Vec<LegendEntry> = named
            .filter_map(|(look, name)| Some(LegendEntry { label: short(name), look: (*look)? }))
            .collect();
        let others = self.looks.iter().filter(|look| look.is_none()).count();
        if others > 0 {
            legend.push(LegendEntry { label: format!("{others} other classes"), look: OTHERS });
        }
        legend
    }

    /// The legend for lines.
    pub(crate) fn lines(&self) -> Vec<LegendEntry> {
        let mut legend = self.legend();
        for entry in &mut legend {
            entry.look.shape = Shape::Line;
        }
        legend
    }
}

/// A name that fits into a plot.
pub(crate) fn short(name: &str) -> String {
    shortened(name, NAME_CHARS)
}

/// At most `length` characters: of a longer name its beginning and its end, for names often differ in their last part.
pub(crate) fn shortened(name: &str, length: usize) -> String {
    let count = name.chars().count();
    if count <= length {
        return name.to_string();
    }
    let end = length / 2;
    let first: String = name.chars().take(length.saturating_sub(end + 1)).collect();
    let last: String = name.chars().skip(count - end).collect();
    format!("{first}\u{2026}{last}")
}

/// Four significant digits, for people.
pub(crate) fn figure(x: f64) -> String {
    let rounded: f64 = format!("{x:.3e}").parse().unwrap_or(x);
    format!("{rounded}").replace('-', MINUS)
}

/// A list in words, cut where it would fill a page.
pub(crate) fn listed(each: &[String]) -> String {
    /// Most items that a list names one by one.
    const TOLD: usize = 8;
    let more = each.len().saturating_sub(TOLD);
    let more = if more > 0 { format!("; and {more} more") } else { String::new() };
    format!("{}{more}", each[..each.len().min(TOLD)].join("; "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_paid_classes_keep_their_colours_when_there_are_many() {
        let names: Vec<String> = (0..20).map(|i| format!("c{i:02}")).collect();
        let pay: Vec<f64> = (0..20).map(f64::from).collect();
        let classes = Classes::new(&names, &pay);
        assert_eq!(classes.look(0), OTHERS);
        assert_eq!(classes.look_of("c19"), LOOKS[6]);
        assert_eq!((classes.slot("c13"), classes.slot("c19"), classes.slot("c00")), (0, 6, 7));
        assert_eq!(classes.legend().last().unwrap().label, "13 other classes");
        assert_eq!(Classes::new(&names[..3], &pay).legend().len(), 3);
    }

    #[test]
    fn long_names_keep_their_beginning_and_their_end() {
        assert_eq!(short(&"é".repeat(100)).chars().count(), NAME_CHARS);
        assert_eq!(shortened("operator-with-a-long-name-07", 11), "opera\u{2026}me-07");
        assert_eq!(listed(&vec!["x".to_string(); 10]), "x; x; x; x; x; x; x; x; and 2 more");
        assert_eq!(short("image"), "image");
    }
}
