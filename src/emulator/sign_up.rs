//! Confirming a sign-up with a code, and sending that code again: what an app does for somebody who is not signed in.
//! Sources: Cognito API reference, ConfirmSignUp, ResendConfirmationCode; developer guide, "Signing up and confirming
//! user accounts".

use serde_json::{Value, json};

use super::account::confirmed;
use super::client;
use super::codes::{self, Code};
use super::contact::{demand_sms_role, flag_of};
use super::hourly::Attempt;
use super::operations::Ask;
use super::outbox::{Medium, Message, Occasion};
use super::pool::Pool;
use super::state::State;
use super::user::User;
use super::user_admin::{claim_aliases, dethrone};
use super::wire::Refusal;

/// ConfirmSignUp: the contact the code went to is verified, and the account can sign in.
pub(crate) fn confirm(state: &mut State, ask: &Ask<'_>) -> Result<Value, Refusal> {
    let (pool, at) = caller(&mut state.pools, ask)?;
    let found = pool.users.get(at).ok_or_else(unknown)?;
    let mut next = confirmed(&found, ask)?;
    state
        .hourly
        .count(Attempt::ConfirmSignUp, &pool.id, found.sub(), ask.now)?;
    let sent = found.codes.iter().find(|code| code.occasion == Occasion::SignUp);
    let entered = ask.text("ConfirmationCode");
    codes::judge(sent.map(|code| (code.digits.as_str(), code.at)), entered, ask.now)?;
    let verified = sent.and_then(|code| Medium::of(&code.attribute));
    if let Some(medium) = verified.filter(|medium| next.attribute(medium.attribute()).is_some()) {
        next.attributes.insert(flag_of(medium).to_owned(), "true".to_owned());
    }
    let losers = claim_aliases(pool, ask, &next)?;
    pool.users.put(at, next);
    dethrone(pool, &losers, ask.now);
    Ok(json!({}))
}

/// ResendConfirmationCode: a new code to somebody who signed up; the one before it is worthless (undocumented).
pub(crate) fn resend(state: &mut State, ask: &Ask<'_>) -> Result<Value, Refusal> {
    let (pool, at) = caller(&mut state.pools, ask)?;
    let found = pool.users.get(at).ok_or_else(unknown)?;
    if found.status != "UNCONFIRMED" {
        // github.com/amazon-archives/amazon-cognito-identity-js/issues/525 has the words for a confirmed user; for
        // other states they are undocumented and the same.
        return Err(Refusal::parameter("User is already confirmed."));
    }
    let (medium, destination) = target(pool, &found)?;
    demand_sms_role(pool, medium)?;
    state
        .hourly
        .count(Attempt::ResendConfirmationCode, &pool.id, found.sub(), ask.now)?;
    let message = Message::new(Occasion::SignUp, medium, destination, &pool.id, &found, ask.now);
    let mut next = found.as_ref().clone();
    next.codes.retain(|code| code.occasion != Occasion::SignUp);
    // A link where the pool says so, for e-mail: links are for sign-up (developer guide, "Configuring MFA,
    // authentication, verification and invitation messages"). There is then no code to enter.
    let message = if medium == Medium::Email && pool.settings.link_verification {
        message.with_link()
    } else {
        let digits = codes::digits(&found, "sign-up", ask.now);
        next.codes.push(Code {
            occasion: Occasion::SignUp,
            attribute: medium.attribute().to_owned(),
            digits: digits.clone(),
            at: ask.now,
        });
        message.with_code(&digits)
    };
    pool.users.put(at, next);
    let details = message.delivery();
    state.outbox.send(message);
    Ok(json!({"CodeDeliveryDetails": details}))
}

/// The pool of the app client and the user, once the client has proved itself. PreventUserExistenceErrors is not
/// acted on here: what it makes of these two operations differs between the guide's pages.
fn caller<'a>(pools: &'a mut [Pool], ask: &Ask<'_>) -> Result<(&'a mut Pool, u64), Refusal> {
    let (place, client) = client::of_any_pool(pools, ask.text("ClientId"))?;
    let name = ask.text("Username");
    client.check_secret_hash(name, ask.text_if_set("SecretHash"))?;
    let pool = pools.get_mut(place).ok_or_else(unknown)?;
    let at = pool.find(name).ok_or_else(unknown)?;
    Ok((pool, at))
}

/// Words: github.com/amazon-archives/amazon-cognito-identity-js/issues/537.
fn unknown() -> Refusal {
    Refusal::new("UserNotFoundException", "Username/client id combination not found.")
}

/// Where the code of a sign-up goes: to a contact that the pool verifies by itself, the phone before the e-mail
/// address (developer guide, "Signing up and confirming user accounts"). Without any the words are those of
/// github.com/aws-amplify/amplify-cli/issues/3646; those for a user without a value are undocumented.
fn target<'a>(pool: &Pool, user: &'a User) -> Result<(Medium, &'a str), Refusal> {
    let verified = &pool.settings.auto_verified;
    if verified.is_empty() {
        return Err(Refusal::parameter(
            "Cannot resend codes. Auto verification not turned on.",
        ));
    }
    [Medium::Sms, Medium::Email]
        .into_iter()
        .map(|medium| (medium, medium.attribute()))
        .filter(|(_, attribute)| verified.iter().any(|name| name == attribute))
        .find_map(|(medium, attribute)| Some((medium, user.attribute(attribute)?)))
        .ok_or_else(|| {
            Refusal::parameter("Cannot resend codes. The user has no email or phone_number to send them to.")
        })
}

#[cfg(test)]
#[path = "sign_up_tests.rs"]
mod tests;
