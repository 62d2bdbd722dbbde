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

/// The file of a replication's recording, in the folder that the harness puts them in; names sort as numbers do.
#[must_use]
pub fn recording_name(number: u64) -> String {
    format!("replication-{number:04}.recording")
}

/// The command that runs replication `number` of what `command` runs, by itself, and writes its jobs: no option stands in it
/// twice. Of a comparison the first scenario is run; of real work its recording, where that lies.
pub(crate) fn alone(command: &str, number: u64) -> String {
    let all = words(command);
    if all.iter().any(|word| word == "--recording") {
        // A recording is of one replication already, and its jobs stand in it.
        return command.to_string();
    }
    if all.first().is_some_and(|program| program != PROGRAM) {
        return recorded(&all, number);
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

/// A command taken apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Parts {
    /// The verb of the command.
    pub(crate) verb: String,
    /// The files that it names, the scenario first.
    pub(crate) files: Vec<String>,
    /// Its options with their values, in order.
    pub(crate) options: Vec<(String, String)>,
}

impl Parts {
    /// The parts of a command that this program wrote.
    pub(crate) fn of(command: &str) -> Self {
        let all = words(command);
        let mut parts = Self { verb: all.get(1).cloned().unwrap_or_default(), ..Self::default() };
        let mut rest = all.into_iter().skip(2).peekable();
        while let Some(word) = rest.next() {
            if !word.starts_with("--") {
                parts.files.push(word);
                continue;
            }
            let value = rest.next_if(|value| !value.starts_with("--"));
            parts.options.push((word, value.unwrap_or_default()));
        }
        parts
    }

    /// The values of an option.
    pub(crate) fn values<'p>(&'p self, option: &'p str) -> impl Iterator<Item = &'p String> {
        self.options.iter().filter(move |(own, _)| own == option).map(|(_, value)| value)
    }

    /// The value of an option that stands once.
    pub(crate) fn number<T: std::str::FromStr>(&self, option: &str) -> Option<T> {
        self.values(option).next()?.parse().ok()
    }
}

/// The program whose commands are run by itself.
const PROGRAM: &str = "assay";
/// Options of the harness that change the scenario, and so go with it.
const OF_SCENARIO: [&str; 3] = ["--set", "--seed", "--epochs"];

/// The command that runs the recording of replication `number` of what a command of the harness ran.
fn recorded(all: &[String], number: u64) -> String {
    let mut kept: Vec<String> = vec![PROGRAM.to_string()];
    kept.extend(all.iter().skip(1).take(2).cloned());
    for pair in all.windows(2).skip(3).filter(|pair| OF_SCENARIO.contains(&pair[0].as_str())) {
        kept.extend(pair.iter().cloned());
    }
    kept.extend(["--recording".to_string(), recording_name(number)]);
    kept.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" ")
}

/// An option with its value, as a shell and a command take them: a value that begins like an option is told from one.
#[must_use]
pub fn option(name: &str, value: &str) -> String {
    if value.starts_with('-') {
        return quoted(&format!("{name}={value}"));
    }
    format!("{name} {}", quoted(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn real_work_is_run_again_from_its_recording() {
        let command =
            "assay-harness run 'my a.toml' --backend cpu --seed 3 --replications 2 --set 'x=a b'";
        let right =
            "assay run 'my a.toml' --seed 3 --set 'x=a b' --recording replication-0001.recording";
        assert_eq!(alone(command, 1), right);
    }

    #[test]
    fn a_value_like_an_option_is_told_from_one() {
        assert_eq!(option("--miner", "-a b"), "'--miner=-a b'");
        assert_eq!(option("--miner", "a b"), "--miner 'a b'");
    }

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
