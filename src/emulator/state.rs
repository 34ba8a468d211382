//! The service's memory and the order in which a call goes through it: what is wrong on purpose, rate, shape of the
//! request, then the operation. A call is answered whole under one lock, so readers never see half a write.

use std::collections::{BTreeSet, VecDeque};
use std::fmt;

use bytes::Bytes;
use http::{Request, Response};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::access::Grants;
use super::faults::{Effect, Faults, Moment};
use super::hourly::Hourly;
use super::operations;
use super::outbox::Outbox;
use super::pool::{Lagging, Pool};
use super::quota::Quotas;
use super::sign_in::SignIns;
use super::signature;
use super::wire::{self, Body, Refusal};
use super::{Cut, Delay};

const KEPT: usize = 4096;

/// One call that arrived.
#[derive(Clone, PartialEq)]
pub struct Call {
    /// The operation's name; empty when the request named none.
    pub operation: String,
    /// The request's members; null when they could not be read.
    pub body: Value,
    /// `ok`, the error code, or `reset`, `hang`, `truncated`, `foreign`, `relabelled`, `endless`, `drip`. A fault that struck after the change was
    /// made is written `ok, then reset`.
    pub outcome: String,
    /// When it arrived.
    pub at: Timestamp,
    /// The id the response carried.
    pub request_id: String,
}

impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call")
            .field("operation", &self.operation)
            .field("outcome", &self.outcome)
            .field("body_bytes", &self.body.to_string().len())
            .finish_non_exhaustive()
    }
}

/// How long ListUsers goes on answering from the past.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListLag {
    /// Until another `lag_list` says otherwise.
    UntilTold,
    /// Until the clock has moved on this far.
    For(SignedDuration),
    /// No longer: answer from the present.
    None,
}

/// Everything the service holds.
pub(crate) struct State {
    pub(crate) region: String,
    pub(crate) account: String,
    /// Whom an AccessDeniedException names.
    pub(crate) caller: String,
    pub(crate) pools: Vec<Pool>,
    pub(crate) outbox: Outbox,
    pub(crate) calls: VecDeque<Call>,
    pub(crate) faults: Faults,
    pub(crate) quotas: Quotas,
    pub(crate) hourly: Hourly,
    pub(crate) page_shapes: VecDeque<usize>,
    pub(crate) grants: Grants,
    pub(crate) sign_ins: SignIns,
    /// How much the service's clock is ahead of the one that was handed in.
    pub(crate) ahead: SignedDuration,
    /// Access key ids whose session is over.
    pub(crate) expired_keys: BTreeSet<String>,
    pub(crate) serial: u64,
}

/// How a call ended before it becomes bytes.
enum End {
    Answer(Response<Bytes>),
    Cut(Cut),
}

