use crate::gpu::Parameters;
use crate::gpu::single;
use crate::gpu::single::Given;
use crate::gpu::testing;
use crate::gpu::testing::narrow;
use crate::gpu::testing::seeded;
use crate::kernels::activation;
use crate::kernels::lanes::Lanes;
use crate::kernels::layer_norm::Modulation;
use crate::kernels::layer_norm::inverse_width;
use crate::kernels::layer_norm::layer_norm;
use crate::kernels::matmul::Dense;
use crate::kernels::matmul::MatmulTarget;
use crate::kernels::matmul::add_gated;
use crate::kernels::shader::DeviceClass;
use crate::kernels::shader::Kernel;

const TOKENS: usize = 16;
const WIDTH: usize = 64;
const HIDDEN: usize = 4 * WIDTH;
const IMAGE: usize = TOKENS * WIDTH;
/// Shift, scale and gate of one slot, and what stands in front of them.
const PARTS: usize = 4;
/// Slots of three images; the first eleven numbers are the classes of slots, which the kernel does not read.
const SLOTS: [u32; 14] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1];
const IMAGES: usize = SLOTS.len() - 11;

/// What the kernel works on.
struct Half {
    stream: Vec<f32>,
    modulations: Vec<f32>,
    /// Weights and biases of the first layer and of the second.
    layers: [Vec<f32>; 4],
}

impl Half {
    fn seeded() -> Self {
        // As small as a model's, so that sums and activations stay in the range where the activation bends.
        let small = |seed, count| seeded(seed, count).iter().map(|x| x * 0.2).collect::<Vec<_>>();
        let layers =
            [small(1, WIDTH * HIDDEN), small(2, HIDDEN), small(3, HIDDEN * WIDTH), small(4, WIDTH)];
        let [stream, modulations] = [seeded(5, IMAGES * IMAGE), seeded(6, 2 * PARTS * WIDTH)];
        Self { stream, modulations, layers }
    }

    /// The parts, one after the other.
    fn on_cpu(&self) -> Vec<f32> {
        let lanes = Lanes::widest();
        let [weight, bias, next_weight, next_bias] = &self.layers;
        let mut stream = self.stream.clone();
        for (h, slot) in stream.chunks_exact_mut(IMAGE).zip(&SLOTS[11..]) {
            let start = (usize::try_from(*slot).unwrap() * PARTS + 1) * WIDTH;
            let part = |k: usize| &self.modulations[start + k * WIDTH..][..WIDTH];
            let mut x = vec![0.0; IMAGE];
            layer_norm(lanes, h, Modulation { shift: part(0), scale: part(1) }, &mut x);
            let mut y = vec![0.0; TOKENS * HIDDEN];
            Dense { weight, bias }.apply(lanes, &x, MatmulTarget::whole(&mut y, HIDDEN));
            activation::gelu(lanes, &mut y);
            let back = Dense { weight: next_weight, bias: next_bias };
            back.apply(lanes, &y, MatmulTarget::whole(&mut x, WIDTH));
            add_gated(lanes, h, &x, part(2));
        }
        stream
    }

    fn parameters() -> Parameters {
        let groups = |values: usize| narrow(values / 4);
        let next = (WIDTH + 1) * HIDDEN;
        Parameters {
            rows: narrow(IMAGES * TOKENS),
            inner: groups(WIDTH),
            columns: groups(WIDTH),
            bias: groups(WIDTH * HIDDEN),
            next_weight: groups(next),
            next_bias: groups(next + HIDDEN * WIDTH),
            tokens: narrow(TOKENS),
            steps: 1,
            modulation: groups(WIDTH),
            modulations: groups(PARTS * WIDTH),
            first: inverse_width(WIDTH),
            ..Parameters::default()
        }
    }

    fn assert_same_bits(&self) {
        let Some(device) = testing::device() else { return };
        let weights = self.layers.concat();
        let given = Given {
            parameters: Self::parameters(),
            weights: &weights,
            result: &self.stream,
            modulations: &self.modulations,
            slots: &SLOTS,
            ..Given::default()
        };
        let (found, _) =
            single::run(&device, (Kernel::Feed, DeviceClass::Software), &given).unwrap();
        let bits = |values: &[f32]| values.iter().map(|x| x.to_bits()).collect::<Vec<_>>();
        let expected = self.on_cpu();
        assert_ne!(bits(&expected), bits(&self.stream));
        assert_eq!(bits(&found), bits(&expected));
    }
}

#[test]
fn the_feed_forward_layers_in_one_kernel_give_the_bits_of_their_parts() {
    Half::seeded().assert_same_bits();
}
