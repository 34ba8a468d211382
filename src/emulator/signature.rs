//! What the front of the service looks at before anything else: when a request was signed, and whether the key still
//! counts. The signature itself is not checked: there is nothing here that a forged one could reach.
//!
//! Sources: AWS Identity and Access Management user guide, "Signature Version 4" (X-Amz-Date, the credential scope, a request
//! has to reach AWS within five minutes of the time stamp in it); the words are those that services with the same protocol
//! send (github.com/hassy/artillery-dino#2, github.com/s12v/awsbeats#48).

use std::collections::BTreeSet;

use bytes::Bytes;
use http::Request;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, civil};

use super::wire::Refusal;

/// How far a request's date may be from the service's.
const TOLERATED: SignedDuration = SignedDuration::from_mins(5);

/// As a request and the messages write a date.
const FORMAT: &str = "%Y%m%dT%H%M%SZ";

/// Refuses a signed request whose date or key does not count. Calls without a signature pass: those that carry a token
/// or an app client's id have none.
pub(crate) fn check(request: &Request<Bytes>, expired: &BTreeSet<String>, now: Timestamp) -> Result<(), Refusal> {
    let header = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
    let Some(key) = header("authorization").and_then(key_of) else {
        return Ok(());
    };
    if let Some(signed) = header("x-amz-date").and_then(parsed) {
        check_date(signed, now)?;
    }
    if expired.contains(key) {
        return Err(Refusal::new(
            "ExpiredTokenException",
            "The security token included in the request is expired",
        ));
    }
    Ok(())
}

/// The access key id: `AWS4-HMAC-SHA256 Credential=AKID/20261118/us-east-1/cognito-idp/aws4_request, ..`.
fn key_of(authorization: &str) -> Option<&str> {
    let (_, credential) = authorization.split_once("Credential=")?;
    credential.split_once('/').map(|(key, _)| key)
}

fn parsed(date: &str) -> Option<Timestamp> {
    let date = civil::DateTime::strptime(FORMAT, date).ok()?;
    date.to_zoned(TimeZone::UTC).ok().map(|date| date.timestamp())
}

fn check_date(signed: Timestamp, now: Timestamp) -> Result<(), Refusal> {
    let written = |time: Timestamp| time.strftime(FORMAT).to_string();
    let earliest = now.checked_sub(TOLERATED).unwrap_or(Timestamp::MIN);
    let latest = now.checked_add(TOLERATED).unwrap_or(Timestamp::MAX);
    let message = if signed < earliest {
        format!(
            "Signature expired: {} is now earlier than {} ({} - 5 min.)",
            written(signed),
            written(earliest),
            written(now)
        )
    } else if signed > latest {
        format!(
            "Signature not yet current: {} is still later than {} ({} + 5 min.)",
            written(signed),
            written(latest),
            written(now)
        )
    } else {
        return Ok(());
    };
    Err(Refusal::new("InvalidSignatureException", message))
}

#[cfg(test)]
#[path = "signature_tests.rs"]
mod tests;
