//! Names and values of user attributes, kept apart by type so that one is never sent as the other.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::raw::Raw;

/// The name of an attribute exactly as the pool's schema returns it: `email`, `custom:tier`, `dev:custom:222`.
///
/// The full name is the key everywhere; [`AttributeName::short`] is for reading only.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AttributeName(Raw);

impl AttributeName {
    pub fn new(name: impl Into<String>) -> Self {
        Self(Raw::from(name.into()))
    }

    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    pub fn raw(&self) -> &Raw {
        &self.0
    }

    /// The name without `custom:` or `dev:custom:`, as people say it.
    pub fn short(&self) -> &str {
        let name = self.as_str();
        let name = name.strip_prefix("dev:").unwrap_or(name);
        name.strip_prefix("custom:").unwrap_or(name)
    }

    /// Whether a pool owner defined it, rather than the service.
    pub fn is_custom(&self) -> bool {
        self.as_str().starts_with("custom:") || self.as_str().starts_with("dev:")
    }

    /// `email_verified` or `phone_number_verified`: a Boolean that is drawn under its contact.
    pub fn verifies(&self) -> Option<Contact> {
        Contact::ALL
            .into_iter()
            .find(|contact| contact.flag_name() == self.as_str())
    }

    /// The contact this attribute holds, if it is `email` or `phone_number`.
    pub fn contact(&self) -> Option<Contact> {
        Contact::ALL.into_iter().find(|contact| contact.name() == self.as_str())
    }
}

impl fmt::Debug for AttributeName {
    /// Names are schema, not personal data; `str`'s own escaping keeps a hostile one harmless in a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.as_str())
    }
}

/// The value of one attribute, always text on the wire. Debug prints its length only.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AttributeValue(Raw);

impl AttributeValue {
    pub fn new(value: impl Into<String>) -> Self {
        Self(Raw::from(value.into()))
    }

    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    pub fn raw(&self) -> &Raw {
        &self.0
    }

    pub fn is_empty(&self) -> bool {
        self.as_str().is_empty()
    }

    /// The service writes Booleans as `true` and `false` in any case.
    pub fn is_true(&self) -> bool {
        self.as_str().eq_ignore_ascii_case("true")
    }
}

/// What a user has set. An attribute that is absent here is not set; the service has no third state.
pub type Attributes = BTreeMap<AttributeName, AttributeValue>;

/// The two attributes that messages go to and that carry a verified flag of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Contact {
    Email,
    PhoneNumber,
}

impl Contact {
    pub const ALL: [Self; 2] = [Self::Email, Self::PhoneNumber];

    pub fn name(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::PhoneNumber => "phone_number",
        }
    }

    pub fn flag_name(self) -> &'static str {
        match self {
            Self::Email => "email_verified",
            Self::PhoneNumber => "phone_number_verified",
        }
    }

    pub fn attribute(self) -> AttributeName {
        AttributeName::new(self.name())
    }

    pub fn flag(self) -> AttributeName {
        AttributeName::new(self.flag_name())
    }

    /// How a message to it travels: "e-mail" or "SMS".
    pub fn medium(self) -> &'static str {
        match self {
            Self::Email => "e-mail",
            Self::PhoneNumber => "SMS",
        }
    }

    /// What people call it in a sentence.
    pub fn noun(self) -> &'static str {
        match self {
            Self::Email => "address",
            Self::PhoneNumber => "number",
        }
    }
}
