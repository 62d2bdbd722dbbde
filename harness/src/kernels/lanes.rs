//! Which vector instructions the CPU kernels run on, chosen at run time.

use pulp::Arch;
use pulp::Simd;
use pulp::WithSimd;

/// Floats that one step of a fixed-order sum takes side by side: the sums of layer norm and softmax have this many
/// partial sums on every backend, so their order does not depend on the width of the machine's registers.
pub(crate) const WIDTH: usize = 16;

/// The processor's vector instructions. They change the speed of a kernel and never a bit of its result: no kernel
/// contracts a product and a sum, and each sum has one order.
#[derive(Clone, Copy, Debug)]
pub struct Lanes(Arch);

impl Lanes {
    /// The widest instructions that this processor has.
    #[must_use]
    pub fn widest() -> Self {
        Self(Arch::new())
    }

    /// Only the instructions every processor of this build's target has: the slow reference of the tests.
    #[must_use]
    pub fn baseline() -> Self {
        Self(Arch::Scalar)
    }

    /// Does `work`, compiled for these instructions.
    pub(crate) fn run(self, work: impl LaneWork) {
        self.0.dispatch(Compiled(work));
    }
}

/// A kernel with its arguments. `run` and all it calls must be `#[inline(always)]`: only then are they compiled for the
/// instructions chosen. (A closure would not be: it is compiled on its own where it is large.)
pub(crate) trait LaneWork {
    /// Does the work on the lanes of the processor.
    fn run(self);
}

struct Compiled<W>(W);

impl<W: LaneWork> WithSimd for Compiled<W> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        self.0.run();
    }
}

/// Adds up the partial sums, halves onto halves: 16 to 8 to 4 to 2 to 1.
#[inline(always)]
pub(crate) fn fold(mut partial: [f32; WIDTH]) -> f32 {
    let mut half = WIDTH / 2;
    while half > 0 {
        for lane in 0..half {
            partial[lane] += partial[lane + half];
        }
        half /= 2;
    }
    partial[0]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sixteen_partial_sums_fold_halves_onto_halves() {
        // 1e8 + 1 loses the 1 in f32: only the stated order (lane i meets lane i + 8 first) keeps it.
        let mut partial = [0.0; WIDTH];
        partial[0] = 1e8;
        partial[8] = -1e8;
        partial[1] = 1.0;
        assert!((fold(partial) - 1.0).abs() < f32::EPSILON);
    }
}
