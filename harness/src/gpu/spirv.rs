//! From WGSL to SPIR-V that rounds every product and every sum, as the CPU does.
//!
//! WGSL lets a device contract `a * b + c` into one operation with one rounding, and reorder sums; SPIR-V can forbid
//! both, result by result, with the decoration `NoContraction`. No setting of WGSL asks for it, so it is added here.

use naga::back::spv;
use naga::valid::Capabilities;
use naga::valid::ValidationFlags;
use naga::valid::Validator;

/// Words of a module's header.
const HEADER: usize = 5;
/// Bits of an instruction's first word that hold its opcode; the others hold its length.
const OPCODE_MASK: u32 = 0xffff;
const LENGTH_SHIFT: u32 = 16;
/// `OpDecorate`, its length with one decoration and no operand, and the decoration.
/// Source: SPIR-V specification, sections 3.49.3 and 3.20.
const DECORATE: u32 = 71;
const DECORATE_LENGTH: u32 = 3;
const NO_CONTRACTION: u32 = 42;
/// Arithmetic on floats: negate, add, subtract, multiply, divide, remainder, modulo, and products of vectors and
/// matrices with what they can be multiplied with. Source: SPIR-V specification, section 3.49.13.
const ARITHMETIC: [u32; 14] =
    [127, 129, 131, 133, 136, 140, 141, 142, 143, 144, 145, 146, 147, 148];
/// Place of the result's number in such an instruction.
const RESULT: usize = 2;
/// SPIR-V version of the modules, which Vulkan 1.1 can read.
const VERSION: (u8, u8) = (1, 3);

/// Translates one of this crate's own shaders.
///
/// # Panics
///
/// When the text is not valid WGSL: it is part of the program, and a test translates all of it.
pub(crate) fn translate(text: &str) -> Vec<u32> {
    let module = match naga::front::wgsl::parse_str(text) {
        Ok(module) => module,
        Err(error) => panic!("shader: {}", error.emit_to_string(text)),
    };
    let info = Validator::new(ValidationFlags::all(), Capabilities::empty())
        .validate(&module)
        .unwrap_or_else(|error| panic!("shader: {}", error.emit_to_string(text)));
    // Every index is bounded by the kernels themselves and every loop ends, so no checks are added: they would cost
    // a third of the time on a processor that plays a device.
    let options = spv::Options {
        lang_version: VERSION,
        flags: spv::WriterFlags::empty(),
        zero_initialize_workgroup_memory: spv::ZeroInitializeWorkgroupMemoryMode::None,
        force_loop_bounding: false,
        ..spv::Options::default()
    };
    let words = spv::write_vec(&module, &info, &options, None).expect("a valid module is written");
    without_contraction(&words)
}

/// Adds the decoration to every result of float arithmetic.
fn without_contraction(words: &[u32]) -> Vec<u32> {
    let instructions = instructions(words);
    let results =
        instructions.iter().filter(|i| ARITHMETIC.contains(&opcode(i))).map(|i| i[RESULT]);
    let decorations: Vec<u32> = results
        .flat_map(|id| [DECORATE_LENGTH << LENGTH_SHIFT | DECORATE, id, NO_CONTRACTION])
        .collect();
    let mut out = words[..HEADER].to_vec();
    let mut pending = Some(decorations);
    for instruction in instructions {
        if opcode(instruction) == DECORATE {
            out.extend(pending.take().unwrap_or_default());
        }
        out.extend_from_slice(instruction);
    }
    assert!(pending.is_none(), "a shader with bindings has decorations to add to");
    out
}

fn opcode(instruction: &[u32]) -> u32 {
    instruction[0] & OPCODE_MASK
}

fn instructions(words: &[u32]) -> Vec<&[u32]> {
    let mut rest = &words[HEADER..];
    let mut list = Vec::new();
    while let Some(first) = rest.first() {
        let length = usize::try_from(first >> LENGTH_SHIFT).expect("16 bits fit");
        let (instruction, after) = rest.split_at(length);
        list.push(instruction);
        rest = after;
    }
    list
}
