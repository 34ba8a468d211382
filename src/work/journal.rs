//! What the screen asks about the journal: what is in it, what became of writes of earlier runs, and what taking one
//! back needs. Nothing here changes a user.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::domain::consequence::{Holder, classify, settle_unknown};
use crate::domain::undo::{self, Who};
use crate::domain::{
    Answered, AttributeName, AttributeValue, CodeDelivery, Contact, Entry, Fault, Operation, Outcome, Place, Raw,
    Route, Sentence, User, Username,
};
use crate::job::{Answer, EntrySettled, JournalRead, Stamp, UndoGround};
use crate::journal::{self, JournalError};

use super::desk::{Shared, lock};
use super::{find, submit};

/// The journal of every pool. One that nobody wrote to since `known` is not read again.
pub async fn read(shared: &Arc<Shared>, known: Option<Stamp>) -> Result<JournalRead, Fault> {
    let owned = Arc::clone(shared);
    let reading = tokio::task::spawn_blocking(move || read_files(&owned, known));
    let fault = |message: String| Fault::local("the journal", "Journal", message);
    match reading.await {
        Ok(read) => read.map_err(|error| fault(error.to_string())),
        Err(error) => Err(fault(error.to_string())),
    }
}

fn read_files(shared: &Shared, known: Option<Stamp>) -> Result<JournalRead, JournalError> {
    let places = shared.places();
    let stands = journal::stamp(&places, None)?;
    let last = lock(&shared.journal_read).clone();
    if let (Some(known), Some((number, stood))) = (known, &last)
        && known == *number
        && *stood == stands
    {
        return Ok(JournalRead {
            stamp: known,
            entries: None,
            notices: Vec::new(),
        });
    }
    let reading = journal::read(&places, None)?;
    let number = Stamp(last.map_or(1, |(Stamp(number), _)| number.saturating_add(1)));
    // How it stood before it was read: what was written meanwhile is read again.
    *lock(&shared.journal_read) = Some((number, reading.stamp));
    let notices = reading
        .problems
        .iter()
        // Somebody is writing it, or a crash tore it: the next append deals with that and says so.
        .filter(|problem| !problem.is_torn())
        .map(|problem| Sentence::new().name(&Raw::from(problem.to_string())))
        .collect();
    Ok(JournalRead {
        stamp: number,
        entries: Some(reading.entries.into_iter().map(Arc::new).collect()),
        notices,
    })
}

/// Reads what taking an entry back needs.
pub async fn prepare_undo(shared: &Shared, place: &Place, route: Route, entry: &Entry) -> Answer<UndoGround> {
    is_here(shared, place, entry).await?;
    let question = undo::question(entry).map_err(|why| Fault::local("undo", "NotPossible", why.plain()))?;
    let username = username(shared, place, &question.who).await?;
    let answered = submit::read(shared, place, &username, route).await?;
    let mut holders = BTreeMap::new();
    for (name, value) in &question.claims {
        holders.insert(name.clone(), holders_of(shared, place, name, value, &username).await?);
    }
    Ok(Answered {
        value: UndoGround {
            user: answered.value,
            holders,
        },
        request_id: answered.request_id,
    })
}

/// Who else has a name to sign in with.
async fn holders_of(
    shared: &Shared,
    place: &Place,
    name: &AttributeName,
    value: &AttributeValue,
    not: &Username,
) -> Result<Vec<Holder>, Fault> {
    let contact = name.contact();
    let attribute = contact.map_or("preferred_username", Contact::name);
    let answered = find::holders(shared, place, attribute, value, not).await?;
    let holder = |user: crate::domain::User| Holder {
        verified: contact.is_some_and(|contact| user.is_verified(contact)),
        username: user.username,
    };
    Ok(answered.value.into_iter().map(holder).collect())
}

/// A pool's id says nothing about where it is asked: an entry of one endpoint is not read back, and not taken back, at
/// another, nor in another account.
async fn is_here(shared: &Shared, place: &Place, entry: &Entry) -> Result<(), Fault> {
    let here = shared
        .connection(&place.target, Some(&place.pool))
        .await?
        .written(&place.pool);
    let there = &entry.place;
    if here.endpoint != there.endpoint {
        let named = |endpoint: &Option<Raw>| {
            endpoint
                .as_ref()
                .map_or_else(|| "AWS itself".to_owned(), |endpoint| endpoint.as_str().to_owned())
        };
        let message = format!(
            "that was at {}, and this program asks {}; start it with that endpoint",
            named(&there.endpoint),
            named(&here.endpoint)
        );
        return Err(Fault::local("the journal", "AnotherPlace", message));
    }
    if let (Some(here), Some(there)) = (&here.account, &there.account)
        && here != there
    {
        let message = format!(
            "that was in account {}, and these credentials are of {}",
            there.as_str(),
            here.as_str()
        );
        return Err(Fault::local("the journal", "AnotherPlace", message));
    }
    Ok(())
}

