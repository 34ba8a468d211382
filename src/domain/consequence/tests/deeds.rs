//! The single steps: what each causes, where each is refused, and which comes next.

use super::*;
use crate::domain::deed::{Account, Deed};
use crate::domain::delivery::CodeDelivery;
use crate::domain::draft::{Draft, Edit};
use crate::domain::route::{ClientId, Route};
use VerificationKind::{AfterUpdate as B, BeforeUpdate as C, None as A};

const CONFIRM: Deed = Deed::Account(Account::ConfirmSignUp);
const INVITE: Deed = Deed::Account(Account::ResendInvitation);
const RESET: Deed = Deed::Account(Account::ResetPassword);
const ENABLE: Deed = Deed::Account(Account::Enable);
const DISABLE: Deed = Deed::Account(Account::Disable);

fn who(status: UserStatus) -> User {
    User { status, ..jane() }
}

fn off(user: User) -> User {
    User { enabled: false, ..user }
}

fn step<'a>(deed: Deed, user: &'a User, pool: Option<&'a Pool>) -> DeedContext<'a> {
    DeedContext {
        deed,
        user,
        pool: pool.map_or(Known::NotKnown("DescribeUserPool is not allowed".into()), Known::Known),
        pending: None,
        codes: 0,
    }
}

fn lines(step: &DeedContext<'_>) -> Vec<String> {
    let mark = |weight| if weight == Weight::Warn { "! " } else { "" };
    let consequences = step.consequences();
    let line = |one: &Consequence| format!("{}{}: {}", mark(one.weight), one.topic, one.lines.plain());
    consequences.iter().map(line).collect()
}

#[track_caller]
fn says(step: &DeedContext<'_>, wanted: &str) {
    let lines = lines(step);
    assert!(
        lines.iter().any(|line| line.contains(wanted)),
        "{wanted:?} in {lines:#?}"
    );
}

fn refusal(deed: Deed, user: &User, pool: &Pool) -> String {
    refused_beforehand(deed, user, Some(pool)).map_or_else(|| "no".into(), |line| line.plain())
}

#[test]
fn confirming_a_sign_up_verifies_nothing() {
    let pool = pool(B);
    let user = unverified(
        without(who(UserStatus::Unconfirmed), Contact::PhoneNumber),
        Contact::Email,
    );
    assert_eq!(
        lines(&step(CONFIRM, &user, Some(&pool))),
        [
            "status: becomes CONFIRMED: the user can sign in with the password of the sign-up",
            "! verify: verifies nothing: email_verified stays false; a password reset needs a verified one",
            "! verify: nothing here is verified: a forgotten password cannot be reset until something is",
            "message: none; a sign-up code that is out is not needed any more",
            "lambda: a post confirmation trigger of this pool, if there is one, runs",
        ]
    );
    let both = who(UserStatus::Unconfirmed);
    let said = lines(&step(CONFIRM, &both, Some(&pool))).join("\n");
    assert!(
        said.contains("email_verified stays true, phone_number_verified stays true"),
        "{said}"
    );
    assert!(!said.contains("nothing here is verified"), "{said}");
    let neither = without(without(both, Contact::Email), Contact::PhoneNumber);
    says(
        &step(CONFIRM, &neither, Some(&pool)),
        "there is no address and no number to verify",
    );
}

#[test]
fn the_sign_up_code_goes_to_what_the_pool_verifies_and_to_the_number_first() {
    let both = who(UserStatus::Unconfirmed);
    let mail = without(both.clone(), Contact::PhoneNumber);
    let mut only_mail = pool(B);
    only_mail.auto_verified = [Contact::Email].into();
    for (pool, user, wanted) in [
        (&pool(B), &both, "message: expected: a code by SMS to +15555550100"),
        (
            &pool(C),
            &mail,
            "message: expected: a code by e-mail to jane@example.com",
        ),
        (
            &only_mail,
            &both,
            "message: expected: a code by e-mail to jane@example.com",
        ),
        (&pool(A), &both, "message: none: nothing of this user is verified"),
    ] {
        says(&step(Deed::ResendCode, user, Some(pool)), wanted);
    }
    only_mail.verifies_by_link = true;
    says(
        &step(Deed::ResendCode, &both, Some(&only_mail)),
        "expected: a link by e-mail",
    );
    says(
        &step(Deed::ResendCode, &both, None),
        "message: whether one goes is not known: DescribeUserPool",
    );
    says(&step(Deed::ResendCode, &both, Some(&only_mail)), "5 an hour at most");
    only_mail.custom_message_trigger = true;
    says(
        &step(Deed::ResendCode, &both, Some(&only_mail)),
        "may change or suppress it",
    );
}

