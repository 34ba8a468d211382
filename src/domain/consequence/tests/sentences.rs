//! The other facts under the form, one by one.

use super::*;
use VerificationKind::{AfterUpdate as B, BeforeUpdate as C, None as A};

const EMAIL: Contact = Contact::Email;
const PHONE: Contact = Contact::PhoneNumber;

#[test]
fn the_form_of_the_frame_reads_as_the_frame() {
    let case = Case::new(pool(C), with_mfa(jane(), sms()))
        .new_contact(EMAIL, Vouch::Checked)
        .set("custom:tier", "gold")
        .delete("nickname")
        .owner(EMAIL, nobody());
    assert_eq!(
        case.said(),
        [
            "email: changes at once, because you vouch for it; no message goes to anyone.",
            "email: Sign-in and password reset move to it; the old address stops working.",
            "owner: no other user found with the new address (asked 10:41:02; may lag)",
            "MFA: unchanged: sign-in codes still go by SMS to +15555550100",
        ]
    );
}

#[test]
fn nothing_is_said_of_nothing() {
    assert_eq!(Case::new(pool(C), with_mfa(jane(), sms())).said(), Vec::<String>::new());
}

#[test]
fn values_that_nothing_hangs_on_say_so() {
    assert_eq!(
        Case::new(pool(C), jane()).set("custom:tier", "gold").said(),
        ["values: the value changes at once; no message goes to anyone, sign-in stays as it is"]
    );
}

#[test]
fn the_title_says_what_the_pool_does() {
    let line = |kind, contact| pool_line(&Known::Known(&pool(kind)), contact).plain();
    assert_eq!(line(C, EMAIL), "this pool: a new address waits for its code");
    assert_eq!(line(C, PHONE), "this pool: a new number waits for its code");
    assert_eq!(line(B, EMAIL), "this pool: a new address counts at once, unverified");
    assert_eq!(line(A, PHONE), "this pool: a new number gets no message");
    assert_eq!(
        pool_line(&Known::Asking, EMAIL).plain(),
        "this pool: settings being read"
    );
    assert_eq!(
        pool_line(&Known::NotKnown("x".into()), EMAIL).plain(),
        "this pool: settings not known"
    );
}

#[test]
fn the_choices_of_v_say_what_this_pool_does_then() {
    let words = |kind, vouch| vouch_words(&Known::Known(&pool(kind)), EMAIL, vouch, Route::Admin).plain();
    assert_eq!(words(C, Some(Vouch::Checked)), "yes: I checked it. No code goes.");
    assert_eq!(words(A, Some(Vouch::Pool)), "NO: Cognito decides. No code goes.");
    assert_eq!(
        words(B, Some(Vouch::Pool)),
        "NO until its code is entered: Cognito decides."
    );
    assert_eq!(words(C, Some(Vouch::Pool)), "waits for its code: Cognito decides.");
    assert_eq!(words(C, Some(Vouch::Unverified)), "NO: mark unverified.");
    assert_eq!(words(C, None), "not chosen: v chooses");
    assert_eq!(
        vouch_words(&Known::Asking, EMAIL, Some(Vouch::Pool), Route::Admin).plain(),
        "Cognito decides; this pool's way is not known."
    );
}

#[test]
fn what_cannot_be_read_is_not_known() {
    let mut case = Case::new(pool(B), jane()).new_contact(EMAIL, Vouch::Pool);
    case.pool = Known::NotKnown("DescribeUserPool is not allowed".into());
    let said = case.said();
    assert!(
        said.contains(
            &"! pool: what this pool does with a new address or number is not known: DescribeUserPool is not allowed"
                .to_owned()
        )
    );
    assert!(
        said.contains(
            &"email: whether it changes at once or waits for its code is not known: DescribeUserPool is not allowed"
                .to_owned()
        )
    );
    assert!(said.contains(
        &"email: Whether sign-in and password reset use it is not known: DescribeUserPool is not allowed.".to_owned()
    ));
    assert_eq!(
        case.with(|context| expected_delivery(&context.pool, context.changes, EMAIL)),
        Delivery::NotKnown
    );
    case.pool = Known::Asking;
    assert!(case.about("email")[0].ends_with("is not known yet"));
    let mut vouched = Case::new(pool(B), jane()).new_contact(EMAIL, Vouch::Checked);
    vouched.pool = Known::Asking;
    assert_eq!(
        vouched.about("email")[0],
        "changes at once, because you vouch for it; no message goes to anyone.",
        "that holds in every pool"
    );
}

#[test]
fn a_waiting_change_is_told_with_its_time() {
    let waiting = |contact, accepted: &str| WaitingChange {
        contact,
        accepted_at: at(accepted),
    };
    let mut case = Case::new(pool(C), jane());
    case.waiting = vec![waiting(EMAIL, "2026-11-20T10:41:30Z")];
    assert_eq!(
        case.about("email"),
        [
            "! a change of this e-mail was accepted at 10:41 and not seen applied; v vouches for the address shown, not for that one"
        ]
    );
    case.waiting = vec![waiting(PHONE, "2026-11-19T23:59:00Z")];
    assert!(case.about("phone")[0].starts_with("! a change of this phone number was accepted at 2026-11-19 23:59 and"));
    let marked = Case {
        waiting: vec![waiting(EMAIL, "2026-11-20T10:41:30Z")],
        ..Case::new(pool(C), unverified(jane(), EMAIL))
    }
    .set("email_verified", "true");
    assert!(marked.about("email").last().expect("said").contains("not for that one"));
}

