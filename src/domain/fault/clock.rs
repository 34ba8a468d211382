//! How wrong this machine's clock is, because a signature counts for five minutes only and nobody looks at the clock
//! when a request is refused.
//!
//! Sources: the service names the five minutes in its own message ("Signature expired: .. is now earlier than .. (.. - 5
//! min.)", github.com/aws/aws-sdk-js#573); the Date header of each answer tells its time.

use jiff::{SignedDuration, Timestamp};

use crate::domain::sentence::Sentence;
use crate::say;

/// Up to this a clock is right: the service takes five minutes, and a measurement can be off by what a request takes.
const TOLERATED: SignedDuration = SignedDuration::from_mins(4);

/// From here on hours say more than minutes alone.
const LONG: i64 = 120;

/// The difference between this machine's clock and the service's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClockOff {
    /// Positive: this machine is ahead.
    ahead: SignedDuration,
}

impl ClockOff {
    /// The same moment on both clocks.
    pub fn measured(here: Timestamp, there: Timestamp) -> Self {
        Self {
            ahead: here.duration_since(there),
        }
    }

    /// Whether it is more than four minutes: from five on the service refuses signatures.
    pub fn matters(self) -> bool {
        self.ahead.abs() > TOLERATED
    }

    /// Whole minutes, rounded, whichever way it is off.
    pub fn minutes(self) -> i64 {
        let seconds = self.ahead.abs().as_secs();
        seconds.saturating_add(30) / 60
    }

    /// `this machine's clock is 63 minutes ahead of the service's`
    pub fn sentence(self) -> Sentence {
        let minutes = self.minutes();
        let hours = match minutes {
            LONG.. => format!(" ({} hours)", minutes.saturating_add(30) / 60),
            _ => String::new(),
        };
        let way = if self.ahead.is_negative() {
            " behind the service's"
        } else {
            " ahead of the service's"
        };
        say!("this machine's clock is ", own minutes.to_string(), " minutes", own hours, own way)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn off(seconds: i64) -> ClockOff {
        let there: Timestamp = "2026-03-01T12:00:00Z".parse().unwrap();
        ClockOff::measured(there + SignedDuration::from_secs(seconds), there)
    }

    #[test]
    fn four_minutes_are_tolerated_either_way_and_a_second_more_is_not() {
        for seconds in [0, 240, -240, 1] {
            assert!(!off(seconds).matters(), "{seconds}");
        }
        for seconds in [241, -241, 86_400, -86_400] {
            assert!(off(seconds).matters(), "{seconds}");
        }
    }

    #[test]
    fn it_is_named_in_minutes_and_the_way_it_is_off() {
        let cases = [
            (241, "this machine's clock is 4 minutes ahead of the service's"),
            (-330, "this machine's clock is 6 minutes behind the service's"),
            (
                63 * 60 + 12,
                "this machine's clock is 63 minutes ahead of the service's",
            ),
            (3_600, "this machine's clock is 60 minutes ahead of the service's"),
            (
                -86_400,
                "this machine's clock is 1440 minutes (24 hours) behind the service's",
            ),
        ];
        for (seconds, said) in cases {
            assert_eq!(off(seconds).sentence().plain(), said);
        }
    }

    #[test]
    fn the_ends_of_time_do_not_overflow() {
        let off = ClockOff::measured(Timestamp::MAX, Timestamp::MIN);
        assert!(off.matters() && off.minutes() > 0, "{}", off.sentence().plain());
    }
}
