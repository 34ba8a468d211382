//! The admin operations on one user. Sources: Cognito API reference, the page of each operation; error texts as seen
//! in public reports, named where they are used.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::access;
use super::directory::Case;
use super::format;
use super::invitation;
use super::operations::{Ask, pool, user};
use super::password::{self, Password};
use super::pool::Pool;
use super::rules::{self, By, Path, Request, Wanted};
use super::schema::Wrong;
use super::state::State;
use super::user::User;
use super::wire::Refusal;

pub(crate) fn get(state: &mut State, ask: &Ask<'_>) -> Result<Value, Refusal> {
    let pool = pool(&mut state.pools, ask)?;
    let at = user(pool, ask)?;
    pool.users
        .get(at)
        .map(|user| user.detail())
        .ok_or_else(Refusal::no_user)
}

pub(crate) fn update_attributes(state: &mut State, ask: &Ask<'_>) -> Result<Value, Refusal> {
    change(state, ask, &ask.attributes("UserAttributes"), Path::Update)
}

/// Deleting by name is the same as a blank value, but asks nothing of required attributes the user lacks.
pub(crate) fn delete_attributes(state: &mut State, ask: &Ask<'_>) -> Result<Value, Refusal> {
    let names = ask.texts("UserAttributeNames").unwrap_or_default();
    let wanted: Vec<Wanted> = names.into_iter().map(|name| (name, Some(String::new()))).collect();
    change(state, ask, &wanted, Path::Delete)
}

fn change(state: &mut State, ask: &Ask<'_>, wanted: &[Wanted], path: Path) -> Result<Value, Refusal> {
    let pool = pool(&mut state.pools, ask)?;
    let at = user(pool, ask)?;
    let Some(found) = pool.users.get(at) else {
        return Err(Refusal::no_user());
    };
    let request = Request {
        by: By::Administrator,
        path,
        wanted,
        now: ask.now,
    };
    let change = rules::change(pool, at, &found, &request)?;
    pool.users.put(at, change.user);
    dethrone(pool, &change.dethroned, ask.now);
    for message in change.messages {
        state.outbox.send(message);
    }
    // The response is an empty structure: nothing tells what was sent or waits (API reference).
    Ok(json!({}))
}

pub(crate) fn dethrone(pool: &mut Pool, losers: &[(u64, String)], now: Timestamp) {
    for (at, flag) in losers {
        if let Some(loser) = pool.users.get(*at) {
            let mut loser = loser.as_ref().clone();
            loser.attributes.insert(flag.clone(), "false".into());
            loser.modified = now;
            pool.users.put(*at, loser);
        }
    }
}

pub(crate) fn enable(state: &mut State, ask: &Ask<'_>) -> Result<Value, Refusal> {
    edit(state, ask, |user| user.enabled = true)
}

/// Revokes the user's tokens, and enabling does not revive them. Disabling a disabled user is no error (API reference,
/// AdminDisableUser).
pub(crate) fn disable(state: &mut State, ask: &Ask<'_>) -> Result<Value, Refusal> {
    access::admin_global_sign_out(state, ask)?;
    edit(state, ask, |user| user.enabled = false)
}

fn edit(state: &mut State, ask: &Ask<'_>, change: impl FnOnce(&mut User)) -> Result<Value, Refusal> {
    let pool = pool(&mut state.pools, ask)?;
    let at = user(pool, ask)?;
    let Some(found) = pool.users.get(at) else {
        return Err(Refusal::no_user());
    };
    let mut next = found.as_ref().clone();
    change(&mut next);
    next.modified = ask.now;
    pool.users.put(at, next);
    Ok(json!({}))
}

pub(crate) fn delete(state: &mut State, ask: &Ask<'_>) -> Result<Value, Refusal> {
    let pool = pool(&mut state.pools, ask)?;
    let at = user(pool, ask)?;
    pool.users.remove(at);
    Ok(json!({}))
}

/// Permanent: CONFIRMED, else FORCE_CHANGE_PASSWORD; also from UNCONFIRMED and EXTERNAL_PROVIDER; sends no message
/// (API reference, AdminSetUserPassword; github.com/aws/aws-sdk-js/issues/2976).
pub(crate) fn set_password(state: &mut State, ask: &Ask<'_>) -> Result<Value, Refusal> {
    let status = if ask.flag("Permanent") {
        "CONFIRMED"
    } else {
        "FORCE_CHANGE_PASSWORD"
    };
    let pool = pool(&mut state.pools, ask)?;
    user(pool, ask)?;
    let text = ask.text("Password");
    password::check(pool, text)?;
    let kept = if ask.flag("Permanent") {
        Password::lasting(text)
    } else {
        Password::temporary(text, ask.now)
    };
    edit(state, ask, |user| {
        user.status = status.to_owned();
        user.password = Some(kept);
    })
}

pub(crate) fn create(state: &mut State, ask: &Ask<'_>) -> Result<Value, Refusal> {
    let pool = pool(&mut state.pools, ask)?;
    if ask.text_if_set("MessageAction") == Some("RESEND") {
        return invitation::resend(state, ask);
    }
    if let Some(password) = ask.text_if_set("TemporaryPassword") {
        password::check(pool, password)?;
    }
    let mut user = new_user(pool, ask)?;
    let losers = claim_aliases(pool, ask, &user)?;
    let mut messages = invitation::invite(pool, ask, &mut user);
    if ask.text_if_set("MessageAction").is_some() {
        messages.clear();
    }
    let at = pool.users.add(user);
    dethrone(pool, &losers, ask.now);
    let row = pool
        .users
        .get(at)
        .map(|user| user.row(None))
        .ok_or_else(Refusal::no_user)?;
    for message in messages {
        state.outbox.send(message);
    }
    Ok(json!({"User": row}))
}

