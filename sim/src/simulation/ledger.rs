//! A ledger: betting capital carried on over nights. What every replication of a claim ever said is one supermartingale,
//! so that the chance of a wrong PASS, or of a wrong FAIL, **in the ledger's life** is at most beta, or alpha, whenever
//! nights end and however many there are.
//!
//! That holds as long as no replication counts twice (the ledger keeps the next number), as the claim is about one law (of
//! another scenario, property or program the line starts again, and says so), and as the number of claims that share the
//! error was fixed beforehand: it is, with some places in reserve for later ones. What is decided is not bet on again.
//!
//! The file is JSON. Source: spec/theory.md 1.6.

use crate::property;
use crate::property::Property;
use crate::property::VerdictStatus;
use crate::report;
use crate::report::SOURCES;
use crate::scenario::Scenario;
use crate::simulation::check::Check;
use crate::simulation::check::Verdicts;
use crate::simulation::error::Error;
use crate::study::PropertyCase;
use serde::Deserialize;
use serde::Serialize;
use std::fs;
use std::io;
use std::path::Path;
use std::path::PathBuf;

/// Version of the file's keys, and of the bets that its products are of.
const LAYOUT: u32 = 1;
/// Of so many claims a ledger is made for, one more may come later, if nobody says another number. Source: ours.
const CLAIMS_A_RESERVE: u64 = 4;
/// Largest file read [bytes]: some ten thousand claims.
const BYTES_MAX: u64 = 64 << 20;

/// A ledger, as it was read or is about to be made.
#[derive(Debug)]
pub struct EvidenceLedger {
    path: PathBuf,
    /// What stood in the file when it was opened.
    read: Option<Vec<u8>>,
    kept: LedgerFile,
}

/// The ledger as its file has it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct LedgerFile {
    /// Version of these keys.
    assay_ledger: u32,
    /// Claims that share the error bounds: m of every verdict, fixed when the ledger was made.
    judged_together: u64,
    /// How many of them were in reserve then, for claims to come.
    reserve: u64,
    claims: Vec<LedgerLine>,
}

/// All that is known of a claim.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct LedgerLine {
    scenario: String,
    property: String,
    /// Hash of the scenario and its variant, without what is claimed and how often it is run.
    law_hash: String,
    /// Hash of the property, without its budget, words and expectation.
    property_hash: String,
    /// Hash of the simulator's sources.
    sources: String,
    /// The share of the error bounds: chance of a wrong FAIL and of a wrong PASS in the ledger's life.
    alpha: f64,
    beta: f64,
    /// What was decided; a FAIL that a spent budget made of a claim seen to be false is not for good.
    status: VerdictStatus,
    /// Number of the next replication.
    next_replication: u64,
    evidence: property::Evidence,
}

impl EvidenceLedger {
    /// Opens the ledger at `path`, or begins one for these checks: then with `reserve` places for claims to come, a quarter
    /// of today's where that is not said.
    ///
    /// # Errors
    /// When the file cannot be read, is no ledger or of another version; when a reserve is named for one that is there.
    pub fn open(path: &Path, checks: &[Check], reserve: Option<u64>) -> Result<Self, Error> {
        let named = |text: String| Error::Input(text).at(&path.display().to_string());
        let path_buf = path.to_path_buf();
        let about = match fs::symlink_metadata(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let claims: u64 = checks.iter().map(Check::statistical_count).sum();
                let reserve = reserve.unwrap_or_else(|| claims.div_ceil(CLAIMS_A_RESERVE));
                let judged_together = claims + reserve;
                let kept = LedgerFile {
                    assay_ledger: LAYOUT,
                    judged_together,
                    reserve,
                    claims: Vec::new(),
                };
                return Ok(Self { path: path_buf, read: None, kept });
            }
            Err(error) => return Err(named(format!("cannot read the file: {error}"))),
            Ok(about) => about,
        };
        if !about.is_file() || about.len() > BYTES_MAX {
            return Err(named(format!("allowed: a file of at most {BYTES_MAX} bytes")));
        }
        if reserve.is_some() {
            let text =
                "the ledger is there: its reserve was fixed when it was made; leave out --reserve";
            return Err(named(text.to_string()));
        }
        let bytes = fs::read(path).map_err(|e| named(format!("cannot read the file: {e}")))?;
        let kept: LedgerFile =
            serde_json::from_slice(&bytes).map_err(|e| named(format!("is no ledger: {e}")))?;
        if kept.assay_ledger != LAYOUT {
            let found = kept.assay_ledger;
            return Err(named(format!("is a ledger of layout {found}, allowed: {LAYOUT}")));
        }
        Ok(Self { path: path_buf, read: Some(bytes), kept })
    }

    /// Claims that share the error bounds, those to come too.
    #[must_use]
    pub fn judged_together(&self) -> u64 {
        self.kept.judged_together
    }

    /// Places that no claim has taken yet.
    #[must_use]
    pub fn free(&self) -> u64 {
        let taken = u64::try_from(self.kept.claims.len()).unwrap_or(u64::MAX);
        self.kept.judged_together.saturating_sub(taken)
    }

    /// The same check, going on where the ledger stands; and what is to be said of it.
    ///
    /// # Errors
    /// When a claim is new and no place is free, or its method keeps nothing that can be carried on.
    ///
    /// # Panics
    /// Never: a line that was written down is there.
    pub fn take_up(&mut self, check: Check) -> Result<(Check, Vec<String>), Error> {
        let mut check = check.judged_together(self.kept.judged_together);
        let mut notes = Vec::new();
        for place in 0..check.cases.len() {
            let case = &check.cases[place];
            if case.claim.is_none() {
                continue;
            }
            let fresh = LedgerLine::fresh(&check, case).map_err(|e| e.at(&self.shown()))?;
            let known = self.kept.claims.iter().position(|line| line.is_of(&fresh));
            let line = match known {
                None if self.free() == 0 => {
                    let LedgerLine { scenario, property, .. } = &fresh;
                    return Err(Error::Input(format!(
                        "{}: {scenario}: property {property} is new, and all {} places are taken: make another ledger",
                        self.shown(),
                        self.kept.judged_together
                    )));
                }
                None => {
                    if self.read.is_some() {
                        let (scenario, property) = (&fresh.scenario, &fresh.property);
                        notes.push(format!("{scenario}: {property}: takes a place of the reserve"));
                    }
                    self.kept.claims.push(fresh);
                    self.kept.claims.last_mut().expect("it was pushed")
                }
                Some(known) => {
                    let line = &mut self.kept.claims[known];
                    notes.extend(line.start_again(fresh));
                    line
                }
            };
            check.first = check.first.max(line.next_replication);
            check.cases[place].evidence = Some(line.evidence.clone());
        }
        check.is_carried = true;
        Ok((check, notes))
    }

    /// Takes in what a check that was taken up said.
    pub fn note(&mut self, check: &Check, verdicts: &Verdicts) {
        let statuses = |id: &str| verdicts.all().iter().find(|judged| judged.id == id);
        for (case, evidence) in check.cases.iter().zip(&verdicts.evidence.of_cases) {
            let own = |line: &&mut LedgerLine| {
                line.scenario == check.name() && line.property == case.property.id
            };
            let found = self.kept.claims.iter_mut().find(own);
            let (Some(line), Some(evidence)) = (found, evidence) else { continue };
            line.evidence = evidence.clone();
            line.next_replication = verdicts.evidence.next;
            line.status = statuses(&case.property.id).map_or(line.status, |judged| judged.status);
        }
    }

    /// Writes the file, whole or not at all.
    ///
    /// # Errors
    /// When it was changed since it was opened, for then another check has used the same replications; when the disk is
    /// full or fails.
    pub fn save(&self) -> Result<(), Error> {
        if fs::read(&self.path).ok() != self.read {
            let text = "the ledger was changed while this check ran, and replications may not count twice: nothing of this \
                        check was kept; run it again";
            return Err(Error::Machine(text.to_string()).at(&self.shown()));
        }
        Ok(report::write_whole(&self.path, &report::json(&self.kept))?)
    }

    fn shown(&self) -> String {
        self.path.display().to_string()
    }
}

