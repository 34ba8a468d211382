//! A line of an export, read back. The text is anybody's: a line is what it says it is, or it is named as unreadable.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use super::jsonl::{END, End, HEAD, Head, VERSION};
use crate::domain::pool::{MfaSetting, Pool, PoolId, SignIn};
use crate::domain::raw::Raw;
use crate::domain::schema::{DataType, Schema, SchemaAttribute};
use crate::domain::user::{Source, User, UserStatus, Username};
use crate::domain::{AttributeName, AttributeValue, Attributes, Contact};

/// The longest line that is read, in bytes: a user with every attribute the service allows, each character an escape,
/// fits into it.
pub const LONGEST: usize = 4 << 20;

/// What a line is.
#[derive(Clone, Debug, PartialEq)]
pub enum Line {
    Blank,
    Head(Box<Head>),
    /// A user, and its groups where they were exported.
    User(Box<User>, Option<Vec<Raw>>),
    End(End),
}

/// Why a line was not read. It tells nothing of what stands there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unread {
    TooLong,
    NotUtf8,
    NotJson,
    NoUser,
    /// A later version of the format.
    Newer,
}

impl Unread {
    pub fn words(self) -> &'static str {
        match self {
            Self::TooLong => "longer than any user can be",
            Self::NotUtf8 => "not UTF-8",
            Self::NotJson => "not JSON",
            Self::NoUser => "JSON, but not a user",
            Self::Newer => "written by a newer version",
        }
    }
}

/// Reads one line. `read_at`: when its user was read, as far as that is known.
pub fn line(bytes: &[u8], read_at: Timestamp) -> Result<Line, Unread> {
    if bytes.len() > LONGEST {
        return Err(Unread::TooLong);
    }
    let text = std::str::from_utf8(bytes).map_err(|_| Unread::NotUtf8)?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text).trim();
    if text.is_empty() {
        return Ok(Line::Blank);
    }
    match serde_json::from_str::<Listed>(text) {
        Ok(listed) => {
            let groups =
                (listed.groups.as_ref()).map(|names| names.iter().map(|name| Raw::from(name.as_str())).collect());
            let user = listed.user(read_at).ok_or(Unread::NoUser)?;
            Ok(Line::User(Box::new(user), groups))
        }
        Err(_) => other(text),
    }
}

/// A line that is no user.
fn other(text: &str) -> Result<Line, Unread> {
    let value: Value = serde_json::from_str(text).map_err(|_| Unread::NotJson)?;
    if let Some(head) = value.get(HEAD) {
        if head
            .get("Version")
            .and_then(Value::as_u64)
            .is_some_and(|version| version > VERSION)
        {
            return Err(Unread::Newer);
        }
        return head_of(head)
            .map(|head| Line::Head(Box::new(head)))
            .ok_or(Unread::NoUser);
    }
    let end = value.get(END).ok_or(Unread::NoUser)?;
    let end = || {
        Some(End {
            users: end.get("Users")?.as_u64()?,
            complete: end.get("Complete")?.as_bool()?,
            at: end.get("At")?.as_str()?.parse().ok()?,
        })
    };
    end().map(Line::End).ok_or(Unread::NoUser)
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Listed {
    username: String,
    /// `UserAttributes`: as AdminGetUser calls them.
    #[serde(default, alias = "UserAttributes")]
    attributes: Vec<Pair>,
    user_create_date: Option<Date>,
    user_last_modified_date: Option<Date>,
    enabled: Option<bool>,
    user_status: Option<String>,
    groups: Option<Vec<String>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Pair {
    name: String,
    value: Option<String>,
}

/// As the service sends it, or as its clients print it.
#[derive(Deserialize)]
#[serde(untagged)]
enum Date {
    Seconds(f64),
    Text(String),
}

impl Date {
    fn at(&self) -> Option<Timestamp> {
        match self {
            Self::Text(text) => text.parse().ok(),
            #[expect(
                clippy::cast_possible_truncation,
                reason = "a cast saturates, and what is out of range is no date"
            )]
            Self::Seconds(seconds) => Timestamp::from_millisecond((seconds * 1_000.0).round() as i64).ok(),
        }
    }
}

