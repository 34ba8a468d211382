//! How often an hour one user may be sent codes and may try them, because these limits, unlike the rates of an
//! account, are met by a person at a form. Source: Cognito developer guide, "Quotas in Amazon Cognito", operations
//! of one user in an hour: GetUserAttributeVerificationCode 5, VerifyUserAttribute 15, ResendConfirmationCode 5,
//! ConfirmSignUp 15, ForgotPassword 5 to 20.
//!
//! Undocumented, and chosen here: the hour is the last sixty minutes; what is counted is a message that goes out or
//! a code that is tried, right or wrong, and not a request that is refused for another reason.

use std::collections::{HashMap, VecDeque};

use jiff::{SignedDuration, Timestamp};

use super::wire::Refusal;

const HOUR: SignedDuration = SignedDuration::from_hours(1);

/// What is counted, by operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Attempt {
    GetUserAttributeVerificationCode,
    VerifyUserAttribute,
    ResendConfirmationCode,
    ConfirmSignUp,
    AdminResetUserPassword,
}

impl Attempt {
    fn limit(self) -> usize {
        match self {
            Attempt::GetUserAttributeVerificationCode | Attempt::ResendConfirmationCode => 5,
            Attempt::VerifyUserAttribute | Attempt::ConfirmSignUp => 15,
            // The page gives ForgotPassword 5 to 20 by the risk of the request and does not name
            // AdminResetUserPassword, whose model has LimitExceededException. The least, so that a program that
            // sends too many meets the refusal here rather than there.
            Attempt::AdminResetUserPassword => 5,
        }
    }
}

/// The attempts of the last hour, by operation, pool and sub.
#[derive(Default)]
pub(crate) struct Hourly(HashMap<(Attempt, String, String), VecDeque<Timestamp>>);

impl Hourly {
    /// Counts one attempt of a user, or refuses it and counts nothing.
    pub(crate) fn count(&mut self, attempt: Attempt, pool: &str, sub: &str, now: Timestamp) -> Result<(), Refusal> {
        let made = self.0.entry((attempt, pool.to_owned(), sub.to_owned())).or_default();
        while made.front().is_some_and(|at| now.duration_since(*at) >= HOUR) {
            made.pop_front();
        }
        if made.len() >= attempt.limit() {
            return Err(Refusal::new(
                "LimitExceededException",
                "Attempt limit exceeded, please try after some time.",
            ));
        }
        made.push_back(now);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_operation_has_its_limit_and_an_attempt_is_forgotten_after_an_hour() {
        for (attempt, limit) in [
            (Attempt::GetUserAttributeVerificationCode, 5),
            (Attempt::VerifyUserAttribute, 15),
            (Attempt::ResendConfirmationCode, 5),
            (Attempt::ConfirmSignUp, 15),
            (Attempt::AdminResetUserPassword, 5),
        ] {
            let mut hourly = Hourly::default();
            let start = Timestamp::UNIX_EPOCH;
            let mut now = start;
            for _ in 0..limit {
                hourly.count(attempt, "p", "jane", now).unwrap();
                now += SignedDuration::from_secs(60);
            }
            for _ in 0..3 {
                let refusal = hourly.count(attempt, "p", "jane", now).unwrap_err();
                assert_eq!(
                    (refusal.code.as_str(), refusal.message.as_str()),
                    (
                        "LimitExceededException",
                        "Attempt limit exceeded, please try after some time."
                    ),
                    "{attempt:?}"
                );
            }
            hourly.count(attempt, "p", "ada", now).unwrap();
            hourly.count(attempt, "q", "jane", now).unwrap();
            // The first one is an hour old: one place, not all of them.
            now = start + HOUR;
            hourly.count(attempt, "p", "jane", now).unwrap();
            hourly.count(attempt, "p", "jane", now).unwrap_err();
        }
    }

    #[test]
    fn operations_are_counted_apart() {
        let mut hourly = Hourly::default();
        for _ in 0..5 {
            hourly
                .count(Attempt::ResendConfirmationCode, "p", "jane", Timestamp::UNIX_EPOCH)
                .unwrap();
        }
        hourly
            .count(Attempt::ConfirmSignUp, "p", "jane", Timestamp::UNIX_EPOCH)
            .unwrap();
    }
}
