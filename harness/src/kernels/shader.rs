//! The shaders' full texts: interface, shared functions, the kernel, and the numbers that a class of devices needs.

use crate::kernels::activation;
use crate::kernels::attention;
use crate::kernels::feed;
use crate::kernels::layer_norm;
use crate::kernels::maths;
use crate::kernels::matmul;
use crate::kernels::patch;
use crate::kernels::peak;
use crate::kernels::sampler;
use crate::kernels::unroll::unroll;

/// What every kernel is given.
const INTERFACE: &str = include_str!("interface.wgsl");
/// Columns of a tile that a workgroup shares, in groups of four, and rows of one invocation of it.
const SHARED_WIDE: u32 = 16;
const SHARED_ROWS: u32 = 4;
/// Invocations of a workgroup of the kernels whose text names it.
const FIXED_GROUP: u32 = 64;
/// Groups of four values in a head.
const HEAD_GROUPS: u32 = 4;
/// Rows and groups of four columns of an invocation, and invocations of a workgroup, on a processor that plays a
/// device: it runs eight invocations side by side on one thread. Source: measured on Mesa's lavapipe.
const SOFTWARE_TILE: [u32; 2] = [16, 2];
const SOFTWARE_GROUP: u32 = 8;
/// Invocations of a workgroup on a GPU: two of its vectors.
const GPU_GROUP: u32 = 64;

/// What becomes of a dense layer's sums. The numbers are those of matmul/ending.wgsl.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Ending {
    /// Nothing follows the dense layer.
    Plain = 0,
    /// A table is added.
    Table = 1,
    /// The activation `SiLU`: `x sigmoid(x)`.
    Silu = 2,
    /// The activation `GELU`, approximated by `tanh`.
    Gelu = 3,
    /// Weighted by a gate and added to the residual stream.
    Gated = 4,
}

/// How a dense layer is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum MatmulTile {
    /// Some rows of some columns in an invocation, nothing shared: for a processor that plays a device.
    Registers,
    /// 16 rows of all columns in a workgroup, written out for `inner` groups going in and `8 * high` coming out, the
    /// rows going in normalised where `norm`: for a processor that plays a device.
    Unrolled {
        /// Groups of four values in a row going in.
        inner: u32,
        /// Eights of groups of four values in a row coming out.
        high: u32,
        /// Whether layer norm and modulation stand in front.
        norm: bool,
    },
    /// So many rows of 16 invocations in a workgroup, which shares what it reads: for a GPU.
    Shared {
        /// Rows of invocations, each of which makes four rows of sums.
        height: u32,
    },
}

impl MatmulTile {
    /// The same with layer norm and modulation in front, where it can have them.
    pub(crate) fn normed(self) -> Option<Self> {
        match self {
            Self::Unrolled { inner, high, .. } => Some(Self::Unrolled { inner, high, norm: true }),
            _ => None,
        }
    }

    /// Its numbers, and the kernel's text.
    fn text(self) -> (String, String) {
        match self {
            Self::Registers => {
                let [rows, wide] = SOFTWARE_TILE;
                let constants = format!("const ROWS = {rows}u;\nconst WIDE = {wide}u;\n");
                (constants, [matmul::ENDING_WGSL, matmul::TILED_WGSL].join("\n"))
            }
            Self::Unrolled { inner, high, norm } => {
                let constants = format!(
                    "const INNER = {inner}u;\nconst HIGH = {high}u;\nconst NORM = {norm};\n"
                );
                let main = unroll(matmul::UNROLLED_WGSL, &[("INNER", inner)]);
                (constants, [layer_norm::FOLD_WGSL, &main].join("\n"))
            }
            Self::Shared { height } => {
                let constants = format!("const HEIGHT = {height}u;\n");
                (constants, [matmul::ENDING_WGSL, matmul::SHARED_WGSL].join("\n"))
            }
        }
    }
}

/// A kernel of the model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kernel {
    /// A dense layer: product of matrices, bias and ending.
    Matmul(MatmulTile, Ending),
    /// Layer norm and modulation.
    LayerNorm,
    /// Attention of every token to every other.
    Attention,
    /// Attention between 16 tokens, written out.
    SmallAttention,
    /// The feed-forward half of a block, of images of 16 tokens of 64 values.
    Feed,
    /// The activation of the conditioning vector.
    Condition,
    /// Cuts an image into tokens.
    Patch,
    /// Puts tokens together as an image.
    Unpatch,
    /// A step of the flow.
    Sampler,
    /// Nothing but sums and products, to see how fast they can be.
    Peak,
}

/// Kernels by class of device. They differ in speed and never in a bit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DeviceClass {
    /// A processor that plays a device.
    Software,
    /// A graphics processor, dedicated or integrated.
    Gpu,
}

