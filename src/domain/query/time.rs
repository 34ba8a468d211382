//! Ages and dates of the line.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};

/// How a time is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Than {
    Less,
    AtMost,
    /// In the day, month or year that was written.
    Within,
    AtLeast,
    More,
}

/// What a time is compared with, as it was written.
#[derive(Clone, Debug, PartialEq)]
pub enum When {
    Age {
        age: SignedDuration,
        written: String,
    },
    /// From the first moment of it to before the first one behind it.
    Period {
        from: Timestamp,
        until: Timestamp,
        written: String,
    },
}

impl When {
    /// `7d`, `2026-01-31`, `2026-01`, `2026`, `2026-01-31T09:30Z`. Without a zone it is UTC.
    pub(super) fn parse(text: &str) -> Option<Self> {
        if let Some(age) = age(text) {
            let written = text.to_owned();
            return Some(Self::Age { age, written });
        }
        let (from, until) = period(text)?;
        Some(Self::Period {
            from,
            until,
            written: text.to_owned(),
        })
    }

    pub fn written(&self) -> &str {
        match self {
            Self::Age { written, .. } | Self::Period { written, .. } => written,
        }
    }

    pub(super) fn holds(&self, is: Than, at: Timestamp, now: Timestamp) -> bool {
        match self {
            Self::Age { age, .. } => {
                let old = now.duration_since(at);
                match is {
                    Than::Less => old < *age,
                    Than::AtMost => old <= *age,
                    Than::Within => old == *age,
                    Than::AtLeast => old >= *age,
                    Than::More => old > *age,
                }
            }
            Self::Period { from, until, .. } => match is {
                Than::Less => at < *from,
                Than::AtMost => at < *until,
                Than::Within => *from <= at && at < *until,
                Than::AtLeast => at >= *from,
                Than::More => at >= *until,
            },
        }
    }
}

fn age(text: &str) -> Option<SignedDuration> {
    let unit = text.chars().last()?;
    let seconds: i64 = match unit {
        'm' => 60,
        'h' => 3_600,
        'd' => 86_400,
        'w' => 7 * 86_400,
        'y' => 365 * 86_400,
        _ => return None,
    };
    let number = text.strip_suffix(unit)?;
    if !number.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    number
        .parse::<i64>()
        .ok()?
        .checked_mul(seconds)
        .map(SignedDuration::from_secs)
}

fn period(text: &str) -> Option<(Timestamp, Timestamp)> {
    let digits = |text: &str, count: usize| text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
    let start = |date: Date| Some(date.to_zoned(TimeZone::UTC).ok()?.timestamp());
    let days = |first: Date, behind: Option<Date>| {
        let until = behind.and_then(start).unwrap_or(Timestamp::MAX);
        Some((start(first)?, until))
    };
    let parts: Vec<&str> = text.split('-').collect();
    match parts.as_slice() {
        [year] if digits(year, 4) => {
            let first = Date::new(year.parse().ok()?, 1, 1).ok()?;
            days(first, first.checked_add(1.year()).ok())
        }
        [year, month] if digits(year, 4) && digits(month, 2) => {
            let first = Date::new(year.parse().ok()?, month.parse().ok()?, 1).ok()?;
            days(first, first.checked_add(1.month()).ok())
        }
        [year, month, day] if digits(year, 4) && digits(month, 2) && digits(day, 2) => {
            let first = Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()?;
            days(first, first.tomorrow().ok())
        }
        _ => moment(text),
    }
}

/// A time stands for as much as it names: a minute, a second, or the moment itself.
fn moment(text: &str) -> Option<(Timestamp, Timestamp)> {
    let (_, clock) = text.split_once(['T', 't'])?;
    let from: Timestamp = text.parse().ok().or_else(|| {
        let civil: DateTime = text.parse().ok()?;
        Some(civil.to_zoned(TimeZone::UTC).ok()?.timestamp())
    })?;
    let clock = clock.split(['Z', 'z', '+', '-']).next().unwrap_or_default();
    let length = match clock.matches(':').count() {
        _ if clock.contains(['.', ',']) => SignedDuration::from_nanos(1),
        1 => SignedDuration::from_mins(1),
        2 => SignedDuration::from_secs(1),
        _ => return None,
    };
    Some((from, from.checked_add(length).unwrap_or(Timestamp::MAX)))
}
