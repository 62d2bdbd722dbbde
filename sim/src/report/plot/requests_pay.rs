//! Requests against pay.

use crate::report::plot::Absent;
use crate::report::plot::Picture;
use crate::report::plot::Plot;
use crate::report::plot::scatter::Figures;
use crate::report::plot::scatter::pay_against;
use crate::report::read::Kept;

pub(super) const PLOT: Plot = Plot {
    name: "requests_pay",
    title: "Pay against requests",
    caption: "The FAQ says that more requests do not directly raise emissions: within a class the cloud should be flat.",
    make,
};

fn make(kept: &Kept) -> Result<Picture<'_>, Absent> {
    pay_against(kept, Figures { title: "Requests in the run [jobs]", column: ("requests", 1.0) })
}
