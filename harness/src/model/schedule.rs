//! The times of the steps and their features: what the conditioning layers are given.

/// Slowest over fastest frequency of the features. Source: `model` in harness/model/train.py.
const FREQUENCY_RATIO: f64 = 1e4;
/// Radians at `t = 1` of the fastest feature. Source: `model` in harness/model/train.py.
const RADIANS: f64 = 1e3;

/// The features of one time: cosines of all frequencies, then sines.
///
/// Computed in `f64` with the maths of the `libm` crate, the same on every machine; every backend is given these.
#[must_use]
pub(crate) fn features(time: f64, width: usize) -> Vec<f32> {
    let half = width / 2;
    let angle = |k: usize| {
        #[expect(clippy::cast_precision_loss, reason = "a width is at most a few thousand")]
        let share = k as f64 / half as f64;
        RADIANS * time * libm::exp(-libm::log(FREQUENCY_RATIO) * share)
    };
    #[expect(clippy::cast_possible_truncation, reason = "rounding to f32 is meant")]
    let single = |x: f64| x as f32;
    let cosines = (0..half).map(|k| single(libm::cos(angle(k))));
    let sines = (0..half).map(|k| single(libm::sin(angle(k))));
    cosines.chain(sines).collect()
}

/// The features of every step of a generation of `steps`, a row a step, from `t = 0` to `t = 1 - 1 / steps`.
#[must_use]
pub(crate) fn steps(steps: u32, width: usize) -> Vec<f32> {
    (0..steps).flat_map(|i| features(f64::from(i) / f64::from(steps), width)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_start_has_cosines_one_and_sines_zero() {
        let expected = [[1.0f32; 8], [0.0; 8]].concat();
        assert!(features(0.0, 16).iter().zip(&expected).all(|(a, b)| (a - b).abs() < 1e-9));
    }

    #[test]
    fn every_step_has_a_row_of_its_own_time() {
        let all = steps(4, 16);
        assert_eq!(all.len(), 64);
        assert_eq!(all[48..], features(0.75, 16)[..]);
    }
}
