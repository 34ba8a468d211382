//! Says no before the service does, in the words of the schema, so that a mistake costs a glance instead of a call.
//!
//! Only what the service is known to refuse is a [`Problem`]; what merely looks wrong is a hint, and what can be read
//! another way is a [`Suggestion`]. Sources: Amazon Cognito developer guide, "Working with user attributes"; Cognito
//! API reference, `SchemaAttributeType` and `AttributeType`.

use super::{DataType, Lock, Schema, SchemaAttribute};
use crate::domain::attribute::{AttributeName, Contact};
use crate::domain::draft::Edit;
use crate::domain::glyph;
use crate::domain::raw::Raw;
use crate::domain::sentence::Sentence;
use crate::say;

mod format;
mod hint;
mod suggest;
#[cfg(test)]
mod tests;

pub use format::{BirthdateFault, EmailFault, PhoneFault, phone};
pub use hint::{domain_of, rare_domain};
pub use suggest::{Suggestion, phone as phone_as_meant};

/// The most characters any value may have (API reference, `AttributeValueType`).
pub const LONGEST: u64 = 2048;

/// Why an edit cannot be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// Required, not set, and not given a value by this edit: the service then refuses the whole call.
    RequiredMissing,
    /// Required, and to be deleted.
    RequiredDeleted,
    Locked(Lock),
    /// An empty value would delete; deleting is `x`, so an empty field asks which was meant.
    Blank,
    /// A verified flag has two values and no third.
    FlagDeleted(Contact),
    /// A verified flag without the address or number that it speaks of.
    NothingToVerify(Contact),
    /// Lengths in characters.
    TooShort {
        length: u64,
        min: u64,
    },
    TooLong {
        length: u64,
        max: u64,
    },
    NotANumber,
    TooLow {
        min: i64,
    },
    TooHigh {
        max: i64,
    },
    NotABoolean,
    NotADateTime,
    Birthdate(BirthdateFault),
    Phone(PhoneFault),
    Email(EmailFault),
}

impl Problem {
    /// What is wrong, in the words of the schema. It follows the attribute's name on the screen.
    pub fn sentence(&self) -> Sentence {
        match self {
            Self::RequiredMissing => {
                "required in this pool and not set: the service refuses every edit until it has a value".into()
            }
            Self::RequiredDeleted => "required in this pool, so it cannot be deleted".into(),
            Self::Locked(lock) => say!("locked: ", own lock.reason()),
            Self::Blank => "leave it empty? x deletes, u puts back".into(),
            Self::FlagDeleted(_) => "a verified mark is true or false and cannot be deleted: v changes it".into(),
            Self::NothingToVerify(contact) => {
                say!("there is no ", own contact.noun(), " to verify: set ", own contact.name(), " first")
            }
            Self::TooShort { length, min } => {
                say!("at least ", own characters(*min), " in this pool; this has ", own length.to_string())
            }
            Self::TooLong { length, max } if *max == LONGEST => {
                say!("the service keeps at most ", own characters(*max), "; this has ", own length.to_string())
            }
            Self::TooLong { length, max } => {
                say!("at most ", own characters(*max), " in this pool; this has ", own length.to_string())
            }
            Self::NotANumber => "not a number: digits only, with a - in front if it is negative".into(),
            Self::TooLow { min } => say!("at least ", own min.to_string(), " in this pool"),
            Self::TooHigh { max } => say!("at most ", own max.to_string(), " in this pool"),
            Self::NotABoolean => "true or false, in small letters".into(),
            Self::NotADateTime => "not a date: write 2026-11-20 or 2026-11-20T10:41:00Z".into(),
            Self::Birthdate(fault) => fault.sentence(),
            Self::Phone(fault) => fault.sentence(),
            Self::Email(fault) => fault.sentence(),
        }
    }
}

fn characters(count: u64) -> String {
    if count == 1 {
        "1 character".to_owned()
    } else {
        format!("{count} characters")
    }
}

impl Schema {
    /// Whether the service would take this edit of this attribute, as far as the schema alone can tell.
    pub fn check(&self, name: &AttributeName, edit: &Edit) -> Result<(), Problem> {
        if let Some(lock) = self.lock(name) {
            return Err(Problem::Locked(lock));
        }
        let Some(attribute) = self.get(name) else {
            return Err(Problem::Locked(Lock::NotInSchema));
        };
        let value = match edit {
            Edit::Delete => {
                return match name.verifies() {
                    _ if attribute.required => Err(Problem::RequiredDeleted),
                    Some(contact) => Err(Problem::FlagDeleted(contact)),
                    None => Ok(()),
                };
            }
            Edit::Set(value) => value.as_str(),
        };
        if value.is_empty() {
            return Err(Problem::Blank);
        }
        attribute.check_value(value)
    }