#[test]
fn an_invitation_is_a_new_temporary_password() {
    let user = who(UserStatus::ForceChangePassword);
    let pool = pool(B);
    says(
        &step(INVITE, &user, Some(&pool)),
        "! sign-in: makes a new temporary password; the old one stops working at once",
    );
    says(
        &step(INVITE, &user, Some(&pool)),
        "expected: an invitation with the new password by e-mail to jane@example.com",
    );
    let number = without(user.clone(), Contact::Email);
    says(&step(INVITE, &number, Some(&pool)), "by SMS to +15555550100");
    let odd = unverified(user, Contact::Email);
    says(
        &step(INVITE, &odd, Some(&pool)),
        "! message: this address is not verified: whoever reads it can sign in",
    );
}

#[test]
fn a_reset_goes_by_the_order_of_recovery_to_what_is_verified() {
    let user = jane();
    let mut pool = pool(B);
    says(
        &step(RESET, &user, Some(&pool)),
        "message: expected: a code, good for 1 hour, by e-mail to jane@example.com",
    );
    let fallen_back = unverified(user.clone(), Contact::Email);
    says(&step(RESET, &fallen_back, Some(&pool)), "by SMS to +15555550100");
    pool.recovery = Vec::new();
    says(&step(RESET, &user, Some(&pool)), "by SMS to +15555550100");
    says(&step(RESET, &user, Some(&pool)), "! status: becomes RESET_REQUIRED");
    says(&step(RESET, &user, None), "whether one goes is not known");
}

#[test]
fn switching_on_and_off_says_what_becomes_of_tokens_and_tells_nobody() {
    let pool = pool(B);
    says(&step(ENABLE, &off(jane()), Some(&pool)), "tokens from before stay dead");
    says(
        &step(ENABLE, &off(who(UserStatus::Unconfirmed)), Some(&pool)),
        "! status: stays UNCONFIRMED",
    );
    says(
        &step(DISABLE, &jane(), Some(&pool)),
        "! sign-in: cannot sign in, and all tokens are revoked",
    );
    for deed in [ENABLE, DISABLE] {
        says(&step(deed, &jane(), Some(&pool)), "message: none: nobody is told");
    }
}

#[test]
fn codes_are_counted_and_the_value_that_waits_is_named() {
    let (user, pool, new) = (jane(), pool(C), value("new@example.com"));
    let mut send = step(Deed::SendCode(Contact::Email), &user, Some(&pool));
    says(&send, "limit: 0 of 5 codes this hour, as far as this program knows");
    says(
        &send,
        "goes to the address that waits for one, else to jane@example.com",
    );
    send.pending = Some(&new);
    send.codes = 5;
    says(&send, "expected to go to new@example.com, which waits for it");
    says(
        &send,
        "! limit: 5 of 5 codes this hour, as far as this program knows: the service is expected to refuse",
    );
    let mut verify = step(Deed::VerifyCode(Contact::Email), &user, Some(&pool));
    says(&verify, "where none waits, jane@example.com counts as verified");
    verify.pending = Some(&new);
    says(&verify, "email: new@example.com takes effect and counts as verified");
    says(&verify, "email: the old address jane@example.com stops counting");
}

