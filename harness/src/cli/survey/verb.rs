//! The verb: its parts one after another, each kept as soon as it is there.

use crate::cli::backend_args::BackendArgs;
use crate::cli::backend_args::DeviceArgs;
use crate::cli::bench_figures::BenchFigures;
use crate::cli::bench_measure;
use crate::cli::day;
use crate::cli::model_args::ModelArgs;
use crate::cli::outcome::HarnessFailure;
use crate::cli::outcome::HarnessOutcome;
use crate::cli::place::OutputPlace;
use crate::cli::scenario_args::DeviceScenarioArgs;
use crate::cli::stop;
use crate::cli::survey::audits;
use crate::cli::survey::audits::AuditAgreement;
use crate::cli::survey::left_out::ModelLeftOut;
use crate::cli::survey::miners;
use crate::cli::survey::miners::SurveyedMiners;
use crate::cli::survey::miners::Task;
use crate::cli::survey::part::SurveyPart;
use crate::cli::survey::receipts;
use crate::cli::survey::receipts::ReceiptAgreement;
use crate::cli::survey::speed;
use crate::gpu::adapter;
use crate::gpu::adapter::Description;
use anyhow::Context;
use anyhow::anyhow;
use assay_sim::miner::Alarm;
use clap::Args;
use serde::Serialize;
use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;

/// Version of the layout.
const FORMAT: &str = "assay device survey 1";
/// What no part can tell.
const NOT_MEASURED: [&str; 3] = [
    "the peak that the maker states: Vulkan does not tell it; peak_gflop_per_s is the most that was seen, each product and sum rounded",
    "clocks, power and memory in use: Vulkan does not tell them",
    "miners that slow each other on one device, and networks: work is done one after another",
];

/// Asks one device everything: receipts held against the CPU's, speed by batch and model size, audits held against the
/// CPU's, the scenario run on it and validated.
///
/// Writes one JSON named after the device, part by part. Exits 0 when all is as expected, 1 when receipts or audits differ
/// or the simulator is rejected, 4 where there is no device or it failed.
#[derive(Debug, Args)]
pub(in crate::cli) struct SurveyArgs {
    #[command(flatten)]
    scenario: DeviceScenarioArgs,
    /// Scenario whose audits have to catch the same cheats on the CPU and on the device, always with the shipped model.
    #[arg(long, value_name = "FILE")]
    audits: PathBuf,
    #[command(flatten)]
    device: DeviceArgs,
    #[command(flatten)]
    model: ModelArgs,
    /// Seconds that the scenario's images may take; their steps are cut to fit.
    #[arg(long, value_name = "N", default_value_t = 150, value_parser = clap::value_parser!(u16).range(1..))]
    seconds: u16,
    /// Folder of the JSON.
    #[arg(long, value_name = "DIR", default_value = "results/devices")]
    out: PathBuf,
    /// Keeps the recordings of the scenario in this folder, for `assay-harness validate --recordings`.
    #[arg(long, value_name = "DIR")]
    recordings: Option<PathBuf>,
}

/// All that was found.
#[derive(Debug, Serialize)]
struct Survey {
    format: &'static str,
    version: &'static str,
    /// Day of the survey, in UTC.
    date: String,
    device: Description,
    /// Every adapter that was there.
    adapters: Vec<Description>,
    /// The processor's name, where the system tells it.
    processor: Option<String>,
    receipts: SurveyPart<Vec<ReceiptAgreement>>,
    audits: SurveyPart<AuditAgreement>,
    speed: SurveyPart<Vec<BenchFigures>>,
    miners: SurveyPart<SurveyedMiners>,
    /// Models that do not fit the device.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    left_out: Vec<ModelLeftOut>,
    not_measured: [&'static str; 3],
}

/// A survey under way.
struct SurveyUnderWay<'a> {
    survey: Survey,
    place: OutputPlace,
    stop: Arc<AtomicBool>,
    failure: Option<HarnessFailure>,
    out: &'a mut dyn Write,
}

/// Runs `assay-harness survey`; tells how it ended.
///
/// # Errors
/// When arguments contradict each other, the device or the disk fails, or the survey was interrupted.
pub(in crate::cli) fn run(
    args: &SurveyArgs,
    out: &mut dyn Write,
) -> Result<HarnessOutcome, HarnessFailure> {
    // What the caller got wrong is told before minutes of work.
    let weights = args.model.load()?;
    let asked = args.scenario.experiment(&[])?;
    let audited = DeviceScenarioArgs::of(&args.audits).experiment(&[])?;
    args.refuse_old_recordings()?;
    let adapter = args.device.adapter()?;
    let backend = BackendArgs::on(args.device.clone());
    let temporary = tempfile::tempdir()?;
    let mut work = SurveyUnderWay::begin(args, adapter.description, out)?;
    let alarm = Alarm::new(work.stop.clone());
    let task = Task {
        scenario: &args.scenario,
        asked: &asked,
        device: &backend,
        weights,
        seconds: f64::from(args.seconds),
        recordings: args.recordings.clone().unwrap_or_else(|| temporary.path().join("miners")),
    };
    let folder = temporary.path();
    let mut left_out = Vec::new();
    work.survey.receipts = work.part(|| receipts::compare_all(&backend, &mut left_out))?;
    work.survey.left_out.append(&mut left_out);
    work.tell("receipts", |survey| survey.receipts.text(|found| receipts::text(found)))?;
    work.survey.audits = work.part(|| audits::compare(&audited, &backend, (folder, &alarm)))?;
    work.tell("audits", |survey| survey.audits.text(AuditAgreement::text))?;
    work.survey.speed = work.part(|| speed::measure(&backend, &mut left_out))?;
    work.survey.left_out.append(&mut left_out);
    work.tell("speed", |survey| survey.speed.text(|found| speed::text(found)))?;
    // An alarm keeps the first fault it was told, and that was another part's.
    let alarm = Alarm::new(work.stop.clone());
    work.survey.miners = work.part(|| miners::validate(&task, &alarm))?;
    work.tell("miners", |survey| survey.miners.text(SurveyedMiners::text))?;
    work.failure.map_or_else(|| Ok(work.survey.outcome()), Err)
}

