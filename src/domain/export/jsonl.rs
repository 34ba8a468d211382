//! JSON Lines: one user a line, in the shape of ListUsers, between a line that says what this is and one that says how it
//! ended.
//!
//! ```text
//! {"CognituiExport":{"Version":1,"Began":"2026-11-21T10:41:05Z","UserPool":{"Id":"eu-west-1_aB3dE5fGh",..},"Query":"email:*"}}
//! {"Username":"jane","Attributes":[{"Name":"sub","Value":".."}],"UserCreateDate":"..","UserLastModifiedDate":"..","Enabled":true,"UserStatus":"CONFIRMED"}
//! {"CognituiExportEnd":{"Users":1,"Complete":true,"At":"2026-11-21T10:41:06Z"}}
//! ```
//!
//! `UserPool` has the shape of DescribeUserPool, as far as the users need it. `Query`, `Chosen` (users whom somebody picked)
//! and `Attributes` are there where the export is a part of the pool. A user has `Groups` beside the members of ListUsers
//! where they were read. `Complete` is false where not everybody was read who was asked for; a file without the last line
//! was cut off.

use std::fmt::Write as _;

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::domain::column::Column;
use crate::domain::pool::{MfaSetting, Pool, PoolId, SignIn};
use crate::domain::raw::Raw;
use crate::domain::roster::Row;
use crate::domain::schema::{DataType, SchemaAttribute};
use crate::domain::user::UserStatus;
use crate::domain::{AttributeName, Contact};

/// The version of the format that is written.
pub(super) const VERSION: u64 = 1;
pub(super) const HEAD: &str = "CognituiExport";
pub(super) const END: &str = "CognituiExportEnd";

/// What an export is of.
#[derive(Clone, Debug, PartialEq)]
pub struct Head {
    pub pool: PoolId,
    /// Its settings, where they could be read.
    pub described: Option<Pool>,
    /// When the first of its users was read.
    pub began: Timestamp,
    /// Only those users were exported.
    pub query: Option<Raw>,
    /// Only users whom somebody picked were exported.
    pub chosen: bool,
    /// Only these attributes were exported.
    pub attributes: Option<Vec<AttributeName>>,
}

/// How an export ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct End {
    pub users: u64,
    /// Everybody who was asked for is in it.
    pub complete: bool,
    pub at: Timestamp,
}

impl Head {
    /// What is written from an export is a part of it at most: what that one leaves out, this one leaves out too.
    #[must_use]
    pub fn out_of(mut self, source: Option<&Self>) -> Self {
        let Some(source) = source else {
            return self;
        };
        self.query = match (&source.query, self.query.take()) {
            // Both hold.
            (Some(before), Some(query)) => Some(Raw::from(format!("{} {}", before.as_str(), query.as_str()))),
            (before, query) => query.or_else(|| before.clone()),
        };
        self.chosen |= source.chosen;
        self.attributes = match (&source.attributes, self.attributes.take()) {
            (Some(held), Some(mut names)) => {
                names.retain(|name| held.contains(name));
                Some(names)
            }
            (held, names) => names.or_else(|| held.clone()),
        };
        self
    }

    pub(super) fn write(&self, out: &mut String) {
        let mut head = Map::new();
        head.insert("Version".to_owned(), json!(VERSION));
        head.insert("Began".to_owned(), json!(self.began.to_string()));
        let pool = match &self.described {
            Some(pool) => described(&self.pool, pool),
            None => json!({ "Id": self.pool.as_str() }),
        };
        head.insert("UserPool".to_owned(), pool);
        if let Some(query) = &self.query {
            head.insert("Query".to_owned(), json!(query.as_str()));
        }
        if self.chosen {
            head.insert("Chosen".to_owned(), json!(true));
        }
        if let Some(attributes) = &self.attributes {
            let names: Vec<&str> = attributes.iter().map(AttributeName::as_str).collect();
            head.insert("Attributes".to_owned(), json!(names));
        }
        line(&json!({ HEAD: head }), out);
    }
}

impl End {
    pub(super) fn write(&self, out: &mut String) {
        let end = json!({ "Users": self.users, "Complete": self.complete, "At": self.at.to_string() });
        line(&json!({ END: end }), out);
    }
}

fn described(id: &PoolId, pool: &Pool) -> Value {
    let contacts =
        |set: &std::collections::BTreeSet<Contact>| set.iter().map(|contact| contact.name()).collect::<Vec<_>>();
    let mut out = json!({
        "Id": id.as_str(),
        "Name": pool.name.as_str(),
        "SchemaAttributes": pool.schema.attributes.iter().map(attribute).collect::<Vec<_>>(),
        "AutoVerifiedAttributes": contacts(&pool.auto_verified),
        "UsernameConfiguration": { "CaseSensitive": pool.case_sensitive },
        "MfaConfiguration": match pool.mfa {
            MfaSetting::Off => "OFF",
            MfaSetting::Optional => "OPTIONAL",
            MfaSetting::On => "ON",
        },
    });
    let (member, names) = match &pool.sign_in {
        SignIn::Aliases(names) => ("AliasAttributes", names),
        SignIn::UsernameAttributes(names) => ("UsernameAttributes", names),
    };
    let names: Vec<&str> = names.iter().map(AttributeName::as_str).collect();
    if let Some(members) = out.as_object_mut() {
        members.insert(member.to_owned(), json!(names));
        if let Some(arn) = &pool.arn {
            members.insert("Arn".to_owned(), json!(arn.as_str()));
        }
        if let Some(days) = pool.temporary_password_days {
            let policy = json!({ "PasswordPolicy": { "TemporaryPasswordValidityDays": days } });
            members.insert("Policies".to_owned(), policy);
        }
        if let Some(users) = pool.estimated_users {
            members.insert("EstimatedNumberOfUsers".to_owned(), json!(users));
        }
    }
    out
}

