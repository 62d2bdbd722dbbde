// y[j] = (x[j] - m) r (1 + scale[j]) + shift[j],   m = mean of x,   r = 1 / sqrt(mean of (x - m)^2 + 1e-6)
//
// Both means are sums in 16 parts, part l taking the values l, l + 16, l + 32, ... in order; the parts are then added
// halves onto halves. An invocation makes a row. Scale and shift are the image's own, at this step.

@compute @workgroup_size(GROUP)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    if (id.x >= p.rows) {
        return;
    }
    let start = id.x * p.columns;
    var parts: array<vec4<f32>, 4>;
    for (var l = 0u; l < 4u; l++) {
        parts[l] = vec4<f32>(0.0);
    }
    for (var j = 0u; j < p.columns; j += 4u) {
        for (var l = 0u; l < 4u; l++) {
            parts[l] = parts[l] + source[start + j + l];
        }
    }
    let mean = vec4<f32>(fold(parts) * p.first);
    for (var l = 0u; l < 4u; l++) {
        parts[l] = vec4<f32>(0.0);
    }
    for (var j = 0u; j < p.columns; j += 4u) {
        for (var l = 0u; l < 4u; l++) {
            let d = source[start + j + l] - mean;
            parts[l] = parts[l] + d * d;
        }
    }
    let root = vec4<f32>(inverse_root(fold(parts) * p.first + 1e-6));
    let shift = modulation_of(id.x);
    let scale = shift + p.columns;
    for (var j = 0u; j < p.columns; j++) {
        let normal = (source[start + j] - mean) * root;
        result[start + j] = normal * (vec4<f32>(1.0) + modulations[scale + j]) + modulations[shift + j];
    }
}
