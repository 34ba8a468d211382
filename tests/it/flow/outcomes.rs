//! What is said about a write afterwards: only what was read back, and never that a message arrived.

use std::time::Duration;

use cognitui::app::Event;
use cognitui::app::status::Entry;
use cognitui::domain::Fault as DomainFault;
use cognitui::emulator::{Emulator, Fault, Medium, PoolSeed, Seed, User};
use cognitui::job::Reply;

use super::scene::{CUSTOMERS, GET, MEMBERS, SHOP, UPDATE, form, open_form, pairs};
use super::stage::{Setup, Stage};

const POOL: &str = "us-east-1_MaTrIx001";

/// What a pool does with a new address by itself.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    Nothing,
    After,
    Before,
}

fn pool(kind: Kind) -> PoolSeed {
    let both = ["email", "phone_number"];
    let pool = PoolSeed::new(POOL, "matrix").aliases(&both).sms();
    let pool = match kind {
        Kind::Nothing => pool,
        Kind::After => pool.auto_verified(&both),
        Kind::Before => pool.verified_before_update(&both),
    };
    pool.user(
        User::new("mara")
            .verified_email("mara@example.com")
            .verified_phone("+15555550101"),
    )
}

fn mara(kind: Kind) -> Stage {
    let setup = Setup::new(Seed::empty().pool(pool(kind)), &[POOL])
        .change(|settings| settings.user = Some("mara".into()))
        .size(100, 60);
    open_form(setup)
}

#[test]
fn what_was_said_about_the_message_is_what_the_service_did() {
    let contacts = [
        ("email", "mara.new@example.com", Medium::Email, "e-mail"),
        ("phone_number", "+15555550102", Medium::Sms, "SMS"),
    ];
    for kind in [Kind::Nothing, Kind::After, Kind::Before] {
        for (contact, value, medium, by) in contacts {
            for (keys, vouch) in [("v", "checked"), ("vv", "pool"), ("vvv", "unverified")] {
                let case = format!("{kind:?} {contact} {vouch}");
                let mut stage = mara(kind);
                stage.set(contact, value).keys(keys);
                let promised = stage.will_happen();
                stage.send();
                let (word, said) = stage.outcome();
                let outbox = stage.outbox();
                let waits = kind == Kind::Before && vouch != "checked";
                let message = kind != Kind::Nothing && vouch != "checked";
                let expected = format!("a code by {by} to {value}");
                assert_eq!(word, if waits { "WAITING" } else { "applied" }, "{case}: {said}");
                assert_eq!(outbox.len(), usize::from(message), "{case}");
                if message {
                    assert_eq!(
                        (outbox[0].medium, outbox[0].destination.as_str()),
                        (medium, value),
                        "{case}"
                    );
                    assert!(
                        said.contains(&format!("expected: {expected} (not reported)")),
                        "{case}: {said}"
                    );
                    assert!(promised.contains(&expected), "{case}: {promised}");
                } else {
                    assert!(said.contains(&format!("message for {contact}: none")), "{case}: {said}");
                    assert!(promised.contains("no message goes to anyone"), "{case}: {promised}");
                }
                let stored = stage.stored(POOL, "mara", contact);
                assert_eq!(stored.as_deref() == Some(value), !waits, "{case}");
                let verified = stage.stored(POOL, "mara", &format!("{contact}_verified"));
                assert_eq!(
                    verified.as_deref() == Some("true"),
                    vouch == "checked" || waits,
                    "{case}"
                );
                let delivered = ["delivered", "sent to mara", "was sent"];
                assert!(!delivered.iter().any(|word| said.contains(word)), "{case}: {said}");
            }
        }
    }
}

#[test]
fn a_link_is_called_a_link() {
    let mut stage = form(MEMBERS, "lacks.name");
    stage.set("name", "Lara").set("email", "lara@example.com").keys("vv");
    stage.will("a link by e-mail to lara@example.com is expected");
    stage.send();
    stage.ended(
        "applied",
        &["expected: a link by e-mail to lara@example.com (not reported)"],
    );
    assert!(stage.outbox()[0].link);
}

