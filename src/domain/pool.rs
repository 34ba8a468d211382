//! A user pool and those of its settings that decide what an edit causes.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::attribute::{AttributeName, Contact};
use super::raw::Raw;
use super::schema::Schema;

#[cfg(test)]
mod tests;

/// The id of a pool, `us-east-1_aB3dE5fGh`. Text from outside until [`PoolId::is_plain`] says otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PoolId(Raw);

impl PoolId {
    pub fn new(id: impl Into<String>) -> Self {
        Self(Raw::from(id.into()))
    }

    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    pub fn raw(&self) -> &Raw {
        &self.0
    }

    /// Only letters, digits, `_` and `-`: the condition for using it as a file name.
    pub fn is_plain(&self) -> bool {
        !self.as_str().is_empty()
            && self
                .as_str()
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
    }

    /// The region in front of the underscore, if it is shaped like one (`xx-word-1`).
    pub fn region(&self) -> Option<&str> {
        let (region, _) = self.as_str().split_once('_')?;
        let mut parts = region.rsplit('-');
        let number = parts.next()?;
        let shaped = parts.count() >= 2
            && !number.is_empty()
            && number.chars().all(|c| c.is_ascii_digit())
            && region
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
        shaped.then_some(region)
    }
}

/// One row of ListUserPools.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PoolSummary {
    pub id: PoolId,
    pub name: Raw,
    pub changed: Option<Timestamp>,
}

/// How a pool treats a second factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum MfaSetting {
    #[default]
    Off,
    Optional,
    On,
}

/// One way back into an account, in the order the pool prefers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recovery {
    VerifiedEmail,
    VerifiedPhoneNumber,
    AdminOnly,
    Other(Raw),
}

/// How users of a pool may sign in besides their username. The two are exclusive and fixed when a pool is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignIn {
    /// The username, and any of these attributes as an alias once verified (may be empty).
    Aliases(BTreeSet<AttributeName>),
    /// One of these attributes is the name to sign in with; the username itself is a UUID.
    UsernameAttributes(BTreeSet<AttributeName>),
}

impl SignIn {
    pub fn is_alias(&self, name: &AttributeName) -> bool {
        matches!(self, Self::Aliases(set) if set.contains(name))
    }

    pub fn is_username(&self, name: &AttributeName) -> bool {
        matches!(self, Self::UsernameAttributes(set) if set.contains(name))
    }
}

/// Who sends a pool's e-mail (Amazon Cognito developer guide, "Email settings for Amazon Cognito user pools").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EmailSender {
    /// COGNITO_DEFAULT, or nothing said: the service itself, which sends 50 messages a day for an account.
    Default,
    /// DEVELOPER: Amazon SES in the owner's account, by the limits there.
    Ses,
    /// A custom e-mail sender trigger: the pool sends nothing itself.
    Trigger,
}

/// The settings of a pool, from DescribeUserPool.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pool {
    pub id: PoolId,
    pub name: Raw,
    pub arn: Option<Raw>,
    pub schema: Schema,
    pub sign_in: SignIn,
    /// Absent in the answer means true, the API's own default.
    pub case_sensitive: bool,
    /// AutoVerifiedAttributes: a changed contact gets a message.
    pub auto_verified: BTreeSet<Contact>,
    /// AttributesRequireVerificationBeforeUpdate: the old value stays until the code is entered.
    pub verify_before_update: BTreeSet<Contact>,
    /// VerificationMessageTemplate.DefaultEmailOption is CONFIRM_WITH_LINK.
    pub verifies_by_link: bool,
    pub mfa: MfaSetting,
    pub recovery: Vec<Recovery>,
    /// A custom message trigger is assigned: it may change or suppress what is sent.
    pub custom_message_trigger: bool,
    pub email_sender: EmailSender,
    /// EmailConfigurationFailure: why its e-mail cannot go out, in the service's words.
    pub email_failure: Option<Raw>,
    /// SmsConfiguration names a role to send text messages with.
    pub sms_role: bool,
    /// SmsConfigurationFailure, likewise: `SNSSandbox`, or the names of errors, with commas between.
    pub sms_failure: Option<Raw>,
    /// How many days the temporary password of an invitation is good for, where the pool tells.
    pub temporary_password_days: Option<u16>,
    pub estimated_users: Option<u64>,
}

/// The three kinds of pool that the verification rules tell apart, per contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VerificationKind {
    /// A: not auto-verified. A change is active at once, unverified; nobody gets a message.
    None,
    /// B: auto-verified. A change is active at once, unverified; a code or link goes to the new value.
    AfterUpdate,
    /// C: auto-verified and required before update. The old value stays in force until the code is entered.
    BeforeUpdate,
}

impl Pool {
    /// A pool of which nothing but its id is known.
    pub fn unknown(id: PoolId) -> Self {
        Self {
            id,
            name: Raw::default(),
            arn: None,
            schema: Schema::default(),
            sign_in: SignIn::Aliases(BTreeSet::new()),
            case_sensitive: true,
            auto_verified: BTreeSet::new(),
            verify_before_update: BTreeSet::new(),
            verifies_by_link: false,
            mfa: MfaSetting::Off,
            recovery: Vec::new(),
            custom_message_trigger: false,
            email_sender: EmailSender::Default,
            email_failure: None,
            sms_role: false,
            sms_failure: None,
            estimated_users: None,
            temporary_password_days: None,
        }
    }

    pub fn verification(&self, contact: Contact) -> VerificationKind {
        if self.verify_before_update.contains(&contact) {
            VerificationKind::BeforeUpdate
        } else if self.auto_verified.contains(&contact) {
            VerificationKind::AfterUpdate
        } else {
            VerificationKind::None
        }
    }

    /// The account number from the pool's ARN.
    pub fn account(&self) -> Option<Raw> {
        let arn = self.arn.as_ref()?;
        arn.as_str()
            .split(':')
            .nth(4)
            .filter(|account| !account.is_empty())
            .map(Raw::from)
    }
}

/// Which attributes an identity provider rewrites at each sign-in, from DescribeIdentityProvider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderMapping {
    pub provider: Raw,
    /// User pool attribute names that the provider sets.
    pub attributes: BTreeSet<AttributeName>,
}
