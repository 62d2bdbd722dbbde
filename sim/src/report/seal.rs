//! The seal of a results folder: its manifest ends with a hash of every file beside it, and one of its own text.
//!
//! It tells a folder that was changed or is none of ours; it is no signature, and whoever wants to forge it can. Version and
//! sources of the program are left out of the manifest's own hash: a folder that is made again by other sources, and is the
//! same but for that, has the same seal.

use serde_json::Map;
use serde_json::Value;
use std::collections::BTreeMap;
use xxhash_rust::xxh3::xxh3_128;

/// Key of the hashes of the files, by name.
pub(crate) const FILES: &str = "files";
/// Key of the manifest's own hash, its last.
const OWN: &str = "manifest_hash";
/// Hexadecimal digits of a hash.
const DIGITS: usize = 32;

/// Hashes of files by name, each 32 hexadecimal digits.
pub(crate) type Hashes = BTreeMap<String, String>;

/// The hash of a file's bytes.
pub(crate) fn hash(bytes: &[u8]) -> String {
    format!("{:032x}", xxh3_128(bytes))
}

/// The manifest with the hashes of these files, in place of those that it had, and of its own.
///
/// # Errors
/// When the bytes are no JSON object.
pub(crate) fn sealed(manifest: &[u8], files: &Hashes) -> Result<Vec<u8>, serde_json::Error> {
    let mut keys: Map<String, Value> = serde_json::from_slice(manifest)?;
    keys.shift_remove(FILES);
    keys.shift_remove(OWN);
    let each = files.iter().map(|(name, hash)| (name.clone(), Value::from(hash.as_str())));
    keys.insert(FILES.to_string(), Value::Object(each.collect()));
    keys.insert(OWN.to_string(), Value::from("0".repeat(DIGITS)));
    let text = crate::report::json(&keys);
    let own = own_hash(&text);
    let place = place_of_own(&text).expect("it was just put there");
    Ok([&text[..place], own.as_bytes(), &text[place + DIGITS..]].concat())
}

/// What a manifest's seal says of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Seal {
    /// It has none: it is of an older version, or of something else.
    None,
    /// Its text is another than was sealed.
    Broken,
    /// It holds, with the hashes of these files.
    Whole(Hashes),
}

/// Reads the seal of a manifest.
pub(crate) fn seal_of(manifest: &[u8]) -> Seal {
    let Ok(keys) = serde_json::from_slice::<Map<String, Value>>(manifest) else {
        return Seal::None;
    };
    if !keys.contains_key(OWN) && !keys.contains_key(FILES) {
        return Seal::None;
    }
    let Some(place) = place_of_own(manifest) else { return Seal::Broken };
    if own_hash(manifest).as_bytes() != &manifest[place..place + DIGITS] {
        return Seal::Broken;
    }
    let Some(Value::Object(files)) = keys.get(FILES) else { return Seal::Broken };
    let one = |(name, hash): (&String, &Value)| Some((name.clone(), hash.as_str()?.to_string()));
    files.iter().map(one).collect::<Option<Hashes>>().map_or(Seal::Broken, Seal::Whole)
}

/// The hash of a manifest's text without the lines of itself, of version and of sources.
fn own_hash(manifest: &[u8]) -> String {
    let left_out = ["sources", "package_version", OWN].map(|key| format!("  \"{key}\": "));
    let is_kept = |line: &&[u8]| !left_out.iter().any(|key| line.starts_with(key.as_bytes()));
    let lines: Vec<&[u8]> = manifest.split(|byte| *byte == b'\n').filter(is_kept).collect();
    hash(&lines.join(&b'\n'))
}

/// Where the digits of the manifest's own hash begin: they are the last thing in it.
fn place_of_own(text: &[u8]) -> Option<usize> {
    let head = format!("\n  \"{OWN}\": \"");
    let place = text.len().checked_sub(DIGITS + "\"\n}\n".len())?;
    let fits = text[..place].ends_with(head.as_bytes()) && text[place + DIGITS..] == *b"\"\n}\n";
    fits.then_some(place)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: &[u8] = b"{\"package\": \"assay-sim\", \"command\": \"assay run a.toml\"}";

    fn files() -> Hashes {
        Hashes::from([("a.csv".to_string(), hash(b"a"))])
    }

    #[test]
    fn a_seal_holds_and_can_be_laid_again() {
        let once = sealed(PLAIN, &files()).unwrap();
        assert_eq!(seal_of(&once), Seal::Whole(files()));
        assert_eq!(sealed(&once, &files()).unwrap(), once);
        assert_eq!(seal_of(&sealed(&once, &Hashes::new()).unwrap()), Seal::Whole(Hashes::new()));
    }

    #[test]
    fn any_byte_that_is_changed_breaks_it() {
        let whole = sealed(PLAIN, &files()).unwrap();
        for place in 0..whole.len() {
            let mut bent = whole.clone();
            bent[place] ^= 1;
            assert_ne!(seal_of(&bent), Seal::Whole(files()), "byte {place}");
        }
        assert_eq!(seal_of(&[&whole[..], b" "].concat()), Seal::Broken);
    }

    #[test]
    fn other_sources_of_the_program_leave_it_whole() {
        let of = |sources: &str| {
            let text = format!("{{\"sources\": {sources:?}, \"command\": \"assay run a.toml\"}}");
            sealed(text.as_bytes(), &files()).unwrap()
        };
        let (one, other) = (of("1"), of("2"));
        assert_eq!(seal_of(&other), Seal::Whole(files()));
        let line = |text: &[u8]| String::from_utf8_lossy(text).lines().last().map(str::to_string);
        assert_eq!(line(&one), line(&other));
    }

    #[test]
    fn what_was_never_sealed_has_none() {
        assert_eq!(seal_of(PLAIN), Seal::None);
        assert_eq!(seal_of(b"first"), Seal::None);
        assert_eq!(seal_of(b"{\"files\": {}}"), Seal::Broken);
    }
}
