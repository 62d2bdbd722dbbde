//! What differs between two scenarios, key by key, from their texts with every default filled in.

use toml::Table;
use toml::Value;

/// Keys of the whole file that no run depends on, and the one that a comparison takes from the first scenario.
const ASIDE: [&str; 3] = ["property", "sweep", "run.replications"];
/// Longest value of a key that is shown [letters].
const LETTERS_MAX: usize = 60;

/// Every key whose value differs, as `key: before → after`.
pub(crate) fn changed(before: &str, after: &str) -> Vec<String> {
    let read = |text: &str| Value::Table(text.parse::<Table>().unwrap_or_default());
    let mut lines = Vec::new();
    differ("", Some(&read(before)), Some(&read(after)), &mut lines);
    lines
}

/// Keys told in a title.
const TITLE_MAX: usize = 2;

/// What a comparison asks, in a line.
pub(crate) fn title(changed: &[String]) -> String {
    let told = changed.iter().take(TITLE_MAX).map(String::as_str).collect::<Vec<_>>().join("; ");
    match changed.len().saturating_sub(TITLE_MAX) {
        _ if changed.is_empty() => {
            "What changes from the first scenario to the second?".to_string()
        }
        0 => format!("What changes with {told}?"),
        more => format!("What changes with {told}; and {more} more?"),
    }
}

fn differ(path: &str, before: Option<&Value>, after: Option<&Value>, lines: &mut Vec<String>) {
    if before == after || ASIDE.contains(&path) {
        return;
    }
    let inner = |key: &str| if path.is_empty() { key.to_string() } else { format!("{path}.{key}") };
    match (before, after) {
        (Some(Value::Table(a)), Some(Value::Table(b))) => {
            for key in a.keys().chain(b.keys().filter(|key| !a.contains_key(*key))) {
                differ(&inner(key), a.get(key), b.get(key), lines);
            }
        }
        (Some(Value::Array(a)), Some(Value::Array(b))) if is_listed(a) && is_listed(b) => {
            let key = |(place, item): (usize, &Value)| named(item, place);
            let (a_keys, b_keys): (Vec<_>, Vec<_>) =
                (a.iter().enumerate().map(key).collect(), b.iter().enumerate().map(key).collect());
            // A list of which nobody keeps a name is told by place: an only client that changes its name is one.
            let by_place = a.len() == b.len() && !a_keys.iter().any(|key| b_keys.contains(key));
            if by_place {
                for (place, (a, b)) in a.iter().zip(b).enumerate() {
                    differ(&inner(&a_keys[place]), Some(a), Some(b), lines);
                }
                return;
            }
            let find = |keys: &[String], list: &'_ [Value], key: &String| {
                keys.iter().position(|own| own == key).map(|place| list[place].clone())
            };
            for key in a_keys.iter().chain(b_keys.iter().filter(|key| !a_keys.contains(key))) {
                let (a, b) = (find(&a_keys, a, key), find(&b_keys, b, key));
                differ(&inner(key), a.as_ref(), b.as_ref(), lines);
            }
        }
        _ => lines.push(format!("{path}: {} \u{2192} {}", told(before), told(after))),
    }
}

/// Whether a list holds tables, whose keys can be told.
fn is_listed(items: &[Value]) -> bool {
    !items.is_empty() && items.iter().all(Value::is_table)
}

fn named(item: &Value, place: usize) -> String {
    let name = ["name", "id"].iter().find_map(|key| item.get(key)?.as_str());
    name.map_or_else(|| place.to_string(), str::to_string)
}

fn told(value: Option<&Value>) -> String {
    let Some(value) = value else { return "absent".to_string() };
    let text = value.to_string();
    if text.chars().count() <= LETTERS_MAX {
        return text;
    }
    text.chars().take(LETTERS_MAX).chain("\u{2026}".chars()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_value_is_told_with_its_path() {
        let before =
            "[run]\nseed = 1\n[[cohort]]\nname = \"a\"\ncount = 2\n[[cohort]]\nname = \"b\"\n";
        let after = before.replace("count = 2", "count = 3");
        assert_eq!(changed(before, &after), ["cohort.a.count: 2 \u{2192} 3"]);
        assert_eq!(changed(before, before), Vec::<String>::new());
    }

    #[test]
    fn a_member_that_goes_and_one_that_comes_are_two_lines() {
        let found = changed("[router.v001]\ncap_alpha = 500.0\n", "[router.uniform]\n");
        let right = [
            "router.v001: { cap_alpha = 500.0 } \u{2192} absent",
            "router.uniform: absent \u{2192} {}",
        ];
        assert_eq!(found, right);
    }

    #[test]
    fn lists_are_matched_by_name_and_an_only_name_may_change() {
        let found = changed("[[client]]\nname = \"a\"\n", "[[client]]\nname = \"zz\"\n");
        assert_eq!(found, ["client.a.name: \"a\" \u{2192} \"zz\""]);
        let two = "[[client]]\nname = \"a\"\n[[client]]\nname = \"b\"\nx = 1\n";
        let swapped = "[[client]]\nname = \"b\"\nx = 2\n[[client]]\nname = \"a\"\n";
        assert_eq!(changed(two, swapped), ["client.b.x: 1 \u{2192} 2"]);
    }

    #[test]
    fn what_no_run_depends_on_is_left_out_and_long_values_are_cut() {
        assert!(changed("[[property]]\nid = \"x\"\n[run]\nreplications = 2\n", "").len() == 1);
        let long = format!("x = \"{}\"\n", "y".repeat(100));
        assert!(changed("x = 1\n", &long)[0].chars().count() < 80);
    }
}
