//! Every row of the verification matrix for both contacts in all three kinds of pool, and who owns an alias after a
//! change. The tests speak HTTP to the service, so that they also cover what lies between.

use serde_json::json;

use super::super::testing::{Bench, POOL, update};
use super::super::{Medium, Occasion, PoolSeed, User};

const UPDATE: &str = "AdminUpdateUserAttributes";

/// A contact and two of its values.
#[derive(Clone, Copy)]
struct Contact {
    name: &'static str,
    flag: &'static str,
    old: &'static str,
    new: &'static str,
    medium: Medium,
}

const CONTACTS: [Contact; 2] = [
    Contact {
        name: "email",
        flag: "email_verified",
        old: "jane@example.com",
        new: "jane.doe@example.com",
        medium: Medium::Email,
    },
    Contact {
        name: "phone_number",
        flag: "phone_number_verified",
        old: "+15555550100",
        new: "+15555550199",
        medium: Medium::Sms,
    },
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum PoolKind {
    A,
    B,
    C,
}

const KINDS: [PoolKind; 3] = [PoolKind::A, PoolKind::B, PoolKind::C];

fn pool(kind: PoolKind, contact: Contact) -> PoolSeed {
    let pool = PoolSeed::new(POOL, "pool").sms();
    match kind {
        PoolKind::A => pool,
        PoolKind::B => pool.auto_verified(&[contact.name]),
        PoolKind::C => pool.verified_before_update(&[contact.name]),
    }
}

fn jane() -> User {
    User::new("jane")
        .verified_email(CONTACTS[0].old)
        .verified_phone(CONTACTS[1].old)
}

/// What is stored after one update of a fresh jane: value, flag, waiting value; and the messages.
fn after(
    kind: PoolKind,
    contact: Contact,
    attributes: &[(&str, &str)],
) -> (Option<String>, Option<String>, Option<String>, usize) {
    let bench = Bench::with(pool(kind, contact).user(jane()));
    bench.pass(1000);
    assert_eq!(
        bench.ok(UPDATE, update("jane", attributes)),
        json!({}),
        "the response tells nothing"
    );
    let jane = bench.user("jane");
    assert_eq!(jane.modified, bench.now());
    let outbox = bench.emulator.outbox();
    for message in &outbox {
        assert_eq!(
            (message.medium, message.occasion),
            (contact.medium, Occasion::Verification)
        );
        assert_eq!(
            (message.attribute.as_str(), message.user.as_str()),
            (contact.name, "jane")
        );
        assert_eq!(message.destination, contact.new);
        assert_eq!(message.code.as_ref().unwrap().len(), 6);
        assert_eq!(message.at, bench.now());
    }
    (
        jane.attribute(contact.name).map(str::to_owned),
        jane.attribute(contact.flag).map(str::to_owned),
        jane.pending.get(contact.name).map(|pending| pending.value.clone()),
        outbox.len(),
    )
}

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

#[test]
fn a_new_value_alone() {
    for contact in CONTACTS {
        let asked = [(contact.name, contact.new)];
        assert_eq!(
            after(PoolKind::A, contact, &asked),
            (some(contact.new), some("false"), None, 0)
        );
        assert_eq!(
            after(PoolKind::B, contact, &asked),
            (some(contact.new), some("false"), None, 1)
        );
        assert_eq!(
            after(PoolKind::C, contact, &asked),
            (some(contact.old), some("true"), some(contact.new), 1)
        );
    }
}

#[test]
fn a_new_value_vouched_for() {
    for contact in CONTACTS {
        for kind in KINDS {
            let found = after(kind, contact, &[(contact.name, contact.new), (contact.flag, "true")]);
            assert_eq!(
                found,
                (some(contact.new), some("true"), None, 0),
                "{kind:?} {}",
                contact.name
            );
            // The order in the request does not matter.
            let found = after(kind, contact, &[(contact.flag, "true"), (contact.name, contact.new)]);
            assert_eq!(
                found,
                (some(contact.new), some("true"), None, 0),
                "{kind:?} {}",
                contact.name
            );
        }
    }
}

#[test]
fn a_new_value_marked_unverified() {
    for contact in CONTACTS {
        let asked = [(contact.name, contact.new), (contact.flag, "false")];
        assert_eq!(
            after(PoolKind::A, contact, &asked),
            (some(contact.new), some("false"), None, 0)
        );
        assert_eq!(
            after(PoolKind::B, contact, &asked),
            (some(contact.new), some("false"), None, 1)
        );
        assert_eq!(
            after(PoolKind::C, contact, &asked),
            (some(contact.old), some("true"), some(contact.new), 1)
        );
    }
}

#[test]
fn the_flag_alone() {
    for contact in CONTACTS {
        for kind in KINDS {
            for flag in ["true", "false"] {
                let found = after(kind, contact, &[(contact.flag, flag)]);
                assert_eq!(
                    found,
                    (some(contact.old), some(flag), None, 0),
                    "{kind:?} {}",
                    contact.name
                );
            }
        }
    }
}

#[test]
fn the_flag_alone_does_not_promote_a_waiting_value() {
    for contact in CONTACTS {
        let bench = Bench::with(pool(PoolKind::C, contact).user(jane()));
        bench.ok(UPDATE, update("jane", &[(contact.name, contact.new)]));
        bench.ok(UPDATE, update("jane", &[(contact.flag, "true")]));
        let jane = bench.user("jane");
        assert_eq!(jane.attribute(contact.name), Some(contact.old));
        assert_eq!(jane.pending[contact.name].value, contact.new);
    }
}

#[test]
fn a_later_value_replaces_a_waiting_one() {
    for contact in CONTACTS {
        let bench = Bench::with(pool(PoolKind::C, contact).user(jane()));
        bench.ok(UPDATE, update("jane", &[(contact.name, contact.new)]));
        bench.ok(
            UPDATE,
            update("jane", &[(contact.name, contact.old), (contact.flag, "true")]),
        );
        let jane = bench.user("jane");
        assert_eq!(jane.attribute(contact.name), Some(contact.old));
        assert!(jane.pending.is_empty());
    }
}

#[test]
fn a_flag_without_its_value_is_refused() {
    let words = [
        "Email is required to verify/un-verify an email",
        "Phone Number is required to verify/un-verify a phone number",
    ];
    for (contact, words) in CONTACTS.into_iter().zip(words) {
        for kind in KINDS {
            let bench = Bench::with(pool(kind, contact).user(User::new("bare")).user(jane()));
            for flag in ["true", "false"] {
                assert_eq!(bench.invalid(UPDATE, update("bare", &[(contact.flag, flag)])), words);
            }
            let both = update("jane", &[(contact.name, ""), (contact.flag, "true")]);
            assert_eq!(bench.invalid(UPDATE, both), words);
            assert_eq!(bench.user("jane").attribute(contact.name), Some(contact.old));
        }
    }
}

#[test]
fn a_blank_value_deletes_value_flag_and_waiting_value() {
    for contact in CONTACTS {
        for kind in KINDS {
            assert_eq!(after(kind, contact, &[(contact.name, "")]), (None, None, None, 0));
        }
        let bench = Bench::with(pool(PoolKind::C, contact).user(jane()));
        bench.ok(UPDATE, update("jane", &[(contact.name, contact.new)]));
        bench.ok(UPDATE, update("jane", &[(contact.name, "")]));
        assert!(bench.user("jane").pending.is_empty());
    }
}

#[test]
fn an_equal_value_is_a_change_like_any_other() {
    for contact in CONTACTS {
        let expect = [
            (PoolKind::A, (some(contact.old), some("false"), None, 0)),
            (PoolKind::B, (some(contact.old), some("false"), None, 1)),
            (PoolKind::C, (some(contact.old), some("true"), some(contact.old), 1)),
        ];
        for (kind, (value, flag, waiting, messages)) in expect {
            let bench = Bench::with(pool(kind, contact).user(jane()));
            bench.ok(UPDATE, update("jane", &[(contact.name, contact.old)]));
            let jane = bench.user("jane");
            assert_eq!(jane.attribute(contact.name).map(str::to_owned), value);
            assert_eq!(jane.attribute(contact.flag).map(str::to_owned), flag);
            assert_eq!(jane.pending.get(contact.name).map(|p| p.value.clone()), waiting);
            assert_eq!(bench.emulator.outbox().len(), messages);
        }
    }
}

#[test]
fn a_link_goes_by_email_only() {
    for contact in CONTACTS {
        let bench = Bench::with(pool(PoolKind::B, contact).link_verification().user(jane()));
        bench.ok(UPDATE, update("jane", &[(contact.name, contact.new)]));
        let message = bench.emulator.outbox().remove(0);
        assert_eq!(message.link, contact.medium == Medium::Email);
        assert_eq!(message.code.is_none(), message.link);
    }
}

#[test]
fn messages_show_a_masked_destination() {
    let shown = CONTACTS.map(|contact| {
        let bench = Bench::with(pool(PoolKind::B, contact).user(jane()));
        bench.ok(UPDATE, update("jane", &[(contact.name, contact.new)]));
        bench.emulator.outbox()[0].masked()
    });
    assert_eq!(shown, ["j***@e***", "+*******0199"]);
}

#[test]
fn without_an_sms_role_a_text_message_fails_the_call_and_nothing_changes() {
    for kind in [PoolKind::B, PoolKind::C] {
        let contact = CONTACTS[1];
        let bench = Bench::with(pool(kind, contact).set(|s| s.sms_role = None).user(jane()));
        let before = bench.user("jane");
        let (code, _) = bench.refused(UPDATE, update("jane", &[("name", "Jane"), (contact.name, contact.new)]));
        assert_eq!(code, "InvalidSmsRoleAccessPolicyException");
        assert_eq!(bench.user("jane"), before);
        assert!(bench.emulator.outbox().is_empty());
    }
}

#[test]
fn both_contacts_at_once_are_judged_each_by_its_own_kind() {
    let pool = PoolSeed::new(POOL, "pool")
        .sms()
        .auto_verified(&["email"])
        .verified_before_update(&["phone_number"]);
    let bench = Bench::with(pool.user(jane()));
    bench.ok(
        UPDATE,
        update(
            "jane",
            &[("email", "new@example.com"), ("phone_number", "+15555550199")],
        ),
    );
    let jane = bench.user("jane");
    assert_eq!(jane.attribute("email"), Some("new@example.com"));
    assert_eq!(jane.attribute("phone_number"), Some("+15555550100"));
    assert_eq!(bench.emulator.outbox().len(), 2);
}

#[test]
fn a_verified_alias_is_taken_from_its_owner_without_an_error() {
    for contact in CONTACTS {
        for asked in [
            vec![(contact.name, contact.old), (contact.flag, "true")],
            vec![(contact.flag, "true")],
        ] {
            let pool = pool(PoolKind::A, contact).aliases(&[contact.name]);
            let thief = User::new("thief")
                .with(contact.name, contact.old)
                .with(contact.flag, "false");
            let bench = Bench::with(pool.user(jane()).user(thief));
            bench.pass(5000);
            assert_eq!(bench.user(contact.old).username, "jane");
            bench.ok(UPDATE, update("thief", &asked));
            assert_eq!(bench.user(contact.old).username, "thief");
            let jane = bench.user("jane");
            assert_eq!(jane.attribute(contact.flag), Some("false"));
            assert_eq!(
                jane.attribute(contact.name),
                Some(contact.old),
                "the value itself stays"
            );
            assert_eq!(jane.modified, bench.now());
            assert!(bench.emulator.outbox().is_empty());
        }
    }
}

#[test]
fn an_unverified_duplicate_takes_nothing() {
    for contact in CONTACTS {
        let pool = pool(PoolKind::B, contact).aliases(&[contact.name]);
        let bench = Bench::with(pool.user(jane()).user(User::new("other")));
        bench.ok(UPDATE, update("other", &[(contact.name, contact.old)]));
        assert_eq!(bench.user(contact.old).username, "jane");
    }
}

#[test]
fn case_decides_about_an_alias_only_in_a_case_insensitive_pool() {
    let asked = [("email", "JANE@example.com"), ("email_verified", "true")];
    let pool = || {
        PoolSeed::new(POOL, "pool")
            .aliases(&["email"])
            .user(jane())
            .user(User::new("other"))
    };
    let bench = Bench::with(pool());
    bench.ok(UPDATE, update("other", &asked));
    assert_eq!(bench.value("jane", "email_verified"), some("true"));
    let bench = Bench::with(pool().case_insensitive());
    bench.ok(UPDATE, update("OTHER", &asked));
    assert_eq!(bench.value("jane", "email_verified"), some("false"));
}

#[test]
fn a_sign_in_name_of_another_user_is_refused_and_ones_own_is_not() {
    for contact in CONTACTS {
        for kind in KINDS {
            let pool = pool(kind, contact).sign_in_by(&[contact.name]);
            let other = User::new("")
                .with(contact.name, contact.new)
                .with(contact.flag, "false");
            let bench = Bench::with(pool.user(jane()).user(other));
            for asked in [
                vec![(contact.name, contact.new)],
                vec![(contact.name, contact.new), (contact.flag, "true")],
            ] {
                let before = bench.user("jane");
                let (code, message) = bench.refused(UPDATE, update("jane", &asked));
                assert_eq!(code, "AliasExistsException");
                assert_eq!(
                    message,
                    format!("An account with the given {} already exists.", contact.name)
                );
                assert_eq!(bench.user("jane"), before);
            }
            bench.ok(UPDATE, update("jane", &[(contact.name, contact.old)]));
            assert!(bench.value("jane", contact.flag).is_some());
        }
    }
}

#[test]
fn preferred_username_as_an_alias_is_unique_and_for_confirmed_users() {
    let pool = PoolSeed::new(POOL, "pool")
        .aliases(&["preferred_username"])
        .user(User::new("one").with("preferred_username", "ace"))
        .user(User::new("two"))
        .user(User::new("new").status("UNCONFIRMED"));
    let bench = Bench::with(pool);
    assert_eq!(bench.user("ace").username, "one");
    let (code, _) = bench.refused(UPDATE, update("two", &[("preferred_username", "ace")]));
    assert_eq!(code, "AliasExistsException");
    assert!(
        bench
            .invalid(UPDATE, update("new", &[("preferred_username", "free")]))
            .contains("confirmed")
    );
    bench.ok(UPDATE, update("one", &[("preferred_username", "ace")]));
    bench.ok(UPDATE, update("two", &[("preferred_username", "free")]));
    assert_eq!(bench.user("free").username, "two");
}

#[test]
fn a_first_address_waits_like_any_other_where_addresses_wait() {
    for contact in CONTACTS {
        let bench = Bench::with(pool(PoolKind::C, contact).user(User::new("bare")));
        bench.ok(UPDATE, update("bare", &[(contact.name, contact.new)]));
        let bare = bench.user("bare");
        assert_eq!(
            (bare.attribute(contact.name), bare.attribute(contact.flag)),
            (None, None)
        );
        assert_eq!(bare.pending[contact.name].value, contact.new);
    }
}

#[test]
fn taking_an_alias_leaves_unverified_holders_of_the_value_alone() {
    for contact in CONTACTS {
        let pool = pool(PoolKind::A, contact).aliases(&[contact.name]);
        let bystander = User::new("bystander").with(contact.name, contact.old);
        let bench = Bench::with(pool.user(jane()).user(bystander).user(User::new("thief")));
        let before = bench.user("bystander");
        bench.pass(1000);
        bench.ok(
            UPDATE,
            update("thief", &[(contact.name, contact.old), (contact.flag, "true")]),
        );
        assert_eq!(bench.user("bystander"), before);
        assert_eq!(bench.value("jane", contact.flag), some("false"));
    }
}
