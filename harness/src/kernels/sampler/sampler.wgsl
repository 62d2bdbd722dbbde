// x <- x + v / steps, along the velocity v; with guidance v = u + g (c - u), of the velocities c for the class and u for
// none, which stand one batch after the other. The next step's tokens are written behind those of this step.

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    let i = id.x;
    if (i >= p.rows) {
        return;
    }
    var v = source[i];
    if (p.guided == 1u) {
        let u = source[p.rows + i];
        v = u + vec4<f32>(p.second) * (v - u);
    }
    result[(p.step + 1u) * p.rows + i] = result[p.step * p.rows + i] + v * vec4<f32>(p.first);
}
