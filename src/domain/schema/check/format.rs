//! The formats that the service documents for single attributes, each with an exact reason for a no.

use std::str::FromStr;

use jiff::civil::{Date, DateTime};
use jiff::{Timestamp, Zoned};

use super::named;
use crate::domain::glyph;
use crate::domain::sentence::Sentence;
use crate::say;

/// Why a text is not a birthdate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BirthdateFault {
    /// Not four digits, two digits, two digits.
    Shape,
    Month(u8),
    Day {
        year: u16,
        month: u8,
        day: u8,
        last: u8,
    },
}

impl BirthdateFault {
    pub(super) fn sentence(self) -> Sentence {
        match self {
            Self::Shape => "birthdate is YYYY-MM-DD".into(),
            Self::Month(month) => {
                say!("month ", own month.to_string(), " does not exist: birthdate is YYYY-MM-DD")
            }
            Self::Day { day: 0, .. } => "day 0 does not exist: birthdate is YYYY-MM-DD".into(),
            Self::Day { year, month, last, .. } => {
                say!(own format!("{year:04}-{month:02} has {last} days"), ": birthdate is YYYY-MM-DD")
            }
        }
    }
}

pub(super) fn birthdate(text: &str) -> Result<(), BirthdateFault> {
    let mut parts = text.split('-');
    let (Some(year), Some(month), Some(day), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
        return Err(BirthdateFault::Shape);
    };
    let digits = |part: &str, length: usize| part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit());
    if !(digits(year, 4) && digits(month, 2) && digits(day, 2)) {
        return Err(BirthdateFault::Shape);
    }
    let (Ok(year), Ok(month), Ok(day)) = (year.parse::<u16>(), month.parse::<u8>(), day.parse::<u8>()) else {
        return Err(BirthdateFault::Shape);
    };
    let Some(last) = days_in_month(year, month) else {
        return Err(BirthdateFault::Month(month));
    };
    if (1..=last).contains(&day) {
        Ok(())
    } else {
        Err(BirthdateFault::Day { year, month, day, last })
    }
}

/// `None` for a month that does not exist.
fn days_in_month(year: u16, month: u8) -> Option<u8> {
    let first = Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, 1).ok()?;
    u8::try_from(first.days_in_month()).ok()
}

/// Why a text is not a phone number as the service takes it: `+` and digits, nothing else (E.164).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhoneFault {
    NoPlus,
    NoDigits,
    /// A character that is not a digit.
    Character(char),
    /// No country code begins with 0.
    CountryCode,
    TooLong {
        digits: usize,
    },
}

impl PhoneFault {
    pub(super) fn sentence(self) -> Sentence {
        match self {
            Self::NoPlus => "a phone number begins with + and the country code: +15555550100".into(),
            Self::NoDigits => "digits are missing after the +".into(),
            Self::Character(c) => named(c).words(" does not belong here: a phone number is + and digits only"),
            Self::CountryCode => "no country code begins with 0".into(),
            Self::TooLong { digits } => {
                say!("a phone number has at most 15 digits; this has ", own digits.to_string())
            }
        }
    }
}

/// Whether a text is a phone number in E.164.
pub fn phone(text: &str) -> Result<(), PhoneFault> {
    let digits = text.strip_prefix('+').ok_or(PhoneFault::NoPlus)?;
    if let Some(other) = digits.chars().find(|c| !c.is_ascii_digit()) {
        return Err(PhoneFault::Character(other));
    }
    match digits.len() {
        0 => Err(PhoneFault::NoDigits),
        _ if digits.starts_with('0') => Err(PhoneFault::CountryCode),
        16.. => Err(PhoneFault::TooLong { digits: digits.len() }),
        _ => Ok(()),
    }
}

/// Why a text is not an e-mail address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EmailFault {
    NoAt,
    SecondAt,
    NothingBefore,
    NothingAfter,
    NoDot,
    /// Two dots in a row, or one at an end, in the domain.
    EmptyLabel,
    /// A character that no address may hold unquoted, or that cannot be seen.
    Character(char),
}

impl EmailFault {
    pub(super) fn sentence(self) -> Sentence {
        match self {
            Self::NoAt => "an e-mail address has an @".into(),
            Self::SecondAt => "an e-mail address has one @; this has more".into(),
            Self::NothingBefore => "a name is missing before the @".into(),
            Self::NothingAfter => "a domain is missing after the @".into(),
            Self::NoDot => "the domain has no dot".into(),
            Self::EmptyLabel => "a dot too many in the domain".into(),
            Self::Character(c) => named(c).words(" does not belong in an e-mail address"),
        }
    }
}

pub(super) fn email(text: &str) -> Result<(), EmailFault> {
    let unwelcome = |c: &char| {
        c.is_control()
            || c.is_whitespace()
            || glyph::is_shapeless(*c)
            || matches!(c, '(' | ')' | '<' | '>' | '[' | ']' | ':' | ';' | ',' | '\\' | '"')
    };
    if let Some(c) = text.chars().find(unwelcome) {
        return Err(EmailFault::Character(c));
    }
    let (local, domain) = text.split_once('@').ok_or(EmailFault::NoAt)?;
    if domain.contains('@') {
        return Err(EmailFault::SecondAt);
    }
    if local.is_empty() {
        return Err(EmailFault::NothingBefore);
    }
    if domain.is_empty() {
        return Err(EmailFault::NothingAfter);
    }
    if domain.split('.').any(str::is_empty) {
        return Err(EmailFault::EmptyLabel);
    }
    if !domain.contains('.') {
        return Err(EmailFault::NoDot);
    }
    // Letters of any script are fine in a domain; of ASCII only letters, digits and hyphens are.
    match domain
        .chars()
        .find(|c| c.is_ascii() && !c.is_ascii_alphanumeric() && !matches!(c, '-' | '.'))
    {
        Some(c) => Err(EmailFault::Character(c)),
        None => Ok(()),
    }
}

/// A day, or a day and a time with or without an offset, in ISO 8601. What the service takes for a DateTime is not
/// documented, so every such form is let through.
pub(super) fn is_date_time(text: &str) -> bool {
    Timestamp::from_str(text).is_ok()
        || DateTime::from_str(text).is_ok()
        || Date::from_str(text).is_ok()
        || Zoned::from_str(text).is_ok()
}