impl Listed {
    /// `None`: no user of the service looks like this.
    fn user(self, read_at: Timestamp) -> Option<User> {
        if self.username.is_empty() {
            return None;
        }
        let mut attributes = Attributes::new();
        for pair in self.attributes {
            let Some(value) = pair.value else {
                continue;
            };
            if pair.name.is_empty() {
                return None;
            }
            let twice = attributes.insert(AttributeName::new(pair.name), AttributeValue::new(value));
            if twice.is_some() {
                return None;
            }
        }
        let date = |date: &Option<Date>| match date {
            None => Some(None),
            Some(date) => date.at().map(Some),
        };
        Some(User {
            username: Username::new(self.username),
            attributes,
            status: self
                .user_status
                .map_or(UserStatus::NotTold, |status| UserStatus::parse(&status)),
            enabled: self.enabled.unwrap_or(true),
            created: date(&self.user_create_date)?,
            changed: date(&self.user_last_modified_date)?,
            source: Source::List,
            read_at,
        })
    }
}

fn head_of(head: &Value) -> Option<Head> {
    let pool = head.get("UserPool")?;
    let id = PoolId::new(pool.get("Id")?.as_str()?);
    Some(Head {
        described: described(&id, pool),
        pool: id,
        began: head.get("Began")?.as_str()?.parse().ok()?,
        query: head.get("Query").and_then(Value::as_str).map(Raw::from),
        chosen: head.get("Chosen").and_then(Value::as_bool) == Some(true),
        attributes: head
            .get("Attributes")
            .and_then(Value::as_array)
            .map(|names| names.iter().filter_map(Value::as_str).map(AttributeName::new).collect()),
    })
}

fn described(id: &PoolId, pool: &Value) -> Option<Pool> {
    let text = |member: &str| pool.get(member).and_then(Value::as_str);
    let names = |member: &str| -> Option<BTreeSet<AttributeName>> {
        let names = pool.get(member)?.as_array()?;
        Some(names.iter().filter_map(Value::as_str).map(AttributeName::new).collect())
    };
    let attributes = pool.get("SchemaAttributes")?.as_array()?;
    let auto_verified = names("AutoVerifiedAttributes").unwrap_or_default();
    Some(Pool {
        name: Raw::from(text("Name")?),
        arn: text("Arn").map(Raw::from),
        schema: Schema {
            attributes: attributes.iter().filter_map(attribute).collect(),
        },
        sign_in: match names("UsernameAttributes") {
            Some(names) => SignIn::UsernameAttributes(names),
            None => SignIn::Aliases(names("AliasAttributes").unwrap_or_default()),
        },
        case_sensitive: (pool.get("UsernameConfiguration"))
            .and_then(|settings| settings.get("CaseSensitive"))
            .and_then(Value::as_bool)
            .unwrap_or(true),
        auto_verified: [Contact::Email, Contact::PhoneNumber]
            .into_iter()
            .filter(|contact| auto_verified.contains(&contact.attribute()))
            .collect(),
        mfa: match text("MfaConfiguration") {
            Some("ON") => MfaSetting::On,
            Some("OPTIONAL") => MfaSetting::Optional,
            _ => MfaSetting::Off,
        },
        temporary_password_days: (pool.pointer("/Policies/PasswordPolicy/TemporaryPasswordValidityDays"))
            .and_then(Value::as_u64)
            .and_then(|days| days.try_into().ok()),
        estimated_users: pool.get("EstimatedNumberOfUsers").and_then(Value::as_u64),
        // What only a change asks for is not in an export, which nobody can change.
        ..Pool::unknown(id.clone())
    })
}

fn attribute(attribute: &Value) -> Option<SchemaAttribute> {
    let flag = |member: &str| attribute.get(member).and_then(Value::as_bool).unwrap_or(false);
    let limit = |constraints: &str, member: &str| attribute.get(constraints)?.get(member)?.as_str();
    Some(SchemaAttribute {
        name: AttributeName::new(attribute.get("Name")?.as_str()?),
        data_type: match attribute.get("AttributeDataType")?.as_str()? {
            "String" => DataType::String {
                min: limit("StringAttributeConstraints", "MinLength").and_then(|text| text.parse().ok()),
                max: limit("StringAttributeConstraints", "MaxLength").and_then(|text| text.parse().ok()),
            },
            "Number" => DataType::Number {
                min: limit("NumberAttributeConstraints", "MinValue").and_then(|text| text.parse().ok()),
                max: limit("NumberAttributeConstraints", "MaxValue").and_then(|text| text.parse().ok()),
            },
            "Boolean" => DataType::Boolean,
            "DateTime" => DataType::DateTime,
            other => DataType::Unknown(Raw::from(other)),
        },
        mutable: flag("Mutable"),
        required: flag("Required"),
        developer_only: flag("DeveloperOnlyAttribute"),
    })
}
