//! The proof that a caller knows an app client's secret: some clients have one, and then the service wants the hash with
//! every call that names a user (Amazon Cognito developer guide, "Computing secret hash values").

use aws_sdk_cognitoidentityprovider::Client;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::domain::{ClientId, Fault, FaultKind, PoolId, Secret};

use super::fault;

const OPERATION: &str = "DescribeUserPoolClient";

/// `Base64(HMAC-SHA256(secret, username + client id))`.
pub(super) fn hash(secret: &Secret, client: &ClientId, username: &str) -> Secret {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.expose().as_bytes()) else {
        // HMAC takes keys of any length.
        return Secret::default();
    };
    mac.update(username.as_bytes());
    mac.update(client.as_str().as_bytes());
    Secret::new(STANDARD.encode(mac.finalize().into_bytes()))
}

/// The hash for an app client that has a secret; `None` for one without. Reads the secret and forgets it.
///
/// Who may not describe the client, or has no credentials at all, goes on without a hash: most calls that need none work
/// then, and for a client with a secret the service says what is missing.
pub(super) async fn of(client: &Client, pool: &PoolId, id: &ClientId, username: &str) -> Result<Option<Secret>, Fault> {
    let answer = client
        .describe_user_pool_client()
        .user_pool_id(pool.as_str())
        .client_id(id.as_str())
        .send()
        .await
        .map_err(|error| fault::of(OPERATION, &error));
    let answer = match answer {
        Ok(answer) => answer,
        Err(fault) if cannot_look(&fault) => return Ok(None),
        Err(fault) => return Err(not_sent(fault)),
    };
    let secret = answer.user_pool_client.and_then(|client| client.client_secret);
    Ok(secret.map(|secret| hash(&Secret::new(secret), id, username)))
}

/// Whether nobody here may look at app clients, rather than that looking failed.
fn cannot_look(fault: &Fault) -> bool {
    fault.missing_action().is_some() || matches!(fault.kind, FaultKind::NoCredentials | FaultKind::SsoExpired)
}

/// The call that needs the hash has not left, whatever became of this reading.
fn not_sent(mut fault: Fault) -> Fault {
    if fault.kind.may_have_been_applied() || fault.kind == FaultKind::Throttled {
        fault.kind = FaultKind::Local;
    }
    fault
}

#[cfg(test)]
mod tests;
