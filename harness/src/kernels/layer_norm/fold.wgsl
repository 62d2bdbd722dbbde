// Sixteen partial sums, halves onto halves: 16 to 8 to 4 to 2 to 1.

fn fold(parts: array<vec4<f32>, 4>) -> f32 {
    let eight0 = parts[0] + parts[2];
    let eight1 = parts[1] + parts[3];
    let four = eight0 + eight1;
    let two = four.xy + four.zw;
    return two.x + two.y;
}
