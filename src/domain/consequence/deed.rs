//! What one step on an account will cause, in words, before it is taken: what becomes of the account, who is told by
//! which message, and what it does not do. And where the service would refuse it, so that nobody has to try.
//!
//! Sources: Cognito API reference, AdminConfirmSignUp, ResendConfirmationCode, AdminCreateUser, AdminResetUserPassword,
//! AdminEnableUser, AdminDisableUser, GetUserAttributeVerificationCode, VerifyUserAttribute; developer guide, "Signing up
//! and confirming user accounts", "Recovering user accounts" and "Quotas"; words of refusals:
//! github.com/amazon-archives/amazon-cognito-identity-js#373, github.com/frsechet/cognito-user-pool#2.

use super::contact::{resets, why};
use super::{Consequence, Known, message_notes};
use crate::domain::attribute::{AttributeValue, Contact};
use crate::domain::deed::{Account, Deed, invitation_contact};
use crate::domain::delivery::CodeDelivery;
use crate::domain::draft::Vouch;
use crate::domain::intent::Operation;
use crate::domain::outcome::Outcome;
use crate::domain::pool::{Pool, Recovery};
use crate::domain::sentence::Sentence;
use crate::domain::user::{User, UserStatus};
use crate::say;

const STATUS: &str = "status";
const MESSAGE: &str = "message";
const VERIFY: &str = "verify";
const SIGN_IN: &str = "sign-in";
const LIMIT: &str = "limit";

/// How many codes an hour the service sends to one user (developer guide, "Quotas": ResendConfirmationCode and
/// GetUserAttributeVerificationCode).
pub const CODES_AN_HOUR: usize = 5;

/// How many codes an hour one user may try (the same page: VerifyUserAttribute).
const TRIES_AN_HOUR: usize = 15;

/// One step, and what it is judged on.
#[derive(Clone, Debug)]
pub struct DeedContext<'a> {
    pub deed: Deed,
    /// The newest reading.
    pub user: &'a User,
    pub pool: Known<&'a Pool>,
    /// The value that waits for its code, where this program knows it.
    pub pending: Option<&'a AttributeValue>,
    /// How many codes were asked for in the last hour, as far as this program knows.
    pub codes: usize,
}

