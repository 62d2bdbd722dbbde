//! Tables as wide as the terminal: one that is wider wraps its words, and where that is not enough a row becomes a record.
//!
//! The width is that of `COLUMNS`, else the terminal's. Where standard output is no terminal there is none: a file or a pipe gets
//! every row on a line.

use comfy_table::ContentArrangement;
use comfy_table::Table;
use std::io;
use std::io::IsTerminal;

/// Narrowest width that is heeded: below it no table can be read.
const WIDTH_MIN: u16 = 40;
/// What stands around a cell: a border and two spaces.
const AROUND: usize = 3;

/// The table as text, as wide as the terminal at most.
pub(super) fn fitted(table: Table) -> String {
    fitted_to(table, width())
}

/// The width of the terminal; none where standard output is no terminal and nobody says how wide it is.
fn width() -> Option<u16> {
    #[expect(clippy::disallowed_methods, reason = "how a table is laid out is no result")]
    let said = std::env::var("COLUMNS").ok().and_then(|text| text.trim().parse().ok());
    let own = || {
        let is_terminal = io::stdout().is_terminal();
        let size = is_terminal.then(terminal_size::terminal_size).flatten();
        size.map(|(terminal_size::Width(columns), _)| columns)
    };
    said.or_else(own)
}

fn fitted_to(mut table: Table, width: Option<u16>) -> String {
    let plain = table.to_string();
    let Some(width) = width.map(|columns| columns.max(WIDTH_MIN)) else { return plain };
    if widest(&plain) <= usize::from(width) {
        return plain;
    }
    let longest = |column: usize| {
        let cells = rows(&table).into_iter().chain([header(&table)]);
        let words = cells.filter_map(|row| row.get(column).cloned());
        words.filter_map(|cell| cell.split_whitespace().map(letters).max()).max().unwrap_or(0)
    };
    let columns = header(&table).len().max(rows(&table).iter().map(Vec::len).max().unwrap_or(0));
    let least: usize = (0..columns).map(|column| longest(column) + AROUND).sum::<usize>() + 1;
    if least > usize::from(width) {
        return records(&table);
    }
    table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
    let wrapped = table.to_string();
    // A figure that is cut in two is read as two.
    let words = |text: &str| -> Vec<String> {
        let parts = text.split(|c: char| c.is_whitespace() || "│┆┌┐└┘╞╡╪═─┬┴├┤┼╌".contains(c));
        parts.filter(|part| !part.is_empty()).map(str::to_string).collect()
    };
    let (mut before, mut after) = (words(&plain), words(&wrapped));
    before.sort_unstable();
    after.sort_unstable();
    if before == after && widest(&wrapped) <= usize::from(width) {
        wrapped
    } else {
        records(&table)
    }
}

/// Each row by itself: a line a cell, under the heading of its column.
fn records(table: &Table) -> String {
    let header = header(table);
    let longest = header.iter().map(|heading| letters(heading)).max().unwrap_or(0);
    let mut lines: Vec<String> = Vec::new();
    for row in rows(table) {
        if !lines.is_empty() {
            lines.push(String::new());
        }
        for (place, cell) in row.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
            let heading = header.get(place).map_or("", String::as_str);
            lines.push(format!("{heading:<longest$}  {cell}"));
        }
    }
    lines.push(String::new());
    lines.join("\n")
}

fn header(table: &Table) -> Vec<String> {
    table
        .header()
        .map(|row| row.cell_iter().map(comfy_table::Cell::content).collect())
        .unwrap_or_default()
}

fn rows(table: &Table) -> Vec<Vec<String>> {
    let cells = |row: &comfy_table::Row| row.cell_iter().map(comfy_table::Cell::content).collect();
    table.row_iter().map(cells).collect()
}

fn widest(text: &str) -> usize {
    text.lines().map(letters).max().unwrap_or(0)
}

fn letters(text: &str) -> usize {
    text.chars().count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use comfy_table::presets;

    fn table() -> Table {
        let mut table = Table::new();
        table.load_style(presets::UTF8_FULL_CONDENSED);
        table.set_header(["property", "claim", "estimate"]);
        table.add_row(["fair", "a claim that takes a good many words to be told", "0.123456789"]);
        table
    }

    #[test]
    fn a_table_wraps_its_words_and_then_becomes_records() {
        let plain = fitted_to(table(), None);
        assert_eq!(plain, table().to_string());
        assert_eq!(fitted_to(table(), Some(200)), plain);
        let wrapped = fitted_to(table(), Some(60));
        assert!(widest(&wrapped) <= 60 && wrapped.contains('│'), "{wrapped}");
        assert!(wrapped.contains("0.123456789"), "{wrapped}");
        let mut wide = table();
        wide.add_row(["x".repeat(30), "y".repeat(30), "1".to_string()]);
        let records = fitted_to(wide, Some(60));
        assert!(!records.contains('│'), "{records}");
        assert!(records.contains("estimate  0.123456789\n\nproperty  xxx"), "{records}");
    }
}
