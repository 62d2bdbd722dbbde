//! The library as its users call it: one type a verb, answers in memory, members of one's own.

use crate::common::assay;
use assay_sim::base::ids::MinerId;
use assay_sim::base::random::Word;
use assay_sim::base::units::SimSpan;
use assay_sim::base::units::SimTime;
use assay_sim::miner::Backend;
use assay_sim::model::latency::Distribution;
use assay_sim::model::operator::Operator;
use assay_sim::model::operator::Sight;
use assay_sim::model::router::Router;
use assay_sim::model::router::View;
use assay_sim::simulation::Check;
use assay_sim::simulation::Conduct;
use assay_sim::simulation::Error;
use assay_sim::simulation::Observer;
use assay_sim::simulation::Simulation;
use assay_sim::work::Completion;
use assay_sim::work::Image;
use assay_sim::work::JobRecord;
use assay_sim::work::Output;
use assay_sim::work::Plan;
use assay_sim::work::Reply;
use assay_sim::work::Request;
use assay_sim::work::Work;
use assay_testing::root;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// Six miners of two classes and a few hundred jobs.
const WORLD: &str = "
[run]
replications = 3
epochs = 4

[[client]]
name = \"client\"
arrivals.closed_loop = { think_ms = 20000.0 }

[[cohort]]
name = \"a\"
count = 3
stake_alpha = 500.0
service.lognormal = { median_ms = 3000.0, sigma = 0.2 }

[[cohort]]
name = \"b\"
count = 3
stake_alpha = 100.0
service.lognormal = { median_ms = 5000.0, sigma = 0.2 }

[[property]]
id = \"a-is-paid\"
claim = \"Class a is paid.\"
kind = \"mean\"
quantity.pay_share = {}
over.classes = [\"a\"]
relation = \"at_least\"
threshold = 0.2
margin = 0.1
";

fn world(place: &Path) -> Simulation {
    let file = place.join("world.toml");
    fs::write(&file, WORLD).unwrap();
    Simulation::load(file).unwrap()
}

/// Every file below a folder, with its path below it.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            found.extend(files(&path).into_iter().map(|(own, b)| (format!("{name}/{own}"), b)));
        } else {
            found.push((name, fs::read(path).unwrap()));
        }
    }
    found.sort();
    found
}

#[test]
fn a_saved_outcome_is_the_folder_that_the_command_writes() {
    let place = tempfile::tempdir().unwrap();
    let outcome = world(place.path()).seed(4).run().unwrap();
    let (own, theirs) = (place.path().join("own"), place.path().join("theirs"));
    outcome.save(&own).unwrap();
    let file = place.path().join("world.toml");
    let words = ["run", file.to_str().unwrap(), "--seed", "4", "--out", theirs.to_str().unwrap()];
    let ended = assay(&words);
    assert_eq!(ended.code, 0, "{ended:?}");
    assert_eq!(ended.line("digest"), outcome.digest().to_string());
    assert!(files(&own) == files(&theirs));
}

#[test]
fn figures_and_tables_are_those_of_the_files() {
    let place = tempfile::tempdir().unwrap();
    let outcome = world(place.path()).run().unwrap();
    assert_eq!(outcome.miners().rows().len(), 3 * 6);
    assert_eq!(outcome.epochs().column("minted_rao_mean").unwrap().len(), 4);
    let gini = outcome.metric("gini_pay_by_miner").unwrap();
    let csv = outcome.metrics().iter().find(|row| row.metric == "gini_pay_by_miner").unwrap();
    assert_eq!(Some(gini), csv.summary);
    let Err(Error::Input(text)) = outcome.metric("gini") else { panic!("there is no such metric") };
    assert!(text.contains("there are: gini_pay_by_miner"), "{text}");
}

#[test]
fn what_cannot_be_is_bad_input_and_what_was_stopped_is_told_so() {
    let place = tempfile::tempdir().unwrap();
    let refused = world(place.path()).replications(0).threads(1).run().unwrap_err();
    assert_eq!(refused.exit_code(), 2, "{refused}");
    let key = world(place.path()).set("router.nobody", 1).unwrap_err();
    assert!(key.exit_code() == 2 && key.to_string().contains("nobody"), "{key}");
    let flag = Arc::new(AtomicBool::new(true));
    let stopped = world(place.path()).stop(&flag).run().unwrap_err();
    assert_eq!((stopped.exit_code(), stopped), (130, Error::Stopped));
}

#[test]
fn what_a_check_keeps_is_what_a_run_gives() {
    let place = tempfile::tempdir().unwrap();
    let world = world(place.path());
    let plain = world.run().unwrap();
    let check = Check::of(&world).unwrap().keep_outcome();
    let verdicts = check.run(&Conduct::default().threads(2)).unwrap();
    assert_eq!(verdicts.as_expected(), Some(true), "{:?}", verdicts.all());
    let kept = verdicts.outcome().unwrap();
    assert_eq!(kept.digest(), plain.digest());
    assert_eq!((kept.miners(), kept.epochs()), (plain.miners(), plain.epochs()));
    assert_eq!(kept.metrics(), plain.metrics());
}

