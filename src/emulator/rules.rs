//! What a change of attributes does to a user, whoever asks for it: an administrator (AdminUpdateUserAttributes,
//! AdminDeleteUserAttributes) or the user (UpdateUserAttributes, DeleteUserAttributes). Worked out in full before
//! anything is touched, so that a refused write changes nothing. What becomes of e-mail addresses and phone numbers
//! stands in `contact.rs`.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::client::Client;
use super::contact::{Contact, flag_of};
use super::outbox::{Medium, Message};
use super::pool::Pool;
use super::schema::{Attribute, Wrong};
use super::user::User;
use super::wire::Refusal;

/// What a request wants of one attribute: a value; a blank one deletes; an absent one is an error.
pub(crate) type Wanted = (String, Option<String>);

/// Which operation asks; they differ in what they demand of the rest of the profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Path {
    Update,
    Delete,
}

/// Who asks.
#[derive(Clone, Copy)]
pub(crate) enum By<'a> {
    /// Somebody with AWS credentials, who may write what the schema lets be written.
    Administrator,
    /// The user, with an access token of this app client.
    Owner(&'a Client),
}

impl By<'_> {
    pub(crate) fn is_owner(self) -> bool {
        matches!(self, By::Owner(_))
    }
}

/// What is asked.
pub(crate) struct Request<'a> {
    pub(crate) by: By<'a>,
    pub(crate) path: Path,
    pub(crate) wanted: &'a [Wanted],
    pub(crate) now: Timestamp,
}

/// A change worked out and allowed.
pub(crate) struct Change {
    pub(crate) user: User,
    pub(crate) messages: Vec<Message>,
    /// Users that lose a verified alias, and the flag that becomes false.
    pub(crate) dethroned: Vec<(u64, String)>,
}

/// Works out a change of the user at a position, or says why the service refuses it.
pub(crate) fn change(pool: &Pool, at: u64, user: &User, request: &Request<'_>) -> Result<Change, Refusal> {
    let wanted = admit(pool, request)?;
    if request.path == Path::Update {
        demand_required(pool, user, &wanted)?;
    }
    let mut next = user.clone();
    for (name, value) in &wanted {
        if !is_contact_or_flag(name) {
            set(&mut next, name, value);
        }
    }
    let mut messages = Vec::new();
    let mut dethroned = Vec::new();
    for medium in Medium::ALL {
        let touched = Contact::new(pool, at, medium, request.by, request.now);
        touched.change(&wanted, user, &mut next, &mut messages)?;
        touched.take_alias(&wanted, &next, &mut dethroned);
    }
    guard_preferred_username(pool, at, &wanted, user)?;
    next.modified = request.now;
    Ok(Change {
        user: next,
        messages,
        dethroned,
    })
}

/// Checks every name and value by itself. The result maps a name to its stored form; the last of two wins
/// (undocumented).
fn admit(pool: &Pool, request: &Request<'_>) -> Result<BTreeMap<String, String>, Refusal> {
    let mut admitted = BTreeMap::new();
    let mut invalid = String::new();
    for (name, value) in request.wanted {
        // Seen when a client leaves Value out; an empty one is the documented way to delete.
        let Some(value) = value else {
            return Err(Refusal::parameter(format!(
                "Attribute value for {name} must not be null"
            )));
        };
        let attribute = known(pool, name)?;
        if let By::Owner(client) = request.by {
            guard_own(pool, client, attribute)?;
        }
        // sub and identities are the service's own. Immutable attributes are refused even with an equal value
        // (github.com/aws-solutions-library-samples, issue 835) and even when they were never set.
        if !attribute.mutable || matches!(name.as_str(), "sub" | "identities") {
            return Err(Refusal::parameter(format!("user.{name}: Attribute cannot be updated.")));
        }
        if value.is_empty() {
            // github.com/aws-amplify/aws-sdk-ios/issues/4251.
            if attribute.required {
                return Err(Refusal::parameter(format!(
                    "user.{name}: Required attribute cannot be deleted."
                )));
            }
            admitted.insert(name.clone(), String::new());
            continue;
        }
        match attribute.judge(value) {
            Ok(stored) => {
                admitted.insert(name.clone(), stored);
            }
            Err(Wrong::Whole(message)) => return Err(Refusal::parameter(message)),
            // One line for each, each ended: github.com/aws-amplify/amplify-swift/issues/1088.
            Err(Wrong::Value(words)) => {
                invalid.push_str(&format!("{name}: {words}\n"));
            }
        }
    }
    if invalid.is_empty() {
        Ok(admitted)
    } else {
        Err(Refusal::parameter(format!("Invalid user attributes: {invalid}")))
    }
}