impl SurveyArgs {
    fn refuse_old_recordings(&self) -> Result<(), HarnessFailure> {
        let Some(folder) = &self.recordings else { return Ok(()) };
        if fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some()) {
            let text = format!("{} is not empty: choose another place", folder.display());
            return Err(HarnessFailure::input(anyhow!(text)));
        }
        Ok(())
    }
}

impl<'a> SurveyUnderWay<'a> {
    fn begin(
        args: &SurveyArgs,
        device: Description,
        out: &'a mut dyn Write,
    ) -> Result<Self, HarnessFailure> {
        fs::create_dir_all(&args.out)
            .with_context(|| format!("cannot write {}", args.out.display()))
            .map_err(HarnessFailure::Machine)?;
        let file = args.out.join(format!("{}.json", file_name(&device.name)));
        let place = OutputPlace::begin(&file)?;
        writeln!(out, "== device\n{} ({})", device.name, device.kind)?;
        writeln!(out, "{} {}\n{}\n", device.driver, device.driver_version, file.display())?;
        let survey = Survey {
            format: FORMAT,
            version: env!("CARGO_PKG_VERSION"),
            date: day::today(),
            device,
            adapters: adapter::list().into_iter().map(|adapter| adapter.description).collect(),
            processor: bench_measure::processor(),
            receipts: SurveyPart::NotReached,
            audits: SurveyPart::NotReached,
            speed: SurveyPart::NotReached,
            miners: SurveyPart::NotReached,
            left_out: Vec::new(),
            not_measured: NOT_MEASURED,
        };
        Ok(Self { survey, place, stop: stop::flag(), failure: None, out })
    }

    /// Does a part. What makes it fail is kept and ends the survey only when it was the user.
    fn part<T>(
        &mut self,
        work: impl FnOnce() -> Result<T, HarnessFailure>,
    ) -> Result<SurveyPart<T>, HarnessFailure> {
        let (part, failure) = SurveyPart::of(work);
        let Some(failure) = failure else { return Ok(part) };
        if matches!(failure, HarnessFailure::Interrupted(_)) {
            return Err(HarnessFailure::Interrupted(anyhow!(
                "interrupted: parts that were done are kept"
            )));
        }
        // A fault stops its own run by the flag that all parts share.
        self.stop.store(false, Ordering::Relaxed);
        self.failure.get_or_insert(failure);
        Ok(part)
    }

    /// Keeps what there is so far and tells its newest part.
    fn tell(
        &mut self,
        name: &str,
        text: impl FnOnce(&Survey) -> String,
    ) -> Result<(), HarnessFailure> {
        let json = serde_json::to_string_pretty(&self.survey).expect("a survey can be written");
        self.place.write((json + "\n").as_bytes())?;
        writeln!(self.out, "== {name}\n{}", text(&self.survey))?;
        for line in self.survey.left_out.iter().filter_map(|one| one.text(name)) {
            writeln!(self.out, "{line}")?;
        }
        writeln!(self.out)?;
        if self.stop.load(Ordering::Relaxed) {
            return Err(HarnessFailure::Interrupted(anyhow!("interrupted after the {name}")));
        }
        Ok(())
    }
}

impl Survey {
    /// What was compared, where it was.
    fn outcome(&self) -> HarnessOutcome {
        let equal =
            |found: &Vec<ReceiptAgreement>| found.iter().all(|one| one.differing.is_empty());
        let good = [
            self.receipts.found().is_none_or(equal),
            self.audits.found().is_none_or(AuditAgreement::is_same),
            self.miners.found().is_none_or(SurveyedMiners::is_good),
        ];
        if good.contains(&false) { HarnessOutcome::Different } else { HarnessOutcome::Done }
    }
}

/// A device's name as that of a file: `NVIDIA H100 80GB HBM3` is `nvidia-h100-80gb-hbm3`.
fn file_name(device: &str) -> String {
    let lower = device.to_lowercase();
    let words = lower.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_named_after_the_device_in_letters_and_digits() {
        assert_eq!(file_name("NVIDIA H100 80GB HBM3"), "nvidia-h100-80gb-hbm3");
        assert_eq!(file_name("llvmpipe (LLVM 15.0.6, 256 bits)"), "llvmpipe-llvm-15-0-6-256-bits");
    }
}
