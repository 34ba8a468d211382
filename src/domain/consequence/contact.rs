//! What becomes of an address or number itself: when it counts, whether a message goes, whether it stays verified, and
//! whether sign-in and password reset follow it.

use super::delivery::message_name;
use super::{Consequence, Context, Delivery, Effect, Known, Move, expected_delivery, owner, topic};
use crate::domain::attribute::Contact;
use crate::domain::draft::Vouch;
use crate::domain::pool::{Pool, Recovery, SignIn};
use crate::domain::sentence::Sentence;
use crate::say;

/// How a message of the own route is spoken of beforehand: its delivery stands in the answer.
const REPORTED: &str = " is expected; its delivery will be reported by the service.";

/// All lines of one contact stand together, so this one rule runs the others contact by contact.
pub(super) fn contacts(context: &Context<'_>) -> Vec<Consequence> {
    Contact::ALL
        .into_iter()
        .flat_map(|contact| {
            // A call that will be refused has no other consequence.
            let refused = refused_mark(context, contact);
            if !refused.is_empty() {
                return refused;
            }
            let rules = [
                takes_effect,
                message_may_change,
                verification_lost,
                sign_in_and_reset,
                only_case,
                owner::waiting,
            ];
            rules.into_iter().flat_map(|rule| rule(context, contact)).collect()
        })
        .collect()
}

/// At once or with its code; a message, by what, to whom, or none.
pub(super) fn takes_effect(context: &Context<'_>, contact: Contact) -> Vec<Consequence> {
    let topic = topic(contact);
    let noun = contact.noun();
    let takes_effect = match context.movement(contact) {
        Move::Untouched => return Vec::new(),
        Move::Deleted => {
            let line = "is deleted, and its verified mark with it; no message goes to anyone.";
            return vec![Consequence::warn(topic, line)];
        }
        Move::Marked(true) => {
            let mut lines = vec![Consequence::note(
                topic,
                "counts as verified at once; no message goes to anyone.",
            )];
            if context
                .pool()
                .is_some_and(|pool| pool.verify_before_update.contains(&contact))
            {
                lines.push(Consequence::note(
                    topic,
                    format!("A new {noun} that waits for its code still waits."),
                ));
            }
            return lines;
        }
        Move::Marked(false) => {
            return vec![Consequence::note(
                topic,
                "is marked unverified at once; no message goes to anyone.",
            )];
        }
        Move::New { takes_effect, .. } => takes_effect,
    };
    let marked = context.changes.vouch(contact) == Some(Vouch::Unverified);
    let mark = if marked { "marked unverified" } else { "not verified" };
    let line = match takes_effect {
        Effect::NotChosen => {
            let line = "nobody has said yet whether it is verified: v chooses; review goes there first.";
            return vec![Consequence::warn(topic, line)];
        }
        Effect::AtOnceVerified => "changes at once, because you vouch for it; no message goes to anyone.".into(),
        Effect::AtOnceUnverified { message: false } => {
            say!("changes at once, ", own mark, "; no message goes to anyone.")
        }
        Effect::AtOnceUnverified { message: true } => {
            let expected = match (context.is_own(), marked) {
                (true, _) => REPORTED,
                (false, true) => " is expected all the same.",
                (false, false) => " is expected.",
            };
            say!("changes at once, ", own mark, "; ")
                .join(message(context, contact))
                .words(expected)
        }
        Effect::WithItsCode => {
            let line = say!("waits for its code: ")
                .join(message(context, contact))
                .words(if context.is_own() { REPORTED } else { " is expected." });
            let until = match context.user.contact(contact) {
                Some(_) => format!("Until it is entered the old {noun} stays in force, as it is."),
                None => format!("Until it is entered the user has no {noun}."),
            };
            let mut lines = vec![Consequence::note(topic, line), Consequence::note(topic, until)];
            if marked {
                lines.push(Consequence::note(
                    topic,
                    "Marking it unverified does not make it count at once.",
                ));
            }
            let entered = if context.is_own() {
                "It can be entered here as long as this token is good, or in an app that asks for it."
            } else {
                "Only the user can enter the code, signed in, in an app that asks for it."
            };
            lines.push(Consequence::note(topic, entered));
            return lines;
        }
        Effect::NotKnown => {
            say!("whether it changes at once or waits for its code is not known").join(why(&context.pool))
        }
    };
    vec![Consequence::note(topic, line)]
}

/// `a code by e-mail to jane@example.com`.
fn message(context: &Context<'_>, contact: Contact) -> Sentence {
    match expected_delivery(&context.pool, context.changes, contact) {
        Delivery::Expected { form, to, .. } => {
            say!(own message_name(form), " by ", own contact.medium(), " to ", raw to.raw())
        }
        Delivery::None => "no message".into(),
        Delivery::NotKnown => "a message".into(),
    }
}