#[test]
fn what_waits_is_told_beside_what_is_true() {
    let mut stage = form(SHOP, "sofia.r");
    stage
        .set("email", "sofia@example.net")
        .keys("vv")
        .set("custom:tier", "gold")
        .send();
    stage.ended(
        "WAITING",
        &[
            "email still sofia.r@example.com; custom:tier is gold",
            "expected: a code by e-mail to sofia@example.net (not reported)",
        ],
    );
    assert_eq!(stage.journal()[2]["seen"]["word"], "waiting");
    // Nothing of it is pending any more.
    stage.keys("e");
    assert!(stage.pending().is_empty());
}

#[test]
fn a_later_form_warns_of_a_change_that_waits_until_it_is_seen() {
    let mut stage = form(SHOP, "sofia.r");
    stage.set("email", "sofia@example.net").keys("vv").send();
    stage.ended("WAITING", &[]);
    stage.keys("e");
    stage.will("email: a change of this e-mail was accepted at 10:00 and not seen applied; v vouches for the address shown, not for that one");
    // The code is entered elsewhere.
    stage.emulator.change_user(SHOP, "sofia.r", |user| {
        user.attributes.insert("email".into(), "sofia@example.net".into());
        user.pending.clear();
    });
    stage.keys("r");
    stage.will_not("not seen applied");
}

