//! Amounts as people and programs write them: which sign stands before the fraction is found from the whole file, and an
//! amount that could be read in two ways is refused.

/// Which sign stands before a fraction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fraction {
    /// A point before the fraction, as in 1,234.56.
    Point,
    /// A comma before the fraction, as in 1.234,56.
    Comma,
}

impl Fraction {
    fn sign(self) -> char {
        match self {
            Self::Point => '.',
            Self::Comma => ',',
        }
    }
}

/// What the way an amount is written says of the sign before its fraction; none where it says nothing.
pub(super) fn evidence(text: &str) -> Option<Fraction> {
    let body = bare(text)?;
    let count = |sign: char| body.matches(sign).count();
    match (count('.'), count(',')) {
        (0, 0) => None,
        (0, 1) => (!is_group(&body, ',')).then_some(Fraction::Comma),
        // A point with three digits behind it is a fraction, unless the file says otherwise.
        (1, 0) => (!is_group(&body, '.')).then_some(Fraction::Point),
        (0, _) => Some(Fraction::Point),
        (_, 0) => Some(Fraction::Comma),
        _ if body.rfind('.') > body.rfind(',') => Some(Fraction::Point),
        _ => Some(Fraction::Comma),
    }
}

/// The amount that a text says in a file that writes fractions so.
///
/// # Errors
/// Why it is none.
pub(super) fn amount(text: &str, fraction: Option<Fraction>) -> Result<f64, &'static str> {
    let body = bare(text).ok_or("allowed: a number")?;
    if fraction.is_none() && body.matches(',').count() == 1 {
        return Err("reads in two ways, allowed: a number without signs between thousands");
    }
    let fraction = fraction.unwrap_or(Fraction::Point);
    if evidence(text).is_some_and(|own| own != fraction) {
        return Err("has another sign before its fraction than the rest of the file");
    }
    let (whole, part) = match body.split_once(fraction.sign()) {
        Some((whole, part)) => (whole, Some(part)),
        None => (body.as_str(), None),
    };
    let whole = ungrouped(whole).ok_or("allowed: a number, its thousands in groups of three")?;
    let text = part.map_or_else(|| whole.clone(), |part| format!("{whole}.{part}"));
    text.parse().map_err(|_| "allowed: a number")
}

/// The text without what stands around a number: spaces, and signs of currencies.
fn bare(text: &str) -> Option<String> {
    let is_around = |c: char| c.is_whitespace() || (!c.is_ascii() && !c.is_numeric()) || c == '$';
    let body = text.trim_matches(is_around);
    let fits = |c: char| c.is_ascii_digit() || ".,+-eE'_".contains(c) || c.is_whitespace();
    (!body.is_empty() && body.chars().all(fits)).then(|| body.to_string())
}

/// Whether the only `sign` stands where it may part thousands as well: three digits behind it, one to three before.
fn is_group(body: &str, sign: char) -> bool {
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    body.split_once(sign).is_some_and(|(before, after)| {
        let before = before.trim_start_matches(['+', '-']);
        after.len() == 3 && (1..=3).contains(&before.len()) && digits(before) && digits(after)
    }) && !body.starts_with('0')
}

/// Digits without the signs that part their thousands.
fn ungrouped(text: &str) -> Option<String> {
    let is_sign = |c: char| c.is_whitespace() || ".,'_".contains(c);
    let Some(first) = text.chars().find(|c| is_sign(*c)) else { return Some(text.to_string()) };
    let groups: Vec<&str> = text.split(first).collect();
    let fits = groups.iter().skip(1).all(|group| group.len() == 3)
        && (1..=3).contains(&groups[0].trim_start_matches(['+', '-']).len())
        && groups.iter().all(|group| !group.chars().any(is_sign));
    fits.then(|| groups.concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_as_their_file_writes_them() {
        use Fraction::Comma;
        use Fraction::Point;
        for (text, fraction, found) in [
            ("1.234,56", Some(Comma), 1234.56),
            ("300,5", Some(Comma), 300.5),
            ("12\u{a0}345,67", Some(Comma), 12345.67),
            ("12 345,67", Some(Comma), 12345.67),
            ("1.234", Some(Comma), 1234.0),
            ("1,234", Some(Point), 1234.0),
            ("12,000.5", Some(Point), 12000.5),
            ("1,234,567", Some(Point), 1_234_567.0),
            ("1'234.5", Some(Point), 1234.5),
            ("1.234", None, 1.234),
            ("0.125 τ", None, 0.125),
            ("τ 1.5e3", None, 1500.0),
            ("40", None, 40.0),
        ] {
            let near = amount(text, fraction).map(|x| (x - found).abs() < 1e-9);
            assert_eq!(near, Ok(true), "{text}");
        }
    }

    #[test]
    fn what_reads_in_two_ways_or_in_none_is_refused() {
        assert!(amount("1,234", None).unwrap_err().contains("two ways"));
        for (text, fraction) in [
            ("12,34,567", Some(Fraction::Point)),
            ("1.2.3", Some(Fraction::Comma)),
            ("1,5", Some(Fraction::Point)),
            ("1.5", Some(Fraction::Comma)),
            ("12 34", None),
            ("much", None),
            ("", None),
            ("1.5 million", None),
            ("1-2", None),
        ] {
            assert!(amount(text, fraction).is_err(), "{text}");
        }
    }

    #[test]
    fn the_sign_before_the_fraction_shows() {
        assert_eq!(evidence("300,5"), Some(Fraction::Comma));
        assert_eq!(evidence("1.234.567"), Some(Fraction::Comma));
        assert_eq!(evidence("0.125"), Some(Fraction::Point));
        for silent in ["1,234", "1.234", "40", "", "much"] {
            assert_eq!(evidence(silent), None, "{silent}");
        }
    }
}
