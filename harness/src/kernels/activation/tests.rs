use super::*;
use crate::gpu::Parameters;
use crate::gpu::single::Given;
use crate::gpu::testing::assert_same_bits;
use crate::gpu::testing::narrow;
use crate::gpu::testing::seeded;
use crate::kernels::shader::Kernel;

/// As the module's documentation states it.
const TOLERANCE: f64 = 1e-6;

fn points() -> impl Iterator<Item = f32> {
    (-4000..4000i16).map(|i| f32::from(i) / 200.0)
}

fn assert_close(found: f32, exact: f64) {
    let allowed = TOLERANCE * exact.abs().max(1.0);
    assert!((f64::from(found) - exact).abs() <= allowed, "{found} {exact}");
}

#[test]
fn silu_is_within_the_tolerance_of_f64() {
    let mut values: Vec<f32> = points().collect();
    silu(Lanes::widest(), &mut values);
    for (x, y) in points().map(f64::from).zip(values) {
        assert_close(y, x / (1.0 + libm::exp(-x)));
    }
}

#[test]
fn gelu_is_within_the_tolerance_of_f64() {
    let mut values: Vec<f32> = points().collect();
    gelu(Lanes::widest(), &mut values);
    let root = libm::sqrt(std::f64::consts::FRAC_2_PI);
    for (x, y) in points().map(f64::from).zip(values) {
        let inner = root * (x + f64::from(GELU_CUBIC) * x * x * x);
        assert_close(y, 0.5 * x * (1.0 + libm::tanh(inner)));
    }
}

#[test]
fn activations_vanish_at_zero_and_far_below_it() {
    let mut values = [0.0, -1e6];
    silu(Lanes::widest(), &mut values);
    assert!(values[0].abs() < f32::MIN_POSITIVE && values[1].abs() < 1e-15);
    let mut values = [0.0, -1e6];
    gelu(Lanes::widest(), &mut values);
    assert!(values[0].abs() < f32::MIN_POSITIVE && values[1].abs() < 1e-15);
}

#[test]
fn a_device_conditions_every_slot_and_step_to_the_bits_of_the_cpu() {
    let (width, steps) = (48, 7);
    let time: Vec<f32> = seeded(1, steps * width).iter().map(|x| 20.0 * x).collect();
    let labels = seeded(2, 11 * width);
    let classes = [3u32, 10, 0];
    let mut expected = Vec::new();
    for class in classes {
        let mut out = vec![0.0; steps * width];
        let label = &labels[usize::try_from(class).unwrap() * width..][..width];
        condition(Lanes::widest(), &time, label, &mut out);
        expected.extend(out);
    }
    let parameters = Parameters {
        rows: narrow(classes.len() * steps),
        columns: narrow(width / 4),
        steps: narrow(steps),
        ..Parameters::default()
    };
    let (weights, source, slots) = (&labels[..], &time[..], &classes[..]);
    let result = vec![0.0; expected.len()];
    let given = Given { parameters, weights, source, result: &result, slots, ..Given::default() };
    assert_same_bits(|_| Kernel::Condition, &given, &expected);
}
