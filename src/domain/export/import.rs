//! The file that a pool's user import takes. Source: Amazon Cognito developer guide, "Creating the user import CSV file":
//! cells stand without quotes and a comma in one is written `\,`; `cognito:username` and `cognito:mfa_enabled` are
//! required, and a verified contact; outer blanks are trimmed; at most 16,000 characters a row, 500,000 rows and 100 MB.
//!
//! What the guide does not say how to write (a quote, a backslash, a line end) is not guessed: such a user is left out and
//! counted.

use crate::domain::Contact;
use crate::domain::pool::{MfaSetting, Pool, SignIn};
use crate::domain::roster::Row;
use crate::domain::user::UserStatus;

/// The most users that one import takes.
pub const MOST_IMPORTED: u64 = 500_000;
/// The largest file that one import takes, in bytes.
pub const LARGEST_IMPORT: u64 = 100_000_000;
/// The longest row, in characters.
const LONGEST_ROW: usize = 16_000;

/// How rows for the import of a pool look.
#[derive(Clone, Debug, PartialEq)]
pub struct Import {
    /// The columns, as GetCSVHeader names them.
    header: Vec<String>,
    mfa: bool,
    auto_verified: Vec<Contact>,
    required: Vec<String>,
    /// The contacts that are the username there.
    usernames: Vec<Contact>,
}

/// Why a user cannot be imported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LeftOut {
    NoVerifiedContact,
    NoUsername,
    BlankInUsername,
    Required,
    Birthdate,
    UpdatedAt,
    Blanks,
    Characters,
    TooLong,
    Federated,
}

impl LeftOut {
    /// Completes "left out: ".
    pub fn words(self) -> &'static str {
        match self {
            Self::NoVerifiedContact => "without a verified contact of those that the pool verifies",
            Self::NoUsername => "without the address or number that is the username there",
            Self::BlankInUsername => "with a blank in the username",
            Self::Required => "without an attribute that the pool requires",
            Self::Birthdate => "with a birthdate that is no date",
            Self::UpdatedAt => "with an updated_at that is no time in seconds",
            Self::Blanks => "with blanks at the ends of a value, which the import would remove",
            Self::Characters => "with a quote, a backslash or a line end in a value",
            Self::TooLong => "longer than the 16,000 characters of a row",
            Self::Federated => "of an identity provider, who would become local users",
        }
    }
}

impl Import {
    /// For a pool, by the header that it gives.
    pub fn new(pool: &Pool, header: Vec<String>) -> Self {
        let contacts = [Contact::Email, Contact::PhoneNumber];
        let of = |is: &dyn Fn(Contact) -> bool| contacts.into_iter().filter(|contact| is(*contact)).collect();
        Self {
            header,
            mfa: pool.mfa == MfaSetting::On,
            auto_verified: of(&|contact| pool.auto_verified.contains(&contact)),
            required: (pool.schema.attributes.iter())
                .filter(|attribute| attribute.required && attribute.name.as_str() != "sub")
                .map(|attribute| attribute.name.as_str().to_owned())
                .collect(),
            usernames: match &pool.sign_in {
                SignIn::UsernameAttributes(_) => of(&|contact| pool.sign_in.is_username(&contact.attribute())),
                SignIn::Aliases(_) => Vec::new(),
            },
        }
    }

    /// Whether the pool verifies a contact at all: without one no import job starts.
    pub fn can_start(&self) -> bool {
        !self.auto_verified.is_empty()
    }

    pub(super) fn begin(&self, out: &mut String) {
        out.push_str(&self.header.join(","));
        out.push('\n');
    }

    pub(super) fn user(&self, row: Row<'_>, out: &mut String) -> Result<(), LeftOut> {
        let start = out.len();
        let written = self.row(row, out);
        if written.is_err() {
            out.truncate(start);
        }
        written
    }

    fn row(&self, row: Row<'_>, out: &mut String) -> Result<(), LeftOut> {
        if *row.status() == UserStatus::ExternalProvider {
            return Err(LeftOut::Federated);
        }
        let verified = |contact: &&Contact| {
            row.get(contact.flag().as_str()).is_some_and(|flag| flag == "true")
                && row.get(contact.name()).is_some_and(|value| !value.is_empty())
        };
        if !self.auto_verified.iter().any(|contact| verified(&contact)) {
            return Err(LeftOut::NoVerifiedContact);
        }
        for name in &self.required {
            if row.get(name).is_none_or(|value| value.is_empty()) {
                return Err(LeftOut::Required);
            }
        }
        let username = if self.usernames.is_empty() {
            row.username()
        } else {
            (self.usernames.iter().find(verified))
                .and_then(|contact| row.get(contact.name()))
                .ok_or(LeftOut::NoUsername)?
        };
        if username.contains(char::is_whitespace) {
            return Err(LeftOut::BlankInUsername);
        }
        let start = out.len();
        for (at, column) in self.header.iter().enumerate() {
            if at > 0 {
                out.push(',');
            }
            let value = match column.as_str() {
                "cognito:username" => Some(username.clone()),
                "cognito:mfa_enabled" => Some(if self.mfa { "true" } else { "false" }.into()),
                // Required columns; a contact without its mark is not verified.
                "email_verified" | "phone_number_verified" => Some(row.get(column).unwrap_or_else(|| "false".into())),
                "birthdate" => match row.get(column).filter(|date| !date.is_empty()) {
                    Some(date) => Some(turned(&date).ok_or(LeftOut::Birthdate)?.into()),
                    None => None,
                },
                "updated_at" => match row.get(column).filter(|text| !text.is_empty()) {
                    Some(text) if text.bytes().all(|byte| byte.is_ascii_digit()) => Some(text),
                    Some(_) => return Err(LeftOut::UpdatedAt),
                    None => None,
                },
                name => row.get(name),
            };
            if let Some(value) = value {
                cell(&value, out)?;
            }
        }
        let row = out.get(start..).unwrap_or_default();
        if row.chars().count() > LONGEST_ROW {
            return Err(LeftOut::TooLong);
        }
        out.push('\n');
        Ok(())
    }
}

/// YYYY-MM-DD as mm/dd/yyyy.
fn turned(date: &str) -> Option<String> {
    let date: jiff::civil::Date = date.parse().ok()?;
    Some(format!("{:02}/{:02}/{:04}", date.month(), date.day(), date.year()))
}

fn cell(value: &str, out: &mut String) -> Result<(), LeftOut> {
    if value.contains(['"', '\\']) || value.contains(char::is_control) || value.contains(['\u{2028}', '\u{2029}']) {
        return Err(LeftOut::Characters);
    }
    if value.trim() != value {
        return Err(LeftOut::Blanks);
    }
    for c in value.chars() {
        if c == ',' {
            out.push('\\');
        }
        out.push(c);
    }
    Ok(())
}
