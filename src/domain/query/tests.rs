//! Lines as people type them, and whom they find.

mod answers;
mod line;
mod properties;
mod shown;

use std::sync::Arc;

use jiff::Timestamp;

use super::*;
use crate::domain::roster::Row;
use crate::domain::user::{Source, User, UserStatus};
use crate::domain::{AttributeName, Raw, RowId};

/// What a pool with a few custom attributes knows. Its schema was read.
pub(super) fn known() -> Known {
    let custom = [
        "custom:tier",
        "custom:Plan",
        "custom:x",
        "dev:custom:x",
        "custom:a",
        "custom:a:b",
        "custom:email",
    ];
    let names: Vec<AttributeName> = custom.into_iter().map(AttributeName::new).collect();
    Known::new(Some(&crate::domain::Schema::default()), &names)
}

pub(super) fn read(line: &str) -> Query {
    Query::parse(line, &known()).unwrap_or_else(|mistake| panic!("{line}: {}", mistake.expected.plain()))
}

pub(super) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub(super) fn now() -> Timestamp {
    at("2026-11-21T12:00:00Z")
}

pub(super) fn user(name: &str, attributes: &[(&str, &str)]) -> User {
    User::listed(name, attributes)
}

pub(super) fn ground() -> Ground {
    Ground {
        now: now(),
        groups: None,
    }
}

/// Whether a line finds a user, packed and whole.
pub(super) fn finds(line: &str, user: &User) -> bool {
    let query = read(line);
    let segment = crate::domain::Segment::pack([user]);
    let packed = query.matches(RowId(0), segment.row(0).unwrap(), &ground());
    let whole = query.matches(RowId(0), Row::Whole(&Arc::new(user.clone())), &ground());
    assert_eq!(packed, whole, "{line}");
    packed
}
