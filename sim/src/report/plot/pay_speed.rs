//! Pay against true speed.

use crate::report::plot::Absent;
use crate::report::plot::Picture;
use crate::report::plot::Plot;
use crate::report::plot::scatter::Figures;
use crate::report::plot::scatter::pay_of;
use crate::report::read::Kept;

/// Seconds in a minute.
const MINUTE_S: f64 = 60.0;

pub(super) const PLOT: Plot = Plot {
    name: "pay_speed",
    title: "Pay against true speed",
    caption: "True speed is 1 / mean service of an honest 50-step job; who computed nothing that was of use has none and is left \
              out. A miner may look faster than it is by sending no image or a stored one.",
    make,
};

fn make(kept: &Kept) -> Result<Picture<'_>, Absent> {
    let title = "True speed [50-step jobs per minute]";
    let figures = Figures { title, column: ("true_speed_per_s", MINUTE_S) };
    pay_of(kept, &figures, |miners, miner| {
        miners.mean("useful_steps", miner).is_some_and(|steps| steps > 0.0)
    })
}
