//! Instants and durations as other programs write them: numbers in a unit, or dates of the calendar.

use crate::base::math;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

/// A unit of time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Unit {
    /// Milliseconds, 1e-3 of a second.
    #[default]
    Ms,
    /// Seconds, the unit of the SI.
    S,
    /// Microseconds, 1e-6 of a second.
    Us,
    /// Nanoseconds, 1e-9 of a second.
    Ns,
    /// An instant by calendar, as 2025-10-27T05:35:01.5+02:00; in UTC where no offset stands.
    Iso,
}

impl Unit {
    /// Units that numbers may have, with what they are called and how many milliseconds they are.
    const NUMBERS: [(Self, &'static str, f64); 4] = [
        (Self::Ms, "milliseconds", 1.0),
        (Self::S, "seconds", 1000.0),
        (Self::Us, "microseconds", 1e-3),
        (Self::Ns, "nanoseconds", 1e-6),
    ];

    fn number(self) -> Option<(&'static str, f64)> {
        let found = Self::NUMBERS.iter().find(|(unit, ..)| *unit == self);
        found.map(|(_, name, scale)| (*name, *scale))
    }
}

/// Latest instant since 1970 that is read [ms]: the year 2286, when seconds have eleven digits. What is later was written
/// in a finer unit.
const LATEST_MS: f64 = 1e13;
/// Longest duration that is read [ms]: a year.
const LONGEST_MS: f64 = 31_536_000_000.0;
/// Seconds from 1970 to 2000: a number from here on is likelier an instant since 1970 than one since a trace's beginning.
const YEAR_2000_S: f64 = 946_684_800.0;

/// An instant as whole milliseconds: since 1970, or since whatever the numbers count from.
///
/// # Errors
/// What is allowed.
pub(crate) fn instant_ms(text: &str, unit: Unit) -> Result<u64, String> {
    let Some((name, scale)) = unit.number() else { return calendar_ms(text) };
    let most = LATEST_MS / scale;
    number(text)
        .map(|number| number * scale)
        .filter(|ms| (0.0..=LATEST_MS).contains(ms))
        .map(math::round_to_u64)
        .ok_or_else(|| format!("from 0 to {most} {name}"))
}

/// A duration as whole milliseconds.
///
/// # Errors
/// What is allowed.
pub(crate) fn duration_ms(text: &str, unit: Unit) -> Result<u64, String> {
    let (name, scale) = unit.number().unwrap_or(("milliseconds", 1.0));
    let most = LONGEST_MS / scale;
    number(text)
        .map(|number| number * scale)
        .filter(|ms| (0.0..=LONGEST_MS).contains(ms))
        .map(math::round_to_u64)
        .ok_or_else(|| format!("from 0 to {most} {name}, a year"))
}

/// An instant or a duration, its fraction of a millisecond kept [ms].
///
/// # Errors
/// What is allowed.
pub(crate) fn real_ms(text: &str, unit: Unit) -> Result<f64, String> {
    match unit.number() {
        None => calendar_ms(text).map(math::float),
        Some((_, scale)) => {
            let found = number(text).ok_or_else(|| "a number".to_string())?;
            // A check by the same bounds; the value itself is not rounded.
            instant_ms(text, unit).map(|_| found * scale)
        }
    }
}

/// Whether numbers of which the first is `text` could be in more than one unit, or are dates: then a unit has to be named.
pub(crate) fn needs_unit(text: &str) -> bool {
    let Some(first) = number(text) else { return true };
    first.fract() > 0.0 || is_unclear(first)
}

/// Whether an instant [ms] counts from 1970 rather than from a beginning of its own.
pub(crate) fn is_since_1970(ms: f64) -> bool {
    ms >= 1000.0 * YEAR_2000_S
}

/// Whether a number could be an instant since 1970 in another unit than milliseconds.
pub(crate) fn is_unclear(number: f64) -> bool {
    number >= YEAR_2000_S && !(1000.0 * YEAR_2000_S..LATEST_MS).contains(&number)
}

/// A plain number: digits, a point, an exponent.
fn number(text: &str) -> Option<f64> {
    let text = text.trim();
    let is_plain = text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte));
    text.parse().ok().filter(|number: &f64| is_plain && number.is_finite())
}

