//! What stands between a password and the tokens: a new password where the old one was temporary, and second factors.
//! Sources: API reference, RespondToAuthChallenge, ChallengeName and ChallengeResponses; developer guide, "Adding MFA
//! to a user pool".

use serde_json::{Map, Value, json};

use super::super::client::{self, Client};
use super::super::codes;
use super::super::contact::demand_sms_role;
use super::super::operations::Ask;
use super::super::outbox::{Medium, Message, Occasion};
use super::super::password::{self, Password};
use super::super::pool::Pool;
use super::super::rules::{self, By, Path, Request, Wanted};
use super::super::state::State;
use super::super::user::User;
use super::super::wire::Refusal;
use super::session::{Factor, Step};
use super::{Entrant, Given, admit, arrive, refuse};

/// Marks an attribute among ChallengeResponses and requiredAttributes.
const PREFIX: &str = "userAttributes.";

/// Asks for a new password. The two lists are JSON inside a text (API reference, InitiateAuth, ChallengeParameters).
pub(super) fn new_password(state: &mut State, entrant: &Entrant) -> Result<Value, Refusal> {
    if let Some(other) = demanded(state, entrant)? {
        return Ok(other);
    }
    let (pool, user) = entrant.find(&state.pools)?;
    let known: Map<String, Value> = user
        .attributes
        .iter()
        .filter(|(name, _)| *name != "sub" && entrant.client.may_read(name))
        .map(|(name, value)| (name.clone(), json!(value)))
        .collect();
    let missing: Vec<String> = missing(pool, &user).map(|name| format!("{PREFIX}{name}")).collect();
    let parameters = json!({
        "userAttributes": Value::Object(known).to_string(),
        "requiredAttributes": json!(missing).to_string(),
    });
    pose(state, entrant, Step::NewPassword, parameters)
}

/// Required attributes that the user has no value for.
fn missing<'a>(pool: &'a Pool, user: &'a User) -> impl Iterator<Item = &'a str> {
    pool.settings
        .schema
        .iter()
        .filter(|attribute| attribute.required && attribute.name != "sub")
        .map(|attribute| attribute.name.as_str())
        .filter(|name| user.attribute(name).is_none_or(str::is_empty))
}

/// Asks for the second factor, where one is needed, or gives the tokens.
///
/// OFF: none. OPTIONAL: the user's own ones. ON: everybody's, and who has none gets a text message if there is a
/// number and the pool can send (API reference, SetUserPoolMfaConfig; which of several is asked for, and what happens
/// to one without a number, is undocumented beyond the preferred one and MFA_SETUP).
pub(super) fn second_factor(state: &mut State, entrant: &Entrant) -> Result<Value, Refusal> {
    if let Some(other) = demanded(state, entrant)? {
        return Ok(other);
    }
    let (pool, user) = entrant.find(&state.pools)?;
    let settings = &pool.settings;
    if settings.mfa == "OFF" {
        return arrive(state, entrant);
    }
    let own: Vec<Factor> = user.mfa.iter().filter_map(|name| Factor::of(name)).collect();
    let preferred = user.preferred_mfa.as_deref().and_then(Factor::of);
    match (preferred.filter(|factor| own.contains(factor)), own.as_slice()) {
        (Some(factor), _) | (None, &[factor]) => send(state, entrant, factor),
        (None, []) if settings.mfa != "ON" => arrive(state, entrant),
        (None, []) if settings.sms_role.is_some() && user.attribute("phone_number").is_some() => {
            send(state, entrant, Factor::Sms)
        }
        (None, []) => {
            let mut open = vec![Factor::App.name()];
            if settings.sms_role.is_some() {
                open.insert(0, Factor::Sms.name());
            }
            let parameters = json!({"MFAS_CAN_SETUP": json!(open).to_string()});
            pose(state, entrant, Step::Other("MFA_SETUP".to_owned()), parameters)
        }
        (None, several) => {
            let names: Vec<&str> = several.iter().map(|factor| factor.name()).collect();
            let parameters = json!({"MFAS_CAN_CHOOSE": json!(names).to_string()});
            pose(state, entrant, Step::Choice(several.to_vec()), parameters)
        }
    }
}

/// The challenge that a test wants instead of what would come.
fn demanded(state: &mut State, entrant: &Entrant) -> Result<Option<Value>, Refusal> {
    state
        .sign_ins
        .demanded
        .pop_front()
        .map(|name| pose(state, entrant, Step::Other(name), json!({})))
        .transpose()
}

/// Sends the code of a second factor and asks for it.
fn send(state: &mut State, entrant: &Entrant, factor: Factor) -> Result<Value, Refusal> {
    let (pool, user) = entrant.find(&state.pools)?;
    let (medium, destination) = match factor {
        Factor::Sms => (Medium::Sms, user.attribute("phone_number")),
        Factor::Email => (Medium::Email, user.attribute("email")),
        Factor::App => (Medium::Authenticator, Some("authenticator app")),
    };
    demand_sms_role(pool, medium)?;
    // The model has the code for this; when it is raised is undocumented.
    let destination = destination.ok_or_else(|| {
        Refusal::new(
            "MFAMethodNotFoundException",
            "Amazon Cognito cannot find a multi-factor authentication (MFA) method.",
        )
    })?;
    let digits = codes::digits(&user, factor.name(), entrant.now);
    let message = Message::new(Occasion::SignIn, medium, destination, &pool.id, &user, entrant.now).with_code(&digits);
    let parameters = match factor {
        Factor::App => json!({"FRIENDLY_DEVICE_NAME": destination}),
        Factor::Sms | Factor::Email => json!({
            "CODE_DELIVERY_DELIVERY_MEDIUM": medium.word(),
            "CODE_DELIVERY_DESTINATION": message.masked(),
        }),
    };
    let posed = pose(state, entrant, Step::Code(factor, digits), parameters)?;
    state.outbox.send(message);
    Ok(posed)
}

