//! Codes that were sent and can be entered: what one looks like, how long it is good, and what the service says of a
//! wrong one. Source: developer guide, "Quotas in Amazon Cognito"; github.com/amazon-archives/
//! amazon-cognito-identity-js/issues/189 (attribute and sign-up codes are valid for 24 hours).

use std::fmt;

use jiff::{SignedDuration, Timestamp};

use super::crowd::mix;
use super::outbox::Occasion;
use super::user::User;
use super::wire::Refusal;

const LIFE: SignedDuration = SignedDuration::from_hours(24);

/// A code that a user may enter once.
#[derive(Clone, PartialEq, Eq)]
pub struct Code {
    /// What it confirms: `Verification` or `SignUp`.
    pub occasion: Occasion,
    /// The contact it was sent to, which entering it verifies: `email` or `phone_number`.
    pub attribute: String,
    /// Six digits.
    pub digits: String,
    /// When it was sent.
    pub at: Timestamp,
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Code({:?}, {})", self.occasion, self.attribute)
    }
}

/// Six digits, the same for the same user, purpose and moment, so that tests repeat.
pub(crate) fn digits(user: &User, purpose: &str, now: Timestamp) -> String {
    let seed = user
        .sub()
        .bytes()
        .chain(purpose.bytes())
        .fold(7_u64, |hash, byte| mix(hash, u64::from(byte)));
    format!("{:06}", mix(seed, now.as_millisecond().unsigned_abs()) % 1_000_000)
}

/// Compares what was entered with what was sent and when. Words of an expired code:
/// github.com/aws-amplify/amplify-flutter/issues/1128; those of a wrong one as seen in public reports. A code that was
/// used is answered like one that is too old, and wrong entries do not use it up (undocumented).
pub(crate) fn judge(sent: Option<(&str, Timestamp)>, entered: &str, now: Timestamp) -> Result<(), Refusal> {
    match sent {
        Some((digits, at)) if !digits.is_empty() && now.duration_since(at) <= LIFE => {
            if digits == entered {
                Ok(())
            } else {
                Err(Refusal::new(
                    "CodeMismatchException",
                    "Invalid verification code provided, please try again.",
                ))
            }
        }
        _ => Err(Refusal::new(
            "ExpiredCodeException",
            "Invalid code provided, please request a code again.",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(sent: Option<(&str, Timestamp)>, entered: &str, now: Timestamp) -> String {
        judge(sent, entered, now).map_or_else(|refusal| refusal.code, |()| "ok".to_owned())
    }

    #[test]
    fn a_code_is_good_for_a_day() {
        let sent = Timestamp::UNIX_EPOCH;
        let code = Some(("012345", sent));
        assert_eq!(verdict(code, "012345", sent + LIFE), "ok");
        assert_eq!(verdict(code, "12345", sent + LIFE), "CodeMismatchException");
        let late = sent + LIFE + SignedDuration::from_millis(1);
        for entered in ["012345", "000000"] {
            assert_eq!(verdict(code, entered, late), "ExpiredCodeException");
        }
        assert_eq!(verdict(None, "012345", sent), "ExpiredCodeException");
        // A link was sent: no code fits, not even an empty one.
        assert_eq!(verdict(Some(("", sent)), "", sent), "ExpiredCodeException");
    }

    #[test]
    fn codes_differ_by_user_purpose_and_moment_and_debug_hides_them() {
        let jane = User::new("jane").with("sub", "1");
        let ada = User::new("ada").with("sub", "2");
        let now = jane.created;
        let code = digits(&jane, "email", now);
        assert_eq!(code.len(), 6);
        assert_eq!(code, digits(&jane, "email", now));
        for other in [
            digits(&ada, "email", now),
            digits(&jane, "phone_number", now),
            digits(&jane, "email", now + SignedDuration::from_secs(1)),
        ] {
            assert_ne!(code, other);
        }
        let kept = Code {
            occasion: Occasion::SignUp,
            attribute: "email".into(),
            digits: "012345".into(),
            at: now,
        };
        assert_eq!(format!("{kept:?}"), "Code(SignUp, email)");
    }
}
