//! `replay.csv`: the columns of the published golden table, and `pay_share` after u16 and chain.
//!
//! `miner`, `uid`; `success_count`, `failure_count` [jobs]; `score`, `ema`; `wins` [uids] before any mask; `win_rate`, `-inf`
//! where the miner earns nothing; `weight_burn075`, its name kept whatever the burn; `miner_share` (0..=1) of the miners'
//! weight; `mean_share_hourly`, its mean over the averaged score runs; `pay_share` (0..=1) of the miners' pay. An empty
//! cell has no value. Figures are written so that they read back to the same bits, for they are compared to 1e-12.

use crate::trace::replay::ReplayedMiner;

/// Headings of the table.
pub(crate) const HEADINGS: [&str; 12] = [
    "miner",
    "uid",
    "success_count",
    "failure_count",
    "score",
    "ema",
    "wins",
    "win_rate",
    "weight_burn075",
    "miner_share",
    "mean_share_hourly",
    "pay_share",
];

/// The table as CSV text.
///
/// # Panics
/// Never: writing to memory does not fail.
pub(crate) fn to_csv(miners: &[ReplayedMiner]) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(HEADINGS).expect("writing to memory");
    for miner in miners {
        let published = &miner.published;
        let real = |x: f64| if x.is_nan() { String::new() } else { format!("{x:?}") };
        let maybe = |x: Option<f64>| x.map(real).unwrap_or_default();
        let row = [
            miner.name.clone(),
            miner.uid.to_string(),
            published.success_count.to_string(),
            published.failure_count.map(|count| count.to_string()).unwrap_or_default(),
            real(published.score),
            maybe(published.ema),
            miner.wins.to_string(),
            real(miner.win_rate),
            real(miner.weight),
            maybe(miner.weight_share),
            maybe(miner.mean_share),
            maybe(miner.pay_share),
        ];
        writer.write_record(row).expect("writing to memory");
    }
    writer.into_inner().expect("writing to memory")
}
