//! Everything that goes wrong between a program and the service, on demand and by operation, so that each outcome of
//! a write can be produced: refused before anything happened, and lost after it happened.

use std::time::Duration;

use super::wire::Refusal;

/// Whether a fault strikes before the service acted, or after the change was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// Nothing was changed.
    Before,
    /// The change is in force; only the answer is lost or wrong. Calls that the rules refuse pass the fault by.
    After,
}

/// An answer that is not the service's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Foreign {
    pub(crate) status: u16,
    pub(crate) content_type: String,
    /// Where a redirect leads.
    pub(crate) location: Option<String>,
    pub(crate) body: Vec<u8>,
}

/// What happens to a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Effect {
    Refuse(Refusal),
    /// AccessDeniedException; its text names the operation and the pool, so it is made at the call.
    Deny,
    Foreign(Foreign),
    /// The right answer under another content type.
    Relabel(String),
    Reset,
    Hang,
    Truncate,
    Endless,
    Drip,
    Delay(Duration),
}

/// A fault to be injected. It strikes the next call of every operation unless narrowed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct Fault {
    effect: Effect,
    operation: Option<String>,
    skip: u32,
    /// How often it strikes; none: for ever.
    left: Option<u32>,
    moment: Moment,
}

impl Fault {
    fn new(effect: Effect) -> Self {
        Self {
            effect,
            operation: None,
            skip: 0,
            left: Some(1),
            moment: Moment::Before,
        }
    }

    /// Any error by its code, modelled by the service or not; HTTP 400 (500 for InternalErrorException, 503 for
    /// ServiceUnavailable).
    pub fn error(code: &str, message: &str) -> Self {
        Self::new(Effect::Refuse(Refusal::new(code, message)))
    }

    /// Any error with an HTTP status of its own.
    pub fn error_with_status(status: u16, code: &str, message: &str) -> Self {
        Self::new(Effect::Refuse(Refusal {
            code: code.to_owned(),
            message: message.to_owned(),
            status,
        }))
    }

    /// InternalErrorException, HTTP 500: the one modelled 500.
    pub fn internal() -> Self {
        Self::error("InternalErrorException", "Something went wrong")
    }

    /// TooManyRequestsException "Rate exceeded" (github.com/boto/boto3/issues/2517).
    pub fn throttled() -> Self {
        Self::error("TooManyRequestsException", "Rate exceeded")
    }

    /// LimitExceededException, the hourly limit of one user's attempts.
    pub fn attempts_exceeded() -> Self {
        Self::error(
            "LimitExceededException",
            "Attempt limit exceeded, please try after some time.",
        )
    }

    /// AccessDeniedException in IAM's words, for ever: the role lacks the action.
    pub fn denied(operation: &str) -> Self {
        Self::new(Effect::Deny).on(operation).always()
    }

    /// An answer that is not the service's: any status, content type and body (a proxy's page, broken JSON).
    pub fn foreign(status: u16, content_type: &str, body: impl AsRef<[u8]>) -> Self {
        Self::new(Effect::Foreign(Foreign {
            status,
            content_type: content_type.to_owned(),
            location: None,
            body: body.as_ref().to_vec(),
        }))
    }

    /// An answer that leads elsewhere, as a portal in front of a network gives it.
    pub fn redirect(status: u16, location: &str) -> Self {
        Self::new(Effect::Foreign(Foreign {
            status,
            content_type: "text/html".to_owned(),
            location: Some(location.to_owned()),
            body: Vec::new(),
        }))
    }

    /// The right answer, after the operation ran, under another content type.
    pub fn relabelled(content_type: &str) -> Self {
        Self::new(Effect::Relabel(content_type.to_owned())).after_applying()
    }

    /// The connection is closed without an answer.
    pub fn reset() -> Self {
        Self::new(Effect::Reset)
    }

    /// No answer ever comes: a timeout for the caller.
    pub fn hang() -> Self {
        Self::new(Effect::Hang)
    }

    /// Half of the answer comes.
    pub fn truncated() -> Self {
        Self::new(Effect::Truncate)
    }

    /// An answer whose body never ends, as fast as it is read.
    pub fn endless() -> Self {
        Self::new(Effect::Endless)
    }

    /// An answer whose body never ends, a byte a second.
    pub fn drip() -> Self {
        Self::new(Effect::Drip)
    }

    /// The answer comes later; adds to other delays and goes with any other fault.
    pub fn latency(delay: Duration) -> Self {
        Self::new(Effect::Delay(delay))
    }

    /// Only for this operation.
    pub fn on(mut self, operation: &str) -> Self {
        self.operation = Some(operation.to_owned());
        self
    }

    /// Strikes this many calls.
    pub fn times(mut self, times: u32) -> Self {
        self.left = Some(times);
        self
    }

    /// Strikes every call.
    pub fn always(mut self) -> Self {
        self.left = None;
        self
    }

    /// Lets this many calls pass first.
    pub fn skipping(mut self, calls: u32) -> Self {
        self.skip = calls;
        self
    }

    /// Strikes after the change was made.
    pub fn after_applying(mut self) -> Self {
        self.moment = Moment::After;
        self
    }

    fn strikes(&mut self, operation: &str) -> bool {
        if self.left == Some(0) || self.operation.as_deref().is_some_and(|only| only != operation) {
            return false;
        }
        if self.skip > 0 {
            self.skip -= 1;
            return false;
        }
        if let Some(left) = &mut self.left {
            *left -= 1;
        }
        true
    }
}

/// The faults in force.
#[derive(Default)]
pub(crate) struct Faults(Vec<Fault>);

impl Faults {
    pub(crate) fn add(&mut self, fault: Fault) {
        self.0.push(fault);
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    /// The delay of this call: all that strike, added up.
    pub(crate) fn delay(&mut self, operation: &str) -> Duration {
        let mut sum = Duration::ZERO;
        for fault in &mut self.0 {
            if let Effect::Delay(delay) = fault.effect
                && fault.strikes(operation)
            {
                sum += delay;
            }
        }
        self.drop_spent();
        sum
    }

    /// The first fault that strikes this call at this moment.
    pub(crate) fn take(&mut self, operation: &str, moment: Moment) -> Option<Effect> {
        let struck = self
            .0
            .iter_mut()
            .filter(|fault| fault.moment == moment && !matches!(fault.effect, Effect::Delay(_)))
            .find_map(|fault| fault.strikes(operation).then(|| fault.effect.clone()));
        self.drop_spent();
        struck
    }

    fn drop_spent(&mut self) {
        self.0.retain(|fault| fault.left != Some(0));
    }
}
