//! Signing in as a test user: what each refusal says, the challenges, and what ends a session. Sources: Cognito API
//! reference, InitiateAuth, AdminInitiateAuth, RespondToAuthChallenge, AdminUserGlobalSignOut; developer guide,
//! "Computing secret hash values" and "Managing user existence error responses"; words as people got them in public
//! reports.

use cognitui::domain::sign_in::{Challenge, ChallengeKind, Flow, Password};
use cognitui::domain::{Fault, Operation};
use cognitui::job::SignedIn;
use serde_json::{Value, json};

use super::{acting_program, password, with_password};
use crate::contract::ledger::Ledger;
use crate::contract::people::{ordinary, people};
use crate::contract::program::{Program, became, own_change, readable, said};
use crate::contract::service::{AppClient, PASSWORD, Proof, Site};

const BOTH: &[&str] = &["ALLOW_USER_PASSWORD_AUTH", "ALLOW_ADMIN_USER_PASSWORD_AUTH"];
const NEW: &str = "Another-Invented-1!";

/// How far a sign-in came. The id of the app client is made by the service.
fn came(answer: Result<SignedIn, Fault>, client: &AppClient) -> String {
    match answer {
        Ok(SignedIn::As(acting)) => format!("as {}", acting.user.username.as_str()),
        Ok(SignedIn::SomebodyElse(username)) => format!("somebody else: {}", username.as_str()),
        Ok(SignedIn::Challenge(challenge)) => asks(&challenge),
        Err(fault) => said(&fault).replace(&client.id, "CLIENT"),
    }
}

fn asks(challenge: &Challenge) -> String {
    let what = match &challenge.kind {
        ChallengeKind::NewPassword { missing } if missing.is_empty() => "a new password".to_owned(),
        ChallengeKind::NewPassword { missing } => {
            let missing: Vec<&str> = missing.iter().map(|name| name.as_str()).collect();
            format!("a new password and {}", missing.join(", "))
        }
        ChallengeKind::Sms => "a code by SMS".to_owned(),
        ChallengeKind::Email => "a code by e-mail".to_owned(),
        ChallengeKind::SoftwareToken => "a code of the app".to_owned(),
        ChallengeKind::SelectMfa { choices } => {
            let mut choices: Vec<&str> = choices.iter().map(|name| name.as_str()).collect();
            choices.sort_unstable();
            format!("a choice of {}", choices.join(", "))
        }
        ChallengeKind::Other(name) => name.as_str().to_owned(),
    };
    match &challenge.destination {
        Some(destination) => format!("asks for {what} to {}", readable(destination.as_str())),
        None => format!("asks for {what}"),
    }
}

fn challenge(answer: Result<SignedIn, Fault>) -> Challenge {
    match answer {
        Ok(SignedIn::Challenge(challenge)) => challenge,
        other => panic!("no challenge: {other:?}"),
    }
}

fn by_administrator(password: Password) -> Password {
    Password {
        flow: Flow::AdminPassword,
        ..password
    }
}

