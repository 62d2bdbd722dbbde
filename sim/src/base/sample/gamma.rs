//! Gamma variates of any shape. Source: Marsaglia, Tsang 2000, "A simple method for generating gamma variables".

use crate::base::math;
use crate::base::random::Draws;
use crate::base::sample::normal;

/// Coefficient of the test that spares most logarithms. Source: Marsaglia, Tsang 2000, section 4.
const SQUEEZE: f64 = 0.0331;

/// The gamma law of one shape and scale 1: its mean is the shape.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Gamma {
    d: f64,
    c: f64,
    /// `1/shape` where the shape is below 1, else none.
    boost: Option<f64>,
}

impl Gamma {
    /// The law of a `shape` above 0.
    pub(crate) fn new(shape: f64) -> Self {
        assert!(shape > 0.0, "a gamma law has a shape above 0");
        let boost = (shape < 1.0).then(|| 1.0 / shape);
        let d = if boost.is_some() { shape + 1.0 } else { shape } - 1.0 / 3.0;
        Self { d, c: 1.0 / (9.0 * d).sqrt(), boost }
    }

    /// A variate, at least 0 and finite; a tiny shape gives mostly 0, which is the nearest number to its truth.
    pub(crate) fn draw(&self, draws: &mut Draws) -> f64 {
        let large = self.large(draws);
        match self.boost {
            None => large,
            Some(power) => large * math::pow(draws.unit(), power),
        }
    }

    /// A variate of the shape, or of the shape plus 1 where it is below 1.
    fn large(&self, draws: &mut Draws) -> f64 {
        loop {
            let x = normal(draws);
            let root = 1.0 + self.c * x;
            if root <= 0.0 {
                continue;
            }
            let v = root * root * root;
            let unit = draws.unit();
            let square = x * x;
            if unit < 1.0 - SQUEEZE * square * square
                || math::ln(unit) < 0.5 * square + self.d * (1.0 - v + math::ln(v))
            {
                return self.d * v;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::random::Word;
    use crate::base::sample::oracle;
    use statrs::distribution::ContinuousCDF;

    #[test]
    fn variates_follow_the_gamma_law() {
        for (seed, shape) in [(1, 0.3), (2, 1.0), (3, 2.5), (4, 400.0)] {
            let law = statrs::distribution::Gamma::new(shape, 1.0).unwrap();
            let sampler = Gamma::new(shape);
            oracle::assert_follows(seed, |w| sampler.draw(&mut w.expand()), |x| law.cdf(x));
        }
    }

    #[test]
    fn a_tiny_shape_stays_finite() {
        let sampler = Gamma::new(1e-6);
        assert!(oracle::words(5, 1000).all(|w| sampler.draw(&mut w.expand()).is_finite()));
    }

    #[test]
    fn the_first_variates_are_pinned() {
        let bits = |shape: f64| Gamma::new(shape).draw(&mut Word(1).expand()).to_bits();
        assert_eq!([bits(0.5), bits(3.0)], [0x3fdd_7308_e1b7_577e, 0x4011_271a_af92_a670]);
    }
}
