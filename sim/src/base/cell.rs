//! Cells as other programs write them: words for "nothing", whole numbers with a point, truths in many words.

/// Words that stand for a missing value, in lower case.
const NOTHING: [&str; 10] =
    ["", "null", "none", "nan", "na", "n/a", "<na>", "nil", "\\n", "undefined"];

/// The text without spaces around it; empty where it stands for a missing value.
pub(crate) fn filled(text: &str) -> &str {
    let text = text.trim();
    if NOTHING.contains(&text.to_ascii_lowercase().as_str()) { "" } else { text }
}

/// A whole number: digits, a point and zeros behind them at most.
pub(crate) fn whole(text: &str) -> Option<u64> {
    let (digits, zeros) = text.split_once('.').unwrap_or((text, ""));
    let is_plain = !digits.is_empty()
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && zeros.bytes().all(|byte| byte == b'0');
    digits.parse().ok().filter(|_| is_plain)
}

/// Whether something is so.
pub(crate) fn truth(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "1" | "1.0" | "true" => Some(true),
        "0" | "0.0" | "false" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_read_as_they_were_meant_or_not_at_all() {
        assert_eq!(["NaN", " None ", "NULL", "\\N", ""].map(filled), [""; 5]);
        assert_eq!(filled(" m1 "), "m1");
        for (text, found) in [
            ("30", Some(30)),
            ("30.0", Some(30)),
            ("30.", Some(30)),
            ("30.5", None),
            ("-30", None),
            ("3e1", None),
            (".0", None),
            ("", None),
        ] {
            assert_eq!(whole(text), found, "{text}");
        }
        assert_eq!(["True", "0.0", "2"].map(truth), [Some(true), Some(false), None]);
    }
}
