//! What a snapshot says of every neuron, and who is owner, validator and miner.

use crate::trace::metagraph::amount;
use crate::trace::metagraph::amount::Fraction;
use crate::trace::metagraph::table::NeuronCell;
use crate::trace::metagraph::table::NeuronRow;
use crate::trace::metagraph::table::Snapshot;
use std::collections::BTreeMap;

/// Blocks without weights after which a validator is inactive. Source: chain.md section 8, activity cutoff.
const CUTOFF_BLOCKS: u64 = 5000;
/// Age [blocks] that everybody's is above only where it is no age: 139 days. Source: ours.
const NO_AGE_BLOCKS: u64 = 1_000_000;
/// Most validators. Source: chain.md section 8, 64 permits.
const VALIDATORS_MAX: usize = 64;
/// Places on a subnet.
const UIDS: u64 = 256;
/// Most stake of a neuron [alpha].
const STAKE_MAX: f64 = 21e6;
/// Rao in a token; an amount from here on is one in rao.
const RAO: f64 = 1e9;
/// Weight of TAO on the root subnet in a validator's stake. Source: chain.md sections 4.2 and 8, live 0.18.
const TAO_WEIGHT: f64 = 0.18;
/// The owner's uid where nothing says another. Source: offchain.md section 7.
const OWNER_UID: u16 = 74;
/// Headings that mean the same, in lower case, letters only; the first that is there counts.
const NAMES: [(&str, &[&str]); 10] = [
    ("uid", &["uid", "uids", "id"]),
    ("total_stake", &["totalstake", "globalstake", "totalalphastake", "stake", "stakes"]),
    ("alpha_stake", &["alphastake", "localstake", "alpha"]),
    ("tao_stake", &["taostake", "rootstake", "tao"]),
    ("coldkey", &["coldkey", "coldkeys", "coldkeyss", "cold"]),
    ("hotkey", &["hotkey", "hotkeys", "hotkeyss", "hot"]),
    ("validator_permit", &["validatorpermit", "validatorpermits", "vpermit", "permit", "val"]),
    ("last_update", &["lastupdate", "lastupdates", "lastupdated", "lastupdateblock"]),
    ("updated", &["updated", "updatedblocks", "age", "blockssinceupdate", "blockssincelastupdate"]),
    ("dividends", &["dividends", "dividend"]),
];

/// A neuron of a snapshot.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Neuron {
    /// Index of the neuron on the subnet, `0..=255`.
    pub(super) uid: u16,
    /// Stake as the chain weighs a validator's, section 4.2 [alpha].
    pub(super) total_stake: f64,
    /// Stake on the subnet itself, which routers see [alpha].
    pub(super) alpha_stake: f64,
    tao_stake: Option<f64>,
    /// Its coldkey; empty where it is not known.
    pub(super) coldkey: String,
    hotkey: String,
    permit: Option<bool>,
    last_update: Option<u64>,
    age: Option<u64>,
    dividends: Option<f64>,
    is_validator: bool,
}

/// All neurons of a snapshot.
#[derive(Clone, Debug, Default)]
pub(super) struct SnapshotNeurons {
    pub(super) neurons: Vec<Neuron>,
    /// Uid that belongs to the subnet's owner, `0..=255`.
    pub(super) owner: u16,
    /// What could have been meant otherwise, in words.
    pub(super) guesses: Vec<String>,
}

impl SnapshotNeurons {
    /// Reads a snapshot.
    ///
    /// # Errors
    /// Text that names the place, what stands there and what may.
    pub(super) fn read(text: &str, owner: Option<u16>) -> Result<Self, String> {
        let is_known = |heading: &str| NAMES.iter().any(|(_, names)| names.contains(&heading));
        let Snapshot { rows, subnet, guesses } = Snapshot::read(text, &is_known)?;
        if rows.is_empty() {
            return Err("there is no neuron, allowed: at least one".to_string());
        }
        let fraction = fraction(&rows)?;
        let mut seen: BTreeMap<u16, String> = BTreeMap::new();
        let mut own = Self { guesses, ..Self::default() };
        for (place, row) in &rows {
            let neuron = neuron(row, fraction).map_err(|text| format!("{place}: {text}"))?;
            if let Some(other) = seen.insert(neuron.uid, place.clone()) {
                return Err(format!(
                    "{place}: uid {} stands in {other} too, allowed: each uid once; remove one of the two",
                    neuron.uid
                ));
            }
            own.neurons.push(neuron);
        }
        own.stakes(&rows)?;
        own.owner = own.owner(&subnet, owner)?;
        own.roles(&subnet);
        Ok(own)
    }

