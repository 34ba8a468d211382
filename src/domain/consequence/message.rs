//! What can keep a message from arriving, as far as a pool's settings tell. Sources: Amazon Cognito developer guide, "SMS
//! message settings for Amazon Cognito user pools" and "Email settings for Amazon Cognito user pools"; API reference,
//! UserPoolType (SmsConfigurationFailure, EmailConfigurationFailure) and UpdateUserAttributes (US numbers, sandbox).

use super::{Consequence, Context, Delivery, expected_delivery};
use crate::domain::attribute::{AttributeValue, Contact};
use crate::domain::pool::{EmailSender, Pool};
use crate::say;

const SMS: &str = "SMS";
const MAIL: &str = "mail";

/// How SmsConfigurationFailure says that an account is in the sandbox. It says so only where whoever made the pool may
/// read that, so its absence means nothing.
const SANDBOX: &str = "SNSSandbox";

/// Notes on every message that the changes are expected to cause.
pub(super) fn messages(context: &Context<'_>) -> Vec<Consequence> {
    let Some(pool) = context.pool() else {
        return Vec::new();
    };
    Contact::ALL
        .into_iter()
        .filter(|contact| context.changes.is_chosen(*contact))
        .flat_map(
            |contact| match expected_delivery(&context.pool, context.changes, contact) {
                Delivery::Expected { to, .. } => message_notes(pool, contact, &to),
                Delivery::None | Delivery::NotKnown => Vec::new(),
            },
        )
        .collect()
}

/// What can keep a message to `to` from arriving: for an edit, and for whatever else sends one.
pub fn message_notes(pool: &Pool, contact: Contact, to: &AttributeValue) -> Vec<Consequence> {
    match contact {
        Contact::PhoneNumber => text_message(pool, to),
        Contact::Email => mail(pool),
    }
}

fn text_message(pool: &Pool, to: &AttributeValue) -> Vec<Consequence> {
    if !pool.sms_role {
        return vec![Consequence::warn(
            SMS,
            "this pool has no SMS role: the message cannot go out",
        )];
    }
    let reasons = || pool.sms_failure.iter().flat_map(|failure| failure.as_str().split(','));
    let sandboxed = reasons().any(|reason| reason.trim() == SANDBOX);
    let mut notes = Vec::new();
    if let Some(failure) = pool
        .sms_failure
        .as_ref()
        .filter(|_| reasons().any(|reason| reason.trim() != SANDBOX))
    {
        notes.push(Consequence::warn(
            SMS,
            say!("reported of this pool's SMS settings: ", raw failure),
        ));
    }
    notes.push(if sandboxed {
        Consequence::warn(SMS, "reported: in the SMS sandbox; only verified numbers get messages")
    } else {
        Consequence::note(
            SMS,
            "if the account is in the SMS sandbox, only verified numbers get it",
        )
    });
    // Other countries share the prefix; only US carriers ask for it.
    if to.as_str().starts_with("+1") {
        notes.push(Consequence::note(
            SMS,
            "a US number gets it from a registered origination number only",
        ));
    }
    notes
}

fn mail(pool: &Pool) -> Vec<Consequence> {
    let mut notes = Vec::new();
    if let Some(failure) = &pool.email_failure {
        notes.push(Consequence::warn(
            MAIL,
            say!("reported of this pool's e-mail settings: ", raw failure),
        ));
    }
    if pool.email_sender == EmailSender::Default {
        notes.push(Consequence::note(
            MAIL,
            "default sender: 50 e-mails a day for the account, reset 09:00 UTC",
        ));
    }
    notes
}
