//! How pay grows with an amount from miner to miner, shared by the metrics that ask it: which fit, and what it says.

use crate::base::math;
use crate::metrics::Declared;
use crate::metrics::Grouping;
use crate::metrics::Measured;
use crate::metrics::log_slope;
use crate::statistics::poisson_slope;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

/// Method by which the slope is estimated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum SlopeFit {
    /// A line through logarithms, by least squares: leaves out miners without pay.
    #[default]
    LogLog,
    /// Poisson regression: keeps miners without pay.
    Poisson,
}

/// What is told of a fit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Says {
    /// The power with which pay grows with the amount.
    #[default]
    Slope,
    /// How many of the chosen miners that were active it leaves out.
    LeftOut,
}

/// What a slope called `name` says of itself.
pub(super) fn declared(name: &str, fit: SlopeFit, says: Says) -> Declared {
    let fitted = match fit {
        SlopeFit::LogLog => "",
        SlopeFit::Poisson => "_poisson",
    };
    let (told, unit) = match says {
        Says::Slope => ("", "1"),
        Says::LeftOut => ("_left_out", "miners"),
    };
    Declared {
        label: format!("{name}{fitted}{told}"),
        unit,
        range: None,
        printed_for: &[Grouping::Whole, Grouping::Class],
    }
}

/// The power of pay over `(amount, pay)` of the miners, or how many are left out; an amount that is not known is none.
pub(super) fn measured(points: &[(Option<f64>, f64)], fit: SlopeFit, says: Says) -> Measured {
    let known = points.iter().filter_map(|(x, pay)| Some(((*x)?, *pay)));
    let known: Vec<(f64, f64)> = known.filter(|(x, _)| *x > 0.0).collect();
    match (fit, says) {
        (_, Says::LeftOut) if points.is_empty() => Measured::Undefined("no miner"),
        (SlopeFit::LogLog, Says::Slope) => log_slope::measured(known),
        (SlopeFit::LogLog, Says::LeftOut) => {
            let kept = known.iter().filter(|(_, pay)| *pay > 0.0).count();
            Measured::of(math::float_len(points.len() - kept))
        }
        (SlopeFit::Poisson, Says::Slope) => poisson_slope(&known)
            .map_or(Measured::Undefined("all with pay have one value, or nobody has pay"), |law| {
                Measured::of(law.slope)
            }),
        (SlopeFit::Poisson, Says::LeftOut) => {
            Measured::of(math::float_len(points.len() - known.len()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(points: &[(Option<f64>, f64)], fit: SlopeFit, says: Says) -> Measured {
        measured(points, fit, says)
    }

    #[test]
    fn who_is_left_out_is_counted_by_fit() {
        // Without stake, without pay, both, neither, and of unknown amount.
        let points =
            [(Some(0.0), 5.0), (Some(2.0), 0.0), (Some(0.0), 0.0), (Some(1.0), 1.0), (None, 7.0)];
        assert_eq!(of(&points, SlopeFit::LogLog, Says::LeftOut), Measured::Value(4.0));
        assert_eq!(of(&points, SlopeFit::Poisson, Says::LeftOut), Measured::Value(3.0));
        assert_eq!(of(&[], SlopeFit::Poisson, Says::LeftOut), Measured::Undefined("no miner"));
    }

    /// Half of the poor get nothing: who is paid at all decides, and a line through logarithms does not see it.
    #[test]
    fn a_chance_of_nothing_that_falls_with_the_amount_is_seen_by_poisson_alone() {
        let points = [(Some(1.0), 0.0), (Some(1.0), 2.0), (Some(2.0), 2.0), (Some(2.0), 2.0)];
        let Measured::Value(kept) = of(&points, SlopeFit::Poisson, Says::Slope) else { panic!() };
        assert!((kept - 1.0).abs() < 1e-12, "means 1 and 2: {kept}");
        assert_eq!(of(&points, SlopeFit::LogLog, Says::Slope), Measured::Value(0.0));
    }

    #[test]
    fn a_power_law_gives_its_power_by_either_fit() {
        let points = [1.0, 2.0, 4.0].map(|x| (Some(x), 3.0 * x * x));
        for fit in [SlopeFit::LogLog, SlopeFit::Poisson] {
            let Measured::Value(slope) = of(&points, fit, Says::Slope) else { panic!() };
            assert!((slope - 2.0).abs() < 1e-12, "{fit:?}: {slope}");
        }
    }

    #[test]
    fn without_pay_there_is_no_power() {
        let points = [(Some(1.0), 0.0), (Some(2.0), 0.0)];
        assert!(matches!(of(&points, SlopeFit::Poisson, Says::Slope), Measured::Undefined(_)));
        assert_eq!(of(&points, SlopeFit::LogLog, Says::LeftOut), Measured::Value(2.0));
    }
}
