// The only non-trivial functions of the model, from + - * and integer operations alone.
//
// WGSL allows its built-in exp, division, sqrt and inverseSqrt to differ from device to device; a product, a sum and a
// bit pattern may not, once contraction is forbidden. With the same operations in the same order, the CPU (mod.rs)
// and every device give the same bits.
//
//   reciprocal(y)   = 1 / y,       r <- r (2 - y r), three times from a bit-pattern guess good to 5 %
//   inverse_root(y) = 1 / sqrt(y), r <- r (1.5 - 0.5 y r r), three times from a guess good to 3.5 %
//   exponential(x)  = 2^n e^r,     n = round(x / ln 2), r = x - n ln 2 in two parts, e^r by a polynomial
//   sigmoid(x)      = 1 / (1 + e^-x)

fn reciprocal(y: f32) -> f32 {
    let r0 = bitcast<f32>(0x7ef127eau - bitcast<u32>(y));
    let r1 = r0 * (2.0 - y * r0);
    let r2 = r1 * (2.0 - y * r1);
    return r2 * (2.0 - y * r2);
}

fn inverse_root(y: f32) -> f32 {
    let h = 0.5 * y;
    let r0 = bitcast<f32>(0x5f3759dfu - (bitcast<u32>(y) >> 1u));
    let r1 = r0 * (1.5 - (h * r0) * r0);
    let r2 = r1 * (1.5 - (h * r1) * r1);
    return r2 * (1.5 - (h * r2) * r2);
}

fn exponential(x: f32) -> f32 {
    let low = select(-60.0, x, x > -60.0);
    let z = select(60.0, low, low < 60.0);
    // 1.5 * 2^23 rounds what is added to it to an integer, which then stands in the lowest bits.
    let shifted = z * 1.442695 + 12582912.0;
    let nf = shifted - 12582912.0;
    let r = (z - nf * 0.69335938) - nf * -0.00021219444;
    let p5 = 0.0013888889 * r + 0.008333334;
    let p4 = p5 * r + 0.041666668;
    let p3 = p4 * r + 0.16666667;
    let p2 = p3 * r + 0.5;
    let p1 = p2 * r + 1.0;
    let p0 = p1 * r + 1.0;
    return p0 * bitcast<f32>((bitcast<u32>(shifted) + 127u) << 23u);
}

fn sigmoid(x: f32) -> f32 {
    return reciprocal(1.0 + exponential(-x));
}