impl State {
    #[expect(
        clippy::result_large_err,
        reason = "the cut carries a whole response, once per broken call"
    )]
    pub(crate) fn answer(&mut self, request: &Request<Bytes>, now: Timestamp) -> Result<Response<Bytes>, Cut> {
        self.serial += 1;
        let id = request_id(self.serial);
        let operation = wire::operation(request);
        let name = operation.clone().unwrap_or_default();
        let body = wire::body(request);
        let delay = self.faults.delay(&name);

        let (end, outcome) = match operation {
            Err(refusal) => (End::Answer(wire::refused(&refusal, &id)), refusal.code),
            Ok(name) => match signature::check(request, &self.expired_keys, now) {
                Err(refusal) => (End::Answer(wire::refused(&refusal, &id)), refusal.code),
                Ok(()) => self.serve(&name, &body, &id, now),
            },
        };
        if self.calls.len() == KEPT {
            self.calls.pop_front();
        }
        self.calls.push_back(Call {
            operation: name,
            body: body.map(Value::Object).unwrap_or(Value::Null),
            outcome,
            at: now,
            request_id: id,
        });
        match end {
            End::Cut(cut) => Err(cut.map(|response| wire::dated(response, now))),
            End::Answer(response) => {
                let mut response = wire::dated(response, now);
                if !delay.is_zero() {
                    response.extensions_mut().insert(Delay(delay));
                }
                Ok(response)
            }
        }
    }

    fn serve(&mut self, name: &str, body: &Result<Body, Refusal>, id: &str, now: Timestamp) -> (End, String) {
        // A truncated answer needs one to truncate, so that fault waits for the operation to run.
        let before = self.faults.take(name, Moment::Before);
        let truncate = before == Some(Effect::Truncate);
        if let Some(effect) = before.filter(|_| !truncate) {
            return self.act_out(effect, name, body, id);
        }
        let run = match body {
            Ok(body) => self.run(name, body, now),
            Err(refusal) => Err(refusal.clone()),
        };
        let (response, outcome) = match run {
            Ok(output) => (wire::accepted(&output, id), "ok".to_owned()),
            Err(refusal) => (wire::refused(&refusal, id), refusal.code),
        };
        if truncate {
            return (
                End::Cut(Cut::Truncated(wire::halve(response))),
                format!("{outcome}, then truncated"),
            );
        }
        if outcome == "ok"
            && let Some(effect) = self.faults.take(name, Moment::After)
        {
            let (end, then) = match effect {
                Effect::Truncate => (End::Cut(Cut::Truncated(wire::halve(response))), "truncated".to_owned()),
                Effect::Relabel(content_type) => (
                    End::Answer(wire::relabelled(response, &content_type)),
                    "relabelled".to_owned(),
                ),
                other => self.act_out(other, name, body, id),
            };
            return (end, format!("ok, then {then}"));
        }
        (End::Answer(response), outcome)
    }

    fn act_out(&self, effect: Effect, name: &str, body: &Result<Body, Refusal>, id: &str) -> (End, String) {
        let refuse = |refusal: &Refusal| (End::Answer(wire::refused(refusal, id)), refusal.code.clone());
        match effect {
            Effect::Refuse(refusal) => refuse(&refusal),
            Effect::Deny => refuse(&self.denial(name, body.as_ref().ok())),
            Effect::Foreign(answer) => (End::Answer(wire::foreign(answer, id)), "foreign".to_owned()),
            Effect::Reset => (End::Cut(Cut::Reset), "reset".to_owned()),
            Effect::Hang => (End::Cut(Cut::Hang), "hang".to_owned()),
            Effect::Endless => (End::Cut(Cut::Endless(wire::without_end(id))), "endless".to_owned()),
            Effect::Drip => (End::Cut(Cut::Drip(wire::without_end(id))), "drip".to_owned()),
            // What is done to the right answer never comes here; it is dealt with where that is made.
            Effect::Truncate | Effect::Relabel(_) | Effect::Delay(_) => (End::Cut(Cut::Reset), "reset".to_owned()),
        }
    }

    /// IAM's refusal (AWS IAM user guide, "Access denied error messages"): an implicit denial by an identity-based
    /// policy. ListUserPools has no resource of its own and names `*`.
    fn denial(&self, operation: &str, body: Option<&Body>) -> Refusal {
        let resource = match body.and_then(|body| body.get("UserPoolId")).and_then(Value::as_str) {
            Some(pool) => format!("arn:aws:cognito-idp:{}:{}:userpool/{pool}", self.region, self.account),
            None => "*".to_owned(),
        };
        Refusal::new(
            "AccessDeniedException",
            format!(
                "User: {} is not authorized to perform: cognito-idp:{operation} on resource: {resource} because no \
                 identity-based policy allows the cognito-idp:{operation} action",
                self.caller
            ),
        )
    }

    fn run(&mut self, name: &str, body: &Body, now: Timestamp) -> Result<Value, Refusal> {
        let operation = operations::find(name)?;
        let part = |member: &str| body.get(member).and_then(Value::as_str).unwrap_or_default();
        let user = format!("{}{}", part("Username"), part("AccessToken"));
        self.quotas.take(name, part("UserPoolId"), &user, now)?;
        operations::run(self, operation, body, now)
    }

    pub(crate) fn lag_list(&mut self, pool: &str, lag: ListLag, now: Timestamp) -> bool {
        let Some(pool) = self.pools.iter_mut().find(|known| known.id == pool) else {
            return false;
        };
        let until = match lag {
            ListLag::None => {
                pool.lagging = None;
                return true;
            }
            ListLag::UntilTold => None,
            ListLag::For(time) => Some(now.checked_add(time).unwrap_or(Timestamp::MAX)),
        };
        pool.lagging = Some(Lagging {
            users: pool.users.clone(),
            until,
        });
        true
    }
}

/// A UUID-shaped id from the call's number.
fn request_id(serial: u64) -> String {
    super::crowd::sub_of(super::SubPattern::Uuid4, 0x7265_7175_6573_7400, serial)
}

#[cfg(test)]
#[path = "state_tests.rs"]
mod tests;
