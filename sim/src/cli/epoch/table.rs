//! `assay epoch --table`: who gets what, for people.

use super::answer::EpochAnswer;
use crate::cli::sheet;
use comfy_table::Cell;
use comfy_table::CellAlignment;
use comfy_table::Table;
use comfy_table::presets;
use std::io;
use std::io::Write;

/// Rao in a token.
const TOKEN: u64 = 1_000_000_000;
/// What stands for 1 in a stored proportion.
const U16_ONE: f64 = 65_535.0;

/// Columns and what they mean.
const HEADER: [&str; 11] = [
    "uid",
    "active",
    "permit",
    "stake",
    "vtrust",
    "consensus",
    "incentive",
    "dividend",
    "miner pay",
    "validator pay",
    "both",
];

/// Prints a row a uid and the sums, money in tokens.
///
/// # Errors
/// When the output is closed.
pub(super) fn print(out: &mut dyn Write, answer: &EpochAnswer) -> io::Result<()> {
    let mut table = Table::new();
    table.load_style(presets::ASCII_MARKDOWN);
    table.set_header(HEADER);
    for uid in 0..answer.active.len() {
        let yes = |flag: bool| (if flag { "yes" } else { "-" }).to_string();
        let share = |values: &[u16]| format!("{:.5}", f64::from(values[uid]) / U16_ONE);
        add(
            &mut table,
            &[
                uid.to_string(),
                yes(answer.active[uid]),
                yes(answer.validator_permit[uid]),
                share(&answer.stake_weight),
                share(&answer.validator_trust),
                share(&answer.consensus),
                share(&answer.incentive),
                share(&answer.dividends),
                tokens(u128::from(answer.server_emission[uid])),
                tokens(u128::from(answer.validator_emission[uid])),
                tokens(u128::from(answer.emission[uid])),
            ],
        );
    }
    let sum = |amounts: &[u64]| tokens(amounts.iter().map(|&rao| u128::from(rao)).sum());
    let mut last = vec![String::new(); HEADER.len() - 3];
    last[0] = "sum".to_string();
    last.extend(
        [&answer.server_emission, &answer.validator_emission, &answer.emission].map(|a| sum(a)),
    );
    add(&mut table, &last);
    writeln!(out, "{}", sheet::fitted(table))
}

fn add(table: &mut Table, cells: &[String]) {
    let cell = |text: &String| Cell::new(text).set_alignment(CellAlignment::Right);
    table.add_row(cells.iter().map(cell));
}

/// Rao as tokens with nine places.
fn tokens(rao: u128) -> String {
    let token = u128::from(TOKEN);
    format!("{}.{:09}", rao / token, rao % token)
}
