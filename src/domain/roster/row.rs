//! One loaded user, read where it lies.

use std::borrow::Cow;
use std::sync::Arc;

use jiff::Timestamp;

use super::segment::{Packed, Segment};
use super::text::{USERNAME, kind, search_text};
use crate::domain::attribute::{AttributeName, AttributeValue};
use crate::domain::column::Column;
use crate::domain::user::{Source, User, UserStatus, Username};

/// A user of the roster. Cheap to copy; nothing is unpacked before it is asked for.
#[derive(Clone, Copy, Debug)]
pub enum Row<'a> {
    Packed(Packed<'a>),
    /// One that was read alone, or that no packing keeps exactly.
    Whole(&'a Arc<User>),
}

impl<'a> Row<'a> {
    pub fn username(self) -> Cow<'a, str> {
        match self {
            Self::Packed(row) => row.username(),
            Self::Whole(user) => Cow::Borrowed(user.username.as_str()),
        }
    }

    /// The value of an attribute by its full name; `None`: not set.
    pub fn get(self, name: &str) -> Option<Cow<'a, str>> {
        match self {
            Self::Packed(row) => row.get(name),
            Self::Whole(user) => user.text(name).map(Cow::Borrowed),
        }
    }

    /// What is set, in the order of the names.
    pub fn attributes(self) -> impl Iterator<Item = (&'a AttributeName, Cow<'a, str>)> {
        let (packed, whole) = match self {
            Self::Packed(row) => (Some(row.attributes()), None),
            Self::Whole(user) => (None, Some(&user.attributes)),
        };
        let whole = whole.into_iter().flatten();
        packed
            .into_iter()
            .flatten()
            .chain(whole.map(|(name, value)| (name, Cow::Borrowed(value.as_str()))))
    }

    pub fn status(self) -> &'a UserStatus {
        match self {
            Self::Packed(row) => row.status(),
            Self::Whole(user) => &user.status,
        }
    }

    pub fn is_enabled(self) -> bool {
        match self {
            Self::Packed(row) => row.is_enabled(),
            Self::Whole(user) => user.enabled,
        }
    }

    pub fn created(self) -> Option<Timestamp> {
        match self {
            Self::Packed(row) => row.created(),
            Self::Whole(user) => user.created,
        }
    }

    pub fn changed(self) -> Option<Timestamp> {
        match self {
            Self::Packed(row) => row.changed(),
            Self::Whole(user) => user.changed,
        }
    }

    pub fn read_at(self) -> Timestamp {
        match self {
            Self::Packed(row) => row.read_at(),
            Self::Whole(user) => user.read_at,
        }
    }

    /// What a bare word is looked for in; as [`search_text`], though it may repeat what an earlier text holds.
    pub fn search_text(self) -> Cow<'a, str> {
        match self {
            Self::Packed(row) => Cow::Owned(row.search_text()),
            Self::Whole(user) => Cow::Owned(search_text(user)),
        }
    }

    /// The folded text of a column, where the row keeps it.
    pub fn folded(self, column: &Column) -> Option<&'a str> {
        let kind = match column {
            Column::Username => USERNAME,
            Column::Attribute(name) => kind(name.as_str())?,
            _ => return None,
        };
        match self {
            Self::Packed(row) => Some(row.folded(kind)),
            Self::Whole(_) => None,
        }
    }

    /// The user as it was read, byte for byte.
    pub fn to_user(self) -> Arc<User> {
        match self {
            Self::Whole(user) => Arc::clone(user),
            Self::Packed(row) => Arc::new(User {
                username: Username::new(row.username()),
                attributes: row
                    .attributes()
                    .map(|(name, value)| (name.clone(), AttributeValue::new(value)))
                    .collect(),
                status: row.status().clone(),
                enabled: row.is_enabled(),
                created: row.created(),
                changed: row.changed(),
                source: Source::List,
                read_at: row.read_at(),
            }),
        }
    }
}

impl Segment {
    /// One user of the segment.
    pub fn row(&self, at: usize) -> Option<Row<'_>> {
        if let Some(user) = self.whole(at) {
            return Some(Row::Whole(user));
        }
        self.packed(at).map(Row::Packed)
    }

    /// Everybody in it, in the order of arrival.
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        (0..self.len()).filter_map(|at| self.row(at))
    }
}