impl<'a> DeedContext<'a> {
    fn pool(&self) -> Option<&'a Pool> {
        self.pool.get().copied()
    }

    /// What it will cause, in the order of the screen.
    pub fn consequences(&self) -> Vec<Consequence> {
        let mut lines = match self.deed {
            Deed::Account(Account::ConfirmSignUp) => self.confirm_sign_up(),
            Deed::Account(Account::ResendInvitation) => self.resend_invitation(),
            Deed::Account(Account::ResetPassword) => self.reset_password(),
            Deed::Account(Account::Enable) => self.enable(),
            Deed::Account(Account::Disable) => disable(),
            Deed::ResendCode => self.resend_code(),
            Deed::SendCode(contact) => self.send_code(contact),
            Deed::VerifyCode(contact) => self.verify_code(contact),
        };
        if let (Some(pool), Some((contact, to))) = (self.pool(), self.message_to()) {
            if pool.custom_message_trigger {
                lines.push(Consequence::note(
                    MESSAGE,
                    "a custom message trigger of this pool may change or suppress it",
                ));
            }
            lines.extend(message_notes(pool, contact, to));
        }
        if !self.user.enabled && !matches!(self.deed, Deed::Account(Account::Enable | Account::Disable)) {
            lines.push(Consequence::warn(
                STATUS,
                "disabled: cannot sign in before it is enabled",
            ));
        }
        lines
    }

    /// Where its message is expected to go, if it sends one.
    fn message_to(&self) -> Option<(Contact, &AttributeValue)> {
        let contact = match self.deed {
            Deed::ResendCode => sign_up_contact(self.pool()?, self.user)?,
            Deed::Account(Account::ResendInvitation) => invitation_contact(self.user)?,
            Deed::Account(Account::ResetPassword) => recovery_contact(self.pool()?, self.user)?,
            Deed::SendCode(contact) => contact,
            Deed::Account(Account::ConfirmSignUp | Account::Enable | Account::Disable) | Deed::VerifyCode(_) => {
                return None;
            }
        };
        let waits = self.pending.filter(|_| self.deed == Deed::SendCode(contact));
        Some((contact, waits.or_else(|| self.user.contact(contact))?))
    }

    fn confirm_sign_up(&self) -> Vec<Consequence> {
        let mut lines = vec![
            Consequence::note(
                STATUS,
                "becomes CONFIRMED: the user can sign in with the password of the sign-up",
            ),
            Consequence::warn(VERIFY, verifies_nothing(self.user)),
        ];
        let ways = self.pool().map(recovery_order);
        if ways.is_some_and(|ways| !ways.iter().any(|contact| self.user.is_verified(*contact))) {
            lines.push(Consequence::warn(
                VERIFY,
                "nothing here is verified: a forgotten password cannot be reset until something is",
            ));
        }
        lines.push(Consequence::note(
            MESSAGE,
            "none; a sign-up code that is out is not needed any more",
        ));
        lines.push(Consequence::note(
            "lambda",
            "a post confirmation trigger of this pool, if there is one, runs",
        ));
        lines
    }

    fn resend_code(&self) -> Vec<Consequence> {
        vec![
            Consequence::note(MESSAGE, deed_message(self.deed, self.user, &self.pool)),
            Consequence::note(
                MESSAGE,
                "the answer reports where it went; it is good for 24 hours, the code before it is of no use any more",
            ),
            Consequence::note(
                STATUS,
                "stays UNCONFIRMED until the user enters it in an app that asks for it",
            ),
            Consequence::note(
                LIMIT,
                format!("the service sends one user {CODES_AN_HOUR} an hour at most"),
            ),
        ]
    }

    fn resend_invitation(&self) -> Vec<Consequence> {
        let mut lines = vec![
            Consequence::warn(
                SIGN_IN,
                "makes a new temporary password; the old one stops working at once",
            ),
            Consequence::note(MESSAGE, deed_message(self.deed, self.user, &self.pool)),
        ];
        if let Some(contact) = invitation_contact(self.user).filter(|contact| !self.user.is_verified(*contact)) {
            let line = format!("this {} is not verified: whoever reads it can sign in", contact.noun());
            lines.push(Consequence::warn(MESSAGE, line));
        }
        lines.push(Consequence::note(
            STATUS,
            "stays FORCE_CHANGE_PASSWORD until the user signs in and sets a password",
        ));
        lines.push(Consequence::note(VERIFY, "verifies nothing and changes no attribute"));
        lines
    }

    fn reset_password(&self) -> Vec<Consequence> {
        vec![
            Consequence::warn(
                STATUS,
                "becomes RESET_REQUIRED: cannot sign in until a new password is set with the code",
            ),
            Consequence::note(MESSAGE, deed_message(self.deed, self.user, &self.pool)),
            Consequence::note(
                SIGN_IN,
                "nobody here sees or sets a password; this cannot be taken back, the old one does not come back",
            ),
            Consequence::note(SIGN_IN, "whether sessions that are open end by it is not documented"),
        ]
    }

    fn enable(&self) -> Vec<Consequence> {
        let mut lines = vec![
            Consequence::note(
                SIGN_IN,
                "can sign in again, with the password as it was; tokens from before stay dead",
            ),
            Consequence::note(MESSAGE, "none: nobody is told"),
        ];
        let status = match self.user.status {
            UserStatus::Confirmed | UserStatus::ExternalProvider | UserStatus::NotTold => None,
            UserStatus::Unconfirmed => Some("stays UNCONFIRMED: cannot sign in before the sign-up is confirmed"),
            UserStatus::ForceChangePassword => Some("stays FORCE_CHANGE_PASSWORD: signs in with a temporary password"),
            UserStatus::ResetRequired => Some("stays RESET_REQUIRED: a new password has to be set first"),
            _ => Some("stays as it is"),
        };
        lines.extend(status.map(|line| Consequence::warn(STATUS, line)));
        lines
    }

    fn send_code(&self, contact: Contact) -> Vec<Consequence> {
        let mut lines = vec![
            Consequence::note(MESSAGE, self.code_goes_to(contact)),
            Consequence::note(
                MESSAGE,
                "the answer reports where it went; it is good for 24 hours, the code before it is of no use any more",
            ),
            Consequence::note(VERIFY, "changes no value until the code is entered"),
        ];
        let count = format!(
            "{} of {CODES_AN_HOUR} codes this hour, as far as this program knows",
            self.codes
        );
        lines.push(match self.codes {
            0..CODES_AN_HOUR => Consequence::note(LIMIT, count),
            _ => Consequence::warn(LIMIT, format!("{count}: the service is expected to refuse")),
        });
        lines
    }

    fn code_goes_to(&self, contact: Contact) -> Sentence {
        let by = contact.medium();
        match (self.pending, self.user.contact(contact)) {
            (Some(pending), _) => {
                say!("a new code by ", own by, " is expected to go to ", raw pending.raw(), ", which waits for it")
            }
            (None, Some(value)) => say!(
                "a new code by ", own by, " goes to the ", own contact.noun(), " that waits for one, else to ", raw value.raw()
            ),
            (None, None) => say!("a new code by ", own by),
        }
    }

    fn verify_code(&self, contact: Contact) -> Vec<Consequence> {
        let topic = super::topic(contact);
        let noun = contact.noun();
        let mut lines = match (self.pending, self.user.contact(contact)) {
            (Some(pending), Some(old)) => vec![
                Consequence::note(topic, say!(raw pending.raw(), " takes effect and counts as verified")),
                Consequence::note(topic, say!("the old ", own noun, " ", raw old.raw(), " stops counting")),
            ],
            (Some(pending), None) => vec![Consequence::note(
                topic,
                say!(raw pending.raw(), " takes effect and counts as verified"),
            )],
            (None, Some(value)) => vec![Consequence::note(
                topic,
                say!(
                    "the ", own noun, " that waits takes effect and counts as verified; where none waits, ",
                    raw value.raw(), " counts as verified"
                ),
            )],
            (None, None) => vec![Consequence::note(
                topic,
                format!("the {noun} that waits takes effect and counts as verified"),
            )],
        };
        lines.push(Consequence::note(MESSAGE, "none"));
        lines.push(Consequence::note(
            LIMIT,
            format!("one user may try {TRIES_AN_HOUR} codes an hour; a wrong one changes nothing"),
        ));
        lines
    }
}