#[test]
fn each_status_has_its_steps_and_the_others_are_refused_in_words() {
    use UserStatus::{Compromised, Confirmed, ExternalProvider, ForceChangePassword, ResetRequired, Unconfirmed};
    let pool = pool(B);
    let open: [(UserStatus, &[Deed]); 6] = [
        (Unconfirmed, &[CONFIRM, Deed::ResendCode, DISABLE]),
        (Confirmed, &[RESET, DISABLE]),
        (ForceChangePassword, &[INVITE, DISABLE]),
        (ResetRequired, &[RESET, DISABLE]),
        (ExternalProvider, &[DISABLE]),
        (Compromised, &[RESET, DISABLE]),
    ];
    for (status, wanted) in open {
        let user = who(status.clone());
        let found: Vec<Deed> = Deed::ON_ACCOUNT
            .into_iter()
            .filter(|deed| refused_beforehand(*deed, &user, Some(&pool)).is_none())
            .collect();
        assert_eq!(found, wanted, "{status:?}");
    }
    assert_eq!(
        refusal(CONFIRM, &jane(), &pool),
        "only an UNCONFIRMED user is confirmed; this one is CONFIRMED"
    );
    assert_eq!(
        refusal(Deed::ResendCode, &who(ResetRequired), &pool),
        "only an UNCONFIRMED user gets a sign-up code; this one is RESET_REQUIRED"
    );
    assert_eq!(
        refusal(INVITE, &jane(), &pool),
        "only a FORCE_CHANGE_PASSWORD user is invited again; this one is CONFIRMED"
    );
    assert_eq!(refusal(ENABLE, &jane(), &pool), "is enabled already");
    assert_eq!(refusal(DISABLE, &off(jane()), &pool), "is disabled already");
    assert_eq!(refusal(ENABLE, &off(jane()), &pool), "no");
    assert_eq!(
        refusal(RESET, &off(jane()), &pool),
        "the account is disabled: enable it first"
    );
    assert_eq!(
        refusal(RESET, &who(ForceChangePassword), &pool),
        "has a temporary password that was never changed: send the invitation again instead"
    );
}

#[test]
fn a_message_needs_somewhere_to_go() {
    let mut pool = pool(B);
    let nowhere = |status| without(without(who(status), Contact::Email), Contact::PhoneNumber);
    assert_eq!(
        refusal(Deed::ResendCode, &nowhere(UserStatus::Unconfirmed), &pool),
        "there is no address or number that a code could go to in this pool"
    );
    assert_eq!(
        refusal(INVITE, &nowhere(UserStatus::ForceChangePassword), &pool),
        "there is no address and no number that an invitation could go to"
    );
    let no_mark = unverified(unverified(jane(), Contact::Email), Contact::PhoneNumber);
    assert_eq!(
        refusal(RESET, &no_mark, &pool),
        "nothing verified is there that the code could go to: verify an address or number first"
    );
    assert_eq!(refused_beforehand(RESET, &no_mark, None), None, "the pool is not known");
    pool.recovery = vec![Recovery::VerifiedEmail];
    assert!(refused_beforehand(RESET, &unverified(jane(), Contact::Email), Some(&pool)).is_some());
    pool.recovery = vec![Recovery::AdminOnly];
    assert_eq!(
        refusal(RESET, &jane(), &pool),
        "this pool lets administrators alone recover accounts, so no code is sent"
    );
    pool.auto_verified = [].into();
    assert_eq!(
        refusal(Deed::ResendCode, &who(UserStatus::Unconfirmed), &pool),
        "this pool verifies nothing by itself, so there is no sign-up code"
    );
}

fn changed(user: User, route: Route, vouch: Option<&str>) -> Operation {
    let schema = schema();
    let mut draft = Draft::new(Arc::new(user), route);
    draft.set(name("email"), Edit::Set(value("new@example.com")));
    match vouch {
        Some(flag) => draft.set_vouch(
            Contact::Email,
            if flag == "true" {
                Vouch::Checked
            } else {
                Vouch::Unverified
            },
        ),
        None => draft.set_vouch(Contact::Email, Vouch::Pool),
    }
    let rules = match route {
        Route::Admin => Rules::admin(&schema),
        Route::Own => Rules::own(&schema, None),
    };
    Operation::update(draft.change_set(&rules).expect("nothing stands in the way"))
}

