//! Signing in with a password, because acting as a user begins with it: InitiateAuth with USER_PASSWORD_AUTH,
//! AdminInitiateAuth with ADMIN_USER_PASSWORD_AUTH, and the answers to their challenges. Other flows are refused as
//! not emulated. Sources: Cognito API reference, InitiateAuth, AdminInitiateAuth, RespondToAuthChallenge,
//! AdminRespondToAuthChallenge; developer guide, "Authentication with Amazon Cognito user pools"; error texts as seen
//! in public reports.
//!
//! The order of the checks is undocumented. Here: the client, the flow, the secret hash, the user, the account's
//! state, the password.

mod challenge;
mod session;

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::access;
use super::client::{self, Client};
use super::constraint::{Member, Shape};
use super::operations::{Ask, pool};
use super::pool::Pool;
use super::state::State;
use super::user::User;
use super::wire::Refusal;

pub(crate) use session::SignIns;

/// AuthFlowType.
const FLOWS: &[&str] = &[
    "USER_SRP_AUTH",
    "REFRESH_TOKEN_AUTH",
    "REFRESH_TOKEN",
    "CUSTOM_AUTH",
    "ADMIN_NO_SRP_AUTH",
    "USER_PASSWORD_AUTH",
    "ADMIN_USER_PASSWORD_AUTH",
    "USER_AUTH",
];

/// ChallengeNameType.
const CHALLENGES: &[&str] = &[
    "SMS_MFA",
    "EMAIL_OTP",
    "SOFTWARE_TOKEN_MFA",
    "SELECT_MFA_TYPE",
    "MFA_SETUP",
    "PASSWORD_VERIFIER",
    "CUSTOM_CHALLENGE",
    "SELECT_CHALLENGE",
    "DEVICE_SRP_AUTH",
    "DEVICE_PASSWORD_VERIFIER",
    "ADMIN_NO_SRP_AUTH",
    "NEW_PASSWORD_REQUIRED",
    "SMS_OTP",
    "PASSWORD",
    "WEB_AUTHN",
    "PASSWORD_SRP",
];

const CLIENT: Member = super::constraint::required("ClientId", super::constraint::CLIENT_ID);
const POOL: Member = super::constraint::required("UserPoolId", super::constraint::POOL_ID);
const FLOW: Member = super::constraint::required("AuthFlow", Shape::OneOf(FLOWS));
const CHALLENGE: Member = super::constraint::required("ChallengeName", Shape::OneOf(CHALLENGES));
const PARAMETERS: Member = super::constraint::optional("AuthParameters", Shape::Map);
const RESPONSES: Member = super::constraint::optional("ChallengeResponses", Shape::Map);
const METADATA: Member = super::constraint::optional("ClientMetadata", Shape::Map);
const SESSION: Member = super::constraint::optional("Session", super::constraint::SESSION);

pub(crate) const INITIATE: &[Member] = &[CLIENT, FLOW, PARAMETERS, METADATA, SESSION];
pub(crate) const ADMIN_INITIATE: &[Member] = &[POOL, CLIENT, FLOW, PARAMETERS, METADATA, SESSION];
pub(crate) const RESPOND: &[Member] = &[CLIENT, CHALLENGE, SESSION, RESPONSES, METADATA];
pub(crate) const ADMIN_RESPOND: &[Member] = &[POOL, CLIENT, CHALLENGE, SESSION, RESPONSES, METADATA];

/// One user on the way in through one app client.
struct Entrant {
    /// The place of the pool in the list.
    pool: usize,
    /// The position of the user.
    at: u64,
    client: Client,
    now: Timestamp,
}

impl Entrant {
    /// The pool and the user as they are now.
    fn find<'a>(&self, pools: &'a [Pool]) -> Result<(&'a Pool, Arc<User>), Refusal> {
        let pool = pools.get(self.pool).ok_or_else(Refusal::no_user)?;
        let user = pool.users.get(self.at).ok_or_else(Refusal::no_user)?;
        Ok((pool, user))
    }
}

pub(crate) fn initiate(state: &mut State, ask: &Ask<'_>) -> Result<Value, Refusal> {
    let (place, client) = client::of_any_pool(&state.pools, ask.text("ClientId"))?;
    match ask.text("AuthFlow") {
        "USER_PASSWORD_AUTH" => {
            if !client.allows("ALLOW_USER_PASSWORD_AUTH") && !client.allows("USER_PASSWORD_AUTH") {
                return Err(Refusal::parameter(
                    "USER_PASSWORD_AUTH flow not enabled for this client",
                ));
            }
        }
        "ADMIN_USER_PASSWORD_AUTH" | "ADMIN_NO_SRP_AUTH" => {
            return Err(Refusal::parameter("Initiate Auth method not supported."));
        }
        other => return Err(not_emulated(other)),
    }
    with_password(state, ask, place, client)
}

