//! Good rows, and every way in which a row can be bad: a place and a reason, never a panic.

use super::*;
use proptest::prelude::any;
use proptest::prelude::prop;
use proptest::prelude::proptest;

const HEADING: &str = "job,created_at_ms,dispatched_ms,miner,num_inference_steps,status,failure_reason,latency_ms,total_runtime_ms,callback_received_ms,response_ms,last_updated_ms,has_image,image_size";
const GOOD: &str = "0,0,599,m00,60,success,,12933,13532,13532,13913,13913,1,1002460";

/// The rows of a file: usable ones, or what is wrong with each.
fn rows(bytes: &[u8]) -> Vec<Result<Imported, String>> {
    let mut rows = TraceRows::open(bytes).unwrap();
    let mut all = Vec::new();
    loop {
        let mut imported = Imported::default();
        match rows.next(&mut imported) {
            Ok(true) => all.push(Ok(imported)),
            Ok(false) => return all,
            Err(error) => all.push(Err(error.to_string())),
        }
    }
}

fn file(lines: &[&str]) -> Vec<u8> {
    let mut text = format!("{HEADING}\n");
    for line in lines {
        text.push_str(line);
        text.push('\n');
    }
    text.into_bytes()
}

/// What is wrong with one row, with a good one behind it that must survive.
fn fault(line: &str) -> String {
    let good = GOOD.replacen("0,0,", "9,0,", 1);
    let all = rows(&file(&[line, &good]));
    assert_eq!(all.len(), 2, "{all:?}");
    assert!(all[1].is_ok(), "{all:?}");
    all[0].clone().unwrap_err()
}

fn refused(bytes: &[u8]) -> String {
    TraceRows::open(bytes).unwrap_err().to_string()
}

#[test]
fn a_row_of_the_published_file_is_read_whole() {
    let all = rows(&file(&[GOOD]));
    let imported = all[0].as_ref().unwrap();
    assert_eq!((imported.line, imported.miner.as_str()), (2, "m00"));
    assert_eq!(imported.row.fields("m00").join(","), GOOD);
}

#[test]
fn further_columns_and_another_order_are_no_fault() {
    let reversed: Vec<_> = HEADING.split(',').rev().collect();
    let fields: Vec<_> = GOOD.split(',').rev().collect();
    let text = format!("truth,{}\r\n7,{}", reversed.join(","), fields.join(","));
    assert_eq!(rows(text.as_bytes())[0].as_ref().unwrap().row.fields("m00").join(","), GOOD);
}

#[test]
fn the_kind_is_read_where_the_file_has_one() {
    let text = format!("{HEADING},kind\n{GOOD},lora\n1{},\n", &GOOD[1..]);
    let all = rows(text.as_bytes());
    assert_eq!(all[0].as_ref().unwrap().kind, "lora");
    assert!(all[1].as_ref().unwrap_err().contains("column 15 (kind)"), "{all:?}");
}

#[test]
fn an_empty_file_and_missing_columns_are_told() {
    assert!(refused(b"").contains("empty"));
    assert!(refused(b"\n\n").contains("empty"));
    let told = refused(b"job,miner\n");
    assert!(told.contains("line 1") && told.contains("created_at_ms, dispatched_ms"), "{told}");
    assert!(refused(format!("{HEADING},job\n").as_bytes()).contains("job stands there twice"));
    assert!(refused(&vec![b'x'; 10 << 20]).contains("columns are missing"));
}

