//! Two users attribute by attribute: which of two accounts is the one that is meant.

use std::collections::BTreeSet;

use super::attribute::AttributeName;
use super::column::Column;
use super::raw::Raw;
use super::roster::Row;
use super::schema::Schema;

/// One line of a comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compared {
    pub of: Column,
    /// `None`: not set.
    pub one: Option<Raw>,
    pub other: Option<Raw>,
}

impl Compared {
    pub fn is_same(&self) -> bool {
        self.one == self.other
    }
}

/// The facts of both first, then every attribute that one of them has: in the order of the schema, what it lacks last.
pub fn compare(one: Row<'_>, other: Row<'_>, schema: Option<&Schema>) -> Vec<Compared> {
    let facts = [
        Column::Username,
        Column::Attribute(AttributeName::new("sub")),
        Column::Status,
        Column::Enabled,
        Column::Created,
        Column::Changed,
    ];
    let names: BTreeSet<&AttributeName> = one
        .attributes()
        .chain(other.attributes())
        .map(|(name, _)| name)
        .filter(|name| name.as_str() != "sub")
        .collect();
    let mut names: Vec<&AttributeName> = names.into_iter().collect();
    names.sort_by_key(|name| schema.map_or(0, |schema| schema.position(name)));
    let value = |column: &Column, row| column.value(row).map(|value| Raw::from(value.into_owned()));
    facts
        .into_iter()
        .chain(names.into_iter().cloned().map(Column::Attribute))
        .map(|of| Compared {
            one: value(&of, one),
            other: value(&of, other),
            of,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    use crate::domain::User;
    use jiff::Timestamp;

    fn user(name: &str, attributes: &[(&str, &str)]) -> Arc<User> {
        Arc::new(User {
            created: Some(Timestamp::UNIX_EPOCH),
            ..User::listed(name, attributes)
        })
    }

    #[test]
    fn facts_come_first_and_what_one_lacks_is_not_set() {
        let jane = user("jane", &[("sub", "1"), ("email", "jane@example.com"), ("name", "Jane")]);
        let eve = user(
            "eve",
            &[("sub", "2"), ("email", "Jane@example.com"), ("zoneinfo", "UTC")],
        );
        let compared = compare(Row::Whole(&jane), Row::Whole(&eve), None);
        let lines: Vec<(&str, Option<&str>, Option<&str>, bool)> = compared
            .iter()
            .map(|line| {
                let text = |raw: &'_ Option<Raw>| raw.as_ref().map(|raw| raw.as_str().to_owned());
                let leak = |text: Option<String>| text.map(|text| &*text.leak());
                (
                    line.of.name(),
                    leak(text(&line.one)),
                    leak(text(&line.other)),
                    line.is_same(),
                )
            })
            .collect();
        let at = Some("1970-01-01T00:00:00Z");
        assert_eq!(
            lines,
            [
                ("username", Some("jane"), Some("eve"), false),
                ("sub", Some("1"), Some("2"), false),
                ("status", Some("CONFIRMED"), Some("CONFIRMED"), true),
                ("enabled", Some("true"), Some("true"), true),
                ("created", at, at, true),
                ("changed", None, None, true),
                ("email", Some("jane@example.com"), Some("Jane@example.com"), false),
                ("name", Some("Jane"), None, false),
                ("zoneinfo", None, Some("UTC"), false),
            ]
        );
    }
}
