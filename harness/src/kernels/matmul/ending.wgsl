// What becomes of a value of y, by ENDING:
//   0  y
//   1  y + table[i mod tokens][j], the table standing among the weights at p.modulation
//   2  silu(y)
//   3  gelu(y)
//   4  result + gate[image][j] y, the residual stream

fn finish(row: u32, column: u32, y: vec4<f32>) {
    let place = p.place + row * p.stride + column;
    if (ENDING == 1u) {
        result[place] = y + weights[p.modulation + (row % p.tokens) * p.columns + column];
    } else if (ENDING == 2u) {
        result[place] = vec4<f32>(silu(y.x), silu(y.y), silu(y.z), silu(y.w));
    } else if (ENDING == 3u) {
        result[place] = vec4<f32>(gelu(y.x), gelu(y.y), gelu(y.z), gelu(y.w));
    } else if (ENDING == 4u) {
        result[place] = result[place] + modulations[modulation_of(row) + column] * y;
    } else {
        result[place] = y;
    }
}