/// Gives every job to the first miner.
#[derive(Debug)]
struct First;

impl Router for First {
    fn update(&mut self, _view: &View<'_>, _changed: &[MinerId]) {}

    fn route(&mut self, view: &View<'_>, _job: &Request, _word: Word) -> Option<MinerId> {
        view.valid[0].then(|| MinerId::of(0))
    }
}

/// Never works, and says nothing.
#[derive(Debug)]
struct Idle;

impl Operator for Idle {
    fn plan(&mut self, job: &Request, _sight: &Sight, _word: Word) -> Plan {
        Plan::idle(job, Reply::NoImage)
    }
}

/// A second, always.
#[derive(Debug)]
struct Second;

impl Distribution for Second {
    fn draw(&self, _at: SimTime, _word: Word) -> SimSpan {
        SimSpan::from_ms(1000)
    }

    fn mean_ns(&self, _at: SimTime) -> Option<f64> {
        Some(1e9)
    }
}

#[test]
fn a_router_from_outside_routes_and_its_results_name_it() {
    let place = tempfile::tempdir().unwrap();
    let outcome = world(place.path()).router("first", || Box::new(First)).run().unwrap();
    for facts in outcome.replications() {
        assert!(facts.miners[0].requests > 0);
        assert!(facts.miners[1..].iter().all(|miner| miner.requests == 0));
    }
    let folder = place.path().join("out");
    outcome.save(&folder).unwrap();
    let verified = assay(&["verify", folder.to_str().unwrap()]);
    assert!(verified.code == 2 && verified.err.contains("first"), "{verified:?}");
}

#[test]
fn an_operator_and_a_law_from_outside_serve_their_cohort_alone() {
    let place = tempfile::tempdir().unwrap();
    let plain = world(place.path());
    let idle = plain.clone().operator("a", "idle", || Box::new(Idle)).run().unwrap();
    for facts in idle.replications() {
        assert!(facts.miners[..3].iter().all(|miner| miner.useful_jobs == 0));
        assert!(facts.miners[3..].iter().all(|miner| miner.useful_jobs > 0));
    }
    let quick = plain.clone().service("b", "second", Arc::new(Second)).run().unwrap();
    let speed = quick.miners();
    let speed = speed.column("true_speed_per_s").unwrap();
    assert!(speed[3..6].iter().all(|cell| cell.number() == Some(1.0)), "{speed:?}");
    let nobody = plain.operator("c", "idle", || Box::new(Idle)).run().unwrap_err();
    assert!(nobody.to_string().contains("there is no cohort c; there are: a, b"), "{nobody}");
}

#[derive(Debug, Default)]
struct Count(u64);

impl Observer for Count {
    fn still_open(&mut self, _record: &JobRecord) {}

    fn job(&mut self, record: &JobRecord) {
        self.0 += u64::from(record.overwritten == 0);
    }
}

/// Works half a second and makes always the same image.
#[derive(Debug)]
struct Machine;

impl Backend for Machine {
    fn compute(&mut self, batch: &[Work], out: &mut Vec<Completion>) {
        let image = Image { id: 7, size_bytes: 1000 };
        let took = SimSpan::from_ms(500);
        out.extend(batch.iter().map(|_| Completion {
            took,
            outcome: Output::Done(image),
            ack: None,
        }));
    }
}

#[test]
fn to_look_on_changes_nothing_and_backends_do_the_work() {
    let place = tempfile::tempdir().unwrap();
    let world = world(place.path());
    let mut seen = Count::default();
    let watched = world.observe(&mut seen).run().unwrap();
    assert_eq!(watched.digest(), world.run().unwrap().digest());
    let ended: u64 = watched.replications().flat_map(|f| &f.miners).map(|m| m.successes).sum();
    assert!(seen.0 >= ended && ended > 0, "{} of {ended}", seen.0);
    let mut served = Vec::new();
    let real = world.backends(|request| {
        served.push(request.miner.clone());
        Box::new(Machine)
    });
    let real = real.run().unwrap();
    assert_ne!(real.digest(), watched.digest());
    assert_eq!(served.len(), 3 * 6);
}

#[test]
fn a_recording_is_run_in_the_place_of_miners() {
    let scenario = root().join("scenarios/harness/small.toml");
    let file = root().join("harness/recordings/small/replication-0003.recording");
    let world = Simulation::load(scenario).unwrap().recording(file).unwrap();
    let outcome = world.run().unwrap();
    assert_eq!((outcome.difference(), outcome.broken().len()), (None, 0));
    assert_eq!(outcome.digests().map(|(number, _)| number).collect::<Vec<_>>(), [3]);
}
