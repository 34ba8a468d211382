//! The admin operations on one user, over the wire.

use serde_json::{Value, json};

use super::super::testing::{Bench, POOL, update};
use super::super::{Attribute, Kind, Medium, Occasion, PoolSeed, User};

fn named(user: &str) -> Value {
    json!({"UserPoolId": POOL, "Username": user})
}

fn pool() -> PoolSeed {
    PoolSeed::new(POOL, "pool")
}

#[test]
fn a_user_is_found_by_username_sub_and_verified_alias() {
    let seed = pool().aliases(&["email", "phone_number", "preferred_username"]).user(
        User::new("Jane")
            .with("preferred_username", "jj")
            .verified_email("jane@example.com")
            .with("phone_number", "+15555550100")
            .with("phone_number_verified", "false"),
    );
    let bench = Bench::with(seed);
    let sub = bench.user("Jane").sub().to_owned();
    for name in ["Jane", &sub, "jane@example.com", "jj"] {
        assert_eq!(bench.ok("AdminGetUser", named(name))["Username"], "Jane", "{name}");
    }
    // Unverified, or in another case of a case-sensitive pool.
    for name in ["+15555550100", "jane", "JANE@example.com", "JJ"] {
        let (code, message) = bench.refused("AdminGetUser", named(name));
        assert_eq!(
            (code.as_str(), message.as_str()),
            ("UserNotFoundException", "User does not exist."),
            "{name}"
        );
    }
}

#[test]
fn the_sub_of_a_federated_user_is_not_a_name() {
    let bench = Bench::with(pool().user(User::new("Okta_00u1").status("EXTERNAL_PROVIDER")));
    let found = bench.ok("AdminGetUser", named("Okta_00u1"));
    let sub = found["UserAttributes"][0]["Value"].as_str().unwrap();
    assert_eq!(bench.refused("AdminGetUser", named(sub)).0, "UserNotFoundException");
}

#[test]
fn a_plain_pool_has_no_aliases() {
    let bench = Bench::with(pool().user(User::new("jane").verified_email("jane@example.com")));
    bench.refused("AdminGetUser", named("jane@example.com"));
}

#[test]
fn a_case_insensitive_pool_folds_username_and_email_but_not_sub() {
    let user = User::new("Jane")
        .with("sub", "ABCDEF00-0000-4000-8000-000000000000")
        .verified_email("Jane@Example.com");
    let bench = Bench::with(pool().case_insensitive().aliases(&["email"]).user(user));
    for name in ["JANE", "jane", "jane@example.COM"] {
        assert_eq!(bench.ok("AdminGetUser", named(name))["Username"], "Jane", "{name}");
    }
    bench.refused("AdminGetUser", named("abcdef00-0000-4000-8000-000000000000"));
}

#[test]
fn a_sign_in_address_finds_its_user_verified_or_not() {
    let user = User::new("")
        .with("email", "a@example.com")
        .with("email_verified", "false");
    let bench = Bench::with(pool().sign_in_by(&["email"]).user(user));
    let found = bench.ok("AdminGetUser", named("a@example.com"));
    assert_eq!(found["Username"], bench.user("a@example.com").sub());
}

#[test]
fn detail_has_second_factors_and_never_a_waiting_value() {
    let seed = pool().verified_before_update(&["email"]).user(
        User::new("jane")
            .verified_email("old@example.com")
            .mfa(&["SMS_MFA", "SOFTWARE_TOKEN_MFA"]),
    );
    let bench = Bench::with(seed);
    bench.ok(
        "AdminUpdateUserAttributes",
        update("jane", &[("email", "new@example.com")]),
    );
    let detail = bench.ok("AdminGetUser", named("jane"));
    assert_eq!(detail["UserMFASettingList"], json!(["SMS_MFA", "SOFTWARE_TOKEN_MFA"]));
    assert_eq!(detail["PreferredMfaSetting"], "SMS_MFA");
    assert_eq!(detail["MFAOptions"][0]["AttributeName"], "phone_number");
    assert!(!detail.to_string().contains("new@example.com"));
    assert_eq!(bench.user("jane").pending["email"].value, "new@example.com");
}