    /// Validators, the largest first.
    pub(super) fn validators(&self) -> Vec<&Neuron> {
        let mut found: Vec<_> = self.neurons.iter().filter(|n| n.is_validator).collect();
        found.sort_by(|a, b| b.total_stake.total_cmp(&a.total_stake).then(a.uid.cmp(&b.uid)));
        found
    }

    /// Everybody who is neither validator nor owner.
    pub(super) fn miners(&self) -> impl Iterator<Item = &Neuron> {
        self.neurons.iter().filter(|neuron| !neuron.is_validator && neuron.uid != self.owner)
    }

    fn guess(&mut self, text: impl Into<String>) {
        self.guesses.push(text.into());
    }

    /// Amounts in rao become alpha, and each kind of stake that is not there follows from the others.
    fn stakes(&mut self, rows: &[(String, NeuronRow)]) -> Result<(), String> {
        let all = || self.neurons.iter().flat_map(|n| [n.total_stake, n.alpha_stake]);
        let largest = all().filter(|x| x.is_finite()).fold(0.0, f64::max);
        let is_rao =
            largest >= RAO && all().filter(|x| x.is_finite()).all(|x| x.fract().abs() <= 0.0);
        if is_rao {
            for neuron in &mut self.neurons {
                neuron.total_stake /= RAO;
                neuron.alpha_stake /= RAO;
            }
            self.guess("stakes of 1,000,000,000 and more are in rao: all were divided by 1e9");
        }
        for (neuron, (place, row)) in self.neurons.iter().zip(rows) {
            for (name, stake) in
                [("stake", neuron.total_stake), ("alpha_stake", neuron.alpha_stake)]
            {
                if stake.is_finite() && !(0.0..=STAKE_MAX).contains(&stake) {
                    let name = if name == "stake" { "total_stake" } else { name };
                    let heading = heading(row, name).unwrap_or("stake");
                    return Err(format!(
                        "{place}: {heading} is {:?}, allowed: from 0 to {STAKE_MAX} alpha",
                        cell(row, name).map(NeuronCell::text).unwrap_or_default()
                    ));
                }
            }
        }
        let (mut has_tao, mut has_alpha_alone, mut has_total_alone) = (false, false, false);
        for neuron in &mut self.neurons {
            if neuron.total_stake.is_nan() {
                let tao = neuron.tao_stake.map(|tao| if is_rao { tao / RAO } else { tao });
                has_tao |= tao.is_some_and(|tao| tao > 0.0);
                has_alpha_alone |= tao.is_none();
                neuron.total_stake = neuron.alpha_stake + TAO_WEIGHT * tao.unwrap_or(0.0);
            }
            if neuron.alpha_stake.is_nan() {
                has_total_alone = true;
                neuron.alpha_stake = neuron.total_stake;
            }
        }
        if has_tao {
            self.guess(format!(
                "there is no total stake: alpha and {TAO_WEIGHT} times TAO together are taken for a validator's"
            ));
        }
        if has_alpha_alone {
            self.guess("there is no total stake: alpha alone is taken for a validator's");
        }
        if has_total_alone {
            self.guess(
                "there is one kind of stake: it is taken for what routers and the chain see",
            );
        }
        Ok(())
    }

    /// The owner's uid: as the caller says, or the snapshot's uid, hotkey or coldkey of the owner; else the usual one.
    fn owner(&mut self, subnet: &NeuronRow, asked: Option<u16>) -> Result<u16, String> {
        if let Some(uid) = asked {
            return Ok(uid);
        }
        let word =
            |key: &str| subnet.get(key).map(NeuronCell::text).filter(|text| !text.is_empty());
        if let Some(uid) = word("owneruid").and_then(|text| text.parse().ok()) {
            return Ok(uid);
        }
        let keys = ["ownerhotkey", "owner", "ownercoldkey", "ownerss", "ownercoldkeyss"];
        let keys: Vec<&str> = keys.iter().filter_map(|key| word(key)).collect();
        let by = |read: fn(&Neuron) -> &str| {
            let own = self.neurons.iter().filter(|n| keys.contains(&read(n)));
            own.map(|neuron| neuron.uid).min()
        };
        if let Some(uid) = by(|n| &n.hotkey).or_else(|| by(|n| &n.coldkey)) {
            self.guess(format!("uid {uid} holds the owner's key and is taken for the owner's"));
            return Ok(uid);
        }
        let is_taken = |uid: u16| self.neurons.iter().any(|neuron| neuron.uid == uid);
        if keys.is_empty() {
            self.guess(format!(
                "nothing says who owns the subnet: uid {OWNER_UID} is taken for the owner's; give --owner-uid where it is not"
            ));
            return Ok(OWNER_UID);
        }
        let last = u16::try_from(UIDS - 1).expect("256 places");
        let mut places = std::iter::once(OWNER_UID).chain((0..=last).rev());
        let free = places.find(|uid| !is_taken(*uid)).ok_or(
            "the owner holds no uid, and all are taken: name one with --owner-uid, its neuron is left out",
        )?;
        self.guess(format!(
            "the owner holds no uid in the snapshot: uid {free}, which is free, stands for it"
        ));
        Ok(free)
    }

