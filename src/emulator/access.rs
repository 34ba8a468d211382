//! Access tokens: who holds one may act as the user it was given to, until it expires or is revoked. Every operation
//! that takes an AccessToken asks [`bearer`] first. Sources: developer guide, "Understanding the access token" and
//! "Ending user sessions with token revocation"; API reference, GetUser, GlobalSignOut, AdminUserGlobalSignOut.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};

use super::client::{ADMIN_SCOPE, Client};
use super::crowd::{SubPattern, sub_of};
use super::operations::{Ask, pool, user};
use super::pool::Pool;
use super::state::State;
use super::user::User;
use super::wire::Refusal;
use super::{client, jwt};

/// Whoever sent a good access token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Bearer {
    /// The place of the user's pool in `state.pools`.
    pub(crate) pool: usize,
    /// The position of the user in the pool, as `Pool::find` gives it.
    pub(crate) user: u64,
    /// The id of the app client the token was given to.
    pub(crate) client: String,
}

/// What was given out at one sign-in and can be taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Grant {
    pool: String,
    user: u64,
    expires: Timestamp,
    revoked: bool,
}

/// The sign-ins whose tokens may still be good, by the `jti` of their access token.
#[derive(Debug, Default)]
pub(crate) struct Grants {
    given: BTreeMap<String, Grant>,
    count: u64,
}

impl Grants {
    /// A new identifier in the shape the service uses for them.
    fn next_id(&mut self) -> String {
        self.count += 1;
        sub_of(SubPattern::Uuid4, 0x746f_6b65_6e73, self.count)
    }

    /// Makes the tokens of a sign-in worthless: all that this user holds.
    pub(crate) fn revoke(&mut self, pool: &str, user: u64) {
        for grant in self.given.values_mut() {
            if grant.pool == pool && grant.user == user {
                grant.revoked = true;
            }
        }
    }

    fn give(&mut self, id: &str, grant: Grant, now: Timestamp) {
        // An expired token is refused by its own date, so what is known about it need not be kept.
        self.given.retain(|_, grant| grant.expires > now);
        self.given.insert(id.to_owned(), grant);
    }
}

/// AuthenticationResultType for the user at this position.
pub(crate) fn tokens(
    grants: &mut Grants,
    region: &str,
    pool: &Pool,
    (at, user): (u64, &User),
    client: &Client,
    now: Timestamp,
) -> Value {
    let life = client.token_life();
    let expires = now.checked_add(life).unwrap_or(Timestamp::MAX);
    let id = grants.next_id();
    let common = json!({
        "sub": user.sub(),
        "iss": format!("https://cognito-idp.{region}.amazonaws.com/{}", pool.id),
        "origin_jti": grants.next_id(),
        "event_id": grants.next_id(),
        "auth_time": now.as_second(),
        "iat": now.as_second(),
    });
    let claims = |more: Value| {
        let mut all = Map::new();
        for part in [common.clone(), more] {
            if let Value::Object(part) = part {
                all.extend(part);
            }
        }
        if !user.groups.is_empty() {
            all.insert("cognito:groups".into(), json!(user.groups));
        }
        Value::Object(all)
    };
    let access = claims(json!({
        "client_id": client.id, "token_use": "access", "scope": client.scopes.join(" "), "exp": expires.as_second(),
        "jti": id, "username": user.username,
    }));
    let identity_ends = now.checked_add(SignedDuration::from_hours(1)).unwrap_or(Timestamp::MAX);
    let mut identity = claims(json!({
        "aud": client.id, "token_use": "id", "exp": identity_ends.as_second(), "jti": grants.next_id(),
        "cognito:username": user.username,
    }));
    if let Value::Object(identity) = &mut identity {
        for (name, value) in user.attributes.iter().filter(|(name, _)| client.may_read(name)) {
            // Flags are booleans in an ID token (developer guide, "Understanding the identity (ID) token").
            let value = match name.strip_suffix("_verified") {
                Some(_) => json!(value == "true"),
                None => json!(value),
            };
            identity.insert(name.clone(), value);
        }
    }
    let grant = Grant {
        pool: pool.id.clone(),
        user: at,
        expires,
        revoked: false,
    };
    grants.give(&id, grant, now);
    json!({
        "AccessToken": jwt::write(&access),
        "IdToken": jwt::write(&identity),
        // Opaque to clients; the flow that would take it is not emulated.
        "RefreshToken": format!("{}.{}", grants.next_id(), grants.next_id()).replace('-', ""),
        "ExpiresIn": life.as_secs(),
        "TokenType": "Bearer",
    })
}

