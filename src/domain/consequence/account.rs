//! What the account makes of a changed contact: second factors, ways back in, and its status.

use super::contact::resets;
use super::{Consequence, Context, Effect, Move};
use crate::domain::attribute::Contact;
use crate::domain::pool::MfaSetting;
use crate::domain::sentence::Sentence;
use crate::domain::user::{Mfa, UserStatus};
use crate::say;

const MFA: &str = "MFA";
const STATUS: &str = "status";
const RECOVERY: &str = "recover";

/// Where sign-in codes go afterwards.
pub(super) fn second_factors(context: &Context<'_>) -> Vec<Consequence> {
    let changed = Contact::ALL
        .into_iter()
        .any(|contact| matches!(context.movement(contact), Move::New { .. } | Move::Deleted));
    if !changed {
        return Vec::new();
    }
    let setting = context.pool().map(|pool| pool.mfa);
    let Some(mfa) = context.user.mfa() else {
        return match setting {
            Some(MfaSetting::Off) => Vec::new(),
            _ => vec![Consequence::note(
                MFA,
                "second factors are not known until the user is read in full",
            )],
        };
    };
    if !mfa.any() {
        return match setting {
            Some(MfaSetting::On) => {
                vec![Consequence::note(
                    MFA,
                    "this pool requires it, and no factor is set for this user",
                )]
            }
            _ => Vec::new(),
        };
    }
    let mut lines: Vec<Consequence> = Contact::ALL
        .into_iter()
        .filter_map(|contact| factor_moves(context, mfa, contact))
        .collect();
    let rest = left(context, mfa);
    if rest.is_empty() {
        let line = say!(raw context.user.username.raw(), " can no longer pass MFA");
        lines.push(Consequence::warn(MFA, line));
    } else if lines.is_empty() {
        lines.push(unchanged(context, mfa));
    }
    lines
}

fn uses(mfa: &Mfa, contact: Contact) -> bool {
    match contact {
        Contact::Email => mfa.email,
        Contact::PhoneNumber => mfa.sms,
    }
}

fn factor_moves(context: &Context<'_>, mfa: &Mfa, contact: Contact) -> Option<Consequence> {
    if !uses(mfa, contact) {
        return None;
    }
    let passes = match contact {
        Contact::Email => "; whoever reads that mailbox passes MFA",
        Contact::PhoneNumber => "; whoever holds that phone passes MFA",
    };
    match context.movement(contact) {
        Move::New { value, takes_effect } => Some(match takes_effect {
            Effect::AtOnceVerified | Effect::AtOnceUnverified { .. } => {
                Consequence::warn(MFA, say!("the next sign-in code goes to ", raw value.raw(), own passes))
            }
            Effect::WithItsCode => {
                let line = say!("once its code is entered, sign-in codes go to ", raw value.raw(), own passes);
                Consequence::warn(MFA, line)
            }
            Effect::NotChosen | Effect::NotKnown => {
                let line = say!("sign-in codes will go to ", raw value.raw(), ", at once or once its code is entered", own passes);
                Consequence::warn(MFA, line)
            }
        }),
        Move::Deleted if !left(context, mfa).is_empty() => {
            let line = format!(
                "sign-in codes by {} end; left: {}",
                contact.medium(),
                left(context, mfa).join(", ")
            );
            Some(Consequence::warn(MFA, line))
        }
        Move::Deleted | Move::Marked(_) | Move::Untouched => None,
    }
}

/// The factors that are left afterwards, in words.
fn left(context: &Context<'_>, mfa: &Mfa) -> Vec<String> {
    let kept = |contact| uses(mfa, contact) && context.movement(contact) != Move::Deleted;
    let mut left = Vec::new();
    if kept(Contact::PhoneNumber) {
        left.push("SMS".to_owned());
    }
    if mfa.totp {
        left.push("authenticator app".to_owned());
    }
    if kept(Contact::Email) {
        left.push("e-mail".to_owned());
    }
    if !mfa.other.is_empty() {
        left.push(match mfa.other.len() {
            1 => "1 other factor".to_owned(),
            more => format!("{more} other factors"),
        });
    }
    left
}

