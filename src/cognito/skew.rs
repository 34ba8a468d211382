//! What the answers tell about this machine's clock. The SDK measures the same for its signatures and keeps it to itself:
//! it signs by the service's time from the answer on, so a wrong clock shows only where that came too late, and the
//! operator would never learn why ages and dates are odd.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_smithy_runtime_api::client::interceptors::context::{
    BeforeDeserializationInterceptorContextMut, BeforeTransmitInterceptorContextRef,
};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::DateTime;
use aws_smithy_types::config_bag::{ConfigBag, Storable, StoreReplace};
use aws_smithy_types::date_time::Format;
use jiff::{SignedDuration, Timestamp};

use crate::domain::fault::ClockOff;

use super::{Clock, convert};

/// A request that took longer says nothing: the date was written at an unknown moment of it.
const LONGEST: SignedDuration = SignedDuration::from_mins(2);

/// What is known about the clock, shared by all clients of a connection.
#[derive(Clone, Debug, Default)]
pub(super) struct Skew(Arc<Mutex<Known>>);

#[derive(Debug, Default)]
struct Known {
    last: Option<ClockOff>,
    told: bool,
}

impl Skew {
    fn note(&self, off: ClockOff) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).last = Some(off);
    }

    /// What is to be said about the clock: once, and only if it is off by more than is tolerated.
    pub(super) fn news(&self) -> Option<ClockOff> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let off = known.last.filter(|off| off.matters() && !known.told)?;
        known.told = true;
        Some(off)
    }
}

/// Compares the Date of each answer with the clock, and leaves the difference with the answer.
pub(super) struct ClockWatch {
    clock: Clock,
    skew: Skew,
}

impl ClockWatch {
    pub(super) fn new(clock: Clock, skew: Skew) -> Self {
        Self { clock, skew }
    }
}

impl fmt::Debug for ClockWatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClockWatch")
    }
}

/// When the request left, by this machine's clock.
#[derive(Clone, Copy, Debug)]
struct Left(Timestamp);

impl Storable for Left {
    type Storer = StoreReplace<Self>;
}

impl Intercept for ClockWatch {
    fn name(&self) -> &'static str {
        "ClockWatch"
    }

    fn read_before_transmit(
        &self,
        _: &BeforeTransmitInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        bag: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        bag.interceptor_state().store_put(Left((self.clock)()));
        Ok(())
    }

    fn modify_before_deserialization(
        &self,
        context: &mut BeforeDeserializationInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        bag: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let left = bag.load::<Left>().map(|left| left.0);
        if let (Some(there), Some(here)) = (date(context.response()), left.and_then(|left| self.between(left))) {
            let off = ClockOff::measured(here, there);
            self.skew.note(off);
            context.response_mut().add_extension(off);
        }
        Ok(())
    }
}

impl ClockWatch {
    /// The middle of the request, which is when the answer was written as far as anybody knows. `None` where the clock was
    /// set meanwhile, or it took too long.
    fn between(&self, left: Timestamp) -> Option<Timestamp> {
        let took = (self.clock)().duration_since(left);
        if took.is_negative() || took > LONGEST {
            return None;
        }
        left.checked_add(took / 2).ok()
    }
}

/// The service's time. An answer without its request id is somebody else's, and one with an Age was kept by a cache.
fn date(response: &HttpResponse) -> Option<Timestamp> {
    let headers = response.headers();
    if headers.get("age").is_some() {
        return None;
    }
    headers.get("x-amzn-requestid")?;
    let date = DateTime::from_str(headers.get("date")?, Format::HttpDate).ok()?;
    convert::timestamp(Some(date))
}

#[cfg(test)]
mod tests;
