//! Lines as people type them, and whom they find.

mod line;

use super::*;
use crate::domain::AttributeName;

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