#[test]
fn the_fitting_step_after_a_changed_address() {
    let pool = pool(B);
    let next = |user: User, vouch| {
        let operation = changed(user.clone(), Route::Admin, vouch);
        fitting(&operation, &Outcome::Applied, &[], &user, Some(&pool))
    };
    use UserStatus::{Confirmed, ForceChangePassword, ResetRequired, Unconfirmed};
    assert_eq!(next(who(Unconfirmed), None), Some(Deed::ResendCode));
    assert_eq!(next(who(Unconfirmed), Some("true")), Some(CONFIRM));
    assert_eq!(next(who(ForceChangePassword), None), Some(INVITE));
    assert_eq!(next(who(ResetRequired), Some("true")), Some(RESET));
    assert_eq!(next(who(Confirmed), None), None);
    assert_eq!(next(off(who(Confirmed)), None), Some(ENABLE));
    assert_eq!(next(off(who(Unconfirmed)), None), Some(ENABLE));
    let stuck = unverified(unverified(who(ResetRequired), Contact::Email), Contact::PhoneNumber);
    assert_eq!(next(stuck, None), None, "it would be refused");
    let operation = changed(who(Unconfirmed), Route::Admin, None);
    let differs = Outcome::Differs(Vec::new());
    assert_eq!(fitting(&operation, &differs, &[], &jane(), Some(&pool)), None);
}

#[test]
fn a_code_that_is_out_is_entered_next() {
    let pool = pool(C);
    let delivery = |attribute: &str| CodeDelivery {
        attribute: Some(Raw::from(attribute)),
        medium: Some(Raw::from("EMAIL")),
        destination: Some(Raw::from("n***@e***")),
    };
    let own = changed(jane(), Route::Own, None);
    let after = |outcome, reported: &[CodeDelivery]| fitting(&own, &outcome, reported, &jane(), Some(&pool));
    let enter = |contact| Some(Deed::VerifyCode(contact));
    assert_eq!(after(Outcome::Waiting, &[delivery("email")]), enter(Contact::Email));
    assert_eq!(
        after(Outcome::Applied, &[delivery("phone_number")]),
        enter(Contact::PhoneNumber)
    );
    assert_eq!(
        after(Outcome::Waiting, &[]),
        enter(Contact::Email),
        "the old value is still there"
    );
    assert_eq!(after(Outcome::Applied, &[]), None);
    let user = Arc::new(jane());
    let sent = Operation::SendCode {
        user: Arc::clone(&user),
        contact: Contact::PhoneNumber,
        metadata: ClientMetadata::default(),
    };
    assert_eq!(
        fitting(&sent, &Outcome::Waiting, &[], &user, Some(&pool)),
        enter(Contact::PhoneNumber)
    );
    let stuck = who(UserStatus::Unconfirmed);
    let resent = Operation::ResendCode {
        user: Arc::new(stuck.clone()),
        client: ClientId::new("web"),
    };
    assert_eq!(
        fitting(&resent, &Outcome::Waiting, &[], &stuck, Some(&pool)),
        Some(CONFIRM)
    );
    let enabled = Operation::Account {
        user,
        account: Account::Enable,
    };
    assert_eq!(
        fitting(&enabled, &Outcome::Applied, &[], &stuck, Some(&pool)),
        Some(Deed::ResendCode)
    );
    assert_eq!(fitting(&enabled, &Outcome::Applied, &[], &jane(), Some(&pool)), None);
}

#[test]
fn what_can_keep_a_steps_message_from_arriving_is_said() {
    let mut pool = pool(B);
    pool.sms_role = false;
    pool.email_sender = EmailSender::Default;
    let by_sms = who(UserStatus::Unconfirmed);
    says(
        &step(Deed::ResendCode, &by_sms, Some(&pool)),
        "! SMS: this pool has no SMS role",
    );
    let by_mail = who(UserStatus::Confirmed);
    says(
        &step(RESET, &by_mail, Some(&pool)),
        "mail: default sender: 50 e-mails a day",
    );
    let silent = lines(&step(DISABLE, &by_mail, Some(&pool)));
    assert!(
        !silent
            .iter()
            .any(|line| line.contains("sender") || line.contains("SMS role")),
        "{silent:#?}"
    );
}
