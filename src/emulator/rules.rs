//! What AdminUpdateUserAttributes and AdminDeleteUserAttributes do to a user, worked out in full before anything is
//! touched, so that a refused write changes nothing.
//!
//! The verification matrix, for `email` and `phone_number` alike, by kind of pool: A does not verify the attribute
//! by itself, B does (AutoVerifiedAttributes), C does and keeps the old value until the new one is verified
//! (AttributesRequireVerificationBeforeUpdate). Sources: Cognito API reference, AdminUpdateUserAttributes,
//! UserAttributes; developer guide, "Verifying updates to email addresses and phone numbers";
//! repost.aws/knowledge-center/cognito-email-verified-attribute (a changed address is unverified).

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::crowd::mix;
use super::outbox::{Medium, Message, Occasion};
use super::pool::Pool;
use super::schema::{Attribute, Wrong};
use super::user::{Pending, User};
use super::wire::Refusal;

/// What a request wants of one attribute: a value; a blank one deletes; an absent one is an error.
pub(crate) type Wanted = (String, Option<String>);

/// Which operation asks; they differ in what they demand of the rest of the profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Path {
    Update,
    Delete,
}

/// A change worked out and allowed.
pub(crate) struct Change {
    pub(crate) user: User,
    pub(crate) messages: Vec<Message>,
    /// Users that lose a verified alias, and the flag that becomes false.
    pub(crate) dethroned: Vec<(u64, String)>,
}

/// The two attributes that can be verified.
const CONTACTS: [(&str, Medium); 2] = [("email", Medium::Email), ("phone_number", Medium::Sms)];