#[test]
fn a_bad_field_is_told_with_line_and_column() {
    for (line, expected) in [
        (GOOD.replacen("0,0,", "0,-5,", 1), "line 2, column 2 (created_at_ms): is \"-5\""),
        (GOOD.replacen("0,0,", "x,0,", 1), "column 1 (job): is \"x\", allowed: a whole number"),
        (GOOD.replace("success", "done"), "column 6 (status): is \"done\", allowed: pending"),
        (GOOD.replace("12933", "1e3"), "column 8 (latency_ms): is \"1e3\""),
        (
            GOOD.replace(",1,1002460", ",yes,1002460"),
            "column 13 (has_image): is \"yes\", allowed: 0, 1",
        ),
        (GOOD.replace("1002460", "99999999999999999999"), "column 14 (image_size)"),
        (GOOD.replace("m00", ""), "column 4 (miner): is \"\""),
        (GOOD.replace(",60,", ",,"), "column 5 (num_inference_steps): is \"\""),
        (GOOD.replace("13913,13913", "13913,"), "column 12 (last_updated_ms): is \"\""),
        (GOOD.replace("0,0,", "0,600,"), "column 3 (dispatched_ms): is \"599\", allowed: from 600"),
        (GOOD.replace(",599,", ",9007199254740993,"), "column 3 (dispatched_ms)"),
    ] {
        let told = fault(&line);
        assert!(told.contains(expected), "{line}: {told}");
        assert!(told.contains("--skip-bad"), "{told}");
    }
}

#[test]
fn a_line_cut_short_or_drawn_out_is_told() {
    assert!(fault(&GOOD[..20]).contains("has 6 fields, allowed: 14"), "{}", fault(&GOOD[..20]));
    assert!(fault("0").contains("has 1 field, allowed: 14"));
    assert!(fault(&format!("{GOOD},1")).contains("has 15 fields, allowed: 14"));
}

#[test]
fn a_line_of_ten_megabytes_is_told_and_left_behind() {
    assert!(fault(&"9".repeat(10 << 20)).contains("line 2: the line is too long"));
}

#[test]
fn an_unpaired_quote_does_not_swallow_the_rows_behind_it() {
    assert!(fault(&GOOD.replace("m00", "\"m00")).contains("line 2: a quote is opened"));
    let quoted = GOOD.replace("m00", "\"m00\"");
    assert_eq!(rows(&file(&[&quoted]))[0].as_ref().unwrap().miner, "m00");
}

#[test]
fn bytes_that_are_no_text_are_told() {
    for (place, column) in [("m00", "column 4 (miner)"), ("success", "column 6 (status)")] {
        let line = GOOD.replace(place, "@");
        let at = line.find('@').unwrap();
        let mut bytes = file(&[&line]);
        let offset = HEADING.len() + 1 + at;
        bytes[offset] = 0xff;
        let told = rows(&bytes)[0].clone().unwrap_err();
        assert!(told.contains(column) && told.contains("UTF-8"), "{told}");
    }
}

#[test]
fn a_job_again_or_out_of_order_is_told() {
    let again = rows(&file(&[GOOD, GOOD]));
    assert!(again[1].clone().unwrap_err().contains("line 3, column 1 (job)"), "{again:?}");
    let later = GOOD.replacen("0,0,", "1,500,", 1);
    let earlier = GOOD.replacen("0,0,", "2,499,", 1);
    let next = GOOD.replacen("0,0,", "3,500,", 1);
    let all = rows(&file(&[&later, &earlier, &next]));
    assert!(all[1].clone().unwrap_err().contains("from 500 on"), "{all:?}");
    assert!(all[2].is_ok(), "the last good row counts: {all:?}");
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let mut whole = file(&[GOOD]);
        whole.extend_from_slice(&bytes);
        assert!(rows(&whole)[0].is_ok());
        let opened = TraceRows::open(bytes.as_slice());
        assert!(opened.is_err(), "no random bytes have all headings");
    }

    #[test]
    fn a_file_cut_anywhere_gives_rows_or_a_reason(cut in 0..400_usize) {
        let whole = file(&[GOOD, &GOOD.replacen("0,0,", "1,0,", 1)]);
        let cut = cut.min(whole.len());
        if let Ok(mut rows) = TraceRows::open(&whole[..cut]) {
            let mut imported = Imported::default();
            while !matches!(rows.next(&mut imported), Ok(false)) {}
        }
    }
}
