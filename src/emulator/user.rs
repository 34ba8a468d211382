//! A user of a pool as the service stores it, because tests and seeds need to say one in full: the values in force,
//! and the values that wait for their code and that no operation returns.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::codes::Code;
use super::password::Password;
use super::wire;

/// A user.
#[derive(Clone, PartialEq, Eq)]
pub struct User {
    /// The service's `Username`: what the user chose, or the sub in a pool that signs in by e-mail or phone.
    pub username: String,
    /// Values in force by attribute name; `sub` included. An empty `sub` is filled in when the user is added.
    pub attributes: BTreeMap<String, String>,
    /// UserStatusType, e.g. `CONFIRMED`.
    pub status: String,
    /// False after AdminDisableUser.
    pub enabled: bool,
    /// UserCreateDate.
    pub created: Timestamp,
    /// UserLastModifiedDate.
    pub modified: Timestamp,
    /// UserMFASettingList: `SMS_MFA`, `SOFTWARE_TOKEN_MFA`, `EMAIL_OTP`.
    pub mfa: Vec<String>,
    /// PreferredMfaSetting.
    pub preferred_mfa: Option<String>,
    /// What the user signs in with; without one nobody can.
    pub(crate) password: Option<Password>,
    /// Names of the groups the user is in.
    pub groups: BTreeSet<String>,
    /// Values accepted but not in force until their code is entered, by attribute name.
    pub pending: BTreeMap<String, Pending>,
    /// Codes that were sent and can still be entered; that of a waiting value is kept beside it.
    pub codes: Vec<Code>,
}

/// A value that waits for its code.
#[derive(Clone, PartialEq, Eq)]
pub struct Pending {
    /// The value that will be in force.
    pub value: String,
    /// The code that was sent; empty when a link was sent.
    pub code: String,
    /// When it was asked for.
    pub at: Timestamp,
}

impl fmt::Debug for Pending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pending({} bytes)", self.value.len())
    }
}

impl fmt::Debug for User {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("User")
            .field("username_bytes", &self.username.len())
            .field("attributes", &self.attributes.len())
            .field("status", &self.status)
            .field("enabled", &self.enabled)
            .field("pending", &self.pending.keys().collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}

impl User {
    /// A CONFIRMED, enabled user without attributes, created on 2024-01-15.
    pub fn new(username: &str) -> Self {
        let created = Timestamp::from_second(1_705_312_800).unwrap_or(Timestamp::UNIX_EPOCH);
        Self {
            username: username.to_owned(),
            attributes: BTreeMap::new(),
            status: "CONFIRMED".to_owned(),
            enabled: true,
            created,
            modified: created,
            mfa: Vec::new(),
            preferred_mfa: None,
            password: None,
            groups: BTreeSet::new(),
            pending: BTreeMap::new(),
            codes: Vec::new(),
        }
    }

    /// The same user with this attribute set.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.attributes.insert(name.to_owned(), value.to_owned());
        self
    }

    /// The same user with an e-mail address that is verified.
    #[must_use]
    pub fn verified_email(self, address: &str) -> Self {
        self.with("email", address).with("email_verified", "true")
    }

    /// The same user with a phone number that is verified.
    #[must_use]
    pub fn verified_phone(self, number: &str) -> Self {
        self.with("phone_number", number).with("phone_number_verified", "true")
    }

    /// The same user in this status.
    #[must_use]
    pub fn status(mut self, status: &str) -> Self {
        self.status = status.to_owned();
        self
    }

    /// The same user, disabled.
    #[must_use]
    pub fn disabled(mut self) -> Self {
        self.enabled = false;
        self
    }

    /// The same user with these second factors; the first is the preferred one.
    #[must_use]
    pub fn mfa(mut self, factors: &[&str]) -> Self {
        self.mfa = factors.iter().map(|&factor| factor.to_owned()).collect();
        self.preferred_mfa = self.mfa.first().cloned();
        self
    }

    /// The same user whose second factors have no preferred one, so that a sign-in asks which.
    #[must_use]
    pub fn without_preferred_mfa(mut self) -> Self {
        self.preferred_mfa = None;
        self
    }

    /// The same user with this password: a temporary one, without an end, if the status is FORCE_CHANGE_PASSWORD.
    #[must_use]
    pub fn password(mut self, password: &str) -> Self {
        self.password = Some(Password::lasting(password));
        self
    }

    /// The same user in these groups.
    #[must_use]
    pub fn groups(mut self, names: &[&str]) -> Self {
        self.groups = names.iter().map(|&name| name.to_owned()).collect();
        self
    }

    /// The same user created, and last changed, at this moment.
    #[must_use]
    pub fn created(mut self, at: Timestamp) -> Self {
        self.created = at;
        self.modified = at;
        self
    }

    /// The same user last changed at this moment.
    #[must_use]
    pub fn changed(mut self, at: Timestamp) -> Self {
        self.modified = at;
        self
    }

    /// The value in force.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.get(name).map(String::as_str)
    }

    /// The user's sub.
    pub fn sub(&self) -> &str {
        self.attribute("sub").unwrap_or_default()
    }

    /// Whether `email` or `phone_number` is verified.
    pub(crate) fn is_verified(&self, contact: &str) -> bool {
        self.attributes
            .get(&format!("{contact}_verified"))
            .is_some_and(|flag| flag == "true")
    }

    /// AttributeListType.
    fn attribute_list(&self) -> Value {
        self.attributes
            .iter()
            .map(|(name, value)| json!({"Name": name, "Value": value}))
            .collect()
    }

    /// UserType, a row of ListUsers; only the named attributes when some are named.
    pub(crate) fn row(&self, only: Option<&[String]>) -> Value {
        let attributes = match only {
            None => self.attribute_list(),
            Some(names) => names
                .iter()
                .filter_map(|name| {
                    self.attributes
                        .get(name)
                        .map(|value| json!({"Name": name, "Value": value}))
                })
                .collect(),
        };
        let mut row = self.common();
        row.insert("Attributes".into(), attributes);
        Value::Object(row)
    }

    /// AdminGetUserResponse.
    pub(crate) fn detail(&self) -> Value {
        let mut detail = self.common();
        detail.insert("UserAttributes".into(), self.attribute_list());
        if !self.mfa.is_empty() {
            detail.insert("UserMFASettingList".into(), json!(self.mfa));
        }
        if let Some(preferred) = &self.preferred_mfa {
            detail.insert("PreferredMfaSetting".into(), json!(preferred));
        }
        Value::Object(detail)
    }

    fn common(&self) -> Map<String, Value> {
        let mut out = Map::new();
        out.insert("Username".into(), json!(self.username));
        out.insert("UserCreateDate".into(), wire::date(self.created));
        out.insert("UserLastModifiedDate".into(), wire::date(self.modified));
        out.insert("Enabled".into(), json!(self.enabled));
        out.insert("UserStatus".into(), json!(self.status));
        // The older member for SMS second factors: where it is set, the service returns both (API reference, UserType).
        if self.mfa.iter().any(|factor| factor == "SMS_MFA") {
            out.insert(
                "MFAOptions".into(),
                json!([{"DeliveryMedium": "SMS", "AttributeName": "phone_number"}]),
            );
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_no_value() {
        let mut user = User::new("jane.doe").verified_email("jane@example.com");
        user.pending.insert(
            "email".into(),
            Pending {
                value: "new@example.com".into(),
                code: "123456".into(),
                at: user.created,
            },
        );
        let shown = format!("{user:?} {:?}", user.pending);
        for secret in ["jane", "example", "123456"] {
            assert!(!shown.contains(secret), "{shown}");
        }
    }
}
