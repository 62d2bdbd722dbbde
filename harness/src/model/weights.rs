//! A model's weights: the shipped ones, those of a file, or seeded ones of any size; checked before they are used.

use crate::model::noise;
use crate::model::noise::Use;
use crate::model::shape;
use crate::model::shape::ModelShape;
use crate::model::tensors::Places;
use crate::model::tensors::Tensor;
use safetensors::Dtype;
use safetensors::SafeTensors;
use safetensors::tensor::TensorView;
use sha2::Digest;
use sha2::Sha256;
use std::fmt::Write;

/// The digits model, inside the program so that it needs no file.
const DIGITS: &[u8] = include_bytes!("../../model/digits_dit.safetensors");
/// SHA-256 of that file.
pub const DIGITS_SHA256: &str = "5f05e577da33fbe9f0927cf8fdb46161c95ba883a4db35aa90d602dcffaee905";
/// Spread of seeded modulation weights, small so that a block stays near the identity as in a trained model.
const MODULATION_SPREAD: f32 = 0.1;
/// Spread of seeded tables. Source: `init` in harness/model/train.py.
const TABLE_SPREAD: f32 = 0.3;
/// Most values a seeded model may have: 1 GiB of them.
const VALUES_MAX: usize = 1 << 28;

/// Why weights were refused.
#[derive(Debug, thiserror::Error)]
pub enum WeightsError {
    /// The file is not the one that was asked for.
    #[error(
        "the weights have SHA-256 {found}, but {expected} is expected: altered, truncated or another model's file \
         (name its hash to use it)"
    )]
    Hash {
        /// Hash of the bytes given.
        found: String,
        /// Hash they should have.
        expected: String,
    },
    /// The file is no safetensors file.
    #[error("the weights are not a valid safetensors file: {0}")]
    Format(String),
    /// A tensor is not there.
    #[error("tensor {0:?} is missing from the weights")]
    Missing(String),
    /// A tensor is there that the model does not have.
    #[error("tensor {0:?} is not part of the model")]
    Unknown(String),
    /// A tensor has another element type.
    #[error("tensor {name:?} holds {found}, but must hold F32")]
    Element {
        /// Name of the tensor in the file.
        name: String,
        /// Type of its elements in the file.
        found: String,
    },
    /// A tensor has other dimensions.
    #[error("tensor {name:?} has dimensions {found:?}, but must have {expected:?}")]
    Dimensions {
        /// Name of the tensor in the file.
        name: String,
        /// Lengths of its dimensions in the file.
        found: Vec<usize>,
        /// What it must have.
        expected: Vec<usize>,
    },
    /// A value is not a number that can be computed with.
    #[error("tensor {name:?} holds {value} at index {index}: values must be finite")]
    Value {
        /// Name of the tensor in the file.
        name: String,
        /// Place of the value.
        index: usize,
        /// The value that is not finite.
        value: f32,
    },
    /// The size cannot be.
    #[error(transparent)]
    Shape(#[from] shape::ShapeError),
    /// The model would not fit.
    #[error("a model of this size has {0} parameters, more than the {VALUES_MAX} allowed")]
    Size(usize),
}

/// Weights that passed every check.
#[derive(Clone, Debug)]
pub struct ModelWeights {
    shape: ModelShape,
    places: Places,
    values: Vec<f32>,
    hash: String,
}

impl ModelWeights {
    /// The shipped digits model.
    ///
    /// # Panics
    ///
    /// Never on a sound build: the file inside the program is checked by a test.
    #[must_use]
    pub fn digits() -> Self {
        Self::read(DIGITS, DIGITS_SHA256).expect("the shipped weights pass their own checks")
    }

    /// Reads a safetensors file whose SHA-256 must be `expected` (64 hexadecimal digits).
    ///
    /// # Errors
    ///
    /// When the hash, the format, a tensor's name, type, dimensions or a value is not as it must be.
    pub fn read(bytes: &[u8], expected: &str) -> Result<Self, WeightsError> {
        let hash = hex(&Sha256::digest(bytes));
        if !hash.eq_ignore_ascii_case(expected) {
            return Err(WeightsError::Hash { found: hash, expected: expected.to_string() });
        }
        let file =
            SafeTensors::deserialize(bytes).map_err(|e| WeightsError::Format(e.to_string()))?;
        let shape = shape_of(&file)?;
        let places = Places::new(shape);
        if let Some(name) = file.names().into_iter().find(|n| !known(&places, n)) {
            return Err(WeightsError::Unknown(name.to_string()));
        }
        let mut values = Vec::with_capacity(places.count());
        for tensor in &places.tensors {
            values.extend(values_of(&view(&file, &tensor.name)?, tensor)?);
        }
        Ok(Self { shape, places, values, hash })
    }