#[test]
fn a_name_beyond_the_pattern_is_refused_unless_such_a_user_exists() {
    let bench = Bench::with(pool().user(User::new("adm\u{200b}in")));
    assert_eq!(
        bench.ok("AdminGetUser", named("adm\u{200b}in"))["Username"],
        "adm\u{200b}in"
    );
    let words = "1 validation error detected: Value at 'username' failed to satisfy constraint: Member must satisfy \
                 regular expression pattern: [\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}]+";
    assert_eq!(bench.invalid("AdminGetUser", named("no body")), words);
    let create = json!({"UserPoolId": POOL, "Username": "new\u{1b}[2J"});
    assert_eq!(bench.invalid("AdminCreateUser", create), words);
}

#[test]
fn creating_keeps_what_is_given_and_asks_for_a_new_password() {
    let seed = pool()
        .required("name")
        .attribute(Attribute::custom("hireId", Kind::TEXT).immutable());
    let bench = Bench::with(seed);
    let body = json!({"UserPoolId": POOL, "Username": "jane", "MessageAction": "SUPPRESS", "TemporaryPassword": "Secret-123",
        "UserAttributes": [{"Name": "custom:hireId", "Value": "1"}, {"Name": "email", "Value": "j@example.com"},
            {"Name": "email_verified", "Value": "True"}]});
    let made = bench.ok("AdminCreateUser", body.clone());
    assert_eq!(made["User"]["UserStatus"], "FORCE_CHANGE_PASSWORD");
    assert_eq!(made["User"]["Enabled"], true);
    let jane = bench.user("jane");
    assert_eq!(jane.attribute("custom:hireId"), Some("1"));
    assert_eq!(jane.attribute("email_verified"), Some("true"));
    assert_eq!((jane.created, jane.sub().len()), (bench.now(), 36));
    assert!(bench.emulator.outbox().is_empty(), "SUPPRESS sends nothing");
    let (code, message) = bench.refused("AdminCreateUser", body);
    assert_eq!(
        (code.as_str(), message.as_str()),
        ("UsernameExistsException", "User account already exists")
    );
}

#[test]
fn creating_refuses_what_the_schema_refuses() {
    let bench = Bench::with(pool());
    let create = |name: &str, value: Value| {
        let mut pair = json!({"Name": name});
        if !value.is_null() {
            pair["Value"] = value;
        }
        bench.invalid(
            "AdminCreateUser",
            json!({"UserPoolId": POOL, "Username": "x", "UserAttributes": [pair]}),
        )
    };
    assert_eq!(
        create("custom:none", json!("x")),
        "Attributes did not conform to the schema: Type for attribute {custom:none} could not be determined\n"
    );
    assert_eq!(
        create("birthdate", json!("1.1.90")),
        "Attributes did not conform to the schema: birthdate: String must be no shorter than 10 characters\n"
    );
    assert_eq!(create("sub", json!("x")), "Cannot modify the non-mutable attribute sub");
    assert_eq!(create("phone_number", json!("555")), "Invalid phone number format.");
    assert_eq!(
        create("email", Value::Null),
        "Attribute value for email must not be null"
    );
    assert_eq!(
        create("email_verified", json!("true")),
        "Email is required to verify/un-verify an email"
    );
    assert!(bench.emulator.user(POOL, "x").is_none());
}

#[test]
fn an_invitation_goes_by_sms_unless_told_otherwise() {
    let contacts =
        json!([{"Name": "email", "Value": "j@example.com"}, {"Name": "phone_number", "Value": "+15555550100"}]);
    for (mediums, expected) in [
        (Value::Null, vec![Medium::Sms]),
        (json!(["EMAIL"]), vec![Medium::Email]),
        (json!(["EMAIL", "SMS"]), vec![Medium::Email, Medium::Sms]),
    ] {
        let bench = Bench::with(pool());
        let mut body = json!({"UserPoolId": POOL, "Username": "jane", "UserAttributes": contacts});
        if !mediums.is_null() {
            body["DesiredDeliveryMediums"] = mediums;
        }
        bench.ok("AdminCreateUser", body);
        let outbox = bench.emulator.outbox();
        assert!(outbox.iter().all(|message| message.occasion == Occasion::Invitation));
        assert_eq!(
            outbox.iter().map(|message| message.medium).collect::<Vec<_>>(),
            expected
        );
    }
}

