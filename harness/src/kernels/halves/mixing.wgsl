// h <- h + gate (a(n(h) W + b) V + c): layer norm and modulation n, the layer to queries, keys and values, attention a
// between the image's tokens by heads of 16 values, the layer of what the heads give, and the gated residual.
//
// An invocation first makes its token's normalised row, then its column of four values in three parts of the first
// layer, then its token's mix of every head, then its column of the second layer. The order of every sum is that of
// ../layer_norm/layer_norm.wgsl, ../matmul/unrolled.wgsl and ../attention/attention.wgsl.

const TILE = 1024u;     // 16 rows of 16 groups, then 16 rows of queries, keys and values
const QUERIES = 256u;
const KEYS = 272u;
const VALUES = 288u;
const ROW = 48u;

// The mixes of all heads for one token, in place of its normalised row.
fn attend(token: u32) {
    #repeat h 4
    {
        var s: array<f32, 16>;
        var most = -3.4028235e38;
        #repeat d 4
        let q_#d = tile[QUERIES + token * ROW + #hu * 4u + #du];
        #end
        #repeat j 16
        #repeat d 4
        let k_#j_#d = tile[KEYS + #ju * ROW + #hu * 4u + #du];
        s[#j] = s[#j] + q_#d.x * k_#j_#d.x;
        s[#j] = s[#j] + q_#d.y * k_#j_#d.y;
        s[#j] = s[#j] + q_#d.z * k_#j_#d.z;
        s[#j] = s[#j] + q_#d.w * k_#j_#d.w;
        #end
        s[#j] = s[#j] * 0.25;
        most = select(most, s[#j], s[#j] > most);
        #end
        var mix: array<vec4<f32>, 4>;
        #repeat j 16
        s[#j] = exponential(s[#j] - most);
        #repeat d 4
        mix[#d] = mix[#d] + vec4<f32>(s[#j]) * tile[VALUES + #ju * ROW + #hu * 4u + #du];
        #end
        #end
        #repeat l 8
        s[#l] = s[#l] + s[#l + 8];
        #end
        #repeat l 4
        s[#l] = s[#l] + s[#l + 4];
        #end
        let inverse = vec4<f32>(reciprocal((s[0] + s[2]) + (s[1] + s[3])));
        #repeat d 4
        tile[token * 16u + #hu * 4u + #du] = mix[#d] * inverse;
        #end
    }
    #end
}

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
    #repeat c 3
    {
        var zero: array<vec4<f32>, 16>;
        let sums = product(zero, 0u, 16u, p.weight + #cu * 16u + index, ROW);
        let bias = weights[p.bias + #cu * 16u + index];
        #repeat r 16
        tile[QUERIES + #ru * ROW + #cu * 16u + index] = sums[#r] + bias;
        #end
    }
    #end
    workgroupBarrier();
    attend(index);
    workgroupBarrier();
    var zero: array<vec4<f32>, 16>;
    let sums = product(zero, 0u, 16u, p.next_weight + index, 16u);
    add_gated(sums, start, shift + 32u, index);
}