    /// Takes away what nobody means in an address or a number: spaces and invisible marks around it, as a paste
    /// brings them. The second part says so. Other attributes come back as they were typed.
    pub fn clean(&self, name: &AttributeName, typed: &str) -> (String, Option<Sentence>) {
        if name.contact().is_none() {
            return (typed.to_owned(), None);
        }
        let inner = typed.trim_matches(|c: char| c.is_whitespace() || glyph::is_shapeless(c));
        if inner.len() == typed.len() {
            return (typed.to_owned(), None);
        }
        let invisible =
            typed.chars().count() - inner.chars().count() > typed.chars().count() - typed.trim().chars().count();
        let said = if invisible {
            "outer spaces and invisible marks were removed"
        } else {
            "outer spaces were removed"
        };
        (inner.to_owned(), Some(said.into()))
    }
}

impl SchemaAttribute {
    /// Whether a value is one that the schema allows, whoever may write it.
    pub fn check_value(&self, value: &str) -> Result<(), Problem> {
        // A format says what is wrong more exactly than a length does, so it is asked first.
        check_format(&self.name, value)?;
        check_type(&self.data_type, value)?;
        within(value, None, Some(LONGEST))
    }

    /// As [`SchemaAttribute::check_value`] for a value that is stored: there Booleans may be written in any case.
    pub fn check_stored(&self, value: &str) -> Result<(), Problem> {
        let boolean = self.data_type == DataType::Boolean;
        if boolean && ["true", "false"].iter().any(|known| known.eq_ignore_ascii_case(value)) {
            return Ok(());
        }
        self.check_value(value)
    }
}

fn check_format(name: &AttributeName, value: &str) -> Result<(), Problem> {
    match name.as_str() {
        "birthdate" => format::birthdate(value).map_err(Problem::Birthdate),
        "phone_number" => format::phone(value).map_err(Problem::Phone),
        "email" => format::email(value).map_err(Problem::Email),
        _ => Ok(()),
    }
}

fn check_type(data_type: &DataType, value: &str) -> Result<(), Problem> {
    match data_type {
        DataType::String { min, max } => within(value, *min, *max),
        DataType::Number { min, max } => number(value, *min, *max),
        DataType::Boolean if matches!(value, "true" | "false") => Ok(()),
        DataType::Boolean => Err(Problem::NotABoolean),
        DataType::DateTime if format::is_date_time(value) => Ok(()),
        DataType::DateTime => Err(Problem::NotADateTime),
        DataType::Unknown(_) => Ok(()),
    }
}

fn within(value: &str, min: Option<u64>, max: Option<u64>) -> Result<(), Problem> {
    let length = u64::try_from(value.chars().count()).unwrap_or(u64::MAX);
    match (min, max) {
        (Some(min), _) if length < min => Err(Problem::TooShort { length, min }),
        (_, Some(max)) if length > max => Err(Problem::TooLong { length, max }),
        _ => Ok(()),
    }
}

fn number(value: &str, min: Option<i64>, max: Option<i64>) -> Result<(), Problem> {
    let digits = value.strip_prefix('-').unwrap_or(value);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Problem::NotANumber);
    }
    // Digits only: parsing fails only for numbers too large for the type, which are past every limit.
    let parsed = value.parse::<i64>();
    let negative = value.starts_with('-');
    let (low, high) = (min.unwrap_or(i64::MIN), max.unwrap_or(i64::MAX));
    match parsed {
        Ok(number) if number < low => Err(Problem::TooLow { min: low }),
        Ok(number) if number > high => Err(Problem::TooHigh { max: high }),
        Ok(_) => Ok(()),
        Err(_) if negative => Err(Problem::TooLow { min: low }),
        Err(_) => Err(Problem::TooHigh { max: high }),
    }
}

/// A character as people can name it: itself in quotes where it can be seen, and its number.
fn named(c: char) -> Sentence {
    let number = format!("U+{:04X}", u32::from(c));
    if c.is_control() || c.is_whitespace() || glyph::is_shapeless(c) {
        number.into()
    } else {
        Sentence::new()
            .words("'")
            .quote(&Raw::from(c.to_string()))
            .words("' ")
            .words(number)
    }
}
