//! What a command reads and what it writes, held against each other before any work is done: no output takes the place of
//! an input, of another output, or of what is no file.

use crate::report;
use crate::simulation::error::Error;
use crate::simulation::world::Simulation;
use crate::trace;
use std::fs;
use std::path::Path;
use std::path::PathBuf;

/// What a command reads and writes.
#[derive(Clone, Debug, Default)]
pub struct Outputs {
    inputs: Vec<PathBuf>,
    input_folders: Vec<PathBuf>,
    folders: Vec<PathBuf>,
    files: Vec<PathBuf>,
}

impl Outputs {
    /// Of a command that runs `simulation`: it reads the scenario's files.
    #[must_use]
    pub fn of(simulation: &Simulation) -> Self {
        Self { inputs: simulation.files(), ..Self::default() }
    }

    /// Of one that also reads another simulation's files.
    #[must_use]
    pub fn and(mut self, simulation: &Simulation) -> Self {
        self.inputs.extend(simulation.files());
        self
    }

    /// The same command, which also reads this file.
    #[must_use]
    pub fn reads(mut self, file: impl AsRef<Path>) -> Self {
        self.inputs.push(file.as_ref().to_path_buf());
        self
    }

    /// It reads this trace, and the history that a run may have written beside it.
    #[must_use]
    pub fn reads_trace(self, file: impl AsRef<Path>) -> Self {
        let beside = trace::history_beside(file.as_ref());
        self.reads(file).reads(beside)
    }

    /// The same command, which also reads this folder.
    #[must_use]
    pub fn reads_folder(mut self, folder: impl AsRef<Path>) -> Self {
        self.input_folders.push(folder.as_ref().to_path_buf());
        self
    }

    /// The same command, which also writes this folder.
    #[must_use]
    pub fn folder(mut self, folder: impl AsRef<Path>) -> Self {
        self.folders.push(folder.as_ref().to_path_buf());
        self
    }

    /// The same command, which also writes this file.
    #[must_use]
    pub fn file(mut self, file: impl AsRef<Path>) -> Self {
        self.files.push(file.as_ref().to_path_buf());
        self
    }

    /// It writes a replication's jobs here, and their history beside them.
    #[must_use]
    pub fn jobs(self, file: impl AsRef<Path>) -> Self {
        let beside = trace::history_beside(file.as_ref());
        self.file(file).file(beside)
    }

    /// Whether all of that can be.
    ///
    /// # Errors
    /// The first output that is in the way of something.
    pub fn check(&self) -> Result<(), Error> {
        let input = |path: &Path, what: &str, other: &Path| {
            let (path, other) = (path.display(), other.display());
            Err(Error::Input(format!("{path} would be written {what} {other}: name another")))
        };
        for file in &self.files {
            report::refuse_no_file(file)?;
            if let Some(read) = self.inputs.iter().find(|read| is_same(file, read)) {
                return input(file, "over the command's own input", read);
            }
            if let Some(read) = self.input_folders.iter().find(|read| is_within(file, read)) {
                return input(file, "into the command's own input", read);
            }
        }
        for folder in &self.folders {
            report::refuse_foreign(folder)?;
            let mut read = self.inputs.iter().chain(&self.input_folders);
            if let Some(read) = read.find(|read| is_within(read, folder)) {
                return input(folder, "over the command's own input", read);
            }
            if let Some(read) = self.input_folders.iter().find(|read| is_within(folder, read)) {
                return input(folder, "into the command's own input", read);
            }
        }
        let outputs: Vec<&PathBuf> = self.folders.iter().chain(&self.files).collect();
        for (place, one) in outputs.iter().enumerate() {
            let mut others = outputs[..place].iter();
            if let Some(other) = others.find(|other| is_within(one, other) || is_within(other, one))
            {
                let (one, other) = (one.display(), other.display());
                return Err(Error::Input(format!(
                    "two outputs meet: {one} and {other}, allowed: places of their own"
                )));
            }
        }
        Ok(())
    }
}

fn is_same(a: &Path, b: &Path) -> bool {
    settled(a) == settled(b)
}

/// Whether `inner` is `outer` or stands in it.
fn is_within(inner: &Path, outer: &Path) -> bool {
    settled(inner).starts_with(settled(outer))
}

/// A path as the disk has it: of what is not there yet, the part that is.
fn settled(path: &Path) -> PathBuf {
    let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    for above in whole.ancestors() {
        if let Ok(found) = fs::canonicalize(above) {
            let rest = whole.strip_prefix(above).unwrap_or(Path::new(""));
            // A path with nothing after it would get a slash at its end.
            return if rest.as_os_str().is_empty() { found } else { found.join(rest) };
        }
    }
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(outputs: &Outputs) -> String {
        outputs.check().map_or_else(|error| error.to_string(), |()| "fine".to_string())
    }

    #[test]
    fn outputs_keep_off_inputs_and_each_other() {
        let place = tempfile::tempdir().unwrap();
        let at = |name: &str| place.path().join(name);
        fs::write(at("s.toml"), "").unwrap();
        fs::create_dir(at("read")).unwrap();
        let base = || Outputs::default().reads(at("s.toml")).reads_folder(at("read"));
        assert_eq!(told(&base().folder(at("out")).file(at("j.csv"))), "fine");
        for (bad, expected) in [
            (base().file(at("s.toml")), "own input"),
            (base().file(at("read/../s.toml")), "own input"),
            (base().file(at("read/j.csv")), "into the command's own input"),
            (base().folder(at("read/deeper")), "into the command's own input"),
            (base().folder(at("read")), "over the command's own input"),
            (base().folder(at("out")).file(at("out/j.csv")), "two outputs meet"),
            (base().folder(at("out")).folder(at("out/../out")), "two outputs meet"),
            (base().file(at("j.csv")).file(at("j.csv")), "two outputs meet"),
            (base().file(place.path()), "is a folder"),
            (base().folder(at("s.toml")), "is a file"),
        ] {
            let found = told(&bad);
            assert!(found.contains(expected), "{bad:?}: {found}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn links_and_devices_are_told() {
        let place = tempfile::tempdir().unwrap();
        let link = place.path().join("link");
        std::os::unix::fs::symlink(place.path(), &link).unwrap();
        let file = |path: &Path| told(&Outputs::default().file(path));
        assert!(file(Path::new("/dev/null")).contains("a device"));
        assert!(file(&link).contains("a symbolic link"));
        assert!(told(&Outputs::default().folder(&link)).contains("a symbolic link"));
        assert!(told(&Outputs::default().folder(link.join(""))).contains("a symbolic link"));
    }
}
