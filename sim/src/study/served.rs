//! One replication on backends of the caller's choice, and the same again from its recording.

use crate::engine::Backends;
use crate::engine::Cut;
use crate::miner::Alarm;
use crate::miner::Backend;
use crate::miner::Header;
use crate::miner::Recorded;
use crate::miner::RecordingContent;
use crate::observe::Nobody;
use crate::scenario::Scenario;
use crate::study::Watched;
use crate::study::watched;
use std::sync::Arc;

/// Runs replication `number` on `backends`.
///
/// # Errors
/// When the alarm was set off before the end, or more jobs wait than may.
pub(crate) fn serve(
    scenario: &Scenario,
    number: u64,
    backends: Backends,
    alarm: &Alarm,
) -> Result<Watched, Cut> {
    let served = watched(scenario, number, Some(backends), &mut Nobody, alarm.flag())?;
    // A fault in the last hours leaves no time to stop the run, and no result either.
    if alarm.fault().is_some() { Err(Cut::Stopped) } else { Ok(served) }
}

/// Runs the replication that a recording is of, with every miner's work taken from it.
///
/// # Errors
/// When the alarm was set off before the end, or more jobs wait than may.
pub(crate) fn replay(
    scenario: &Scenario,
    kept: &Arc<RecordingContent>,
    alarm: &Alarm,
) -> Result<Watched, Cut> {
    let number = kept.header.replication;
    let one = |place: u32| -> Box<dyn Backend> {
        Box::new(Recorded::new(place, kept.clone(), alarm.clone()))
    };
    let miners: Vec<_> = (0..).zip(&scenario.miners).map(|(place, _)| one(place)).collect();
    let trusted = one(u32::try_from(miners.len()).expect("at most 256 miners"));
    serve(scenario, number, Backends { miners, trusted }, alarm)
}

/// What a recording of replication `number` says of itself. `measured` are the cohorts that `device` serves.
pub(crate) fn header(
    scenario: &Scenario,
    number: u64,
    device: &str,
    measured: Vec<String>,
) -> Header {
    Header {
        scenario: scenario.name.clone(),
        scenario_hash: scenario.asked.clone(),
        seed: scenario.run.seed,
        replication: number,
        package_version: env!("CARGO_PKG_VERSION").to_string(),
        device: device.to_string(),
        measured,
        miners: scenario.miners.iter().map(|miner| miner.name.clone()).collect(),
    }
}

/// Why a recording is not of `scenario`; none when it is.
pub(crate) fn foreign(scenario: &Scenario, header: &Header) -> Option<String> {
    let run = &scenario.run;
    if header.seed != run.seed {
        let (theirs, ours) = (header.seed, run.seed);
        return Some(format!(
            "it was recorded with seed {theirs}, not {ours}: add --seed {theirs}"
        ));
    }
    (header.scenario_hash != scenario.asked).then(|| {
        let why = format!(
            "it was recorded from the scenario {}, which asks other work of its miners than this \
             one: give the same file, --set and --epochs",
            header.scenario
        );
        match scenario.gone_keys.as_str() {
            "" => why,
            gone => format!("{why}; no scenario can say any more what one said of {gone}"),
        }
    })
}
