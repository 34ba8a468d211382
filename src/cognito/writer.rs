//! The only place that changes a user. What goes in was written down before, and comes back either sent, exactly once,
//! or untouched.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use aws_sdk_cognitoidentityprovider::Client;
use aws_sdk_cognitoidentityprovider::config::interceptors::BeforeTransmitInterceptorContextRef;
use aws_sdk_cognitoidentityprovider::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_cognitoidentityprovider::error::BoxError;
use jiff::Timestamp;

use crate::domain::{CodeDelivery, Fault, FaultKind, Operation, PoolId, Raw, Route, Secret};
use crate::journal::{Answer, Recorded, Sent};

use super::{Clock, fault};

mod calls;

/// Writes to one pool for one session, or for the user of one access token. There is no way to copy one: dropping it
/// ends writing there.
pub struct Writer {
    client: Client,
    clock: Clock,
    pool: PoolId,
    leave: Leave,
}

/// What allows the writes.
enum Leave {
    /// IAM, by the signature.
    Signed,
    /// The user's access token.
    Token(Secret),
}

impl fmt::Debug for Writer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Writer({:?}, {:?})", self.pool, self.route())
    }
}

/// Which send of one decision this is, for the journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Round {
    /// 1 for the first; those refused for rate count.
    pub number: u32,
    /// When the first one went out.
    pub since: Timestamp,
}

/// What became of one send.
#[derive(Debug)]
pub enum Attempt {
    /// The request went out once, or was refused here for good. What it came to has to be settled.
    Sent(Sent),
    /// Refused for rate. Nothing was done, and the same decision may be sent again later.
    Throttled(Recorded, Fault),
}

/// What the service answers to a write that it accepts.
#[derive(Debug, Default)]
struct Accepted {
    request_id: Option<Raw>,
    reported: Vec<CodeDelivery>,
}

impl Writer {
    pub(super) fn signed(client: Client, clock: Clock, pool: PoolId) -> Self {
        Self {
            client,
            clock,
            pool,
            leave: Leave::Signed,
        }
    }

    pub(super) fn with_token(client: Client, clock: Clock, pool: PoolId, token: Secret) -> Self {
        Self {
            client,
            clock,
            pool,
            leave: Leave::Token(token),
        }
    }

    pub fn pool(&self) -> &PoolId {
        &self.pool
    }

    /// Whose calls it makes.
    pub fn route(&self) -> Route {
        match self.leave {
            Leave::Signed => Route::Admin,
            Leave::Token(_) => Route::Own,
        }
    }

    /// Sends what was recorded, as one request and never again: an unanswered write may have been applied, and a
    /// second one may text a person twice.
    pub async fn apply(&self, recorded: Recorded, round: Round) -> Attempt {
        let intent = recorded.intent();
        let name = intent.operation.name();
        let result = if intent.place.pool == self.pool {
            self.send(&intent.operation).await
        } else {
            Err(fault::local(name, "WrongPool", "this writer belongs to another pool"))
        };
        let answer = match result {
            Ok(Accepted { request_id, reported }) => Answer::Accepted { request_id, reported },
            Err(fault) if fault.kind == FaultKind::Throttled => {
                return Attempt::Throttled(recorded, fault);
            }
            Err(fault) if fault.kind.may_have_been_applied() => Answer::Unknown(fault),
            Err(fault) => Answer::Refused(fault),
        };
        // A clock that was set back meanwhile makes it no time at all.
        let took = Duration::try_from((self.clock)().duration_since(round.since)).unwrap_or_default();
        Attempt::Sent(recorded.sent(answer, round.number, took))
    }

    /// The one request that an operation is.
    async fn send(&self, operation: &Operation) -> Result<Accepted, Fault> {
        match (operation, &self.leave) {
            (Operation::AdminUpdate(changes), Leave::Signed) => self.admin_update(changes).await,
            (Operation::Account { user, account }, Leave::Signed) => self.account(user, *account).await,
            (Operation::ResendCode { user, client }, Leave::Signed) => self.resend_code(&user.username, client).await,
            (Operation::OwnUpdate(changes), Leave::Token(token)) => self.own_update(changes, token).await,
            (Operation::OwnDelete(changes), Leave::Token(token)) => self.own_delete(changes, token).await,
            (Operation::SendCode { contact, metadata, .. }, Leave::Token(token)) => {
                self.send_code(*contact, metadata, token).await
            }
            (Operation::VerifyCode { contact, code, .. }, Leave::Token(token)) => {
                self.verify_code(*contact, code, token).await
            }
            (operation, _) => Err(fault::local(
                operation.name(),
                "WrongWriter",
                "this writer is for the other kind of call: an administrator's and a user's own do not mix",
            )),
        }
    }
}

/// Sees the request leave, so that a failure before that is not taken for a write that may have been applied.
#[derive(Clone, Debug, Default)]
struct Watch(Arc<AtomicBool>);

impl Watch {
    fn left(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}

impl Intercept for Watch {
    fn name(&self) -> &'static str {
        "Watch"
    }

    fn read_before_transmit(
        &self,
        _: &BeforeTransmitInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        self.0.store(true, Ordering::SeqCst);
        Ok(())
    }
}

#[cfg(test)]
mod tests;
