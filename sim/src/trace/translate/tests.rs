//! Exports in other columns and units.

use super::*;
use crate::trace::jobs::RecordedJobs;

const MAP: &str = "time_unit = 's'\n[columns]\ncreated_at_ms = 'created'\nminer = 'hotkey'\n\
    status = 'state'\ncallback_received_ms = 'done'\n[status]\ncompleted = 'success'\n";

fn read(map: &str, text: &str) -> Result<RecordedJobs, TraceError> {
    let map = ColumnMap::parse(map).unwrap();
    let input: Box<dyn BufRead> = Box::new(io::Cursor::new(text.as_bytes().to_vec()));
    let mut rows = crate::trace::TraceRows::open(translate(input, &map)?)?;
    RecordedJobs::read(&mut rows, false, &|_| {})
}

#[test]
fn columns_units_and_statuses_are_translated() {
    let jobs =
        read(MAP, "hotkey,created,done,state\na,100.5,102,completed\nb,130,,pending\n").unwrap();
    assert_eq!(jobs.miners, ["a", "b"]);
    assert_eq!((jobs.rows[0].created_ms, jobs.rows[0].total_ms), (0, Some(1500)));
    assert_eq!((jobs.rows[1].created_ms, jobs.rows[1].total_ms), (29_500, None));
    assert!(jobs.rows[0].is_success());
}

#[test]
fn json_lines_are_read_and_their_lines_counted() {
    let map = format!("format = 'jsonl'\n{MAP}");
    let good = r#"{"hotkey": "a", "created": 1, "done": 3.25, "state": "completed", "x": [1]}"#;
    let jobs = read(&map, &format!("{good}\n")).unwrap();
    assert_eq!(jobs.rows[0].total_ms, Some(2250));
    for (bad, told) in [
        ("nonsense", "line 2:"),
        ("{\"hotkey\": \"a\", \"created\": \"NaN\", \"state\": \"completed\"}", "line 2, column 2"),
    ] {
        let error = read(&map, &format!("{good}\n{bad}\n")).unwrap_err().to_string();
        assert!(error.contains(told), "{error}");
    }
}

#[test]
fn a_column_that_is_not_there_is_named_with_those_that_are() {
    let error = read(MAP, "hotkey,created,state\na,1,completed\n").unwrap_err().to_string();
    assert!(error.contains("\"done\"") && error.contains("hotkey, created, state"), "{error}");
}

#[test]
fn bad_values_are_refused_in_their_place() {
    for (row, told) in [
        ("a,NaN,3,completed", "created_at_ms"),
        ("a,1,3,half", "status"),
        (",1,3,completed", "miner"),
        ("a,1", "has 2 fields"),
    ] {
        let error = read(MAP, &format!("hotkey,created,done,state\n{row}\n")).unwrap_err();
        let error = error.to_string();
        assert!(error.contains("line 2") && error.contains(told), "{error}");
    }
}
