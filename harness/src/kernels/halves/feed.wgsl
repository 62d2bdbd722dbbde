// h <- h + gate (gelu(n(h) W + b) V + c): layer norm and modulation n, the layer to 256 hidden values, its activation,
// the layer back to 64, and the gated residual.
//
// An invocation first makes its token's normalised row, then its column of four values in four parts of the first
// layer, then its column of the second. The order of every sum is that of ../layer_norm/layer_norm.wgsl and
// ../matmul/unrolled.wgsl: the second layer takes the hidden values a quarter at a time, in order.

const TILE = 1280u;     // 16 rows of 16 groups, then 16 rows of hidden ones
const HIDDEN = 256u;
const ROW = 64u;

@compute @workgroup_size(8, 2)
fn main(
    @builtin(workgroup_id) image: vec3<u32>,
    @builtin(local_invocation_index) index: u32,
) {
    let row = image.x * 16u;
    let start = row * 16u;
    let shift = modulation_of(row);
    normalise(start + index * 16u, shift, index);
    workgroupBarrier();
    #repeat c 4
    {
        var zero: array<vec4<f32>, 16>;
        let sums = product(zero, 0u, 16u, p.weight + #cu * 16u + index, ROW);
        let bias = weights[p.bias + #cu * 16u + index];
        #repeat r 16
        {
            let y = sums[#r] + bias;
            tile[HIDDEN + #ru * ROW + #cu * 16u + index] = vec4<f32>(gelu(y.x), gelu(y.y), gelu(y.z), gelu(y.w));
        }
        #end
    }
    #end
    workgroupBarrier();
    var sums: array<vec4<f32>, 16>;
    #repeat c 4
    sums = product(sums, HIDDEN + #cu * 16u, ROW, p.next_weight + #cu * 1024u + index, 16u);
    #end
    add_gated(sums, start, shift + 32u, index);
}
