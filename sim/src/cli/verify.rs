//! `assay verify`: run again what a results folder claims, and compare.

use crate::cli::judging;
use crate::cli::outcome;
use crate::cli::outcome::Failure;
use crate::cli::outcome::Outcome;
use crate::cli::progress;
use crate::cli::report::read_failure;
use crate::cli::run::folder_failure;
use crate::config;
use crate::config::Resolved;
use crate::report;
use crate::report::Judged;
use crate::report::Manifest;
use crate::study;
use crate::study::Study;
use anyhow::Context;
use anyhow::anyhow;
use clap::Args;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;

/// Runs again what a results folder claims, and compares the digest of every replication and every table.
///
/// Exit code 0: all is the same; 1: something differs.
#[derive(Debug, Args)]
pub(super) struct VerifyArgs {
    /// Results folder.
    folder: PathBuf,
    /// Threads; 0: as many as cores. The result is the same.
    #[arg(long, value_name = "N", default_value_t = 0)]
    threads: usize,
    /// Where the jobs of the first replication that differs are written; without it ./NAME-replication-N.csv.
    #[arg(long, value_name = "FILE")]
    jobs: Option<PathBuf>,
    /// Jobs of that replication as the other side has them: the first row that differs is shown.
    #[arg(long, value_name = "FILE")]
    against: Option<PathBuf>,
    /// No progress bar.
    #[arg(long)]
    quiet: bool,
}

/// Tables of a run that are compared where the folder has them.
const TABLES: &[&str] = &["miners.csv", "epochs.csv", "metrics.csv", "verdicts.json"];

/// Runs the verb.
pub(super) fn run(args: &VerifyArgs, out: &mut dyn Write) -> Result<Outcome, Failure> {
    let manifest = report::manifest_of(&args.folder).map_err(read_failure)?;
    let scenario = claimed(&args.folder, &manifest)?;
    let stop = progress::stop_flag();
    let total = u64::from(scenario.file.run.replications);
    let bar = progress::bar(total, &scenario.name, args.quiet);
    let study = study::run(&scenario, args.threads, &stop, &|| bar.inc(1));
    bar.finish_and_clear();
    let study = study.map_err(judging::study_failure)?;
    let found: Vec<String> = study.replications.iter().map(|r| r.digest.to_string()).collect();
    let differs = |(claim, own): &(&String, &String)| claim != own;
    let pairs = || manifest.replication_digests.iter().zip(&found);
    if let Some(place) = pairs().position(|pair| differs(&pair)) {
        let count = pairs().filter(differs).count();
        let number = study.replications[place].number;
        writeln!(out, "{count} of {} replications differ", found.len())?;
        writeln!(out, "first    replication {number}")?;
        writeln!(out, "claimed  {}", manifest.replication_digests[place])?;
        writeln!(out, "found    {}", found[place])?;
        show_jobs(args, &scenario, number, &stop, out)?;
        return Ok(Outcome::Different);
    }
    writeln!(out, "digest   {} of {} replications: as claimed", study.digest, found.len())?;
    compare_tables(args, (&scenario, &study, &manifest), out)
}

