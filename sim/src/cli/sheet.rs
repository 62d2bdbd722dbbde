//! Tables as wide as the terminal: one that is wider wraps its words, then loses its borders, and where that is not enough a
//! row becomes a record.
//!
//! The width is that of `COLUMNS`, else the terminal's. Where standard output is no terminal there is none: a file or a pipe gets
//! every row on a line.

use comfy_table::ColumnConstraint;
use comfy_table::ContentArrangement;
use comfy_table::Table;
use comfy_table::Width;
use comfy_table::presets;
use std::io;
use std::io::IsTerminal;

/// Narrowest width that is heeded: below it no table can be read.
const WIDTH_MIN: u16 = 40;
/// What stands around a cell: a border and two spaces, or two spaces alone.
const BORDERED: usize = 3;
const PLAIN: usize = 2;

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
    let least = longest_words(&table);
    let (columns, words) = (least.len(), least.iter().sum::<usize>());
    if words + columns * BORDERED + 1 > usize::from(width) {
        if words + columns * PLAIN > usize::from(width) {
            return records(&table);
        }
        table.load_style(presets::NOTHING);
    }
    for (column, words) in table.column_iter_mut().zip(least) {
        let width = u16::try_from(words + 2).unwrap_or(u16::MAX);
        column.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(width)));
    }
    table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
    let wrapped = table.to_string();
    let is_whole = parts(&plain) == parts(&wrapped) && widest(&wrapped) <= usize::from(width);
    if is_whole { wrapped } else { records(&table) }
}

/// The longest word of each column, its heading's too.
fn longest_words(table: &Table) -> Vec<usize> {
    let mut all = rows(table);
    all.push(header(table));
    let columns = all.iter().map(Vec::len).max().unwrap_or(0);
    let longest = |column: usize| {
        let cells = all.iter().filter_map(|row| row.get(column));
        cells.flat_map(|cell| cell.split_whitespace().map(letters)).max().unwrap_or(0)
    };
    (0..columns).map(longest).collect()
}

/// The words of a table without its borders, sorted: a figure that is cut in two is read as two.
fn parts(text: &str) -> Vec<&str> {
    let is_border = |c: char| ('\u{2500}'..='\u{257f}').contains(&c);
    let all = text.split(|c: char| c.is_whitespace() || is_border(c));
    let mut parts: Vec<&str> = all.filter(|part| !part.is_empty()).collect();
    parts.sort_unstable();
    parts
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