fn disable() -> Vec<Consequence> {
    vec![
        Consequence::warn(
            SIGN_IN,
            "cannot sign in, and all tokens are revoked: whoever is signed in is put out",
        ),
        Consequence::note(MESSAGE, "none: nobody is told"),
        Consequence::note(
            STATUS,
            "nothing else of the user changes; enabling it lets the user in again, with the same password",
        ),
    ]
}

/// `verifies nothing: email_verified stays false`, for the contacts that are there.
fn verifies_nothing(user: &User) -> Sentence {
    let mut line = Sentence::from("verifies nothing: ");
    let mut first = true;
    for contact in Contact::ALL
        .into_iter()
        .filter(|contact| user.contact(*contact).is_some())
    {
        let flag = if user.is_verified(contact) { "true" } else { "false" };
        line = line
            .words(if first { "" } else { ", " })
            .words(format!("{} stays {flag}", contact.flag_name()));
        first = false;
    }
    if first {
        line = line.words("there is no address and no number to verify");
    }
    line.words("; a password reset needs a verified one")
}

/// The message that a step causes: expected, or none. What really went is reported by some calls only, afterwards.
pub fn deed_message(deed: Deed, user: &User, pool: &Known<&Pool>) -> Sentence {
    let known = pool.get().copied();
    let not_known = || say!("whether one goes is not known").join(why(pool));
    match deed {
        Deed::ResendCode => match (known, known.and_then(|pool| sign_up_contact(pool, user))) {
            (Some(pool), Some(contact)) => {
                let link = contact == Contact::Email && pool.verifies_by_link;
                expected(if link { "a link" } else { "a code" }, contact, user)
            }
            (Some(_), None) => "none: nothing of this user is verified by a code in this pool".into(),
            (None, _) => not_known(),
        },
        Deed::Account(Account::ResendInvitation) => match invitation_contact(user) {
            Some(contact) => expected("an invitation with the new password", contact, user),
            None => "none: there is no address and no number".into(),
        },
        Deed::Account(Account::ResetPassword) => match (known, known.and_then(|pool| recovery_contact(pool, user))) {
            (Some(_), Some(contact)) => expected("a code, good for 1 hour,", contact, user),
            (Some(_), None) => "none: nothing verified is left that it could go to".into(),
            (None, _) => not_known(),
        },
        Deed::Account(Account::ConfirmSignUp | Account::Enable | Account::Disable) | Deed::VerifyCode(_) => {
            "none".into()
        }
        Deed::SendCode(contact) => expected("a code", contact, user),
    }
}

