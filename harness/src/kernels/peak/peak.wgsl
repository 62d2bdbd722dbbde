// a <- a m + c, over and over in 12 independent chains of an invocation: what the device can do at best with products and
// sums that are each rounded, four rounds to a turn of the loop. With 0 < m < 1 and c > 0 every chain comes to
// c / (1 - m), neither zero nor infinity.

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    if (id.x >= p.rows) {
        return;
    }
    let m = vec4<f32>(p.first);
    let c = vec4<f32>(p.second);
    var a0 = vec4<f32>(f32(id.x));
    var a1 = a0 + c;
    var a2 = a1 + c;
    for (var i = 0u; i < p.inner; i += 4u) {
        a0 = a0 * m + c;
        a1 = a1 * m + c;
        a2 = a2 * m + c;
        a0 = a0 * m + c;
        a1 = a1 * m + c;
        a2 = a2 * m + c;
        a0 = a0 * m + c;
        a1 = a1 * m + c;
        a2 = a2 * m + c;
        a0 = a0 * m + c;
        a1 = a1 * m + c;
        a2 = a2 * m + c;
    }
    result[id.x] = (a0 + a1) + a2;
}
