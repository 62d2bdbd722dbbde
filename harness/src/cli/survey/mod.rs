//! `assay-harness survey`: all that one device is asked, in one file.

mod audits;
mod left_out;
mod miners;
mod part;
mod receipts;
mod speed;
mod verb;

pub(super) use verb::SurveyArgs;
pub(super) use verb::run;
