//! What a reading proves, and what it does not.

use super::*;
use crate::domain::fault::{Fault, FaultKind};
use VerificationKind::{AfterUpdate as B, BeforeUpdate as C};

fn after(case: &Case, changed: &[(&str, Option<&str>)]) -> User {
    let mut now = case.draft.base().as_ref().clone();
    for (attribute, text) in changed {
        match text {
            Some(text) => now.attributes.insert(name(attribute), value(text)),
            None => now.attributes.remove(&name(attribute)),
        };
    }
    now
}

fn settled(case: &Case, changed: &[(&str, Option<&str>)]) -> Settled {
    settle_unknown(
        &Operation::update(case.change_set()),
        case.pool.get(),
        &after(case, changed),
    )
}

fn read_back(case: &Case, changed: &[(&str, Option<&str>)]) -> Outcome {
    classify(
        &Operation::update(case.change_set()),
        case.pool.get(),
        &[],
        &after(case, changed),
    )
}

#[test]
fn another_value_differs_and_both_are_told() {
    let case = Case::new(pool(B), jane()).set("custom:tier", "gold").delete("nickname");
    assert_eq!(
        read_back(&case, &[("custom:tier", Some("gold")), ("nickname", None)]),
        Outcome::Applied
    );
    let Outcome::Differs(drifts) = read_back(&case, &[("custom:tier", Some("bronze")), ("nickname", Some(""))]) else {
        panic!("it differs");
    };
    assert_eq!(drifts.len(), 2);
    let tier = drifts
        .iter()
        .find(|drift| drift.name == name("custom:tier"))
        .expect("named");
    assert_eq!(
        (tier.expected.as_ref(), tier.now.as_ref()),
        (Some(&value("gold")), Some(&value("bronze")))
    );
    let nickname = drifts
        .iter()
        .find(|drift| drift.name == name("nickname"))
        .expect("named");
    assert_eq!(
        (nickname.expected.as_ref(), nickname.now.as_ref()),
        (None, Some(&value("")))
    );
}

#[test]
fn only_a_pool_that_waits_excuses_an_old_contact() {
    let waits = Case::new(pool(C), jane())
        .new_contact(Contact::Email, Vouch::Pool)
        .set("custom:tier", "gold");
    assert_eq!(read_back(&waits, &[("custom:tier", Some("gold"))]), Outcome::Waiting);
    assert!(
        matches!(read_back(&waits, &[]), Outcome::Differs(drifts) if drifts.len() == 1),
        "the tier would show"
    );
    assert_eq!(
        read_back(
            &waits,
            &[("custom:tier", Some("gold")), ("email", Some("jane.doe@example.com"))]
        ),
        Outcome::Applied,
        "a service that writes at once is believed"
    );
    assert!(matches!(
        read_back(
            &waits,
            &[("custom:tier", Some("gold")), ("email", Some("else@example.com"))]
        ),
        Outcome::Differs(_)
    ));
    let vouched = Case::new(pool(C), jane()).new_contact(Contact::Email, Vouch::Checked);
    assert!(
        matches!(read_back(&vouched, &[]), Outcome::Differs(_)),
        "a vouched one changes at once"
    );
    let at_once = Case::new(pool(B), jane()).new_contact(Contact::Email, Vouch::Pool);
    assert!(matches!(read_back(&at_once, &[]), Outcome::Differs(_)));
}

#[test]
fn without_the_pools_settings_an_old_contact_may_be_waiting() {
    let mut case = Case::new(pool(B), jane()).new_contact(Contact::PhoneNumber, Vouch::Pool);
    case.pool = Known::NotKnown("no permission".into());
    assert_eq!(read_back(&case, &[]), Outcome::Waiting);
    assert_eq!(
        read_back(&case, &[("phone_number", Some("+15555550199"))]),
        Outcome::Applied
    );
    assert_eq!(
        expected_after(&case.change_set(), None).may_wait,
        [Contact::PhoneNumber]
    );
}

#[test]
fn an_absent_flag_reads_as_false() {
    let case = Case::new(pool(B), jane()).set("email_verified", "false");
    assert_eq!(read_back(&case, &[("email_verified", None)]), Outcome::Applied);
    assert!(matches!(
        read_back(&case, &[("email_verified", Some("True"))]),
        Outcome::Differs(_)
    ));
}

#[test]
fn a_flag_the_service_should_have_reset_is_named_and_fails_nothing() {
    let case = Case::new(pool(B), jane()).new_contact(Contact::Email, Vouch::Pool);
    let now = after(&case, &[("email", Some("jane.doe@example.com"))]);
    assert_eq!(
        classify(&Operation::update(case.change_set()), case.pool.get(), &[], &now),
        Outcome::Applied
    );
    let flags = unexpected_flags(&case.change_set(), case.pool.get(), &now);
    assert_eq!(flags.len(), 1);
    assert_eq!(
        (flags[0].expected.as_ref(), flags[0].now.as_ref()),
        (Some(&value("false")), Some(&value("true")))
    );
}

