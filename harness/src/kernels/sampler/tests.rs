use super::*;
use crate::gpu::Parameters;
use crate::gpu::single::Given;
use crate::gpu::testing::assert_same_bits;
use crate::gpu::testing::narrow;
use crate::gpu::testing::seeded;
use crate::kernels::shader::Kernel;

const COUNT: usize = 3 * 64;
const STEPS: u32 = 7;
const GUIDANCE: f32 = 2.5;

#[test]
fn a_step_by_hand() {
    // v = u + g (c - u) = 1 + 2.5 (3 - 1) = 6; x + v / 4 = 0.5 + 1.5 = 2.
    let (mut velocity, mut x) = ([3.0], [0.5]);
    guide(Lanes::widest(), &mut velocity, &[1.0], GUIDANCE);
    euler(Lanes::widest(), &mut x, &velocity, step_length(4));
    assert_eq!((velocity[0].to_bits(), x[0].to_bits()), (6.0f32.to_bits(), 2.0f32.to_bits()));
}

#[test]
fn guidance_of_one_is_the_velocity_for_the_class() {
    let (c, u) = (seeded(1, COUNT), seeded(2, COUNT));
    let mut mixed = c.clone();
    guide(Lanes::widest(), &mut mixed, &u, 1.0);
    assert!(mixed.iter().zip(&c).all(|(a, b)| (a - b).abs() <= 2e-6));
}

#[test]
fn a_device_steps_to_the_bits_of_the_cpu_with_guidance_and_without() {
    for guided in [false, true] {
        let (c, u, x) = (seeded(3, COUNT), seeded(4, COUNT), seeded(5, COUNT));
        let (mut velocity, mut next) = (c.clone(), x.clone());
        if guided {
            guide(Lanes::widest(), &mut velocity, &u, GUIDANCE);
        }
        euler(Lanes::widest(), &mut next, &velocity, step_length(STEPS));
        // The tokens of the step before stand second, those of this step are written third.
        let history = [vec![9.0; COUNT], x.clone(), vec![9.0; COUNT]].concat();
        let expected = [vec![9.0; COUNT], x, next].concat();
        let parameters = Parameters {
            rows: narrow(COUNT / 4),
            step: 1,
            guided: u32::from(guided),
            first: step_length(STEPS),
            second: GUIDANCE,
            ..Parameters::default()
        };
        let source = [c, u].concat();
        let given = Given { parameters, source: &source, result: &history, ..Given::default() };
        assert_same_bits(|_| Kernel::Sampler, &given, &expected);
    }
}