    /// Who is a validator: by permit and by what shows that it is used, else by dividends.
    fn roles(&mut self, subnet: &NeuronRow) {
        let has = |read: &dyn Fn(&Neuron) -> bool| self.neurons.iter().any(read);
        let has_permits = has(&|n| n.permit.is_some());
        let has_dividends = has(&|n| n.dividends.is_some_and(|share| share > 0.0));
        let ages = self.ages(subnet);
        let owner = self.owner;
        let mut idle = Vec::new();
        for (neuron, age) in self.neurons.iter_mut().zip(&ages) {
            let is_paid = neuron.dividends.is_some_and(|share| share > 0.0);
            let is_active = age.is_none_or(|age| age <= CUTOFF_BLOCKS);
            let may = if has_permits { neuron.permit == Some(true) } else { is_paid };
            let does = if has_dividends { is_paid } else { is_active };
            neuron.is_validator = may && does && neuron.uid != owner;
            if may && !does && neuron.uid != owner {
                idle.push(neuron.uid.to_string());
            }
        }
        if !has_permits && has_dividends {
            self.guess("there are no permits: whoever has dividends is taken for a validator");
        }
        if has_permits && !has_dividends && ages.iter().all(Option::is_none) {
            self.guess(
                "nothing says who sets weights: whoever has a permit is taken for a validator",
            );
        }
        if !idle.is_empty() {
            let why = if has_dividends {
                "no dividends".to_string()
            } else {
                format!("set no weights for {CUTOFF_BLOCKS} blocks")
            };
            let idle = idle.join(", ");
            self.guess(format!("taken for miners, for they have a permit and {why}: uid {idle}"));
        }
        let too_many: Vec<u16> =
            self.validators().iter().skip(VALIDATORS_MAX).map(|neuron| neuron.uid).collect();
        for neuron in self.neurons.iter_mut().filter(|neuron| too_many.contains(&neuron.uid)) {
            neuron.is_validator = false;
        }
        if self.validators().is_empty() {
            self.guess("no neuron is a validator by what the snapshot says: one of 100,000 alpha, the default of scenarios, sets the weights");
        }
    }

    /// Blocks since each neuron set weights, where that is known.
    fn ages(&mut self, subnet: &NeuronRow) -> Vec<Option<u64>> {
        let ages: Vec<Option<u64>> = self.neurons.iter().map(|neuron| neuron.age).collect();
        let mut blocks: Vec<Option<u64>> = self.neurons.iter().map(|n| n.last_update).collect();
        if let Some(youngest) = ages.iter().flatten().min() {
            if *youngest <= NO_AGE_BLOCKS {
                return ages;
            }
            self.guess(format!(
                "`updated` is above {NO_AGE_BLOCKS} everywhere: it is taken for a block number and no age"
            ));
            blocks = ages;
        }
        let now = subnet.get("block").and_then(|cell| cell.text().parse::<u64>().ok());
        let newest = blocks.iter().flatten().max().copied();
        let Some(now) = now.max(newest) else { return blocks };
        blocks.into_iter().map(|at| at.map(|at| now - at)).collect()
    }
}

/// The heading in `row` of what we call `name`.
fn heading(row: &NeuronRow, name: &str) -> Option<&'static str> {
    let (_, others) = NAMES.iter().find(|(own, _)| *own == name).expect("it is in the list");
    others.iter().copied().find(|other| row.contains_key(*other))
}

