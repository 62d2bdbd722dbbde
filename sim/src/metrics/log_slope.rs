//! Slope of a least-squares line through the logarithms of points, shared by the metrics that ask how pay grows.

use crate::base::math;
use crate::metrics::Measured;
use crate::metrics::correlation::all_equal;
use crate::metrics::correlation::centred;
use crate::metrics::correlation::product;

/// The slope of `ln y` on `ln x` over the points with both above 0.
pub(super) fn measured(points: Vec<(f64, f64)>) -> Measured {
    let both = points.into_iter().filter(|(x, y)| *x > 0.0 && *y > 0.0);
    let (x, y): (Vec<f64>, Vec<f64>) = both.map(|(x, y)| (math::ln(x), math::ln(y))).unzip();
    if x.len() < 2 {
        return Measured::Undefined("fewer than two with pay and a value above 0");
    }
    if all_equal(&x) {
        return Measured::Undefined("all equal");
    }
    if all_equal(&y) {
        return Measured::of(0.0);
    }
    let x = centred(&x);
    Measured::of(product(&x, &centred(&y)) / product(&x, &x))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn points_at_or_below_0_are_left_out() {
        let points = vec![(1.0, 1.0), (0.0, 5.0), (2.0, 2.0), (3.0, 0.0), (-1.0, 9.0)];
        let Measured::Value(slope) = measured(points) else { panic!("there is a value") };
        assert!((slope - 1.0).abs() < 1e-15);
    }

    proptest! {
        #![proptest_config(crate::metrics::facts::sample::written_seed())]

        #[test]
        fn the_units_of_both_sides_do_not_matter(
            points in prop::collection::vec((0.1_f64..1000.0, 0.1_f64..1000.0), 3..20)
        ) {
            let scaled = points.iter().map(|(x, y)| (3.0 * x, 7.0 * y)).collect();
            let (one, other) = (measured(points), measured(scaled));
            prop_assert!((one.value().unwrap() - other.value().unwrap()).abs() < 1e-9);
        }
    }
}
