// attention.wgsl for images of 16 tokens on a processor that plays a device (see ../matmul/unrolled.wgsl): a workgroup
// makes one head of one image, an invocation one query of it. Keys and values stand in shared memory and are read by
// constant addresses, in code without loops. The order of every sum is that of attention.wgsl.

var<workgroup> keys: array<vec4<f32>, 64>;    // four groups a token
var<workgroup> values: array<vec4<f32>, 64>;

@compute @workgroup_size(8, 2)
fn main(
    @builtin(workgroup_id) part: vec3<u32>,
    @builtin(local_invocation_index) token: u32,
) {
    let width = p.columns;
    let heads = width / 4u;
    let head = 4u * (part.x % heads);
    let row = (part.x / heads) * 16u + token;
    let query = row * 3u * width + head;
    #repeat d 4
    let q_#d = source[query + #du];
    keys[token * 4u + #du] = source[query + width + #du];
    values[token * 4u + #du] = source[query + 2u * width + #du];
    #end
    workgroupBarrier();
    var s: array<f32, 16>;
    var most = -3.4028235e38;
    #repeat j 16
    #repeat d 4
    let k_#j_#d = keys[4u * #ju + #du];
    s[#j] = s[#j] + q_#d.x * k_#j_#d.x;
    s[#j] = s[#j] + q_#d.y * k_#j_#d.y;
    s[#j] = s[#j] + q_#d.z * k_#j_#d.z;
    s[#j] = s[#j] + q_#d.w * k_#j_#d.w;
    #end
    s[#j] = s[#j] * 0.25;
    most = select(most, s[#j], s[#j] > most);
    #end
    var mix: array<vec4<f32>, 4>;
    #repeat j 16
    s[#j] = exponential(s[#j] - most);
    #repeat d 4
    mix[#d] = mix[#d] + vec4<f32>(s[#j]) * values[4u * #ju + #du];
    #end
    #end
    #repeat l 8
    s[#l] = s[#l] + s[#l + 8];
    #end
    #repeat l 4
    s[#l] = s[#l] + s[#l + 4];
    #end
    let inverse = vec4<f32>(reciprocal((s[0] + s[2]) + (s[1] + s[3])));
    #repeat d 4
    result[row * width + head + #du] = mix[#d] * inverse;
    #end
}
