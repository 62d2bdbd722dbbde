// y[i][j] = ending(b[j] + sum over k of x[i][k] w[k][j]), the sum in order of k, started at zero.
//
// An invocation keeps ROWS x 4 sums in registers and shares nothing: on a processor that plays a device, barriers
// cost more than the loads they save. Every sum has the same order as in shared.wgsl and mod.rs.

@compute @workgroup_size(GROUP)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    let column = id.x % p.columns;
    let row = (id.x / p.columns) * ROWS;
    if (row >= p.rows) {
        return;
    }
    var sums: array<vec4<f32>, ROWS>;
    var starts: array<u32, ROWS>;
    for (var r = 0u; r < ROWS; r++) {
        starts[r] = p.source + min(row + r, p.rows - 1u) * p.inner;
        sums[r] = vec4<f32>(0.0);
    }
    for (var k = 0u; k < p.inner; k++) {
        let w = p.weight + 4u * k * p.columns + column;
        let w0 = weights[w];
        let w1 = weights[w + p.columns];
        let w2 = weights[w + 2u * p.columns];
        let w3 = weights[w + 3u * p.columns];
        for (var r = 0u; r < ROWS; r++) {
            let x = source[starts[r] + k];
            sums[r] = sums[r] + vec4<f32>(x.x) * w0;
            sums[r] = sums[r] + vec4<f32>(x.y) * w1;
            sums[r] = sums[r] + vec4<f32>(x.z) * w2;
            sums[r] = sums[r] + vec4<f32>(x.w) * w3;
        }
    }
    for (var r = 0u; r < ROWS; r++) {
        if (row + r < p.rows) {
            finish(row + r, column, sums[r] + weights[p.bias + column]);
        }
    }
}
