// What the kernels of this folder have in common. They are for images of 16 tokens of 64 values on a processor that
// plays a device (see ../matmul/unrolled.wgsl), where waking its threads for a dispatch costs more than most layers: a
// workgroup of 16 invocations makes one image, and what one layer hands to the next stays in the workgroup's memory.
//
//   y[j] = (x[j] - m) r (1 + scale[j]) + shift[j]          as ../layer_norm/layer_norm.wgsl has it
//   sums[i] <- sums[i] + sum over k of x[i][k] w[k][j]     in order of k, as ../matmul/unrolled.wgsl has it

var<workgroup> tile: array<vec4<f32>, TILE>;

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

// stream <- stream + gate y, in column `column` of the 16 rows that begin at `start`.
fn add_gated(y: array<vec4<f32>, 16>, start: u32, gate: u32, column: u32) {
    let bias = weights[p.next_bias + column];
    let factor = modulations[gate + column];
    #repeat r 16
    let at_#r = start + #ru * 16u + column;
    result[at_#r] = result[at_#r] + factor * (y[#r] + bias);
    #end
}