/// The reason behind "not known", with the colon before it.
pub(super) fn why<T>(known: &Known<T>) -> Sentence {
    match known {
        Known::NotKnown(reason) if !reason.is_empty() => say!(": ").join(reason.clone()),
        Known::Asking => " yet".into(),
        _ => Sentence::new(),
    }
}

/// A mark that nobody but an administrator can set, or that speaks of nothing: the service is expected to refuse it.
pub(super) fn refused_mark(context: &Context<'_>, contact: Contact) -> Vec<Consequence> {
    match context.movement(contact) {
        Move::Marked(_) if context.is_own() => {
            let line = "the service refuses it: in a user's own call only a code changes the verified mark.";
            vec![Consequence::warn(topic(contact), line)]
        }
        Move::Marked(_) if context.user.contact(contact).is_none() => {
            let line = format!(
                "the service is expected to refuse: there is no {} to verify.",
                contact.noun()
            );
            vec![Consequence::warn(topic(contact), line)]
        }
        _ => Vec::new(),
    }
}

/// A custom message trigger stands between the expectation and the message.
pub(super) fn message_may_change(context: &Context<'_>, contact: Contact) -> Vec<Consequence> {
    let triggered = context.pool().is_some_and(|pool| pool.custom_message_trigger);
    let expected = matches!(
        expected_delivery(&context.pool, context.changes, contact),
        Delivery::Expected { .. }
    );
    if triggered && context.changes.is_chosen(contact) && expected {
        let line = "A custom message trigger of this pool may change or suppress the message.";
        vec![Consequence::note(topic(contact), line)]
    } else {
        Vec::new()
    }
}

/// Whether the mark that counts now is gone afterwards.
pub(super) fn verification_lost(context: &Context<'_>, contact: Contact) -> Vec<Consequence> {
    if !context.user.is_verified(contact) {
        return Vec::new();
    }
    let line = match context.movement(contact) {
        Move::New {
            takes_effect: Effect::AtOnceUnverified { message: true },
            ..
        } => "Verified until now; not any more, until the code is entered.",
        Move::New {
            takes_effect: Effect::AtOnceUnverified { message: false },
            ..
        } if context.is_own() => "Verified until now; not any more, until a code for it is asked for and entered.",
        Move::New {
            takes_effect: Effect::AtOnceUnverified { message: false },
            ..
        } => "Verified until now; not any more, until somebody vouches for it.",
        Move::Marked(false) => "Verified until now; not any more.",
        _ => return Vec::new(),
    };
    vec![Consequence::warn(topic(contact), line)]
}

/// What a contact is for in a pool, besides being written down.
#[derive(Clone, Copy)]
struct Uses {
    alias: bool,
    sign_in_name: bool,
    reset: bool,
}

impl Uses {
    fn of(pool: &Pool, contact: Contact) -> Self {
        let name = contact.attribute();
        Self {
            alias: pool.sign_in.is_alias(&name),
            sign_in_name: pool.sign_in.is_username(&name),
            reset: resets(pool).contains(&contact),
        }
    }

    /// `Sign-in and password reset`, with the ending of its verb.
    fn subject(self) -> Option<(&'static str, &'static str)> {
        match (self.alias || self.sign_in_name, self.reset) {
            (true, true) => Some(("Sign-in and password reset", "")),
            (true, false) => Some(("Sign-in", "s")),
            (false, true) => Some(("Password reset", "s")),
            (false, false) => None,
        }
    }
}

/// The contacts that a password reset may go to. A pool without the setting uses both, as older pools do.
pub(super) fn resets(pool: &Pool) -> Vec<Contact> {
    if pool.recovery.is_empty() {
        return Contact::ALL.to_vec();
    }
    pool.recovery
        .iter()
        .filter_map(|way| match way {
            Recovery::VerifiedEmail => Some(Contact::Email),
            Recovery::VerifiedPhoneNumber => Some(Contact::PhoneNumber),
            Recovery::AdminOnly | Recovery::Other(_) => None,
        })
        .collect()
}

