// silu(x) = x sigmoid(x)
// gelu(x) = x/2 (1 + tanh(s (x + c x^3))) = x sigmoid(2 s (x + c x^3)), s = sqrt(2/pi), c = 0.044715

fn silu(x: f32) -> f32 {
    return x * sigmoid(x);
}

fn gelu(x: f32) -> f32 {
    let cube = (x * x) * x;
    return x * sigmoid((x + cube * 0.044715) * 1.5957692);
}
