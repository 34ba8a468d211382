//! What a value has to be, and what may be written at all: types, limits, immutable, required and unknown
//! attributes.

use serde_json::json;

use super::super::testing::{Bench, POOL, update};
use super::super::{Attribute, Kind, PoolSeed, User};

const UPDATE: &str = "AdminUpdateUserAttributes";

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn jane() -> User {
    User::new("jane")
        .verified_email("jane@example.com")
        .verified_phone("+15555550100")
}

/// A pool with one attribute of every kind.
fn schema_pool() -> PoolSeed {
    PoolSeed::new(POOL, "pool")
        .required("name")
        .attribute(Attribute::custom(
            "tier",
            Kind::String {
                min: Some(2),
                max: Some(6),
            },
        ))
        .attribute(Attribute::custom(
            "level",
            Kind::Number {
                min: Some(1),
                max: Some(9),
            },
        ))
        .attribute(Attribute::custom("vip", Kind::Boolean))
        .attribute(Attribute::custom("since", Kind::DateTime))
        .attribute(Attribute::custom("hireId", Kind::TEXT).immutable())
        .attribute(Attribute::developer("score", Kind::TEXT))
        .user(jane().with("name", "Jane").with("custom:hireId", "7781"))
        .user(User::new("nameless").with("nickname", "N"))
}

#[test]
fn sound_values_of_every_type_are_stored() {
    let bench = Bench::with(schema_pool());
    let asked = [
        ("custom:tier", "gold"),
        ("custom:level", "9"),
        ("custom:vip", "TRUE"),
        ("custom:since", "2026-11-18"),
        ("dev:custom:score", "7"),
        ("birthdate", "1990-01-02"),
        ("locale", "whatever"),
        ("zoneinfo", "Nowhere/Land"),
        ("address", "{not json"),
        ("updated_at", "1700000000"),
    ];
    bench.ok(UPDATE, update("jane", &asked));
    for (name, value) in asked {
        let stored = if name == "custom:vip" { "true" } else { value };
        assert_eq!(bench.value("jane", name), some(stored));
    }
}

#[test]
fn unsound_values_are_refused_and_nothing_is_stored() {
    let long = "x".repeat(2049);
    let cases: [(&str, &str, &str); 12] = [
        (
            "custom:tier",
            "platinum",
            "Invalid user attributes: custom:tier: String must be no longer than 6 characters\n",
        ),
        (
            "custom:tier",
            "g",
            "Invalid user attributes: custom:tier: String must be no shorter than 2 characters\n",
        ),
        (
            "custom:level",
            "10",
            "Invalid user attributes: custom:level: Number must be no larger than 9\n",
        ),
        (
            "custom:level",
            "0",
            "Invalid user attributes: custom:level: Number must be no smaller than 1\n",
        ),
        (
            "custom:level",
            "many",
            "Invalid user attributes: custom:level: The value is not a number\n",
        ),
        (
            "custom:vip",
            "yes",
            "Invalid user attributes: custom:vip: The value is not a boolean\n",
        ),
        (
            "custom:since",
            "soon",
            "Invalid user attributes: custom:since: The value is not a date and time\n",
        ),
        (
            "email_verified",
            "maybe",
            "Invalid user attributes: email_verified: The value is not a boolean\n",
        ),
        (
            "birthdate",
            "1990-1-2",
            "Invalid user attributes: birthdate: String must be no shorter than 10 characters\n",
        ),
        ("phone_number", "555-0100", "Invalid phone number format."),
        ("email", "jane", "Invalid email address format."),
        (
            "nickname",
            &long,
            "1 validation error detected: Value at 'userAttributes.2.member.value' failed to satisfy constraint: \
             Member must have length less than or equal to 2048",
        ),
    ];
    for (name, value, words) in cases {
        let bench = Bench::with(schema_pool());
        let before = bench.user("jane");
        assert_eq!(
            bench.invalid(UPDATE, update("jane", &[("given_name", "J"), (name, value)])),
            words
        );
        assert_eq!(bench.user("jane"), before);
    }
}

#[test]
fn several_unsound_values_are_named_together() {
    let bench = Bench::with(schema_pool());
    let message = bench.invalid(UPDATE, update("jane", &[("custom:tier", "g"), ("custom:level", "0")]));
    assert_eq!(
        message,
        "Invalid user attributes: custom:tier: String must be no shorter than 2 characters\ncustom:level: Number must \
         be no smaller than 1\n"
    );
}

#[test]
fn a_value_of_2048_characters_of_any_width_fits() {
    let bench = Bench::with(schema_pool());
    let value = "\u{1f600}".repeat(2048);
    bench.ok(UPDATE, update("jane", &[("nickname", &value)]));
    assert_eq!(bench.value("jane", "nickname"), Some(value));
}

