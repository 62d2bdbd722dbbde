// y[i][j] = ending(b[j] + sum over k of x[i][k] w[k][j]), the sum in order of k, started at zero.
//
// A workgroup of 16 x HEIGHT invocations makes 4 HEIGHT rows of 64 columns. Sixteen values of k at a time, it brings
// the parts of x and w that it needs into shared memory once; an invocation keeps 4 x 4 sums in registers.

const WIDE = 16u;  // groups of four columns in a tile
const DEEP = 4u;   // groups of four values of k in a tile

var<workgroup> x_tile: array<vec4<f32>, 16u * HEIGHT>;   // 4 HEIGHT rows of DEEP groups
var<workgroup> w_tile: array<vec4<f32>, 256>;            // 4 DEEP rows of WIDE groups

@compute @workgroup_size(16, HEIGHT)
fn main(
    @builtin(workgroup_id) tile: vec3<u32>,
    @builtin(local_invocation_id) local: vec3<u32>,
    @builtin(local_invocation_index) index: u32,
) {
    let tiles = (p.columns + WIDE - 1u) / WIDE;
    let column = (tile.x % tiles) * WIDE + local.x;
    let row = (tile.x / tiles) * 4u * HEIGHT;
    var sums: array<vec4<f32>, 4>;
    for (var r = 0u; r < 4u; r++) {
        sums[r] = vec4<f32>(0.0);
    }
    for (var k = 0u; k < p.inner; k += DEEP) {
        let x_row = min(row + index / DEEP, p.rows - 1u);
        let x_group = min(k + index % DEEP, p.inner - 1u);
        x_tile[index] = source[p.source + x_row * p.inner + x_group];
        for (var i = index; i < 256u; i += 16u * HEIGHT) {
            let w_row = min(4u * k + i / WIDE, 4u * p.inner - 1u);
            let w_column = min((tile.x % tiles) * WIDE + i % WIDE, p.columns - 1u);
            w_tile[i] = weights[p.weight + w_row * p.columns + w_column];
        }
        workgroupBarrier();
        let deep = min(DEEP, p.inner - k);
        for (var g = 0u; g < deep; g++) {
            let w0 = w_tile[(4u * g) * WIDE + local.x];
            let w1 = w_tile[(4u * g + 1u) * WIDE + local.x];
            let w2 = w_tile[(4u * g + 2u) * WIDE + local.x];
            let w3 = w_tile[(4u * g + 3u) * WIDE + local.x];
            for (var r = 0u; r < 4u; r++) {
                let x = x_tile[(4u * local.y + r) * DEEP + g];
                sums[r] = sums[r] + vec4<f32>(x.x) * w0;
                sums[r] = sums[r] + vec4<f32>(x.y) * w1;
                sums[r] = sums[r] + vec4<f32>(x.z) * w2;
                sums[r] = sums[r] + vec4<f32>(x.w) * w3;
            }
        }
        workgroupBarrier();
    }
    if (column < p.columns) {
        for (var r = 0u; r < 4u; r++) {
            let place = row + 4u * local.y + r;
            if (place < p.rows) {
                finish(place, column, sums[r] + weights[p.bias + column]);
            }
        }
    }
}