/// The cell of `row` that we call `name`; none where it is not there, or empty.
fn cell<'r>(row: &'r NeuronRow, name: &str) -> Option<&'r NeuronCell> {
    const NOTHING: [&str; 7] = ["", "~", "none", "null", "na", "n/a", "<na>"];
    let cell = heading(row, name).and_then(|heading| row.get(heading))?;
    (!NOTHING.contains(&cell.text().to_ascii_lowercase().as_str())).then_some(cell)
}

/// The sign before fractions in all amounts of a file.
fn fraction(rows: &[(String, NeuronRow)]) -> Result<Option<Fraction>, String> {
    let mut found: Option<(Fraction, &str, &str)> = None;
    for (place, row) in rows {
        for name in ["total_stake", "alpha_stake", "tao_stake", "dividends"] {
            let Some(NeuronCell::Text(text)) = cell(row, name) else { continue };
            let Some(own) = amount::evidence(text) else { continue };
            match found {
                Some((other, first, like)) if other != own => {
                    return Err(format!(
                        "{place}: {} is {text:?}, and {first} has {like:?}: allowed: one sign before all fractions",
                        heading(row, name).unwrap_or(name)
                    ));
                }
                Some(_) => {}
                None => found = Some((own, place.as_str(), text.as_str())),
            }
        }
    }
    Ok(found.map(|(fraction, _, _)| fraction))
}

fn neuron(row: &NeuronRow, fraction: Option<Fraction>) -> Result<Neuron, String> {
    let needed = |name: &str| {
        let there = || row.keys().cloned().collect::<Vec<_>>().join(", ");
        cell(row, name).ok_or_else(|| format!("{name} is missing; there are: {}", there()))
    };
    let real = |name: &str| -> Result<Option<f64>, String> {
        let Some(cell) = cell(row, name) else { return Ok(None) };
        if let NeuronCell::Number(number, _) = cell {
            return Ok(Some(*number));
        }
        let text = cell.text();
        let told = |why: &str| format!("{} is {text:?}, {why}", heading(row, name).unwrap_or(name));
        amount::amount(text, fraction).map(Some).map_err(told)
    };
    let whole = |name: &str, allowed: &str| -> Result<Option<u64>, String> {
        let Some(cell) = cell(row, name) else { return Ok(None) };
        let text = cell.text();
        let digits = text.strip_suffix(".0").unwrap_or(text);
        let is_plain = digits.bytes().all(|byte| byte.is_ascii_digit());
        let told =
            || format!("{} is {text:?}, allowed: {allowed}", heading(row, name).unwrap_or(name));
        digits.parse().ok().filter(|_| is_plain).map(Some).ok_or_else(told)
    };
    needed("uid")?;
    let allowed = format!("a whole number below {UIDS}");
    let uid = whole("uid", &allowed)?.expect("it is there");
    let uid = u16::try_from(uid).ok().filter(|uid| u64::from(*uid) < UIDS);
    let uid = uid.ok_or_else(|| {
        format!("uid is {:?}, allowed: {allowed}", cell(row, "uid").map_or("?", NeuronCell::text))
    })?;
    let (total, alpha) = (real("total_stake")?, real("alpha_stake")?);
    if total.is_none() && alpha.is_none() {
        let there = row.keys().cloned().collect::<Vec<_>>().join(", ");
        return Err(format!("stake is missing; there are: {there}"));
    }
    let permit = match cell(row, "validator_permit").map(|cell| cell.text().to_ascii_lowercase()) {
        None => heading(row, "validator_permit").map(|_| false),
        Some(text) => Some(match text.as_str() {
            "0" | "0.0" | "false" | "no" | "-" | "f" => false,
            "1" | "1.0" | "true" | "yes" | "*" | "t" | "✓" | "x" => true,
            other => return Err(format!("validator_permit is {other:?}, allowed: true or false")),
        }),
    };
    let word = |name: &str| cell(row, name).map(NeuronCell::text).unwrap_or_default().to_string();
    Ok(Neuron {
        uid,
        total_stake: total.unwrap_or(f64::NAN),
        alpha_stake: alpha.unwrap_or(f64::NAN),
        tao_stake: real("tao_stake")?,
        coldkey: word("coldkey"),
        hotkey: word("hotkey"),
        permit,
        last_update: whole("last_update", "a block")?,
        age: whole("updated", "blocks since the last update")?,
        dividends: real("dividends")?,
        is_validator: false,
    })
}