/// Days of 1970-01-01 since the year 0, with years that begin in March.
const EPOCH_DAYS: u64 = 719_468;
/// What is allowed where a date has to stand.
const DATES: &str =
    "a date as 2025-10-27T05:35:01.5Z, with Z, no zone (UTC) or an offset as +02:00";

/// `2025-10-27T05:35:01.5+02:00` as milliseconds since 1970; a space for the T and a comma for the point are the same, a
/// fraction is cut after milliseconds.
fn calendar_ms(text: &str) -> Result<u64, String> {
    let wrong = || DATES.to_string();
    let text = text.trim();
    let (date, rest) = text.split_once(['T', 't', ' ']).ok_or_else(wrong)?;
    let is_clock = |c: char| c.is_ascii_digit() || ":.,".contains(c);
    let end = rest.find(|c| !is_clock(c)).unwrap_or(rest.len());
    let (clock, zone) = rest.split_at(end);
    let days = days(date).ok_or_else(|| format!("{DATES}, and a day that there is"))?;
    let clock_ms = clock_of_day_ms(clock).ok_or_else(wrong)?;
    let (is_east, offset_ms) = offset(zone.trim()).ok_or_else(|| {
        "a zone by its offset, as Z or +02:00, and none by another name".to_string()
    })?;
    let local_ms = days * 24 * HOUR_MS + clock_ms;
    let utc_ms = if is_east { local_ms.checked_sub(offset_ms) } else { Some(local_ms + offset_ms) };
    utc_ms.ok_or_else(|| format!("{DATES}, from 1970 on"))
}

/// Milliseconds in an hour.
const HOUR_MS: u64 = 3_600_000;
/// Milliseconds in a minute.
const MINUTE_MS: u64 = 60_000;

/// Digits of exactly this many places, at most `most`.
fn digits(text: &str, places: usize, most: u64) -> Option<u64> {
    let plain = text.len() == places && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|number| plain && *number <= most)
}

/// Days from 1970 to a date that there is.
fn days(date: &str) -> Option<u64> {
    let mut parts = date.split('-');
    let year = digits(parts.next()?, 4, 9999)?;
    let month = digits(parts.next()?, 2, 12)?;
    let day = digits(parts.next()?, 2, 31)?;
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let last = match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    if parts.next().is_some() || year < 1970 || month < 1 || !(1..=last).contains(&day) {
        return None;
    }
    // Years that begin in March have the leap day last.
    let (years, months) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let since_0 =
        365 * years + years / 4 - years / 100 + years / 400 + (153 * months + 2) / 5 + day;
    Some(since_0 - 1 - EPOCH_DAYS)
}

/// A time of day; a leap second is read as the last of its minute and the next.
fn clock_of_day_ms(clock: &str) -> Option<u64> {
    let mut parts = clock.split(':');
    let hour = digits(parts.next()?, 2, 23)?;
    let minute = digits(parts.next()?, 2, 59)?;
    let (second, part) = match parts.next() {
        None => (0, "0"),
        Some(seconds) => {
            let (whole, part) = seconds.split_once(['.', ',']).unwrap_or((seconds, "0"));
            (digits(whole, 2, 60)?, part)
        }
    };
    if parts.next().is_some() || part.is_empty() || !part.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let thousandths = digits(&format!("{part:0<3}")[..3], 3, 999)?;
    Some(hour * HOUR_MS + minute * MINUTE_MS + second * 1000 + thousandths)
}

