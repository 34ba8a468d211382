//! Signing in as a user: what is asked for on the way to an access token, and what a token says about itself.

use std::collections::BTreeMap;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use serde::Deserialize;

use super::pool::PoolId;
use super::raw::Raw;
use super::route::ClientId;
use super::secret::Secret;
use super::sentence::Sentence;
use super::user::User;
use crate::say;

#[cfg(test)]
mod tests;

/// The scope without which the service refuses a user's own calls.
pub const SCOPE: &str = "aws.cognito.signin.user.admin";

/// Which call takes the password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    /// InitiateAuth, USER_PASSWORD_AUTH: no AWS credentials.
    UserPassword,
    /// AdminInitiateAuth, ADMIN_USER_PASSWORD_AUTH: signed.
    AdminPassword,
}

impl Flow {
    /// The service's own name of the call.
    pub fn operation(self) -> &'static str {
        match self {
            Self::UserPassword => "InitiateAuth",
            Self::AdminPassword => "AdminInitiateAuth",
        }
    }

    /// The service's own name of the call that answers a challenge.
    pub fn answering(self) -> &'static str {
        match self {
            Self::UserPassword => "RespondToAuthChallenge",
            Self::AdminPassword => "AdminRespondToAuthChallenge",
        }
    }

    /// The service's name of the flow, as in ExplicitAuthFlows without its `ALLOW_`.
    pub fn name(self) -> &'static str {
        match self {
            Self::UserPassword => "USER_PASSWORD_AUTH",
            Self::AdminPassword => "ADMIN_USER_PASSWORD_AUTH",
        }
    }
}

/// A sign-in with a password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Password {
    pub flow: Flow,
    pub client: ClientId,
    pub username: Raw,
    pub password: Secret,
    /// The sub of the user it has to be.
    pub expected: Option<Raw>,
}

/// One more step that the service asks for. What the desk needs to go on is kept in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Challenge {
    pub kind: ChallengeKind,
    pub flow: Flow,
    pub client: ClientId,
    /// USER_ID_FOR_SRP, else the name that was typed: the answer has to name the user.
    pub username: Raw,
    pub session: Secret,
    /// CODE_DELIVERY_DESTINATION, masked by the service.
    pub destination: Option<Raw>,
    pub expected: Option<Raw>,
}

/// The challenges that can be answered with what a person can type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChallengeKind {
    /// `missing`: required attributes without a value, which have to come with the new password.
    NewPassword {
        missing: Vec<Raw>,
    },
    Sms,
    Email,
    SoftwareToken,
    /// The names to choose from, as sent: `SMS_MFA`, `SOFTWARE_TOKEN_MFA`.
    SelectMfa {
        choices: Vec<Raw>,
    },
    /// Any other one, which stops the sign-in.
    Other(Raw),
}

/// Whose calls can be made now, and until when.
#[derive(Clone, Debug, PartialEq)]
pub struct ActingAs {
    /// As GetUser tells.
    pub user: Arc<User>,
    pub client: Option<ClientId>,
    pub expires_at: Timestamp,
}

/// What an access token says. It is read, not verified: only the service can tell whether it is good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claims {
    pub sub: Raw,
    pub client: Option<ClientId>,
    pub pool: Option<PoolId>,
    pub expires_at: Timestamp,
    scopes: Vec<String>,
}

/// Why an access token cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TokenProblem {
    /// Not three parts of base64url with JSON in the middle.
    NotAToken,
    /// `token_use` says that it is another one, such as `id`.
    OtherUse(Raw),
    /// Without [`SCOPE`]: what it has.
    Scope(Vec<String>),
    Expired {
        at: Timestamp,
    },
    /// Of another pool than the one it is used in.
    OtherPool(PoolId),
}

impl TokenProblem {
    /// What is wrong and what to do.
    pub fn sentence(&self) -> Sentence {
        match self {
            Self::NotAToken => "that is no access token: it has three parts with dots between; copy the AccessToken of the sign-in's answer".into(),
            Self::OtherUse(other) => say!(
                "that is a token for '", raw other, "', not an access token; the AccessToken of the same answer is needed"
            ),
            Self::Scope(_) => say!(
                "this access token lacks the scope ", own SCOPE, "; sign in with a flow of the pool itself to get it"
            ),
            Self::Expired { at } => say!("this access token expired at ", own at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string(), "; sign in again"),
            Self::OtherPool(pool) => say!("this access token is of another pool, ", name pool.raw()),
        }
    }
}

#[derive(Deserialize)]
struct Payload {
    sub: String,
    #[serde(default)]
    token_use: Option<String>,
    #[serde(default)]
    scope: String,
    exp: i64,
    #[serde(default)]
    client_id: Option<String>,
    #[serde(default)]
    iss: Option<String>,
}

impl Claims {
    /// Reads the payload of a token (RFC 7519; Amazon Cognito developer guide, "Understanding the access token").
    pub fn read(token: &Secret) -> Result<Self, TokenProblem> {
        let mut parts = token.expose().trim().split('.');
        let (Some(_), Some(payload), Some(_), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
            return Err(TokenProblem::NotAToken);
        };
        let bytes = URL_SAFE_NO_PAD
            .decode(payload.trim_end_matches('='))
            .map_err(|_| TokenProblem::NotAToken)?;
        let payload: Payload = serde_json::from_slice(&bytes).map_err(|_| TokenProblem::NotAToken)?;
        if let Some(other) = payload.token_use.filter(|token_use| token_use != "access") {
            return Err(TokenProblem::OtherUse(Raw::from(other)));
        }
        let pool = payload.iss.as_deref().and_then(|iss| iss.rsplit('/').next());
        Ok(Self {
            sub: Raw::from(payload.sub),
            client: payload.client_id.map(ClientId::new),
            pool: pool.map(PoolId::new).filter(PoolId::is_plain),
            expires_at: Timestamp::from_second(payload.exp).map_err(|_| TokenProblem::NotAToken)?,
            scopes: payload.scope.split_whitespace().map(str::to_owned).collect(),
        })
    }

    /// Whether it can be used in a pool at a moment.
    pub fn check(&self, pool: &PoolId, now: Timestamp) -> Result<(), TokenProblem> {
        if let Some(other) = self.pool.as_ref().filter(|own| *own != pool) {
            return Err(TokenProblem::OtherPool(other.clone()));
        }
        if !self.scopes.iter().any(|scope| scope == SCOPE) {
            return Err(TokenProblem::Scope(self.scopes.clone()));
        }
        if self.expires_at <= now {
            return Err(TokenProblem::Expired { at: self.expires_at });
        }
        Ok(())
    }
}

/// The names in a challenge parameter that holds a JSON list of texts.
pub fn listed(parameters: &BTreeMap<String, String>, name: &str) -> Vec<Raw> {
    let text = parameters.get(name).map_or("", String::as_str);
    let names: Vec<String> = serde_json::from_str(text).unwrap_or_default();
    names.into_iter().map(Raw::from).collect()
}
