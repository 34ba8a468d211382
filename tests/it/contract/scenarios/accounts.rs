//! The steps on an account that finish a ticket: each goes through the one path of a write, and a reading says what it
//! came to. Sources: Cognito API reference, AdminConfirmSignUp, AdminResetUserPassword, AdminEnableUser,
//! AdminDisableUser; developer guide, "Signing up and confirming user accounts"; words as people got them.

use cognitui::domain::{Account, Operation};
use serde_json::json;

use super::writing_program;
use crate::contract::ledger::Ledger;
use crate::contract::people::{ordinary, people};
use crate::contract::program::{Program, became};
use crate::contract::service::{Proof, Site};

/// Takes a step as it would be taken from the review, and says what it came to and what another client then reads.
fn step(program: &Program, site: &Site, username: &str, account: Account) -> String {
    let user = program.user(&site.place, username).unwrap();
    let submitted = program.carry_out(&site.place, Operation::Account { user, account });
    let seen = site.seen(&[username]).remove(0);
    let enabled = if seen.enabled { "enabled" } else { "disabled" };
    format!("{}; {} {enabled}", became(&submitted), seen.status)
}

/// On and off.
pub fn switching(ledger: &mut Ledger) {
    let site = ledger.site(&ordinary(people(&["ann", "gone"])));
    let program = writing_program(&site);
    for (statement, account, aws) in [
        ("disabled", Account::Disable, "applied; CONFIRMED disabled"),
        ("disabled once more", Account::Disable, "applied; CONFIRMED disabled"),
        ("enabled", Account::Enable, "applied; CONFIRMED enabled"),
        ("enabled once more", Account::Enable, "applied; CONFIRMED enabled"),
    ] {
        ledger.states(statement, aws, step(&program, &site, "ann", account));
    }
    let user = program.user(&site.place, "ann").unwrap();
    let disable = Operation::Account {
        user,
        account: Account::Disable,
    };
    site.by_another_client(&[("AdminDisableUser", json!({"Username": "ann"}))]);
    ledger.states(
        "disabled meanwhile by somebody else: nothing goes out",
        "not sent: enabled",
        became(&program.carry_out(&site.place, disable)),
    );
    let gone = program.user(&site.place, "gone").unwrap();
    site.by_another_client(&[("AdminDeleteUser", json!({"Username": "gone"}))]);
    ledger.states(
        "deleted meanwhile: nothing goes out",
        "not sent: UserNotFoundException: User does not exist.",
        became(&program.carry_out(
            &site.place,
            Operation::Account {
                user: gone,
                account: Account::Disable,
            },
        )),
    );
    let reading = super::program();
    ledger.states(
        "reading only, no step goes out",
        "refused: ReadOnly: this pool is open for reading only; nothing was sent; CONFIRMED disabled",
        step(&reading, &site, "ann", Account::Enable),
    );
}

/// A new password to be set by its user.
pub fn resetting(ledger: &mut Ledger) {
    let mut unverified = people(&["unverified"])[0].clone();
    unverified["attributes"]["email_verified"] = json!("false");
    let mut off = people(&["off"])[0].clone();
    off["enabled"] = json!(false);
    let mut invited = people(&["invited"])[0].clone();
    invited["confirmed"] = json!(false);
    let mut users = people(&["ann"]);
    users.as_array_mut().unwrap().extend([unverified, off, invited]);
    let site = ledger.site(&ordinary(users));
    let client = site.app_client("open", &["ALLOW_USER_PASSWORD_AUTH"], Proof::None);
    site.sign_up(&client, "zoe", "zoe@example.com");
    let program = writing_program(&site);
    let state = "NotAuthorizedException: User password cannot be reset in the current state.";
    for (statement, username, aws) in [
        (
            "a password is reset",
            "ann",
            "applied; RESET_REQUIRED enabled".to_owned(),
        ),
        (
            "a disabled user",
            "off",
            "refused: NotAuthorizedException: User is disabled.; CONFIRMED disabled".to_owned(),
        ),
        (
            "somebody who was invited and has not signed in",
            "invited",
            format!("refused: {state}; FORCE_CHANGE_PASSWORD enabled"),
        ),
        (
            "somebody whose sign-up is not confirmed",
            "zoe",
            format!("refused: {state}; UNCONFIRMED enabled"),
        ),
        (
            "somebody without a verified contact",
            "unverified",
            "refused: InvalidParameterException: Cannot reset password for the user as there is no \
             registered/verified email or phone_number; CONFIRMED enabled"
                .to_owned(),
        ),
    ] {
        ledger.states(statement, aws, step(&program, &site, username, Account::ResetPassword));
    }
}

/// A sign-up that nobody finished.
pub fn confirming(ledger: &mut Ledger) {
    let site = ledger.site(&ordinary(people(&["ann"])));
    let client = site.app_client("open", &["ALLOW_USER_PASSWORD_AUTH"], Proof::None);
    site.sign_up(&client, "zoe", "zoe@example.com");
    let program = writing_program(&site);
    ledger.states(
        "a sign-up is confirmed",
        "applied; CONFIRMED enabled",
        step(&program, &site, "zoe", Account::ConfirmSignUp),
    );
    ledger.states(
        "which verifies nothing",
        "false",
        site.seen(&["zoe"])[0]
            .attributes
            .get("email_verified")
            .map_or("false", String::as_str),
    );
    ledger.states(
        "whoever is confirmed cannot be confirmed",
        "refused: NotAuthorizedException: User cannot be confirmed. Current status is CONFIRMED; CONFIRMED enabled",
        step(&program, &site, "ann", Account::ConfirmSignUp),
    );
}
