// For one head and query q of an image: s[j] = q . k[j] / 4,  e[j] = exp(s[j] - max s),
//   y = (sum over j of e[j] v[j]) / (sum over j of e[j]);   heads of 16 values, so sqrt(16) = 4.
//
// Dot products and the sum over values go in order of their index; the sum of e in 16 parts, part l taking
// j = l, l + 16, ..., then added halves onto halves. Scores are made twice, first for their maximum: two passes
// keep no row of scores, so an image may have any number of tokens. An invocation makes one head of one query.

fn score(query: array<vec4<f32>, 4>, key: u32) -> f32 {
    var sum = 0.0;
    for (var d = 0u; d < 4u; d++) {
        let q = query[d];
        let k = source[key + d];
        sum = sum + q.x * k.x;
        sum = sum + q.y * k.y;
        sum = sum + q.z * k.z;
        sum = sum + q.w * k.w;
    }
    return sum * 0.25;
}

@compute @workgroup_size(GROUP)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    let heads = p.columns / 4u;
    let head = (id.x / p.tokens) % heads;
    let row = (id.x / (p.tokens * heads)) * p.tokens + id.x % p.tokens;
    if (row >= p.rows) {
        return;
    }
    let width = p.columns;
    let image = (row / p.tokens) * p.tokens * 3u * width + 4u * head;
    var query: array<vec4<f32>, 4>;
    var mix: array<vec4<f32>, 4>;
    for (var d = 0u; d < 4u; d++) {
        query[d] = source[row * 3u * width + 4u * head + d];
        mix[d] = vec4<f32>(0.0);
    }
    var most = -3.4028235e38;
    for (var j = 0u; j < p.tokens; j++) {
        let s = score(query, image + j * 3u * width + width);
        most = select(most, s, s > most);
    }
    var parts: array<f32, 16>;
    for (var l = 0u; l < 16u; l++) {
        parts[l] = 0.0;
    }
    for (var j = 0u; j < p.tokens; j += 16u) {
        for (var l = 0u; l < 16u; l++) {
            let key = image + (j + l) * 3u * width + width;
            let e = exponential(score(query, key) - most);
            parts[l] = parts[l] + e;
            for (var d = 0u; d < 4u; d++) {
                mix[d] = mix[d] + vec4<f32>(e) * source[key + width + d];
            }
        }
    }
    for (var half = 8u; half > 0u; half = half / 2u) {
        for (var l = 0u; l < half; l++) {
            parts[l] = parts[l] + parts[l + half];
        }
    }
    let inverse = vec4<f32>(reciprocal(parts[0]));
    for (var d = 0u; d < 4u; d++) {
        result[row * width + 4u * head + d] = mix[d] * inverse;
    }
}
