// h <- h + gate (gelu(n(h) W + b) V + c): layer norm and modulation n, the layer to 256 hidden values, its activation,
// the layer back to 64, and the gated residual, for images of 16 tokens of 64 values.
//
// For a processor that plays a device (see ../matmul/unrolled.wgsl), where waking its threads for a dispatch costs as
// much as a layer: a workgroup of 64 invocations makes one image and keeps the hidden values in its memory. Code without
// loops is long, and reading it costs too, so all invocations share each part of it: one makes four columns of the first
// layer, then one column of the second. The order of every sum is that of ../layer_norm/layer_norm.wgsl and
// ../matmul/unrolled.wgsl.

const HIDDEN = 256u;    // where the hidden values begin in the tile
const ROW = 64u;        // groups in a row of them

var<workgroup> tile: array<vec4<f32>, 1280>;    // 16 rows of 16 groups, then 16 rows of hidden ones

// Row `token` of the tile, normalised and modulated, from the row of the stream that begins at `start`.
fn normalise(start: u32, shift: u32, token: u32) {
    var x: array<vec4<f32>, 16>;
    var parts: array<vec4<f32>, 4>;
    var squares: array<vec4<f32>, 4>;
    #repeat g 16
    x[#g] = result[start + #gu];
    parts[#g % 4] = parts[#g % 4] + x[#g];
    #end
    let mean = vec4<f32>(fold(parts) * p.first);
    #repeat g 16
    x[#g] = x[#g] - mean;
    squares[#g % 4] = squares[#g % 4] + x[#g] * x[#g];
    #end
    let root = vec4<f32>(inverse_root(fold(squares) * p.first + 1e-6));
    #repeat g 16
    tile[token * 16u + #gu] = (x[#g] * root) * (vec4<f32>(1.0) + modulations[shift + 16u + #gu]) + modulations[shift + #gu];
    #end
}

// Sums over 16 groups of the tile's 16 rows, which begin at `start` and stand `stride` apart, times the weights from
// `weight` on, whose rows stand `across` apart.
fn product(before: array<vec4<f32>, 16>, start: u32, stride: u32, weight: u32, across: u32) -> array<vec4<f32>, 16> {
    var sums = before;
    #repeat g 16
    let w0_#g = weights[weight + (#gu * 4u) * across];
    let w1_#g = weights[weight + (#gu * 4u + 1u) * across];
    let w2_#g = weights[weight + (#gu * 4u + 2u) * across];
    let w3_#g = weights[weight + (#gu * 4u + 3u) * across];
    #repeat r 16
    let x_#g_#r = tile[start + #ru * stride + #gu];
    sums[#r] = sums[#r] + vec4<f32>(x_#g_#r.x) * w0_#g;
    sums[#r] = sums[#r] + vec4<f32>(x_#g_#r.y) * w1_#g;
    sums[#r] = sums[#r] + vec4<f32>(x_#g_#r.z) * w2_#g;
    sums[#r] = sums[#r] + vec4<f32>(x_#g_#r.w) * w3_#g;
    #end
    #end
    return sums;
}

@compute @workgroup_size(8, 8)
fn main(
    @builtin(workgroup_id) image: vec3<u32>,
    @builtin(local_invocation_index) index: u32,
) {
    let row = image.x * 16u;
    let start = row * 16u;
    let shift = modulation_of(row);
    for (var token = index; token < 16u; token += 64u) {
        normalise(start + token * 16u, shift, token);
    }
    workgroupBarrier();
    var zero: array<vec4<f32>, 16>;
    let wide = product(zero, 0u, 16u, p.weight + index, ROW);
    let bias = weights[p.bias + index];
    #repeat r 16
    {
        let y = wide[#r] + bias;
        tile[HIDDEN + #ru * ROW + index] = vec4<f32>(gelu(y.x), gelu(y.y), gelu(y.z), gelu(y.w));
    }
    #end
    workgroupBarrier();
    let column = index / 4u;
    let part = index % 4u;
    var sums: array<f32, 16>;
    let weight = p.next_weight + column;
    #repeat g 64
    let w0_#g = weights[weight + #gu * 64u][part];
    let w1_#g = weights[weight + #gu * 64u + 16u][part];
    let w2_#g = weights[weight + #gu * 64u + 32u][part];
    let w3_#g = weights[weight + #gu * 64u + 48u][part];
    #repeat r 16
    let x_#g_#r = tile[HIDDEN + #ru * ROW + #gu];
    sums[#r] = sums[#r] + x_#g_#r.x * w0_#g;
    sums[#r] = sums[#r] + x_#g_#r.y * w1_#g;
    sums[#r] = sums[#r] + x_#g_#r.z * w2_#g;
    sums[#r] = sums[#r] + x_#g_#r.w * w3_#g;
    #end
    #end
    let next_bias = weights[p.next_bias + column][part];
    let gate = modulations[shift + 32u + column][part];
    #repeat r 16
    let at_#r = start + #ru * 16u + column;
    result[at_#r][part] = result[at_#r][part] + gate * (sums[#r] + next_bias);
    #end
}