#[test]
fn resend_invites_again_and_changes_nothing_else() {
    let seed = pool()
        .user(
            User::new("new")
                .verified_phone("+15555550100")
                .status("FORCE_CHANGE_PASSWORD"),
        )
        .user(User::new("old"));
    let bench = Bench::with(seed);
    let resend = |user: &str| json!({"UserPoolId": POOL, "Username": user, "MessageAction": "RESEND"});
    let before = bench.user("new");
    bench.pass(1000);
    let answer = bench.ok("AdminCreateUser", resend("new"));
    assert_eq!(answer["User"]["Username"], "new");
    let after = bench.user("new");
    assert_eq!((&after.attributes, after.modified), (&before.attributes, bench.now()));
    assert_eq!(bench.emulator.outbox().len(), 1);
    assert_eq!(
        bench.refused("AdminCreateUser", resend("old")).0,
        "UnsupportedUserStateException"
    );
    assert_eq!(
        bench.refused("AdminCreateUser", resend("none")).0,
        "UserNotFoundException"
    );
}

#[test]
fn a_pool_that_signs_in_by_email_makes_the_sub_the_username() {
    let bench = Bench::with(pool().sign_in_by(&["email"]));
    let create = |name: &str| json!({"UserPoolId": POOL, "Username": name});
    let made = bench.ok("AdminCreateUser", create("a@example.com"));
    let user = bench.user("a@example.com");
    assert_eq!(made["User"]["Username"], user.sub());
    assert_eq!(user.attribute("email"), Some("a@example.com"));
    assert_eq!(
        bench.invalid("AdminCreateUser", create("jane")),
        "Username should be an email."
    );
    assert_eq!(
        bench.refused("AdminCreateUser", create("a@example.com")).0,
        "UsernameExistsException"
    );
}

#[test]
fn a_username_may_not_look_like_an_alias() {
    let bench = Bench::with(pool().aliases(&["email", "phone_number"]));
    let create = |name: &str| bench.invalid("AdminCreateUser", json!({"UserPoolId": POOL, "Username": name}));
    assert!(create("a@example.com").starts_with("Username cannot be of email format"));
    assert!(create("+15555550100").starts_with("Username cannot be of phone number format"));
}

#[test]
fn creating_with_a_verified_alias_needs_force_to_take_it() {
    let seed = pool()
        .aliases(&["email"])
        .user(User::new("owner").verified_email("a@example.com"));
    let bench = Bench::with(seed);
    let mut body = json!({"UserPoolId": POOL, "Username": "new", "UserAttributes": [
        {"Name": "email", "Value": "a@example.com"}, {"Name": "email_verified", "Value": "true"}]});
    assert_eq!(bench.refused("AdminCreateUser", body.clone()).0, "AliasExistsException");
    assert_eq!(bench.value("owner", "email_verified").as_deref(), Some("true"));
    body["ForceAliasCreation"] = json!(true);
    bench.ok("AdminCreateUser", body);
    assert_eq!(bench.value("owner", "email_verified").as_deref(), Some("false"));
    assert_eq!(bench.user("a@example.com").username, "new");
}

#[test]
fn setting_a_password_sets_the_status_and_keeps_no_password() {
    let bench = Bench::with(pool().user(User::new("jane").status("UNCONFIRMED")));
    let set = |password: &str, permanent: bool| json!({"UserPoolId": POOL, "Username": "jane", "Password": password, "Permanent": permanent});
    bench.ok("AdminSetUserPassword", set("Secret-123", true));
    assert_eq!(bench.user("jane").status, "CONFIRMED");
    bench.ok("AdminSetUserPassword", set("Secret-123", false));
    assert_eq!(bench.user("jane").status, "FORCE_CHANGE_PASSWORD");
    assert!(bench.emulator.outbox().is_empty());
    for (password, words) in [
        ("Ab1-", "not long enough"),
        ("secret-123", "uppercase"),
        ("SECRET-123", "lowercase"),
        ("Secret-abc", "numeric"),
        ("Secret1234", "symbol"),
    ] {
        let (code, message) = bench.refused("AdminSetUserPassword", set(password, true));
        assert_eq!(code, "InvalidPasswordException");
        assert!(message.contains(words), "{message}");
        assert!(!message.contains(password));
    }
}

#[test]
fn enabling_disabling_and_deleting() {
    let bench = Bench::with(pool().user(User::new("jane")));
    bench.pass(1000);
    for (operation, enabled) in [
        ("AdminDisableUser", false),
        ("AdminDisableUser", false),
        ("AdminEnableUser", true),
        ("AdminEnableUser", true),
    ] {
        assert_eq!(bench.ok(operation, named("jane")), json!({}));
        assert_eq!(bench.user("jane").enabled, enabled);
    }
    assert_eq!(bench.user("jane").modified, bench.now());
    bench.ok("AdminDeleteUser", named("jane"));
    for operation in [
        "AdminDeleteUser",
        "AdminEnableUser",
        "AdminGetUser",
        "AdminListGroupsForUser",
    ] {
        assert_eq!(bench.refused(operation, named("jane")).0, "UserNotFoundException");
    }
}

