//! Pay against stake.

use crate::report::plot::Absent;
use crate::report::plot::Picture;
use crate::report::plot::Plot;
use crate::report::plot::scatter::Figures;
use crate::report::plot::scatter::pay_against;
use crate::report::read::Kept;

pub(super) const PLOT: Plot = Plot {
    name: "pay_stake",
    title: "Pay against stake",
    caption: "A rising cloud means that stake pays: the router sends more requests to more stake, up to its cap. \
              Miners of equal stake stand on one line.",
    make,
};

fn make(kept: &Kept) -> Result<Picture<'_>, Absent> {
    pay_against(kept, &Figures { title: "Stake [alpha]", column: ("stake_alpha", 1.0) })
}
