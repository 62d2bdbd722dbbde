//! A validation's findings in words, for machines, and as a page with a plot.

use crate::session::validate::Findings;
use crate::study::Excess;
use std::fmt::Write;

const PERCENT: f64 = 100.0;
/// What no validation here tests.
const UNTESTED: &str =
    "Not tested: miners that slow each other on one device, and networks (laws on both sides).";

/// The findings as lines.
pub(super) fn text(findings: &Findings, measured_min: f64) -> String {
    let a = &findings.agreement;
    let mut lines = vec![
        format!("{}: {} pairs, real against simulated", findings.scenario, a.pairs),
        format!("device: {}", findings.device),
    ];
    for (cohort, ms) in &findings.fitted {
        lines.push(format!("fitted   {cohort:<16} mean service {ms:.3} ms"));
    }
    for (cohort, factor) in &findings.slower {
        lines.push(format!("altered  {cohort:<16} service times {factor} on purpose"));
    }
    for line in &a.classes {
        lines.push(format!(
            "{}  pay share {:<16} real {:.2} %, simulated {:.2} %, difference {:+.3} points, bounds {:+.3} to {:+.3}, margin {} points, p {:.2e}",
            word(line.is_within),
            line.class,
            line.real * PERCENT,
            line.simulated * PERCENT,
            line.difference * PERCENT,
            line.bounds.0 * PERCENT,
            line.bounds.1 * PERCENT,
            a.margins.share * PERCENT,
            line.p,
        ));
    }
    for (name, excess) in [("total variation", &a.variation), ("rank disagreement", &a.rank)] {
        lines.push(excess_line(name, excess));
    }
    for line in &a.latency {
        let ms = |ms: Option<u64>| ms.map_or("none".to_string(), |ms| format!("{ms} ms"));
        lines.push(format!(
            "      latency {:<16} {:>4.0} % quantile: real {}, simulated {} (not judged)",
            line.class,
            line.quantile * PERCENT,
            ms(line.real_ms),
            ms(line.simulated_ms)
        ));
    }
    if a.unpaid > 0 {
        lines.push(format!("FAIL  nobody was paid in {} runs", a.unpaid));
    }
    let share = findings.measured_share_of_score_variance;
    lines.push(format!(
        "{}  {:.0} % of the variance of scores comes from measured time, at least {:.0} % needed",
        word(share >= measured_min),
        share * PERCENT,
        measured_min * PERCENT
    ));
    lines.push(UNTESTED.to_string());
    lines.push(format!("verdict  {}", if a.agrees { "AGREES" } else { "REJECTED" }));
    lines.join("\n")
}

fn excess_line(name: &str, excess: &Excess) -> String {
    format!(
        "{}  {name}: real-simulated {:.4}, simulated-simulated {:.4}, excess below {:.4}, margin {}",
        word(excess.is_within),
        excess.real,
        excess.simulated,
        excess.upper,
        excess.margin
    )
}

fn word(is_within: bool) -> &'static str {
    if is_within { "PASS" } else { "FAIL" }
}

/// The findings as JSON.
pub(super) fn json(findings: &Findings) -> Vec<u8> {
    let mut bytes = serde_json::to_vec_pretty(findings).expect("plain values are JSON");
    bytes.push(b'\n');
    bytes
}

/// The findings as a page that needs nothing else.
pub(super) fn html(findings: &Findings, measured_min: f64) -> Vec<u8> {
    let name = escaped(&findings.scenario);
    let words = escaped(&text(findings, measured_min));
    let mut page = format!(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{name}</title></head>\n\
         <body><h1>{name}: is simulated pay real pay?</h1>\n"
    );
    plot(&mut page, findings);
    write!(page, "<pre>{words}</pre>\n</body></html>\n").expect("a string takes all");
    page.into_bytes()
}

/// A line a class: the interval of the difference in points, between the two margins.
fn plot(page: &mut String, findings: &Findings) {
    /// Sizes in pixels, and points shown on either side of the margin.
    const WIDTH: f64 = 720.0;
    const ROW: f64 = 28.0;
    const LEFT: f64 = 160.0;
    const BEYOND: f64 = 3.0;
    let a = &findings.agreement;
    let reach = a.margins.share * BEYOND;
    let x = |share: f64| {
        let inside = share.clamp(-reach, reach) / reach;
        LEFT + (WIDTH - LEFT) * (inside + 1.0) / 2.0
    };
    let height = ROW * (crate::math::float_len(a.classes.len()) + 1.0);
    let mut svg = format!(
        "<svg width=\"{WIDTH}\" height=\"{height}\" font-family=\"sans-serif\" font-size=\"13\">\n"
    );
    for margin in [-a.margins.share, 0.0, a.margins.share] {
        let dash = if margin.abs() > 0.0 { "5 3" } else { "none" };
        let x = x(margin);
        writeln!(svg, "<line x1=\"{x:.1}\" x2=\"{x:.1}\" y1=\"0\" y2=\"{height}\" stroke=\"#888\" stroke-dasharray=\"{dash}\"/>")
            .expect("a string takes all");
    }
    for (place, line) in a.classes.iter().enumerate() {
        let y = ROW * (crate::math::float_len(place) + 0.7);
        let colour = if line.is_within { "#1b7837" } else { "#b2182b" };
        let (low, mid, high) = (x(line.bounds.0), x(line.difference), x(line.bounds.1));
        writeln!(
            svg,
            "<text x=\"4\" y=\"{:.1}\">{}</text><line x1=\"{low:.1}\" x2=\"{high:.1}\" y1=\"{y:.1}\" y2=\"{y:.1}\" stroke=\"{colour}\" stroke-width=\"3\"/><circle cx=\"{mid:.1}\" cy=\"{y:.1}\" r=\"4\" fill=\"{colour}\"/>",
            y + 4.0,
            escaped(&line.class)
        )
        .expect("a string takes all");
    }
    let points = a.margins.share * PERCENT;
    write!(page, "{svg}</svg>\n<p>Simulated less real pay share by class, 90 % interval; dashed: margin of {points} points.</p>\n")
        .expect("a string takes all");
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
