// y[i][j] = ending(b[j] + sum over k of x[i][k] w[k][j]), the sum in order of k, started at zero.
//
// For a processor that plays a device, where a load costs as much as ten sums and barriers cost more than the loads
// that they save: an invocation keeps ROWS x 4 WIDE sums and shares nothing. The order of a sum is that of shared.wgsl
// and mod.rs. Rows and columns of tiles beyond the last repeat the last and are not written.

@compute @workgroup_size(GROUP)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    let across = (p.columns + WIDE - 1u) / WIDE;
    let column = (id.x % across) * WIDE;
    let row = (id.x / across) * ROWS;
    if (row >= p.rows) {
        return;
    }
    var sums: array<array<vec4<f32>, WIDE>, ROWS>;
    var starts: array<u32, ROWS>;
    var columns: array<u32, WIDE>;
    for (var c = 0u; c < WIDE; c++) {
        columns[c] = min(column + c, p.columns - 1u);
    }
    for (var r = 0u; r < ROWS; r++) {
        starts[r] = p.source + min(row + r, p.rows - 1u) * p.inner;
        for (var c = 0u; c < WIDE; c++) {
            sums[r][c] = vec4<f32>(0.0);
        }
    }
    for (var k = 0u; k < p.inner; k++) {
        let w = p.weight + 4u * k * p.columns;
        var w0: array<vec4<f32>, WIDE>;
        var w1: array<vec4<f32>, WIDE>;
        var w2: array<vec4<f32>, WIDE>;
        var w3: array<vec4<f32>, WIDE>;
        for (var c = 0u; c < WIDE; c++) {
            w0[c] = weights[w + columns[c]];
            w1[c] = weights[w + p.columns + columns[c]];
            w2[c] = weights[w + 2u * p.columns + columns[c]];
            w3[c] = weights[w + 3u * p.columns + columns[c]];
        }
        for (var r = 0u; r < ROWS; r++) {
            let x = source[starts[r] + k];
            for (var c = 0u; c < WIDE; c++) {
                sums[r][c] = sums[r][c] + vec4<f32>(x.x) * w0[c];
                sums[r][c] = sums[r][c] + vec4<f32>(x.y) * w1[c];
                sums[r][c] = sums[r][c] + vec4<f32>(x.z) * w2[c];
                sums[r][c] = sums[r][c] + vec4<f32>(x.w) * w3[c];
            }
        }
    }
    for (var r = 0u; r < ROWS; r++) {
        for (var c = 0u; c < WIDE; c++) {
            if (row + r < p.rows && column + c < p.columns) {
                finish(row + r, column + c, sums[r][c] + weights[p.bias + column + c]);
            }
        }
    }
}