/// Rows and groups of four columns that eight invocations make of a layer that is written out, and the most groups of
/// four values that go in or come out. Source: ours; 16 tokens are an image's fewest, and a workgroup's memory is 32 KiB.
const BLOCK_ROWS: u32 = 16;
const BLOCK_WIDE: u32 = 8;
const UNROLLED_MAX: u32 = 64;
/// Tokens of an image and groups of a token that the feed-forward kernel is written for. Source: ours, the size
/// of the shipped model.
const FEED_SIZE: [u32; 2] = [16, 16];
/// Rows of invocations that share, for few rows of sums and for many.
const HEIGHTS: [u32; 2] = [4, 16];
/// Rows of sums from which on the higher tile is used. Source: ours; below, the higher one leaves processors idle.
const MANY_ROWS: u32 = 1024;

impl DeviceClass {
    /// How a dense layer is made, of images of `tokens` rows, from `inner` groups to `columns`. On software layers of
    /// whole images of 16 tokens or a multiple are written out; those whose rows are steps are not, so that any number of
    /// steps has its kernels.
    pub(crate) fn tile(self, [rows, tokens]: [u32; 2], [inner, columns]: [u32; 2]) -> MatmulTile {
        let whole = rows.is_multiple_of(tokens)
            && tokens.is_multiple_of(BLOCK_ROWS)
            && columns.is_multiple_of(BLOCK_WIDE);
        match self {
            Self::Software if whole && inner.max(columns) <= UNROLLED_MAX => {
                MatmulTile::Unrolled { inner, high: columns / BLOCK_WIDE, norm: false }
            }
            Self::Software => MatmulTile::Registers,
            Self::Gpu => MatmulTile::Shared { height: HEIGHTS[usize::from(rows >= MANY_ROWS)] },
        }
    }

    /// The kernel of attention between `tokens` tokens.
    pub(crate) fn attention(self, tokens: u32) -> Kernel {
        let small = self == Self::Software && tokens == BLOCK_ROWS;
        if small { Kernel::SmallAttention } else { Kernel::Attention }
    }

    /// Whether the feed-forward half of a block is one kernel, at `tokens` tokens of `columns` groups.
    pub(crate) fn has_feed(self, tokens: u32, columns: u32) -> bool {
        self == Self::Software && [tokens, columns] == FEED_SIZE
    }

    fn group(self) -> u32 {
        if self == Self::Software { SOFTWARE_GROUP } else { GPU_GROUP }
    }
}

impl Kernel {
    /// The whole text for a class of devices.
    pub(crate) fn text(self, class: DeviceClass) -> String {
        let (constants, own) = match self {
            Self::Matmul(tile, ending) => {
                let (constants, main) = tile.text();
                let activation = [maths::WGSL, activation::WGSL].join("\n");
                (format!("const ENDING = {}u;\n{constants}", ending as u32), activation + &main)
            }
            other => (String::new(), other.own()),
        };
        format!("const GROUP = {}u;\n{constants}\n{INTERFACE}\n{own}", class.group())
    }

    /// The text of a kernel other than a dense layer.
    fn own(self) -> String {
        match self {
            Self::Matmul(..) => String::new(),
            Self::LayerNorm => [maths::WGSL, layer_norm::FOLD_WGSL, layer_norm::WGSL].join("\n"),
            Self::Attention => [maths::WGSL, attention::WGSL].join("\n"),
            Self::SmallAttention => {
                [maths::WGSL, &unroll(attention::UNROLLED_WGSL, &[])].join("\n")
            }
            Self::Feed => feed::text(),
            Self::Condition => {
                [maths::WGSL, activation::WGSL, activation::CONDITION_WGSL].join("\n")
            }
            Self::Patch => patch::PATCH_WGSL.to_string(),
            Self::Unpatch => patch::UNPATCH_WGSL.to_string(),
            Self::Sampler => sampler::WGSL.to_string(),
            Self::Peak => peak::WGSL.to_string(),
        }
    }

    /// Workgroups for `rows` rows of `columns` groups of four values.
    pub(crate) fn workgroups(self, class: DeviceClass, rows: u32, columns: u32) -> u32 {
        let group = class.group();
        match self {
            Self::Matmul(MatmulTile::Registers, _) => {
                let [tile, wide] = SOFTWARE_TILE;
                (rows.div_ceil(tile) * columns.div_ceil(wide)).div_ceil(group)
            }
            Self::Matmul(MatmulTile::Unrolled { .. }, _) | Self::Feed => rows / BLOCK_ROWS,
            Self::Matmul(MatmulTile::Shared { height }, _) => {
                rows.div_ceil(SHARED_ROWS * height) * columns.div_ceil(SHARED_WIDE)
            }
            Self::LayerNorm => rows.div_ceil(group),
            Self::Attention => (rows * (columns / HEAD_GROUPS)).div_ceil(group),
            Self::SmallAttention => rows / BLOCK_ROWS * (columns / HEAD_GROUPS),
            Self::Condition => (rows * columns).div_ceil(FIXED_GROUP),
            Self::Patch | Self::Unpatch | Self::Sampler | Self::Peak => rows.div_ceil(FIXED_GROUP),
        }
    }
}
