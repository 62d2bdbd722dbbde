//! Figures in csv and json: 12 significant digits, the same text everywhere.

/// Significant digits of a written figure. Source: the results folder's contract.
const DIGITS: usize = 12;

/// `x` with 12 significant digits, without trailing zeros; no value is an empty cell.
pub(crate) fn figure(x: Option<f64>) -> String {
    x.filter(|x| x.is_finite()).map_or_else(String::new, |x| {
        let rounded: f64 =
            format!("{x:.*e}", DIGITS - 1).parse().expect("a float is read as it was written");
        format!("{rounded}")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twelve_digits_and_no_more() {
        assert_eq!(figure(Some(1.0 / 3.0)), "0.333333333333");
        assert_eq!(figure(Some(1.0)), "1");
        assert_eq!(figure(Some(123_456_789_012_345.0)), "123456789012000");
        assert_eq!(figure(Some(0.1 + 0.2)), "0.3");
    }

    #[test]
    fn no_value_is_an_empty_cell() {
        assert_eq!(figure(None), "");
        assert_eq!(figure(Some(f64::NAN)), "");
    }
}