pub(crate) fn admin_initiate(state: &mut State, ask: &Ask<'_>) -> Result<Value, Refusal> {
    let (place, client) = of_named_pool(state, ask)?;
    match ask.text("AuthFlow") {
        // The second is the older name of the first (API reference, CreateUserPoolClient, ExplicitAuthFlows).
        "ADMIN_USER_PASSWORD_AUTH" | "ADMIN_NO_SRP_AUTH" => {
            if !client.allows("ALLOW_ADMIN_USER_PASSWORD_AUTH") && !client.allows("ADMIN_NO_SRP_AUTH") {
                return Err(Refusal::parameter("Auth flow not enabled for this client"));
            }
        }
        "USER_PASSWORD_AUTH" => return Err(Refusal::parameter("Initiate Auth method not supported.")),
        other => return Err(not_emulated(other)),
    }
    with_password(state, ask, place, client)
}

pub(crate) fn respond(state: &mut State, ask: &Ask<'_>) -> Result<Value, Refusal> {
    let (place, client) = client::of_any_pool(&state.pools, ask.text("ClientId"))?;
    challenge::answer(state, ask, place, client)
}

pub(crate) fn admin_respond(state: &mut State, ask: &Ask<'_>) -> Result<Value, Refusal> {
    let (place, client) = of_named_pool(state, ask)?;
    challenge::answer(state, ask, place, client)
}

/// The pool and the client that an administrator's operation names, which must belong together.
fn of_named_pool(state: &mut State, ask: &Ask<'_>) -> Result<(usize, Client), Refusal> {
    let id = ask.text("ClientId");
    let named = pool(&mut state.pools, ask)?.id.clone();
    let (place, client) = client::of_any_pool(&state.pools, id)?;
    if state.pools.get(place).is_none_or(|pool| pool.id != named) {
        return Err(client::unknown(id));
    }
    Ok((place, client))
}

/// Not the service's words: it would go on with the flow.
fn not_emulated(flow: &str) -> Refusal {
    Refusal::parameter(format!(
        "{flow} is not emulated: this emulated Amazon Cognito signs in with USER_PASSWORD_AUTH and \
         ADMIN_USER_PASSWORD_AUTH"
    ))
}

fn with_password(state: &mut State, ask: &Ask<'_>, place: usize, client: Client) -> Result<Value, Refusal> {
    let given = Given::new(ask, "AuthParameters");
    let name = given.demand("USERNAME")?;
    let password = given.demand("PASSWORD")?;
    client.check_secret_hash(name, given.get("SECRET_HASH"))?;
    let wrong = || refuse("Incorrect username or password.");
    let pool = state.pools.get(place).ok_or_else(|| client::unknown(&client.id))?;
    let Some(at) = pool.find(name) else {
        // PreventUserExistenceErrors (developer guide, "Managing user existence error responses").
        return Err(if client.hides_users {
            wrong()
        } else {
            Refusal::no_user()
        });
    };
    let entrant = Entrant {
        pool: place,
        at,
        client,
        now: ask.now,
    };
    let (_, user) = entrant.find(&state.pools)?;
    admit(&user)?;
    let kept = user
        .password
        .as_ref()
        .filter(|kept| kept.is(password))
        .ok_or_else(wrong)?;
    match user.status.as_str() {
        // Told only to whoever knows the password; undocumented.
        "UNCONFIRMED" => Err(access::not_confirmed()),
        "FORCE_CHANGE_PASSWORD" if kept.has_ended(ask.now) => Err(refuse(
            "Temporary password has expired and must be reset by an administrator.",
        )),
        "FORCE_CHANGE_PASSWORD" => challenge::new_password(state, &entrant),
        "CONFIRMED" => challenge::second_factor(state, &entrant),
        // Users of an identity provider, and statuses that are no longer given.
        _ => Err(wrong()),
    }
}

/// What keeps a user out whatever the password is.
fn admit(user: &User) -> Result<(), Refusal> {
    if !user.enabled {
        return Err(refuse("User is disabled."));
    }
    if user.status == "RESET_REQUIRED" {
        return Err(access::reset_required());
    }
    Ok(())
}

/// The end of the way: tokens.
fn arrive(state: &mut State, entrant: &Entrant) -> Result<Value, Refusal> {
    let State {
        pools, grants, region, ..
    } = state;
    let (pool, user) = entrant.find(pools)?;
    let result = access::tokens(grants, region, pool, (entrant.at, &user), &entrant.client, entrant.now);
    Ok(json!({"ChallengeParameters": {}, "AuthenticationResult": result}))
}

fn refuse(words: &str) -> Refusal {
    Refusal::new("NotAuthorizedException", words)
}

/// A map of the request: AuthParameters or ChallengeResponses.
struct Given(Vec<(String, String)>);

impl Given {
    fn new(ask: &Ask<'_>, member: &str) -> Self {
        Self(ask.map(member))
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    fn demand(&self, name: &str) -> Result<&str, Refusal> {
        self.get(name)
            .ok_or_else(|| Refusal::parameter(format!("Missing required parameter {name}")))
    }
}

#[cfg(test)]
#[path = "sign_in_tests.rs"]
mod tests;
