//! Who else has a new address or number, and what vouching for it takes from them. Taking an alias is silent on the
//! admin path, so it is looked up and said before anything is sent. On the own route nothing is taken: what somebody
//! else has verified is refused.

use jiff::Timestamp;

use super::contact::why;
use super::{Consequence, Context, Holder, Known, Move, Owner, topic};
use crate::domain::attribute::Contact;
use crate::domain::sentence::Sentence;
use crate::domain::user::Username;
use crate::say;

const TOPIC: &str = "owner";

/// What having the contact means in this pool.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Claim {
    /// An alias that becomes this user's at once.
    Taken,
    /// An alias that this user gets only once verified.
    Later,
    /// An alias on the own route: refused where somebody else has it verified. Whether the update or only the code is
    /// refused is not documented (both operations have the error).
    Guarded,
    /// The sign-in name itself: only one user may have it.
    Refused,
    /// No way to sign in, so two may have it.
    Free,
    NotKnown,
}

/// The contacts that are claimed by these changes: new ones, and those newly marked verified.
fn claim(context: &Context<'_>, contact: Contact) -> Option<Claim> {
    let vouched = context.is_vouched_for(contact);
    if !vouched && !matches!(context.movement(contact), Move::New { .. }) {
        return None;
    }
    let name = contact.attribute();
    Some(match context.pool() {
        None => Claim::NotKnown,
        Some(pool) if pool.sign_in.is_username(&name) => Claim::Refused,
        Some(pool) if pool.sign_in.is_alias(&name) && context.is_own() => Claim::Guarded,
        Some(pool) if pool.sign_in.is_alias(&name) && vouched => Claim::Taken,
        Some(pool) if pool.sign_in.is_alias(&name) => Claim::Later,
        Some(_) => Claim::Free,
    })
}

/// Whether another user has it, as looked up.
pub(super) fn owners(context: &Context<'_>) -> Vec<Consequence> {
    Contact::ALL
        .into_iter()
        .filter_map(|contact| owner(context, contact))
        .collect()
}

fn owner(context: &Context<'_>, contact: Contact) -> Option<Consequence> {
    let claim = claim(context, contact)?;
    let which = match context.movement(contact) {
        Move::New { .. } => format!("the new {}", contact.noun()),
        _ => format!("this {}", contact.noun()),
    };
    Some(match context.owners.get(&contact) {
        None => Consequence::note(TOPIC, format!("not asked yet whether another user has {which}")),
        Some(Known::Asking) => Consequence::note(TOPIC, format!("asking whether another user has {which}")),
        Some(unknown @ Known::NotKnown(_)) => {
            let line = say!("whether another user has ", own which, " is not known").join(why(unknown));
            Consequence::warn(TOPIC, line)
        }
        Some(Known::Known(Owner::NobodyFound { asked_at })) => {
            let line = say!("no other user found with ", own which, " ").join(asked(context, *asked_at));
            Consequence::note(TOPIC, line)
        }
        Some(Known::Known(Owner::Users { holders, asked_at })) => {
            held(context, contact, claim, holders).asked(asked(context, *asked_at))
        }
    })
}

