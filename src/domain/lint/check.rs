//! The checks there are: their names, why each matters, and what each rests on.

use super::Ground;
use crate::domain::attribute::{AttributeName, Contact};
use crate::domain::export::made_without;
use crate::domain::sentence::Sentence;

/// One thing that is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Check {
    LookAlike,
    CaseTwins,
    DuplicateEmail,
    DuplicatePhone,
    FederatedAndLocal,
    HiddenCharacters,
    NoContact,
    MissingAttribute,
    OutsideSchema,
    NotE164,
    UnverifiedContact,
    StaleInvitation,
    DisabledRecently,
}

impl Check {
    /// The most serious first: what reaches or lets in the wrong person, then what keeps somebody out, then what is
    /// merely untidy.
    pub const ALL: [Self; 13] = [
        Self::LookAlike,
        Self::CaseTwins,
        Self::DuplicateEmail,
        Self::DuplicatePhone,
        Self::FederatedAndLocal,
        Self::HiddenCharacters,
        Self::NoContact,
        Self::MissingAttribute,
        Self::OutsideSchema,
        Self::NotE164,
        Self::UnverifiedContact,
        Self::StaleInvitation,
        Self::DisabledRecently,
    ];

    /// The name it has on the command line and for programs.
    pub fn id(self) -> &'static str {
        match self {
            Self::LookAlike => "look-alike",
            Self::CaseTwins => "case-twins",
            Self::DuplicateEmail => "duplicate-email",
            Self::DuplicatePhone => "duplicate-phone",
            Self::FederatedAndLocal => "federated-and-local",
            Self::HiddenCharacters => "hidden-characters",
            Self::NoContact => "no-contact",
            Self::MissingAttribute => "missing-attribute",
            Self::OutsideSchema => "outside-schema",
            Self::NotE164 => "not-e164",
            Self::UnverifiedContact => "unverified-contact",
            Self::StaleInvitation => "stale-invitation",
            Self::DisabledRecently => "disabled-recently",
        }
    }

    pub fn parse(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|check| check.id() == id)
    }

    /// What it finds, in the words of a heading.
    pub fn name(self) -> &'static str {
        match self {
            Self::LookAlike => "names or addresses that look alike",
            Self::CaseTwins => "differ only by case or accents' encoding",
            Self::DuplicateEmail => "the same e-mail address",
            Self::DuplicatePhone => "the same phone number",
            Self::FederatedAndLocal => "federated and local, same e-mail",
            Self::HiddenCharacters => "hidden characters in a value",
            Self::NoContact => "confirmed, no e-mail and no phone",
            Self::MissingAttribute => "a required or chosen attribute missing",
            Self::OutsideSchema => "a value outside the pool's schema",
            Self::NotE164 => "a phone number that is not E.164",
            Self::UnverifiedContact => "a contact that is not verified",
            Self::StaleInvitation => "an invitation that has run out",
            Self::DisabledRecently => "disabled, and changed not long ago",
        }
    }

    /// Why it matters.
    pub fn why(self) -> &'static str {
        match self {
            Self::LookAlike => {
                "Two names that a reader takes for one invite editing, or answering, the wrong person; somebody may have \
                 made one of them on purpose."
            }
            Self::CaseTwins => {
                "To a person they are one name, to a pool that tells case apart they are two accounts. Support easily \
                 changes the other one, and a mail provider delivers both to one mailbox."
            }
            Self::DuplicateEmail => {
                "A code or a reset sent to the address reaches whoever reads it, for each of these accounts; as an \
                 alias it can sign in only one of them."
            }
            Self::DuplicatePhone => {
                "A code sent to the number reaches whoever holds the phone, for each of these accounts; as an alias it \
                 can sign in only one of them."
            }
            Self::FederatedAndLocal => {
                "The same person probably has two profiles, one that signs in through a provider and one with a \
                 password here. Each has its own data, and closing one leaves the other open."
            }
            Self::HiddenCharacters => {
                "Two values that look the same are not, so searches miss and comparisons fail. Usually it came with a \
                 paste; sometimes it hides something."
            }
            Self::NoContact => "Nobody can send them a code, so a forgotten password ends with an administrator.",
            Self::MissingAttribute => {
                "Applications may rely on it. Where the pool requires it, the service refuses edits of this user until \
                 it has a value."
            }
            Self::OutsideSchema => {
                "The schema would not take this value today, so the next edit of it is refused; it came from an import \
                 or an older schema."
            }
            Self::NotE164 => {
                "A text message can only be sent to + and digits, country code first; codes to this number do not arrive."
            }
            Self::UnverifiedContact => {
                "Nobody has shown that it is theirs: it takes no part in recovering the account, and as an alias it does \
                 not sign in."
            }
            Self::StaleInvitation => {
                "Its temporary password is no longer good, so the person cannot sign in until the invitation is sent \
                 again."
            }
            Self::DisabledRecently => {
                "Nobody can sign in to a disabled account, yet something changed it in these days: the disabling itself, \
                 or something that still believes the account is in use."
            }
        }
    }

    /// Whether it finds users that belong together, rather than each alone.
    pub fn groups(self) -> bool {
        matches!(
            self,
            Self::LookAlike | Self::CaseTwins | Self::DuplicateEmail | Self::DuplicatePhone | Self::FederatedAndLocal
        )
    }

    /// The attributes that it looks at. `None`: all that a user has.
    pub(super) fn reads(self) -> Option<Vec<AttributeName>> {
        let (email, phone) = (Contact::Email.attribute(), Contact::PhoneNumber.attribute());
        Some(match self {
            Self::HiddenCharacters | Self::OutsideSchema | Self::MissingAttribute => return None,
            Self::LookAlike | Self::CaseTwins => vec![email, AttributeName::new("preferred_username")],
            Self::DuplicateEmail => vec![email],
            Self::FederatedAndLocal => vec![email, AttributeName::new("identities")],
            Self::DuplicatePhone | Self::NotE164 => vec![phone],
            Self::NoContact => vec![email, phone],
            Self::UnverifiedContact => vec![email, Contact::Email.flag(), phone, Contact::PhoneNumber.flag()],
            Self::StaleInvitation | Self::DisabledRecently => Vec::new(),
        })
    }

    /// What it rests on and is not known. `None`: it can be made.
    pub(super) fn lacks(self, ground: &Ground) -> Option<Lack> {
        let email = || vec![Contact::Email.attribute()];
        let phone = || vec![Contact::PhoneNumber.attribute()];
        // Each of these is needed.
        let needed = match self {
            Self::OutsideSchema if ground.pool.is_none() => return Some(Lack::Settings),
            Self::DuplicateEmail | Self::FederatedAndLocal => email(),
            Self::DuplicatePhone | Self::NotE164 => phone(),
            Self::NoContact => [email(), phone()].concat(),
            // One contact with its flag is enough.
            Self::UnverifiedContact => {
                let is_told = |contact: &Contact| ground.holds(&contact.attribute()) && ground.holds(&contact.flag());
                if Contact::ALL.iter().any(is_told) {
                    return None;
                }
                Contact::ALL
                    .iter()
                    .flat_map(|contact| [contact.attribute(), contact.flag()])
                    .collect()
            }
            _ => return None,
        };
        let lacks = ground.export.as_ref()?.lacks(needed);
        (!lacks.is_empty()).then_some(Lack::Attributes(lacks))
    }
}

/// What a check rests on and is not known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lack {
    /// The settings of the pool.
    Settings,
    /// What the export was made without.
    Attributes(Vec<AttributeName>),
}

impl Lack {
    pub fn sentence(&self) -> Sentence {
        match self {
            Self::Settings => "the pool's settings are not known".into(),
            Self::Attributes(names) => made_without(names),
        }
    }
}