/// Whom a password lets in, and in what words the others are refused.
pub fn signing_in(ledger: &mut Ledger) {
    let mut off = people(&["off"])[0].clone();
    off["enabled"] = json!(false);
    let mut users = people(&["ann", "reset"]);
    users.as_array_mut().unwrap().push(off);
    let site = ledger.site(&ordinary(users));
    let open = site.app_client("open", BOTH, Proof::None);
    let srp = site.app_client("without passwords", &["ALLOW_USER_SRP_AUTH"], Proof::None);
    let secret = site.app_client("with a secret", BOTH, Proof::Secret);
    site.sign_up(&open, "zoe", "zoe@example.com");
    site.by_another_client(&[("AdminResetUserPassword", json!({"Username": "reset"}))]);
    let program = acting_program(&site);
    let tried = |client: &AppClient, password: Password| came(program.sign_in(&site.place, password), client);

    for (statement, admin_statement, username, text, aws) in [
        (
            "the password lets its user in",
            "by an administrator: the password lets its user in",
            "ann",
            PASSWORD,
            "as ann",
        ),
        (
            "a wrong password",
            "by an administrator: a wrong password",
            "ann",
            "Wrong-Passw0rd!",
            "NotAuthorizedException: Incorrect username or password.",
        ),
        (
            "nobody of that name",
            "by an administrator: nobody of that name",
            "nobody",
            PASSWORD,
            "UserNotFoundException: User does not exist.",
        ),
        (
            "a disabled user",
            "by an administrator: a disabled user",
            "off",
            PASSWORD,
            "NotAuthorizedException: User is disabled.",
        ),
        (
            "a sign-up that was not confirmed",
            "by an administrator: a sign-up that was not confirmed",
            "zoe",
            PASSWORD,
            "UserNotConfirmedException: User is not confirmed.",
        ),
        (
            "a password that was reset",
            "by an administrator: a password that was reset",
            "reset",
            PASSWORD,
            "PasswordResetRequiredException: Password reset required for the user",
        ),
    ] {
        ledger.states(statement, aws, tried(&open, password(&open, username, text, None)));
        let admin = by_administrator(password(&open, username, text, None));
        ledger.states(admin_statement, aws, tried(&open, admin));
    }
    ledger.states(
        "an app client without this flow",
        "InvalidParameterException: USER_PASSWORD_AUTH flow not enabled for this client",
        tried(&srp, with_password(&srp, "ann")),
    );
    ledger.states(
        "an app client without the administrator's flow",
        "InvalidParameterException: Auth flow not enabled for this client",
        tried(&srp, by_administrator(with_password(&srp, "ann"))),
    );
    let gone = AppClient {
        id: "1nvented0client0that0is0no".to_owned(),
    };
    ledger.states(
        "an app client that is not there",
        "ResourceNotFoundException: User pool client CLIENT does not exist.",
        tried(&gone, with_password(&gone, "ann")),
    );
    ledger.states(
        "an app client with a secret wants its hash, and gets it",
        "as ann",
        tried(&secret, with_password(&secret, "ann")),
    );
    ledger.states(
        "by an administrator: an app client with a secret wants its hash, and gets it",
        "as ann",
        tried(&secret, by_administrator(with_password(&secret, "ann"))),
    );
    // The program always sends the hash, so another client leaves it out.
    let with_hash = |hash: Option<&str>| {
        let mut parameters = json!({"USERNAME": "ann", "PASSWORD": PASSWORD});
        if let Some(hash) = hash {
            parameters["SECRET_HASH"] = json!(hash);
        }
        let call = json!({"ClientId": secret.id, "AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": parameters});
        match site.tried(&[("InitiateAuth", call)]).remove(0) {
            Ok(_) => "let in".to_owned(),
            Err(refused) => refused.replace(&secret.id, "CLIENT"),
        }
    };
    ledger.states(
        "without the hash",
        "NotAuthorizedException: Client CLIENT is configured with secret but SECRET_HASH was not received",
        with_hash(None),
    );
    ledger.states(
        "with a wrong hash",
        "NotAuthorizedException: Unable to verify secret hash for client CLIENT",
        with_hash(Some("d3JvbmcgaGFzaA==")),
    );
}