/// Who sends this request, by its AccessToken; the words of the refusals are the service's as seen in public
/// reports (github.com/aws-amplify/amplify-js/issues/2205 and /1906; the one for garbage is undocumented).
///
/// The order of the checks is undocumented. Here: the token by itself, the user it names, revocation, scope, and the
/// status of the user.
pub(crate) fn bearer(state: &State, ask: &Ask<'_>) -> Result<Bearer, Refusal> {
    let refuse = |words: &str| Refusal::new("NotAuthorizedException", words);
    let invalid = || refuse("Invalid Access Token");
    let claims = jwt::read(ask.text("AccessToken")).ok_or_else(invalid)?;
    let claim = |name: &str| claims.get(name).and_then(Value::as_str).unwrap_or_default();
    if claim("token_use") != "access" {
        return Err(invalid());
    }
    let expires = claims.get("exp").and_then(Value::as_i64).unwrap_or_default();
    if ask.now.as_second() >= expires {
        return Err(refuse("Access Token has expired"));
    }
    let grant = state.grants.given.get(claim("jti")).ok_or_else(invalid)?;
    let (place, pool) = state
        .pools
        .iter()
        .enumerate()
        .find(|(_, pool)| pool.id == grant.pool)
        .ok_or_else(invalid)?;
    let user = pool.users.get(grant.user).ok_or_else(Refusal::no_user)?;
    if !user.enabled {
        return Err(refuse("User is disabled."));
    }
    if grant.revoked {
        return Err(refuse("Access Token has been revoked"));
    }
    if !claim("scope").split(' ').any(|scope| scope == ADMIN_SCOPE) {
        return Err(refuse("Access Token does not have required scopes"));
    }
    match user.status.as_str() {
        "RESET_REQUIRED" => Err(reset_required()),
        "UNCONFIRMED" => Err(not_confirmed()),
        _ => Ok(Bearer {
            pool: place,
            user: grant.user,
            client: claim("client_id").to_owned(),
        }),
    }
}

pub(crate) fn reset_required() -> Refusal {
    Refusal::new("PasswordResetRequiredException", "Password reset required for the user")
}

pub(crate) fn not_confirmed() -> Refusal {
    Refusal::new("UserNotConfirmedException", "User is not confirmed.")
}

/// GetUser: what the app client may read of the user.
pub(crate) fn get_user(state: &mut State, ask: &Ask<'_>) -> Result<Value, Refusal> {
    let bearer = bearer(state, ask)?;
    let pool = state.pools.get(bearer.pool).ok_or_else(Refusal::no_user)?;
    let client = pool
        .client(&bearer.client)
        .ok_or_else(|| client::unknown(&bearer.client))?;
    let user = pool.users.get(bearer.user).ok_or_else(Refusal::no_user)?;
    let mut own = user.detail();
    if let Value::Object(members) = &mut own {
        // The rest of AdminGetUser's members is for administrators.
        for name in ["UserCreateDate", "UserLastModifiedDate", "Enabled", "UserStatus"] {
            members.remove(name);
        }
        if let Some(Value::Array(attributes)) = members.get_mut("UserAttributes") {
            attributes.retain(|pair| {
                pair.get("Name")
                    .and_then(Value::as_str)
                    .is_some_and(|name| client.may_read(name))
            });
        }
    }
    Ok(own)
}

/// GlobalSignOut: every token of the user is revoked, the one it is called with included.
pub(crate) fn global_sign_out(state: &mut State, ask: &Ask<'_>) -> Result<Value, Refusal> {
    let bearer = bearer(state, ask)?;
    let pool = state.pools.get(bearer.pool).ok_or_else(Refusal::no_user)?;
    state.grants.revoke(&pool.id, bearer.user);
    Ok(json!({}))
}

pub(crate) fn admin_global_sign_out(state: &mut State, ask: &Ask<'_>) -> Result<Value, Refusal> {
    let State { pools, grants, .. } = state;
    let pool = pool(pools, ask)?;
    let at = user(pool, ask)?;
    grants.revoke(&pool.id, at);
    Ok(json!({}))
}

#[cfg(test)]
#[path = "access_tests.rs"]
mod tests;
