// y[i][j] = ending(b[j] + sum over k of x[i][k] w[k][j]), the sum in order of k, started at zero; with NORM the rows of x
// are first normalised and modulated as layer_norm.wgsl has it.
//
// For a processor that plays a device. Mesa's lavapipe runs eight invocations side by side; a load is one instruction
// where its address is a constant and no loop or branch stands around it, and costs as much as fifty sums otherwise. So
// a workgroup brings 16 rows of x into shared memory and reads them there by constant addresses, in code without loops
// (written out by unroll.rs), and an invocation makes all 16 rows of four columns: each weight that it loads serves 16
// sums. The order of a sum is that of shared.wgsl and mod.rs. INNER groups go in, 8 HIGH come out, rows fill blocks.

var<workgroup> x_tile: array<vec4<f32>, 16u * INNER>;

fn bring(start: u32, index: u32) {
    for (var i = index; i < 16u * INNER; i += 8u * HIGH) {
        x_tile[i] = source[start + i];
    }
}

fn bring_normed(start: u32, shift: u32, index: u32) {
    for (var row = index; row < 16u; row += 8u * HIGH) {
        var x: array<vec4<f32>, INNER>;
        var parts: array<vec4<f32>, 4>;
        var squares: array<vec4<f32>, 4>;
        #repeat g INNER
        x[#g] = source[start + row * INNER + #gu];
        parts[#g % 4] = parts[#g % 4] + x[#g];
        #end
        let mean = vec4<f32>(fold(parts) * p.first);
        #repeat g INNER
        x[#g] = x[#g] - mean;
        squares[#g % 4] = squares[#g % 4] + x[#g] * x[#g];
        #end
        let root = vec4<f32>(inverse_root(fold(squares) * p.first + 1e-6));
        #repeat g INNER
        x_tile[row * INNER + #gu] = (x[#g] * root) * (vec4<f32>(1.0) + modulations[shift + INNER + #gu]) + modulations[shift + #gu];
        #end
    }
}

@compute @workgroup_size(8, HIGH)
fn main(
    @builtin(workgroup_id) block: vec3<u32>,
    @builtin(local_invocation_index) index: u32,
) {
    let row = block.x * 16u;
    let start = p.source + row * INNER;
    if (NORM) {
        bring_normed(start, modulation_of(row), index);
    } else {
        bring(start, index);
    }
    workgroupBarrier();
    var sums: array<vec4<f32>, 16>;
    let place = p.place + row * p.stride + index;
    #repeat g INNER
    let w0_#g = weights[p.weight + #gu * 32u * HIGH + index];
    let w1_#g = weights[p.weight + (#gu * 4u + 1u) * 8u * HIGH + index];
    let w2_#g = weights[p.weight + (#gu * 4u + 2u) * 8u * HIGH + index];
    let w3_#g = weights[p.weight + (#gu * 4u + 3u) * 8u * HIGH + index];
    #repeat r 16
    let x_#g_#r = x_tile[#ru * INNER + #gu];
    sums[#r] = sums[#r] + vec4<f32>(x_#g_#r.x) * w0_#g;
    sums[#r] = sums[#r] + vec4<f32>(x_#g_#r.y) * w1_#g;
    sums[#r] = sums[#r] + vec4<f32>(x_#g_#r.z) * w2_#g;
    sums[#r] = sums[#r] + vec4<f32>(x_#g_#r.w) * w3_#g;
    #end
    #end
    let bias = weights[p.bias + index];
    var gate: vec4<f32>;
    if (ENDING == 4u) {
        gate = modulations[modulation_of(row) + index];
    }
    #repeat r 16
    {
        let y = sums[#r] + bias;
        let at = place + #ru * p.stride;
        if (ENDING == 1u) {
            result[at] = y + weights[p.modulation + ((row + #ru) % p.tokens) * p.columns + index];
        } else if (ENDING == 2u) {
            result[at] = vec4<f32>(silu(y.x), silu(y.y), silu(y.z), silu(y.w));
        } else if (ENDING == 3u) {
            result[at] = vec4<f32>(gelu(y.x), gelu(y.y), gelu(y.z), gelu(y.w));
        } else if (ENDING == 4u) {
            result[at] = result[at] + gate * y;
        } else {
            result[at] = y;
        }
    }
    #end
}
