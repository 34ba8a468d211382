//! Our clock and our waiting in the SDK's clothes, so that a test decides how late it is and how long a second takes.

use std::fmt;
use std::time::{Duration, SystemTime};

use aws_smithy_async::rt::sleep::{self, AsyncSleep, SharedAsyncSleep, default_async_sleep};
use aws_smithy_async::time::{SharedTimeSource, TimeSource};

use super::{Clock, Sleep};

/// For signatures, clock skew and the expiry of credentials.
pub(super) fn time_source(clock: &Clock) -> SharedTimeSource {
    SharedTimeSource::new(ClockSource(clock.clone()))
}

struct ClockSource(Clock);

impl fmt::Debug for ClockSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClockSource")
    }
}

impl TimeSource for ClockSource {
    fn now(&self) -> SystemTime {
        SystemTime::from((self.0)())
    }
}

/// For back-off and timeouts; `None` waits on tokio's timer.
pub(super) fn sleeper(sleep: Option<&Sleep>) -> Option<SharedAsyncSleep> {
    match sleep {
        Some(sleep) => Some(SharedAsyncSleep::new(Sleeper(sleep.clone()))),
        None => default_async_sleep(),
    }
}

struct Sleeper(Sleep);

impl fmt::Debug for Sleeper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sleeper")
    }
}

impl AsyncSleep for Sleeper {
    fn sleep(&self, duration: Duration) -> sleep::Sleep {
        sleep::Sleep::new((self.0)(duration))
    }
}
