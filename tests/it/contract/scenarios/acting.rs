//! The user's own path from the password to the verified address: what is reported, what waits, and what the code does.
//! Sources: Cognito API reference, UpdateUserAttributes, DeleteUserAttributes, GetUserAttributeVerificationCode,
//! VerifyUserAttribute, GetUser; developer guide, "Verifying updates to email addresses and phone numbers".

use std::sync::Arc;

use cognitui::domain::{AttributeValue, ClientMetadata, Contact, Operation, Secret, User};
use cognitui::job::{Job, SignedIn, Submitted};
use serde_json::{Value, json};

use super::writing::HOSTILE;
use super::{acting_program, outcome, password, shown, with_password};
use crate::contract::ledger::Ledger;
use crate::contract::people::{custom, people};
use crate::contract::program::{Program, became, change, own_change, own_change_with, reported};
use crate::contract::service::{PASSWORD, Proof, Site};

const EMAIL: &[&str] = &["email", "email_verified"];

/// A pool that keeps the old address until the code for the new one was entered.
fn waiting_pool(users: Value) -> Value {
    json!({
        "pool": {
            "PoolName": "contract of acting",
            "AutoVerifiedAttributes": ["email"],
            "UserAttributeUpdateSettings": {"AttributesRequireVerificationBeforeUpdate": ["email"]},
        },
        "custom": custom(),
        "users": users,
    })
}

/// The own route is open for `username`, and may write.
fn acting_as(site: &Site, username: &str) -> Program {
    let client = site.app_client("acting", &["ALLOW_USER_PASSWORD_AUTH"], Proof::None);
    let program = acting_program(site);
    let signed_in = program.sign_in(&site.place, with_password(&client, username));
    assert!(matches!(signed_in, Ok(SignedIn::As(_))), "{signed_in:?}");
    program.open_own_writer(&site.place);
    program
}

fn own(program: &Program, site: &Site, username: &str) -> Arc<User> {
    match program.own_user(&site.place, username) {
        Ok(user) => user,
        Err(fault) => panic!("GetUser: {fault:?}"),
    }
}

/// What it came to, what was reported, and what another client then reads.
fn all(submitted: &Submitted, site: &Site, username: &str, look: &[&str]) -> String {
    format!(
        "{}; {}; {}",
        became(submitted),
        reported(&submitted.reported),
        shown(&site.seen(&[username]).remove(0), look)
    )
}

/// Signing in, and whose token it is.
pub fn becoming(ledger: &mut Ledger) {
    let site = ledger.site(&waiting_pool(people(&["ann", "bo"])));
    let client = site.app_client("acting", &["ALLOW_USER_PASSWORD_AUTH"], Proof::None);
    let program = acting_program(&site);
    let place = &site.place;
    let ann = program.user(place, "ann").unwrap();
    let sub = ann.sub().unwrap().to_owned();

    ledger.states(
        "before anybody signed in there is no token",
        "NoToken",
        program.own_user(place, "ann").unwrap_err().code.as_str(),
    );
    let signed_in = program.sign_in(place, password(&client, "ann", PASSWORD, Some(&sub)));
    let SignedIn::As(acting) = signed_in.unwrap() else {
        panic!("no token")
    };
    ledger.states(
        "the password gives a token of its user",
        "ann",
        acting.user.username.as_str(),
    );
    ledger.states(
        "the token names the app client",
        "the one signed in through",
        match acting.client {
            Some(found) if found.as_str() == client.id => "the one signed in through",
            Some(_) => "another one",
            None => "none",
        },
    );
    let left = acting.expires_at.duration_since((site.clock())());
    // A service on this machine may have answered up to a few minutes ago.
    ledger.states(
        "the token is good for an hour",
        "an hour",
        match left.as_mins() {
            50..=60 => "an hour".to_owned(),
            // Rounded up to whole hours.
            mins => format!("{} hours", (mins + 59) / 60),
        },
    );
    ledger.states(
        "GetUser shows the same attributes as AdminGetUser",
        "the same",
        if acting.user.attributes == ann.attributes {
            "the same".to_owned()
        } else {
            let names = |user: &User| {
                user.attributes
                    .keys()
                    .map(|name| name.as_str().to_owned())
                    .collect::<Vec<_>>()
            };
            format!("{:?} and {:?}", names(&acting.user), names(&ann))
        },
    );
    ledger.states("GetUser tells no status", "not told", acting.user.status.raw().as_str());

    let refused = program.sign_in(place, password(&client, "bo", PASSWORD, Some(&sub)));
    ledger.states(
        "the token of somebody else than expected is not taken",
        "bo",
        match refused.unwrap() {
            SignedIn::SomebodyElse(username) => username.as_str().to_owned(),
            other => format!("{other:?}"),
        },
    );
    ledger.states(
        "and the one before it stays in use",
        "ann",
        own(&program, &site, "ann").username.as_str(),
    );
    for (statement, username, text, aws) in [
        (
            "a wrong password gives none",
            "ann",
            "Wrong-Passw0rd!",
            "NotAuthorizedException",
        ),
        (
            "nobody of that name gets one",
            "nobody",
            PASSWORD,
            "UserNotFoundException",
        ),
    ] {
        let refused = program
            .sign_in(place, password(&client, username, text, None))
            .unwrap_err();
        ledger.states(statement, aws, refused.code.as_str());
    }
    let change = own_change(&acting.user, &[("nickname", Some("Bobby"))]);
    ledger.states(
        "reading only, the user's own write goes out no more than another",
        "refused: ReadOnly",
        outcome(&program.submit(place, change.clone())),
    );
    program.open_own_writer(place);
    ledger.states(
        "with leave to write, it does",
        "applied",
        outcome(&program.submit(place, change)),
    );
    let again = own_change(&own(&program, &site, "ann"), &[("nickname", Some("Robbie"))]);
    program.ask(Job::StopActing { place: place.clone() });
    ledger.states(
        "and no more once the token was put away",
        "refused: ReadOnly",
        outcome(&program.submit(place, again)),
    );
    ledger.states(
        "only the one with leave wrote",
        "nickname=Bobby",
        shown(&site.seen(&["ann"]).remove(0), &["nickname"]),
    );
}

