//! The attributes a pool knows and what it allows in them, so that a form can say no before the service does.

use super::attribute::AttributeName;
use super::raw::Raw;

mod check;

pub use check::{BirthdateFault, EmailFault, LONGEST, PhoneFault, Problem, Suggestion, domain_of, rare_domain};

/// What a value must be. Limits arrive as text and any may be absent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DataType {
    /// Lengths in characters.
    String {
        min: Option<u64>,
        max: Option<u64>,
    },
    Number {
        min: Option<i64>,
        max: Option<i64>,
    },
    Boolean,
    DateTime,
    /// A type newer than this program: anything is let through and the service rules.
    Unknown(Raw),
}

/// One attribute of a pool's schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemaAttribute {
    pub name: AttributeName,
    pub data_type: DataType,
    pub mutable: bool,
    pub required: bool,
    pub developer_only: bool,
}

/// A pool's attributes in the order of the service's answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Schema {
    pub attributes: Vec<SchemaAttribute>,
}

/// Why an attribute cannot be edited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lock {
    /// `sub`: the service fixes it.
    Fixed,
    /// `identities`: written by federated sign-in and linking only.
    Linked,
    /// Immutable in this pool.
    Immutable,
    /// Not in the schema, so the service would refuse it.
    NotInSchema,
    /// A verified flag on the own route: only a code verifies there.
    ByCode,
    /// The token's app client may not write it.
    AppClient,
}

impl Lock {
    pub fn reason(self) -> &'static str {
        match self {
            Self::Fixed => "the service fixes it",
            Self::Linked => "only linking and federated sign-in write it",
            Self::Immutable => "immutable in this pool",
            Self::NotInSchema => "not in this pool's schema",
            Self::ByCode => "a code verifies it; a user's own call cannot set it",
            Self::AppClient => "the token's app client may not write it",
        }
    }
}

impl Schema {
    pub fn get(&self, name: &AttributeName) -> Option<&SchemaAttribute> {
        self.attributes.iter().find(|attribute| attribute.name == *name)
    }

    /// The position of an attribute in schema order; unknown ones come last.
    pub fn position(&self, name: &AttributeName) -> usize {
        self.attributes
            .iter()
            .position(|attribute| attribute.name == *name)
            .unwrap_or(self.attributes.len())
    }

    pub fn lock(&self, name: &AttributeName) -> Option<Lock> {
        match name.as_str() {
            "sub" => return Some(Lock::Fixed),
            "identities" => return Some(Lock::Linked),
            _ => {}
        }
        match self.get(name) {
            None => Some(Lock::NotInSchema),
            Some(attribute) if !attribute.mutable => Some(Lock::Immutable),
            Some(_) => None,
        }
    }

    pub fn is_required(&self, name: &AttributeName) -> bool {
        self.get(name).is_some_and(|attribute| attribute.required)
    }
}
