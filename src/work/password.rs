//! A new password at a sign-in: a change of the user like any other, so it takes the leave of a write and is in the
//! journal before it goes out. The password itself is nowhere but in the request.

use std::sync::Arc;
use std::time::Duration;

use crate::cognito::Step;
use crate::domain::consequence::classify;
use crate::domain::sign_in::Challenge;
use crate::domain::{
    Answered, AttributeName, AttributeValue, Fault, Intent, Operation, Place, Raw, Route, Secret, User, Username, Why,
};
use crate::journal::{Answer, NotSent, Settled};

use super::desk::Shared;
use super::leave;
use super::pace::Category;
use super::submit::on_disk;

/// What the names of attributes begin with that are set along with the password.
const ATTRIBUTE: &str = "userAttributes.";

/// Answers the question for a new password: rules, reading, record, send, settle, read back.
pub async fn set(
    shared: &Arc<Shared>,
    place: &Place,
    challenge: Challenge,
    answers: Vec<(String, Secret)>,
) -> Result<Answered<Step>, Fault> {
    let name = challenge.flow.answering();
    let guard = leave::to_write(shared, place, name).await?;
    let open = shared
        .open_writer(place, Route::Admin)
        .ok_or_else(|| refused(name, "this pool is open for reading only; nothing was sent"))?;
    // Nobody is asked for one in the middle of a sign-in. A protected pool always requires one.
    if guard.reason.is_required() {
        let why = "a reason is required for every change here, and a sign-in asks for none; nothing was sent";
        return Err(refused(name, why));
    }
    let connection = shared.connection(&place.target, Some(&place.pool)).await?;
    shared.wait_for(Category::Update).await;
    let user = read(shared, place, &Username::new(challenge.username.as_str())).await?;
    leave::user_and_groups(shared, place, name, &user).await?;
    let operation = Operation::NewPassword {
        user: Arc::clone(&user),
        flow: challenge.flow,
        client: challenge.client.clone(),
        values: values(&answers),
    };
    let intent = Intent {
        caller: connection.known_caller(),
        place: connection.written(&place.pool),
        user: user.username.clone(),
        sub: user.sub().map(str::to_owned),
        operation: operation.clone(),
        why: Why::default(),
    };
    let not_written = |error: crate::journal::JournalError| Fault::local(name, "Journal", error.to_string());
    let recorded = on_disk(shared, move |journal| journal.record(intent))
        .await
        .map_err(not_written)?;
    if !shared.is_open(place, &open) {
        on_disk(shared, move |journal| {
            journal.abandon(recorded, &NotSent::ReadOnly, 0, Duration::ZERO)
        })
        .await
        .map_err(not_written)?;
        return Err(refused(
            name,
            "writing to this pool was switched off meanwhile; nothing was sent",
        ));
    }
    let since = shared.now();
    let step = connection.authenticator(&place.pool)?.answer(challenge, answers).await;
    let step = step.inspect_err(|fault| shared.note_rate(Category::Update, fault));
    let took = Duration::try_from(shared.now().duration_since(since)).unwrap_or_default();
    let answer = match &step {
        Ok(answered) => Answer::Accepted {
            request_id: answered.request_id.clone(),
            reported: Vec::new(),
        },
        Err(fault) if fault.kind.may_have_been_applied() => Answer::Unknown(fault.clone()),
        Err(fault) => Answer::Refused(fault.clone()),
    };
    let accepted = step.is_ok();
    let sent = recorded.sent(answer, 1, took);
    let settled = on_disk(shared, move |journal| Ok(journal.settle(sent))).await;
    match settled {
        Ok(Ok(settled)) if accepted => read_back(shared, place, &operation, settled).await,
        Ok(Ok(_)) => {}
        // What was sent stays sent, and whoever signs in goes on. The intent stands in the journal without an end, so the
        // next start asks about it.
        Ok(Err(unsettled)) => tracing::warn!(error = %unsettled.error, "a password's outcome is not in the journal"),
        Err(error) => tracing::warn!(%error, "a password's outcome is not in the journal"),
    }
    step
}

fn refused(name: &'static str, why: &'static str) -> Fault {
    Fault::local(name, "PasswordNotSet", why)
}

async fn read(shared: &Shared, place: &Place, username: &Username) -> Result<Arc<User>, Fault> {
    let reader = shared.reader(place).await?;
    shared.wait_for(Category::Read).await;
    let answered = reader
        .get_user(&place.pool, username)
        .await
        .inspect_err(|fault| shared.note_rate(Category::Read, fault))?;
    Ok(Arc::new(answered.value))
}

/// What the user reads like now, into the journal. Whether the sign-in goes on does not hang on it.
async fn read_back(shared: &Arc<Shared>, place: &Place, operation: &Operation, settled: Settled) {
    let now = read(shared, place, &operation.user().username).await;
    let pool = shared.pool(place);
    let outcome = match &now {
        Ok(now) => classify(operation, pool.as_deref(), &[], now),
        Err(fault) => crate::domain::Outcome::Unknown(fault.clone()),
    };
    let written = on_disk(shared, move |journal| {
        journal.seen(&settled, &outcome, now.as_ref().map(AsRef::as_ref))
    })
    .await;
    if let Err(error) = written {
        tracing::warn!(%error, "what was read back after a new password is not in the journal");
    }
}

/// The values of attributes that go out with the password. What else is answered is a secret.
fn values(answers: &[(String, Secret)]) -> Vec<(AttributeName, AttributeValue)> {
    let value = |(name, value): &(String, Secret)| {
        let name = AttributeName::new(name.strip_prefix(ATTRIBUTE)?);
        Some((name, AttributeValue::new(Raw::from(value.expose()).as_str())))
    };
    answers.iter().filter_map(value).collect()
}
