//! What one user alone shows.

use super::*;
use crate::domain::UserStatus;

#[test]
fn what_cannot_be_seen_is_named_with_its_place() {
    let users = [
        user("adm\u{200b}in", &[("name", "Anna ")]),
        user("plain", &[("name", "Anna Lund")]),
    ];
    assert_eq!(
        found(&users, Check::HiddenCharacters),
        [
            "adm\u{200b}in username: U+200B, character 4",
            "adm\u{200b}in name: a space at an end, character 5"
        ]
    );
}

#[test]
fn only_confirmed_users_need_a_contact() {
    let invited = User {
        status: UserStatus::ForceChangePassword,
        ..user("b", &[])
    };
    let users = [
        user("a", &[("email", "")]),
        invited,
        user("c", &[("phone_number", "+15555550100")]),
        user("d", &[("email", "d@example.com")]),
    ];
    assert_eq!(
        found(&users, Check::NoContact),
        ["a status: no e-mail address and no phone number"]
    );
}

#[test]
fn required_and_chosen_attributes_are_missed() {
    let users = [
        user("a", &[("sub", "1"), ("name", "A")]),
        user("b", &[("sub", "2"), ("custom:tier", "gold")]),
    ];
    assert_eq!(
        found(&users, Check::MissingAttribute),
        ["b name: not set, and the pool requires it"]
    );
    let chosen = Options {
        attributes: vec![AttributeName::new("custom:tier")],
        ..Options::default()
    };
    assert_eq!(
        said(&report(&users, &chosen), Check::MissingAttribute),
        ["a custom:tier: not set", "b name: not set, and the pool requires it"]
    );
}

#[test]
fn values_that_the_schema_would_not_take_are_found() {
    let users = [
        user("a", &[("custom:tier", "platinum"), ("email_verified", "TRUE")]),
        user("b", &[("custom:gone", "x"), ("identities", "[]")]),
        user("c", &[("custom:tier", "gold"), ("email", "c@example.com")]),
        user("d", &[("email", "no address")]),
    ];
    assert_eq!(
        found(&users, Check::OutsideSchema),
        [
            "a custom:tier: at most 6 characters in this pool; this has 8",
            "b custom:gone: locked: not in this pool's schema",
            "d email: U+0020 does not belong in an e-mail address",
        ]
    );
}

#[test]
fn without_the_pools_settings_what_rests_on_them_is_left_out_and_said_so() {
    let ground = Ground {
        rows: rows(&[user("a", &[("custom:tier", "platinum")])]),
        pool: None,
        export: None,
        now: now(),
    };
    let report = lint(&ground, &Options::default(), &|| false).unwrap();
    assert_eq!(
        report.left_out().collect::<Vec<_>>(),
        [(Check::OutsideSchema, Lack::Settings)]
    );
    assert!(report.of(Check::MissingAttribute).is_some_and(Findings::is_empty));
}

#[test]
fn numbers_that_are_not_e164_are_found() {
    let phone = |name: &str, number: &str| user(name, &[("phone_number", number)]);
    let users = [phone("a", "555 0100"), phone("b", "+15555550100"), phone("c", "+015")];
    assert_eq!(
        found(&users, Check::NotE164),
        [
            "a phone_number: a phone number begins with + and the country code: +15555550100",
            "c phone_number: no country code begins with 0"
        ]
    );
    assert!(found(&users, Check::OutsideSchema).is_empty(), "said once");
}

#[test]
fn a_contact_without_its_flag_is_not_verified() {
    let users = [
        user("a", &[("email", "a@example.com"), ("email_verified", "false")]),
        user("b", &[("phone_number", "+15555550100")]),
        user("c", &[("email", "c@example.com"), ("email_verified", "true")]),
        user("d", &[("email_verified", "false")]),
    ];
    assert_eq!(
        found(&users, Check::UnverifiedContact),
        ["a email: not verified", "b phone_number: not verified"]
    );
}

#[test]
fn an_invitation_runs_out_after_the_days_that_the_pool_says() {
    let invited = |name: &str, days: i64| User {
        status: UserStatus::ForceChangePassword,
        changed: Some(ago(days)),
        ..user(name, &[])
    };
    let users = [invited("old", 8), invited("new", 6), user("confirmed", &[])];
    assert_eq!(
        found(&users, Check::StaleInvitation),
        ["old status: invited or changed last 2026-11-10, and temporary passwords are good for 7 days"]
    );
    let with = |days: Option<u16>| {
        let ground = Ground {
            rows: rows(&users),
            pool: Some(Arc::new(pool(days))),
            export: None,
            now: now(),
        };
        said(
            &lint(&ground, &Options::default(), &|| false).unwrap(),
            Check::StaleInvitation,
        )
    };
    assert_eq!(with(Some(30)), Vec::<String>::new());
    assert_eq!(with(Some(1)).len(), 2);
    assert!(with(None)[0].ends_with("7 days, as is usual"));
}

#[test]
fn a_disabled_user_who_changed_in_the_chosen_days_is_found() {
    let disabled = |name: &str, days: i64| User {
        enabled: false,
        changed: Some(ago(days)),
        ..user(name, &[])
    };
    let enabled = User {
        changed: Some(ago(1)),
        ..user("enabled", &[])
    };
    let users = [disabled("late", 29), disabled("early", 31), enabled];
    assert_eq!(
        found(&users, Check::DisabledRecently),
        ["late enabled: disabled; changed 2026-10-20"]
    );
    let options = Options {
        recent_days: 90,
        ..Options::default()
    };
    assert_eq!(said(&report(&users, &options), Check::DisabledRecently).len(), 2);
}