fn expected(what: &'static str, contact: Contact, user: &User) -> Sentence {
    let line = say!("expected: ", own what, " by ", own contact.medium());
    match user.contact(contact) {
        Some(to) => line.words(" to ").quote(to.raw()),
        None => line,
    }
}

/// Where the code of a sign-up goes: to a contact that the pool verifies by itself, the number before the address.
fn sign_up_contact(pool: &Pool, user: &User) -> Option<Contact> {
    [Contact::PhoneNumber, Contact::Email]
        .into_iter()
        .find(|contact| pool.auto_verified.contains(contact) && user.contact(*contact).is_some())
}

/// The contacts a password reset goes to, in their order; a pool without the setting prefers the number (Cognito API
/// reference, AccountRecoverySettingType).
fn recovery_order(pool: &Pool) -> Vec<Contact> {
    if pool.recovery.is_empty() {
        return vec![Contact::PhoneNumber, Contact::Email];
    }
    resets(pool)
}

fn recovery_contact(pool: &Pool, user: &User) -> Option<Contact> {
    recovery_order(pool)
        .into_iter()
        .find(|contact| user.is_verified(*contact) && user.contact(*contact).is_some())
}

/// Why the service would refuse a step, where that can be known without asking it. `None`: nothing is known that stands
/// in the way. Without the pool's settings only the user itself is judged.
pub fn refused_beforehand(deed: Deed, user: &User, pool: Option<&Pool>) -> Option<Sentence> {
    let status = user.status.raw();
    match deed {
        Deed::Account(Account::ConfirmSignUp) => (user.status != UserStatus::Unconfirmed)
            .then(|| say!("only an UNCONFIRMED user is confirmed; this one is ", name & status)),
        Deed::ResendCode if user.status != UserStatus::Unconfirmed => Some(say!(
            "only an UNCONFIRMED user gets a sign-up code; this one is ",
            name & status
        )),
        Deed::ResendCode => match pool {
            Some(pool) if pool.auto_verified.is_empty() => {
                Some("this pool verifies nothing by itself, so there is no sign-up code".into())
            }
            Some(pool) if sign_up_contact(pool, user).is_none() => {
                Some("there is no address or number that a code could go to in this pool".into())
            }
            _ => None,
        },
        Deed::Account(Account::ResendInvitation) if user.status != UserStatus::ForceChangePassword => Some(say!(
            "only a FORCE_CHANGE_PASSWORD user is invited again; this one is ",
            name & status
        )),
        Deed::Account(Account::ResendInvitation) => invitation_contact(user)
            .is_none()
            .then(|| "there is no address and no number that an invitation could go to".into()),
        Deed::Account(Account::ResetPassword) => reset_refused(user, pool),
        Deed::Account(Account::Enable) => user.enabled.then(|| "is enabled already".into()),
        Deed::Account(Account::Disable) => (!user.enabled).then(|| "is disabled already".into()),
        Deed::SendCode(_) | Deed::VerifyCode(_) => None,
    }
}