/// Each way in which a write can end without an answer.
/// What may happen to the answer, by name.
type Cut = (&'static str, fn() -> Fault);

fn cuts() -> Vec<Cut> {
    vec![
        ("a 500", || Fault::internal()),
        ("a timeout", || Fault::hang()),
        ("a reset", || Fault::reset()),
        ("half an answer", || Fault::truncated()),
        ("a proxy's page", || {
            Fault::foreign(502, "text/html", "<html>bad gateway</html>")
        }),
        ("no JSON", || Fault::foreign(200, "application/x-amz-json-1.1", "{\"")),
    ]
}

#[test]
fn without_an_answer_one_request_goes_out_and_reading_back_tells() {
    for (how, fault) in cuts() {
        let mut stage = form(CUSTOMERS, "jane.doe");
        stage.emulator.inject(fault().on(UPDATE).after_applying());
        stage.set("nickname", "JJ").send();
        assert_eq!(stage.sent().len(), 1, "{how}");
        let (word, said) = stage.outcome();
        assert!(
            word == "applied" && (how == "no JSON" || said.contains("but reading back shows that it was applied")),
            "{how}: {word} {said}"
        );
        let lines = stage.journal();
        assert_eq!(lines[2]["seen"]["word"], "applied", "{how}");
        if how != "no JSON" {
            assert_eq!(lines[1]["outcome"]["word"], "unknown", "{how}");
        }
    }
}

#[test]
fn without_an_answer_and_without_a_trace_it_stays_unknown_and_is_never_sent_again_by_itself() {
    for (how, fault) in cuts()
        .into_iter()
        .filter(|(how, _)| !matches!(*how, "no JSON" | "half an answer"))
    {
        let mut stage = form(CUSTOMERS, "jane.doe");
        stage.emulator.inject(fault().on(UPDATE));
        stage.set("nickname", "JJ").send();
        assert_eq!(stage.sent().len(), 1, "{how}");
        stage.ended(
            "UNKNOWN",
            &[
                "it may have been applied",
                "read back: not applied so far; a late request may still land",
                "next: Enter here reads jane.doe back; nothing is sent twice",
            ],
        );
        assert_eq!(stage.pending(), ["nickname"], "{how}");
        assert_eq!(
            stage.stored(CUSTOMERS, "jane.doe", "nickname").as_deref(),
            Some("JD"),
            "{how}"
        );
    }
}

fn unknown() -> Stage {
    let mut stage = form(CUSTOMERS, "jane.doe");
    stage.emulator.inject(Fault::hang().on(UPDATE));
    stage.set("nickname", "JJ").send();
    stage.ended("UNKNOWN", &[]);
    stage
}

#[test]
fn what_may_still_land_is_not_sent_again_before_its_time() {
    let mut stage = unknown();
    stage.keys("<ctrl-s>");
    stage.answers("the last write has no answer yet and may still land; review opens in ");
    stage.shows("Edit jane.doe");
    stage.clock.forward(Duration::from_secs(25));
    stage.keys("<ctrl-s>");
    stage.will("again: the last write ended unknown: if it was applied, a message may already be out");
    stage.keys("<tab><enter>");
    stage.ended("applied", &[]);
    assert_eq!(stage.sent().len(), 2, "the operator decided again");
    stage.keys("e");
    stage.will_not("ended unknown");
}

#[test]
fn the_next_step_of_an_unknown_reads_back_and_sends_nothing() {
    let mut stage = unknown();
    // The request lands late.
    stage.emulator.change_user(CUSTOMERS, "jane.doe", |user| {
        user.attributes.insert("nickname".into(), "JJ".into());
    });
    let read = stage.calls(GET).len();
    stage.keys("<tab><enter>");
    assert_eq!((stage.calls(GET).len(), stage.sent().len()), (read + 1, 1));
    stage.ended(
        "applied",
        &["read back and true: nickname", "reading back shows that it was applied"],
    );
    assert!(stage.pending().is_empty(), "it is done");
    assert!(!stage.screen().contains("1 unknown"), "{}", stage.screen());
    let older = stage.entries().into_iter().find(|entry| entry.word.text() == "UNKNOWN");
    assert!(older.is_some_and(|entry| entry.next.is_none()), "it is settled");
    let lines = stage.journal();
    assert_eq!(lines.len(), 4);
    assert_eq!(lines[3]["seen"]["word"], "applied");
    assert_eq!(lines[3]["id"], lines[0]["id"]);
    stage.set("nickname", "JK").keys("<ctrl-s>");
    stage.shows("Review jane.doe");
    stage.will_not("ended unknown");
}

#[test]
fn an_unknown_that_stays_unknown_can_be_read_back_again() {
    let mut stage = unknown();
    stage.keys("<tab><enter>");
    stage.ended(
        "UNKNOWN",
        &[
            "not applied so far",
            "next: Enter here reads jane.doe back; nothing is sent twice",
        ],
    );
    stage.keys("<tab><enter>");
    stage.ended("UNKNOWN", &["next: Enter here reads jane.doe back"]);
    stage.shows("1 unknown");
    assert_eq!(stage.sent().len(), 1);
    assert_eq!(stage.journal().len(), 5, "each reading is a line of the same write");
}

#[test]
fn settling_in_one_pool_settles_nothing_in_another() {
    let mut stage = open_form(
        Setup::new(Seed::demo(), &[CUSTOMERS, SHOP])
            .change(|settings| settings.user = Some("jane.doe".into()))
            .size(100, 60),
    );
    let lose = |stage: &mut Stage| {
        stage.emulator.inject(Fault::hang().on(UPDATE));
        stage.set("nickname", "JJ").send();
        stage.ended("UNKNOWN", &[]);
    };
    lose(&mut stage);
    stage.keys("<esc><esc><esc>pj<enter>/jane.doe<enter>e");
    stage.shows(SHOP);
    lose(&mut stage);
    // In the first pool it lands; the first entry is the older one.
    stage.emulator.change_user(CUSTOMERS, "jane.doe", |user| {
        user.attributes.insert("nickname".into(), "JJ".into());
    });
    stage.keys("<tab>");
    let older = stage
        .entries()
        .iter()
        .enumerate()
        .filter(|(_, entry)| entry.word.text() == "UNKNOWN")
        .map(|(at, _)| at)
        .nth(1)
        .unwrap();
    stage.keys(&"j".repeat(older)).keys("<enter>");
    stage.ended("applied", &[]);
    stage.clock.forward(Duration::from_secs(25));
    stage.keys("<ctrl-s>");
    stage.will("again: the last write ended unknown");
    assert_eq!(stage.pending(), ["nickname"]);
}

#[test]
fn a_reading_settles_only_the_write_it_was_for() {
    let mut stage = unknown();
    stage.clock.forward(Duration::from_secs(25));
    stage.emulator.inject(Fault::hang().on(UPDATE));
    stage.set("custom:tier", "gold").send();
    stage.ended("UNKNOWN", &[]);
    // Of the two the first lands, and the operator asks about that one.
    stage.emulator.change_user(CUSTOMERS, "jane.doe", |user| {
        user.attributes.insert("nickname".into(), "JJ".into());
    });
    let unknown = |entry: &Entry| entry.word.text() == "UNKNOWN";
    let older = stage.entries().iter().rposition(unknown).unwrap();
    stage.keys("<tab>").keys(&"j".repeat(older)).keys("<enter>");
    stage.ended("applied", &["read back and true: nickname"]);
    assert_eq!(stage.pending(), ["custom:tier"]);
    stage.clock.forward(Duration::from_secs(25));
    stage.keys("<ctrl-s>");
    stage.will("again: the last write ended unknown: if it was applied, a message may already be out");
}

#[test]
fn an_address_that_would_wait_anyway_cannot_be_told() {
    let mut stage = form(SHOP, "jane.doe");
    stage.emulator.inject(Fault::hang().on(UPDATE));
    stage.set("email", "jane.doe@example.com").keys("vv").send();
    stage.ended(
        "UNKNOWN",
        &["read back: it cannot be told yet; sending again may send a second message"],
    );
}

#[test]
fn accepted_and_not_read_back_is_unknown_and_says_so_without_claiming_anything() {
    let mut stage = form(CUSTOMERS, "jane.doe");
    stage.set("nickname", "JJ").keys("<ctrl-s>");
    stage.emulator.inject(Fault::denied(GET).skipping(1));
    stage.keys("<tab><enter>");
    stage.ended(
        "UNKNOWN",
        &[
            "the service accepted it, but it could not be read back",
            "AccessDeniedException",
            "it lacks cognito-idp:AdminGetUser",
        ],
    );
    assert!(
        !stage.outcome().1.contains("nothing was changed"),
        "{}",
        stage.outcome().1
    );
    let lines = stage.journal();
    assert_eq!(lines[1]["outcome"]["word"], "accepted");
    assert_eq!(lines[2]["seen"]["word"], "unknown");
    assert_eq!(lines[2]["seen"]["fault"]["code"], "AccessDeniedException");
    stage.emulator.heal();
    stage.keys("<tab><enter>");
    stage.ended("applied", &["read back and true: nickname"]);
    assert_eq!(stage.sent().len(), 1);
}

#[test]
fn accepted_and_not_read_back_is_judged_later_as_what_was_accepted() {
    let mut stage = form(SHOP, "jane.doe");
    stage.set("email", "jane.doe@example.com").keys("vv<ctrl-s>");
    stage.emulator.inject(Fault::denied(GET).skipping(1));
    stage.keys("<tab><enter>");
    stage.ended("UNKNOWN", &[]);
    stage.emulator.heal();
    stage.keys("<tab><enter>");
    stage.ended("WAITING", &["email still jane@example.com"]);
    assert!(stage.pending().is_empty());
    stage.will("not seen applied");
}

#[test]
fn another_value_than_the_sent_one_differs() {
    let mut stage = form(CUSTOMERS, "jane.doe");
    stage.set("nickname", "JJ").keys("<ctrl-s>");
    stage.just_before(GET, 1, |service: &Emulator| {
        service.change_user(CUSTOMERS, "jane.doe", |user| {
            user.attributes.insert("nickname".into(), "Janey".into());
        });
    });
    stage.keys("<tab><enter>");
    stage.ended(
        "DIFFERS",
        &[
            "sent, and another value is there now: nickname",
            "next: Enter here opens the form of jane.doe",
        ],
    );
    assert_eq!(stage.journal()[2]["seen"]["word"], "differs");
    stage.shows("Edit jane.doe");
    assert!(
        stage.row_with("nickname").contains("Janey"),
        "the form shows what is there"
    );
    assert_eq!(stage.pending(), ["nickname"], "and what was meant");
}

#[test]
fn a_flag_that_the_service_did_not_change_as_documented_is_worth_a_line() {
    let mut stage = form(CUSTOMERS, "jane.doe");
    stage.set("email", "jane.doe@example.com").keys("vv<ctrl-s>");
    stage.just_before(GET, 1, |service: &Emulator| {
        service.change_user(CUSTOMERS, "jane.doe", |user| {
            user.attributes.insert("email_verified".into(), "true".into());
        });
    });
    stage.keys("<tab><enter>");
    stage.ended(
        "applied",
        &["email_verified was not sent and is true; expected here: false"],
    );
}

#[test]
fn after_the_write_the_list_shows_what_was_read_back() {
    let mut stage = form(CUSTOMERS, "jane.doe");
    stage.set("email", "jane.doe@example.com").keys("v").send();
    stage.keys("<esc><esc><esc>");
    assert!(
        stage.row_with(" jane.doe ").contains("jane.doe@example.com"),
        "{}",
        stage.screen()
    );
}

#[test]
fn two_changes_in_one_call_and_a_deletion_are_one_outcome() {
    let mut stage = form(CUSTOMERS, "sofia.r");
    stage.go("phone_number").keys("x").set("custom:tier", "gold").send();
    assert_eq!(
        stage.sent_once(),
        pairs(&[("phone_number", ""), ("custom:tier", "gold")])
    );
    stage.ended(
        "applied",
        &[
            "read back and true: phone_number, custom:tier",
            "message for phone_number: none",
        ],
    );
    assert_eq!(stage.stored(CUSTOMERS, "sofia.r", "phone_number_verified"), None);
}

#[test]
fn a_part_that_broke_at_work_leaves_the_write_unknown() {
    let mut stage = form(CUSTOMERS, "jane.doe");
    stage.set("nickname", "JJ").keys("<ctrl-s><tab>");
    stage.keys_before_answers("<enter>");
    let ticket = *stage.session().writes.keys().next().unwrap();
    let broke = DomainFault::local(
        "this operation",
        "WorkerPanicked",
        "a worker broke; its work may be half done",
    );
    stage.event(Event::Reply(ticket, Reply::Broken(broke)));
    stage.ended(
        "UNKNOWN",
        &[
            "WorkerPanicked",
            "it may have been applied",
            "next: Enter here reads jane.doe back",
        ],
    );
    stage.keys("<ctrl-s>");
    stage.answers("may still land");
    assert_eq!(stage.pending(), ["nickname"]);
}

#[test]
fn one_contact_may_wait_while_the_other_counts() {
    let both = ["email", "phone_number"];
    let pool = PoolSeed::new(POOL, "matrix")
        .aliases(&both)
        .sms()
        .verified_before_update(&["phone_number"]);
    let pool = pool.user(
        User::new("mara")
            .verified_email("mara@example.com")
            .verified_phone("+15555550101"),
    );
    let setup = Setup::new(Seed::empty().pool(pool), &[POOL]).change(|settings| settings.user = Some("mara".into()));
    let mut stage = open_form(setup.size(100, 60));
    stage
        .set("email", "mara.new@example.com")
        .keys("v")
        .set("phone_number", "+15555550102")
        .keys("vv")
        .send();
    stage.ended(
        "WAITING",
        &[
            "email is mara.new@example.com; phone_number still +15555550101",
            "message for email: none",
            "expected: a code by SMS to +15555550102 (not reported)",
        ],
    );
    stage.keys("e").set("nickname", "M").send();
    assert_eq!(
        stage.sent()[1],
        pairs(&[("nickname", "M")]),
        "what waits is not sent again"
    );
}

#[test]
fn edits_made_since_an_unknown_write_stay_when_it_is_settled() {
    let mut stage = unknown();
    stage.go("phone_number").keys("x");
    stage.emulator.change_user(CUSTOMERS, "jane.doe", |user| {
        user.attributes.insert("nickname".into(), "JJ".into());
    });
    stage.keys("<tab><enter>");
    stage.ended("applied", &[]);
    assert_eq!(stage.pending(), ["phone_number"]);
}

#[test]
fn a_review_is_left_when_its_user_is_read_back() {
    let mut stage = form(SHOP, "jane.doe");
    stage.set("email", "jane.doe@example.com").keys("vv<ctrl-s>");
    stage.emulator.inject(Fault::denied(GET).skipping(1));
    stage.keys("<tab><enter>");
    stage.ended("UNKNOWN", &["the service accepted it"]);
    stage.emulator.heal();
    stage.clock.forward(Duration::from_secs(25));
    stage.keys("<ctrl-s>");
    stage.shows("Review jane.doe");
    let entries = stage.entries();
    let at = entries.iter().position(|entry| entry.word.text() == "UNKNOWN").unwrap();
    stage.keys(":next-pane<enter>").keys(&"j".repeat(at)).keys("<enter>");
    stage.ended("WAITING", &[]);
    stage.shows("Edit jane.doe");
    stage.answers("read back meanwhile");
    assert!(stage.pending().is_empty());
    stage.keys("<ctrl-s>");
    stage.answers("no pending edits");
    assert_eq!(stage.sent().len(), 1);
}

#[test]
fn what_was_accepted_is_never_said_to_have_changed_nothing_however_often_it_is_not_read_back() {
    let mut stage = form(CUSTOMERS, "jane.doe");
    stage.set("nickname", "JJ").keys("<ctrl-s>");
    stage.emulator.inject(Fault::denied(GET).skipping(1).times(2));
    stage.keys("<tab><enter>");
    stage.ended("UNKNOWN", &[]);
    stage.keys("<tab><enter>");
    stage.ended(
        "UNKNOWN",
        &["the service accepted it, but it could not be read back", "AccessDenied"],
    );
    let (_, said) = stage.outcome();
    assert!(!said.contains("nothing was changed"), "{said}");
}

#[test]
fn a_later_write_of_something_else_does_not_settle_an_unknown_one() {
    let mut stage = form(SHOP, "jane.doe");
    stage.emulator.inject(Fault::hang().on(UPDATE));
    stage.set("email", "jane.doe@example.com").keys("vv").send();
    stage.ended("UNKNOWN", &[]);
    stage.clock.forward(Duration::from_secs(25));
    stage.go("email").keys("u").set("nickname", "JJ").send();
    stage.ended("applied", &[]);
    stage.keys("e");
    stage.will("again: the last write ended unknown");
}

#[test]
fn beside_a_value_that_differs_the_contact_still_waits() {
    let mut stage = form(SHOP, "jane.doe");
    stage
        .set("email", "jane.doe@example.com")
        .keys("vv")
        .set("nickname", "JJ")
        .keys("<ctrl-s>");
    stage.just_before(GET, 1, |service: &Emulator| {
        service.change_user(SHOP, "jane.doe", |user| {
            user.attributes.insert("nickname".into(), "Janey".into());
        });
    });
    stage.keys("<tab><enter>");
    stage.ended(
        "DIFFERS",
        &["another value is there now: nickname", "expected: a code by e-mail"],
    );
    assert_eq!(stage.pending(), ["nickname"], "what waits is not sent again");
    stage.will("not seen applied");
}
