//! Page tokens: opaque, bound to the operation, the pool and the filter, and good for an hour.
//!
//! Sources: Cognito API reference, ListUsers, PaginationToken; developer guide (tokens expire after an hour); a
//! token replayed with another filter is refused with "Paging Marker is Invalid for Request"
//! (github.com/aws/aws-sdk-js/issues/3705). The words for garbage and for an expired token are undocumented; they
//! are the same here.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::wire::Refusal;

const LIFE: SignedDuration = SignedDuration::from_hours(1);

#[derive(Serialize, Deserialize)]
struct Inside {
    /// Operation, pool and filter.
    bound: Vec<String>,
    /// Milliseconds since 1970.
    issued: i64,
    key: String,
    at: u64,
    /// No two answers hold the same token, even where they lead on from the same place.
    answer: u64,
}

/// Makes a token that leads on from a place. `answer` numbers the answers that can be at the same place.
pub(crate) fn issue(bound: &[&str], place: &(String, u64), answer: u64, now: Timestamp) -> String {
    let inside = Inside {
        bound: bound.iter().map(|&part| part.to_owned()).collect(),
        issued: now.as_millisecond(),
        key: place.0.clone(),
        at: place.1,
        answer,
    };
    // Serialising numbers and strings to memory cannot fail; an empty token would be refused when it comes back.
    let mut bytes = serde_json::to_vec(&inside).unwrap_or_default();
    let seal = seal(&bytes);
    cover(&mut bytes, &seal);
    seal.iter().chain(&bytes).map(|byte| format!("{byte:02x}")).collect()
}

/// Reads a token that came back.
pub(crate) fn redeem(token: &str, bound: &[&str], now: Timestamp) -> Result<(String, u64), Refusal> {
    open(token, bound, now).ok_or_else(|| Refusal::parameter("Paging Marker is Invalid for Request"))
}

fn open(token: &str, bound: &[&str], now: Timestamp) -> Option<(String, u64)> {
    let bytes: Vec<u8> = token
        .as_bytes()
        .chunks(2)
        .map(|pair| std::str::from_utf8(pair).ok().filter(|pair| pair.len() == 2))
        .map(|pair| pair.and_then(|pair| u8::from_str_radix(pair, 16).ok()))
        .collect::<Option<_>>()?;
    let (found, inside) = bytes.split_at_checked(8)?;
    let mut inside = inside.to_vec();
    cover(&mut inside, found);
    if seal(&inside) != found {
        return None;
    }
    let inside: Inside = serde_json::from_slice(&inside).ok()?;
    let age = now.duration_since(Timestamp::from_millisecond(inside.issued).ok()?);
    (inside.bound == bound && age <= LIFE).then_some((inside.key, inside.at))
}

/// Eight bytes that only this module makes; they catch garbage and edited tokens, nothing more is needed here.
fn seal(bytes: &[u8]) -> [u8; 8] {
    let digest = Sha256::new().chain_update(b"page token").chain_update(bytes).finalize();
    let mut seal = [0; 8];
    seal.iter_mut().zip(digest).for_each(|(to, from)| *to = from);
    seal
}

/// Covers the bytes so that nobody reads the token and comes to rely on its content; the same step uncovers them.
fn cover(bytes: &mut [u8], seal: &[u8]) {
    for (number, block) in bytes.chunks_mut(32).enumerate() {
        let stream = Sha256::new()
            .chain_update(seal)
            .chain_update(number.to_le_bytes())
            .finalize();
        block.iter_mut().zip(stream).for_each(|(byte, key)| *byte ^= key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOUND: [&str; 3] = ["ListUsers", "pool", "filter"];

    #[test]
    fn a_token_leads_back_to_its_place_for_an_hour() {
        let now = Timestamp::UNIX_EPOCH;
        let place = ("jane".to_owned(), 7);
        let token = issue(&BOUND, &place, 1, now);
        assert!(!token.contains("jane"));
        assert_eq!(redeem(&token, &BOUND, now + LIFE), Ok(place));
        let late = redeem(&token, &BOUND, now + LIFE + SignedDuration::from_millis(1)).unwrap_err();
        assert_eq!(late.message, "Paging Marker is Invalid for Request");
    }

    #[test]
    fn a_token_fits_one_request_only() {
        let now = Timestamp::UNIX_EPOCH;
        let token = issue(&BOUND, &(String::new(), 7), 1, now);
        for other in [
            ["ListGroups", "pool", "filter"],
            ["ListUsers", "other", "filter"],
            ["ListUsers", "pool", ""],
        ] {
            redeem(&token, &other, now).unwrap_err();
        }
    }

    #[test]
    fn garbage_is_refused() {
        let now = Timestamp::UNIX_EPOCH;
        let token = issue(&BOUND, &(String::new(), 7), 1, now);
        let mut edited = token.clone();
        edited.replace_range(20..21, if token.get(20..21) == Some("0") { "1" } else { "0" });
        for wrong in [edited.as_str(), "", "x", "zz", "é", "0011", token.get(1..).unwrap()] {
            redeem(wrong, &BOUND, now).unwrap_err();
        }
    }
}
