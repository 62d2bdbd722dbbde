// For one head and query q of an image: s[j] = q . k[j] / 4,  e[j] = exp(s[j] - max s),
//   y = (sum over j of e[j] v[j]) / (sum over j of e[j]);   heads of 16 values, so sqrt(16) = 4.
//
// Dot products and the sum over values go in order of their index; the sum of e in 16 parts, part l taking
// j = l, l + 16, ..., then added halves onto halves. An invocation makes one head of one query. Scores are made for
// their maximum first and then again, except the last 16, which are kept: so an image may have any number of tokens, and
// one of 16 makes no score twice.

fn score(query: array<vec4<f32>, 4>, key: array<vec4<f32>, 4>) -> f32 {
    var sum = 0.0;
    for (var d = 0u; d < 4u; d++) {
        sum = sum + query[d].x * key[d].x;
        sum = sum + query[d].y * key[d].y;
        sum = sum + query[d].z * key[d].z;
        sum = sum + query[d].w * key[d].w;
    }
    return sum * 0.25;
}

fn load(start: u32) -> array<vec4<f32>, 4> {
    return array(source[start], source[start + 1u], source[start + 2u], source[start + 3u]);
}

@compute @workgroup_size(GROUP)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    let width = p.columns;
    let heads = width / 4u;
    let head = 4u * (id.x % heads);
    let row = id.x / heads;
    if (row >= p.rows) {
        return;
    }
    let keys = (row / p.tokens) * p.tokens * 3u * width + width + head;
    let values = keys + width;
    let query = load(row * 3u * width + head);
    var kept: array<f32, 16>;
    var most = -3.4028235e38;
    for (var j = 0u; j < p.tokens; j += 16u) {
        for (var l = 0u; l < 16u; l++) {
            let s = score(query, load(keys + (j + l) * 3u * width));
            kept[l] = s;
            most = select(most, s, s > most);
        }
    }
    var parts: array<f32, 16>;
    for (var l = 0u; l < 16u; l++) {
        parts[l] = 0.0;
    }
    var mix: array<vec4<f32>, 4>;
    for (var d = 0u; d < 4u; d++) {
        mix[d] = vec4<f32>(0.0);
    }
    for (var j = 0u; j < p.tokens; j += 16u) {
        for (var l = 0u; l < 16u; l++) {
            var s = kept[l];
            if (j + 16u < p.tokens) {
                s = score(query, load(keys + (j + l) * 3u * width));
            }
            let value = load(values + (j + l) * 3u * width);
            let e = exponential(s - most);
            parts[l] = parts[l] + e;
            for (var d = 0u; d < 4u; d++) {
                mix[d] = mix[d] + vec4<f32>(e) * value[d];
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
        result[row * width + head + d] = mix[d] * inverse;
    }
}
