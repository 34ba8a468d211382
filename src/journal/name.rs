//! Names of the journal's files: a pool and a month, and nothing that a user could have chosen.

use std::fmt;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::domain::PoolId;

/// A month of UTC, as in a file's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Month {
    year: u16,
    month: u8,
}

impl Month {
    pub(super) fn of(time: Timestamp) -> Self {
        let date = time.to_zoned(TimeZone::UTC).date();
        // Years before 0 and months outside 1 to 12 do not come from a clock.
        Self {
            year: u16::try_from(date.year()).unwrap_or(0),
            month: u8::try_from(date.month()).unwrap_or(0),
        }
    }

    fn parse(text: &str) -> Option<Self> {
        let (year, month) = text.split_once('-')?;
        let digits = |text: &str, len: usize| text.len() == len && text.bytes().all(|b| b.is_ascii_digit());
        if !digits(year, 4) || !digits(month, 2) {
            return None;
        }
        let (year, month) = (year.parse().ok()?, month.parse().ok()?);
        (1..=12).contains(&month).then_some(Self { year, month })
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

/// The pool and month that a name of ours stands for.
pub(super) fn parse_name(name: &str) -> Option<(PoolId, Month)> {
    let rest = name.strip_suffix(".jsonl")?;
    let (pool, month) = rest.split_at_checked(rest.len().checked_sub(8)?)?;
    let month = Month::parse(month.strip_prefix('-')?)?;
    let pool = PoolId::new(pool);
    pool.is_plain().then_some((pool, month))
}

pub(super) fn file_name(pool: &PoolId, month: Month) -> String {
    format!("{}-{month}.jsonl", pool.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn november() -> Month {
        Month { year: 2026, month: 11 }
    }

    #[test]
    fn names_are_read_back_as_they_are_made() {
        let pool = PoolId::new("us-east-1_aB3dE5fGh");
        assert_eq!(file_name(&pool, november()), "us-east-1_aB3dE5fGh-2026-11.jsonl");
        assert_eq!(
            parse_name("us-east-1_aB3dE5fGh-2026-11.jsonl"),
            Some((pool, november()))
        );
        for name in [
            "-2026-11.jsonl",
            "2026-11.jsonl",
            "p-2026-00.jsonl",
            "p-2026-13.jsonl",
            "p-26-11.jsonl",
            "p-2026-11.jsonl.aside",
            "p-2026-+1.jsonl",
            "p.q-2026-11.jsonl",
            "ü-2026-11.jsonl",
            ".jsonl",
            "ü.jsonl",
            "pü026-11.jsonl",
        ] {
            assert_eq!(parse_name(name), None, "{name}");
        }
    }

    #[test]
    fn a_month_is_one_of_utc() {
        let month = |text: &str| Month::of(text.parse().unwrap()).to_string();
        assert_eq!(month("2026-11-30T23:59:59.999Z"), "2026-11");
        assert_eq!(month("2026-12-01T00:30:00+01:00"), "2026-11");
        assert_eq!(month("2026-12-01T00:00:00Z"), "2026-12");
    }
}
