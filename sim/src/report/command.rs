//! Commands as they are printed: words that a shell reads back, and the command that runs one replication alone.

/// A word as a shell reads it back.
#[must_use]
pub fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=,:".contains(c);
    // Some shells read a word that begins with = as the place of a program.
    if !word.is_empty() && !word.starts_with('=') && word.chars().all(plain) {
        return word.to_string();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}

/// The words of a command that [`quoted`] wrote.
pub(crate) fn words(command: &str) -> Vec<String> {
    let (mut words, mut word, mut begun) = (Vec::new(), String::new(), false);
    let mut is_quoted = false;
    let mut characters = command.chars();
    while let Some(c) = characters.next() {
        match c {
            '\'' => (is_quoted, begun) = (!is_quoted, true),
            '\\' if !is_quoted => word.extend(characters.next()),
            ' ' if !is_quoted => {
                if begun || !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
                begun = false;
            }
            c => word.push(c),
        }
    }
    if begun || !word.is_empty() {
        words.push(word);
    }
    words
}

/// Keys that say which replications are run: `alone` says so itself.
const WHICH: [&str; 2] = ["run.replications", "run.first_replication"];

/// The command that runs replication `number` of what `command` runs, by itself, and writes its jobs: no option stands in it
/// twice. Of a comparison the first scenario is run.
pub(crate) fn alone(command: &str, number: u64) -> String {
    let all = words(command);
    if all.iter().any(|word| word == "--recording") {
        // A recording is of one replication already, and its jobs stand in it.
        return command.to_string();
    }
    let is_comparison = all.get(1).is_some_and(|verb| verb == "compare");
    let has_second = all.get(3).is_some_and(|word| !word.starts_with("--"));
    let mut kept: Vec<String> = all.iter().take(3).cloned().collect();
    if is_comparison {
        kept[1] = "run".to_string();
    }
    let mut rest = all.iter().skip(if is_comparison && has_second { 4 } else { 3 });
    while let Some(option) = rest.next() {
        if !option.starts_with("--") {
            kept.push(option.clone());
            continue;
        }
        let value = rest.clone().next().filter(|value| !value.starts_with("--"));
        if value.is_some() {
            rest.next();
        }
        let sets = |value: &String| WHICH.contains(&value.split('=').next().unwrap_or("").trim());
        let is_second = is_comparison && !has_second && option == "--set";
        if option == "--replications" || is_second || value.is_some_and(sets) {
            continue;
        }
        kept.push(if option == "--both" { "--set".to_string() } else { option.clone() });
        kept.extend(value.cloned());
    }
    let own = ["--replications", "1", "--set"].map(str::to_string);
    kept.extend(own);
    kept.push(format!("run.first_replication={number}"));
    kept.extend(["--jobs", "worst.csv"].map(str::to_string));
    kept.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_quoted_is_read_back() {
        let all = ["assay", "a b", "it's", "", "x=[1, 2]", "=x", "c\\d"];
        let command = all.map(quoted).join(" ");
        assert_eq!(words(&command), all);
        assert_eq!(quoted("run.seed=3"), "run.seed=3");
    }

    #[test]
    fn a_replication_alone_has_each_option_once_and_every_change() {
        let command =
            "assay run a.toml --seed 3 --replications 20 --set 'x=a b' --set run.replications=4";
        let right = "assay run a.toml --seed 3 --set 'x=a b' --replications 1 --set run.first_replication=7 --jobs worst.csv";
        assert_eq!(alone(command, 7), right);
        assert_eq!(alone(right, 7).matches("run.first_replication").count(), 1);
    }

    #[test]
    fn of_a_comparison_the_first_scenario_is_run() {
        let end = "--replications 1 --set run.first_replication=2 --jobs worst.csv";
        let changed = alone("assay compare a.toml --epochs 9 --both x=1 --set y=2", 2);
        assert_eq!(changed, format!("assay run a.toml --epochs 9 --set x=1 {end}"));
        let files = alone("assay compare a.toml b.toml --set y=2", 2);
        assert_eq!(files, format!("assay run a.toml --set y=2 {end}"));
    }

    #[test]
    fn a_recording_is_alone_already() {
        let command = "assay run a.toml --recording r.txt";
        assert_eq!(alone(command, 0), command);
    }
}