fn attribute(attribute: &SchemaAttribute) -> Value {
    let mut out = json!({
        "Name": attribute.name.as_str(),
        "Mutable": attribute.mutable,
        "Required": attribute.required,
        "DeveloperOnlyAttribute": attribute.developer_only,
    });
    let limits = |least: &str, most: &str, min: Option<String>, max: Option<String>| {
        let mut limits = Map::new();
        limits.extend(min.map(|min| (least.to_owned(), json!(min))));
        limits.extend(max.map(|max| (most.to_owned(), json!(max))));
        Value::Object(limits)
    };
    let text = |limit: &Option<u64>| limit.map(|limit| limit.to_string());
    let number = |limit: &Option<i64>| limit.map(|limit| limit.to_string());
    let (kind, constraints) = match &attribute.data_type {
        DataType::String { min, max } => (
            "String",
            Some((
                "StringAttributeConstraints",
                limits("MinLength", "MaxLength", text(min), text(max)),
            )),
        ),
        DataType::Number { min, max } => (
            "Number",
            Some((
                "NumberAttributeConstraints",
                limits("MinValue", "MaxValue", number(min), number(max)),
            )),
        ),
        DataType::Boolean => ("Boolean", None),
        DataType::DateTime => ("DateTime", None),
        DataType::Unknown(other) => (other.as_str(), None),
    };
    if let Some(members) = out.as_object_mut() {
        members.insert("AttributeDataType".to_owned(), json!(kind));
        members.extend(constraints.map(|(name, limits)| (name.to_owned(), limits)));
    }
    out
}

/// A line without anything that could steer a terminal, and without an end of a line inside.
fn line(value: &Value, out: &mut String) {
    for c in value.to_string().chars() {
        if is_plain(c) { out.push(c) } else { escape(c, out) }
    }
    out.push('\n');
}

/// One user. `columns`: only the attributes among these.
pub(super) fn user(row: Row<'_>, columns: Option<&[Column]>, groups: Option<&[Raw]>, out: &mut String) {
    out.push_str("{\"Username\":");
    text(&row.username(), out);
    out.push_str(",\"Attributes\":[");
    let mut first = true;
    for (name, value) in row.attributes() {
        let is_it = |column: &Column| matches!(column, Column::Attribute(chosen) if chosen == name);
        if columns.is_some_and(|columns| !columns.iter().any(is_it)) {
            continue;
        }
        out.push_str(if first { "{\"Name\":" } else { ",{\"Name\":" });
        first = false;
        text(name.as_str(), out);
        out.push_str(",\"Value\":");
        text(&value, out);
        out.push('}');
    }
    out.push(']');
    for (member, at) in [
        ("UserCreateDate", row.created()),
        ("UserLastModifiedDate", row.changed()),
    ] {
        if let Some(at) = at {
            // Writing to a String cannot fail.
            let _ = write!(out, ",\"{member}\":\"{at}\"");
        }
    }
    let _ = write!(out, ",\"Enabled\":{}", row.is_enabled());
    if *row.status() != UserStatus::NotTold {
        out.push_str(",\"UserStatus\":");
        text(row.status().raw().as_str(), out);
    }
    if let Some(groups) = groups {
        out.push_str(",\"Groups\":[");
        for (at, name) in groups.iter().enumerate() {
            if at > 0 {
                out.push(',');
            }
            text(name.as_str(), out);
        }
        out.push(']');
    }
    out.push_str("}\n");
}

fn text(value: &str, out: &mut String) {
    out.push('"');
    for c in value.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            c if c.is_control() || !is_plain(c) => escape(c, out),
            c => out.push(c),
        }
    }
    out.push('"');
}

/// Whether a character may stand as itself in JSON that a terminal may show: letters, digits and ASCII. Its structure is
/// ASCII, so everything else stands inside a string, where an escape means the same.
pub fn is_plain(c: char) -> bool {
    if c.is_ascii() {
        c != '\u{7f}'
    } else {
        c.is_alphanumeric()
    }
}

/// A character as the escape that means the same inside a string.
pub fn escape(c: char, out: &mut String) {
    for unit in c.encode_utf16(&mut [0; 2]) {
        // Writing to a String cannot fail.
        let _ = write!(out, "\\u{unit:04x}");
    }
}
