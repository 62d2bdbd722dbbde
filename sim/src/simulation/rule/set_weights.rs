//! Section `set_weights`: which of a validator's attempts the SDK sends.

use crate::model::rules::SdkRateLimit;
use crate::simulation::rule::Got;
use crate::simulation::rule::read::At;
use serde_json::Value;
use serde_json::json;

/// Of each attempt, by the head of the chain, whether the row is sent. A row sent at head `h` is in block `h + 1`.
///
/// # Errors
/// What of the case is missing or malformed, with its place.
pub(super) fn answer(case: &At<'_>) -> Result<Got, String> {
    let input = case.need("input")?;
    let limit = SdkRateLimit { blocks: input.need("limit")?.count()? };
    let mut last_update = whole(&input.need("last_update")?)?;
    let mut sent = Vec::new();
    for head in input.need("attempt_heads")?.items()? {
        let head = whole(&head)?;
        let is_sent = limit.sends(head, last_update);
        if is_sent {
            last_update = head + 1;
        }
        sent.push(Value::from(is_sent));
    }
    Ok(Got::from(json!({ "sent": sent })))
}

fn whole(at: &At<'_>) -> Result<i128, String> {
    let number = at.value.as_i64().map(i128::from).or(at.value.as_u64().map(i128::from));
    number.ok_or_else(|| at.malformed("a whole number of blocks"))
}