/// A temporary password. A user for each way: a service may let one in that should not be.
pub fn first_password(ledger: &mut Ledger) {
    let invited = |username: &&str| json!({"username": username, "attributes": {"email": format!("{username}@example.com")}, "confirmed": false});
    let users: Value = ["wrong", "weak", "ann", "bo", "cy"].iter().map(invited).collect();
    let site = ledger.site(&ordinary(users));
    let open = site.app_client("open", BOTH, Proof::None);
    let secret = site.app_client("with a secret", BOTH, Proof::Secret);
    let program = acting_program(&site);
    let place = &site.place;
    program.open_writer(place);
    ledger.states(
        "a wrong temporary password",
        "NotAuthorizedException: Incorrect username or password.",
        came(
            program.sign_in(place, password(&open, "wrong", "Wrong-Passw0rd!", None)),
            &open,
        ),
    );
    let weak = challenge(program.sign_in(place, with_password(&open, "weak")));
    ledger.states(
        "one that is too weak",
        "InvalidPasswordException",
        match program.answer(place, weak, &[("NEW_PASSWORD", "weak")]) {
            Err(fault) => fault.code.as_str().to_owned(),
            other => came(other, &open),
        },
    );
    let mut set = Vec::new();
    for (asks, lets_in, client, password) in [
        (
            "a temporary password asks for a new one",
            "the new one lets its user in",
            &open,
            with_password(&open, "ann"),
        ),
        (
            "through an app client with a secret: a temporary password asks for a new one",
            "through an app client with a secret: the new one lets its user in",
            &secret,
            with_password(&secret, "bo"),
        ),
        (
            "by an administrator: a temporary password asks for a new one",
            "by an administrator: the new one lets its user in",
            &open,
            by_administrator(with_password(&open, "cy")),
        ),
    ] {
        let username = password.username.as_str().to_owned();
        let asked = program.sign_in(place, password);
        ledger.states(asks, "asks for a new password", came(asked.clone(), client));
        let answered = match asked {
            Ok(SignedIn::Challenge(challenge)) => {
                set.push(username.clone());
                program.answer(place, challenge, &[("NEW_PASSWORD", NEW)])
            }
            other => other,
        };
        ledger.states(lets_in, format!("as {username}"), came(answered, client));
    }
    let set: Vec<&str> = set.iter().map(String::as_str).collect();
    let mut statuses: Vec<String> = site.seen(&set).into_iter().map(|user| user.status).collect();
    statuses.dedup();
    ledger.states("whoever set one is confirmed", "CONFIRMED", statuses.join(" "));
    ledger.states(
        "from then on the new one is asked for",
        "as ann",
        came(program.sign_in(place, password(&open, "ann", NEW, None)), &open),
    );
}

/// The codes that an authenticator app shows for a secret (RFC 6238), computed with nothing of ours.
const SECOND_FACTOR: &str = "import base64, hashlib, hmac, json, struct, sys, time\n\
    secret = base64.b32decode(sys.argv[1] + '=' * (-len(sys.argv[1]) % 8))\n\
    mac = hmac.new(secret, struct.pack('>Q', int(time.time()) // 30), hashlib.sha1).digest()\n\
    at = mac[-1] & 15\n\
    print(json.dumps('%06d' % ((struct.unpack('>I', mac[at:at + 4])[0] & 0x7fffffff) % 1000000)))";

