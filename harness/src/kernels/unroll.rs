//! Writes repetitions out, for devices that are fast only where no loop stands around a load.

/// A line `#repeat NAME COUNT` begins a part that is written COUNT times, a line `#end` ends it; `#NAME` in it is the
/// number of the repetition. Parts may stand in parts, the outer one under no name that begins `repeat` or `end`. COUNT is a number or one of `names`.
///
/// # Panics
///
/// When parts do not end or a count is unknown: the text is part of the program, and a test expands all of it.
pub(crate) fn unroll(text: &str, names: &[(&str, u32)]) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let mut out = String::with_capacity(text.len());
    let mut rest = &lines[..];
    while let Some((line, after)) = rest.split_first() {
        let Some(head) = line.trim_start().strip_prefix("#repeat ") else {
            out.push_str(line);
            out.push('\n');
            rest = after;
            continue;
        };
        let (name, count) = head.split_once(' ').expect("a name and a count");
        let known = || names.iter().find(|(name, _)| *name == count).map(|(_, count)| *count);
        let count = known().or_else(|| count.parse().ok()).expect("a known count");
        let length = length(after);
        let part = after[..length].join("\n");
        for number in 0..count {
            let written = part.replace(&format!("#{name}"), &number.to_string());
            out.push_str(&unroll(&written, names));
        }
        rest = &after[length + 1..];
    }
    out
}

/// Lines up to the end of the part that has begun.
fn length(lines: &[&str]) -> usize {
    let mut depth = 1;
    let ends = |line: &&str| {
        match line.trim_start() {
            line if line.starts_with("#repeat ") => depth += 1,
            "#end" => depth -= 1,
            _ => {}
        }
        depth == 0
    };
    lines.iter().position(ends).expect("every part ends")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_in_parts_are_written_out_with_their_numbers() {
        let text = "a\n  #repeat g COUNT\n  b#gu\n  #repeat r 2\n  c#g_#r\n  #end\n  #end\nd";
        let out = unroll(text, &[("COUNT", 2)]);
        let lines: Vec<&str> = out.lines().map(str::trim).collect();
        assert_eq!(lines, ["a", "b0u", "c0_0", "c0_1", "b1u", "c1_0", "c1_1", "d"]);
    }

    #[test]
    #[should_panic(expected = "every part ends")]
    fn a_part_without_an_end_is_refused() {
        unroll("#repeat g 2\na", &[]);
    }

    #[test]
    #[should_panic(expected = "a known count")]
    fn an_unknown_count_is_refused() {
        unroll("#repeat g MANY\na\n#end", &[("FEW", 2)]);
    }
}
