//! Standard normal and exponential variates by the ziggurat, one 64-bit draw in 98 of 100 calls.
//!
//! The area under a falling density `f` is cut into 256 layers of one area `V`: layer 0 is the strip under `f(R)`
//! with the tail beyond `R`, layer `i` the box of width `x[i]` above layer `i-1`. A draw's low 8 bits choose the layer, its
//! high 52 bits the place across it; a place left of the next layer's edge lies under the density for certain.
//! The bits of the two do not overlap (Doornik 2005 on why they must not).
//!
//! Source: Marsaglia, Tsang 2000, "The ziggurat method for generating random variables"; Marsaglia 1964 for the
//! normal tail.

use crate::base::math;
use crate::base::random::Draws;
use crate::base::random::Word;
use std::sync::LazyLock;

/// Number of layers of the ziggurat.
const LAYERS: usize = 256;
/// Bits of a draw that choose the layer.
const LAYER_MASK: u64 = 255;

/// Where the normal tail begins. Source: solved to 55 digits so that 256 layers close at `f(0) = 1`.
const NORMAL_EDGE: f64 = 3.654_152_885_361_009;
/// Area of a layer under `exp(-x^2/2)`, `x > 0`. Source: solved with the edge.
const NORMAL_AREA: f64 = 0.004_928_673_233_974_655;
/// Where the exponential tail begins. Source: solved to 55 digits so that 256 layers close at `f(0) = 1`.
const EXPONENTIAL_EDGE: f64 = 7.697_117_470_131_05;
/// Area of a layer under `exp(-x)`, `x > 0`. Source: solved with the edge.
const EXPONENTIAL_AREA: f64 = 0.003_949_659_822_581_557;

static NORMAL: LazyLock<Ziggurat> =
    LazyLock::new(|| Ziggurat::new(NORMAL_EDGE, NORMAL_AREA, normal_density, normal_inverse));
static EXPONENTIAL: LazyLock<Ziggurat> = LazyLock::new(|| {
    Ziggurat::new(EXPONENTIAL_EDGE, EXPONENTIAL_AREA, |x| math::exp(-x), |y| -math::ln(y))
});

/// A variate with mean 0 and standard deviation 1.
#[inline]
pub(crate) fn normal(draws: &mut Draws) -> f64 {
    let table = &*NORMAL;
    let bits = draws.bits();
    let layer = layer_of(bits);
    let x = (2.0 * place_of(bits) - 1.0) * table.x[layer];
    if x.abs() < table.x[layer + 1] { x } else { normal_at_the_edge(x, layer, draws) }
}

/// A positive variate with mean 1.
#[inline]
pub(crate) fn exponential(draws: &mut Draws) -> f64 {
    let table = &*EXPONENTIAL;
    let bits = draws.bits();
    let layer = layer_of(bits);
    let x = place_of(bits) * table.x[layer];
    if x < table.x[layer + 1] { x } else { exponential_at_the_edge(x, layer, draws) }
}

#[inline]
fn layer_of(bits: u64) -> usize {
    usize::try_from(bits & LAYER_MASK).expect("below 256")
}

/// The high 52 bits as a number in `(0, 1)`.
#[inline]
fn place_of(bits: u64) -> f64 {
    Word(bits).unit()
}

/// What follows a draw that fell between two layers, or in the tail.
#[cold]
fn normal_at_the_edge(mut x: f64, mut layer: usize, draws: &mut Draws) -> f64 {
    let table = &*NORMAL;
    loop {
        if layer == 0 {
            return if x < 0.0 { -normal_tail(draws) } else { normal_tail(draws) };
        }
        if table.height(layer, draws.unit()) < normal_density(x) {
            return x;
        }
        let bits = draws.bits();
        layer = layer_of(bits);
        x = (2.0 * place_of(bits) - 1.0) * table.x[layer];
        if x.abs() < table.x[layer + 1] {
            return x;
        }
    }
}

/// A normal variate known to lie beyond the edge.
fn normal_tail(draws: &mut Draws) -> f64 {
    loop {
        let beyond = -math::ln(draws.unit()) / NORMAL_EDGE;
        if -2.0 * math::ln(draws.unit()) > beyond * beyond {
            return NORMAL_EDGE + beyond;
        }
    }
}

/// What follows a draw that fell between two layers, or in the tail, which is an exponential again.
#[cold]
fn exponential_at_the_edge(mut x: f64, mut layer: usize, draws: &mut Draws) -> f64 {
    let table = &*EXPONENTIAL;
    loop {
        if layer == 0 {
            return EXPONENTIAL_EDGE - math::ln(draws.unit());
        }
        if table.height(layer, draws.unit()) < math::exp(-x) {
            return x;
        }
        let bits = draws.bits();
        layer = layer_of(bits);
        x = place_of(bits) * table.x[layer];
        if x < table.x[layer + 1] {
            return x;
        }
    }
}

fn normal_density(x: f64) -> f64 {
    math::exp(-0.5 * x * x)
}

fn normal_inverse(y: f64) -> f64 {
    (-2.0 * math::ln(y)).sqrt()
}

