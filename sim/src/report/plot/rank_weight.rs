//! Rank to weight: what the weighting rule makes of an order of scores, and what was sent.

use crate::base::math;
use crate::model::weighting::Board;
use crate::model::weighting::WeightingSpec;
use crate::report::plot::Absent;
use crate::report::plot::Picture;
use crate::report::plot::Plot;
use crate::report::plot::axis::Axis;
use crate::report::plot::brush::LINE;
use crate::report::plot::frame::Chart;
use crate::report::plot::frame::HEIGHT;
use crate::report::plot::palette::Classes;
use crate::report::plot::palette::GREY;
use crate::report::plot::palette::LegendEntry;
use crate::report::plot::palette::Shape;
use crate::report::plot::palette::figure;
use crate::report::read::Kept;
use crate::report::read::Miners;

pub(super) const PLOT: Plot = Plot {
    name: "rank_weight",
    title: "From rank to weight",
    caption: "The line is the rule, the shapes are the weights sent at the last validator step of the first replication, \
              after rounding to u16. A softmax of ranks pays each place about the same factor more than the next, however \
              close the scores are.",
    make,
};

const PERCENT: f64 = 100.0;

/// A miner's place in the last row: name, class, wins then, score, share of the u16 of all miners [%].
struct Sent {
    name: String,
    class: usize,
    wins: f64,
    score: f64,
    share: f64,
}

fn make(kept: &Kept) -> Result<Picture<'_>, Absent> {
    let miners = kept.miners.as_ref().ok_or(Absent::Irrelevant)?;
    let sent = sent(miners);
    if sent.is_empty() {
        return Err(Absent::Missing("no miner has a score and a weight".to_string()));
    }
    let rule = rule(kept, &sent);
    let classes = Classes::of(miners);
    let mut legend = classes.legend();
    if !rule.is_empty() {
        legend.push(LegendEntry::new("the rule", GREY, Shape::Line));
    }
    let (first, last) = (sent[0].share, sent[sent.len() - 1].share);
    let summary = format!(
        "{} miners with a score; the first of them has {first:.2} % of the miners' weight, the last {last:.2} %.",
        sent.len()
    );
    Ok(Picture {
        summary,
        legend,
        height: HEIGHT,
        paint: Box::new(move |area, space| {
            let rank = |place: usize| math::float_len(place + 1);
            let x = Axis::linear("Rank of the score [1 is best]", 0.0, rank(sent.len()));
            let shares = sent.iter().map(|s| s.share).chain(rule.iter().copied());
            let y = Axis::from_zero("Share of the miners' weight [%]", shares);
            let chart = Chart::new(area, space, (x, y))?;
            let line = rule.iter().enumerate().map(|(place, share)| Some((rank(place), *share)));
            chart.line(line, GREY, LINE)?;
            for (place, one) in sent.iter().enumerate() {
                let at = chart.at(rank(place), one.share);
                chart.brush.shape(at, classes.look(one.class))?;
                let (name, share, score) = (&one.name, figure(one.share), figure(one.score));
                let text =
                    format!("rank {}: {name}, score {score}, {share} % of the weight", place + 1);
                chart.brush.value(at, text)?;
            }
            Ok(())
        }),
    })
}

/// The last row of the first replication, best score first.
fn sent(miners: &Miners) -> Vec<Sent> {
    let weight = |m| miners.at("weight_u16", 0, m).unwrap_or(0.0);
    let whole: f64 = (0..miners.len()).map(weight).sum();
    if whole <= 0.0 {
        return Vec::new();
    }
    let one = |m: usize| Sent {
        name: miners.names[m].name.clone(),
        class: miners.names[m].class,
        wins: miners.at("wins", 0, m).unwrap_or(0.0),
        score: miners.at("score", 0, m).unwrap_or(0.0),
        share: PERCENT * weight(m) / whole,
    };
    let has_rate = |m: &usize| miners.at("win_rate", 0, *m).is_some();
    let mut sent: Vec<Sent> = (0..miners.len()).filter(has_rate).map(one).collect();
    let better = |a: &Sent, b: &Sent| b.wins.total_cmp(&a.wins).then(b.share.total_cmp(&a.share));
    sent.sort_by(better);
    sent
}

/// What the scenario's rule gives the same order of scores [% of the miners' weight]; empty where it cannot be read.
///
/// A rule that looks at ranks alone is shown without ties, any other with the scores as they are.
fn rule(kept: &Kept, sent: &[Sent]) -> Vec<f64> {
    let scenario: Option<toml::Table> = kept.manifest.scenario_text.parse().ok();
    let read =
        |path: [&str; 2]| scenario.as_ref().and_then(|s| s.get(path[0])?.get(path[1])).cloned();
    let number = |key| read(["chain", key]).and_then(|value| value.as_integer());
    let spec = read(["validators", "weighting"]).and_then(|value| value.try_into().ok());
    let (Some(spec), Some(uids)) = (spec, number("uids")) else { return Vec::new() };
    let spec: WeightingSpec = spec;
    let uids = usize::try_from(uids).unwrap_or(0).max(sent.len() + 1);
    let distinct = matches!(spec, WeightingSpec::WinRate(_));
    let count = math::float_len(sent.len());
    let mut scores = vec![0.0; uids];
    for (place, one) in sent.iter().enumerate() {
        scores[place] = if distinct { 1.0 - math::float_len(place) / count } else { one.score };
    }
    let (nobody, keys) = (vec![false; uids], vec![None; uids]);
    let start = number("start_block").and_then(|block| u64::try_from(block).ok());
    let weighing = spec.build().weigh(&Board {
        scores: &scores,
        invalid: &nobody,
        banned: &nobody,
        coldkeys: &keys,
        owner: Some(uids - 1),
        block: start.unwrap_or(0),
    });
    let weights = &weighing.weights[..sent.len()];
    let whole: f64 = weights.iter().sum();
    if whole.is_nan() || whole <= 0.0 {
        return Vec::new();
    }
    weights.iter().map(|weight| PERCENT * weight / whole).collect()
}
