//! The names that a line may use.

use crate::domain::attribute::AttributeName;
use crate::domain::column::Column;
use crate::domain::nearest::nearest;
use crate::domain::schema::{STANDARD, Schema};

/// Words that stand in front of a sign and are no attributes.
pub(super) const FIXED: [&str; 9] = [
    "username",
    "status",
    "enabled",
    "created",
    "changed",
    "group",
    "groups",
    "verified",
    "cognito:user_status",
];

/// What people write for a standard attribute.
const ALSO: [(&str, &str); 1] = [("phone", "phone_number")];

/// The attributes that a line may name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// In order, each once.
    names: Vec<AttributeName>,
    /// The pool's schema was not read: a name that is not known is taken for a custom attribute.
    open: bool,
}

/// What a name in front of a sign stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Subject {
    Column(Column),
    Verified,
    /// Short for more than one attribute.
    Several(Vec<AttributeName>),
}

impl Default for Known {
    /// Nothing is known of the pool.
    fn default() -> Self {
        Self::new(None, [])
    }
}

impl Known {
    /// Of a pool, as far as it was read: its schema, and the attributes that loaded users show.
    pub fn new<'a>(schema: Option<&Schema>, loaded: impl IntoIterator<Item = &'a AttributeName>) -> Self {
        let schema_names = schema.into_iter().flat_map(|schema| &schema.attributes);
        let mut names: Vec<AttributeName> = STANDARD
            .into_iter()
            .map(AttributeName::new)
            .chain(schema_names.map(|attribute| attribute.name.clone()))
            .chain(loaded.into_iter().cloned())
            .collect();
        names.sort();
        names.dedup();
        Self {
            names,
            open: schema.is_none(),
        }
    }

    pub fn names(&self) -> &[AttributeName] {
        &self.names
    }

    /// The shortest name that means this attribute and no other.
    pub fn shortest<'a>(&self, name: &'a AttributeName) -> &'a str {
        let short = name.short();
        match self.resolve(short) {
            Some(Subject::Column(Column::Attribute(found))) if found == *name => short,
            _ => name.as_str(),
        }
    }

    /// Every name that can stand in front of a sign.
    pub(super) fn spelled(&self) -> impl Iterator<Item = &str> {
        FIXED
            .into_iter()
            .chain(ALSO.into_iter().map(|(word, _)| word))
            .chain(self.names.iter().map(AttributeName::as_str))
            .chain(
                self.names
                    .iter()
                    .filter(|name| name.is_custom())
                    .map(AttributeName::short),
            )
            .filter(|name| !name.is_empty())
    }

    /// What a whole name stands for. A full name always means itself.
    pub(super) fn resolve(&self, name: &str) -> Option<Subject> {
        let column = |column| Some(Subject::Column(column));
        match name.to_ascii_lowercase().as_str() {
            "username" => return column(Column::Username),
            "status" | "cognito:user_status" => return column(Column::Status),
            "enabled" => return column(Column::Enabled),
            "created" => return column(Column::Created),
            "changed" => return column(Column::Changed),
            "group" | "groups" => return column(Column::Groups),
            "verified" => return Some(Subject::Verified),
            _ => {}
        }
        let full = AttributeName::new(name);
        if self.names.binary_search(&full).is_ok() {
            return column(Column::Attribute(full));
        }
        let same = |other: &str| other.eq_ignore_ascii_case(name);
        let exactly = self.found(|known| known.short() == name);
        let whole = self.found(|known| same(known.as_str()));
        let short = self.found(|known| same(known.short()));
        let found = [exactly, whole, short].into_iter().flatten().next();
        found.or_else(|| {
            let (_, meant) = ALSO.iter().find(|(word, _)| same(word))?;
            column(Column::Attribute(AttributeName::new(*meant)))
        })
    }

    fn found(&self, is_it: impl Fn(&AttributeName) -> bool) -> Option<Subject> {
        let found: Vec<&AttributeName> = self.names.iter().filter(|name| is_it(name)).collect();
        match found.as_slice() {
            [] => None,
            [one] => Some(Subject::Column(Column::Attribute((*one).clone()))),
            several => Some(Subject::Several(several.iter().map(|name| (*name).clone()).collect())),
        }
    }

    /// A name that nobody knows, where the pool may have it. One that is nearly another is a slip unless it is written in full:
    /// it would find nobody and not say why.
    pub(super) fn supposed(&self, name: &str) -> Option<Subject> {
        if !self.open {
            return None;
        }
        let custom = ["custom:", "dev:custom:", "dev:"]
            .iter()
            .any(|start| name.starts_with(start));
        if !custom && self.nearest(name).is_some() {
            return None;
        }
        let full = match custom {
            true => AttributeName::new(name),
            false => AttributeName::new(format!("custom:{name}")),
        };
        Some(Subject::Column(Column::Attribute(full)))
    }

    /// Whether the pool may have attributes of its own that are not known.
    pub(super) fn is_open(&self) -> bool {
        self.open
    }

    pub(super) fn nearest(&self, name: &str) -> Option<&str> {
        nearest(name, self.spelled())
    }
}
