use super::*;
use crate::gpu::Parameters;
use crate::gpu::single::Given;
use crate::gpu::testing::assert_same_bits;
use crate::gpu::testing::narrow;
use crate::gpu::testing::seeded;
use crate::kernels::activation;
use crate::kernels::layer_norm::Modulation;
use crate::kernels::layer_norm::inverse_width;
use crate::kernels::layer_norm::layer_norm;
use crate::kernels::shader::DeviceClass;
use crate::kernels::shader::Ending;
use crate::kernels::shader::Kernel;
use crate::kernels::shader::MatmulTile;

const TOKENS: usize = 16;
/// Slots of three images; the first eleven numbers are the classes of slots, which a dense layer does not read.
const SLOTS: [u32; 14] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1];
/// Rows, inner values and columns: whole tiles, torn ones, the narrowest layer, a single row.
const SIZES: [[usize; 3]; 5] =
    [[48, 64, 192], [33, 64, 80], [48, 64, 4], [17, 4, 64], [1, 256, 64]];
const ENDINGS: [Ending; 5] =
    [Ending::Plain, Ending::Table, Ending::Silu, Ending::Gelu, Ending::Gated];

struct Operands {
    size: [usize; 3],
    x: Vec<f32>,
    weight: Vec<f32>,
    bias: Vec<f32>,
    table: Vec<f32>,
    stream: Vec<f32>,
    gates: Vec<f32>,
}

impl Operands {
    fn seeded(size: [usize; 3]) -> Self {
        let [rows, inner, columns] = size;
        let [x, weight] = [seeded(1, rows * inner), seeded(2, inner * columns)];
        let [bias, table] = [seeded(3, columns), seeded(4, TOKENS * columns)];
        let [stream, gates] = [seeded(5, rows * columns), seeded(6, 2 * columns)];
        Self { size, x, weight, bias, table, stream, gates }
    }

    fn product(&self, lanes: Lanes) -> Vec<f32> {
        let [rows, _, columns] = self.size;
        let mut y = vec![0.0; rows * columns];
        let dense = Dense { weight: &self.weight, bias: &self.bias };
        dense.apply(lanes, &self.x, MatmulTarget::whole(&mut y, columns));
        y
    }

    fn on_cpu(&self, ending: Ending) -> Vec<f32> {
        let lanes = Lanes::widest();
        let columns = self.size[2];
        let mut y = self.product(lanes);
        match ending {
            Ending::Plain => {}
            Ending::Table => {
                for (row, values) in y.chunks_exact_mut(columns).enumerate() {
                    for (y, t) in values.iter_mut().zip(&self.table[row % TOKENS * columns..]) {
                        *y += t;
                    }
                }
            }
            Ending::Silu => activation::silu(lanes, &mut y),
            Ending::Gelu => activation::gelu(lanes, &mut y),
            Ending::Gated => {
                let mut stream = self.stream.clone();
                let images = stream.chunks_mut(TOKENS * columns).zip(y.chunks(TOKENS * columns));
                for ((stream, y), slot) in images.zip(&SLOTS[11..]) {
                    let start = usize::try_from(*slot).unwrap() * columns;
                    add_gated(lanes, stream, y, &self.gates[start..start + columns]);
                }
                y = stream;
            }
        }
        y
    }

    fn parameters(&self, ending: Ending) -> Parameters {
        let [rows, inner, columns] = self.size;
        let groups = |values: usize| narrow(values / 4);
        let table = if ending == Ending::Table { (inner + 1) * columns } else { 0 };
        Parameters {
            rows: narrow(rows),
            inner: groups(inner),
            columns: groups(columns),
            stride: groups(columns),
            bias: groups(inner * columns),
            tokens: narrow(TOKENS),
            steps: 1,
            modulation: groups(table),
            modulations: groups(columns),
            ..Parameters::default()
        }
    }
}

fn tile(class: DeviceClass, set: &Parameters) -> MatmulTile {
    class.tile([set.rows, set.tokens], [set.inner, set.columns])
}

#[test]
fn sums_are_within_the_tolerance_of_f64() {
    for size in SIZES {
        let operands = Operands::seeded(size);
        let [_, inner, columns] = size;
        let found = operands.product(Lanes::widest());
        for (place, y) in found.iter().enumerate() {
            let (row, column) = (place / columns, place % columns);
            let bias = f64::from(operands.bias[column]);
            let products = (0..inner).map(|k| {
                f64::from(operands.x[row * inner + k])
                    * f64::from(operands.weight[k * columns + column])
            });
            let exact = products.clone().sum::<f64>() + bias;
            let size = products.map(f64::abs).sum::<f64>() + bias.abs();
            let tolerance = size * f64::from(narrow(inner)) / f64::from(1 << 23);
            assert!((f64::from(*y) - exact).abs() <= tolerance, "{size} at {place}: {y} {exact}");
        }
    }
}

