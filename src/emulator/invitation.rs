//! Invitations: what a user whom an administrator made gets, and how it is sent again. Source: Cognito API reference,
//! AdminCreateUser.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::operations::{Ask, pool};
use super::outbox::{Medium, Message, Occasion};
use super::password::{self, Password};
use super::pool::Pool;
use super::state::State;
use super::user::User;
use super::wire::Refusal;

/// Gives a user the temporary password of the request, or one that is made up, and writes the messages that tell it.
///
/// An invitation goes by SMS unless DesiredDeliveryMediums says otherwise. What the service does for a user without
/// that contact is undocumented; here nothing goes out.
pub(crate) fn invite(pool: &Pool, ask: &Ask<'_>, user: &mut User) -> Vec<Message> {
    let password = hand_out(pool, ask.text_if_set("TemporaryPassword"), user, ask.now);
    let mediums = ask
        .texts("DesiredDeliveryMediums")
        .unwrap_or_else(|| vec![Medium::Sms.word().to_owned()]);
    Medium::ALL
        .into_iter()
        .filter(|medium| mediums.iter().any(|wanted| wanted == medium.word()))
        .filter_map(|medium| {
            let destination = user.attribute(medium.attribute())?;
            let message = Message::new(Occasion::Invitation, medium, destination, &pool.id, user, ask.now);
            Some(message.with_invitation(name(pool, user), &password))
        })
        .collect()
}

/// Sets a temporary password and says which.
pub(crate) fn hand_out(pool: &Pool, given: Option<&str>, user: &mut User, now: Timestamp) -> String {
    let text = match given {
        Some(text) => text.to_owned(),
        None => password::made_up(pool, &user.username, now),
    };
    user.password = Some(Password::temporary(&text, now));
    text
}

/// The name the invitation tells: what one signs in with. In a pool that signs in by e-mail or phone the Username is
/// a sub that nobody could be expected to type; that the message names the contact is undocumented.
fn name<'a>(pool: &Pool, user: &'a User) -> &'a str {
    Medium::ALL
        .into_iter()
        .map(Medium::attribute)
        .filter(|attribute| pool.settings.username_attributes.iter().any(|known| known == attribute))
        .find_map(|attribute| user.attribute(attribute))
        .unwrap_or(&user.username)
}

/// RESEND: the invitation goes out again to a user who has not yet signed in, with a new temporary password that is
/// valid as long as a first one; the password before it is worthless. Another status is refused with
/// UnsupportedUserStateException, which the model has on this operation; the words are undocumented.
pub(crate) fn resend(state: &mut State, ask: &Ask<'_>) -> Result<Value, Refusal> {
    let pool = pool(&mut state.pools, ask)?;
    let at = pool.find(ask.text("Username")).ok_or_else(Refusal::no_user)?;
    let found = pool.users.get(at).ok_or_else(Refusal::no_user)?;
    if found.status != "FORCE_CHANGE_PASSWORD" {
        return Err(Refusal::new(
            "UnsupportedUserStateException",
            format!("Resend not possible. {} is the state of the user.", found.status),
        ));
    }
    if let Some(password) = ask.text_if_set("TemporaryPassword") {
        password::check(pool, password)?;
    }
    let mut next = found.as_ref().clone();
    let messages = invite(pool, ask, &mut next);
    next.modified = ask.now;
    let row = next.row(None);
    pool.users.put(at, next);
    for message in messages {
        state.outbox.send(message);
    }
    Ok(json!({"User": row}))
}

#[cfg(test)]
#[path = "invitation_tests.rs"]
mod tests;
