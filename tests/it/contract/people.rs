//! The pools and people of the scenarios, in the form that the seeding takes. Everybody is invented.

use serde_json::{Value, json};

/// A pool that sends a code after a change of e-mail address, with a custom attribute of each type and one that never
/// changes.
pub fn ordinary(users: Value) -> Value {
    json!({
        "pool": {"PoolName": "contract", "AutoVerifiedAttributes": ["email"]},
        "custom": custom(),
        "groups": ["support", "sales"],
        "users": users,
    })
}

/// One custom attribute of each type, and one that is set once.
pub fn custom() -> Value {
    json!([
        {"Name": "tier", "AttributeDataType": "String", "Mutable": true,
         "StringAttributeConstraints": {"MinLength": "1", "MaxLength": "20"}},
        {"Name": "seats", "AttributeDataType": "Number", "Mutable": true,
         "NumberAttributeConstraints": {"MinValue": "1", "MaxValue": "500"}},
        {"Name": "active", "AttributeDataType": "Boolean", "Mutable": true},
        {"Name": "since", "AttributeDataType": "DateTime", "Mutable": true},
        {"Name": "employee", "AttributeDataType": "String", "Mutable": false,
         "StringAttributeConstraints": {"MinLength": "1", "MaxLength": "20"}},
    ])
}

/// Somebody with an ordinary set of attributes: a verified address, a name, a tier.
pub fn person(username: &str) -> Value {
    json!({
        "username": username,
        "attributes": {
            "email": format!("{username}@example.com"),
            "email_verified": "true",
            "given_name": "Robin",
            "family_name": "Example",
            "custom:tier": "silver",
            "custom:employee": "E-1001",
        },
    })
}

pub fn people(usernames: &[&str]) -> Value {
    usernames.iter().map(|username| person(username)).collect()
}