/// A new address, from the form to the code.
pub fn own_address(ledger: &mut Ledger) {
    let site = ledger.site(&waiting_pool(people(&["ann"])));
    let program = acting_as(&site, "ann");
    let place = &site.place;
    let new = own_change(&own(&program, &site, "ann"), &[("email", Some("new@example.org"))]);
    let submitted = program.submit(place, new);
    ledger.states(
        "a new address waits, the message is reported, and the old one stays in force",
        "waiting; email EMAIL n***; email=ann@example.com email_verified=true",
        all(&submitted, &site, "ann", EMAIL),
    );
    let send = |program: &Program| Operation::SendCode {
        user: own(program, &site, "ann"),
        contact: Contact::Email,
        metadata: ClientMetadata::default(),
    };
    ledger.states(
        "the code is sent once more, and that is reported too",
        "waiting; email EMAIL n***; email=ann@example.com email_verified=true",
        all(&program.carry_out(place, send(&program)), &site, "ann", EMAIL),
    );
    let verify = |program: &Program, code: &str| Operation::VerifyCode {
        user: own(program, &site, "ann"),
        contact: Contact::Email,
        pending: Some(AttributeValue::new("new@example.org")),
        code: Secret::new(code),
    };
    ledger.states(
        "a wrong code changes nothing",
        "refused: CodeMismatchException: Invalid verification code provided, please try again.; nothing reported; \
         email=ann@example.com email_verified=true",
        all(
            &program.carry_out(place, verify(&program, "000000")),
            &site,
            "ann",
            EMAIL,
        ),
    );
    let code = site.code("ann");
    ledger.states(
        "the right code puts the new address in force",
        "applied; nothing reported; email=new@example.org email_verified=true",
        all(&program.carry_out(place, verify(&program, &code)), &site, "ann", EMAIL),
    );
    let again = program.carry_out(place, verify(&program, &code));
    ledger.states("a code is good once", "refused: ExpiredCodeException", outcome(&again));
    // What the administrator sets on top is seen by the user.
    let base = program.user(place, "ann").unwrap();
    let changes = change(
        &base,
        &[("email", Some("desk@example.net")), ("email_verified", Some("true"))],
    );
    ledger.states(
        "an administrator's change on top is in force at once",
        "applied; nothing reported; email=desk@example.net email_verified=true",
        all(&program.submit(place, changes), &site, "ann", EMAIL),
    );
    ledger.states("and the user's own reading shows it", "desk@example.net true", {
        let user = own(&program, &site, "ann");
        let text = |name: &str| user.text(name).unwrap_or("-").to_owned();
        format!("{} {}", text("email"), text("email_verified"))
    });
}

