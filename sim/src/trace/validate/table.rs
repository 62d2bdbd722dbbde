//! A check in a table and in words.

use crate::base::math;
use crate::trace::jobs::HOUR_MS;
use crate::trace::validate::StatisticScope;
use crate::trace::validate::ValidatedStatistic;
use crate::trace::validate::ValidationResult;

/// Headings of `validation.csv`. A figure's unit stands in its row; distances are in half-widths of the real interval.
const HEADINGS: [&str; 17] = [
    "statistic",
    "unit",
    "real",
    "simulated_median",
    "simulated_p2_5",
    "simulated_p97_5",
    "p",
    "use",
    "part",
    "p_adjusted",
    "real_half_width",
    "distance_half_widths",
    "undefined_share",
    "null_median",
    "null_p",
    "null_distance_half_widths",
    "unjudged_because",
];

/// What a statistic is used for.
fn use_of(entry: &ValidatedStatistic) -> &'static str {
    match (entry.over, entry.p) {
        (_, None) => "none",
        (StatisticScope::Whole, Some(_)) => "warn",
        (StatisticScope::Last, Some(_)) => "verdict",
    }
}

fn part(over: StatisticScope) -> &'static str {
    match over {
        StatisticScope::Whole => "whole",
        StatisticScope::Last => "last",
    }
}

/// The table as CSV. An empty cell has no value.
///
/// # Panics
/// Never: writing to memory does not fail.
pub(crate) fn to_csv(
    validated: &ValidationResult,
    figure: &dyn Fn(Option<f64>) -> String,
) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(HEADINGS).expect("writing to memory");
    for entry in &validated.entries {
        let simulated = |place: usize| figure(entry.simulated.map(|three| three[place]));
        let row = [
            entry.name.to_string(),
            entry.unit.to_string(),
            figure(entry.real),
            simulated(1),
            simulated(0),
            simulated(2),
            figure(entry.p),
            use_of(entry).to_string(),
            part(entry.over).to_string(),
            figure(entry.p_adjusted),
            figure(entry.half_width),
            figure(entry.distance()),
            figure(Some(entry.undefined)),
            figure(entry.null.map(|null| null.0)),
            figure(entry.null.map(|null| null.1)),
            figure(entry.null_distance()),
            entry.unjudged.unwrap_or_default().to_string(),
        ];
        writer.write_record(row).expect("writing to memory");
    }
    writer.into_inner().expect("writing to memory")
}

/// The verdict and what it rests on, in words.
pub(crate) fn words(validated: &ValidationResult) -> String {
    let alpha = validated.alpha;
    let mut lines = Vec::new();
    let from_h = math::float(validated.from_ms) / math::float(HOUR_MS);
    lines.push(format!(
        "{:<44} {:>10} {:>10} {:>21} {:>7} {:>7} {:>8} {:>9}",
        "statistic of the last part", "real", "simulated", "95 %", "p", "all", "distance", "null's"
    ));
    for entry in validated.entries.iter().filter(|entry| entry.over == StatisticScope::Last) {
        let Some(p) = entry.p else { continue };
        let [low, median, high] = entry.simulated.unwrap_or_default();
        let maybe = |x: Option<f64>| x.map_or(String::new(), |x| format!("{x:+.1}"));
        lines.push(format!(
            "{:<44} {:>10.4} {:>10.4} {:>10.4} {:>10.4} {:>7.4} {:>7.4} {:>8} {:>9}{}",
            entry.name,
            entry.real.unwrap_or_default(),
            median,
            low,
            high,
            p,
            entry.p_adjusted.unwrap_or(1.0),
            maybe(entry.distance()),
            maybe(entry.null_distance()),
            if entry.p_adjusted.is_some_and(|p| p <= alpha) { "  OUT" } else { "" }
        ));
    }
    let whole: Vec<_> =
        validated.entries.iter().filter(|entry| entry.over == StatisticScope::Whole).collect();
    let out: Vec<_> = whole
        .iter()
        .filter(|entry| entry.p.is_some_and(|p| p <= alpha))
        .map(|entry| entry.name)
        .collect();
    lines.push(format!(
        "\nwhole trace: {} of {} statistics have p below {alpha}, each by itself{}{}",
        out.len(),
        whole.iter().filter(|entry| entry.p.is_some()).count(),
        if out.is_empty() { "" } else { ": " },
        out.join(", ")
    ));
    let last = || validated.entries.iter().filter(|entry| entry.over == StatisticScope::Last);
    let middle = |of: &dyn Fn(&ValidatedStatistic) -> Option<f64>| {
        let mut all: Vec<f64> = last().filter_map(of).map(f64::abs).collect();
        all.sort_by(f64::total_cmp);
        all.get(all.len() / 2).map_or(String::from("undefined"), |x| format!("{x:.1}"))
    };
    lines.push(format!(
        "median distance from hour {from_h:.2} on: {} half-widths of the real interval; null model (the first part, resampled): {}",
        middle(&ValidatedStatistic::distance),
        middle(&ValidatedStatistic::null_distance)
    ));
    let worst = last().filter(|entry| entry.p.is_some()).max_by(|a, b| {
        a.distance().map_or(0.0, f64::abs).total_cmp(&b.distance().map_or(0.0, f64::abs))
    });
    if let Some((entry, distance)) = worst.and_then(|entry| Some((entry, entry.distance()?))) {
        lines.push(format!("farthest: {}, {distance:+.1} half-widths", entry.name));
    }
    let count = last().filter(|entry| entry.p_adjusted.is_some_and(|p| p <= alpha)).count();
    lines.push(format!(
        "{} replications; alpha {alpha}, all statistics of the last part together (Westfall, Young)",
        validated.replications
    ));
    lines.push(if validated.rejected {
        format!("REJECTED: {count} statistics of the last part are out")
    } else {
        "NOT REJECTED: no statistic of the last part is out; that does not make the scenario correct".to_string()
    });
    lines.join("\n") + "\n"
}
