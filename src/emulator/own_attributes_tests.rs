//! What users change of themselves: every row of the verification matrix for both contacts in all three kinds of
//! pool, who may write what, and who else has the address.

use serde_json::{Value, json};

use super::super::testing::{Bench, POOL, update};
use super::super::{Attribute, Client, Kind, Medium, Occasion, PoolSeed, Seed, User};

const UPDATE: &str = "UpdateUserAttributes";
const DELETE: &str = "DeleteUserAttributes";

/// A contact, two of its values, and what is reported of a message to the new one.
#[derive(Clone, Copy)]
struct Contact {
    name: &'static str,
    flag: &'static str,
    old: &'static str,
    new: &'static str,
    medium: Medium,
    word: &'static str,
    masked: &'static str,
}

const CONTACTS: [Contact; 2] = [
    Contact {
        name: "email",
        flag: "email_verified",
        old: "jane@example.com",
        new: "doe.jane@example.org",
        medium: Medium::Email,
        word: "EMAIL",
        masked: "d***@e***",
    },
    Contact {
        name: "phone_number",
        flag: "phone_number_verified",
        old: "+15555550100",
        new: "+15555559934",
        medium: Medium::Sms,
        word: "SMS",
        masked: "+*******9934",
    },
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum PoolKind {
    A,
    B,
    C,
}

const KINDS: [PoolKind; 3] = [PoolKind::A, PoolKind::B, PoolKind::C];

fn plain() -> PoolSeed {
    PoolSeed::new(POOL, "pool").sms().client(Client::new("app").id("app"))
}

fn of_kind(kind: PoolKind, contacts: &[&str]) -> PoolSeed {
    match kind {
        PoolKind::A => plain(),
        PoolKind::B => plain().auto_verified(contacts),
        PoolKind::C => plain().verified_before_update(contacts),
    }
}

fn jane() -> User {
    User::new("jane")
        .password("Secret-1")
        .verified_email(CONTACTS[0].old)
        .verified_phone(CONTACTS[1].old)
}

/// A service with jane in the pool, and her access token.
fn signed_in(pool: PoolSeed, jane: User) -> (Bench, String) {
    let bench = Bench::with(pool.user(jane));
    let token = bench.access_token("app", "jane");
    bench.pass(1000);
    (bench, token)
}

fn own(token: &str, attributes: &[(&str, &str)]) -> Value {
    let list: Vec<Value> = attributes
        .iter()
        .map(|(name, value)| json!({"Name": name, "Value": value}))
        .collect();
    json!({"AccessToken": token, "UserAttributes": list})
}

fn delete(token: &str, names: &[&str]) -> Value {
    json!({"AccessToken": token, "UserAttributeNames": names})
}

/// What is stored and reported after one update of a fresh jane: value, flag, waiting value, reported deliveries.
fn after(kind: PoolKind, contact: Contact) -> (String, String, Option<String>, Value) {
    let (bench, token) = signed_in(of_kind(kind, &[contact.name]), jane());
    let answer = bench.ok(UPDATE, own(&token, &[(contact.name, contact.new)]));
    let jane = bench.user("jane");
    assert_eq!(jane.modified, bench.now());
    let outbox = bench.emulator.outbox();
    let told = answer["CodeDeliveryDetailsList"].as_array().unwrap();
    assert_eq!(outbox.len(), told.len(), "what went out is reported, and nothing else");
    for message in &outbox {
        assert_eq!(
            (message.medium, message.occasion, message.destination.as_str()),
            (contact.medium, Occasion::Verification, contact.new)
        );
        assert_eq!(message.code.as_ref().unwrap().len(), 6);
    }
    (
        jane.attribute(contact.name).unwrap().to_owned(),
        jane.attribute(contact.flag).unwrap().to_owned(),
        jane.pending.get(contact.name).map(|pending| pending.value.clone()),
        answer["CodeDeliveryDetailsList"].clone(),
    )
}

#[test]
fn a_new_contact_by_kind_of_pool() {
    for contact in CONTACTS {
        let reported = json!([{
            "Destination": contact.masked, "DeliveryMedium": contact.word, "AttributeName": contact.name,
        }]);
        let new = contact.new.to_owned();
        assert_eq!(
            after(PoolKind::A, contact),
            (new.clone(), "false".into(), None, json!([]))
        );
        assert_eq!(
            after(PoolKind::B, contact),
            (new.clone(), "false".into(), None, reported.clone())
        );
        assert_eq!(
            after(PoolKind::C, contact),
            (contact.old.to_owned(), "true".into(), Some(new), reported)
        );
    }
}

#[test]
fn both_contacts_at_once_are_reported_one_by_one() {
    let (bench, token) = signed_in(of_kind(PoolKind::C, &["email", "phone_number"]), jane());
    let asked = own(
        &token,
        &[
            ("phone_number", CONTACTS[1].new),
            ("name", "Jane"),
            ("email", CONTACTS[0].new),
        ],
    );
    let answer = bench.ok(UPDATE, asked);
    let told: Vec<&str> = answer["CodeDeliveryDetailsList"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["AttributeName"].as_str().unwrap())
        .collect();
    assert_eq!(told, ["email", "phone_number"]);
    assert_eq!(bench.value("jane", "name").as_deref(), Some("Jane"));
}

#[test]
fn a_contact_that_the_pool_does_not_verify_is_not_reported() {
    let (bench, token) = signed_in(of_kind(PoolKind::B, &["email"]), jane());
    let answer = bench.ok(
        UPDATE,
        own(&token, &[("phone_number", CONTACTS[1].new), ("name", "Jane")]),
    );
    assert_eq!(answer, json!({"CodeDeliveryDetailsList": []}));
    assert!(bench.emulator.outbox().is_empty());
}

#[test]
fn a_pool_with_links_sends_users_codes_for_their_own_changes() {
    let (bench, token) = signed_in(of_kind(PoolKind::B, &["email"]).link_verification(), jane());
    bench.ok(UPDATE, own(&token, &[("email", CONTACTS[0].new)]));
    bench.ok(
        "AdminUpdateUserAttributes",
        update("jane", &[("email", CONTACTS[0].old)]),
    );
    let links: Vec<bool> = bench.emulator.outbox().iter().map(|message| message.link).collect();
    assert_eq!(links, [false, true]);
}

#[test]
fn what_the_service_sets_itself_is_refused_and_nothing_changes() {
    for kind in KINDS {
        let (bench, token) = signed_in(of_kind(kind, &["email", "phone_number"]), jane());
        let before = bench.user("jane");
        for (name, value) in [
            ("email_verified", "true"),
            ("email_verified", "false"),
            ("phone_number_verified", "true"),
            ("sub", "x"),
            ("identities", "[]"),
        ] {
            let words = format!("Cannot modify the non-mutable attribute {name}");
            for beside in [("name", "Jane"), ("email", CONTACTS[0].new)] {
                assert_eq!(bench.invalid(UPDATE, own(&token, &[beside, (name, value)])), words);
            }
            assert_eq!(bench.invalid(DELETE, delete(&token, &["nickname", name])), words);
        }
        assert_eq!(bench.user("jane"), before);
        assert!(bench.emulator.outbox().is_empty());
    }
}

#[test]
fn the_schema_holds_for_users_as_for_administrators() {
    let pool = plain()
        .required("name")
        .immutable("birthdate")
        .attribute(Attribute::custom(
            "tier",
            Kind::String {
                min: Some(1),
                max: Some(3),
            },
        ));
    let (bench, token) = signed_in(pool, jane().with("name", "Jane").with("nickname", "J"));
    let before = bench.user("jane");
    for (name, value) in [
        ("custom:none", "x"),
        ("birthdate", "1990-01-01"),
        ("name", ""),
        ("custom:tier", "long"),
        ("email", "no address"),
        ("phone_number", "0123"),
        ("updated_at", "soon"),
    ] {
        let words = bench.invalid(UPDATE, own(&token, &[("nickname", "K"), (name, value)]));
        let admin = bench.invalid(
            "AdminUpdateUserAttributes",
            update("jane", &[("nickname", "K"), (name, value)]),
        );
        assert_eq!(words, admin, "{name}");
    }
    let absent = json!({"AccessToken": token, "UserAttributes": [{"Name": "nickname"}]});
    assert_eq!(
        bench.invalid(UPDATE, absent),
        "Attribute value for nickname must not be null"
    );
    assert_eq!(
        bench.invalid(DELETE, delete(&token, &["name"])),
        "user.name: Required attribute cannot be deleted."
    );
    assert_eq!(
        bench.invalid(DELETE, delete(&token, &["birthdate"])),
        "user.birthdate: Attribute cannot be updated."
    );
    assert_eq!(bench.user("jane"), before);
    // A blank value and a name to delete do the same.
    bench.ok(UPDATE, own(&token, &[("nickname", "")]));
    assert_eq!(bench.value("jane", "nickname"), None);
    assert_eq!(bench.ok(DELETE, delete(&token, &["email"])), json!({}));
    let jane = bench.user("jane");
    assert_eq!(
        (jane.attribute("email"), jane.attribute("email_verified")),
        (None, None)
    );
}

#[test]
fn a_user_who_lacks_a_required_attribute_has_to_give_it() {
    let (bench, token) = signed_in(plain().required("name"), jane());
    assert_eq!(
        bench.invalid(UPDATE, own(&token, &[("nickname", "J")])),
        "Attributes did not conform to the schema: name: The attribute is required\n"
    );
    bench.ok(UPDATE, own(&token, &[("nickname", "J"), ("name", "Jane")]));
}

#[test]
fn a_client_writes_what_it_may() {
    let pool = plain()
        .client(Client::new("narrow").id("narrow").writes(&["nickname"]))
        .required("name")
        .attribute(Attribute::developer("risk", Kind::TEXT));
    let seeded = jane()
        .with("name", "Jane")
        .with("website", "x")
        .with("dev:custom:risk", "low");
    let bench = Bench::with(pool.user(seeded));
    let narrow = bench.access_token("narrow", "jane");
    let refused = (
        "NotAuthorizedException".to_owned(),
        "A client attempted to write unauthorized attribute".to_owned(),
    );
    for name in ["email", "website"] {
        assert_eq!(
            bench.refused(UPDATE, own(&narrow, &[("nickname", "J"), (name, "a@example.com")])),
            refused
        );
        assert_eq!(bench.refused(DELETE, delete(&narrow, &[name])), refused);
    }
    assert_eq!(bench.value("jane", "nickname"), None);
    // Required attributes are always writable.
    bench.ok(UPDATE, own(&narrow, &[("nickname", "J"), ("name", "Jane Doe")]));
    // A client without a list writes everything but what is for developers.
    let wide = bench.access_token("app", "jane");
    bench.ok(UPDATE, own(&wide, &[("website", "y")]));
    assert_eq!(
        bench.refused(UPDATE, own(&wide, &[("dev:custom:risk", "none")])),
        refused
    );
    assert_eq!(bench.refused(DELETE, delete(&wide, &["dev:custom:risk"])), refused);
}

#[test]
fn an_alias_of_somebody_else_is_not_taken() {
    for kind in KINDS {
        for contact in CONTACTS {
            let words = format!("An account with the given {} already exists.", contact.name);
            let refused = ("AliasExistsException".to_owned(), words);
            let owner = |flag: &str| {
                User::new("owner")
                    .with(contact.name, contact.new)
                    .with(contact.flag, flag)
            };
            let pool = || of_kind(kind, &[contact.name]);
            let ask = |token: &str| own(token, &[(contact.name, contact.new)]);

            let (bench, token) = signed_in(pool().aliases(&[contact.name]).user(owner("true")), jane());
            assert_eq!(bench.refused(UPDATE, ask(&token)), refused, "{kind:?}");
            assert_eq!(bench.value("owner", contact.flag).as_deref(), Some("true"));
            assert!(bench.emulator.outbox().is_empty());

            // Who has not verified it does not own it; where it is no alias nobody does.
            let (bench, token) = signed_in(pool().aliases(&[contact.name]).user(owner("false")), jane());
            bench.ok(UPDATE, ask(&token));
            let (bench, token) = signed_in(pool().user(owner("true")), jane());
            bench.ok(UPDATE, ask(&token));

            // A sign-in name belongs to whoever has it, verified or not.
            let named = jane();
            let (bench, token) = signed_in(pool().sign_in_by(&[contact.name]).user(owner("false")), named);
            assert_eq!(bench.refused(UPDATE, ask(&token)), refused);
        }
    }
}

#[test]
fn what_an_administrator_may_still_do_beside_it() {
    let (bench, token) = signed_in(of_kind(PoolKind::C, &["email"]), jane());
    bench.ok(UPDATE, own(&token, &[("email", CONTACTS[0].new)]));
    bench.ok(
        "AdminUpdateUserAttributes",
        update("jane", &[("email", "other@example.com"), ("email_verified", "true")]),
    );
    let jane = bench.user("jane");
    assert_eq!(jane.attribute("email"), Some("other@example.com"));
    assert!(jane.pending.is_empty());
}

#[test]
fn without_a_good_token_nothing_happens() {
    let (bench, token) = signed_in(of_kind(PoolKind::B, &["email"]), jane());
    let before = bench.user("jane");
    bench.ok(
        "AdminUserGlobalSignOut",
        json!({"UserPoolId": POOL, "Username": "jane"}),
    );
    let named = |operation: &str, more: Value| {
        let mut body = json!({"AccessToken": token});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        bench.refused(operation, body)
    };
    for (operation, more) in [
        (UPDATE, json!({"UserAttributes": [{"Name": "name", "Value": "x"}]})),
        (DELETE, json!({"UserAttributeNames": ["email"]})),
        ("GetUserAttributeVerificationCode", json!({"AttributeName": "email"})),
        (
            "VerifyUserAttribute",
            json!({"AttributeName": "email", "Code": "000000"}),
        ),
    ] {
        let (code, message) = named(operation, more);
        assert_eq!(
            (code.as_str(), message.as_str()),
            ("NotAuthorizedException", "Access Token has been revoked"),
            "{operation}"
        );
    }
    assert_eq!(bench.user("jane"), before);
}

#[test]
fn a_token_works_in_its_own_pool_only() {
    let other = "us-east-1_Test00002";
    let seed = Seed::empty()
        .pool(plain().user(jane()))
        .pool(PoolSeed::new(other, "other").user(jane()));
    let bench = Bench::new(seed);
    let token = bench.access_token("app", "jane");
    bench.ok(UPDATE, own(&token, &[("name", "Jane")]));
    let elsewhere = bench.emulator.user(other, "jane").unwrap();
    assert_eq!(elsewhere.attribute("name"), None);
}
