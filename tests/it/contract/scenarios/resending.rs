//! Messages that are sent once more: the invitation, and the code that confirms a sign-up. Sources: Cognito API
//! reference, AdminCreateUser, ResendConfirmationCode; developer guide, "Computing secret hash values"; words as people
//! got them.

use cognitui::domain::{Account, ClientId, Operation};
use serde_json::{Value, json};

use super::{outcome, writing_program};
use crate::contract::ledger::Ledger;
use crate::contract::people::ordinary;
use crate::contract::program::{Program, became, readable, reported};
use crate::contract::service::{AppClient, Proof, Site};

/// The invitation of somebody who has not signed in yet.
pub fn inviting_again(ledger: &mut Ledger) {
    let user = |username: &str, attributes: Value, confirmed: bool| json!({"username": username, "attributes": attributes, "confirmed": confirmed});
    let site = ledger.site(&ordinary(json!([
        user("ann", json!({"email": "ann@example.com"}), false),
        user("phoned", json!({"phone_number": "+15550100001"}), false),
        user("done", json!({"email": "done@example.com"}), true),
        user("gone", json!({"email": "gone@example.com"}), false),
    ])));
    let program = writing_program(&site);
    let invite = |username: &str| Operation::Account {
        user: program.user(&site.place, username).unwrap(),
        account: Account::ResendInvitation,
    };
    let sent = |username: &str, operation: Operation| {
        let submitted = program.carry_out(&site.place, operation);
        let seen = site.seen(&[username]).remove(0);
        format!(
            "{}; {}; {}",
            became(&submitted),
            reported(&submitted.reported),
            seen.status
        )
    };
    // AdminCreateUser answers with the user and reports no message.
    ledger.states(
        "an invitation is sent again by e-mail",
        "applied; nothing reported; FORCE_CHANGE_PASSWORD",
        sent("ann", invite("ann")),
    );
    ledger.states(
        "an invitation is sent again by SMS",
        "applied; nothing reported; FORCE_CHANGE_PASSWORD",
        sent("phoned", invite("phoned")),
    );
    // The words are undocumented.
    ledger.states(
        "whoever has signed in is not invited again",
        "refused: UnsupportedUserStateException",
        outcome(&program.carry_out(&site.place, invite("done"))),
    );
    let gone = invite("gone");
    site.by_another_client(&[("AdminDeleteUser", json!({"Username": "gone"}))]);
    ledger.states(
        "there is nobody to invite again",
        "not sent: UserNotFoundException: User does not exist.",
        became(&program.carry_out(&site.place, gone)),
    );
    if let Some(emulator) = site.as_emulator() {
        let went: Vec<(String, String)> = emulator
            .outbox()
            .into_iter()
            .map(|message| (message.attribute, message.destination))
            .collect();
        let expected = [("email", "ann@example.com"), ("phone_number", "+15550100001")];
        assert_eq!(went, expected.map(|(name, to)| (name.to_owned(), to.to_owned())));
    }
}

/// The code of somebody who signed up.
pub fn resending_code(ledger: &mut Ledger) {
    let site = ledger.site(&ordinary(json!([
        {"username": "done", "attributes": {"email": "done@example.com"}},
    ])));
    let open = site.app_client("open", &["ALLOW_USER_PASSWORD_AUTH"], Proof::None);
    let secret = site.app_client("with a secret", &["ALLOW_USER_PASSWORD_AUTH"], Proof::Secret);
    let other = AppClient {
        id: "1nvented0client0that0is0no".to_owned(),
    };
    for username in ["zoe", "yve", "gone"] {
        site.sign_up(&open, username, &format!("{username}@example.com"));
    }
    let program = writing_program(&site);
    let resend = |username: &str, client: &AppClient| Operation::ResendCode {
        user: program.user(&site.place, username).unwrap(),
        client: ClientId::new(client.id.as_str()),
    };
    let sent = |program: &Program, site: &Site, operation: Operation| {
        let submitted = program.carry_out(&site.place, operation);
        format!("{}; {}", became(&submitted), reported(&submitted.reported))
    };
    ledger.states(
        "the code is sent again, and that is reported",
        "waiting; email EMAIL z***",
        sent(&program, &site, resend("zoe", &open)),
    );
    ledger.states(
        "through an app client with a secret",
        "waiting; email EMAIL y***",
        sent(&program, &site, resend("yve", &secret)),
    );
    ledger.states(
        "through an app client that is not there",
        "refused: ResourceNotFoundException: User pool client CLIENT does not exist.; nothing reported",
        sent(&program, &site, resend("zoe", &other)).replace(&other.id, "CLIENT"),
    );
    ledger.states(
        "whoever is confirmed gets none",
        "refused: InvalidParameterException: User is already confirmed.; nothing reported",
        sent(&program, &site, resend("done", &open)),
    );
    let gone = resend("gone", &open);
    site.by_another_client(&[("AdminDeleteUser", json!({"Username": "gone"}))]);
    ledger.states(
        "there is nobody to send a code to again",
        "not sent: UserNotFoundException: User does not exist.; nothing reported",
        sent(&program, &site, gone),
    );
    let zoe = resend("zoe", &open);
    site.by_another_client(&[("AdminConfirmSignUp", json!({"Username": "zoe"}))]);
    ledger.states(
        "confirmed meanwhile: nothing goes out",
        "not sent: status; nothing reported",
        sent(&program, &site, zoe),
    );
    // The words for somebody who is not there are another client's to get: the program reads the user first.
    let by_another = json!({"ClientId": open.id, "Username": "nobody"});
    ledger.states(
        "there is nobody of that name",
        "UserNotFoundException: Username/client id combination not found.",
        match site.tried(&[("ResendConfirmationCode", by_another)]).remove(0) {
            Ok(answer) => readable(answer["CodeDeliveryDetails"]["Destination"].as_str().unwrap_or("-")),
            Err(refused) => refused,
        },
    );
}