/// What a user may not do to the own profile although an administrator may. The flags are the service's to set, in
/// the words that AdminCreateUser has for `sub` (github.com/floci-io/floci/issues/2530); everything else is a question of the
/// app client's WriteAttributes. Which of two reasons is given is undocumented.
fn guard_own(pool: &Pool, client: &Client, attribute: &Attribute) -> Result<(), Refusal> {
    let name = attribute.name.as_str();
    let fixed = ["sub", "identities", "email_verified", "phone_number_verified"];
    if fixed.contains(&name) {
        return Err(Refusal::parameter(format!(
            "Cannot modify the non-mutable attribute {name}"
        )));
    }
    if !client.may_write(pool, name) {
        return Err(Refusal::new(
            "NotAuthorizedException",
            "A client attempted to write unauthorized attribute",
        ));
    }
    Ok(())
}

fn known<'a>(pool: &'a Pool, name: &str) -> Result<&'a Attribute, Refusal> {
    pool.settings
        .attribute(name)
        .ok_or_else(|| Refusal::parameter(format!("user.{name}: Attribute does not exist in the schema.")))
}

/// A user that lacks a required attribute can be edited only when the request supplies it (Cognito developer guide,
/// "Working with user attributes").
fn demand_required(pool: &Pool, user: &User, wanted: &BTreeMap<String, String>) -> Result<(), Refusal> {
    let missing: String = pool
        .settings
        .schema
        .iter()
        .filter(|attribute| attribute.required && attribute.name != "sub")
        .filter(|attribute| {
            user.attribute(&attribute.name).is_none_or(str::is_empty)
                && wanted.get(&attribute.name).is_none_or(String::is_empty)
        })
        .map(|attribute| format!("{}: The attribute is required\n", attribute.name))
        .collect();
    if missing.is_empty() {
        Ok(())
    } else {
        Err(Refusal::parameter(format!(
            "Attributes did not conform to the schema: {missing}"
        )))
    }
}

fn is_contact_or_flag(name: &str) -> bool {
    Medium::ALL
        .into_iter()
        .any(|medium| name == medium.attribute() || name == flag_of(medium))
}

/// A blank value deletes (Cognito API reference, AdminUpdateUserAttributes, UpdateUserAttributes).
pub(crate) fn set(user: &mut User, name: &str, value: &str) {
    if value.is_empty() {
        user.attributes.remove(name);
    } else {
        user.attributes.insert(name.to_owned(), value.to_owned());
    }
}

/// preferred_username as an alias: unique, and only for confirmed users (Cognito developer guide, "Customizing
/// sign-in attributes"). The words of both refusals are undocumented.
fn guard_preferred_username(
    pool: &Pool,
    at: u64,
    wanted: &BTreeMap<String, String>,
    user: &User,
) -> Result<(), Refusal> {
    let name = "preferred_username";
    let Some(value) = wanted.get(name).filter(|value| !value.is_empty()) else {
        return Ok(());
    };
    if !pool.settings.alias_attributes.iter().any(|alias| alias == name) {
        return Ok(());
    }
    if user.status == "UNCONFIRMED" {
        return Err(Refusal::parameter(
            "user.preferred_username: can be set only after the user is confirmed.",
        ));
    }
    if pool
        .users
        .having(name, value, pool.settings.case())
        .iter()
        .any(|&other| other != at)
    {
        return Err(Refusal::new(
            "AliasExistsException",
            "An account with the given preferred_username already exists.",
        ));
    }
    Ok(())
}

#[cfg(test)]
#[path = "rules_tests.rs"]
mod tests;

#[cfg(test)]
#[path = "rules_schema_tests.rs"]
mod schema_tests;
