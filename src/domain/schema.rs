//! The attributes a pool knows and what it allows in them, so that a form can say no before the service does.

use super::attribute::AttributeName;
use super::raw::Raw;

mod check;

pub use check::{
    BirthdateFault, EmailFault, LONGEST, PhoneFault, Problem, Suggestion, domain_of, phone, phone_as_meant, rare_domain,
};

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

/// The attributes that every pool has (Amazon Cognito developer guide, "Standard attributes").
pub const STANDARD: [&str; 20] = [
    "sub",
    "name",
    "given_name",
    "family_name",
    "middle_name",
    "nickname",
    "preferred_username",
    "profile",
    "picture",
    "website",
    "email",
    "email_verified",
    "gender",
    "birthdate",
    "zoneinfo",
    "locale",
    "phone_number",
    "phone_number_verified",
    "address",
    "updated_at",
];

impl Schema {
    /// What can be said of a pool whose settings may not be read: the attributes that every pool has and those that a
    /// user shows, as plain strings. Which of them are required or immutable is not known; the service decides.
    pub fn standard<'a>(shown: impl IntoIterator<Item = &'a AttributeName>) -> Self {
        let mut schema = Self::default();
        let shown = shown.into_iter().cloned();
        for name in STANDARD.into_iter().map(AttributeName::new).chain(shown) {
            if schema.get(&name).is_none() {
                schema.attributes.push(SchemaAttribute {
                    name,
                    data_type: DataType::String { min: None, max: None },
                    mutable: true,
                    required: false,
                    developer_only: false,
                });
            }
        }
        schema
    }

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_the_pools_settings_what_every_pool_has_and_what_is_shown_can_be_edited() {
        let shown = [AttributeName::new("email"), AttributeName::new("custom:tier")];
        let schema = Schema::standard(&shown);
        assert_eq!(schema.attributes.len(), STANDARD.len() + 1);
        assert_eq!(schema.lock(&AttributeName::new("custom:tier")), None);
        assert_eq!(schema.lock(&AttributeName::new("sub")), Some(Lock::Fixed));
        assert_eq!(
            schema.lock(&AttributeName::new("custom:other")),
            Some(Lock::NotInSchema)
        );
    }
}
