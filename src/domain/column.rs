//! What a list of users can show, sort by, export and count: a fact of the user or any attribute.

use std::borrow::Cow;

use jiff::Timestamp;

use super::attribute::AttributeName;
use super::roster::Row;

/// One column of a list of users.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Column {
    Username,
    Status,
    Enabled,
    Created,
    Changed,
    /// The groups that were read for this list.
    Groups,
    Attribute(AttributeName),
}

/// What orders a list: a column, and which end comes first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sort {
    pub column: Column,
    pub descending: bool,
}

impl Sort {
    /// `created`, or `-created` for the other end first.
    pub fn parse(text: &str) -> Self {
        let (name, descending) = match text.strip_prefix('-') {
            Some(name) => (name, true),
            None => (text, false),
        };
        Self {
            column: Column::parse(name),
            descending,
        }
    }
}

impl std::fmt::Display for Sort {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let sign = if self.descending { "-" } else { "" };
        write!(f, "{sign}{}", self.column.name())
    }
}

impl Column {
    /// The facts of a user that are no attributes.
    pub const FACTS: [Self; 6] = [
        Self::Username,
        Self::Status,
        Self::Enabled,
        Self::Created,
        Self::Changed,
        Self::Groups,
    ];

    /// What a list shows where nobody chose. The verified flag of a contact stands beside it.
    pub fn usual() -> Vec<Self> {
        ["username", "email", "phone_number", "status"].map(Self::parse).into()
    }

    /// By the name it has in the configuration, on the command line and in the head of an export: `username`, `status`,
    /// `enabled`, `created`, `changed`, `groups`, or an attribute by its full name.
    pub fn parse(name: &str) -> Self {
        match name {
            "username" => Self::Username,
            "status" => Self::Status,
            "enabled" => Self::Enabled,
            "created" => Self::Created,
            "changed" => Self::Changed,
            "groups" => Self::Groups,
            other => Self::Attribute(AttributeName::new(other)),
        }
    }

    pub fn name(&self) -> &str {
        match self {
            Self::Username => "username",
            Self::Status => "status",
            Self::Enabled => "enabled",
            Self::Created => "created",
            Self::Changed => "changed",
            Self::Groups => "groups",
            Self::Attribute(name) => name.as_str(),
        }
    }

    /// The text of the column; `None`: not set. Times are RFC 3339 in UTC. Groups are no fact of a row.
    pub fn value<'a>(&self, row: Row<'a>) -> Option<Cow<'a, str>> {
        let time = |at: Option<Timestamp>| at.map(|at| Cow::Owned(at.to_string()));
        match self {
            Self::Username => Some(row.username()),
            Self::Status => Some(Cow::Borrowed(row.status().as_str())),
            Self::Enabled => Some(Cow::Borrowed(if row.is_enabled() { "true" } else { "false" })),
            Self::Created => time(row.created()),
            Self::Changed => time(row.changed()),
            Self::Groups => None,
            Self::Attribute(name) => row.get(name.as_str()),
        }
    }
}