/// A code of an app, and one by SMS.
pub fn second_factors(ledger: &mut Ledger) {
    let mut texted = people(&["sms"])[0].clone();
    texted["attributes"]["phone_number"] = json!("+15550100001");
    texted["attributes"]["phone_number_verified"] = json!("true");
    let mut users = people(&["app", "both"]);
    users.as_array_mut().unwrap().push(texted);
    let mut document = ordinary(users);
    document["pool"]["MfaConfiguration"] = json!("OPTIONAL");
    document["pool"]["SmsConfiguration"] = json!({"SnsCallerArn": "arn:aws:iam::123456789012:role/sms"});
    let site = ledger.site(&document);
    let client = site.app_client("open", BOTH, Proof::None);
    let shown_by_app = second_factor(&site, &client);
    let program = acting_program(&site);
    let place = &site.place;

    let asked = program.sign_in(place, with_password(&client, "app"));
    ledger.states(
        "an authenticator app is asked for its code",
        "asks for a code of the app",
        came(asked.clone(), &client),
    );
    ledger.states(
        "a wrong one is refused",
        "CodeMismatchException",
        match program.answer(place, challenge(asked), &[("SOFTWARE_TOKEN_MFA_CODE", "000000")]) {
            Err(fault) => fault.code.as_str().to_owned(),
            other => came(other, &client),
        },
    );
    let asked = challenge(program.sign_in(place, with_password(&client, "app")));
    ledger.states(
        "the one shown lets its user in",
        "as app",
        came(
            program.answer(place, asked, &[("SOFTWARE_TOKEN_MFA_CODE", &shown_by_app("app"))]),
            &client,
        ),
    );

    let asked = program.sign_in(place, with_password(&client, "both"));
    ledger.states(
        "whoever has two is asked which",
        "asks for a choice of SMS_MFA, SOFTWARE_TOKEN_MFA",
        came(asked.clone(), &client),
    );
    let chosen = program.answer(place, challenge(asked), &[("ANSWER", "SOFTWARE_TOKEN_MFA")]);
    ledger.states(
        "and then for the code of that",
        "asks for a code of the app",
        came(chosen.clone(), &client),
    );
    ledger.states(
        "which lets its user in",
        "as both",
        came(
            program.answer(
                place,
                challenge(chosen),
                &[("SOFTWARE_TOKEN_MFA_CODE", &shown_by_app("both"))],
            ),
            &client,
        ),
    );

    let asked = program.sign_in(place, with_password(&client, "sms"));
    ledger.states(
        "a code by SMS is asked for, and its destination told",
        "asks for a code by SMS to +***",
        came(asked.clone(), &client),
    );
    ledger.states(
        "the one sent lets its user in",
        "as sms",
        match asked {
            Ok(SignedIn::Challenge(challenge)) => {
                let code = site.code("sms");
                came(program.answer(place, challenge, &[("SMS_MFA_CODE", &code)]), &client)
            }
            other => came(other, &client),
        },
    );
}

/// Sets up the second factors of the three, and gives what the app of one of them shows.
fn second_factor(site: &Site, client: &AppClient) -> Box<dyn Fn(&str) -> String> {
    if let Some(emulator) = site.as_emulator() {
        let pool = site.place.pool.as_str();
        for (username, factors) in [
            ("app", &["SOFTWARE_TOKEN_MFA"][..]),
            ("sms", &["SMS_MFA"]),
            ("both", &["SMS_MFA", "SOFTWARE_TOKEN_MFA"]),
        ] {
            assert!(emulator.change_user(pool, username, |user| {
                user.mfa = factors.iter().map(|&factor| factor.to_owned()).collect();
            }));
        }
        emulator.change_pool(pool, |settings| settings.mfa = "OPTIONAL".to_owned());
        let emulator = emulator.clone();
        return Box::new(move |username| {
            let messages = emulator.outbox();
            let last = messages.iter().rev().find(|message| message.user == username).unwrap();
            last.code.clone().unwrap()
        });
    }
    let peers = crate::peers::Peers::available().unwrap();
    let sign_in = |username: &str| {
        let call = json!({"ClientId": client.id, "AuthFlow": "USER_PASSWORD_AUTH",
                          "AuthParameters": {"USERNAME": username, "PASSWORD": PASSWORD}});
        ("InitiateAuth", call)
    };
    let signed_in = site.by_another_client(&["app", "both", "sms"].map(sign_in));
    let [app, both, sms] = [0, 1, 2].map(|at| signed_in[at]["AuthenticationResult"]["AccessToken"].clone());
    let associate = |token: &Value| ("AssociateSoftwareToken", json!({"AccessToken": token}));
    let associated = site.by_another_client(&[associate(&app), associate(&both)]);
    let [app_secret, both_secret] = [0, 1].map(|at| associated[at]["SecretCode"].as_str().unwrap().to_owned());
    let shown = move |username: &str| {
        let secret = if username == "app" { &app_secret } else { &both_secret };
        let shown: Value = peers.boto3(SECOND_FACTOR, &[secret]).unwrap();
        shown.as_str().unwrap().to_owned()
    };
    let verify = |token: &Value, username: &str| {
        (
            "VerifySoftwareToken",
            json!({"AccessToken": token, "UserCode": shown(username)}),
        )
    };
    let prefer = |token: &Value, settings: &[&str]| {
        let mut preference = json!({"AccessToken": token});
        for name in settings {
            preference[*name] = json!({"Enabled": true});
        }
        ("SetUserMFAPreference", preference)
    };
    site.by_another_client(&[
        verify(&app, "app"),
        verify(&both, "both"),
        prefer(&app, &["SoftwareTokenMfaSettings"]),
        prefer(&both, &["SMSMfaSettings", "SoftwareTokenMfaSettings"]),
        prefer(&sms, &["SMSMfaSettings"]),
    ]);
    Box::new(shown)
}

