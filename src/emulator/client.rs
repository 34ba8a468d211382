//! App clients, because nobody signs in without one: it says which ways of signing in are open, whether a secret
//! proves the caller, how long tokens live, and what a user may read and write of themselves. Source: Cognito API
//! reference, CreateUserPoolClient, DescribeUserPoolClient, ListUserPoolClients.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};
use sha2::Sha256;

use super::constraint::{Member, Pattern, Shape, optional, required, text};
use super::crowd::mix;
use super::operations::{Ask, pool};
use super::pool::Pool;
use super::state::State;
use super::wire::{self, Refusal};

/// The scope of a token that comes from a user pool's own sign-in (developer guide, "Understanding the access
/// token").
pub(crate) const ADMIN_SCOPE: &str = "aws.cognito.signin.user.admin";

const FLOWS: &[&str] = &[
    "ADMIN_NO_SRP_AUTH",
    "CUSTOM_AUTH_FLOW_ONLY",
    "USER_PASSWORD_AUTH",
    "ALLOW_ADMIN_USER_PASSWORD_AUTH",
    "ALLOW_CUSTOM_AUTH",
    "ALLOW_USER_PASSWORD_AUTH",
    "ALLOW_USER_SRP_AUTH",
    "ALLOW_REFRESH_TOKEN_AUTH",
    "ALLOW_USER_AUTH",
];

const UNITS: &[&str] = &["seconds", "minutes", "hours", "days"];

const NAMES: Shape = Shape::Texts {
    of: &text(1, 2048, Pattern::Any),
    min: 0,
    max: usize::MAX,
};

/// The input members of CreateUserPoolClient that the emulator acts on or describes; others are accepted and
/// ignored.
pub(crate) const CREATE: &[Member] = &[
    required("UserPoolId", super::constraint::POOL_ID),
    required("ClientName", text(1, 128, Pattern::PoolName)),
    optional("GenerateSecret", Shape::Flag),
    optional("AccessTokenValidity", Shape::Whole { min: 1, max: 86_400 }),
    optional("TokenValidityUnits", Shape::Structure),
    optional("ReadAttributes", NAMES),
    optional("WriteAttributes", NAMES),
    optional(
        "ExplicitAuthFlows",
        Shape::Texts {
            of: &Shape::OneOf(FLOWS),
            min: 0,
            max: usize::MAX,
        },
    ),
    optional("PreventUserExistenceErrors", Shape::OneOf(&["LEGACY", "ENABLED"])),
];

/// How long an access token lives, in the words of the API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Validity {
    /// AccessTokenValidity.
    pub number: i64,
    /// TokenValidityUnits.AccessToken: `seconds`, `minutes`, `hours`, `days`; the API's default is hours.
    pub unit: Option<String>,
}

impl Validity {
    fn time(&self) -> SignedDuration {
        let seconds = match self.unit.as_deref() {
            Some("seconds") => 1,
            Some("minutes") => 60,
            Some("days") => 86_400,
            _ => 3600,
        };
        SignedDuration::from_secs(self.number.saturating_mul(seconds))
    }
}

/// An app client.
#[derive(Clone, PartialEq, Eq)]
#[must_use]
pub struct Client {
    /// ClientId: 26 lower-case letters and digits; one is made when the pool is planted and none was given.
    pub id: String,
    /// ClientName.
    pub name: String,
    /// ClientSecret, of a client that has one.
    pub secret: Option<String>,
    /// ExplicitAuthFlows.
    pub flows: Vec<String>,
    /// ReadAttributes; none is the default.
    pub read: Option<Vec<String>>,
    /// WriteAttributes; none is the default.
    pub write: Option<Vec<String>>,
    /// AccessTokenValidity and its unit; none is the default, one hour.
    pub validity: Option<Validity>,
    /// PreventUserExistenceErrors is ENABLED.
    pub hides_users: bool,
    /// The scopes of the access tokens; what a user pool's own sign-in gives unless a test wants others.
    pub scopes: Vec<String>,
    /// CreationDate and LastModifiedDate.
    pub created: Timestamp,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("name", &self.name)
            .field("flows", &self.flows)
            .field("has_secret", &self.secret.is_some())
            .finish_non_exhaustive()
    }
}

