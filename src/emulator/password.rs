//! Passwords, because a sign-in has to fail with the wrong one and with a temporary one that is too old.

use std::fmt;

use jiff::{SignedDuration, Timestamp};

use super::crowd::mix;
use super::pool::Pool;
use super::wire::Refusal;

/// TemporaryPasswordValidityDays of every pool here (developer guide, "Adding user pool password requirements").
const TEMPORARY: SignedDuration = SignedDuration::from_hours(7 * 24);

/// A user's password, in the clear: the people of an emulator are invented.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Password {
    text: String,
    /// When a temporary one stops working.
    ends: Option<Timestamp>,
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Password({} bytes)", self.text.len())
    }
}

impl Password {
    /// One that works until it is changed.
    pub(crate) fn lasting(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            ends: None,
        }
    }

    /// One that an administrator gave at this moment.
    pub(crate) fn temporary(text: &str, now: Timestamp) -> Self {
        Self {
            text: text.to_owned(),
            ends: Some(now.checked_add(TEMPORARY).unwrap_or(Timestamp::MAX)),
        }
    }

    pub(crate) fn is(&self, text: &str) -> bool {
        self.text == text
    }

    pub(crate) fn has_ended(&self, now: Timestamp) -> bool {
        self.ends.is_some_and(|ends| now >= ends)
    }
}

/// Checks a new password against the pool's policy: its length and the default classes of characters (developer
/// guide, "Adding user pool password requirements").
pub(crate) fn check(pool: &Pool, password: &str) -> Result<(), Refusal> {
    let has = |test: fn(&char) -> bool| password.chars().any(|c| test(&c));
    let fault = if password.chars().count() < pool.settings.password_length {
        "Password not long enough"
    } else if !has(char::is_ascii_uppercase) {
        "Password must have uppercase characters"
    } else if !has(char::is_ascii_lowercase) {
        "Password must have lowercase characters"
    } else if !has(char::is_ascii_digit) {
        "Password must have numeric characters"
    } else if !has(|c| c.is_ascii_punctuation()) {
        "Password must have symbol characters"
    } else {
        return Ok(());
    };
    Err(Refusal::new(
        "InvalidPasswordException",
        format!("Password did not conform with policy: {fault}"),
    ))
}

/// A temporary password as the service makes one when nobody gives it: long enough and with every class. The same
/// for the same user and moment, so that tests repeat.
pub(crate) fn made_up(pool: &Pool, username: &str, now: Timestamp) -> String {
    let seed = username.bytes().fold(11_u64, |hash, byte| mix(hash, u64::from(byte)));
    let number = mix(seed, now.as_millisecond().unsigned_abs());
    let mut text = format!("Tmp-{number:016x}");
    while text.chars().count() < pool.settings.password_length {
        text.push('0');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::super::PoolSeed;
    use super::super::testing::POOL;
    use super::*;

    #[test]
    fn a_made_up_password_keeps_the_policy_and_is_another_the_next_time() {
        let pool = PoolSeed::new(POOL, "pool")
            .set(|settings| settings.password_length = 40)
            .plant();
        let now = Timestamp::UNIX_EPOCH;
        let one = made_up(&pool, "jane", now);
        check(&pool, &one).unwrap();
        assert_ne!(one, made_up(&pool, "jane", now + SignedDuration::from_secs(1)));
        assert_ne!(one, made_up(&pool, "bob", now));
    }

    #[test]
    fn debug_shows_no_password() {
        assert_eq!(format!("{:?}", Password::lasting("Secret-123")), "Password(10 bytes)");
    }
}