/// What a code may be asked for, and what a wrong order of things comes to.
pub fn own_codes(ledger: &mut Ledger) {
    let site = ledger.site(&json!({
        "pool": {"PoolName": "contract of codes", "AutoVerifiedAttributes": ["email"]},
        "users": [{"username": "ann",
                   "attributes": {"email": "ann@example.com", "email_verified": "false", "given_name": "Robin"}}],
    }));
    let program = acting_as(&site, "ann");
    let place = &site.place;
    let changes = own_change(&own(&program, &site, "ann"), &[("email", Some("new@example.org"))]);
    ledger.states(
        "where nothing waits, the new address is in force, unverified, and the message is reported",
        "applied; email EMAIL n***; email=new@example.org email_verified=false",
        all(&program.submit(place, changes), &site, "ann", EMAIL),
    );
    let operation = |program: &Program, contact: Contact| Operation::SendCode {
        user: own(program, &site, "ann"),
        contact,
        metadata: ClientMetadata([("ticket".to_owned(), "SUP-1".to_owned())].into()),
    };
    ledger.states(
        "a code goes to the address that is there",
        "waiting; email EMAIL n***",
        {
            let submitted = program.carry_out(place, operation(&program, Contact::Email));
            format!("{}; {}", became(&submitted), reported(&submitted.reported))
        },
    );
    ledger.states(
        "there is no number to send a code to",
        "refused: InvalidParameterException",
        outcome(&program.carry_out(place, operation(&program, Contact::PhoneNumber))),
    );
    let verify = Operation::VerifyCode {
        user: own(&program, &site, "ann"),
        contact: Contact::Email,
        pending: None,
        code: Secret::new(site.code("ann")),
    };
    ledger.states(
        "its code verifies the address",
        "applied; nothing reported; email=new@example.org email_verified=true",
        all(&program.carry_out(place, verify), &site, "ann", EMAIL),
    );
}

/// What no message goes out for.
pub fn own_attributes(ledger: &mut Ledger) {
    let site = ledger.site(&waiting_pool(people(&["ann"])));
    let program = acting_as(&site, "ann");
    let place = &site.place;
    let write = |edits: &[(&str, Option<&str>)], look: &[&str]| {
        let changes = own_change(&own(&program, &site, "ann"), edits);
        let call = Operation::update(changes.clone()).name();
        format!("{call}: {}", all(&program.submit(place, changes), &site, "ann", look))
    };
    ledger.states(
        "a value of the user's own is in force at once",
        "UpdateUserAttributes: applied; nothing reported; nickname=Bobby custom:tier=gold",
        write(
            &[("nickname", Some("Bobby")), ("custom:tier", Some("gold"))],
            &["nickname", "custom:tier"],
        ),
    );
    ledger.states(
        "any text arrives as it was written",
        format!("UpdateUserAttributes: applied; nothing reported; name={}", HOSTILE),
        write(&[("name", Some(HOSTILE))], &["name"]),
    );
    ledger.states(
        "a blank value beside a new one deletes",
        "UpdateUserAttributes: applied; nothing reported; given_name=- nickname=Robbie",
        write(
            &[("given_name", None), ("nickname", Some("Robbie"))],
            &["given_name", "nickname"],
        ),
    );
    ledger.states(
        "deletions alone have a call of their own",
        "DeleteUserAttributes: applied; nothing reported; family_name=- custom:tier=- nickname=Robbie",
        write(
            &[("family_name", None), ("custom:tier", None)],
            &["family_name", "custom:tier", "nickname"],
        ),
    );
    ledger.states(
        "an attribute that the schema does not have",
        "UpdateUserAttributes: refused: InvalidParameterException: user.custom:nothing: Attribute does not exist in \
         the schema.; nothing reported; custom:nothing=-",
        write(&[("custom:nothing", Some("x"))], &["custom:nothing"]),
    );
    ledger.states(
        "an attribute that never changes",
        "UpdateUserAttributes: refused: InvalidParameterException: user.custom:employee: Attribute cannot be \
         updated.; nothing reported; custom:employee=E-1001",
        write(&[("custom:employee", Some("E-2"))], &["custom:employee"]),
    );
    let base = own(&program, &site, "ann");
    let metadata = ClientMetadata([("ticket".to_owned(), "SUP-1, \"quoted\"".to_owned())].into());
    let told = program.submit(place, own_change_with(&base, &[("nickname", Some("Told"))], metadata));
    ledger.states(
        "client metadata goes along and is not stored",
        "applied; nothing reported; nickname=Told ticket=-",
        all(&told, &site, "ann", &["nickname", "ticket"]),
    );
    // Somebody else was there between the review and the send.
    let base = own(&program, &site, "ann");
    let stale = own_change(&base, &[("nickname", Some("late"))]);
    site.by_another_client(&[(
        "AdminUpdateUserAttributes",
        json!({"Username": "ann", "UserAttributes": [{"Name": "nickname", "Value": "meanwhile"}]}),
    )]);
    ledger.states(
        "what was changed meanwhile stops it",
        "not sent: nickname; nothing reported; nickname=meanwhile",
        all(&program.submit(place, stale), &site, "ann", &["nickname"]),
    );
    let base = own(&program, &site, "ann");
    site.by_another_client(&[("AdminDeleteUser", json!({"Username": "ann"}))]);
    let gone = own_change(&base, &[("nickname", Some("nobody's"))]);
    ledger.states(
        "somebody who was deleted meanwhile",
        "not sent: UserNotFoundException: User does not exist.",
        became(&program.submit(place, gone)),
    );
}