#[test]
fn the_widest_vectors_give_the_bits_of_the_narrowest() {
    for size in SIZES {
        let operands = Operands::seeded(size);
        let bits = |lanes| operands.product(lanes).iter().map(|y| y.to_bits()).collect::<Vec<_>>();
        assert_eq!(bits(Lanes::widest()), bits(Lanes::baseline()), "{size:?}");
    }
}

#[test]
fn a_device_gives_the_bits_of_the_cpu_with_every_tile_and_ending() {
    for (size, ending) in SIZES.iter().flat_map(|size| ENDINGS.map(|ending| (*size, ending))) {
        let operands = Operands::seeded(size);
        let weights = [&operands.weight[..], &operands.bias, &operands.table].concat();
        let given = Given {
            parameters: operands.parameters(ending),
            weights: &weights,
            source: &operands.x,
            result: &operands.stream,
            modulations: &operands.gates,
            slots: &SLOTS,
        };
        let kernel = |class: DeviceClass| Kernel::Matmul(tile(class, &given.parameters), ending);
        assert_same_bits(kernel, &given, &operands.on_cpu(ending));
    }
}

#[test]
fn both_heights_of_the_shared_tile_give_the_bits_of_the_cpu() {
    let operands = Operands::seeded([130, 64, 80]);
    let weights = [&operands.weight[..], &operands.bias].concat();
    for height in [4, 16] {
        let given = Given {
            parameters: operands.parameters(Ending::Plain),
            weights: &weights,
            source: &operands.x,
            result: &operands.stream,
            ..Given::default()
        };
        let kernel = |_| Kernel::Matmul(MatmulTile::Shared { height }, Ending::Plain);
        assert_same_bits(kernel, &given, &operands.on_cpu(Ending::Plain));
    }
}

#[test]
fn layer_norm_in_front_gives_the_bits_of_layer_norm_and_layer() {
    let operands = Operands::seeded([48, 64, 96]);
    let [rows, inner, columns] = operands.size;
    // Two slots, each with shift and scale.
    let modulations = seeded(7, 4 * inner);
    let mut normed = vec![0.0; operands.x.len()];
    let images = operands.x.chunks(TOKENS * inner).zip(normed.chunks_mut(TOKENS * inner));
    for ((x, out), slot) in images.zip(&SLOTS[11..]) {
        let start = usize::try_from(*slot).unwrap() * 2 * inner;
        let part = |k: usize| &modulations[start + k * inner..][..inner];
        let modulation = Modulation { shift: part(0), scale: part(1) };
        layer_norm(Lanes::widest(), x, modulation, out);
    }
    let mut expected = vec![0.0; rows * columns];
    let dense = Dense { weight: &operands.weight, bias: &operands.bias };
    dense.apply(Lanes::widest(), &normed, MatmulTarget::whole(&mut expected, columns));
    let modulations_wide = narrow(2 * inner / 4);
    let first = inverse_width(inner);
    let plain = operands.parameters(Ending::Plain);
    let parameters = Parameters { modulations: modulations_wide, first, ..plain };
    let weights = [&operands.weight[..], &operands.bias].concat();
    let given = Given {
        parameters,
        weights: &weights,
        source: &operands.x,
        result: &operands.stream,
        modulations: &modulations,
        slots: &SLOTS,
    };
    let tile = tile(DeviceClass::Software, &parameters).normed().unwrap();
    assert_same_bits(|_| Kernel::Matmul(tile, Ending::Plain), &given, &expected);
}

#[test]
fn one_product_by_hand() {
    // (1 2 3 4) times four equal columns of (1 1 1 1) is 10; the biases 0, 1, 2, 3 come on top.
    let mut y = [0.0; 4];
    let dense = Dense { weight: &[1.0; 16], bias: &[0.0, 1.0, 2.0, 3.0] };
    dense.apply(Lanes::widest(), &[1.0, 2.0, 3.0, 4.0], MatmulTarget::whole(&mut y, 4));
    assert_eq!(y.map(f32::to_bits), [10.0f32, 11.0, 12.0, 13.0].map(f32::to_bits));
}

#[test]
#[should_panic(expected = "is_multiple_of")]
fn columns_that_are_no_groups_of_four_are_refused() {
    let mut y = [0.0; 3];
    let dense = Dense { weight: &[1.0; 9], bias: &[0.0; 3] };
    dense.apply(Lanes::widest(), &[1.0; 3], MatmulTarget::whole(&mut y, 3));
}