fn held(context: &Context<'_>, contact: Contact, claim: Claim, holders: &[Holder]) -> Consequence {
    let all: Vec<&Username> = holders.iter().map(|holder| &holder.username).collect();
    let verified: Vec<&Username> = holders
        .iter()
        .filter(|holder| holder.verified)
        .map(|holder| &holder.username)
        .collect();
    let noun = contact.noun();
    let have = if all.len() == 1 { " has" } else { " have" };
    match claim {
        Claim::Refused => {
            let line = names(&all)
                .words(have)
                .words(" it: the service refuses it with AliasExistsException");
            Consequence::warn(TOPIC, line)
        }
        Claim::Taken if verified.is_empty() => {
            let line = names(&all)
                .words(have)
                .words(" it too, not verified: nothing is taken from anyone");
            Consequence::note(TOPIC, line)
        }
        Claim::Taken => {
            let line = say!("taken from ").join(names(&verified)).words(format!(
                ", who is not told: the {noun} becomes unverified there and no longer signs in"
            ));
            Consequence::warn(TOPIC, line)
        }
        Claim::Later | Claim::Guarded if verified.is_empty() => {
            Consequence::note(TOPIC, names(&all).words(have).words(" it too, not verified"))
        }
        Claim::Guarded => {
            let has = if verified.len() == 1 { " has" } else { " have" };
            let line = names(&verified).words(has).words(
                " it verified: the service refuses it with AliasExistsException, at once or at its code; \
                 nothing is taken",
            );
            Consequence::warn(TOPIC, line)
        }
        Claim::Later => {
            let sign = if verified.len() == 1 { " signs in" } else { " sign in" };
            let line = names(&verified)
                .words(sign)
                .words(" with it; this user does not unless it is verified here");
            Consequence::warn(TOPIC, line)
        }
        Claim::Free => {
            let line = names(&all)
                .words(have)
                .words(" it too; nobody signs in with it in this pool, so nothing is taken");
            Consequence::note(TOPIC, line)
        }
        Claim::NotKnown => {
            let whether = if context.is_own() {
                " it too; whether the service refuses it is not known"
            } else {
                " it too; whether it would be taken is not known"
            };
            let line = names(&all).words(have).words(whether).join(why(&context.pool));
            Consequence::warn(TOPIC, line)
        }
    }
}

/// `rob`, `rob and eve`, `rob and 2 others`.
fn names(users: &[&Username]) -> Sentence {
    match users {
        [] => Sentence::new(),
        [one] => say!(raw one.raw()),
        [one, other] => say!(raw one.raw(), " and ", raw other.raw()),
        [one, rest @ ..] => say!(raw one.raw(), " and ", own rest.len().to_string(), " others"),
    }
}

fn asked(context: &Context<'_>, at: Timestamp) -> Sentence {
    format!("(asked {}; may lag)", context.clock(at, "%H:%M:%S")).into()
}

impl Consequence {
    fn asked(mut self, asked: Sentence) -> Self {
        self.lines = self.lines.words(" ").join(asked);
        self
    }
}

/// Users who lose an alias to these changes: Review asks for the username then. Where the pool's settings are not
/// known, those who may. On the own route nobody: the service refuses what another user has verified.
pub fn takes_alias(context: &Context<'_>) -> Vec<Username> {
    let mut losers = Vec::new();
    for contact in Contact::ALL {
        let taken =
            context.is_vouched_for(contact) && matches!(claim(context, contact), Some(Claim::Taken | Claim::NotKnown));
        if let (true, Some(Known::Known(Owner::Users { holders, .. }))) = (taken, context.owners.get(&contact)) {
            for holder in holders.iter().filter(|holder| holder.verified) {
                if !losers.contains(&holder.username) {
                    losers.push(holder.username.clone());
                }
            }
        }
    }
    losers
}

/// An earlier change that was accepted and not seen applied. It is told whether or not the contact changes again,
/// because vouching would vouch for the wrong value.
pub(super) fn waiting(context: &Context<'_>, contact: Contact) -> Vec<Consequence> {
    let what = match contact {
        Contact::Email => "e-mail",
        Contact::PhoneNumber => "phone number",
    };
    let noun = contact.noun();
    let waiting = context.waiting.iter().filter(|waiting| waiting.contact == contact);
    waiting
        .map(|waiting| {
            let at = context.clock(waiting.accepted_at, "%H:%M");
            let so_far = format!("a change of this {what} was accepted at {at} and not seen applied");
            let line = if context.is_own() {
                format!("{so_far}: it waits for its code")
            } else {
                format!("{so_far}; v vouches for the {noun} shown, not for that one")
            };
            Consequence::warn(topic(contact), line)
        })
        .collect()
}