/// Whether sign-in and password reset follow the contact.
pub(super) fn sign_in_and_reset(context: &Context<'_>, contact: Contact) -> Vec<Consequence> {
    let movement = context.movement(contact);
    if matches!(
        movement,
        Move::Untouched
            | Move::New {
                takes_effect: Effect::NotChosen,
                ..
            }
    ) {
        return Vec::new();
    }
    let topic = topic(contact);
    let Some(pool) = context.pool() else {
        let line = say!("Whether sign-in and password reset use it is not known")
            .join(why(&context.pool))
            .words(".");
        return vec![Consequence::note(topic, line)];
    };
    let uses = Uses::of(pool, contact);
    let noun = contact.noun();
    let old = context.user.contact(contact).is_some();
    let Some((subject, ending)) = uses.subject() else {
        return vec![Consequence::note(
            topic,
            "Neither sign-in nor password reset uses it in this pool.",
        )];
    };
    match movement {
        Move::New {
            takes_effect: Effect::AtOnceVerified,
            ..
        } if old => {
            vec![Consequence::note(
                topic,
                format!("{subject} move{ending} to it; the old {noun} stops working."),
            )]
        }
        Move::New {
            takes_effect: Effect::AtOnceVerified,
            ..
        }
        | Move::Marked(true) => {
            vec![Consequence::note(
                topic,
                format!("{subject} work{ending} with it from now on."),
            )]
        }
        Move::New {
            takes_effect: Effect::WithItsCode,
            ..
        } if old => {
            vec![Consequence::note(
                topic,
                format!("{subject} stay{ending} with the old {noun} until then."),
            )]
        }
        Move::New {
            takes_effect: Effect::WithItsCode,
            ..
        } => {
            vec![Consequence::note(
                topic,
                format!("{subject} work{ending} with it from then on."),
            )]
        }
        Move::New {
            takes_effect: Effect::AtOnceUnverified { .. },
            ..
        } => unverified(context, pool, uses, contact),
        Move::Marked(false) | Move::Deleted => lost(context, pool, uses, contact),
        Move::New { .. } | Move::Untouched => Vec::new(),
    }
}

/// A new contact that counts at once and is not verified.
fn unverified(context: &Context<'_>, pool: &Pool, uses: Uses, contact: Contact) -> Vec<Consequence> {
    let topic = topic(contact);
    let noun = contact.noun();
    let mut lines = Vec::new();
    if uses.sign_in_name {
        lines.push(Consequence::warn(
            topic,
            format!("It becomes the name to sign in with; the old {noun} stops working."),
        ));
    }
    if uses.alias {
        let line = match context.user.contact(contact) {
            Some(_) => format!("Nobody signs in with the old or the new {noun} until it is verified."),
            None => format!("Nobody signs in with the {noun} until it is verified."),
        };
        lines.push(Consequence::warn(topic, line));
        lines.push(Consequence::note(topic, username_still_works(pool)));
    }
    if uses.reset {
        lines.push(Consequence::warn(
            topic,
            "Password reset does not use it until it is verified.",
        ));
    }
    lines
}

/// A contact that is deleted or no longer verified.
fn lost(context: &Context<'_>, pool: &Pool, uses: Uses, contact: Contact) -> Vec<Consequence> {
    let topic = topic(contact);
    let deleted = context.movement(contact) == Move::Deleted;
    let mut lines = Vec::new();
    if uses.sign_in_name && deleted {
        let other = Contact::ALL.into_iter().find(|other| {
            *other != contact && pool.sign_in.is_username(&other.attribute()) && context.user.contact(*other).is_some()
        });
        let line = match other {
            Some(other) => format!("Sign-in by {} ends; the {} still works.", contact.noun(), other.noun()),
            None => "Nothing is left to sign in with.".to_owned(),
        };
        lines.push(Consequence::warn(topic, line));
    }
    if uses.alias {
        lines.push(Consequence::warn(topic, "Nobody signs in with it any more."));
        lines.push(Consequence::note(topic, username_still_works(pool)));
    }
    if uses.reset {
        lines.push(Consequence::warn(
            topic,
            format!("Password reset by {} is lost.", contact.medium()),
        ));
    }
    lines
}

fn username_still_works(pool: &Pool) -> &'static str {
    match &pool.sign_in {
        SignIn::Aliases(_) => "The username still works.",
        SignIn::UsernameAttributes(_) => "Other ways to sign in still work.",
    }
}

/// A value that differs in case only still counts as new, which is easy to overlook.
pub(super) fn only_case(context: &Context<'_>, contact: Contact) -> Vec<Consequence> {
    match (context.movement(contact), context.user.contact(contact)) {
        (Move::New { value, .. }, Some(old))
            if value != old && value.as_str().to_lowercase() == old.as_str().to_lowercase() =>
        {
            let line = format!(
                "Only capitals differ; the service takes it for a new {} all the same.",
                contact.noun()
            );
            vec![Consequence::note(topic(contact), line)]
        }
        _ => Vec::new(),
    }
}