impl Client {
    /// A client without a secret that takes user names with passwords, from anybody (USER_PASSWORD_AUTH); created
    /// on 2023-03-01.
    pub fn new(name: &str) -> Self {
        Self {
            id: String::new(),
            name: name.to_owned(),
            secret: None,
            flows: owned(&["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]),
            read: None,
            write: None,
            validity: None,
            hides_users: false,
            scopes: owned(&[ADMIN_SCOPE]),
            created: Timestamp::from_second(1_677_664_800).unwrap_or(Timestamp::UNIX_EPOCH),
        }
    }

    /// The same client with this ClientId.
    pub fn id(mut self, id: &str) -> Self {
        self.id = id.to_owned();
        self
    }

    /// The same client with this secret.
    pub fn secret(mut self, secret: &str) -> Self {
        self.secret = Some(secret.to_owned());
        self
    }

    /// The same client with these ExplicitAuthFlows only.
    pub fn flows(mut self, flows: &[&str]) -> Self {
        self.flows = owned(flows);
        self
    }

    /// The same client that may read only these attributes.
    pub fn reads(mut self, names: &[&str]) -> Self {
        self.read = Some(owned(names));
        self
    }

    /// The same client that may write only these attributes.
    pub fn writes(mut self, names: &[&str]) -> Self {
        self.write = Some(owned(names));
        self
    }

    /// The same client with access tokens that live this long; `unit` is one of the API's words.
    pub fn access_tokens_for(mut self, number: i64, unit: &str) -> Self {
        self.validity = Some(Validity {
            number,
            unit: Some(unit.to_owned()),
        });
        self
    }

    /// The same client with other scopes in its access tokens, as a sign-in through a domain may give them.
    pub fn scopes(mut self, scopes: &[&str]) -> Self {
        self.scopes = owned(scopes);
        self
    }

    /// The same client with PreventUserExistenceErrors = ENABLED.
    pub fn hiding_users(mut self) -> Self {
        self.hides_users = true;
        self
    }

    /// The client as it stands in a pool: with an id of its own.
    pub(crate) fn planted(mut self, pool: &str) -> Self {
        if self.id.is_empty() {
            self.id = letters(&format!("{pool}/{}", self.name), 26);
        }
        self
    }

    /// How long its access tokens live: one hour unless it says otherwise.
    pub(crate) fn token_life(&self) -> SignedDuration {
        self.validity
            .as_ref()
            .map_or(SignedDuration::from_hours(1), Validity::time)
    }

    pub(crate) fn allows(&self, flow: &str) -> bool {
        self.flows.iter().any(|known| known == flow)
    }

    /// Whether a user may read this attribute with the client's token.
    ///
    /// The reference says that without a list the standard attributes may be read; clients were seen to read and
    /// write the custom ones as well (github.com/hashicorp/terraform-provider-aws/pull/2874,
    /// github.com/aws/aws-cdk/issues/30608). An empty list is no list (github.com/aws/aws-cdk/issues/21835).
    /// `sub` is always there.
    pub(crate) fn may_read(&self, name: &str) -> bool {
        name == "sub" || (!name.starts_with("dev:") && listed(self.read.as_deref(), name))
    }

    /// Whether a user may write this attribute with the client's token. Required attributes are always writable
    /// (developer guide, "Attribute permissions and scopes"), developers' own never (developer guide, "Custom
    /// attributes").
    pub(crate) fn may_write(&self, pool: &Pool, name: &str) -> bool {
        let required = pool.settings.attribute(name).is_some_and(|known| known.required);
        !name.starts_with("dev:") && (required || listed(self.write.as_deref(), name))
    }

    /// Checks the secret hash that comes with a user name: Base64(HMAC-SHA256(client secret, user name + client id))
    /// (developer guide, "Computing secret hash values"). Words: github.com/aws-amplify/amplify-android/issues/2504
    /// and github.com/ArranJacques/laravel-aws-cognito-auth/issues/26; those for a hash that no secret asks for are
    /// undocumented and the same as for a wrong one.
    pub(crate) fn check_secret_hash(&self, username: &str, given: Option<&str>) -> Result<(), Refusal> {
        let refuse = |words: String| Err(Refusal::new("NotAuthorizedException", words));
        match (&self.secret, given) {
            (None, None) => Ok(()),
            (Some(_), None) => refuse(format!(
                "Client {} is configured with secret but SECRET_HASH was not received",
                self.id
            )),
            (Some(secret), Some(given)) if secret_hash(secret, username, &self.id) == given => Ok(()),
            _ => refuse(format!("Unable to verify secret hash for client {}", self.id)),
        }
    }

    /// UserPoolClientDescription, a row of ListUserPoolClients.
    fn row(&self, pool: &str) -> Value {
        json!({"ClientId": self.id, "UserPoolId": pool, "ClientName": self.name})
    }

    /// UserPoolClientType. ReadAttributes and WriteAttributes are there only where they were set.
    fn describe(&self, pool: &str) -> Value {
        let mut out = Map::new();
        let mut put = |name: &str, value: Value| out.insert(name.to_owned(), value);
        put("UserPoolId", json!(pool));
        put("ClientName", json!(self.name));
        put("ClientId", json!(self.id));
        if let Some(secret) = &self.secret {
            put("ClientSecret", json!(secret));
        }
        put("CreationDate", wire::date(self.created));
        put("LastModifiedDate", wire::date(self.created));
        put("RefreshTokenValidity", json!(30));
        let unit = self.validity.as_ref().and_then(|validity| validity.unit.as_ref());
        put(
            "TokenValidityUnits",
            unit.map_or_else(|| json!({}), |unit| json!({"AccessToken": unit})),
        );
        if let Some(validity) = &self.validity {
            put("AccessTokenValidity", json!(validity.number));
        }
        for (name, list) in [("ReadAttributes", &self.read), ("WriteAttributes", &self.write)] {
            if let Some(list) = list.as_ref().filter(|list| !list.is_empty()) {
                put(name, json!(list));
            }
        }
        put("ExplicitAuthFlows", json!(self.flows));
        put("AllowedOAuthFlowsUserPoolClient", json!(false));
        put(
            "PreventUserExistenceErrors",
            json!(if self.hides_users { "ENABLED" } else { "LEGACY" }),
        );
        put("EnableTokenRevocation", json!(true));
        put("EnablePropagateAdditionalUserContextData", json!(false));
        put("AuthSessionValidity", json!(3));
        Value::Object(out)
    }
}

fn listed(list: Option<&[String]>, name: &str) -> bool {
    list.filter(|list| !list.is_empty())
        .is_none_or(|list| list.iter().any(|known| known == name))
}

/// What a caller that knows the secret sends beside a user name.
fn secret_hash(secret: &str, username: &str, client: &str) -> String {
    // HMAC takes keys of every length.
    Hmac::<Sha256>::new_from_slice(secret.as_bytes())
        .map(|mac| {
            let digest = mac.chain_update(username).chain_update(client).finalize();
            STANDARD.encode(digest.into_bytes())
        })
        .unwrap_or_default()
}

/// The refusal of a client that is not there.
pub(crate) fn unknown(id: &str) -> Refusal {
    Refusal::new(
        "ResourceNotFoundException",
        format!("User pool client {id} does not exist."),
    )
}

/// The pool (its place in the list) and the client that an unsigned operation names by the client's id alone.
pub(crate) fn of_any_pool(pools: &[Pool], id: &str) -> Result<(usize, Client), Refusal> {
    pools
        .iter()
        .enumerate()
        .find_map(|(at, pool)| Some((at, pool.client(id)?.clone())))
        .ok_or_else(|| unknown(id))
}

pub(crate) fn list(state: &mut State, ask: &Ask<'_>) -> Result<Value, Refusal> {
    let pool = pool(&mut state.pools, ask)?;
    // The order is undocumented; here it is that of creation.
    let rows = pool
        .clients
        .iter()
        .enumerate()
        .map(|(at, client)| (format!("{at:08}"), client.row(&pool.id)));
    let (page, next) = ask.page(rows, ask.page_size("MaxResults"), "NextToken")?;
    let mut out = Map::new();
    out.insert("UserPoolClients".into(), Value::Array(page));
    if let Some(next) = next {
        out.insert("NextToken".into(), json!(next));
    }
    Ok(Value::Object(out))
}

pub(crate) fn describe(state: &mut State, ask: &Ask<'_>) -> Result<Value, Refusal> {
    let pool = pool(&mut state.pools, ask)?;
    let id = ask.text("ClientId");
    let client = pool.client(id).ok_or_else(|| unknown(id))?;
    Ok(json!({"UserPoolClient": client.describe(&pool.id)}))
}

pub(crate) fn create(state: &mut State, ask: &Ask<'_>) -> Result<Value, Refusal> {
    let State { pools, serial, .. } = state;
    let pool = pool(pools, ask)?;
    let seed = format!("{}/{serial}", pool.id);
    let mut client = Client::new(ask.text("ClientName")).id(&letters(&seed, 26));
    client.created = ask.now;
    // CreateUserPoolClient, ExplicitAuthFlows: what a client supports that names none.
    let flows = ask.texts("ExplicitAuthFlows").filter(|flows| !flows.is_empty());
    client.flows =
        flows.unwrap_or_else(|| owned(&["ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_CUSTOM_AUTH"]));
    let old = |flow: &String| !flow.starts_with("ALLOW_");
    if client.flows.iter().any(old) && !client.flows.iter().all(old) {
        // The rule is the reference's, the words are undocumented.
        return Err(Refusal::parameter(
            "ExplicitAuthFlows cannot hold values with and without the prefix ALLOW_.",
        ));
    }
    if ask.flag("GenerateSecret") {
        client.secret = Some(letters(&format!("{seed}/secret"), 52));
    }
    client.hides_users = ask.text_if_set("PreventUserExistenceErrors") == Some("ENABLED");
    client.validity = validity(ask)?;
    // Words of the service: github.com/aws/aws-sdk-java/issues/1395.
    for (member, kind) in [("ReadAttributes", "read"), ("WriteAttributes", "write")] {
        let names = ask.texts(member);
        let unfit = |name: &String| {
            pool.settings.attribute(name).is_none_or(|_| {
                name.starts_with("dev:") || (kind == "write" && (name == "sub" || name.ends_with("_verified")))
            })
        };
        if names.iter().flatten().any(unfit) {
            return Err(Refusal::parameter(format!(
                "Invalid {kind} attributes specified while creating a client"
            )));
        }
        match kind {
            "read" => client.read = names,
            _ => client.write = names,
        }
    }
    let described = client.describe(&pool.id);
    pool.clients.push(client);
    Ok(json!({"UserPoolClient": described}))
}

/// AccessTokenValidity with its unit: between five minutes and a day (API reference; the words are undocumented).
fn validity(ask: &Ask<'_>) -> Result<Option<Validity>, Refusal> {
    let unit = ask
        .structure("TokenValidityUnits")
        .and_then(|units| units.get("AccessToken"))
        .and_then(Value::as_str)
        .map(str::to_owned);
    if let Some(unit) = unit.as_deref().filter(|unit| !UNITS.contains(unit)) {
        return Err(Refusal::parameter(format!(
            "1 validation error detected: Value '{unit}' at 'tokenValidityUnits.accessToken' failed to satisfy \
             constraint: Member must satisfy enum value set: [seconds, minutes, hours, days]"
        )));
    }
    let Some(number) = ask.whole("AccessTokenValidity") else {
        return Ok(None);
    };
    let validity = Validity { number, unit };
    let time = validity.time();
    if time < SignedDuration::from_mins(5) || time > SignedDuration::from_hours(24) {
        return Err(Refusal::parameter("Invalid range for token validity."));
    }
    Ok(Some(validity))
}

/// Lower-case letters and digits that only this text gives.
fn letters(text: &str, count: usize) -> String {
    const ALPHABET: &[u8] = b"abcdefghijklmnopqrstuvwxyz0123456789";
    let mut state = text.bytes().fold(3_u64, |hash, byte| mix(hash, u64::from(byte)));
    (0..count)
        .filter_map(|_| {
            state = mix(state, 1);
            let at = usize::try_from(state % ALPHABET.len() as u64).ok()?;
            ALPHABET.get(at).map(|&byte| char::from(byte))
        })
        .collect()
}

fn owned(names: &[&str]) -> Vec<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}

#[cfg(test)]
#[path = "client_tests.rs"]
mod tests;
