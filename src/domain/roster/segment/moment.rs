//! A point in time as a row keeps it.

use jiff::Timestamp;

/// A point in time to the millisecond, from 1970 on: what the service tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Moment {
    seconds: [u8; 4],
    millis: [u8; 2],
}

impl Moment {
    pub const NONE: Self = Self {
        seconds: [0xff; 4],
        millis: [0xff; 2],
    };

    /// `None` where it cannot be kept exactly.
    pub fn of(at: Option<Timestamp>) -> Option<Self> {
        let Some(at) = at else {
            return Some(Self::NONE);
        };
        let millis = at.as_millisecond();
        if Timestamp::from_millisecond(millis).ok()? != at {
            return None;
        }
        let seconds = u32::try_from(millis.div_euclid(1_000)).ok()?;
        let millis = u16::try_from(millis.rem_euclid(1_000)).ok()?;
        (seconds != u32::MAX).then_some(Self {
            seconds: seconds.to_le_bytes(),
            millis: millis.to_le_bytes(),
        })
    }

    pub fn at(self) -> Option<Timestamp> {
        if self == Self::NONE {
            return None;
        }
        let seconds = i64::from(u32::from_le_bytes(self.seconds));
        let millis = i64::from(u16::from_le_bytes(self.millis));
        Timestamp::from_millisecond(seconds * 1_000 + millis).ok()
    }
}
