//! The package alone: what it depends on, and what it says of itself.

use assay_chain::Runtime;

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

/// The cells of each row of the table of runtimes.
fn table() -> Vec<Vec<&'static str>> {
    let lines = include_str!("../../RUNTIMES.md").lines().filter(|line| line.starts_with("| "));
    let cells = |line: &'static str| line.trim_matches('|').split('|').map(str::trim).collect();
    lines.skip(1).map(cells).collect()
}

/// Each field of a runtime as text, but for its version.
fn fields(of: &Runtime) -> [(&'static str, String); 12] {
    [
        ("trigger", format!("{:?}", of.trigger)),
        ("cutoff", format!("{:?}", of.cutoff)),
        ("last_tempo", format!("{:?}", of.last_tempo)),
        ("price", format!("{:?}", of.price)),
        ("pruning", format!("{:?}", of.pruning)),
        ("inheritance", format!("{:?}", of.inheritance)),
        ("is_owner_privileged", of.is_owner_privileged.to_string()),
        ("pending", format!("{:?}", of.pending)),
        ("dividend", format!("{:?}", of.dividend)),
        ("has_held_exponent", of.has_held_exponent.to_string()),
        ("has_consensus_mode", of.has_consensus_mode.to_string()),
        ("has_collateral", of.has_collateral.to_string()),
    ]
}

#[test]
fn the_table_of_runtimes_is_the_list_of_the_code() {
    let covered: Vec<_> = table().into_iter().filter(|row| row[4] == "yes").collect();
    let versions: Vec<String> = covered.iter().map(|row| row[0].to_string()).collect();
    assert_eq!(versions, Runtime::LISTED.map(|listed| listed.version.to_string()));
    for (row, pair) in covered[1..].iter().zip(Runtime::LISTED.windows(2)) {
        let both = fields(&pair[0]).into_iter().zip(fields(&pair[1]));
        let mut changed: Vec<&str> =
            both.filter(|(before, after)| before != after).map(|(field, _)| field.0).collect();
        let mut told: Vec<&str> = row[3].split(", ").map(|field| field.trim_matches('`')).collect();
        told.retain(|field| !field.is_empty());
        changed.sort_unstable();
        told.sort_unstable();
        assert_eq!(changed, told, "runtime {}", row[0]);
    }
    // Every field stands in the list above: a record has no other lines.
    let lines = format!("{:#?}", Runtime::default());
    let own = lines.lines().filter(|line| line.starts_with("    ") && !line.starts_with("     "));
    let own = own.filter(|line| line.contains(':')).count();
    assert_eq!(own, fields(&Runtime::default()).len() + 2, "{lines}");
}

#[test]
fn what_the_table_says_is_not_covered_is_refused() {
    let numbers = |row: &[&str]| -> Vec<u16> {
        row[0].split(" to ").map(|number| number.parse().unwrap()).collect()
    };
    let open: Vec<_> = table().into_iter().filter(|row| row[4] != "yes").collect();
    assert_eq!(open.len(), 2);
    for row in open {
        let (first, last) = (numbers(&row)[0], *numbers(&row).last().unwrap());
        for version in first..=last {
            assert!(Runtime::of(version).is_err(), "{version}");
        }
    }
}
