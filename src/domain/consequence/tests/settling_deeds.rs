//! What a reading proves about a step on an account, about codes, and where the service reported messages.

use super::*;
use crate::domain::deed::Account;
use crate::domain::delivery::CodeDelivery;
use crate::domain::draft::ClientMetadata;
use crate::domain::secret::Secret;
use VerificationKind::{AfterUpdate as B, BeforeUpdate as C, None as A};

const EMAIL: Contact = Contact::Email;

fn step(user: &User, account: Account) -> Operation {
    Operation::Account {
        user: Arc::new(user.clone()),
        account,
    }
}

fn verify(user: &User, pending: Option<&str>) -> Operation {
    Operation::VerifyCode {
        user: Arc::new(user.clone()),
        contact: EMAIL,
        pending: pending.map(value),
        code: Secret::new("123456"),
    }
}

fn disabled(mut user: User) -> User {
    user.enabled = false;
    user
}

fn with_email(mut user: User, text: &str, verified: &str) -> User {
    user.attributes.insert(name("email"), value(text));
    user.attributes.insert(name("email_verified"), value(verified));
    user
}

fn delivery(attribute: &str) -> CodeDelivery {
    CodeDelivery {
        attribute: Some(Raw::from(attribute)),
        medium: Some(Raw::from("EMAIL")),
        destination: Some(Raw::from("j***@e***")),
    }
}

#[test]
fn an_accepted_step_is_applied_when_it_reads_so_and_differs_when_not() {
    let jane = jane();
    for (account, done) in [
        (Account::ConfirmSignUp, with_status(jane.clone(), UserStatus::Confirmed)),
        (
            Account::ResendInvitation,
            with_status(jane.clone(), UserStatus::ForceChangePassword),
        ),
        (
            Account::ResetPassword,
            with_status(jane.clone(), UserStatus::ResetRequired),
        ),
        (Account::Enable, jane.clone()),
        (Account::Disable, disabled(jane.clone())),
    ] {
        let operation = step(&jane, account);
        assert_eq!(classify(&operation, None, &[], &done), Outcome::Applied, "{account:?}");
        let not_done = with_status(disabled(jane.clone()), UserStatus::Archived);
        let not_done = if account == Account::Disable {
            jane.clone()
        } else {
            not_done
        };
        let Outcome::Differs(drifts) = classify(&operation, None, &[], &not_done) else {
            panic!("{account:?}");
        };
        assert_eq!(drifts.len(), 1, "{account:?}");
    }
}

#[test]
fn an_unanswered_step_is_settled_by_what_moved() {
    let jane = jane();
    let disable = step(&jane, Account::Disable);
    assert_eq!(
        settle_unknown(&disable, None, &disabled(jane.clone())),
        Settled::AppliedAfterAll(Outcome::Applied)
    );
    assert_eq!(settle_unknown(&disable, None, &jane), Settled::NotAppliedSoFar);
    // An invitation that is sent again leaves the status as it was: no reading can tell.
    let invited = with_status(jane.clone(), UserStatus::ForceChangePassword);
    let again = step(&invited, Account::ResendInvitation);
    assert_eq!(settle_unknown(&again, None, &invited), Settled::StillUnknown);
    // So does a second reset.
    let reset = with_status(jane, UserStatus::ResetRequired);
    assert_eq!(
        settle_unknown(&step(&reset, Account::ResetPassword), None, &reset),
        Settled::StillUnknown
    );
}

#[test]
fn a_code_that_went_out_waits_and_is_never_settled_by_reading() {
    let user = with_status(unverified(jane(), EMAIL), UserStatus::Unconfirmed);
    let resend = Operation::ResendCode {
        user: Arc::new(user.clone()),
        client: ClientId::new("1h57kf5cpq17m0eml12EXAMPLE"),
    };
    let send = Operation::SendCode {
        user: Arc::new(user.clone()),
        contact: EMAIL,
        metadata: ClientMetadata::default(),
    };
    for operation in [&resend, &send] {
        let reported = [delivery("email")];
        assert_eq!(classify(operation, None, &reported, &user), Outcome::Waiting);
        assert_eq!(classify(operation, None, &[], &user), Outcome::Waiting);
        assert_eq!(settle_unknown(operation, None, &user), Settled::StillUnknown);
    }
    let confirmed = with_status(user, UserStatus::Confirmed);
    assert_eq!(
        classify(&resend, None, &[], &confirmed),
        Outcome::Applied,
        "somebody entered it meanwhile"
    );
}