fn reset_refused(user: &User, pool: Option<&Pool>) -> Option<Sentence> {
    if !user.enabled {
        return Some("the account is disabled: enable it first".into());
    }
    let by_status = match user.status {
        UserStatus::Unconfirmed => Some("not yet confirmed: confirm the sign-up first"),
        UserStatus::ForceChangePassword => {
            Some("has a temporary password that was never changed: send the invitation again instead")
        }
        UserStatus::ExternalProvider => Some("signs in through an identity provider: there is no password here"),
        _ => None,
    };
    if let Some(line) = by_status {
        return Some(line.into());
    }
    let pool = pool?;
    if pool.recovery == [Recovery::AdminOnly] {
        return Some("this pool lets administrators alone recover accounts, so no code is sent".into());
    }
    recovery_contact(pool, user)
        .is_none()
        .then(|| "nothing verified is there that the code could go to: verify an address or number first".into())
}

/// The step that comes next after an operation, where one does: what the status entry offers. `now` is the reading after
/// it, `reported` the messages that the service says it sent. Never one that the service would refuse.
pub fn fitting(
    operation: &Operation,
    outcome: &Outcome,
    reported: &[CodeDelivery],
    now: &User,
    pool: Option<&Pool>,
) -> Option<Deed> {
    if !matches!(outcome, Outcome::Applied | Outcome::Waiting) {
        return None;
    }
    let next = match operation {
        Operation::AdminUpdate(changes) => {
            let moved = |contact: &Contact| {
                changes.new_contact(*contact).is_some() || changes.vouch(*contact) == Vouch::Checked
            };
            let contact = Contact::ALL.into_iter().find(moved)?;
            let account = match now.status {
                _ if !now.enabled => Account::Enable,
                UserStatus::Unconfirmed if changes.vouch(contact) == Vouch::Checked => Account::ConfirmSignUp,
                UserStatus::Unconfirmed if refused_beforehand(Deed::ResendCode, now, pool).is_none() => {
                    return Some(Deed::ResendCode);
                }
                UserStatus::Unconfirmed => Account::ConfirmSignUp,
                UserStatus::ForceChangePassword => Account::ResendInvitation,
                UserStatus::ResetRequired => Account::ResetPassword,
                _ => return None,
            };
            Deed::Account(account)
        }
        // The user enters the code, and where that cannot be waited for, somebody who has checked the address confirms.
        Operation::ResendCode { .. } => Deed::Account(Account::ConfirmSignUp),
        Operation::SendCode { contact, .. } => Deed::VerifyCode(*contact),
        Operation::Account {
            account: Account::Enable,
            ..
        } => match now.status {
            UserStatus::Unconfirmed => Deed::ResendCode,
            UserStatus::ForceChangePassword => Deed::Account(Account::ResendInvitation),
            UserStatus::ResetRequired => Deed::Account(Account::ResetPassword),
            _ => return None,
        },
        Operation::OwnUpdate(changes) => {
            let waits = |contact: &Contact| {
                let new = changes.new_contact(*contact);
                *outcome == Outcome::Waiting && new.is_some() && new != now.contact(*contact)
            };
            let reported = reported.iter().find_map(CodeDelivery::contact);
            Deed::VerifyCode(reported.or_else(|| Contact::ALL.into_iter().find(waits))?)
        }
        Operation::OwnDelete(_)
        | Operation::Account { .. }
        | Operation::VerifyCode { .. }
        | Operation::NewPassword { .. } => return None,
    };
    refused_beforehand(next, now, pool).is_none().then_some(next)
}