/// The scenario that the manifest holds, ready to run.
fn claimed(folder: &Path, manifest: &Manifest) -> Result<Resolved, Failure> {
    let place = folder.display();
    let (package, version) = (env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"));
    if manifest.package != package {
        let other = &manifest.package;
        return Err(Failure::input(anyhow!(
            "{place} was made by {other}, this is {package}: verify it with the program that made it"
        )));
    }
    if manifest.measured.is_some() {
        return Err(Failure::input(anyhow!(
            "{place} holds measured work of real miners, which no run repeats: check a recording of it with \
             `assay run SCENARIO --recording FILE`"
        )));
    }
    if manifest.package_version != version {
        let other = &manifest.package_version;
        return Err(Failure::input(anyhow!(
            "{place} was made by version {other}, this is {version}: verify it with the version that made it"
        )));
    }
    let file = format!("scenario_text of {place}/manifest.json");
    let loaded = config::load_kept(&file, &manifest.scenario_text)
        .with_context(|| format!("{file} is no scenario of this version"))
        .map_err(Failure::Input)?;
    outcome::note_each(&loaded.unheeded);
    let resolved = config::resolve(&manifest.scenario, &manifest.question, &loaded);
    let run = &resolved.file.run;
    let same = [
        ("seed", run.seed == manifest.seed),
        ("replications", run.replications == manifest.replications),
        ("epochs", run.epochs == manifest.epochs),
        ("scenario_text", config::is_text_of(&loaded.tree, &resolved.file)),
    ];
    match same.iter().find(|(_, same)| !same) {
        Some((key, _)) => Err(Failure::input(anyhow!(
            "{place}/manifest.json is damaged: {key} is not what its scenario_text says; run it again"
        ))),
        None => Ok(resolved),
    }
}

/// Writes the jobs of the replication that differs, and shows the first row, or the first that differs from the other's.
fn show_jobs(
    args: &VerifyArgs,
    scenario: &Resolved,
    number: u64,
    stop: &AtomicBool,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    let bytes = report::jobs(scenario, number, stop).ok_or(Failure::Interrupted)?;
    let name = scenario.name.replace('/', "-");
    let default = || PathBuf::from(format!("{name}-replication-{number}.csv"));
    let file = args.jobs.clone().unwrap_or_else(default);
    report::write_whole(&file, &bytes).map_err(folder_failure)?;
    writeln!(out, "jobs     {}", file.display())?;
    let own = String::from_utf8_lossy(&bytes);
    let heading = own.lines().next().unwrap_or_default();
    let Some(against) = &args.against else {
        writeln!(out, "{heading}\n{}", own.lines().nth(1).unwrap_or("no job"))?;
        return Ok(());
    };
    let other = fs::read_to_string(against)
        .with_context(|| format!("cannot read {}", against.display()))
        .map_err(Failure::Input)?;
    match first_difference(&other, &own) {
        Some((line, claim, found)) => {
            writeln!(out, "{} differs first in line {line}:", against.display())?;
            writeln!(out, "{heading}\n< {claim}\n> {found}")?;
        }
        None => writeln!(out, "{} holds the same jobs", against.display())?,
    }
    Ok(())
}

/// Holds the folder's tables against those of the new run.
fn compare_tables(
    args: &VerifyArgs,
    (scenario, study, manifest): (&Resolved, &Study, &Manifest),
    out: &mut dyn Write,
) -> Result<Outcome, Failure> {
    if !manifest.command.starts_with("assay run ") {
        writeln!(out, "tables   not compared: they are of `{}`", manifest.command)?;
        return Ok(Outcome::Done);
    }
    let judged = Judged::of_study(scenario, study, &manifest.command);
    let results = report::results(scenario, study, &judged, None, &manifest.command);
    let mut outcome = Outcome::Done;
    for &name in TABLES {
        let path = args.folder.join(name);
        let Ok(kept) = fs::read(&path) else {
            writeln!(out, "{name:<14} not kept in this folder")?;
            continue;
        };
        let made = results.files.iter().find(|(own, _)| *own == name).map(|(_, bytes)| bytes);
        let (kept, made) = (
            String::from_utf8_lossy(&kept),
            made.map_or("".into(), |b| String::from_utf8_lossy(b)),
        );
        match first_difference(&kept, &made) {
            None => writeln!(out, "{name:<14} as claimed")?,
            Some((line, claim, found)) => {
                outcome = Outcome::Different;
                writeln!(out, "{name:<14} differs first in line {line}:\n< {claim}\n> {found}")?;
            }
        }
    }
    Ok(outcome)
}

/// The first line in which two texts differ, from 1, with both sides of it.
fn first_difference<'t>(claim: &'t str, found: &'t str) -> Option<(usize, &'t str, &'t str)> {
    let (mut claims, mut founds) = (claim.split('\n'), found.split('\n'));
    let mut line = 0;
    loop {
        line += 1;
        match (claims.next(), founds.next()) {
            (None, None) => return None,
            (claim, found) if claim == found => {}
            (claim, found) => {
                return Some((line, claim.unwrap_or("(end)"), found.unwrap_or("(end)")));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_difference_is_told_with_its_line() {
        assert_eq!(first_difference("a\nb\n", "a\nb\n"), None);
        assert_eq!(first_difference("a\nb", "a\nc"), Some((2, "b", "c")));
        assert_eq!(first_difference("a", "a\nb"), Some((2, "(end)", "b")));
    }
}
