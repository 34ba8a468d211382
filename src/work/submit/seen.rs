//! What reading a user back tells about a write: after it, and later where it ended unknown. Nothing is sent here.

use std::sync::Arc;

use crate::domain::consequence::{self, Settled as Verdict};
use crate::domain::{
    AttributeName, AttributeValue, CodeDelivery, Drift, Fault, Operation, Outcome, Place, Pool, Raw, Sentence, User,
};
use crate::job::Submitted;
use crate::journal::{Answer, Settled};

use super::super::desk::Shared;
use super::{add_notices, on_disk, read, reading, say_journal};

/// What a reading says about the answer that the write had.
pub(super) fn conclude(
    shared: &Shared,
    place: &Place,
    operation: &Operation,
    answer: &Answer,
    now: &User,
    result: &mut Submitted,
) {
    let pool = shared.pool(place);
    match answer {
        Answer::Accepted { reported, .. } => {
            judge(shared, place, operation, reported, now, result);
            if let (Outcome::Applied, Some(changes)) = (&result.outcome, operation.changes()) {
                let odd = consequence::unexpected_flags(changes, pool.as_deref(), now);
                result.notices.extend(odd.iter().map(odd_flag));
            }
        }
        Answer::Refused(fault) if fault.is_late() => {
            let said = match consequence::settle_unknown(operation, pool.as_deref(), now) {
                Verdict::AppliedAfterAll(outcome) => {
                    result.outcome = outcome;
                    result.late = Some(fault.clone());
                    "reading back shows that the values were stored all the same"
                }
                Verdict::NotAppliedSoFar => "read back: nothing was changed",
                Verdict::StillUnknown => {
                    result.outcome = Outcome::Unknown(fault.clone());
                    "read back: it cannot be told yet; sending again may send a second message"
                }
            };
            result.notices.push(said.into());
        }
        Answer::Refused(_) => {}
        Answer::Unknown(fault) => {
            let (outcome, said) = verdict(operation, pool.as_deref(), now, fault);
            result.outcome = outcome;
            result.notices.push(said);
        }
    }
}

/// A verified flag that the service should have changed by itself, or left alone, and did otherwise.
fn odd_flag(drift: &Drift) -> Sentence {
    let words =
        |value: Option<&AttributeValue>| value.map_or_else(|| Raw::from("not set"), |value| value.raw().clone());
    crate::say!(
        name drift.name.raw(), " was not sent and is ", raw &words(drift.now.as_ref()),
        "; expected here: ", raw &words(drift.expected.as_ref())
    )
}

/// What a reading says about a write that was accepted.
fn judge(
    shared: &Shared,
    place: &Place,
    operation: &Operation,
    reported: &[CodeDelivery],
    now: &User,
    result: &mut Submitted,
) {
    result.outcome = consequence::classify(operation, shared.pool(place).as_deref(), reported, now);
    let client = shared.token_client(place);
    let hidden = consequence::hidden(&result.outcome, operation, client.as_deref());
    if !hidden.is_empty() {
        let names: Vec<&str> = hidden.into_iter().map(AttributeName::as_str).collect();
        let message = format!("not shown to the app client of the token: {}", names.join(", "));
        let fault = Fault::local(reading(operation.route()), "NotShown", message);
        result.outcome = Outcome::Unknown(fault.clone());
        result.unread = Some(fault);
    }
}

/// What a reading says about a write that ended unknown.
fn verdict(operation: &Operation, pool: Option<&Pool>, now: &User, fault: &Fault) -> (Outcome, Sentence) {
    let settled = consequence::settle_unknown(operation, pool, now);
    let said = settled.sentence(fault);
    (settled.outcome(fault.clone()), said)
}

/// Reads a user back to settle a write that ended unknown. Sends nothing.
pub async fn settle(
    shared: &Arc<Shared>,
    place: &Place,
    operation: &Operation,
    fault: Fault,
    journal_id: Option<Raw>,
) -> Submitted {
    let mut result = Submitted::new(operation.user().username.clone(), Outcome::Unknown(fault.clone()));
    result.journal_id.clone_from(&journal_id);
    let settled = journal_id.and_then(|id| shared.take_unknown(&id));
    // What was accepted and only could not be read back is judged as any accepted write. Where its entry is not at hand,
    // the fault tells: it is the reading's.
    let accepted = match settled.as_ref().map(Settled::answer) {
        Some(Answer::Accepted { reported, .. }) => Some(reported.clone()),
        Some(_) => None,
        None => (fault.operation == reading(operation.route())).then(Vec::new),
    };
    match read(shared, place, &operation.user().username, operation.route()).await {
        Ok(answered) => {
            if let Some(reported) = &accepted {
                judge(shared, place, operation, reported, &answered.value, &mut result);
            } else {
                let pool = shared.pool(place);
                let (outcome, said) = verdict(operation, pool.as_deref(), &answered.value, &fault);
                result.outcome = outcome;
                result.notices.push(said);
            }
            result.request_id = answered.request_id;
            result.now = Some(answered.value);
        }
        Err(unread) => {
            if accepted.is_some() {
                result.outcome = Outcome::Unknown(unread.clone());
            }
            result.unread = Some(unread);
        }
    }
    if let Some(settled) = settled {
        write_seen(shared, settled, &mut result).await;
    }
    result
}

/// Adds what the read-back found to the journal entry. One that is still unknown is kept for a later reading.
pub(super) async fn write_seen(shared: &Arc<Shared>, settled: Settled, result: &mut Submitted) {
    let outcome = result.outcome.clone();
    let now = result.now.clone();
    let unread = result.unread.clone();
    let written = on_disk(shared, move |journal| {
        let seen = match (&now, &unread) {
            (Some(now), _) => journal.seen(&settled, &outcome, Ok(now)),
            (None, Some(fault)) => journal.seen(&settled, &outcome, Err(fault)),
            (None, None) => Ok(Vec::new()),
        };
        Ok((settled, seen))
    })
    .await;
    match written {
        Ok((settled, seen)) => {
            match seen {
                Ok(notices) => add_notices(result, &notices),
                Err(error) => say_journal(result, &error),
            }
            if matches!(result.outcome, Outcome::Unknown(_)) {
                shared.keep_unknown(settled);
            }
        }
        Err(error) => say_journal(result, &error),
    }
}
