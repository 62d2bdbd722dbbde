//! A metagraph snapshot, CSV or JSON as `btcli` writes it, as the cohorts of a scenario.
//!
//! Neurons of one coldkey are one operator's cohort, those alone with theirs one cohort together. Whoever has a permit and
//! has set weights of late is a validator, with the others' stake as the router's stake.

use crate::base::math;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Write;

/// Blocks without weights after which a validator is inactive. Source: chain.md section 8, activity cutoff.
const CUTOFF_BLOCKS: u64 = 5000;
/// Most validators. Source: chain.md section 8, 64 permits.
const VALIDATORS_MAX: usize = 64;
/// Places on a subnet.
const UIDS: u64 = 256;
/// Most stake of a neuron [alpha].
const STAKE_MAX: f64 = 21e6;
/// Headings that mean the same, in lower case, without what is no letter.
const NAMES: [(&str, &[&str]); 5] = [
    ("uid", &["uid", "id"]),
    ("stake", &["alphastake", "stake", "totalstake", "alpha"]),
    ("coldkey", &["coldkey", "coldkeyss", "cold"]),
    ("validator_permit", &["validatorpermit", "vpermit", "permit"]),
    ("last_update", &["lastupdate", "lastupdated", "updated"]),
];

/// A neuron of a snapshot.
#[derive(Clone, Debug, PartialEq)]
struct Neuron {
    uid: u16,
    stake: f64,
    coldkey: String,
    permit: bool,
    last_update: Option<u64>,
}

/// The scenario of a snapshot called `name`; `owner` is the owner's uid, whose neuron is left out.
///
/// # Errors
/// Text that names the place, what stands there and what may.
pub(crate) fn scenario(name: &str, bytes: &[u8], owner: u16) -> Result<String, String> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let before = &bytes[..error.valid_up_to()];
        let line = before.split(|byte| *byte == b'\n').count();
        format!("line {line}: is not UTF-8; save the file as UTF-8")
    })?;
    let first = text.trim_start().chars().next().ok_or("the file is empty, allowed: neurons")?;
    let rows = if first == '{' || first == '[' { json(text)? } else { csv(text)? };
    if rows.is_empty() {
        return Err("there is no neuron, allowed: at least one".to_string());
    }
    let mut seen: BTreeMap<u16, String> = BTreeMap::new();
    let mut neurons = Vec::new();
    for (place, row) in rows {
        let neuron = neuron(&row).map_err(|text| format!("{place}: {text}"))?;
        if let Some(other) = seen.insert(neuron.uid, place.clone()) {
            return Err(format!(
                "{place}: uid {} stands in {other} too, allowed: each uid once; remove one of the two",
                neuron.uid
            ));
        }
        neurons.push(neuron);
    }
    write(name, &neurons, owner).map_err(|_| "cannot write to memory".to_string())
}

/// Rows with their places.
type Rows = Vec<(String, BTreeMap<String, String>)>;

fn csv(text: &str) -> Result<Rows, String> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
    let headings = reader.headers().map_err(|error| error.to_string())?.clone();
    let mut rows = Rows::new();
    for record in reader.records() {
        let record = record.map_err(|error| error.to_string())?;
        let line = record.position().map_or(0, csv::Position::line);
        let row = headings.iter().zip(record.iter()).map(|(k, v)| (plain(k), v.to_string()));
        rows.push((format!("line {line}"), row.collect()));
    }
    Ok(rows)
}

/// A list of objects, an object that holds one, or one of equally long lists.
fn json(text: &str) -> Result<Rows, String> {
    let value: Value =
        serde_json::from_str(text).map_err(|error| format!("line {}: {error}", error.line()))?;
    let list = match &value {
        Value::Array(list) => list,
        Value::Object(object) => {
            let inner = object.values().filter_map(Value::as_array);
            let found = inner
                .filter(|list| list.first().is_some_and(Value::is_object))
                .max_by_key(|l| l.len());
            match found {
                Some(list) => list,
                None => return columns(object),
            }
        }
        _ => return Err("is no list of neurons".to_string()),
    };
    list.iter()
        .enumerate()
        .map(|(place, one)| {
            let place = format!("neuron {place}");
            let object = one.as_object().ok_or(format!("{place}: is no object"))?;
            Ok((place, object.iter().map(|(k, v)| (plain(k), shown(v))).collect()))
        })
        .collect()
}

fn columns(object: &serde_json::Map<String, Value>) -> Result<Rows, String> {
    let lists: Vec<_> =
        object.iter().filter_map(|(key, value)| Some((plain(key), value.as_array()?))).collect();
    let Some((_, first)) = lists.first() else {
        return Err("has no list of neurons, allowed: a list, or lists by name".to_string());
    };
    if let Some((key, list)) = lists.iter().find(|(_, list)| list.len() != first.len()) {
        return Err(format!("{key} has {} entries, others {}", list.len(), first.len()));
    }
    let row = |place: usize| {
        let cells = lists.iter().map(|(key, list)| (key.clone(), shown(&list[place])));
        (format!("entry {place}"), cells.collect())
    };
    Ok((0..first.len()).map(row).collect())
}