/// What takes a token back.
pub fn signing_out(ledger: &mut Ledger) {
    let site = ledger.site(&ordinary(people(&["ann", "bo"])));
    let client = site.app_client("open", BOTH, Proof::None);
    let program = acting_program(&site);
    let place = &site.place;
    let into = |program: &Program, username: &str| {
        let signed_in = program.sign_in(place, with_password(&client, username));
        let Ok(SignedIn::As(acting)) = signed_in else {
            panic!("{signed_in:?}")
        };
        program.open_own_writer(place);
        acting.user
    };
    let read = |program: &Program, username: &str| match program.own_user(place, username) {
        Ok(user) => format!("reads {}", user.username.as_str()),
        Err(fault) => said(&fault),
    };
    let ann = into(&program, "ann");
    ledger.states("the token reads its user", "reads ann", read(&program, "ann"));
    let written = Operation::update(own_change(&ann, &[("nickname", Some("Bobby"))]));
    site.by_another_client(&[("AdminUserGlobalSignOut", json!({"Username": "ann"}))]);
    ledger.states(
        "signed out everywhere, the token reads nobody",
        "NotAuthorizedException: Access Token has been revoked",
        read(&program, "ann"),
    );
    ledger.states(
        "and writes nothing",
        "not sent: NotAuthorizedException: Access Token has been revoked",
        became(&program.carry_out(place, written)),
    );
    ledger.states(
        "nothing was written",
        "-",
        site.seen(&["ann"])[0]
            .attributes
            .get("nickname")
            .map_or("-", String::as_str),
    );
    into(&program, "ann");
    ledger.states("signing in again gives a good one", "reads ann", read(&program, "ann"));
    into(&program, "bo");
    site.by_another_client(&[("AdminDisableUser", json!({"Username": "bo"}))]);
    ledger.states(
        "a disabled user's token reads nobody",
        "NotAuthorizedException: User is disabled.",
        read(&program, "bo"),
    );
    site.by_another_client(&[
        ("AdminEnableUser", json!({"Username": "bo"})),
        ("AdminDeleteUser", json!({"Username": "bo"})),
    ]);
    ledger.states(
        "a deleted user's token reads nobody",
        "UserNotFoundException: User does not exist.",
        read(&program, "bo"),
    );
    // Made up here, so that nobody holds it: the service has never seen it.
    ledger.states(
        "a token that the service did not give",
        "NotAuthorizedException: Invalid Access Token",
        match program.act_as(place, &made_up(place.pool.as_str()), None) {
            Err(fault) => said(&fault),
            Ok(other) => came(Ok(other), &client),
        },
    );
}

/// An access token of this pool as far as one can tell without the service: it is good for long, and signed by nobody.
fn made_up(pool: &str) -> String {
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    let part = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let payload = json!({
        "sub": "11111111-2222-4333-8444-555555555555", "token_use": "access", "exp": 4_102_444_800_i64,
        "scope": "aws.cognito.signin.user.admin", "client_id": "1nvented0client0that0is0no", "username": "ann",
        "iss": format!("https://cognito-idp.us-east-1.amazonaws.com/{pool}"),
    });
    format!(
        "{}.{}.{}",
        part(json!({"alg": "RS256"})),
        part(payload),
        part(json!("nobody"))
    )
}
