// The 8-bit pixels of finished tokens, row after row: floor(127.5 x + 128), held in 0..255; -1 is black, 1 is white.
// A group of four pixels of one row is made of the upper or lower halves of two neighbouring tokens.

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    if (id.x >= p.rows) {
        return;
    }
    let grid = p.inner;                        // tokens along a side; half as many groups in a row of pixels
    let image = id.x / p.tokens;
    let group = id.x % p.tokens;
    let pixel_row = group / (grid / 2u);
    let token = image * p.tokens + (pixel_row / 2u) * grid + (group % (grid / 2u)) * 2u;
    let left = source[p.source + token];
    let right = source[p.source + token + 1u];
    let lower = pixel_row % 2u == 1u;
    let x = vec4<f32>(select(left.xy, left.zw, lower), select(right.xy, right.zw, lower));
    let y = x * vec4<f32>(127.5) + vec4<f32>(128.0);
    let low = select(vec4<f32>(0.0), y, y > vec4<f32>(0.0));
    let held = select(vec4<f32>(255.0), low, low < vec4<f32>(255.0));
    result[id.x] = vec4<f32>(vec4<u32>(held));
}
