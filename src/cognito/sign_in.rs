//! Signing in as a user with a password, and answering the challenges that follow: the one way from here to an access
//! token. Retries are off: an answer counts against the user's attempts, and a step can send a message.

use std::collections::{BTreeMap, HashMap};
use std::fmt;

use aws_sdk_cognitoidentityprovider::Client;
use aws_sdk_cognitoidentityprovider::config::Config;
use aws_sdk_cognitoidentityprovider::config::retry::RetryConfig;
use aws_sdk_cognitoidentityprovider::operation::RequestId;
use aws_sdk_cognitoidentityprovider::types::{AuthFlowType, AuthenticationResultType, ChallengeNameType};

use crate::domain::sign_in::{self, Challenge, ChallengeKind, Flow, Password};
use crate::domain::{ClientId, Fault, PoolId, Raw, Secret};

use super::{Answered, Clock, convert, fault, secret_hash};

/// Signs in to one pool.
pub struct Authenticator {
    client: Client,
    clock: Clock,
    pool: PoolId,
}

impl fmt::Debug for Authenticator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Authenticator({:?})", self.pool)
    }
}

/// How far one call came.
#[derive(Debug, PartialEq, Eq)]
pub enum Step {
    Challenge(Challenge),
    /// The access token. The other tokens of the answer are dropped.
    Token(Secret),
}

/// What every answer of a sign-in holds, whichever of the four calls it came from.
struct Said {
    challenge: Option<ChallengeNameType>,
    session: Option<String>,
    parameters: Option<HashMap<String, String>>,
    result: Option<AuthenticationResultType>,
}

/// Who is signing in, as far as the next challenge needs to know it.
struct Who {
    flow: Flow,
    client: ClientId,
    username: Raw,
    expected: Option<Raw>,
}

/// Sends one of the four requests and takes the same members out of its answer. A fault does not repeat `$secrets`.
macro_rules! said {
    ($gate:expr, $operation:expr, $request:expr, $secrets:expr) => {{
        let started = ($gate.clock)();
        let answer = $request
            .customize()
            .config_override(Config::builder().retry_config(RetryConfig::disabled()))
            .send()
            .await;
        let took = ($gate.clock)().duration_since(started);
        match answer {
            Ok(output) => {
                let request_id = output.request_id().map(Raw::from);
                fault::log_answer($operation, request_id.as_ref(), took);
                Ok(Answered {
                    value: Said {
                        challenge: output.challenge_name,
                        session: output.session,
                        parameters: output.challenge_parameters,
                        result: output.authentication_result,
                    },
                    request_id,
                })
            }
            Err(error) => {
                let fault = fault::without(fault::of($operation, &error), $secrets);
                fault::log_fault(&fault, took);
                Err(fault)
            }
        }
    }};
}

impl Authenticator {
    pub(super) fn new(client: Client, clock: Clock, pool: PoolId) -> Self {
        Self { client, clock, pool }
    }

    /// InitiateAuth or AdminInitiateAuth.
    pub async fn sign_in(&self, password: Password) -> Result<Answered<Step>, Fault> {
        let Password {
            flow,
            client,
            username,
            password,
            expected,
        } = password;
        let operation = flow.operation();
        let mut parameters = HashMap::from([
            ("USERNAME".to_owned(), username.as_str().to_owned()),
            ("PASSWORD".to_owned(), password.expose().to_owned()),
        ]);
        self.add_hash(&mut parameters, &client, &username).await?;
        let said = match flow {
            Flow::UserPassword => {
                let request = self
                    .client
                    .initiate_auth()
                    .client_id(client.as_str())
                    .auth_flow(AuthFlowType::UserPasswordAuth)
                    .set_auth_parameters(Some(parameters));
                said!(self, operation, request, &[&password])
            }
            Flow::AdminPassword => {
                let request = self
                    .client
                    .admin_initiate_auth()
                    .user_pool_id(self.pool.as_str())
                    .client_id(client.as_str())
                    .auth_flow(AuthFlowType::AdminUserPasswordAuth)
                    .set_auth_parameters(Some(parameters));
                said!(self, operation, request, &[&password])
            }
        }?;
        let who = Who {
            flow,
            client,
            username,
            expected,
        };
        step(operation, said, who)
    }

