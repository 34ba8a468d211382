//! The facts beside the contact that read otherwise on the own route: who else has it, the app client, metadata.

use super::*;
use VerificationKind::{AfterUpdate as B, BeforeUpdate as C, None as A};

const EMAIL: Contact = Contact::Email;
const PHONE: Contact = Contact::PhoneNumber;

#[test]
fn an_alias_of_somebody_else_is_refused_and_nothing_is_taken() {
    let nobody_loses: [Username; 0] = [];
    let own = |pool, holders: &[(&str, bool)]| {
        Case::own(pool, jane())
            .set("email", "jane.doe@example.com")
            .owner(EMAIL, held_by(holders))
    };
    for kind in [A, B, C] {
        let case = own(pool(kind), &[("rob", true), ("eve", false)]);
        assert_eq!(
            case.about("owner"),
            [
                "! rob has it verified: the service refuses it with AliasExistsException, at once or at its code; nothing is taken (asked 10:41:02; may lag)"
            ],
            "{kind:?}"
        );
        assert_eq!(case.with(takes_alias), nobody_loses, "{kind:?}");
    }
    assert_eq!(
        own(pool(B), &[("rob", false)]).about("owner"),
        ["rob has it too, not verified (asked 10:41:02; may lag)"]
    );
    assert_eq!(
        own(username_attributes(pool(B), &["email"]), &[("rob", false)]).about("owner"),
        ["! rob has it: the service refuses it with AliasExistsException (asked 10:41:02; may lag)"]
    );
    assert_eq!(
        own(without_alias(pool(B)), &[("rob", true)]).about("owner"),
        ["rob has it too; nobody signs in with it in this pool, so nothing is taken (asked 10:41:02; may lag)"]
    );
    let mut unknown = own(pool(B), &[("rob", true)]);
    unknown.pool = Known::NotKnown("DescribeUserPool is not allowed".into());
    assert_eq!(
        unknown.about("owner"),
        [
            "! rob has it too; whether the service refuses it is not known: DescribeUserPool is not allowed (asked 10:41:02; may lag)"
        ]
    );
    assert_eq!(unknown.with(takes_alias), nobody_loses);
    // A mark cannot be sent there; if it could, it would take nothing.
    let marked = Case::own(pool(B), unverified(jane(), PHONE))
        .set("phone_number_verified", "true")
        .owner(PHONE, held_by(&[("rob", true)]));
    assert_eq!(marked.with(takes_alias), nobody_loses);
    assert_eq!(marked.about("owner"), Vec::<String>::new());
}

#[test]
fn an_earlier_change_waits_for_its_code() {
    let mut case = Case::own(pool(C), jane());
    case.waiting = vec![WaitingChange {
        contact: EMAIL,
        accepted_at: at("2026-11-20T10:41:30Z"),
    }];
    assert_eq!(
        case.about("email"),
        ["! a change of this e-mail was accepted at 10:41 and not seen applied: it waits for its code"]
    );
}

#[test]
fn metadata_reaches_the_custom_message_trigger_or_nobody() {
    let mut with_trigger = pool(B);
    with_trigger.custom_message_trigger = true;
    let said = |pool: Known<Pool>, keys: &[&str]| {
        let mut case = Case::own(self::pool(B), jane()).set("custom:tier", "gold");
        case.pool = pool;
        case.draft.metadata.0 = keys.iter().map(|key| ((*key).to_owned(), "1".to_owned())).collect();
        case.about("lambda")
    };
    assert_eq!(said(Known::Known(with_trigger.clone()), &[]), Vec::<String>::new());
    assert_eq!(
        said(Known::Known(with_trigger), &["ticket"]),
        ["1 key of client metadata reaches the custom message trigger only and is not stored"]
    );
    assert_eq!(
        said(Known::Known(pool(B)), &["ticket", "why"]),
        ["2 keys of client metadata are sent, and no custom message trigger is there to read it"]
    );
    assert_eq!(
        said(Known::Asking, &["ticket"]),
        ["1 key of client metadata reaches the custom message trigger only and is not stored"]
    );
}

#[test]
fn deletions_alone_take_no_metadata() {
    let mut case = Case::own(pool(B), jane()).delete("nickname").delete("custom:tier");
    assert_eq!(case.about("lambda"), Vec::<String>::new(), "there is none");
    case.draft.metadata.0.insert("ticket".into(), "1".into());
    let not_sent = ["! 1 key of client metadata is not sent: DeleteUserAttributes takes none"];
    assert_eq!(case.about("lambda"), not_sent);
    let set = case.change_set();
    assert_eq!(
        Operation::update(set.clone()).name(),
        "DeleteUserAttributes",
        "so it is sent"
    );
    let under_review = case.with(|context| {
        let context = Context {
            changes: Changes::Set(&set),
            ..context.clone()
        };
        consequences(&context).iter().map(line).collect::<Vec<_>>()
    });
    assert!(
        under_review
            .contains(&"! lambda: 1 key of client metadata is not sent: DeleteUserAttributes takes none".to_owned())
    );
    case = case.set("email", "jane.doe@example.com");
    assert!(
        !case.about("lambda")[0].contains("not sent"),
        "{:?}",
        case.about("lambda")
    );
    let mut admin = Case::new(pool(B), jane()).delete("nickname");
    admin.draft.metadata.0.insert("ticket".into(), "1".into());
    assert_eq!(
        admin.about("lambda"),
        ["1 key of client metadata reaches Lambda triggers only and is not stored"],
        "the administrator's deletions are an update"
    );
}

#[test]
fn what_the_app_client_may_write_is_known_or_said_not_to_be() {
    let said = |client| {
        let mut case = Case::own(pool(B), jane()).set("custom:tier", "gold");
        case.client = client;
        case.about("client")
    };
    assert_eq!(said(Known::Known(app_client())), Vec::<String>::new());
    assert_eq!(said(Known::Asking), ["asking what the app client may write"]);
    assert_eq!(
        said(Known::NotKnown(
            "cognito-idp:DescribeUserPoolClient is not allowed".into()
        )),
        [
            "! what the app client may write is not known: cognito-idp:DescribeUserPoolClient is not allowed; the service decides"
        ]
    );
    assert_eq!(
        said(Known::NotKnown(Sentence::new())),
        ["! what the app client may write is not known; the service decides"]
    );
    let mut untouched = Case::own(pool(B), jane());
    untouched.client = Known::Asking;
    assert_eq!(untouched.said(), Vec::<String>::new(), "nothing is said of nothing");
    let mut admin = Case::new(pool(B), jane()).set("custom:tier", "gold");
    admin.client = Known::Asking;
    assert_eq!(
        admin.about("client"),
        Vec::<String>::new(),
        "an administrator needs no app client"
    );
}

#[test]
fn second_factors_move_as_they_do_for_an_administrator() {
    let user = || with_mfa(jane(), sms());
    for kind in [A, B] {
        let case = Case::own(pool(kind), user()).set("phone_number", "+15555550199");
        assert_eq!(
            case.about("MFA"),
            ["! the next sign-in code goes to +15555550199; whoever holds that phone passes MFA"],
            "{kind:?}"
        );
    }
    let waits = Case::own(pool(C), user()).set("phone_number", "+15555550199");
    assert_eq!(
        waits.about("MFA"),
        ["! once its code is entered, sign-in codes go to +15555550199; whoever holds that phone passes MFA"]
    );
    assert_eq!(waits.about("status"), Vec::<String>::new(), "GetUser tells no status");
}
