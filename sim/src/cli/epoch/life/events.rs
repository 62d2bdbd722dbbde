//! What happens in the blocks before an epoch.

use super::Life;
use super::answer::EventAnswer;
use super::case::EventCase;
use super::case::EventKind;
use crate::cli::epoch::lists::CaseRefusal;
use crate::cli::epoch::number::RowCase;
use crate::cli::epoch::number::Whole;
use crate::cli::epoch::subject::row_of;
use assay_chain::Applicant;
use assay_chain::RegistrationRefusal;
use assay_chain::Row;
use assay_chain::WeightRefusal;

impl Life {
    /// The events of a step that ends with the epoch of `block`; gives the registrations and what was refused.
    ///
    /// # Errors
    /// What of the events contradicts the subnet, with its number.
    pub(super) fn live(
        &mut self,
        events: &[EventCase],
        block: u64,
    ) -> Result<Vec<EventAnswer>, CaseRefusal> {
        let mut answers = Vec::new();
        for (index, event) in events.iter().enumerate() {
            let (at, from) = (event.block.0, self.subnet.block());
            if !(from..block).contains(&at) {
                let last = block - 1;
                let text = format!("events[{index}].block: {at} is outside {from}..={last}");
                return Err(CaseRefusal(text));
            }
            self.subnet.advance_to(at);
            let answer = self.happen(event);
            answers.extend(
                answer
                    .map_err(|CaseRefusal(text)| CaseRefusal(format!("events[{index}].{text}")))?,
            );
        }
        Ok(answers)
    }

    /// One event of the current block.
    fn happen(&mut self, event: &EventCase) -> Result<Option<EventAnswer>, CaseRefusal> {
        let key = self.keys.id(&event.key);
        let refused = |answer: Result<(), WeightRefusal>| {
            answer.err().map(|why| EventAnswer::Refused {
                block: event.block.0,
                key: event.key.clone(),
                price: None,
                refused: match why {
                    WeightRefusal::UnknownUid(_) => "uid",
                    _ => "unregistered",
                },
            })
        };
        match event.kind {
            EventKind::Register => self.register(event, key).map(Some),
            EventKind::Weights => {
                let row = stored(event.row.as_ref())?;
                Ok(refused(self.subnet.place_weights(key, &row)))
            }
            EventKind::Commit => {
                let row = stored(event.row.as_ref())?;
                Ok(refused(self.subnet.place_commit(key, &row)))
            }
            EventKind::MinCollateral => {
                let Some(Whole(amount)) = event.amount else {
                    return Err(CaseRefusal("amount: missing".into()));
                };
                let version = self.subnet.hyper().runtime.version;
                if !self.subnet.hyper().runtime.has_collateral {
                    let text = format!("type: runtime {version} has no collateral");
                    return Err(CaseRefusal(text));
                }
                self.subnet.set_min_collateral(key, amount);
                Ok(None)
            }
        }
    }

    /// A registration, with the stake that the key had and what it brings.
    fn register(&mut self, event: &EventCase, key: u64) -> Result<EventAnswer, CaseRefusal> {
        let number = |given: Option<Whole<u64>>| given.map(|Whole(value)| value);
        let had = self.left.get(&key).copied().unwrap_or(0);
        let Some(stake) = had.checked_add(number(event.stake).unwrap_or(0)) else {
            let most = u64::MAX - had;
            return Err(CaseRefusal(format!(
                "stake: is outside 0..={most}, the key has {had} rao"
            )));
        };
        let (block, name) = (event.block.0, event.key.clone());
        let price = self.subnet.price();
        let taken = self.subnet.register_as(&Applicant {
            hotkey: key,
            purse: number(event.balance).unwrap_or(u64::MAX),
            limit_price: number(event.limit_price),
            stake,
        });
        let registered = match taken {
            Ok(registered) => registered,
            Err(why) => {
                let (price, refused) = (Some(price), word(&why));
                return Ok(EventAnswer::Refused { block, key: name, price, refused });
            }
        };
        self.left.remove(&key);
        self.furnish(registered.uid);
        if let Some(leaver) = registered.leaver {
            self.left.insert(leaver.hotkey, leaver.stake);
        }
        Ok(EventAnswer::Registered {
            block,
            key: name,
            price,
            uid: registered.uid,
            replaced: registered.leaver.map(|leaver| self.keys.name(leaver.hotkey).to_string()),
            burned: registered.paid - registered.topup,
            topup: registered.topup,
            locked: registered.locked,
            next_price: registered.next_price,
        })
    }
}

/// The row of an event, as it is stored.
fn stored(row: Option<&RowCase>) -> Result<Row, CaseRefusal> {
    let row = row.ok_or_else(|| CaseRefusal("row: missing".into()))?;
    row_of(|| "row".to_string(), row)
}

/// What a case says for a refusal.
fn word(why: &RegistrationRefusal) -> &'static str {
    match why {
        RegistrationRefusal::BlockFull { .. } => "block",
        RegistrationRefusal::IntervalFull { .. } => "interval",
        RegistrationRefusal::AboveLimit { .. } => "price",
        RegistrationRefusal::Closed => "closed",
        RegistrationRefusal::Present { .. } => "registered",
        RegistrationRefusal::NotAffordable { .. } => "balance",
        RegistrationRefusal::NobodyToPrune => "full",
    }
}