#[test]
fn times_are_told_in_the_zone_asked_for() {
    let case = Case::new(pool(B), jane())
        .new_contact(EMAIL, Vouch::Checked)
        .owner(EMAIL, nobody());
    let zone = TimeZone::fixed(jiff::tz::offset(1));
    let said = case.with(|context| {
        let context = Context {
            zone: &zone,
            ..context.clone()
        };
        consequences(&context).iter().map(line).collect::<Vec<_>>()
    });
    assert!(said.contains(&"owner: no other user found with the new address (asked 11:41:02; may lag)".to_owned()));
}

#[test]
fn a_trigger_may_change_or_suppress_an_expected_message() {
    let line = "A custom message trigger of this pool may change or suppress the message.".to_owned();
    let said = |kind, vouch| {
        let mut pool = pool(kind);
        pool.custom_message_trigger = true;
        Case::new(pool, jane())
            .new_contact(EMAIL, vouch)
            .about("email")
            .contains(&line)
    };
    assert!(said(B, Vouch::Pool) && said(C, Vouch::Pool));
    assert!(!said(A, Vouch::Pool) && !said(B, Vouch::Checked));
    assert!(
        !Case::new(pool(B), jane())
            .new_contact(EMAIL, Vouch::Pool)
            .about("email")
            .contains(&line)
    );
}

#[test]
fn client_metadata_reaches_triggers_only() {
    let mut case = Case::new(pool(A), jane()).set("custom:tier", "gold");
    assert_eq!(case.about("lambda"), Vec::<String>::new());
    case.draft.metadata.0.insert("ticket".into(), "1".into());
    assert_eq!(
        case.about("lambda"),
        ["1 key of client metadata reaches Lambda triggers only and is not stored"]
    );
    case.draft.metadata.0.insert("why".into(), "2".into());
    assert_eq!(
        case.about("lambda"),
        ["2 keys of client metadata reach Lambda triggers only and are not stored"]
    );
}

#[test]
fn capitals_alone_make_a_new_address() {
    let said = |text: &str| Case::new(pool(B), jane()).set("email", text).about("email");
    let line = "Only capitals differ; the service takes it for a new address all the same.".to_owned();
    assert!(said("Jane@example.com").contains(&line));
    assert!(!said("jane.doe@example.com").contains(&line));
}

#[test]
fn review_tells_what_is_kept() {
    let kept = |case: Case| {
        let set = case.change_set();
        case.with(|context| {
            let context = Context {
                changes: Changes::Set(&set),
                ..context.clone()
            };
            let lines: Vec<String> = consequences(&context).iter().map(line).collect();
            lines.into_iter().find(|line| line.starts_with("undo"))
        })
    };
    assert_eq!(
        kept(
            Case::new(pool(C), jane())
                .new_contact(EMAIL, Vouch::Checked)
                .set("custom:tier", "gold")
        )
        .as_deref(),
        Some("undo: z in the journal puts all 3 back, if nobody has changed them since"),
        "the mark sent along comes back too"
    );
    assert_eq!(
        kept(Case::new(pool(C), jane()).new_contact(EMAIL, Vouch::Pool)).as_deref(),
        Some(
            "undo: z in the journal puts it back, if nobody has changed it since; a message that has gone out cannot be \
             called back"
        )
    );
    let case = Case::new(pool(C), jane()).set("custom:tier", "gold");
    let set = case.change_set();
    for values in [Values::Hashed, Values::None] {
        let said = case.with(|context| {
            let context = Context {
                changes: Changes::Set(&set),
                kept: values,
                ..context.clone()
            };
            consequences(&context).iter().map(line).collect::<Vec<_>>()
        });
        let not = "undo: not possible later: the journal of this pool does not keep the old values in full";
        assert!(said.contains(&not.to_owned()), "{said:?}");
    }
}

#[test]
fn review_and_form_say_the_same_of_the_same_change() {
    for vouch in [Vouch::Checked, Vouch::Pool, Vouch::Unverified] {
        let case = Case::new(pool(B), jane())
            .new_contact(EMAIL, vouch)
            .owner(EMAIL, nobody());
        let set = case.change_set();
        let review = case.with(|context| {
            let context = Context {
                changes: Changes::Set(&set),
                ..context.clone()
            };
            consequences(&context)
                .iter()
                .map(line)
                .filter(|line| !line.starts_with("undo"))
                .collect::<Vec<_>>()
        });
        assert_eq!(review, case.said(), "{vouch:?}");
    }
}

#[test]
fn the_problem_line_says_what_keeps_review_shut() {
    let said = |problems: &[(AttributeName, Problem)]| problem_line(problems).map(|problem| line(&problem));
    assert_eq!(said(&[]), None);
    assert_eq!(
        said(&[(name("birthdate"), Problem::NotADateTime)]).as_deref(),
        Some("! !: 1 problem: review opens when birthdate is mended or put back")
    );
    assert_eq!(
        said(&[
            (name("name"), Problem::RequiredMissing),
            (name("birthdate"), Problem::NotADateTime)
        ])
        .as_deref(),
        Some("! !: 2 problems: review opens when name has a value, and 1 more")
    );
}

#[test]
fn deliveries_have_the_words_of_the_status_pane() {
    let expected = Delivery::Expected {
        contact: EMAIL,
        form: Form::Code,
        to: value("jane@example.com"),
        route: Route::Admin,
    };
    assert_eq!(
        expected.sentence().plain(),
        "expected: a code by e-mail to jane@example.com (not reported)"
    );
    let link = Delivery::Expected {
        contact: EMAIL,
        form: Form::Link,
        to: value("jane@example.com"),
        route: Route::Admin,
    };
    assert!(link.sentence().plain().starts_with("expected: a link by e-mail"));
    assert_eq!(Delivery::None.sentence().plain(), "message: none");
    assert_eq!(Delivery::NotKnown.sentence().plain(), "message: not known");
    assert!(!format!("{expected:?}").contains("jane"), "Debug shows no address");
}