fn shown(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// A heading in lower case, letters only.
fn plain(heading: &str) -> String {
    heading.chars().filter(char::is_ascii_alphabetic).map(|c| c.to_ascii_lowercase()).collect()
}

fn neuron(row: &BTreeMap<String, String>) -> Result<Neuron, String> {
    let cell = |name: &str| {
        let (_, others) = NAMES.iter().find(|(own, _)| *own == name).expect("it is in the list");
        others.iter().find_map(|other| row.get(*other)).map(|text| text.trim())
    };
    let needed = |name: &str| {
        let found = cell(name).filter(|text| !text.is_empty());
        let there = || row.keys().cloned().collect::<Vec<_>>().join(", ");
        found.ok_or_else(|| format!("{name} is missing; there are: {}", there()))
    };
    let uid = needed("uid")?;
    let bad_uid = || format!("uid is {uid:?}, allowed: a whole number below {UIDS}");
    let number: u64 = uid.parse().map_err(|_| bad_uid())?;
    let uid = u16::try_from(number).ok().filter(|_| number < UIDS).ok_or_else(bad_uid)?;
    let text = needed("stake")?;
    let digits: String =
        text.chars().filter(|c| c.is_ascii_digit() || "+-.eE".contains(*c)).collect();
    let known = text.chars().all(|c| !c.is_ascii_alphabetic() || "eE".contains(c));
    let stake = digits.parse().ok().filter(|x: &f64| known && (0.0..=STAKE_MAX).contains(x));
    let stake =
        stake.ok_or_else(|| format!("stake is {text:?}, allowed: from 0 to {STAKE_MAX} alpha"))?;
    let permit = match cell("validator_permit").unwrap_or_default().to_ascii_lowercase().as_str() {
        "" | "0" | "false" | "no" | "-" => false,
        "1" | "true" | "yes" | "*" => true,
        other => return Err(format!("validator_permit is {other:?}, allowed: true or false")),
    };
    let updated = cell("last_update").filter(|text| !text.is_empty());
    let last_update = updated
        .map(|text| {
            text.parse::<u64>().map_err(|_| format!("last_update is {text:?}, allowed: a block"))
        })
        .transpose()?;
    let coldkey = cell("coldkey").unwrap_or_default().to_string();
    Ok(Neuron { uid, stake, coldkey, permit, last_update })
}

fn write(name: &str, neurons: &[Neuron], owner: u16) -> Result<String, std::fmt::Error> {
    let newest = neurons.iter().filter_map(|neuron| neuron.last_update).max().unwrap_or(0);
    let active = |neuron: &&Neuron| {
        neuron.permit && neuron.last_update.is_none_or(|at| newest - at <= CUTOFF_BLOCKS)
    };
    let mut validators: Vec<_> = neurons.iter().filter(active).filter(|n| n.uid != owner).collect();
    validators.sort_by(|a, b| b.stake.total_cmp(&a.stake).then(a.uid.cmp(&b.uid)));
    validators.truncate(VALIDATORS_MAX);
    let is_validator = |neuron: &Neuron| validators.iter().any(|other| other.uid == neuron.uid);
    let mut by_key: BTreeMap<&str, Vec<&Neuron>> = BTreeMap::new();
    let mut alone = Vec::new();
    for neuron in neurons.iter().filter(|n| n.uid != owner && !is_validator(n)) {
        if neuron.coldkey.is_empty() {
            alone.push(neuron);
        } else {
            by_key.entry(&neuron.coldkey).or_default().push(neuron);
        }
    }
    let mut shared: Vec<Vec<&Neuron>> = Vec::new();
    for (_, own) in by_key {
        if own.len() == 1 { alone.extend(own) } else { shared.push(own) }
    }
    shared.sort_by_key(|own| (usize::MAX - own.len(), own[0].uid));
    alone.sort_by_key(|neuron| neuron.uid);
    let mut out = String::new();
    writeln!(
        out,
        "# Who gets paid on the subnet of the snapshot {name}, if all of its miners are honest?"
    )?;
    writeln!(
        out,
        "# Stakes, uids and shared coldkeys are the snapshot's; latencies and arrivals are not in it: replace them."
    )?;
    writeln!(
        out,
        "# uid {owner} is taken for the owner's; change chain.owner_uid, or give --owner-uid, where it is not.\n"
    )?;
    writeln!(
        out,
        "[[client]]\nname = \"client\"\n[client.arrivals.closed_loop]\nthink_ms = 30023.0\n"
    )?;
    writeln!(out, "[chain]\nuids = 256\nowner_uid = {owner}")?;
    for validator in &validators {
        writeln!(out, "\n[[validator]]\nname = \"validator-{}\"", validator.uid)?;
        writeln!(out, "stake_alpha = {:?}", validator.stake)?;
    }
    for (number, own) in shared.iter().enumerate() {
        cohort(&mut out, &format!("operator-{}", number + 1), own, true)?;
    }
    if !alone.is_empty() {
        cohort(&mut out, "independent", &alone, false)?;
    }
    Ok(out)
}

fn cohort(out: &mut String, name: &str, own: &[&Neuron], one_key: bool) -> std::fmt::Result {
    let stake: f64 = own.iter().map(|neuron| neuron.stake).sum();
    let count = own.len();
    writeln!(
        out,
        "\n# {count} miners, {:.1} alpha each in the mean",
        stake / math::float_len(count)
    )?;
    writeln!(out, "[[cohort]]\nname = \"{name}\"\nshared_coldkey = {one_key}")?;
    writeln!(out, "miner = [")?;
    for neuron in own {
        let uid = neuron.uid;
        writeln!(
            out,
            "  {{ name = \"uid-{uid}\", uid = {uid}, stake_alpha = {:?} }},",
            neuron.stake
        )?;
    }
    writeln!(out, "]\n[cohort.service.lognormal]\nmedian_ms = 6500.0\nsigma = 0.3")
}

#[cfg(test)]
mod tests;
