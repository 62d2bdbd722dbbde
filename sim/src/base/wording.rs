//! Numbers as people read them.

/// Digits kept: as many as anybody writes into a scenario.
const DIGITS: usize = 6;
/// Milliseconds of a second, a minute, an hour and a day.
const SECOND_MS: f64 = 1_000.0;
const MINUTE_MS: f64 = 60_000.0;
const HOUR_MS: f64 = 3_600_000.0;
const DAY_MS: f64 = 86_400_000.0;

/// A number with at most six digits that count, thousands apart: `12,000`, `0.075`.
pub(crate) fn figure(x: f64) -> String {
    let before = DIGITS - 1;
    let rounded: f64 = format!("{x:.before$e}").parse().unwrap_or(x);
    // A zero below zero is none.
    let text = format!("{}", rounded + 0.0);
    let (sign, text) = text.strip_prefix('-').map_or(("", text.as_str()), |rest| ("-", rest));
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    if !whole.bytes().all(|digit| digit.is_ascii_digit()) {
        return format!("{sign}{text}");
    }
    let part = if part.is_empty() { String::new() } else { format!(".{part}") };
    format!("{sign}{}{part}", apart(whole))
}

/// A whole number, thousands apart.
pub(crate) fn whole(number: u64) -> String {
    apart(&number.to_string())
}

fn apart(digits: &str) -> String {
    /// Shorter numbers stand as they are, as years do.
    const FROM: usize = 5;
    const GROUP: usize = 3;
    if digits.len() < FROM {
        return digits.to_string();
    }
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(GROUP) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A length of time [ms] in the largest unit that it has at least one of: `450 ms`, `2.5 min`, `3 days`.
pub(crate) fn span(ms: f64) -> String {
    let (one, unit) = match ms {
        _ if ms >= DAY_MS => (DAY_MS, "days"),
        _ if ms >= HOUR_MS => (HOUR_MS, "h"),
        _ if ms >= MINUTE_MS => (MINUTE_MS, "min"),
        _ if ms >= SECOND_MS => (SECOND_MS, "s"),
        _ => (1.0, "ms"),
    };
    let many = ms / one;
    let rounded: f64 = format!("{many:.3e}").parse().unwrap_or(many);
    if unit == "days" && rounded <= 1.0 {
        return "1 day".to_string();
    }
    format!("{} {unit}", figure(rounded))
}

/// A share in percent: `75 %`.
pub(crate) fn percent(share: f64) -> String {
    const PERCENT: f64 = 100.0;
    const PLACES: usize = 3;
    let rounded: f64 = format!("{:.PLACES$e}", share * PERCENT).parse().unwrap_or(share);
    format!("{} %", figure(rounded))
}

/// A number of things and their word: `1 class`, `12,000 jobs`.
pub(crate) fn count(number: usize, word: &str) -> String {
    let many = whole(u64::try_from(number).unwrap_or(u64::MAX));
    match (number, word.ends_with('s')) {
        (1, _) => format!("1 {word}"),
        (_, true) => format!("{many} {word}es"),
        (_, false) => format!("{many} {word}s"),
    }
}

/// The same of a number of 64 bits.
pub(crate) fn count_of(number: u64, word: &str) -> String {
    count(usize::try_from(number).unwrap_or(usize::MAX), word)
}

/// Values as a range: `500`, or `10 to 500`; none where there is no value.
pub(crate) fn range(values: impl Iterator<Item = f64>) -> Option<String> {
    let bounds = values.fold(None, |bounds: Option<(f64, f64)>, value| {
        let (low, high) = bounds.unwrap_or((value, value));
        Some((low.min(value), high.max(value)))
    });
    bounds.map(|(low, high)| {
        let (low, high) = (figure(low), figure(high));
        if low == high { low } else { format!("{low} to {high}") }
    })
}

/// Words in a row: `a`, `a and b`, `a, b and c`.
pub(crate) fn listed(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_short_and_thousands_stand_apart() {
        let found = [0.075, 1234.5, 12_345.0, -0.0, 1e6, -25_000.5].map(figure);
        assert_eq!(found, ["0.075", "1234.5", "12,345", "0", "1,000,000", "-25,000.5"]);
        assert_eq!(whole(1_000), "1000");
        assert_eq!(whole(1_234_567), "1,234,567");
    }

    #[test]
    fn times_take_the_unit_that_fits() {
        let found = [450.0, 3000.0, 150_000.0, 7_200_000.0, 86_400_000.0, 259_200_000.0].map(span);
        assert_eq!(found, ["450 ms", "3 s", "2.5 min", "2 h", "1 day", "3 days"]);
    }

    #[test]
    fn numbers_and_words_agree() {
        assert_eq!(count(1, "class"), "1 class");
        assert_eq!(count(2, "class"), "2 classes");
        assert_eq!(count(0, "miner"), "0 miners");
        assert_eq!(percent(0.05), "5 %");
    }

    #[test]
    fn values_are_one_or_a_range() {
        assert_eq!(range([500.0, 10.0, 20.0].into_iter()).unwrap(), "10 to 500");
        assert_eq!(range([500.0, 500.0].into_iter()).unwrap(), "500");
        assert_eq!(range(std::iter::empty()), None);
        let words = ["a", "b", "c"].map(str::to_string);
        assert_eq!(listed(&words), "a, b and c");
        assert_eq!(listed(&words[..2]), "a and b");
    }
}
