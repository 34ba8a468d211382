//! A user as last read, and how it was read, because a row of a list knows less than the answer about one user.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::attribute::{AttributeName, AttributeValue, Attributes, Contact};
use super::raw::Raw;

#[cfg(test)]
mod tests;

/// The name the service knows a user by. Requests use this, never an alias: an alias can move between users.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Username(Raw);

impl Username {
    pub fn new(name: impl Into<String>) -> Self {
        Self(Raw::from(name.into()))
    }

    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    pub fn raw(&self) -> &Raw {
        &self.0
    }
}

impl fmt::Debug for Username {
    /// A username is often an e-mail address, so it is kept out of logs like any value.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Username({} bytes)", self.as_str().len())
    }
}

/// Where a user stands in its life. `Unknown` keeps a status that this version does not know, as it was sent.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum UserStatus {
    Unconfirmed,
    Confirmed,
    Archived,
    Compromised,
    ResetRequired,
    ForceChangePassword,
    ExternalProvider,
    /// GetUser, the user's own reading, does not tell it.
    NotTold,
    /// `UNKNOWN` itself, or a status newer than this program.
    Unknown(Raw),
}

impl UserStatus {
    pub fn parse(text: &str) -> Self {
        match text {
            "UNCONFIRMED" => Self::Unconfirmed,
            "CONFIRMED" => Self::Confirmed,
            "ARCHIVED" => Self::Archived,
            "COMPROMISED" => Self::Compromised,
            "RESET_REQUIRED" => Self::ResetRequired,
            "FORCE_CHANGE_PASSWORD" => Self::ForceChangePassword,
            "EXTERNAL_PROVIDER" => Self::ExternalProvider,
            other => Self::Unknown(Raw::from(other)),
        }
    }

    /// The statuses that this program knows and a list can show, in the service's own words.
    pub const WORDS: [&'static str; 7] = [
        "CONFIRMED",
        "UNCONFIRMED",
        "FORCE_CHANGE_PASSWORD",
        "RESET_REQUIRED",
        "EXTERNAL_PROVIDER",
        "ARCHIVED",
        "COMPROMISED",
    ];

    /// The service's own word.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Unconfirmed => "UNCONFIRMED",
            Self::Confirmed => "CONFIRMED",
            Self::Archived => "ARCHIVED",
            Self::Compromised => "COMPROMISED",
            Self::ResetRequired => "RESET_REQUIRED",
            Self::ForceChangePassword => "FORCE_CHANGE_PASSWORD",
            Self::ExternalProvider => "EXTERNAL_PROVIDER",
            Self::NotTold => "not told",
            Self::Unknown(raw) => raw.as_str(),
        }
    }

    pub fn raw(&self) -> Raw {
        Raw::from(self.as_str())
    }
}

/// The second factors of a user, which only AdminGetUser tells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mfa {
    pub sms: bool,
    pub totp: bool,
    pub email: bool,
    /// A setting this version does not know, as it was sent.
    pub other: Vec<Raw>,
    /// PreferredMfaSetting as sent, if any.
    pub preferred: Option<Raw>,
}

impl Mfa {
    pub fn any(&self) -> bool {
        self.sms || self.totp || self.email || !self.other.is_empty()
    }

    /// The factors in the words of the header: `SMS, TOTP`, or `none`.
    pub fn words(&self) -> Raw {
        let mut words: Vec<&str> = Vec::new();
        for (on, word) in [(self.sms, "SMS"), (self.totp, "TOTP"), (self.email, "e-mail")] {
            if on {
                words.push(word);
            }
        }
        words.extend(self.other.iter().map(Raw::as_str));
        if words.is_empty() {
            words.push("none");
        }
        Raw::from(words.join(", "))
    }
}

