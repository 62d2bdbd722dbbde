//! The command line as its users call it.

use crate::common::Ended;
use crate::common::program;
use assay_testing::TestFolder;
use std::fs;

/// Runs the program in `place`, with these variables in its environment.
fn call(place: &TestFolder, arguments: &[&str], variables: &[(&str, &str)]) -> Ended {
    let mut command = program(arguments);
    command.current_dir(place.folder()).envs(variables.iter().copied());
    command.output().unwrap().into()
}

/// Holds the exit code and that standard error says `part`; standard output stays empty.
fn assert_refused(arguments: &[&str], expected: i32, part: &str) {
    let place = TestFolder::new();
    let output = call(&place, arguments, &[]);
    let told = output.err;
    assert_eq!(output.code, expected, "{arguments:?}: {told}");
    assert!(told.contains(part), "{arguments:?}: {told}");
    assert!(output.out.is_empty());
    assert!(place.names().is_empty(), "{arguments:?} left {:?}", place.names());
}

const QUICK: [&str; 5] = ["generate", "--class", "3", "--steps", "2"];

fn quick(more: &[&'static str]) -> Vec<&'static str> {
    [&QUICK[..], more].concat()
}

#[test]
fn an_image_and_its_receipt_are_written_and_agree_with_themselves() {
    let place = TestFolder::new();
    let one = call(&place, &quick(&["--out", "a.png"]), &[]);
    assert_eq!(one.code, 0, "{}", one.err);
    let two = call(&place, &quick(&["--out", "b.png", "--threads", "3"]), &[]);
    assert_eq!(two.code, 0);
    assert_eq!(place.names(), ["a.json", "a.png", "b.json", "b.png"]);
    let read = |name: &str| fs::read(place.path(name)).unwrap();
    assert_eq!((read("a.png"), read("a.json")), (read("b.png"), read("b.json")));
    assert!(read("a.png").starts_with(b"\x89PNG"));
    let same = call(&place, &["compare-receipts", "a.json", "b.json"], &[]);
    assert_eq!((same.code, same.out.as_str()), (0, "same request, same steps, same pixels\n"));
}

#[test]
fn comparing_names_the_first_step_that_differs() {
    let place = TestFolder::new();
    for (name, guidance) in [("a.png", "1"), ("b.png", "2")] {
        let out = quick(&["--out", name, "--guidance", guidance]);
        assert_eq!(call(&place, &out, &[]).code, 0);
    }
    let output = call(&place, &["compare-receipts", "a.json", "b.json"], &[]);
    let told = output.out;
    assert_eq!(output.code, 1, "{told}");
    assert!(told.contains("guidance 1 and 2") && told.contains("from step 1 on"), "{told}");
}

#[test]
fn what_a_caller_gets_wrong_is_bad_input() {
    assert_refused(&["generate", "--class", "10"], 2, "class 10: must be from 0 to 9");
    assert_refused(&["generate", "--class", "1", "--steps", "0"], 2, "steps 0: must be from 1");
    assert_refused(&["generate", "--class", "1", "--guidance", "nan"], 2, "guidance NaN");
    assert_refused(&["generate", "--class", "1", "--guidance", "-1"], 2, "guidance -1");
    assert_refused(&["generate"], 2, "--class");
    assert_refused(&["generate", "--class", "1", "--size", "65x4x16"], 2, "width 65");
    assert_refused(&["generate", "--class", "1", "--size", "2048x48x16"], 2, "parameters");
    assert_refused(&["generate", "--class", "1", "--size", "big"], 2, "such as 256x8x64");
    assert_refused(&["generate", "--class", "1", "--adapter", "x"], 2, "--backend wgpu");
    assert_refused(&["generate", "--class", "1", "--out", "x.json"], 2, "cannot be one file");
    assert_refused(&["generate", "--class", "1", "--out", "."], 2, "folder");
    assert_refused(&["generate", "--class", "1", "--weights", "no.safetensors"], 2, "cannot read");
    assert_refused(&["compare-receipts", "a.json", "b.json"], 2, "cannot read a.json");
    assert_refused(&["bench", "--batch", "0"], 2, "--batch");
    assert_refused(&["paint"], 2, "paint");
}

#[test]
fn a_folder_that_cannot_be_written_is_the_machines_failure() {
    assert_refused(&quick(&["--out", "missing/a.png"]), 4, "cannot write missing/a.png");
}

#[test]
fn weights_that_are_truncated_altered_or_of_a_wrong_shape_are_bad_input() {
    let place = TestFolder::new();
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/model/digits_dit.safetensors");
    let good = fs::read(file).unwrap();
    let mut altered = good.clone();
    *altered.last_mut().unwrap() ^= 1;
    let position = br#""pos":{"dtype":"F32","shape":[16,64]"#;
    let start = good.windows(position.len()).position(|w| w == position).unwrap();
    let mut shape = good.clone();
    shape[start..start + position.len()]
        .copy_from_slice(br#""pos":{"dtype":"F32","shape":[64,16]"#);
    let cases = [
        ("truncated", good[..good.len() / 2].to_vec(), "altered, truncated"),
        ("altered", altered, "altered, truncated"),
        ("shape", shape, "altered, truncated"),
        ("empty", Vec::new(), "altered, truncated"),
    ];
    for (name, bytes, part) in cases {
        place.write("w", &bytes);
        let output = call(&place, &quick(&["--weights", "w"]), &[]);
        let told = output.err;
        assert!(output.code == 2 && told.contains(part), "{name}: {told}");
        // The same bytes under their own hash are refused for what they are.
        let hash = sha256(&bytes);
        let own = [&quick(&["--weights", "w", "--weights-sha256"])[..], &[&hash]].concat();
        let output = call(&place, &own, &[]);
        let expected = if name == "altered" { 0 } else { 2 };
        assert_eq!(output.code, expected, "{name}: {}", output.err);
    }
    place.write("w", &good);
    assert_eq!(call(&place, &quick(&["--weights", "w"]), &[]).code, 0);
}

fn sha256(bytes: &[u8]) -> String {
    use sha2::Digest;
    use std::fmt::Write;
    sha2::Sha256::digest(bytes).iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}

/// Names no driver, so that the loader finds no adapter.
const NO_DRIVER: [(&str, &str); 2] =
    [("VK_DRIVER_FILES", "/nonexistent.json"), ("VK_ICD_FILENAMES", "/nonexistent.json")];

#[test]
fn without_an_adapter_the_remedy_is_named_and_nothing_is_written() {
    let place = TestFolder::new();
    let calls = [vec!["devices"], quick(&["--backend", "wgpu", "--allow-software"])];
    for arguments in calls {
        let output = call(&place, &arguments, &NO_DRIVER);
        let told = output.err;
        assert_eq!(output.code, 4, "{told}");
        assert!(told.contains("apt-get install mesa-vulkan-drivers"), "{told}");
        assert!(told.contains("--backend cpu"), "{told}");
        assert!(place.names().is_empty());
    }
    assert_eq!(call(&place, &quick(&[]), &NO_DRIVER).code, 0);
}

#[test]
fn a_device_writes_the_image_of_the_cpu_on_any_number_of_its_threads() {
    if crate::adapter::device().is_none() {
        return;
    }
    let place = TestFolder::new();
    assert_eq!(call(&place, &quick(&["--out", "cpu.png"]), &[]).code, 0);
    let wgpu = quick(&["--backend", "wgpu", "--allow-software", "--out", "wgpu.png"]);
    // Mesa's software Vulkan reads its number of threads from here; a GPU does not care.
    for threads in ["0", "1", "2", "5"] {
        let output = call(&place, &wgpu, &[("LP_NUM_THREADS", threads)]);
        assert_eq!(output.code, 0, "{}", output.err);
        let same = call(&place, &["compare-receipts", "cpu.json", "wgpu.json"], &[]);
        assert_eq!(same.code, 0, "{threads} threads: {}", same.out);
    }
    let receipt = place.read("wgpu.json");
    for part in ["\"backend\": \"wgpu\"", "\"driver\"", "\"shaders_sha256\"", "\"kind\""] {
        assert!(receipt.contains(part), "{part}: {receipt}");
    }
}

#[test]
fn software_is_not_taken_for_a_gpu() {
    let adapters = assay_harness::list_adapters();
    if adapters.is_empty() || adapters.iter().any(|a| !a.description.is_software()) {
        return;
    }
    assert_refused(&quick(&["--backend", "wgpu"]), 4, "--allow-software");
    assert_refused(&quick(&["--backend", "wgpu", "--adapter", "H200"]), 4, "H200");
    let place = TestFolder::new();
    let list = call(&place, &["devices"], &[]).out;
    assert!(list.contains("software, not a GPU"), "{list}");
}

#[test]
fn a_sheet_of_samples_and_the_figures_of_a_bench_are_written() {
    let place = TestFolder::new();
    let sheet = ["samples", "--columns", "2", "--steps", "1", "--scale", "1", "--out", "s.png"];
    assert_eq!(call(&place, &sheet, &[]).code, 0);
    let bench = ["bench", "--steps", "1", "--batch", "1,3", "--rounds", "1", "--json", "b.json"];
    let output = call(&place, &bench, &[]);
    let told = output.out;
    assert_eq!(output.code, 0, "{}", output.err);
    for part in ["GFLOP/s of one thread", "matmul 16x64x256 fc1", "attention", "images/s"] {
        assert!(told.contains(part), "{part}: {told}");
    }
    assert_eq!(place.names(), ["b.json", "s.png"]);
}
