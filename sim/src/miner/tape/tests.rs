use super::*;
use crate::base::ids::KindId;
use crate::base::random::Word;
use crate::base::units::SimTime;
use crate::miner::Alarm;
use crate::miner::Backend;
use crate::miner::Fault;
use crate::miner::Recorded;
use crate::miner::Recording;
use crate::miner::compute_one;
use crate::work::ImageWork;
use crate::work::Source;
use crate::work::Work;
use std::fs;
use std::sync::Arc;
use std::sync::Mutex;

fn header() -> Header {
    Header {
        scenario: "s".to_string(),
        miners: vec!["a".into(), "b, c".into()],
        ..Header::default()
    }
}

fn work(job: u64) -> Work {
    Work::Image(ImageWork {
        job,
        kind: KindId(0),
        adapter: 0,
        prompt: 0,
        class: 1,
        seed: 2,
        steps: 3,
        source: Source::Computed,
        begins: SimTime(0),
        service: Word(1),
        size: Word(2),
    })
}

/// Answers in turn with an image, nothing and a failure, each a nanosecond later.
#[derive(Debug, Default)]
struct Trio(u64);

impl Backend for Trio {
    fn compute(&mut self, batch: &[Work], out: &mut Vec<Completion>) {
        out.extend(batch.iter().map(|_| self.next()));
    }
}

impl Trio {
    fn next(&mut self) -> Completion {
        self.0 += 1;
        let outcome = match self.0 % 3 {
            1 => Output::Done(Image { id: u128::MAX - u128::from(self.0), size_bytes: 99 }),
            2 => Output::Nothing,
            _ => Output::Failed,
        };
        let ack = (self.0 > 3).then_some(SimSpan(7));
        Completion { took: SimSpan(self.0), outcome, ack }
    }
}

const JOBS: [(u32, u64); 5] = [(0, 0), (1, 1), (0, 5), (2, RERUN_BIT | 5), (1, 6)];

/// Records the jobs of `JOBS` from `from` on, on a tape that may go on; gives what was answered.
fn record(file: &Path, from: usize, inner: u64) -> Vec<Completion> {
    let kept = RecordingContent::read(file).unwrap_or_default();
    let tape = if file.exists() {
        RecordingWriter::go_on(file, &kept)
    } else {
        RecordingWriter::begin(file, &header())
    };
    let (kept, tape) = (Arc::new(kept), Arc::new(Mutex::new(tape.unwrap())));
    let alarm = Alarm::default();
    let mut answers = Vec::new();
    for (trio, (place, job)) in (inner..).zip(&JOBS[from..]) {
        let inner = Box::new(Trio(trio));
        let (kept, tape) = (kept.clone(), tape.clone());
        let mut miner = Recording::new(*place, inner, kept, tape, alarm.clone());
        answers.push(compute_one(&mut miner, work(*job)));
    }
    assert_eq!(alarm.fault(), None);
    tape.lock().unwrap().end(Digest(77)).unwrap();
    answers
}

fn folder() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("r");
    (folder, file)
}

#[test]
fn what_was_recorded_is_given_back_and_anything_else_is_bad_input() {
    let (_folder, file) = folder();
    let answers = record(&file, 0, 0);
    let (kept, digest) = RecordingContent::finished(&file).unwrap();
    assert_eq!((digest, &kept.header), (Digest(77), &header()));
    let kept = Arc::new(kept);
    let alarm = Alarm::default();
    for ((place, job), answer) in JOBS.into_iter().zip(answers) {
        let mut miner = Recorded::new(place, kept.clone(), alarm.clone());
        assert_eq!(compute_one(&mut miner, work(job)), answer);
    }
    assert_eq!(alarm.fault(), None);
    compute_one(&mut Recorded::new(1, kept, alarm.clone()), work(5));
    let Some(Fault::Input(text)) = alarm.fault() else { panic!("{alarm:?}") };
    assert!(text.contains("no work of b, c for job 5"), "{text}");
}

#[test]
fn every_byte_that_is_changed_is_found_and_every_cut_leaves_what_was_whole() {
    let (_folder, file) = folder();
    record(&file, 0, 0);
    let good = fs::read(&file).unwrap();
    for place in 0..good.len() {
        let mut bad = good.clone();
        bad[place] = if bad[place] == b'0' { b'1' } else { b'0' };
        fs::write(&file, &bad).unwrap();
        let found = RecordingContent::finished(&file);
        // Two digits that differ in the recording's own words may not, but none may pass for the recording.
        assert!(found.is_err(), "byte {place} of {:?}", String::from_utf8_lossy(&bad));
    }
    let lines: Vec<&[u8]> = good.split_inclusive(|byte| *byte == b'\n').collect();
    for (lost, kept) in [(4, 8), (3, 7)] {
        let rest: Vec<u8> = lines.iter().enumerate().filter(|(n, _)| *n != lost).fold(
            Vec::new(),
            |mut all, (_, line)| {
                all.extend_from_slice(line);
                all
            },
        );
        assert!(kept < lines.len());
        fs::write(&file, rest).unwrap();
        assert!(
            matches!(RecordingContent::read(&file), Err(TapeError::Corrupt(_, line)) if line == lost + 1)
        );
    }
    for length in 0..good.len() {
        fs::write(&file, &good[..length]).unwrap();
        assert!(RecordingContent::finished(&file).is_err(), "{length}");
    }
}

#[test]
fn a_cut_recording_goes_on_where_it_was_and_asks_for_nothing_twice() {
    let (_folder, file) = folder();
    record(&file, 0, 0);
    let good = fs::read(&file).unwrap();
    let ends: Vec<usize> =
        good.iter().enumerate().filter(|(_, b)| **b == b'\n').map(|(n, _)| n + 1).collect();
    // Three lines stand before the first piece of work.
    for finished in 0..JOBS.len() {
        for torn in [0, 4] {
            fs::write(&file, &good[..ends[2 + finished] + torn]).unwrap();
            let inner = u64::try_from(finished).unwrap();
            record(&file, finished, inner);
            assert_eq!(fs::read(&file).unwrap(), good, "after {finished}");
        }
    }
}

#[test]
fn what_is_no_recording_is_named_so() {
    let (_folder, file) = folder();
    for text in ["", "hello\n", "assay-recording 2\n{}\n"] {
        fs::write(&file, text).unwrap();
        assert!(matches!(RecordingContent::read(&file), Err(TapeError::NotOne(_))), "{text:?}");
    }
    fs::write(&file, [0xff, 0xfe]).unwrap();
    assert!(matches!(RecordingContent::read(&file), Err(TapeError::NotOne(_))));
    assert!(matches!(RecordingContent::read(&file.join("no")), Err(TapeError::Unreadable(..))));
}

#[test]
fn a_run_that_is_stopping_costs_no_more_work_and_keeps_none() {
    let (_folder, file) = folder();
    let tape = Arc::new(Mutex::new(RecordingWriter::begin(&file, &header()).unwrap()));
    let alarm = Alarm::default();
    alarm.raise(Fault::Machine("lost".to_string()));
    let kept = Arc::new(RecordingContent::default());
    let mut miner = Recording::new(0, Box::new(Trio(0)), kept, tape, alarm);
    assert_eq!(compute_one(&mut miner, work(0)).outcome, Output::Failed);
    assert_eq!(RecordingContent::read(&file).unwrap().works().count(), 0);
}