/// Works out a change of the user at a position, or says why the service refuses it.
pub(crate) fn change(
    pool: &Pool,
    at: u64,
    user: &User,
    wanted: &[Wanted],
    path: Path,
    now: Timestamp,
) -> Result<Change, Refusal> {
    let wanted = admit(pool, wanted)?;
    if path == Path::Update {
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
    for (contact, medium) in CONTACTS {
        let touched = Contact {
            pool,
            at,
            contact,
            medium,
            now,
        };
        touched.change(&wanted, user, &mut next, &mut messages)?;
        touched.take_alias(&wanted, &next, &mut dethroned);
    }
    guard_preferred_username(pool, at, &wanted, user)?;
    next.modified = now;
    Ok(Change {
        user: next,
        messages,
        dethroned,
    })
}

/// Checks every name and value by itself. The result maps a name to its stored form; the last of two wins
/// (undocumented).
fn admit(pool: &Pool, wanted: &[Wanted]) -> Result<BTreeMap<String, String>, Refusal> {
    let mut admitted = BTreeMap::new();
    let mut invalid = String::new();
    for (name, value) in wanted {
        // Seen when a client leaves Value out; an empty one is the documented way to delete.
        let Some(value) = value else {
            return Err(Refusal::parameter(format!(
                "Attribute value for {name} must not be null"
            )));
        };
        let attribute = known(pool, name)?;
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
    CONTACTS
        .iter()
        .any(|(contact, _)| name == *contact || name.strip_suffix("_verified") == Some(contact))
}

/// A blank value deletes (Cognito API reference, AdminUpdateUserAttributes).
fn set(user: &mut User, name: &str, value: &str) {
    if value.is_empty() {
        user.attributes.remove(name);
    } else {
        user.attributes.insert(name.to_owned(), value.to_owned());
    }
}

/// One contact of one user in one request.
struct Contact<'a> {
    pool: &'a Pool,
    at: u64,
    contact: &'static str,
    medium: Medium,
    now: Timestamp,
}

impl Contact<'_> {
    fn flag(&self) -> String {
        format!("{}_verified", self.contact)
    }

    fn listed(&self, list: &[String]) -> bool {
        list.iter().any(|name| name == self.contact)
    }

    fn change(
        &self,
        wanted: &BTreeMap<String, String>,
        user: &User,
        next: &mut User,
        messages: &mut Vec<Message>,
    ) -> Result<(), Refusal> {
        let flag_name = self.flag();
        let flag = wanted.get(&flag_name).map(String::as_str);
        match wanted.get(self.contact).map(String::as_str) {
            Some("") => {
                self.demand_value(flag, None)?;
                // What becomes of the flag and of a waiting value is undocumented; without the address they mean
                // nothing and go too.
                next.attributes.remove(self.contact);
                next.attributes.remove(&flag_name);
                next.pending.remove(self.contact);
            }
            Some(value) => {
                self.refuse_taken_name(value)?;
                let vouched = flag == Some("true");
                if vouched {
                    // "If you set email_verified to true, the change applies at once and no message goes out."
                    self.apply(next, value, "true");
                } else if self.listed(&self.pool.settings.verify_before_update) {
                    // The old value, or none, stays in force until the code is entered. What an explicit `false` does beside
                    // the new value is undocumented; it is treated like the new value alone.
                    let message = self.message(user, value)?;
                    let code = message.code.clone().unwrap_or_default();
                    next.pending.insert(
                        self.contact.to_owned(),
                        Pending {
                            value: value.to_owned(),
                            code,
                            at: self.now,
                        },
                    );
                    messages.push(message);
                } else {
                    self.apply(next, value, "false");
                    if self.listed(&self.pool.settings.auto_verified) {
                        // Whether an explicit `false` suppresses the message is undocumented; the reference says so
                        // of `true` only.
                        messages.push(self.message(user, value)?);
                    }
                }
            }
            None => {
                self.demand_value(flag, user.attribute(self.contact))?;
                if let Some(flag) = flag {
                    // Alone it does not promote a waiting value (undocumented).
                    set(next, &flag_name, flag);
                }
            }
        }
        Ok(())
    }

    fn apply(&self, next: &mut User, value: &str, flag: &str) {
        next.attributes.insert(self.contact.to_owned(), value.to_owned());
        next.attributes.insert(self.flag(), flag.to_owned());
        // Whether a waiting value survives a later one is undocumented; the later one replaces it.
        next.pending.remove(self.contact);
    }

    /// A flag needs the value it speaks of. The rule stands in the reference of AdminCreateUser; the words are those
    /// of a stand-in.
    fn demand_value(&self, flag: Option<&str>, value: Option<&str>) -> Result<(), Refusal> {
        if flag.is_some_and(|flag| !flag.is_empty()) && value.is_none() {
            let words = match self.medium {
                Medium::Email => "Email is required to verify/un-verify an email",
                Medium::Sms => "Phone Number is required to verify/un-verify a phone number",
            };
            return Err(Refusal::parameter(words));
        }
        Ok(())
    }

    /// Where the contact is the sign-in name, nobody else may have it (github.com/aws/aws-sdk-net/issues/4387).
    fn refuse_taken_name(&self, value: &str) -> Result<(), Refusal> {
        let settings = &self.pool.settings;
        let taken = self.listed(&settings.username_attributes)
            && self
                .pool
                .users
                .having(self.contact, value, settings.case())
                .iter()
                .any(|&other| other != self.at);
        if taken {
            return Err(Refusal::new(
                "AliasExistsException",
                format!("An account with the given {} already exists.", self.contact),
            ));
        }
        Ok(())
    }

    /// Who else had the verified alias loses it without a word: the other user's flag becomes false and no
    /// AliasExistsException is raised on the admin path (github.com/boto/boto3/issues/3213,
    /// github.com/aws-amplify/amplify-js/issues/981).
    fn take_alias(&self, wanted: &BTreeMap<String, String>, next: &User, dethroned: &mut Vec<(u64, String)>) {
        let asked = wanted.contains_key(self.contact) || wanted.contains_key(&self.flag());
        if !asked || !next.is_verified(self.contact) || !self.listed(&self.pool.settings.alias_attributes) {
            return;
        }
        let Some(value) = next.attribute(self.contact) else {
            return;
        };
        for other in self.pool.users.having(self.contact, value, self.pool.settings.case()) {
            let verified = self
                .pool
                .users
                .get(other)
                .is_some_and(|user| user.is_verified(self.contact));
            if other != self.at && verified {
                dethroned.push((other, self.flag()));
            }
        }
    }

    fn message(&self, user: &User, value: &str) -> Result<Message, Refusal> {
        let settings = &self.pool.settings;
        if self.medium == Medium::Sms && settings.sms_role.is_none() {
            // A pool that verifies numbers has an SMS role; one without cannot send. The code is modelled on this
            // operation, the words are undocumented.
            return Err(Refusal::new(
                "InvalidSmsRoleAccessPolicyException",
                "Role does not have permission to publish with SNS",
            ));
        }
        // VerificationMessageTemplate.DefaultEmailOption: e-mail only.
        let link = self.medium == Medium::Email && settings.link_verification;
        Ok(Message {
            medium: self.medium,
            destination: value.to_owned(),
            attribute: self.contact.to_owned(),
            occasion: Occasion::Verification,
            code: (!link).then(|| code(user, self.contact, self.now)),
            link,
            pool: self.pool.id.clone(),
            user: user.username.clone(),
            at: self.now,
        })
    }
}

/// Six digits, the same for the same user, contact and moment, so that tests repeat.
fn code(user: &User, contact: &str, now: Timestamp) -> String {
    let seed = user
        .sub()
        .bytes()
        .chain(contact.bytes())
        .fold(7_u64, |hash, byte| mix(hash, u64::from(byte)));
    format!("{:06}", mix(seed, now.as_millisecond().unsigned_abs()) % 1_000_000)
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
