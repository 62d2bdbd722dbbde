//! The shaders' full texts: interface, shared functions, the kernel, and the numbers that a class of devices needs.

use crate::kernels::activation;
use crate::kernels::attention;
use crate::kernels::layer_norm;
use crate::kernels::maths;
use crate::kernels::matmul;
use crate::kernels::patch;
use crate::kernels::sampler;

/// What every kernel is given.
const INTERFACE: &str = include_str!("interface.wgsl");

/// What becomes of a dense layer's sums. The numbers are those of matmul/ending.wgsl.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Ending {
    /// Nothing.
    Plain = 0,
    /// A table is added.
    Table = 1,
    /// SiLU.
    Silu = 2,
    /// GELU.
    Gelu = 3,
    /// Weighted by a gate and added to the residual stream.
    Gated = 4,
}

/// How a dense layer is cut into pieces.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Tile {
    /// So many rows of four columns in an invocation, nothing shared: for a processor that plays a device.
    Registers {
        /// Rows of an invocation.
        rows: u32,
    },
    /// So many rows of 16 invocations in a workgroup, which shares what it reads: for a GPU.
    Shared {
        /// Rows of invocations, each of which makes four rows of sums.
        height: u32,
    },
}

/// A kernel of the model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kernel {
    /// A dense layer.
    Matmul(Tile, Ending),
    /// Layer norm and modulation.
    LayerNorm,
    /// Attention.
    Attention,
    /// The conditioning's activation.
    Condition,
    /// Image to tokens.
    Patch,
    /// Tokens to pixels.
    Unpatch,
    /// A step of the flow.
    Sampler,
}

/// Columns of a tile that a workgroup shares, in groups of four.
const SHARED_WIDE: u32 = 16;
/// Invocations of a workgroup of the kernels whose text names it.
const FIXED_GROUP: u32 = 64;

impl Kernel {
    /// The whole text; `group` is the number of invocations of a workgroup where the kernel leaves it open.
    pub(crate) fn text(self, group: u32) -> String {
        let activation = [maths::WGSL, activation::WGSL].join("\n");
        let (constants, parts) = match self {
            Self::Matmul(tile, ending) => {
                let (size, main) = match tile {
                    Tile::Registers { rows } => {
                        (format!("const ROWS = {rows}u;\n"), matmul::TILED_WGSL)
                    }
                    Tile::Shared { height } => {
                        (format!("const HEIGHT = {height}u;\n"), matmul::SHARED_WGSL)
                    }
                };
                let constants = format!("const ENDING = {}u;\n{size}", ending as u32);
                (constants, [activation.as_str(), matmul::ENDING_WGSL, main].join("\n"))
            }
            Self::LayerNorm => (String::new(), [maths::WGSL, layer_norm::WGSL].join("\n")),
            Self::Attention => (String::new(), [maths::WGSL, attention::WGSL].join("\n")),
            Self::Condition => (String::new(), [&activation, activation::CONDITION_WGSL].join("\n")),
            Self::Patch => (String::new(), patch::PATCH_WGSL.to_string()),
            Self::Unpatch => (String::new(), patch::UNPATCH_WGSL.to_string()),
            Self::Sampler => (String::new(), sampler::WGSL.to_string()),
        };
        format!("const GROUP = {group}u;\n{constants}\n{INTERFACE}\n{parts}")
    }

    /// Workgroups for `rows` rows of `columns` groups of four values.
    pub(crate) fn workgroups(self, group: u32, rows: u32, columns: u32) -> u32 {
        match self {
            Self::Matmul(Tile::Registers { rows: tile }, _) => {
                (rows.div_ceil(tile) * columns).div_ceil(group)
            }
            Self::Matmul(Tile::Shared { height }, _) => {
                rows.div_ceil(4 * height) * columns.div_ceil(SHARED_WIDE)
            }
            Self::LayerNorm => rows.div_ceil(group),
            Self::Attention => (rows * columns / 4).div_ceil(group),
            Self::Condition => (rows * columns).div_ceil(FIXED_GROUP),
            Self::Patch | Self::Unpatch | Self::Sampler => rows.div_ceil(FIXED_GROUP),
        }
    }
}