    /// Seeded weights of any size: as slow as trained ones, but with nothing to show.
    ///
    /// # Errors
    ///
    /// When the model would be too large.
    pub fn seeded(shape: ModelShape, seed: u64) -> Result<Self, WeightsError> {
        let places = Places::new(shape);
        let count = places.count();
        if count > VALUES_MAX {
            return Err(WeightsError::Size(count));
        }
        let mut values = Vec::with_capacity(count);
        for (index, tensor) in places.tensors.iter().enumerate() {
            let spread = spread(tensor);
            let drawn = noise::normal(seed, Use::Tensor(index), tensor.count());
            values.extend(drawn.iter().map(|x| x * spread));
        }
        let mut hash = Sha256::new();
        for tensor in &places.tensors {
            hash.update(format!("{} {:?}\n", tensor.name, tensor.dimensions));
        }
        hash.update(bytemuck::cast_slice(&values));
        let hash = hex(&hash.finalize());
        Ok(Self { shape, places, values, hash })
    }

    /// Width, depth and the other sizes of the model.
    #[must_use]
    pub fn shape(&self) -> ModelShape {
        self.shape
    }

    /// SHA-256 of the file, or of the seeded values with their names.
    #[must_use]
    pub fn hash(&self) -> &str {
        &self.hash
    }

    /// Number of parameters of the model.
    #[must_use]
    pub fn count(&self) -> usize {
        self.values.len()
    }

    /// All values, tensor after tensor.
    pub(crate) fn values(&self) -> &[f32] {
        &self.values
    }

    pub(crate) fn places(&self) -> &Places {
        &self.places
    }
}

/// The bytes as lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a string can be written to");
        text
    })
}

/// Standard deviation of a seeded tensor's values: a layer keeps the size of what goes through it, a bias is zero.
fn spread(tensor: &Tensor) -> f32 {
    match tensor.dimensions[..] {
        [_] => 0.0,
        _ if tensor.name == "pos" || tensor.name == "label" => TABLE_SPREAD,
        [inner, _] => {
            #[expect(
                clippy::cast_precision_loss,
                reason = "a layer is at most a few thousand wide"
            )]
            let even = libm::sqrtf(1.0 / inner as f32);
            if tensor.name.contains("mod") { MODULATION_SPREAD * even } else { even }
        }
        _ => 1.0,
    }
}

fn known(places: &Places, name: &str) -> bool {
    places.tensors.iter().any(|t| t.name == name)
}

fn view<'a>(file: &'a SafeTensors<'_>, name: &str) -> Result<TensorView<'a>, WeightsError> {
    file.tensor(name).map_err(|_| WeightsError::Missing(name.to_string()))
}

/// Reads the size off the position table and the number of blocks.
fn shape_of(file: &SafeTensors<'_>) -> Result<ModelShape, WeightsError> {
    let position = view(file, "pos")?;
    let &[tokens, width] = position.shape() else {
        let (name, found) = ("pos".to_string(), position.shape().to_vec());
        return Err(WeightsError::Dimensions { name, found, expected: vec![16, 64] });
    };
    let depth =
        (0..=shape::DEPTH_MAX).take_while(|k| file.tensor(&format!("b{k}.qkv.w")).is_ok()).count();
    Ok(ModelShape::new(width, depth, tokens)?)
}

fn values_of(view: &TensorView<'_>, tensor: &Tensor) -> Result<Vec<f32>, WeightsError> {
    let name = tensor.name.clone();
    if view.dtype() != Dtype::F32 {
        return Err(WeightsError::Element { name, found: format!("{:?}", view.dtype()) });
    }
    if view.shape() != tensor.dimensions {
        let found = view.shape().to_vec();
        return Err(WeightsError::Dimensions { name, found, expected: tensor.dimensions.clone() });
    }
    let bytes = view.data().chunks_exact(4);
    let values: Vec<f32> =
        bytes.map(|b| f32::from_le_bytes(b.try_into().expect("four bytes"))).collect();
    match values.iter().position(|x| !x.is_finite()) {
        Some(index) => Err(WeightsError::Value { name, index, value: values[index] }),
        None => Ok(values),
    }
}