/// Which operation a user was read with. Only `AdminGetUser` is the authority; `ListUsers` may lag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// ListUsers: free of charge, eventually consistent, without second factors.
    List,
    /// AdminGetUser: counts the user as monthly active.
    Get { mfa: Mfa },
    /// GetUser with the user's own token: only what the app client may read, and neither status nor dates. That it
    /// answers at all means that the account is enabled.
    Own { mfa: Mfa },
}

/// A user as last read.
#[derive(Clone, PartialEq, Eq)]
pub struct User {
    pub username: Username,
    pub attributes: Attributes,
    pub status: UserStatus,
    pub enabled: bool,
    pub created: Option<Timestamp>,
    pub changed: Option<Timestamp>,
    pub source: Source,
    /// When the answer that told this arrived.
    pub read_at: Timestamp,
}

#[cfg(test)]
impl User {
    /// Somebody from a list, of whom these attributes are known; for tests.
    pub(crate) fn listed(name: &str, attributes: &[(&str, &str)]) -> Self {
        Self {
            username: Username::new(name),
            attributes: attributes
                .iter()
                .map(|(name, value)| (AttributeName::new(*name), AttributeValue::new(*value)))
                .collect(),
            status: UserStatus::Confirmed,
            enabled: true,
            created: None,
            changed: None,
            source: Source::List,
            read_at: Timestamp::UNIX_EPOCH,
        }
    }
}

impl fmt::Debug for User {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "User({:?}, {} attributes)", self.username, self.attributes.len())
    }
}

impl User {
    pub fn get(&self, name: &AttributeName) -> Option<&AttributeValue> {
        self.attributes.get(name)
    }

    /// The value of a standard attribute by its literal name.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.attributes
            .get(&AttributeName::new(name))
            .map(AttributeValue::as_str)
    }

    pub fn contact(&self, contact: Contact) -> Option<&AttributeValue> {
        self.attributes.get(&contact.attribute())
    }

    /// Whether the flag says verified; an absent flag is not.
    pub fn is_verified(&self, contact: Contact) -> bool {
        self.attributes
            .get(&contact.flag())
            .is_some_and(AttributeValue::is_true)
    }

    pub fn sub(&self) -> Option<&str> {
        self.text("sub")
    }

    /// A name for a person, from what is set: `name`, else given and family name.
    pub fn display_name(&self) -> Option<Raw> {
        if let Some(name) = self.text("name").filter(|name| !name.is_empty()) {
            return Some(Raw::from(name));
        }
        match (self.text("given_name"), self.text("family_name")) {
            (Some(given), Some(family)) => Some(Raw::from(format!("{given} {family}"))),
            (Some(one), None) | (None, Some(one)) => Some(Raw::from(one)),
            (None, None) => None,
        }
    }

    /// Signs in through a provider too, which then writes the attributes that are mapped to it: as its profile, or linked to it.
    pub fn has_provider(&self) -> bool {
        self.status == UserStatus::ExternalProvider || self.text("identities").is_some()
    }

    /// Second factors, where this reading knows them.
    pub fn mfa(&self) -> Option<&Mfa> {
        match &self.source {
            Source::List => None,
            Source::Get { mfa } | Source::Own { mfa } => Some(mfa),
        }
    }

    /// Whether this reading knows the status and whether the account is enabled.
    pub fn tells_status(&self) -> bool {
        !matches!(self.source, Source::Own { .. })
    }

    /// The user in the shape of AdminGetUser's answer, for copying.
    pub fn to_json(&self) -> serde_json::Value {
        let attributes: Vec<serde_json::Value> = self
            .attributes
            .iter()
            .map(|(name, value)| serde_json::json!({ "Name": name.as_str(), "Value": value.as_str() }))
            .collect();
        serde_json::json!({
            "Username": self.username.as_str(),
            "UserAttributes": attributes,
            "UserCreateDate": self.created.map(|at| at.to_string()),
            "UserLastModifiedDate": self.changed.map(|at| at.to_string()),
            "Enabled": self.enabled,
            "UserStatus": self.status.raw().as_str(),
        })
    }
}
