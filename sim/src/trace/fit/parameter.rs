//! Fitted numbers, and how they are told.

use crate::base::math;

/// A parameter: name, estimate, standard error.
pub(crate) type FittedParameter = (&'static str, f64, Option<f64>);

/// A figure with five digits, as TOML writes a float.
pub(super) fn short(x: f64) -> String {
    with_digits(x, 5)
}

/// The same with ten digits: for what is counted often, so that small errors add up.
pub(super) fn long(x: f64) -> String {
    with_digits(x, 10)
}

fn with_digits(x: f64, digits: usize) -> String {
    let rounded: f64 = format!("{x:.*e}", digits - 1).parse().expect("a float is read as written");
    format!("{rounded:?}")
}

/// Times recorded in whole milliseconds, spread evenly inside theirs: so ties are told apart.
pub(super) fn spread(mut sorted: Vec<f64>) -> Vec<f64> {
    let mut begin = 0;
    while begin < sorted.len() {
        let value = sorted[begin];
        let same = sorted[begin..].iter().take_while(|x| **x - value <= 0.0).count();
        for place in 0..same {
            sorted[begin + place] = value + (math::float_len(place) + 0.5) / math::float_len(same);
        }
        begin += same;
    }
    sorted
}