/// The layers of one density.
#[derive(Debug)]
struct Ziggurat {
    /// Right edges: `x[0] = V/f(R)` (the strip with its tail, as a box), `x[1] = R`, falling to `x[256] = 0`.
    x: [f64; LAYERS + 1],
    /// The density there; at 0 for the strip, which never asks.
    f: [f64; LAYERS + 1],
}

impl Ziggurat {
    fn new(edge: f64, area: f64, density: fn(f64) -> f64, inverse: fn(f64) -> f64) -> Self {
        let (mut x, mut f) = ([0.0; LAYERS + 1], [0.0; LAYERS + 1]);
        (x[0], x[1], f[1]) = (area / density(edge), edge, density(edge));
        for layer in 2..LAYERS {
            f[layer] = area / x[layer - 1] + f[layer - 1];
            x[layer] = inverse(f[layer]);
        }
        f[LAYERS] = 1.0;
        Self { x, f }
    }

    /// A height uniform between the lower and the upper edge of a layer.
    fn height(&self, layer: usize, unit: f64) -> f64 {
        self.f[layer] + (self.f[layer + 1] - self.f[layer]) * unit
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::sample::oracle;
    use statrs::distribution::ContinuousCDF;
    use statrs::distribution::Exp;
    use statrs::distribution::Normal;

    /// The last layer ends at height `V/x[255] + f(x[255])`, which must be 1.
    #[test]
    fn the_layers_close_at_the_top() {
        for (table, area) in [(&*NORMAL, NORMAL_AREA), (&*EXPONENTIAL, EXPONENTIAL_AREA)] {
            let top = area / table.x[LAYERS - 1] + table.f[LAYERS - 1];
            assert!((top - 1.0).abs() < 1e-12, "{top}");
            assert!(table.x.windows(2).all(|pair| pair[0] > pair[1]));
        }
    }

    #[test]
    fn normal_variates_follow_the_normal_law() {
        let law = Normal::new(0.0, 1.0).unwrap();
        oracle::assert_follows(1, |word| normal(&mut word.expand()), |x| law.cdf(x));
    }

    #[test]
    fn exponential_variates_follow_the_exponential_law() {
        let law = Exp::new(1.0).unwrap();
        oracle::assert_follows(2, |word| exponential(&mut word.expand()), |x| law.cdf(x));
    }

    /// The Kolmogorov distance is blind in the tail, so what lies beyond the edge is tested by itself.
    #[test]
    fn the_tails_follow_their_laws() {
        let law = Normal::new(0.0, 1.0).unwrap();
        let beyond = law.sf(NORMAL_EDGE);
        oracle::assert_follows(
            3,
            |word| normal_tail(&mut word.expand()),
            |x| 1.0 - law.sf(x) / beyond,
        );
    }

    /// Shares of about 2.6e-4 and 4.5e-4 beyond the edge, in 4,000,000 draws.
    #[test]
    fn the_tails_are_reached_as_often_as_they_should() {
        let (mut normal_count, mut exponential_count) = (0_u32, 0_u32);
        let count = 4_000_000;
        for word in oracle::words(4, count) {
            normal_count += u32::from(normal(&mut word.expand()).abs() > NORMAL_EDGE);
            exponential_count += u32::from(exponential(&mut word.expand()) > EXPONENTIAL_EDGE);
        }
        let normal_share = 2.0 * Normal::new(0.0, 1.0).unwrap().sf(NORMAL_EDGE);
        oracle::assert_count(normal_count, count, normal_share);
        oracle::assert_count(exponential_count, count, math::exp(-EXPONENTIAL_EDGE));
    }

    #[test]
    fn one_draw_is_enough_in_more_than_97_of_100_calls() {
        let count = 100_000;
        let fresh = |word: Word, draw: fn(&mut Draws) -> f64| {
            let (mut draws, mut once) = (word.expand(), word.expand());
            draw(&mut draws);
            once.bits();
            draws.bits() == once.bits()
        };
        for draw in [normal as fn(&mut Draws) -> f64, exponential] {
            let single = oracle::words(5, count).filter(|word| fresh(*word, draw)).count();
            assert!(single > 97 * count / 100, "{single}");
        }
    }

    #[test]
    fn the_first_variates_are_pinned() {
        let words = [Word(0), Word(1), Word(u64::MAX), Word(0x9e37_79b9_7f4a_7c15)];
        let got = words.map(|w| (normal(&mut w.expand()), exponential(&mut w.expand())));
        let bits = got.map(|(n, e)| (n.to_bits(), e.to_bits()));
        assert_eq!(bits, PINNED, "{got:?}");
    }
    const PINNED: [(u64, u64); 4] = [
        (0xc00d_813e_e7f8_5d07, 0x3cd1_64ec_94bf_5dc3),
        (0x3fea_e588_e056_df29, 0x3cce_c9d9_297e_bb83),
        (0x3feb_1fbe_12ad_8d0d, 0x3fe8_eb65_11b3_88cf),
        (0x3fe3_8fe6_800f_5cf5, 0x4004_7b19_9d1a_2675),
    ];
}