#[test]
fn all_new_was_applied() {
    let case = Case::new(pool(B), jane())
        .new_contact(Contact::Email, Vouch::Checked)
        .set("custom:tier", "gold");
    let new = [("email", Some("jane.doe@example.com")), ("custom:tier", Some("gold"))];
    assert_eq!(settled(&case, &new), Settled::AppliedAfterAll(Outcome::Applied));
}

#[test]
fn all_old_with_one_that_would_show_was_not_applied_so_far() {
    let waits = Case::new(pool(C), jane())
        .new_contact(Contact::Email, Vouch::Pool)
        .set("custom:tier", "gold");
    assert_eq!(settled(&waits, &[]), Settled::NotAppliedSoFar);
    let vouched = Case::new(pool(C), jane()).new_contact(Contact::Email, Vouch::Checked);
    assert_eq!(settled(&vouched, &[]), Settled::NotAppliedSoFar);
}

#[test]
fn a_contact_that_would_wait_settles_nothing_by_being_old() {
    let waits = Case::new(pool(C), jane()).new_contact(Contact::Email, Vouch::Pool);
    assert_eq!(settled(&waits, &[]), Settled::StillUnknown);
    let with_flag = Case::new(pool(C), jane()).new_contact(Contact::Email, Vouch::Unverified);
    assert_eq!(settled(&with_flag, &[]), Settled::StillUnknown);
    assert_eq!(
        settled(&waits, &[("email", Some("jane.doe@example.com"))]),
        Settled::AppliedAfterAll(Outcome::Applied)
    );
    let mut unknown_pool = Case::new(pool(B), jane()).new_contact(Contact::Email, Vouch::Pool);
    unknown_pool.pool = Known::Asking;
    assert_eq!(settled(&unknown_pool, &[]), Settled::StillUnknown);
}

#[test]
fn what_would_show_settles_for_the_contact_that_waits() {
    let waits = Case::new(pool(C), jane())
        .new_contact(Contact::Email, Vouch::Pool)
        .set("custom:tier", "gold");
    assert_eq!(
        settled(&waits, &[("custom:tier", Some("gold"))]),
        Settled::AppliedAfterAll(Outcome::Waiting)
    );
}

#[test]
fn a_mixture_and_a_third_value_stay_unknown() {
    let two = Case::new(pool(B), jane()).set("custom:tier", "gold").delete("nickname");
    assert_eq!(settled(&two, &[("custom:tier", Some("gold"))]), Settled::StillUnknown);
    assert_eq!(settled(&two, &[("custom:tier", Some("bronze"))]), Settled::StillUnknown);
    let waits = Case::new(pool(C), jane())
        .new_contact(Contact::Email, Vouch::Pool)
        .set("custom:tier", "gold");
    assert_eq!(
        settled(&waits, &[("email", Some("jane.doe@example.com"))]),
        Settled::StillUnknown
    );
}

#[test]
fn a_flag_sent_with_the_value_it_had_proves_nothing() {
    // The flag is true before and after: only the address tells.
    let case = Case::new(pool(B), jane()).new_contact(Contact::Email, Vouch::Checked);
    assert_eq!(case.change_set().len(), 2);
    assert_eq!(settled(&case, &[]), Settled::NotAppliedSoFar);
    let alone = Case::new(pool(B), unverified(jane(), Contact::Email)).set("email_verified", "true");
    assert_eq!(settled(&alone, &[]), Settled::NotAppliedSoFar);
    assert_eq!(
        settled(&alone, &[("email_verified", Some("true"))]),
        Settled::AppliedAfterAll(Outcome::Applied)
    );
}

#[test]
fn what_does_not_settle_stays_unknown_with_its_fault() {
    let fault = || Fault::transport("AdminUpdateUserAttributes", FaultKind::Timeout, "");
    assert_eq!(Settled::StillUnknown.outcome(fault()), Outcome::Unknown(fault()));
    assert_eq!(Settled::NotAppliedSoFar.outcome(fault()), Outcome::Unknown(fault()));
    assert_eq!(
        Settled::AppliedAfterAll(Outcome::Waiting).outcome(fault()),
        Outcome::Waiting
    );
    let after = |kind| {
        let fault = Fault::transport("AdminUpdateUserAttributes", kind, "");
        Settled::AppliedAfterAll(Outcome::Applied).sentence(&fault).plain()
    };
    assert!(after(FaultKind::Timeout).starts_with("no answer came"));
    assert!(after(FaultKind::Server).starts_with("the answer was an error"));
    assert!(after(FaultKind::Undecodable).starts_with("the answer could not be read"));
    assert!(
        Settled::StillUnknown
            .sentence(&fault())
            .plain()
            .contains("a second message")
    );
    assert!(
        Settled::NotAppliedSoFar
            .sentence(&fault())
            .plain()
            .contains("may still land")
    );
}
