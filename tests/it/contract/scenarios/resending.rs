//! Messages that are sent once more, as another client asks for them: the invitation, and the code that confirms a
//! sign-up.

use serde_json::{Value, json};

use crate::contract::ledger::Ledger;
use crate::contract::people::ordinary;

/// The invitation of somebody who has not signed in yet.
pub fn inviting_again(ledger: &mut Ledger) {
    let invited = json!({
        "username": "ann",
        "attributes": {"email": "ann@example.com"},
        "confirmed": false,
    });
    let site = ledger.site(&ordinary(json!([invited])));
    let invite = |username: &str| {
        (
            "AdminCreateUser",
            json!({"Username": username, "MessageAction": "RESEND", "DesiredDeliveryMediums": ["EMAIL"]}),
        )
    };
    let answers = site.tried(&[invite("ann"), invite("nobody")]);
    let user = |answer: &Value| {
        let text = |member: &str| answer["User"][member].as_str().unwrap_or("-").to_owned();
        format!("{} {}", text("Username"), text("UserStatus"))
    };
    ledger.states(
        "an invitation that is sent again is answered with the user",
        "ann FORCE_CHANGE_PASSWORD",
        told(&answers[0], user),
    );
    ledger.states(
        "there is nobody to invite again",
        "UserNotFoundException",
        told(&answers[1], user),
    );
}

/// The code of somebody who signed up.
pub fn resending_code(ledger: &mut Ledger) {
    let site = ledger.site(&ordinary(json!([])));
    let created = site.by_another_client(&[("CreateUserPoolClient", json!({"ClientName": "contract"}))]);
    let client = created[0]["UserPoolClient"]["ClientId"].as_str().unwrap();
    let sign_up = json!({
        "ClientId": client,
        "Username": "zoe",
        "Password": "Invented-Passw0rd!",
        "UserAttributes": [{"Name": "email", "Value": "zoe@example.com"}],
    });
    let resend = |username: &str| {
        (
            "ResendConfirmationCode",
            json!({"ClientId": client, "Username": username}),
        )
    };
    let answers = site.tried(&[("SignUp", sign_up), resend("zoe"), resend("nobody")]);
    let delivery = |answer: &Value| {
        let text = |member: &str| answer["CodeDeliveryDetails"][member].as_str().unwrap_or("-").to_owned();
        // The examples of the service's own documents disagree about how much of an address a mask leaves.
        let destination = Some(text("Destination"))
            .filter(|destination| !destination.contains("***"))
            .unwrap_or_else(|| "masked".to_owned());
        format!("{} {} {destination}", text("AttributeName"), text("DeliveryMedium"))
    };
    ledger.states(
        "a sign-up reports where its code went",
        "email EMAIL masked",
        told(&answers[0], delivery),
    );
    ledger.states(
        "a code that is sent again is reported in the same way",
        "email EMAIL masked",
        told(&answers[1], delivery),
    );
    ledger.states(
        "there is nobody to send a code to again",
        "UserNotFoundException",
        told(&answers[2], delivery),
    );
}

/// An answer in words, or the code of the refusal: the messages differ.
fn told(answer: &Result<Value, String>, words: impl Fn(&Value) -> String) -> String {
    match answer {
        Ok(answer) => words(answer),
        Err(refused) => refused.split(':').next().unwrap_or_default().to_owned(),
    }
}
