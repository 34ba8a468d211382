//! What is about to be done, in full, before it is done: the unit the journal records and the writer sends.

use std::sync::Arc;

use super::attribute::{AttributeName, AttributeValue, Contact};
use super::change::{ChangeSet, Moved, moved};
use super::deed::{Account, Deed};
use super::draft::{ClientMetadata, Edit};
use super::place::{Caller, Written};
use super::raw::Raw;
use super::route::{ClientId, Route};
use super::secret::Secret;
use super::sign_in::Flow;
use super::user::{User, Username};

#[cfg(test)]
mod tests;

/// A write that somebody decided on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Intent {
    pub caller: Caller,
    pub place: Written,
    pub user: Username,
    /// The user's sub, where the reading had one: usernames can be reused.
    pub sub: Option<String>,
    pub operation: Operation,
    pub why: Why,
}

/// Why a write is made, as far as somebody said so.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Why {
    /// In the operator's words, such as the number of a ticket.
    pub reason: Option<Raw>,
    /// The name of the journal entry that this write takes back.
    pub undoes: Option<Raw>,
}

/// The operations that write. One variant a path, each with the reading it was decided on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operation {
    /// AdminUpdateUserAttributes, deletions as blank values in the same call.
    AdminUpdate(ChangeSet),
    /// UpdateUserAttributes, deletions as blank values in the same call.
    OwnUpdate(ChangeSet),
    /// DeleteUserAttributes: only deletions.
    OwnDelete(ChangeSet),
    Account {
        user: Arc<User>,
        account: Account,
    },
    ResendCode {
        user: Arc<User>,
        client: ClientId,
    },
    SendCode {
        user: Arc<User>,
        contact: Contact,
        metadata: ClientMetadata,
    },
    VerifyCode {
        user: Arc<User>,
        contact: Contact,
        /// The value that waits, where it is known: what a reading should show afterwards.
        pending: Option<AttributeValue>,
        code: Secret,
    },
    /// RespondToAuthChallenge or AdminRespondToAuthChallenge: a new password in the place of a temporary one. The
    /// password itself is in the request alone.
    NewPassword {
        user: Arc<User>,
        flow: Flow,
        client: ClientId,
        /// Attributes that the pool requires and that go out with it.
        values: Vec<(AttributeName, AttributeValue)>,
    },
}

impl Operation {
    /// The call that sends these changes.
    pub fn update(changes: ChangeSet) -> Self {
        let only_deletes = changes
            .changes()
            .iter()
            .all(|change| matches!(change.edit, Edit::Delete));
        match changes.route() {
            Route::Admin => Self::AdminUpdate(changes),
            Route::Own if only_deletes && !changes.is_empty() => Self::OwnDelete(changes),
            Route::Own => Self::OwnUpdate(changes),
        }
    }

