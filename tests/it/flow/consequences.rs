//! What will happen, said before anything is sent, for people as they are in the pools of the demo.

use cognitui::emulator::Fault;

use super::scene::{CUSTOMERS, LIST, PARTNERS, SHOP, STAFF, form, open_form, setup};

#[test]
fn nothing_is_said_while_nothing_is_pending() {
    let stage = form(CUSTOMERS, "jane.doe");
    assert_eq!(stage.will_happen(), "");
}

#[test]
fn a_new_address_under_each_choice() {
    let mut stage = form(CUSTOMERS, "jane.doe");
    stage.set("email", "jane.doe@example.com");
    stage.will("email: nobody has said yet whether it is verified: v chooses; review goes there first.");
    stage.keys("v");
    stage.will("email: changes at once, because you vouch for it; no message goes to anyone.");
    stage.will("email: Sign-in and password reset move to it; the old address stops working.");
    stage.keys("v");
    stage.will("email: changes at once, not verified; a code by e-mail to jane.doe@example.com is expected.");
    stage.will("email: Verified until now; not any more, until the code is entered.");
    stage.keys("v");
    stage.will(
        "email: changes at once, marked unverified; a code by e-mail to jane.doe@example.com is expected all the same.",
    );
}

#[test]
fn a_pool_that_waits_for_the_code() {
    let mut stage = form(SHOP, "jane.doe");
    stage.set("email", "jane.doe@example.com").keys("vv");
    stage.will("email: waits for its code: a code by e-mail to jane.doe@example.com is expected.");
    stage.will("email: Until it is entered the old address stays in force, as it is.");
    stage.will("A custom message trigger of this pool may change or suppress the message.");
    stage.shows("this pool: a new address waits for its code");
}

#[test]
fn a_pool_that_sends_nothing() {
    let mut stage = open_form(setup(STAFF, "dan@example.com"));
    stage.set("email", "dan.d@example.com").keys("vv");
    stage.will("email: changes at once, not verified; no message goes to anyone.");
    stage.will("email: It becomes the name to sign in with; the old address stops working.");
}

#[test]
fn sms_codes_follow_the_number() {
    let mut stage = form(CUSTOMERS, "mfa.sms");
    stage.set("phone_number", "+15555550199").keys("v");
    stage.will("MFA: the next sign-in code goes to +15555550199; whoever holds that phone passes MFA");
    stage.keys("x");
    stage.will("MFA: mfa.sms can no longer pass MFA");
}

#[test]
fn an_unchanged_factor_is_named() {
    let mut stage = form(CUSTOMERS, "jane.doe");
    stage.set("email", "jane.doe@example.com").keys("v");
    stage.will("MFA: unchanged: sign-in codes still go by SMS to +15555550100");
}

#[test]
fn both_contacts_at_once_ask_whether_this_is_the_customer() {
    let mut stage = form(CUSTOMERS, "mfa.totp");
    stage
        .set("email", "new@example.net")
        .keys("v")
        .set("phone_number", "+15555550199")
        .keys("v");
    stage.will("recover: every way to recover this account becomes new today. Is this the customer?");
}

#[test]
fn the_status_of_the_user_counts() {
    let mut stage = form(CUSTOMERS, "bob");
    stage.set("email", "bob.m@example.com");
    stage.will("status: the invitation went to the old address");
    let mut stage = form(CUSTOMERS, "status.unconfirmed");
    stage.set("email", "confirmed@example.com");
    stage.will("status: a new address does not confirm this account; next: resend the code or confirm");
    let mut stage = form(CUSTOMERS, "eve");
    stage.set("nickname", "E");
    stage.will("status: disabled: cannot sign in whatever you change");
    let mut stage = form(CUSTOMERS, "sofia.r");
    stage.set("email", "sofia@example.com");
    stage.will("status: a password reset is open: its code, if one is out, went to the old address");
}

#[test]
fn an_identity_provider_rewrites_what_it_maps() {
    let okta = "Okta_00u1a2b3c4D5e6F7g8H9";
    let mut stage = form(CUSTOMERS, okta);
    stage.set("name", "René D.");
    stage.will("idp: rewritten at the next sign-in through Okta: name");
    stage.keys("u").set("nickname", "R");
    stage.will("idp: nothing of this is rewritten at a sign-in through Okta");
    let denied = setup(PARTNERS, "CorpSAML_ana@corp.example")
        .service(|service| service.inject(Fault::denied("DescribeIdentityProvider")));
    let mut stage = open_form(denied);
    stage.set("custom:company", "Corp");
    stage.will("idp: may be rewritten (mapping not readable) at the next federated sign-in");
}

#[test]
fn the_owner_of_a_new_address_is_looked_up_after_the_change_and_again_at_review() {
    let mut stage = form(CUSTOMERS, "jane.doe");
    let before = stage.calls(LIST).len();
    stage.set("email", "jane.doe@example.com");
    assert_eq!(stage.calls(LIST).len(), before + 1);
    assert_eq!(stage.calls(LIST)[before]["Filter"], "email = \"jane.doe@example.com\"");
    stage.will("owner: no other user found with the new address (asked 10:0");
    stage.keys("v<enter><enter>");
    assert_eq!(
        stage.calls(LIST).len(),
        before + 1,
        "the same value is not asked about twice"
    );
    stage.keys("<ctrl-s>");
    assert_eq!(stage.calls(LIST).len(), before + 2);
    stage.will("owner: no other user found with the new address (asked 10:0");
}

#[test]
fn whoever_has_the_address_is_named_by_what_happens_to_them() {
    let mut stage = form(CUSTOMERS, "bob");
    stage.set("email", "bob@new.example").keys("v");
    stage.will("owner: taken from rob, who is not told: the address becomes unverified there and no longer signs in");
    stage.keys("v");
    stage.will("owner: rob signs in with it; this user does not unless it is verified here");
    let mut stage = open_form(setup(STAFF, "dan@example.com"));
    stage.set("email", "una@example.com").keys("v");
    stage.will("has it: the service refuses it with AliasExistsException");
}

#[test]
fn a_lookup_that_is_not_allowed_is_not_known_and_can_be_asked_again() {
    let mut stage = form(CUSTOMERS, "bob");
    stage.emulator.inject(Fault::denied(LIST));
    stage.set("email", "bob@new.example").keys("v");
    stage.will("owner: whether another user has the new address is not known: cognito-idp:ListUsers is not allowed");
    stage.emulator.heal();
    stage.keys("r");
    stage.will("owner: taken from rob");
}

#[test]
fn under_review_it_is_said_what_is_left_of_the_old_values() {
    let mut stage = form(CUSTOMERS, "jane.doe");
    stage.set("nickname", "JJ").keys("<ctrl-s>");
    stage.will("undo: z in the journal puts it back, if nobody has changed it since");
}

#[test]
fn a_mark_taken_back_asks_nobody() {
    let mut stage = form(CUSTOMERS, "jane.doe");
    let before = stage.calls(LIST).len();
    stage.go("email").keys("v");
    assert_eq!(
        stage.calls(LIST).len(),
        before,
        "marking unverified takes nothing from anyone"
    );
}
