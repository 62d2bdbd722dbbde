//! How fast products and sums can be at best: the figure that the other kernels' speeds stand beside.
//!
//! Products and sums are rounded one by one, as everywhere in the model; a device that can fuse the two could do twice as
//! many, at the price of other bits.

use crate::kernels::lanes::LaneWork;
use crate::kernels::lanes::Lanes;

/// Source of the kernel in WGSL.
pub(crate) const WGSL: &str = include_str!("peak.wgsl");

/// Independent chains of an invocation on a device: few enough for the registers of a processor that plays one, and a GPU
/// hides the time of an operation behind other invocations.
pub(crate) const DEVICE_CHAINS: u32 = 12;
/// Independent chains on the CPU: enough vectors of any width to hide the time of an operation.
const CHAINS: usize = 128;

/// Factor and summand of the chains.
#[derive(Clone, Copy, Debug)]
pub struct PeakTerms {
    /// Below one, so that a chain comes to `summand / (1 - factor)`.
    pub factor: f32,
    /// The summand of each multiplication.
    pub summand: f32,
}

/// Runs `rounds` rounds of all chains on one thread; gives their sum, so that they cannot be left out.
#[must_use]
pub fn peak(lanes: Lanes, rounds: u32, terms: PeakTerms) -> f32 {
    let mut chains = [0.0f32; CHAINS];
    lanes.run(Chains { values: &mut chains, rounds, terms });
    chains.iter().sum()
}

/// Operations of one round.
#[must_use]
pub fn operations_a_round() -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "few chains")]
    let chains = CHAINS as f64;
    2.0 * chains
}

struct Chains<'a> {
    values: &'a mut [f32; CHAINS],
    rounds: u32,
    terms: PeakTerms,
}

impl LaneWork for Chains<'_> {
    #[inline(always)]
    fn run(self) {
        let mut chains = *self.values;
        for _ in 0..self.rounds {
            for chain in &mut chains {
                *chain = *chain * self.terms.factor + self.terms.summand;
            }
        }
        *self.values = chains;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gpu::Parameters;
    use crate::gpu::single::Given;
    use crate::gpu::testing::assert_same_bits;
    use crate::kernels::shader::Kernel;

    #[test]
    fn chains_come_to_the_same_fixed_point_on_a_device() {
        // Three chains of each value: 3 times 0.5.
        let parameters = Parameters {
            rows: 64,
            columns: 1,
            inner: 200,
            first: 0.5,
            second: 0.25,
            ..Parameters::default()
        };
        let given = Given { parameters, result: &[0.0; 256], ..Given::default() };
        assert_same_bits(|_| Kernel::Peak, &given, &[1.5; 256]);
    }

    #[test]
    fn chains_come_to_their_fixed_point() {
        // a m + c = a at a = c / (1 - m) = 0.25 / 0.5.
        let sum = peak(Lanes::widest(), 200, PeakTerms { factor: 0.5, summand: 0.25 });
        assert!((sum - 64.0).abs() < 1e-3, "{sum}");
    }
}