#[test]
fn groups_of_a_user_and_of_the_pool_are_paged() {
    let bench = Bench::with(pool().user(User::new("jane")));
    for number in 0..71 {
        let name = format!("g{number:02}");
        let made = bench.ok(
            "CreateGroup",
            json!({"UserPoolId": POOL, "GroupName": name, "Precedence": number}),
        );
        assert_eq!(made["Group"]["Precedence"], number);
        if number % 2 == 0 {
            bench.ok(
                "AdminAddUserToGroup",
                json!({"UserPoolId": POOL, "Username": "jane", "GroupName": name}),
            );
        }
    }
    let page = bench.ok("ListGroups", json!({"UserPoolId": POOL}));
    assert_eq!(page["Groups"].as_array().unwrap().len(), 60);
    let rest = bench.ok(
        "ListGroups",
        json!({"UserPoolId": POOL, "NextToken": page["NextToken"]}),
    );
    assert_eq!(rest["Groups"].as_array().unwrap().len(), 11);
    assert!(rest.get("NextToken").is_none());
    let mut body = named("jane");
    body["Limit"] = json!(30);
    let page = bench.ok("AdminListGroupsForUser", body.clone());
    assert_eq!(page["Groups"].as_array().unwrap().len(), 30);
    body["NextToken"] = page["NextToken"].clone();
    assert_eq!(
        bench.ok("AdminListGroupsForUser", body)["Groups"]
            .as_array()
            .unwrap()
            .len(),
        6
    );
    let again = json!({"UserPoolId": POOL, "GroupName": "g00"});
    assert_eq!(bench.refused("CreateGroup", again).0, "GroupExistsException");
    let nowhere = json!({"UserPoolId": POOL, "Username": "jane", "GroupName": "none"});
    assert_eq!(
        bench.refused("AdminAddUserToGroup", nowhere).0,
        "ResourceNotFoundException"
    );
}

#[test]
fn the_members_of_a_group_come_in_pages_with_everything_that_is_listed_of_them() {
    let users = (0..70).map(|number| User::new(&format!("user{number:02}")).groups(&["readers"]));
    let bench = Bench::with(pool().user(User::new("alone")).users(users).group("other", "", None));
    let body = json!({"UserPoolId": POOL, "GroupName": "readers"});
    let page = bench.ok("ListUsersInGroup", body.clone());
    assert_eq!(page["Users"].as_array().unwrap().len(), 60);
    let listed = bench.ok(
        "ListUsers",
        json!({"UserPoolId": POOL, "Filter": "username = \"user00\""}),
    );
    assert_eq!(page["Users"][0], listed["Users"][0]);
    let mut rest = body;
    rest["NextToken"] = page["NextToken"].clone();
    let page = bench.ok("ListUsersInGroup", rest.clone());
    assert_eq!(page["Users"].as_array().unwrap().len(), 10);
    assert!(page.get("NextToken").is_none());
    rest["GroupName"] = json!("other");
    assert_eq!(bench.refused("ListUsersInGroup", rest).0, "InvalidParameterException");
    let nowhere = json!({"UserPoolId": POOL, "GroupName": "none"});
    assert_eq!(
        bench.refused("ListUsersInGroup", nowhere).0,
        "ResourceNotFoundException"
    );
}

#[test]
fn a_change_behind_the_services_back_has_no_rules_and_no_date() {
    let bench = Bench::with(pool().user(User::new("jane")));
    let before = bench.user("jane").modified;
    assert!(bench.emulator.change_user(POOL, "jane", |user| {
        user.attributes.insert("email".into(), "not an address".into());
    }));
    assert_eq!(bench.user("jane").attribute("email"), Some("not an address"));
    assert_eq!(bench.user("jane").modified, before);
    assert!(bench.emulator.add_user(POOL, User::new("late")));
    assert!(bench.emulator.remove_user(POOL, "jane"));
    assert!(!bench.emulator.change_user(POOL, "jane", |_| ()));
    assert!(!bench.emulator.remove_user("us-east-1_none", "late"));
}
