//! Where each tensor of a model stands in the one list of its values.

use crate::kernels::patch::PATCH;
use crate::model::shape::CLASSES;
use crate::model::shape::MODULATIONS;
use crate::model::shape::ModelShape;

/// A tensor's name, size and place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Tensor {
    /// Name in the file, as train.py gives it.
    pub(crate) name: String,
    /// Its dimensions, the fastest last.
    pub(crate) dimensions: Vec<usize>,
    /// Index of its first value.
    pub(crate) start: usize,
}

impl Tensor {
    /// Number of its values.
    #[must_use]
    pub(crate) fn count(&self) -> usize {
        self.dimensions.iter().product()
    }
}

/// A dense layer's place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Layer {
    /// Index of the first weight.
    pub(crate) weight: usize,
    /// Index of the first bias.
    pub(crate) bias: usize,
    /// Values of a row going in.
    pub(crate) inner: usize,
    /// Values of a row coming out.
    pub(crate) columns: usize,
}

/// The layers of one transformer block.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TransformerBlock {
    pub(crate) qkv: Layer,
    pub(crate) proj: Layer,
    pub(crate) fc1: Layer,
    pub(crate) fc2: Layer,
    pub(crate) modulation: Layer,
}

/// All places of a model.
#[derive(Clone, Debug)]
pub(crate) struct Places {
    pub(crate) x_in: Layer,
    pub(crate) position: usize,
    pub(crate) label: usize,
    pub(crate) time: [Layer; 2],
    pub(crate) blocks: Vec<TransformerBlock>,
    pub(crate) last_modulation: Layer,
    pub(crate) x_out: Layer,
    /// Every tensor, in the order of its place.
    pub(crate) tensors: Vec<Tensor>,
}

impl Places {
    /// The places of a model of this size.
    pub(crate) fn new(shape: ModelShape) -> Self {
        let mut list = TensorList { tensors: Vec::new(), end: 0 };
        let (width, hidden) = (shape.width(), shape.hidden());
        let x_in = list.layer("x_in", PATCH, width);
        let position = list.tensor("pos", &[shape.tokens(), width]);
        let label = list.tensor("label", &[CLASSES + 1, width]);
        let time = [list.layer("t1", width, width), list.layer("t2", width, width)];
        let blocks = (0..shape.depth())
            .map(|k| TransformerBlock {
                qkv: list.layer(&format!("b{k}.qkv"), width, 3 * width),
                proj: list.layer(&format!("b{k}.proj"), width, width),
                fc1: list.layer(&format!("b{k}.fc1"), width, hidden),
                fc2: list.layer(&format!("b{k}.fc2"), hidden, width),
                modulation: list.layer(&format!("b{k}.mod"), width, MODULATIONS * width),
            })
            .collect();
        let last_modulation = list.layer("fmod", width, 2 * width);
        let x_out = list.layer("x_out", width, PATCH);
        let tensors = list.tensors;
        Self { x_in, position, label, time, blocks, last_modulation, x_out, tensors }
    }

    /// Number of all values.
    pub(crate) fn count(&self) -> usize {
        self.tensors.last().map_or(0, |last| last.start + last.count())
    }
}

struct TensorList {
    tensors: Vec<Tensor>,
    end: usize,
}

impl TensorList {
    fn layer(&mut self, name: &str, inner: usize, columns: usize) -> Layer {
        let weight = self.tensor(&format!("{name}.w"), &[inner, columns]);
        let bias = self.tensor(&format!("{name}.b"), &[columns]);
        Layer { weight, bias, inner, columns }
    }

    fn tensor(&mut self, name: &str, dimensions: &[usize]) -> usize {
        let start = self.end;
        let tensor = Tensor { name: name.to_string(), dimensions: dimensions.to_vec(), start };
        self.end += tensor.count();
        self.tensors.push(tensor);
        start
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digits_model_has_as_many_parameters_as_its_training_script_says() {
        assert_eq!(Places::new(ModelShape::DIGITS).count(), 317_700);
    }

    #[test]
    fn tensors_stand_one_after_the_other_on_multiples_of_four() {
        let places = Places::new(ModelShape::new(48, 2, 64).unwrap());
        for pair in places.tensors.windows(2) {
            assert_eq!(pair[0].start + pair[0].count(), pair[1].start);
            assert!(pair[1].start.is_multiple_of(4), "{}", pair[1].name);
        }
    }
}
