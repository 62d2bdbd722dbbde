// What every kernel of the model is given. Places and strides count groups of four values.

struct Parameters {
    rows: u32,          // rows of the result
    inner: u32,         // groups in a row going in
    columns: u32,       // groups in a row coming out
    source: u32,        // where the rows going in begin
    place: u32,         // where the rows coming out begin
    stride: u32,        // from one row coming out to the next
    weight: u32,        // where the layer's weights, or a table, begin
    bias: u32,          // where the layer's biases begin
    tokens: u32,        // rows of an image
    steps: u32,         // steps of the generation
    step: u32,          // the step being made
    modulation: u32,    // where this kernel's part of a row of modulations begins
    modulations: u32,   // groups in a row of modulations
    guided: u32,        // 1 where velocities for no class stand behind those for the class
    first: f32,         // one over the width, the step's length
    second: f32,        // the guidance
    next_weight: u32,   // where the weights of a second layer begin, in kernels of two
    next_bias: u32,     // where its biases begin
}

@group(0) @binding(0) var<uniform> p: Parameters;
@group(0) @binding(1) var<storage, read> weights: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> source: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read_write> result: array<vec4<f32>>;
@group(0) @binding(4) var<storage, read> modulations: array<vec4<f32>>;
@group(0) @binding(5) var<storage, read> slots: array<u32>; // classes of the slots, then each image's slot

const CLASS_SLOTS = 11u;

// Where the modulations of the image that `row` belongs to begin, at this step.
fn modulation_of(row: u32) -> u32 {
    let slot = slots[CLASS_SLOTS + row / p.tokens];
    return p.modulation + (slot * p.steps + p.step) * p.modulations;
}
