// a <- a m + c, over and over in 32 independent chains of an invocation: what the device can do at best with products and
// sums that are each rounded. With 0 < m < 1 and c > 0 every chain comes to c / (1 - m), neither zero nor infinity.

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
    var a3 = a2 + c;
    var a4 = a3 + c;
    var a5 = a4 + c;
    var a6 = a5 + c;
    var a7 = a6 + c;
    for (var i = 0u; i < p.inner; i++) {
        a0 = a0 * m + c;
        a1 = a1 * m + c;
        a2 = a2 * m + c;
        a3 = a3 * m + c;
        a4 = a4 * m + c;
        a5 = a5 * m + c;
        a6 = a6 * m + c;
        a7 = a7 * m + c;
    }
    result[id.x] = ((a0 + a1) + (a2 + a3)) + ((a4 + a5) + (a6 + a7));
}