fn unchanged(context: &Context<'_>, mfa: &Mfa) -> Consequence {
    let mut line = say!("unchanged: ");
    let mut first = true;
    for contact in [Contact::PhoneNumber, Contact::Email]
        .into_iter()
        .filter(|contact| uses(mfa, *contact))
    {
        let to = context.user.contact(contact);
        line = line
            .words(if first {
                "sign-in codes still go by "
            } else {
                ", and by "
            })
            .words(contact.medium())
            .words(" to ")
            .join(to.map_or_else(|| Sentence::from("nowhere"), |to| say!(raw to.raw())));
        first = false;
    }
    if mfa.totp {
        line = line
            .words(if first { "" } else { ", or " })
            .words("sign-in codes come from the authenticator app");
        first = false;
    }
    if first {
        line = line.words("no second factor uses a changed address or number");
    }
    Consequence::note(MFA, line)
}

/// The pattern of a taken-over account: whoever asked for this holds every way back in.
pub(super) fn everything_new(context: &Context<'_>) -> Vec<Consequence> {
    let moves = Contact::ALL.map(|contact| context.movement(contact));
    let gone_or_new = moves
        .iter()
        .all(|movement| matches!(movement, Move::New { .. } | Move::Deleted));
    let one_new = moves.iter().any(|movement| matches!(movement, Move::New { .. }));
    if gone_or_new && one_new {
        let line = "every way to recover this account becomes new today. Is this the customer?";
        vec![Consequence::warn(RECOVERY, line)]
    } else {
        Vec::new()
    }
}

/// Whether a password reset still has somewhere to go, where it had until now.
pub(super) fn no_recovery_left(context: &Context<'_>) -> Vec<Consequence> {
    let Some(pool) = context.pool() else {
        return Vec::new();
    };
    let ways = resets(pool);
    let before = ways.iter().any(|contact| context.user.is_verified(*contact));
    let after = ways.iter().any(|contact| match context.movement(*contact) {
        Move::Untouched => context.user.is_verified(*contact),
        Move::Marked(mark) => mark,
        Move::Deleted => false,
        Move::New { takes_effect, .. } => match takes_effect {
            Effect::AtOnceVerified => true,
            Effect::AtOnceUnverified { .. } => false,
            Effect::WithItsCode | Effect::NotChosen | Effect::NotKnown => context.user.is_verified(*contact),
        },
    });
    if before && !after {
        let line = "nothing verified is left that a password reset could go to";
        vec![Consequence::warn(RECOVERY, line)]
    } else {
        Vec::new()
    }
}

/// What the user's status makes of a new contact.
pub(super) fn status(context: &Context<'_>) -> Vec<Consequence> {
    let new: Vec<Contact> = Contact::ALL
        .into_iter()
        .filter(|contact| matches!(context.movement(*contact), Move::New { .. }))
        .collect();
    let each = |line: fn(Contact) -> String| {
        new.iter()
            .map(|contact| Consequence::warn(STATUS, line(*contact)))
            .collect::<Vec<_>>()
    };
    match &context.user.status {
        UserStatus::Unconfirmed => each(|contact| {
            format!(
                "a new {} does not confirm this account; next: resend the code or confirm",
                contact.noun()
            )
        }),
        UserStatus::ForceChangePassword => new
            .iter()
            .map(|contact| match (context.user.contact(*contact), contact) {
                (None, _) => Consequence::warn(STATUS, format!("the invitation did not go to this {}", contact.noun())),
                (Some(_), Contact::Email) => Consequence::warn(STATUS, "the invitation went to the old address"),
                (Some(_), Contact::PhoneNumber) => {
                    Consequence::warn(STATUS, "the invitation, if it went by SMS, went to the old number")
                }
            })
            .collect(),
        UserStatus::ResetRequired => each(|contact| {
            format!(
                "a password reset is open: its code, if one is out, went to the old {}",
                contact.noun()
            )
        }),
        UserStatus::Archived | UserStatus::Compromised | UserStatus::Unknown(_)
            if !context.changes.names().is_empty() =>
        {
            let line = say!(
                "what a change does to a user that is ",
                name & context.user.status.raw(),
                " is not documented"
            );
            vec![Consequence::note(STATUS, line)]
        }
        _ => Vec::new(),
    }
}

/// Nothing an attribute can do lets a disabled user in.
pub(super) fn disabled(context: &Context<'_>) -> Vec<Consequence> {
    if context.user.enabled {
        Vec::new()
    } else {
        vec![Consequence::warn(
            STATUS,
            "disabled: cannot sign in whatever you change",
        )]
    }
}
