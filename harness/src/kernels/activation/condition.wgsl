// c[slot][step] = silu(time[step] + label[class of slot]): one row for every slot and step, slots outermost.

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    let column = id.x % p.columns;
    let row = id.x / p.columns;
    if (row >= p.rows) {
        return;
    }
    let label = weights[p.weight + slots[row / p.steps] * p.columns + column];
    let y = source[(row % p.steps) * p.columns + column] + label;
    result[row * p.columns + column] = vec4<f32>(silu(y.x), silu(y.y), silu(y.z), silu(y.w));
}