/// An offset from UTC: whether it is to the east, and how far [ms].
fn offset(zone: &str) -> Option<(bool, u64)> {
    /// Furthest offset that any place on earth has [h].
    const HOURS_MAX: u64 = 14;
    if ["", "Z", "z", "UTC", "GMT"].contains(&zone) {
        return Some((true, 0));
    }
    let is_east = zone.starts_with('+');
    let body = zone.strip_prefix(['+', '-'])?;
    let (hours, minutes) = match (body.split_once(':'), body.len()) {
        (Some((hours, minutes)), _) => (hours, minutes),
        (None, 2) => (body, "00"),
        (None, 4) if body.is_char_boundary(2) => body.split_at(2),
        (None, _) => return None,
    };
    let ms = digits(hours, 2, HOURS_MAX)? * HOUR_MS + digits(minutes, 2, 59)? * MINUTE_MS;
    Some((is_east, ms))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::any;
    use proptest::prelude::prop_assert;
    use proptest::prelude::proptest;

    #[test]
    fn instants_come_in_many_units() {
        assert_eq!(instant_ms("1.5", Unit::S), Ok(1500));
        assert_eq!(instant_ms("1500", Unit::Ms), Ok(1500));
        assert_eq!(instant_ms("1500000000", Unit::Ns), Ok(1500));
        for bad in ["NaN", "-1", "inf", "", "x", "1e300", "1,5", "0x10"] {
            assert!(instant_ms(bad, Unit::S).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_number_in_a_finer_unit_is_refused() {
        assert!(instant_ms("1761543301", Unit::S).is_ok());
        for (text, unit) in [
            ("1761543301500", Unit::S),
            ("1761543301500000", Unit::S),
            ("1761543301500000", Unit::Ms),
            ("1761543301500000000", Unit::Us),
            ("1761543301", Unit::Iso),
        ] {
            assert!(instant_ms(text, unit).is_err(), "{text} {unit:?}");
        }
        assert_eq!(duration_ms("5000", Unit::S), Ok(5_000_000));
        assert!(duration_ms("5000000000000", Unit::Ms).is_err());
    }

    #[test]
    fn dates_are_read_with_their_offsets() {
        // 2025-10-27 is day 20,388 since 1970; 05:35:01 is second 20,101.
        let noon = 1_761_543_301_500;
        for text in [
            "2025-10-27T05:35:01.5Z",
            "2025-10-27 05:35:01,5",
            "2025-10-27t05:35:01.500999z",
            "2025-10-27T07:35:01.5+0200",
            "2025-10-27T07:35:01.5+02",
            "2025-10-27T00:05:01.500-05:30",
            "2025-10-27 05:35:01.5 UTC",
        ] {
            assert_eq!(instant_ms(text, Unit::Iso), Ok(noon), "{text}");
        }
        assert_eq!(instant_ms("1970-01-01 00:00", Unit::Iso), Ok(0));
        assert_eq!(instant_ms("2024-02-29T00:00:00+00:00", Unit::Iso), Ok(1_709_164_800_000));
    }

    #[test]
    fn dates_that_there_are_not_are_refused() {
        for bad in [
            "2025-13-01T00:00:00Z",
            "2025-02-29T00:00:00Z",
            "2025-04-31T00:00:00Z",
            "2025-10-27",
            "2025-10-27T25:00:00Z",
            "2025-10-27T05:35:01.Z",
            "2025-10-27T05:35:01.aaéZ",
            "2025-10-27 05:37:06.000 PDT",
            "2025-10-27T05:35:01+15:00",
            "2025-10-27T05:35:01+2:00",
            "1970-01-01T00:00:00+01:00",
            "25-10-27T05:35:01Z",
            "é-1-1T0:0:0",
        ] {
            assert!(instant_ms(bad, Unit::Iso).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_unit_is_asked_for_where_numbers_do_not_say_it() {
        for clear in ["0", "400000000", "1761543301500"] {
            assert!(!needs_unit(clear), "{clear}");
        }
        for unclear in ["1761543301", "1.5", "1761543301500000", "2025-10-27T05:35:01Z"] {
            assert!(needs_unit(unclear), "{unclear}");
        }
    }

    proptest! {
        #[test]
        fn no_text_breaks_the_reading(text in any::<String>(), zone in "[ -~é]{0,12}") {
            let dated = format!("2025-10-27T05:35:01{zone}");
            for unit in [Unit::Ms, Unit::S, Unit::Us, Unit::Ns, Unit::Iso] {
                let each = [instant_ms(&text, unit), instant_ms(&dated, unit), duration_ms(&text, unit)];
                prop_assert!(each.iter().flatten().all(|ms| *ms < 1 << 53));
            }
        }
    }
}
