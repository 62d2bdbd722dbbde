//! The search for the majority and the rates of liquid alpha with vector instructions: the feature `simd`.

use super::liquid::Pair;
use super::liquid::Sigmoid;
use super::search::Search;
use crate::fixed::I32F32;
use pulp::Arch;
use pulp::Simd;
use pulp::WithSimd;

impl Search {
    /// [`bisect`](Self::bisect), compiled for the widest instructions that the machine has.
    pub(super) fn raise(&mut self, minority: u32) {
        self.raise_on(Arch::new(), minority);
    }

    /// [`bisect`](Self::bisect), compiled for these instructions.
    fn raise_on(&mut self, instructions: Arch, minority: u32) {
        instructions.dispatch(Bisection { search: self, minority });
    }
}

/// [`Search::bisect`] with its arguments.
struct Bisection<'a> {
    search: &'a mut Search,
    minority: u32,
}

impl WithSimd for Bisection<'_> {
    type Output = ();

    #[inline(always)]
    #[expect(clippy::inline_always, reason = "it is compiled for the instructions of its caller")]
    fn with_simd<S: Simd>(self, _simd: S) {
        self.search.bisect(self.minority);
    }
}

impl Sigmoid {
    /// [`blend_cells`](Self::blend_cells), compiled for the widest instructions that the machine has.
    pub(super) fn blend(&self, pair: &Pair<'_>, majority: &[I32F32], ema: &mut [I32F32]) {
        Arch::new().dispatch(Blend { sigmoid: self, pair, majority, ema });
    }
}

/// [`Sigmoid::blend_cells`] with its arguments.
struct Blend<'a, 'p> {
    sigmoid: &'a Sigmoid,
    pair: &'a Pair<'p>,
    majority: &'a [I32F32],
    ema: &'a mut [I32F32],
}

impl WithSimd for Blend<'_, '_> {
    type Output = ();

    #[inline(always)]
    #[expect(clippy::inline_always, reason = "it is compiled for the instructions of its caller")]
    fn with_simd<S: Simd>(self, _simd: S) {
        self.sigmoid.blend_cells(self.pair, self.majority, self.ema);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::epoch::search::tests::cases;
    use proptest::prelude::*;

    /// Every set of instructions that this machine has.
    fn instruction_sets() -> Vec<Arch> {
        let mut sets = vec![Arch::Scalar, Arch::new()];
        // A machine with the wider vectors of `x86-v4` would never choose these.
        #[cfg(target_arch = "x86_64")]
        sets.extend(pulp::x86::V3::try_new().map(Arch::V3));
        sets
    }

    proptest! {
        #[test]
        fn scalar_and_vector_instructions_find_the_same_bits(case in cases()) {
            let scalar = case.found(Search::bisect);
            for set in instruction_sets() {
                let found = case.found(|search, minority| search.raise_on(set, minority));
                prop_assert_eq!(&found, &scalar, "{:?}", set);
            }
        }
    }
}
