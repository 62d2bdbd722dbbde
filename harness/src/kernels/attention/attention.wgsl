// For one head and query q of an image: s[j] = q . k[j] / 4,  e[j] = exp(s[j] - max s),
//   y = (sum over j of e[j] v[j]) / (sum over j of e[j]);   heads of 16 values, so sqrt(16) = 4.
//
// Dot products and the sum over values go in order of their index; the sum of e in 16 parts, part l taking
// j = l, l + 16, ..., then added halves onto halves. Scores are made twice, first for their maximum: so no row of
// scores is kept, and an image may have any number of tokens. An invocation makes one head of QUERIES neighbouring
// queries, which share what it loads; that number divides the tokens of an image.

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
    let row = (id.x / heads) * QUERIES;
    if (row >= p.rows) {
        return;
    }
    let keys = (row / p.tokens) * p.tokens * 3u * width + width + head;
    let values = keys + width;
    var queries: array<array<vec4<f32>, 4>, QUERIES>;
    var mixes: array<array<vec4<f32>, 4>, QUERIES>;
    var parts: array<array<f32, 16>, QUERIES>;
    var most: array<f32, QUERIES>;
    for (var q = 0u; q < QUERIES; q++) {
        queries[q] = load((row + q) * 3u * width + head);
        most[q] = -3.4028235e38;
        for (var d = 0u; d < 4u; d++) {
            mixes[q][d] = vec4<f32>(0.0);
        }
        for (var l = 0u; l < 16u; l++) {
            parts[q][l] = 0.0;
        }
    }
    for (var j = 0u; j < p.tokens; j++) {
        let key = load(keys + j * 3u * width);
        for (var q = 0u; q < QUERIES; q++) {
            let s = score(queries[q], key);
            most[q] = select(most[q], s, s > most[q]);
        }
    }
    for (var j = 0u; j < p.tokens; j += 16u) {
        for (var l = 0u; l < 16u; l++) {
            let key = load(keys + (j + l) * 3u * width);
            let value = load(values + (j + l) * 3u * width);
            for (var q = 0u; q < QUERIES; q++) {
                let e = exponential(score(queries[q], key) - most[q]);
                parts[q][l] = parts[q][l] + e;
                for (var d = 0u; d < 4u; d++) {
                    mixes[q][d] = mixes[q][d] + vec4<f32>(e) * value[d];
                }
            }
        }
    }
    for (var q = 0u; q < QUERIES; q++) {
        for (var half = 8u; half > 0u; half = half / 2u) {
            for (var l = 0u; l < half; l++) {
                parts[q][l] = parts[q][l] + parts[q][l + half];
            }
        }
        let inverse = vec4<f32>(reciprocal(parts[q][0]));
        for (var d = 0u; d < 4u; d++) {
            result[(row + q) * width + head + d] = mixes[q][d] * inverse;
        }
    }
}