#[test]
fn a_verified_contact_shows_its_mark_and_the_value_that_waited() {
    let before = unverified(jane(), EMAIL);
    let now = with_email(before.clone(), "jane@example.com", "true");
    assert_eq!(classify(&verify(&before, None), None, &[], &now), Outcome::Applied);
    let Outcome::Differs(drifts) = classify(&verify(&before, None), None, &[], &before) else {
        panic!("the mark is missing");
    };
    assert_eq!(drifts[0].name, name("email_verified"));

    // What waited has to be in force as well: the old value stayed verified all the time.
    let waiting = verify(&jane(), Some("jane.doe@example.com"));
    let Outcome::Differs(drifts) = classify(&waiting, None, &[], &jane()) else {
        panic!("the value is missing");
    };
    assert_eq!(
        drifts.iter().map(|drift| drift.name.as_str()).collect::<Vec<_>>(),
        ["email"]
    );
    let in_force = with_email(jane(), "jane.doe@example.com", "true");
    assert_eq!(classify(&waiting, None, &[], &in_force), Outcome::Applied);

    assert_eq!(
        settle_unknown(&waiting, None, &in_force),
        Settled::AppliedAfterAll(Outcome::Applied)
    );
    assert_eq!(settle_unknown(&waiting, None, &jane()), Settled::NotAppliedSoFar);
    assert_eq!(
        settle_unknown(&verify(&jane(), None), None, &jane()),
        Settled::StillUnknown,
        "it was verified before"
    );
}

/// The service's own report counts for more than what the pool's settings let one expect.
#[test]
fn a_contact_that_a_message_is_reported_for_may_wait_whatever_the_pool_says() {
    for kind in [A, B] {
        let case = Case::own(pool(kind), jane()).set("email", "jane.doe@example.com");
        let operation = Operation::update(case.change_set());
        let told = |reported: &[CodeDelivery]| classify(&operation, case.pool.get(), reported, &jane());
        assert_eq!(told(&[delivery("email")]), Outcome::Waiting, "{kind:?}");
        assert!(matches!(told(&[]), Outcome::Differs(_)), "{kind:?}");
        assert!(
            matches!(told(&[delivery("phone_number")]), Outcome::Differs(_)),
            "{kind:?}: a message about another contact excuses nothing"
        );
        let new = with_email(jane(), "jane.doe@example.com", "false");
        assert_eq!(
            classify(&operation, case.pool.get(), &[delivery("email")], &new),
            Outcome::Applied
        );
    }
    // Where nothing is known of the attribute, nothing is concluded.
    let case = Case::own(pool(C), jane()).set("custom:tier", "gold");
    let operation = Operation::update(case.change_set());
    let silent = CodeDelivery {
        attribute: None,
        medium: None,
        destination: None,
    };
    assert!(matches!(
        classify(&operation, case.pool.get(), &[silent], &jane()),
        Outcome::Differs(_)
    ));
}

#[test]
fn deletions_of_ones_own_show_at_once() {
    let case = Case::own(pool(C), jane()).delete("email").delete("nickname");
    let operation = Operation::update(case.change_set());
    let mut gone = without(jane(), EMAIL);
    gone.attributes.remove(&name("nickname"));
    assert_eq!(classify(&operation, case.pool.get(), &[], &gone), Outcome::Applied);
    assert!(matches!(
        classify(&operation, case.pool.get(), &[], &jane()),
        Outcome::Differs(drifts) if drifts.len() == 2
    ));
    assert_eq!(
        settle_unknown(&operation, case.pool.get(), &gone),
        Settled::AppliedAfterAll(Outcome::Applied)
    );
    assert_eq!(
        settle_unknown(&operation, case.pool.get(), &jane()),
        Settled::NotAppliedSoFar
    );
}