impl LedgerLine {
    /// A claim of which nothing is known.
    fn fresh(check: &Check, case: &PropertyCase) -> Result<Self, Error> {
        let claim = case.claim.expect("a statistical property has a claim");
        let evidence = claim.no_evidence().ok_or_else(|| {
            let (id, method) = (&case.property.id, claim.method.name());
            Error::Input(format!(
                "property {id}: method {method} keeps nothing that can be carried on, allowed: betting, beta_binomial"
            ))
        })?;
        let variant = case.variant.map(|place| law_text(&check.arms[place])).unwrap_or_default();
        let law = format!("{}\u{0}{variant}", law_text(&check.arms[0]));
        Ok(Self {
            scenario: check.name().to_string(),
            property: case.property.id.clone(),
            law_hash: report::scenario_hash(&law),
            property_hash: report::scenario_hash(&claim_text(&case.property)),
            sources: SOURCES.to_string(),
            alpha: claim.alpha,
            beta: claim.beta,
            status: VerdictStatus::Undecided,
            next_replication: check.first,
            evidence,
        })
    }

    fn is_of(&self, other: &Self) -> bool {
        self.scenario == other.scenario && self.property == other.property
    }

    /// Forgets what was bet where it was about something else; then says so.
    fn start_again(&mut self, fresh: Self) -> Option<String> {
        let mut changed = Vec::new();
        for (what, is_same) in [
            ("the scenario", self.law_hash == fresh.law_hash),
            ("the property", self.property_hash == fresh.property_hash),
            ("the simulator's sources", self.sources == fresh.sources),
        ] {
            changed.extend((!is_same).then_some(what));
        }
        if changed.is_empty() {
            return None;
        }
        let next_replication = self.next_replication.max(fresh.next_replication);
        let (runs, status) = (self.evidence.runs, self.status.name());
        *self = Self { next_replication, ..fresh };
        Some(format!(
            "{}: {}: starts again, for {} changed; {runs} runs ({status}) count no more",
            self.scenario,
            self.property,
            changed.join(" and ")
        ))
    }
}

/// What decides the law of a replication's numbers: the scenario without its claims, its sweep, and which replications run.
fn law_text(scenario: &Scenario) -> String {
    let mut table: toml::Table = toml::from_str(&scenario.text).expect("it was written as TOML");
    for key in ["property", "sweep"] {
        table.remove(key);
    }
    if let Some(run) = table.get_mut("run").and_then(toml::Value::as_table_mut) {
        for key in ["replications", "first_replication"] {
            run.remove(key);
        }
    }
    toml::to_string(&table).expect("a TOML table can be written")
}

/// The property without its budget and without words: what is judged, by which method, and the claim's side.
fn claim_text(property: &Property) -> String {
    let mut table = toml::Table::try_from(property).expect("it was read from TOML");
    for key in ["claim", "expect", "because", "max_replications"] {
        table.remove(key);
    }
    table.insert("method".to_string(), property.method().name().into());
    toml::to_string(&table).expect("a TOML table can be written")
}
