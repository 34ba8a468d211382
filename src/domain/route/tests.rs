use super::*;
use crate::domain::attribute::AttributeValue;
use crate::domain::schema::{DataType, SchemaAttribute};

fn name(text: &str) -> AttributeName {
    AttributeName::new(text)
}

/// `email` is required; `custom:hireId` immutable.
fn schema() -> Schema {
    let attribute = |text: &str| SchemaAttribute {
        name: name(text),
        data_type: if text.ends_with("_verified") {
            DataType::Boolean
        } else {
            DataType::String {
                min: None,
                max: Some(10),
            }
        },
        mutable: text != "custom:hireId",
        required: text == "email",
        developer_only: false,
    };
    let names = [
        "sub",
        "email",
        "email_verified",
        "phone_number_verified",
        "nickname",
        "custom:tier",
        "custom:hireId",
        "identities",
    ];
    Schema {
        attributes: names.map(attribute).to_vec(),
    }
}

fn client(writable: Option<&[&str]>) -> AppClient {
    AppClient {
        id: ClientId::new("1h57kf5cpq17m0eml12EXAMPLE"),
        name: Raw::from("web"),
        has_secret: false,
        flows: Vec::new(),
        writable: writable.map(|names| names.iter().map(|text| name(text)).collect()),
        readable: None,
    }
}

#[test]
fn an_administrator_may_set_what_the_schema_lets() {
    let schema = schema();
    let rules = Rules::admin(&schema);
    for free in [
        "email",
        "email_verified",
        "phone_number_verified",
        "nickname",
        "custom:tier",
    ] {
        assert_eq!(rules.lock(&name(free)), None, "{free}");
    }
    assert_eq!(rules.lock(&name("sub")), Some(Lock::Fixed));
    assert_eq!(rules.lock(&name("identities")), Some(Lock::Linked));
    assert_eq!(rules.lock(&name("custom:hireId")), Some(Lock::Immutable));
    assert_eq!(rules.lock(&name("custom:other")), Some(Lock::NotInSchema));
    // What an app client may write is no matter there.
    let client = client(Some(&[]));
    let rules = Rules {
        client: Some(&client),
        ..rules
    };
    assert_eq!(rules.lock(&name("nickname")), None);
}

#[test]
fn a_users_own_call_sets_no_verified_mark() {
    let schema = schema();
    let everything = client(Some(&["email", "email_verified", "phone_number_verified", "nickname"]));
    for client in [None, Some(&everything)] {
        let rules = Rules::own(&schema, client);
        for flag in ["email_verified", "phone_number_verified"] {
            assert_eq!(rules.lock(&name(flag)), Some(Lock::ByCode));
            for edit in [Edit::Set(AttributeValue::new("true")), Edit::Delete] {
                assert_eq!(rules.check(&name(flag), &edit), Err(Problem::Locked(Lock::ByCode)));
            }
        }
    }
}

#[test]
fn the_app_client_locks_what_it_may_not_write() {
    let schema = schema();
    let some = client(Some(&["nickname", "custom:hireId"]));
    let rules = Rules::own(&schema, Some(&some));
    assert_eq!(rules.lock(&name("nickname")), None);
    assert_eq!(rules.lock(&name("custom:tier")), Some(Lock::AppClient));
    assert_eq!(
        rules.lock(&name("email")),
        None,
        "a required attribute is always writable"
    );
    assert_eq!(
        rules.lock(&name("custom:hireId")),
        Some(Lock::Immutable),
        "the pool's own locks come first"
    );
    assert_eq!(rules.lock(&name("custom:other")), Some(Lock::NotInSchema));
    assert_eq!(
        rules.check(&name("custom:tier"), &Edit::Set(AttributeValue::new("gold"))),
        Err(Problem::Locked(Lock::AppClient))
    );
}

#[test]
fn what_is_not_known_of_an_app_client_locks_nothing() {
    let schema = schema();
    let default = client(None);
    for client in [None, Some(&default)] {
        let rules = Rules::own(&schema, client);
        assert_eq!(rules.lock(&name("nickname")), None);
        assert_eq!(rules.lock(&name("custom:tier")), None, "the service decides");
        assert_eq!(rules.lock(&name("sub")), Some(Lock::Fixed));
    }
}

#[test]
fn an_unlocked_value_still_has_to_fit_the_schema() {
    let schema = schema();
    let some = client(Some(&["nickname"]));
    for rules in [Rules::admin(&schema), Rules::own(&schema, Some(&some))] {
        let set = |text: &str| rules.check(&name("nickname"), &Edit::Set(AttributeValue::new(text)));
        assert_eq!(set("JD"), Ok(()));
        assert!(
            matches!(set("longer than ten"), Err(Problem::TooLong { .. })),
            "{:?}",
            set("longer than ten")
        );
    }
}

#[test]
fn an_app_client_has_no_place_for_its_secret() {
    let printed = format!("{:?}", client(Some(&["email"])));
    assert!(
        printed.contains("has_secret") && !printed.contains("1h57kf5cpq17m0eml12EXAMPLE"),
        "{printed}"
    );
}