/// The name of a user of whom the journal kept the sub alone.
async fn username(shared: &Shared, place: &Place, who: &Who) -> Result<Username, Fault> {
    let sub = match who {
        Who::Named(username) => return Ok(username.clone()),
        Who::BySub(sub) => sub,
    };
    let value = AttributeValue::new(sub.as_str());
    let found = find::holders(shared, place, "sub", &value, &Username::new("")).await?;
    match found.value.into_iter().next() {
        Some(user) => Ok(user.username),
        None => Err(Fault::local(
            "ListUsers",
            "UserNotFoundException",
            "nobody has this sub: the user is gone",
        )),
    }
}

/// What ended unknown because nobody saw its end.
fn unseen(entry: &Entry) -> Fault {
    let fault = entry.answer.as_ref().and_then(|answer| answer.fault.as_ref());
    match fault {
        Some(fault) => Fault::local("the write", "Unknown", format!("it ended with {}", fault.code.as_str())),
        None => Fault::local("the write", "Unknown", "the program ended before the answer came"),
    }
}

/// Reads the user of an entry back and says what that tells. The result goes to the journal, so that whoever looks
/// next sees it.
pub async fn settle_entry(shared: &Arc<Shared>, place: &Place, entry: &Entry) -> EntrySettled {
    let mut result = EntrySettled {
        id: entry.id.clone(),
        username: None,
        outcome: Outcome::Unknown(unseen(entry)),
        notices: Vec::new(),
        now: None,
        unread: None,
        request_id: None,
    };
    let Some(who) = undo::who(entry) else {
        let message = "neither the username nor the sub was kept, so nobody can be read back";
        result.unread = Some(Fault::local("AdminGetUser", "NotKept", message));
        write_down(shared, entry, &mut result).await;
        return result;
    };
    let read = async {
        is_here(shared, place, entry).await?;
        let username = username(shared, place, &who).await?;
        // The administrator's reading, whoever wrote it: the token of then is gone.
        submit::read(shared, place, &username, Route::Admin).await
    };
    match read.await {
        Ok(answered) => {
            let now = answered.value;
            result.username = Some(now.username.clone());
            result.request_id = answered.request_id;
            judge(shared, place, entry, &now, &mut result).await;
            result.now = Some(now);
        }
        Err(fault) => {
            if let Who::Named(username) = who {
                result.username = Some(username);
            }
            result.unread = Some(fault);
        }
    }
    write_down(shared, entry, &mut result).await;
    result
}

/// What a reading tells about an entry.
async fn judge(shared: &Shared, place: &Place, entry: &Entry, now: &User, result: &mut EntrySettled) {
    let sub = entry.sub.as_ref().and_then(|sub| sub.value());
    if sub.is_some() && sub.map(Raw::as_str) != now.sub() {
        let said = "another user has this name now, with another sub, so a reading tells nothing";
        return result.notices.push(said.into());
    }
    let Some(operation) = entry.as_operation(&now.username) else {
        let said = "the values were not kept, so a reading cannot tell what came of it";
        return result.notices.push(said.into());
    };
    // Without the pool's settings a contact may wait for its code, and tells nothing.
    let pool = shared.described(place).await.ok();
    let accepted = (entry.answer.as_ref()).filter(|answer| answer.word.as_str() == "accepted");
    if let Some(answer) = accepted {
        let reported: Vec<CodeDelivery> = (answer.reported.iter())
            .map(|delivery| CodeDelivery {
                attribute: delivery.attribute.clone(),
                medium: delivery.medium.clone(),
                destination: delivery.destination.as_ref().and_then(|to| to.value().cloned()),
            })
            .collect();
        result.outcome = classify(&operation, pool.as_deref(), &reported, now);
        return;
    }
    let fault = unseen(entry);
    let settled = settle_unknown(&operation, pool.as_deref(), now);
    result.notices.push(settled.sentence(&fault));
    result.outcome = settled.outcome(fault);
}

/// Adds the reading to the entry. What could not be asked at all tells nothing about it and is not written down.
async fn write_down(shared: &Arc<Shared>, entry: &Entry, result: &mut EntrySettled) {
    let (now, outcome) = (result.now.clone(), result.outcome.clone());
    let unread = result.unread.clone();
    if unread
        .as_ref()
        .is_some_and(|fault| fault.code.as_str() == "AnotherPlace")
    {
        return;
    }
    let entry = entry.clone();
    let written = submit::on_disk(shared, move |journal| {
        let operation = now.as_ref().and_then(|now| entry.as_operation(&now.username));
        let touched = operation.as_ref().map(Operation::touched).unwrap_or_default();
        match (&now, &unread) {
            (Some(now), _) => journal.seen_again(&entry, &touched, &outcome, Ok(now)),
            (None, Some(fault)) => journal.seen_again(&entry, &touched, &outcome, Err(fault)),
            (None, None) => Ok(Vec::new()),
        }
    })
    .await;
    let said = match written {
        Ok(notices) => notices.iter().map(ToString::to_string).collect(),
        Err(error) => vec![error.to_string()],
    };
    let said = said.into_iter().map(|text| Sentence::new().name(&Raw::from(text)));
    result.notices.extend(said);
}