#[test]
fn immutable_attributes_and_the_services_own_are_never_written() {
    let bench = Bench::with(schema_pool());
    let sub = bench.user("jane").sub().to_owned();
    for (name, value) in [
        ("custom:hireId", "7782"),
        ("custom:hireId", "7781"),
        ("custom:hireId", ""),
        ("sub", "x"),
        ("sub", &sub),
        ("identities", "[]"),
    ] {
        let message = bench.invalid(UPDATE, update("jane", &[(name, value)]));
        assert_eq!(message, format!("user.{name}: Attribute cannot be updated."));
    }
    // Even when it was never set.
    let message = bench.invalid(UPDATE, update("nameless", &[("custom:hireId", "1")]));
    assert_eq!(message, "user.custom:hireId: Attribute cannot be updated.");
}

#[test]
fn unknown_attributes_are_refused() {
    let bench = Bench::with(schema_pool());
    for name in [
        "custom:none",
        "none",
        "cognito:user_status",
        "cognito:username",
        "score",
        "dev:score",
        "Email",
    ] {
        let message = bench.invalid(UPDATE, update("jane", &[("nickname", "J"), (name, "x")]));
        assert_eq!(message, format!("user.{name}: Attribute does not exist in the schema."));
    }
    assert_eq!(bench.value("jane", "nickname"), None);
}

#[test]
fn an_absent_value_is_an_error_and_a_blank_one_deletes() {
    let bench = Bench::with(schema_pool());
    for pair in [json!({"Name": "nickname"}), json!({"Name": "nickname", "Value": null})] {
        let body = json!({"UserPoolId": POOL, "Username": "jane", "UserAttributes": [pair]});
        assert_eq!(
            bench.invalid(UPDATE, body),
            "Attribute value for nickname must not be null"
        );
    }
    bench.ok(UPDATE, update("jane", &[("nickname", "J")]));
    bench.ok(UPDATE, update("jane", &[("nickname", ""), ("gender", "")]));
    assert_eq!(bench.value("jane", "nickname"), None);
}

#[test]
fn a_required_attribute_can_be_changed_but_not_deleted() {
    let bench = Bench::with(schema_pool());
    let message = bench.invalid(UPDATE, update("jane", &[("name", "")]));
    assert_eq!(message, "user.name: Required attribute cannot be deleted.");
    bench.ok(UPDATE, update("jane", &[("name", "Jane Doe")]));
}

#[test]
fn a_user_that_lacks_a_required_attribute_is_edited_only_together_with_it() {
    let bench = Bench::with(schema_pool());
    for asked in [vec![("nickname", "X")], vec![("nickname", "")], vec![]] {
        let message = bench.invalid(UPDATE, update("nameless", &asked));
        assert_eq!(
            message,
            "Attributes did not conform to the schema: name: The attribute is required\n"
        );
    }
    bench.ok(UPDATE, update("nameless", &[("nickname", "X"), ("name", "Now Named")]));
    bench.ok(UPDATE, update("nameless", &[("nickname", "Y")]));
}

#[test]
fn deleting_by_name_follows_the_same_rules() {
    const DELETE: &str = "AdminDeleteUserAttributes";
    let bench = Bench::with(schema_pool());
    let names = |list: &[&str]| json!({"UserPoolId": POOL, "Username": "jane", "UserAttributeNames": list});
    bench.ok(UPDATE, update("jane", &[("nickname", "J")]));
    bench.pass(1000);
    assert_eq!(bench.ok(DELETE, names(&["nickname", "website", "email"])), json!({}));
    let jane = bench.user("jane");
    assert_eq!(
        jane.attribute("nickname")
            .or(jane.attribute("email"))
            .or(jane.attribute("email_verified")),
        None
    );
    assert_eq!(jane.modified, bench.now());
    for (name, words) in [
        ("name", "user.name: Required attribute cannot be deleted."),
        ("sub", "user.sub: Attribute cannot be updated."),
        ("custom:hireId", "user.custom:hireId: Attribute cannot be updated."),
        (
            "custom:none",
            "user.custom:none: Attribute does not exist in the schema.",
        ),
    ] {
        assert_eq!(bench.invalid(DELETE, names(&["phone_number", name])), words);
        assert!(bench.value("jane", "phone_number").is_some(), "nothing was deleted");
    }
    // It asks nothing of required attributes that the user lacks.
    let body = json!({"UserPoolId": POOL, "Username": "nameless", "UserAttributeNames": ["nickname"]});
    bench.ok(DELETE, body);
}