/// The response that poses a challenge. USER_ID_FOR_SRP is the username that the answer is to name.
fn pose(state: &mut State, entrant: &Entrant, step: Step, parameters: Value) -> Result<Value, Refusal> {
    let (_, user) = entrant.find(&state.pools)?;
    let name = step.name().to_owned();
    let session = state.sign_ins.open(entrant, step);
    let mut out = json!({"ChallengeName": name, "Session": session, "ChallengeParameters": parameters});
    if let Some(Value::Object(parameters)) = out.get_mut("ChallengeParameters") {
        parameters.insert("USER_ID_FOR_SRP".to_owned(), json!(user.username));
    }
    Ok(out)
}

/// RespondToAuthChallenge, whoever calls it.
pub(super) fn answer(state: &mut State, ask: &Ask<'_>, place: usize, client: Client) -> Result<Value, Refusal> {
    let given = Given::new(ask, "ChallengeResponses");
    let name = given.demand("USERNAME")?;
    client.check_secret_hash(name, given.get("SECRET_HASH"))?;
    let session = ask
        .text_if_set("Session")
        .ok_or_else(|| Refusal::parameter("Missing required parameter Session"))?;
    let (at, step) = state.sign_ins.look(session, place, &client.id, ask.now)?;
    let entrant = Entrant {
        pool: place,
        at,
        client,
        now: ask.now,
    };
    let (pool, user) = entrant.find(&state.pools)?;
    // A session is one user's and waits for one challenge.
    if pool.find(name) != Some(at) || step.name() != ask.text("ChallengeName") {
        return Err(refuse("Invalid session for the user."));
    }
    admit(&user)?;
    match step {
        Step::NewPassword => {
            take_password(state, &entrant, &given)?;
            state.sign_ins.close(session);
            second_factor(state, &entrant)
        }
        Step::Choice(factors) => {
            let chosen = Factor::of(given.demand("ANSWER")?).filter(|factor| factors.contains(factor));
            // Undocumented words.
            let factor = chosen.ok_or_else(|| Refusal::parameter("Invalid MFA type."))?;
            let posed = send(state, &entrant, factor)?;
            state.sign_ins.close(session);
            Ok(posed)
        }
        Step::Code(factor, digits) => {
            let (member, words) = match factor {
                // github.com/aws-amplify/amplify-js/issues/11069.
                Factor::Sms => ("SMS_MFA_CODE", "Invalid code or auth state for the user."),
                Factor::Email => ("EMAIL_OTP_CODE", "Invalid code or auth state for the user."),
                Factor::App => ("SOFTWARE_TOKEN_MFA_CODE", "Invalid code received for user"),
            };
            if given.demand(member)? != digits {
                return Err(Refusal::new("CodeMismatchException", words));
            }
            state.sign_ins.close(session);
            arrive(state, &entrant)
        }
        Step::Other(name) => Err(Refusal::parameter(format!(
            "{name} is not emulated: this emulated Amazon Cognito poses the challenge and takes no answer to it"
        ))),
    }
}

/// NEW_PASSWORD_REQUIRED: the password, and attributes in the same step. Required ones that are missing must come,
/// those that are there must not (API reference, RespondToAuthChallenge). Words:
/// github.com/aws/aws-sdk-net-extensions-cognito/issues/40 and github.com/aws-samples/aws-saas-factory-bootcamp/issues/67.
fn take_password(state: &mut State, entrant: &Entrant, given: &Given) -> Result<(), Refusal> {
    let Some(pool) = state.pools.get_mut(entrant.pool) else {
        return Err(client::unknown(&entrant.client.id));
    };
    let user = pool.users.get(entrant.at).ok_or_else(Refusal::no_user)?;
    let text = given.demand("NEW_PASSWORD")?;
    password::check(pool, text)?;
    let wanted: Vec<Wanted> = given
        .0
        .iter()
        .filter_map(|(name, value)| Some((name.strip_prefix(PREFIX)?.to_owned(), Some(value.clone()))))
        .collect();
    let lacking: Vec<&str> = missing(pool, &user).collect();
    for (name, _) in &wanted {
        let required = pool.settings.attribute(name).is_some_and(|known| known.required);
        if required && !lacking.contains(&name.as_str()) {
            return Err(refuse(&format!("Cannot modify an already provided {name}")));
        }
    }
    if let Some(name) = lacking.iter().find(|name| {
        !wanted
            .iter()
            .any(|(given, value)| given == *name && value.as_deref() != Some(""))
    }) {
        return Err(Refusal::parameter(format!(
            "Invalid attributes given, {name} is missing"
        )));
    }
    let request = Request {
        by: By::Owner(&entrant.client),
        path: Path::Update,
        wanted: &wanted,
        now: entrant.now,
    };
    let change = rules::change(pool, entrant.at, &user, &request)?;
    let mut next = change.user;
    next.password = Some(Password::lasting(text));
    next.status = "CONFIRMED".to_owned();
    pool.users.put(entrant.at, next);
    for message in change.messages {
        state.outbox.send(message);
    }
    Ok(())
}

#[cfg(test)]
#[path = "challenge_tests.rs"]
mod tests;