    /// The service's own name of the call.
    pub fn name(&self) -> &'static str {
        match self {
            Self::AdminUpdate(_) => "AdminUpdateUserAttributes",
            Self::OwnUpdate(_) => "UpdateUserAttributes",
            Self::OwnDelete(_) => "DeleteUserAttributes",
            Self::Account { .. } | Self::ResendCode { .. } | Self::SendCode { .. } | Self::VerifyCode { .. } => {
                self.deed().map_or("", Deed::operation)
            }
            Self::NewPassword { flow, .. } => flow.answering(),
        }
    }

    /// The step it is, where it is none that changes attributes.
    pub fn deed(&self) -> Option<Deed> {
        match self {
            Self::AdminUpdate(_) | Self::OwnUpdate(_) | Self::OwnDelete(_) | Self::NewPassword { .. } => None,
            Self::Account { account, .. } => Some(Deed::Account(*account)),
            Self::ResendCode { .. } => Some(Deed::ResendCode),
            Self::SendCode { contact, .. } => Some(Deed::SendCode(*contact)),
            Self::VerifyCode { contact, .. } => Some(Deed::VerifyCode(*contact)),
        }
    }

    /// The attributes it changes, where that is what it does.
    pub fn changes(&self) -> Option<&ChangeSet> {
        match self {
            Self::AdminUpdate(changes) | Self::OwnUpdate(changes) | Self::OwnDelete(changes) => Some(changes),
            _ => None,
        }
    }

    /// Values that it sets besides what [`Operation::changes`] tells.
    pub fn values(&self) -> &[(AttributeName, AttributeValue)] {
        match self {
            Self::NewPassword { values, .. } => values,
            _ => &[],
        }
    }

    /// The user as read when it was decided.
    pub fn user(&self) -> &Arc<User> {
        match self {
            Self::AdminUpdate(changes) | Self::OwnUpdate(changes) | Self::OwnDelete(changes) => changes.base(),
            Self::Account { user, .. }
            | Self::ResendCode { user, .. }
            | Self::SendCode { user, .. }
            | Self::VerifyCode { user, .. }
            | Self::NewPassword { user, .. } => user,
        }
    }

    /// Whose call it is.
    pub fn route(&self) -> Route {
        match self {
            // Whoever sets a password for somebody does it as an operator, with the leave of one.
            Self::AdminUpdate(_) | Self::Account { .. } | Self::ResendCode { .. } | Self::NewPassword { .. } => {
                Route::Admin
            }
            Self::OwnUpdate(_) | Self::OwnDelete(_) | Self::SendCode { .. } | Self::VerifyCode { .. } => Route::Own,
        }
    }

    /// The app client it names.
    pub fn client(&self) -> Option<&ClientId> {
        match self {
            Self::ResendCode { client, .. } | Self::NewPassword { client, .. } => Some(client),
            _ => None,
        }
    }

    /// The contact whose code it is about.
    pub fn contact(&self) -> Option<Contact> {
        match self {
            Self::SendCode { contact, .. } | Self::VerifyCode { contact, .. } => Some(*contact),
            _ => None,
        }
    }

    /// MessageAction, where AdminCreateUser is told to make nobody.
    pub fn message_action(&self) -> Option<&'static str> {
        match self {
            Self::Account {
                account: Account::ResendInvitation,
                ..
            } => Some("RESEND"),
            _ => None,
        }
    }

    /// ClientMetadata that goes with it. DeleteUserAttributes takes none, whatever was attached.
    pub fn metadata(&self) -> Option<&ClientMetadata> {
        match self {
            Self::SendCode { metadata, .. } => Some(metadata),
            Self::OwnDelete(_) => None,
            other => other.changes().map(ChangeSet::metadata),
        }
    }

    /// The attributes it is judged on: whoever else changed one of them meanwhile stops it.
    pub fn touched(&self) -> Vec<AttributeName> {
        let both = |contact: Contact| vec![contact.attribute(), contact.flag()];
        match self {
            Self::SendCode { contact, .. } | Self::VerifyCode { contact, .. } => both(*contact),
            // Where the message goes.
            Self::ResendCode { .. }
            | Self::Account {
                account: Account::ResetPassword | Account::ResendInvitation,
                ..
            } => Contact::ALL.into_iter().flat_map(both).collect(),
            Self::Account { .. } => Vec::new(),
            Self::NewPassword { values, .. } => values.iter().map(|(name, _)| name.clone()).collect(),
            Self::AdminUpdate(changes) | Self::OwnUpdate(changes) | Self::OwnDelete(changes) => changes.touched(),
        }
    }

    /// Attributes that the consequences of a step are told from without its being about them: what a confirmed sign-up
    /// leaves unverified, and whether a way back in is there.
    fn facts(&self) -> Vec<&'static str> {
        match self {
            Self::Account {
                account: Account::ConfirmSignUp,
                ..
            } => Contact::ALL
                .into_iter()
                .flat_map(|contact| [contact.name(), contact.flag_name()])
                .collect(),
            _ => Vec::new(),
        }
    }

    /// What moved between the reading it was decided on and a newer one.
    pub fn drift(&self, now: &User) -> Moved {
        match self.changes() {
            Some(changes) => changes.drift(now),
            None => moved(self.user(), now, &self.touched(), &self.facts()),
        }
    }
}
