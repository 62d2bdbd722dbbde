//! The value of a metric, or the reason why it has none.

/// The value of a metric, or the reason why it has none.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Measured {
    /// A finite number in the metric's unit.
    Value(f64),
    /// No value, and why.
    Undefined(&'static str),
}

/// How far rounding may carry a value over the end of its range. Each formula here rounds a few times per miner:
/// 65,536 miners at 2^-53 each are 7e-12 of the value.
const ROUNDING: f64 = 1e-9;

impl Measured {
    /// A finite number.
    ///
    /// # Panics
    /// When it is not: a metric guards its divisions.
    #[must_use]
    pub fn of(value: f64) -> Self {
        assert!(value.is_finite(), "a metric's value is finite, not {value}");
        // A negative zero becomes a plain one: tables would show its sign.
        Self::Value(value + 0.0)
    }

    /// A number that its formula keeps in `range`; what rounding carried over the end is set back on it.
    ///
    /// # Panics
    /// When the number lies outside by more than rounding: the facts contradict each other.
    #[must_use]
    pub fn within(range: (f64, f64), value: f64) -> Self {
        let (low, high) = range;
        let slack = ROUNDING * (high - low);
        assert!(
            value >= low - slack && value <= high + slack,
            "{value} outside {low}..={high}: the facts contradict each other"
        );
        Self::of(value.clamp(low, high))
    }

    /// The number, if there is one.
    #[must_use]
    pub fn value(self) -> Option<f64> {
        match self {
            Self::Value(value) => Some(value),
            Self::Undefined(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounding_is_set_back_on_the_end_of_the_range() {
        assert_eq!(Measured::within((0.0, 1.0), 1.0 + 1e-15), Measured::Value(1.0));
        assert_eq!(Measured::within((0.0, 1.0), 0.5), Measured::Value(0.5));
        assert_eq!(Measured::Undefined("no pay").value(), None);
    }

    #[test]
    fn zero_has_no_sign() {
        let Measured::Value(zero) = Measured::of(-0.0) else { panic!("there is a value") };
        assert!(zero.is_sign_positive());
    }

    #[test]
    #[should_panic(expected = "contradict")]
    fn a_value_outside_its_range_is_a_bug() {
        let _outside = Measured::within((0.0, 1.0), 1.1);
    }

    #[test]
    #[should_panic(expected = "finite")]
    fn a_nan_is_no_value() {
        let _none = Measured::of(f64::NAN);
    }
}
