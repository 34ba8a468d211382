//! What users do to their own attributes with an access token. Unlike the administrator's operations these report
//! where a code went. Sources: Cognito API reference, UpdateUserAttributes, DeleteUserAttributes,
//! GetUserAttributeVerificationCode, VerifyUserAttribute.

use serde_json::{Value, json};

use super::access::{Bearer, bearer};
use super::client;
use super::client::Client;
use super::contact::Contact;
use super::hourly::Attempt;
use super::operations::Ask;
use super::outbox::{Medium, Message};
use super::pool::Pool;
use super::rules::{self, By, Path, Request, Wanted};
use super::state::State;
use super::wire::Refusal;

/// UpdateUserAttributes: one entry of CodeDeliveryDetailsList for each contact to which a code went.
pub(crate) fn update(state: &mut State, ask: &Ask<'_>) -> Result<Value, Refusal> {
    let sent = change(state, ask, &ask.attributes("UserAttributes"), Path::Update)?;
    let details: Vec<Value> = sent.iter().map(Message::delivery).collect();
    Ok(json!({"CodeDeliveryDetailsList": details}))
}

/// DeleteUserAttributes.
pub(crate) fn delete(state: &mut State, ask: &Ask<'_>) -> Result<Value, Refusal> {
    let names = ask.texts("UserAttributeNames").unwrap_or_default();
    let wanted: Vec<Wanted> = names.into_iter().map(|name| (name, Some(String::new()))).collect();
    change(state, ask, &wanted, Path::Delete)?;
    Ok(json!({}))
}

/// Changes the own profile and gives the messages that went out.
fn change(state: &mut State, ask: &Ask<'_>, wanted: &[Wanted], path: Path) -> Result<Vec<Message>, Refusal> {
    let bearer = bearer(state, ask)?;
    let (pool, client) = place(&mut state.pools, &bearer)?;
    let found = pool.users.get(bearer.user).ok_or_else(Refusal::no_user)?;
    let request = Request {
        by: By::Owner(&client),
        path,
        wanted,
        now: ask.now,
    };
    let change = rules::change(pool, bearer.user, &found, &request)?;
    pool.users.put(bearer.user, change.user);
    for message in &change.messages {
        state.outbox.send(message.clone());
    }
    Ok(change.messages)
}

/// GetUserAttributeVerificationCode: a new code to the value that waits, or else to the one in force; the code before
/// it is worthless from then on (undocumented). It works whatever the pool verifies by itself.
pub(crate) fn send_code(state: &mut State, ask: &Ask<'_>) -> Result<Value, Refusal> {
    let bearer = bearer(state, ask)?;
    let medium = contact(ask)?;
    let (pool, client) = place(&mut state.pools, &bearer)?;
    let found = pool.users.get(bearer.user).ok_or_else(Refusal::no_user)?;
    let (next, message) = Contact::new(pool, bearer.user, medium, By::Owner(&client), ask.now).send_again(&found)?;
    let attempt = Attempt::GetUserAttributeVerificationCode;
    state.hourly.count(attempt, &pool.id, found.sub(), ask.now)?;
    pool.users.put(bearer.user, next);
    let details = message.delivery();
    state.outbox.send(message);
    Ok(json!({"CodeDeliveryDetails": details}))
}

/// VerifyUserAttribute.
pub(crate) fn verify(state: &mut State, ask: &Ask<'_>) -> Result<Value, Refusal> {
    let bearer = bearer(state, ask)?;
    let medium = contact(ask)?;
    let (pool, client) = place(&mut state.pools, &bearer)?;
    let found = pool.users.get(bearer.user).ok_or_else(Refusal::no_user)?;
    state
        .hourly
        .count(Attempt::VerifyUserAttribute, &pool.id, found.sub(), ask.now)?;
    let next = Contact::new(pool, bearer.user, medium, By::Owner(&client), ask.now).verify(&found, ask.text("Code"))?;
    pool.users.put(bearer.user, next);
    Ok(json!({}))
}

/// The words as reported in github.com/aws-amplify/amplify-js/issues/3652.
fn contact(ask: &Ask<'_>) -> Result<Medium, Refusal> {
    Medium::of(ask.text("AttributeName"))
        .ok_or_else(|| Refusal::parameter("invalid attribute name. Only phone_number and email can be verified"))
}

/// The bearer's pool, and the app client of the token. A client that was deleted since has no say any more.
fn place<'a>(pools: &'a mut [Pool], bearer: &Bearer) -> Result<(&'a mut Pool, Client), Refusal> {
    let unknown = || client::unknown(&bearer.client);
    let pool = pools.get_mut(bearer.pool).ok_or_else(unknown)?;
    let client = pool.client(&bearer.client).cloned().ok_or_else(unknown)?;
    Ok((pool, client))
}

#[cfg(test)]
#[path = "own_attributes_tests.rs"]
mod tests;

#[cfg(test)]
#[path = "own_codes_tests.rs"]
mod code_tests;
