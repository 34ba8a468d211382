//! The only place that changes a user. What goes in was written down before, and comes back either sent, exactly once,
//! or untouched.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use aws_sdk_cognitoidentityprovider::Client;
use aws_sdk_cognitoidentityprovider::config::interceptors::BeforeTransmitInterceptorContextRef;
use aws_sdk_cognitoidentityprovider::config::retry::RetryConfig;
use aws_sdk_cognitoidentityprovider::config::{Config, ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_cognitoidentityprovider::error::BoxError;
use aws_sdk_cognitoidentityprovider::operation::RequestId;
use aws_sdk_cognitoidentityprovider::types::AttributeType;
use jiff::Timestamp;

use crate::domain::{ChangeSet, Edit, Fault, FaultKind, Operation, PoolId, Raw, Username};
use crate::journal::{Answer, Recorded, Sent};

use super::{Clock, fault};

/// Writes to one pool, for one session. There is no way to copy one: dropping it ends writing there.
pub struct Writer {
    client: Client,
    clock: Clock,
    pool: PoolId,
}

impl fmt::Debug for Writer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Writer({:?})", self.pool)
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

impl Writer {
    pub(super) fn new(client: Client, clock: Clock, pool: PoolId) -> Self {
        Self { client, clock, pool }
    }

    pub fn pool(&self) -> &PoolId {
        &self.pool
    }

    /// Sends what was recorded, as one request and never again: an unanswered write may have been applied, and a
    /// second one may text a person twice.
    pub async fn apply(&self, recorded: Recorded, round: Round) -> Attempt {
        let intent = recorded.intent();
        let operation = intent.operation.name();
        let result = match &intent.operation {
            _ if intent.place.pool != self.pool => Err(fault::local(
                operation,
                "WrongPool",
                "this writer belongs to another pool",
            )),
            Operation::AdminUpdate(changes) => self.admin_update(operation, &intent.user, changes).await,
        };
        let answer = match result {
            Ok(request_id) => Answer::Accepted { request_id },
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

    async fn admin_update(
        &self,
        operation: &'static str,
        user: &Username,
        changes: &ChangeSet,
    ) -> Result<Option<Raw>, Fault> {
        let mut request = self
            .client
            .admin_update_user_attributes()
            .user_pool_id(self.pool.as_str())
            .username(user.as_str());
        for change in changes.changes() {
            // A blank value deletes, an absent one is refused by the service.
            let value = match &change.edit {
                Edit::Set(value) => value.as_str(),
                Edit::Delete => "",
            };
            let attribute = AttributeType::builder()
                .name(change.name.as_str())
                .value(value)
                .build()
                .map_err(|_| fault::local(operation, "RequestNotBuilt", "an attribute has no name"))?;
            request = request.user_attributes(attribute);
        }
        for (key, value) in &changes.metadata().0 {
            request = request.client_metadata(key, value);
        }
        let watch = Watch::default();
        let started = (self.clock)();
        let answer = request
            .customize()
            .config_override(Config::builder().retry_config(RetryConfig::disabled()))
            .interceptor(watch.clone())
            .send()
            .await;
        let took = (self.clock)().duration_since(started);
        match answer {
            Ok(output) => {
                let request_id = output.request_id().map(Raw::from);
                fault::log_answer(operation, request_id.as_ref(), took);
                Ok(request_id)
            }
            Err(error) => {
                let mut fault = fault::of(operation, &error);
                if fault.kind.may_have_been_applied() && !watch.left() {
                    // For example a timeout while credentials were being fetched.
                    fault.kind = FaultKind::Local;
                    fault.code = Raw::from("NotSent");
                }
                fault::log_fault(&fault, took);
                Err(fault)
            }
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
