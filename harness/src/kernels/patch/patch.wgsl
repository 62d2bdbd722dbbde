// A token is a patch of 2 x 2 pixels: token (r, c) of the grid takes the pixels at rows 2r, 2r + 1 and columns 2c,
// 2c + 1, the upper row first. `source` has images row after row, two pixels of each of two rows per token.

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    if (id.x >= p.rows) {
        return;
    }
    let grid = p.inner;                        // tokens along a side
    let image = id.x / p.tokens;
    let token = id.x % p.tokens;
    let half = token % grid;                   // pairs of pixels before this one in its row
    let upper = (token / grid) * 2u * grid + half;
    let start = image * 2u * p.tokens;         // an image has two pairs for each token
    result[id.x] = vec4<f32>(pair(start + upper), pair(start + upper + grid));
}

// Two neighbouring pixels: half of a group of four.
fn pair(index: u32) -> vec2<f32> {
    let four = source[index / 2u];
    return select(four.xy, four.zw, index % 2u == 1u);
}
