//! Messages an edit may cause. Before the answer the most that can be said is "expected", and the admin call answers
//! nothing about them even then.

use super::{Changes, Effect, Known, effect};
use crate::domain::attribute::{AttributeValue, Contact};
use crate::domain::draft::{Edit, Vouch};
use crate::domain::pool::{Pool, VerificationKind};
use crate::domain::route::Route;
use crate::domain::sentence::Sentence;
use crate::say;

/// How a new contact is verified by message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    Code,
    Link,
}

/// A message that a change causes by the pool's rules. Nothing here says that one was sent or arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Delivery {
    Expected {
        contact: Contact,
        form: Form,
        to: AttributeValue,
        /// On the own route the answer reports it.
        route: Route,
    },
    None,
    /// The pool's settings could not be read.
    NotKnown,
}

impl Delivery {
    /// The status pane's words: expected, none or not known.
    pub fn sentence(&self) -> Sentence {
        match self {
            Self::Expected {
                contact,
                form,
                to,
                route,
            } => {
                let reported = match route {
                    Route::Admin => " (not reported)",
                    Route::Own => " (the answer reports it)",
                };
                say!(
                    "expected: ", own message_name(*form), " by ", own contact.medium(), " to ", raw to.raw(), own reported
                )
            }
            Self::None => "message: none".into(),
            Self::NotKnown => "message: not known".into(),
        }
    }
}

pub(super) fn message_name(form: Form) -> &'static str {
    match form {
        Form::Code => "a code",
        Form::Link => "a link",
    }
}

/// The message that the changes cause for one contact. While nothing was chosen about its verified mark, what the pool
/// does by itself.
pub fn expected_delivery(pool: &Known<&Pool>, changes: Changes<'_>, contact: Contact) -> Delivery {
    let Some(Edit::Set(to)) = changes.get(&contact.attribute()) else {
        return Delivery::None;
    };
    let pool = pool.get().copied();
    let vouch = changes.vouch(contact).unwrap_or(Vouch::Pool);
    match effect(pool, Some(vouch), contact) {
        Effect::AtOnceVerified | Effect::AtOnceUnverified { message: false } => Delivery::None,
        Effect::AtOnceUnverified { message: true } | Effect::WithItsCode => {
            let route = changes.route();
            // Links are for sign-up, and taken for the administrator's changes as the setting says; a user's own changes
            // get a code (developer guide, "Configuring MFA, authentication, verification and invitation messages").
            let link =
                route == Route::Admin && contact == Contact::Email && pool.is_some_and(|pool| pool.verifies_by_link);
            let form = if link { Form::Link } else { Form::Code };
            Delivery::Expected {
                contact,
                form,
                to: to.clone(),
                route,
            }
        }
        Effect::NotKnown | Effect::NotChosen => Delivery::NotKnown,
    }
}

/// What the pool does with a new contact by itself, for the title of "What will happen".
pub fn pool_line(pool: &Known<&Pool>, contact: Contact) -> Sentence {
    let noun = contact.noun();
    match pool {
        Known::Known(pool) => match pool.verification(contact) {
            VerificationKind::None => format!("this pool: a new {noun} gets no message").into(),
            VerificationKind::AfterUpdate => format!("this pool: a new {noun} counts at once, unverified").into(),
            VerificationKind::BeforeUpdate => format!("this pool: a new {noun} waits for its code").into(),
        },
        Known::NotKnown(_) => "this pool: settings not known".into(),
        Known::Asking => "this pool: settings being read".into(),
    }
}

/// A choice of `v` in words, with what this pool does then: the pending value of a verified flag. On the own route
/// there is nothing to choose, and the words say what happens.
pub fn vouch_words(pool: &Known<&Pool>, contact: Contact, vouch: Option<Vouch>, route: Route) -> Sentence {
    let kind = pool.get().map(|pool| pool.verification(contact));
    let words = match (vouch, kind) {
        (_, Some(VerificationKind::None)) if route == Route::Own => "NO until a code is asked for and entered.",
        (_, Some(VerificationKind::AfterUpdate)) if route == Route::Own => "NO until its code is entered.",
        (_, Some(VerificationKind::BeforeUpdate)) if route == Route::Own => "waits for its code.",
        (_, None) if route == Route::Own => "NO until its code is entered, or waits for it.",
        (None, _) => "not chosen: v chooses",
        (Some(Vouch::Checked), _) => "yes: I checked it. No code goes.",
        (Some(Vouch::Pool), Some(VerificationKind::None)) => "NO: Cognito decides. No code goes.",
        (Some(Vouch::Pool), Some(VerificationKind::AfterUpdate)) => "NO until its code is entered: Cognito decides.",
        (Some(Vouch::Pool), Some(VerificationKind::BeforeUpdate)) => "waits for its code: Cognito decides.",
        (Some(Vouch::Pool), None) => "Cognito decides; this pool's way is not known.",
        (Some(Vouch::Unverified), _) => "NO: mark unverified.",
    };
    words.into()
}
