//! The package alone: what it depends on.

/// The lines of a section of the manifest.
fn section(name: &str) -> Vec<&'static str> {
    let manifest = include_str!("../../Cargo.toml");
    let lines = manifest.lines().skip_while(|line| *line != format!("[{name}]")).skip(1);
    lines.take_while(|line| !line.starts_with('[')).filter(|line| !line.is_empty()).collect()
}

#[test]
fn vectors_are_the_only_reason_for_a_dependency() {
    assert_eq!(section("dependencies"), ["pulp = { workspace = true, optional = true }"]);
    assert!(section("features").contains(&"simd = [\"dep:pulp\"]"), "{:?}", section("features"));
    assert!(section("features").contains(&"default = [\"simd\"]"), "{:?}", section("features"));
}