fn new_user(pool: &Pool, ask: &Ask<'_>) -> Result<User, Refusal> {
    let name = ask.text("Username");
    let settings = &pool.settings;
    let mut user = User::new(name).status("FORCE_CHANGE_PASSWORD").created(ask.now);
    admit_created(pool, &mut user, &ask.attributes("UserAttributes"))?;
    let signs_in_by = |attribute: &str| settings.username_attributes.iter().any(|known| known == attribute);
    if !settings.username_attributes.is_empty() {
        // The given name becomes the attribute, the sub becomes the username (developer guide, "Customizing sign-in
        // attributes").
        let attribute = if signs_in_by("email") && format::is_email(name) {
            "email"
        } else if signs_in_by("phone_number") && format::is_phone_number(name) {
            "phone_number"
        } else if signs_in_by("email") {
            return Err(Refusal::parameter("Username should be an email."));
        } else {
            return Err(Refusal::parameter("Username should be a phone number."));
        };
        if !pool.users.having(attribute, name, settings.case()).is_empty() {
            return Err(exists());
        }
        user.attributes.insert(attribute.to_owned(), name.to_owned());
        user.username = pool.users.next_sub();
        let sub = user.username.clone();
        user.attributes.insert("sub".into(), sub);
    } else {
        let alias = |attribute: &str| settings.alias_attributes.iter().any(|known| known == attribute);
        if alias("email") && format::is_email(name) {
            return Err(Refusal::parameter(
                "Username cannot be of email format, since user pool is configured for email alias.",
            ));
        }
        if alias("phone_number") && format::is_phone_number(name) {
            return Err(Refusal::parameter(
                "Username cannot be of phone number format, since user pool is configured for phone number alias.",
            ));
        }
    }
    if pool.users.by_username(name, settings.case()).is_some()
        || !pool.users.having("sub", name, Case::Sensitive).is_empty()
    {
        return Err(exists());
    }
    for (contact, words) in [
        ("email", "Email is required to verify/un-verify an email"),
        (
            "phone_number",
            "Phone Number is required to verify/un-verify a phone number",
        ),
    ] {
        if user.attribute(&format!("{contact}_verified")).is_some() && user.attribute(contact).is_none() {
            return Err(Refusal::parameter(words));
        }
    }
    Ok(user)
}

fn exists() -> Refusal {
    Refusal::new("UsernameExistsException", "User account already exists")
}

/// Attributes at creation: immutable ones may be set, required ones may be left out (API reference,
/// AdminCreateUser), unknown ones are refused in words of their own.
fn admit_created(pool: &Pool, user: &mut User, wanted: &[Wanted]) -> Result<(), Refusal> {
    let mut broken = String::new();
    for (name, value) in wanted {
        let Some(value) = value else {
            return Err(Refusal::parameter(format!(
                "Attribute value for {name} must not be null"
            )));
        };
        if matches!(name.as_str(), "sub" | "identities") {
            return Err(Refusal::parameter(format!(
                "Cannot modify the non-mutable attribute {name}"
            )));
        }
        let Some(attribute) = pool.settings.attribute(name) else {
            broken.push_str(&format!("Type for attribute {{{name}}} could not be determined\n"));
            continue;
        };
        if value.is_empty() {
            continue;
        }
        match attribute.judge(value) {
            Ok(stored) => {
                user.attributes.insert(name.clone(), stored);
            }
            Err(Wrong::Whole(message)) => return Err(Refusal::parameter(message)),
            Err(Wrong::Value(words)) => broken.push_str(&format!("{name}: {words}\n")),
        }
    }
    if broken.is_empty() {
        Ok(())
    } else {
        Err(Refusal::parameter(format!(
            "Attributes did not conform to the schema: {broken}"
        )))
    }
}

/// A verified address that another user holds as an alias: refused, or taken over with ForceAliasCreation
/// (API reference, AdminCreateUser, ConfirmSignUp).
pub(crate) fn claim_aliases(pool: &Pool, ask: &Ask<'_>, user: &User) -> Result<Vec<(u64, String)>, Refusal> {
    let mut losers = Vec::new();
    for contact in ["email", "phone_number"] {
        let aliased = pool.settings.alias_attributes.iter().any(|alias| alias == contact);
        let Some(value) = user.attribute(contact).filter(|_| aliased && user.is_verified(contact)) else {
            continue;
        };
        for other in pool.users.having(contact, value, pool.settings.case()) {
            if !pool.users.get(other).is_some_and(|user| user.is_verified(contact)) {
                continue;
            }
            if !ask.flag("ForceAliasCreation") {
                return Err(Refusal::new(
                    "AliasExistsException",
                    format!("An account with the {contact} already exists."),
                ));
            }
            losers.push((other, format!("{contact}_verified")));
        }
    }
    Ok(losers)
}

#[cfg(test)]
#[path = "user_admin_tests.rs"]
mod tests;