    /// RespondToAuthChallenge or AdminRespondToAuthChallenge: the kind that the sign-in began with.
    pub async fn answer(&self, challenge: Challenge, answers: Vec<(String, Secret)>) -> Result<Answered<Step>, Fault> {
        let Challenge {
            kind,
            flow,
            client,
            username,
            session,
            expected,
            ..
        } = challenge;
        let operation = flow.answering();
        let Some(name) = name_of(&kind) else {
            return Err(fault::local(
                operation,
                "Challenge",
                "this challenge cannot be answered here",
            ));
        };
        let mut responses = HashMap::from([("USERNAME".to_owned(), username.as_str().to_owned())]);
        for (name, answer) in &answers {
            responses.insert(name.clone(), answer.expose().to_owned());
        }
        // The choice of a factor and the value of an attribute are typed in sight.
        let typed = answers
            .iter()
            .filter(|(name, _)| name == "NEW_PASSWORD" || name.ends_with("_CODE"));
        let secrets: Vec<&Secret> = typed.map(|(_, answer)| answer).chain([&session]).collect();
        self.add_hash(&mut responses, &client, &username).await?;
        let said = match flow {
            Flow::UserPassword => {
                let request = self
                    .client
                    .respond_to_auth_challenge()
                    .client_id(client.as_str())
                    .challenge_name(name)
                    .session(session.expose())
                    .set_challenge_responses(Some(responses));
                said!(self, operation, request, &secrets)
            }
            Flow::AdminPassword => {
                let request = self
                    .client
                    .admin_respond_to_auth_challenge()
                    .user_pool_id(self.pool.as_str())
                    .client_id(client.as_str())
                    .challenge_name(name)
                    .session(session.expose())
                    .set_challenge_responses(Some(responses));
                said!(self, operation, request, &secrets)
            }
        }?;
        let who = Who {
            flow,
            client,
            username,
            expected,
        };
        step(operation, said, who)
    }

    async fn add_hash(
        &self,
        parameters: &mut HashMap<String, String>,
        client: &ClientId,
        username: &Raw,
    ) -> Result<(), Fault> {
        if let Some(hash) = secret_hash::of(&self.client, &self.pool, client, username.as_str()).await? {
            parameters.insert("SECRET_HASH".to_owned(), hash.expose().to_owned());
        }
        Ok(())
    }
}

fn step(operation: &'static str, said: Answered<Said>, who: Who) -> Result<Answered<Step>, Fault> {
    let Answered {
        value: said,
        request_id,
    } = said;
    let value = match (said.challenge, said.result.and_then(|result| result.access_token)) {
        (Some(name), _) => Step::Challenge(challenge(name, said.session, said.parameters, who)),
        (None, Some(token)) => Step::Token(Secret::new(token)),
        (None, None) => {
            let hole = convert::hole(operation, "neither a token nor a challenge");
            return Err(Fault { request_id, ..hole });
        }
    };
    Ok(Answered { value, request_id })
}

fn challenge(
    name: ChallengeNameType,
    session: Option<String>,
    parameters: Option<HashMap<String, String>>,
    who: Who,
) -> Challenge {
    let parameters: BTreeMap<String, String> = parameters.unwrap_or_default().into_iter().collect();
    let kind = match name {
        ChallengeNameType::NewPasswordRequired => ChallengeKind::NewPassword {
            missing: sign_in::listed(&parameters, "requiredAttributes"),
        },
        ChallengeNameType::SmsMfa => ChallengeKind::Sms,
        ChallengeNameType::EmailOtp => ChallengeKind::Email,
        ChallengeNameType::SoftwareTokenMfa => ChallengeKind::SoftwareToken,
        ChallengeNameType::SelectMfaType => ChallengeKind::SelectMfa {
            choices: sign_in::listed(&parameters, "MFAS_CAN_CHOOSE"),
        },
        other => ChallengeKind::Other(Raw::from(other.as_str())),
    };
    let username = parameters
        .get("USER_ID_FOR_SRP")
        .map_or(who.username, |name| Raw::from(name.as_str()));
    Challenge {
        kind,
        flow: who.flow,
        client: who.client,
        username,
        session: Secret::new(session.unwrap_or_default()),
        destination: parameters
            .get("CODE_DELIVERY_DESTINATION")
            .map(|to| Raw::from(to.as_str())),
        expected: who.expected,
    }
}

fn name_of(kind: &ChallengeKind) -> Option<ChallengeNameType> {
    match kind {
        ChallengeKind::NewPassword { .. } => Some(ChallengeNameType::NewPasswordRequired),
        ChallengeKind::Sms => Some(ChallengeNameType::SmsMfa),
        ChallengeKind::Email => Some(ChallengeNameType::EmailOtp),
        ChallengeKind::SoftwareToken => Some(ChallengeNameType::SoftwareTokenMfa),
        ChallengeKind::SelectMfa { .. } => Some(ChallengeNameType::SelectMfaType),
        ChallengeKind::Other(_) => None,
    }
}

#[cfg(test)]
mod tests;
