//! What looks wrong although the service takes it: said, never refused.

use super::named;
use crate::domain::attribute::AttributeName;
use crate::domain::raw::Raw;
use crate::domain::schema::Schema;
use crate::domain::sentence::Sentence;
use crate::say;

impl Schema {
    /// A remark about a value that may be sent as it is. Nothing for an empty one.
    pub fn hint(&self, name: &AttributeName, value: &str) -> Option<Sentence> {
        if value.is_empty() {
            return None;
        }
        match name.as_str() {
            "locale" => (!is_locale(value)).then(|| "a locale is usually written like en-US".into()),
            "zoneinfo" => (!is_zone(value)).then(|| "a time zone is usually written like Europe/Berlin".into()),
            "address" => address(value),
            "website" | "picture" | "profile" => (!is_web_address(value))
                .then(|| say!(name name.raw(), " is usually an address that begins with https://")),
            "updated_at" => updated_at(value),
            "phone_number" => (value.len() < 8).then(|| "short for a phone number with its country code".into()),
            "email" => email(value),
            _ => (value.trim() != value).then(|| "begins or ends with a space".into()),
        }
    }
}

/// `en`, `en-US`, `zh_Hant_TW`: a language of two or three letters, then parts of two to eight letters or digits.
fn is_locale(value: &str) -> bool {
    let mut parts = value.split(['-', '_']);
    let language = parts.next().unwrap_or_default();
    (2..=3).contains(&language.len())
        && language.bytes().all(|byte| byte.is_ascii_alphabetic())
        && parts.all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

/// Shaped like a name of the IANA database. The database itself is a file, and this module reads none.
fn is_zone(value: &str) -> bool {
    let shaped = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_uppercase())
            && part
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'+'))
    };
    matches!(value, "UTC" | "GMT") || (value.contains('/') && value.split('/').all(shaped))
}

fn is_web_address(value: &str) -> bool {
    let lower = value.to_ascii_lowercase();
    lower
        .strip_prefix("https://")
        .or_else(|| lower.strip_prefix("http://"))
        .is_some_and(|rest| !rest.is_empty() && !rest.contains(char::is_whitespace))
}

/// OpenID Connect makes the address a JSON object; the service keeps any text.
fn address(value: &str) -> Option<Sentence> {
    const MEMBERS: [&str; 6] = [
        "formatted",
        "street_address",
        "locality",
        "region",
        "postal_code",
        "country",
    ];
    match serde_json::from_str::<serde_json::Value>(value) {
        Ok(serde_json::Value::Object(members)) => {
            let odd = members.keys().find(|member| !MEMBERS.contains(&member.as_str()))?;
            Some(say!(
                "'",
                raw & Raw::from(odd.as_str()),
                "' is no usual member of an address"
            ))
        }
        Ok(_) => Some("an address is usually a JSON object such as {\"formatted\": \"..\"}".into()),
        Err(error) if value.trim_start().starts_with('{') => Some(say!(
            "not JSON yet: line ", own error.line().to_string(), ", column ", own error.column().to_string()
        )),
        Err(_) => Some("an address is usually JSON such as {\"formatted\": \"..\"}".into()),
    }
}

fn updated_at(value: &str) -> Option<Sentence> {
    // 11 digits and more: past the year 5138 in seconds, ordinary in milliseconds.
    let long = value.len() > 11 && value.bytes().all(|byte| byte.is_ascii_digit());
    long.then(|| "updated_at is in seconds since 1970; this looks like milliseconds".into())
}

fn email(value: &str) -> Option<Sentence> {
    if let Some(c) = value.chars().find(|c| !c.is_ascii()) {
        return Some(named(c).words(" is not one of the letters a-z: is it meant?"));
    }
    let (local, _) = value.split_once('@')?;
    (local.split('.').any(str::is_empty)).then(|| "few mail systems take a name with dots like these".into())
}

/// The domain of an address in small letters, as a key for counting.
pub fn domain_of(email: &str) -> Option<String> {
    let (_, domain) = email.rsplit_once('@')?;
    (!domain.is_empty()).then(|| domain.to_lowercase())
}

/// Says when a domain is probably a slip of another: nobody loaded has it, and one or two letters away is a domain
/// that people do have. `domains` counts the *other* loaded users per domain, see [`domain_of`].
pub fn rare_domain<'a>(email: &str, domains: impl Iterator<Item = (&'a str, usize)> + Clone) -> Option<Sentence> {
    let typed = domain_of(email)?;
    let domains = domains.filter(|(_, count)| *count > 0);
    if domains.clone().any(|(domain, _)| domain == typed) {
        return None;
    }
    // Two slips in a short domain make another domain altogether: `gmx.de` and `web.de` are both fine.
    let allowed = if typed.chars().count() < 8 { 1 } else { 2 };
    let (near, count) = domains
        .filter(|(domain, _)| distance(&typed, domain) <= allowed)
        .max_by_key(|(domain, count)| (*count, std::cmp::Reverse(distance(&typed, domain))))?;
    Some(say!(
        "no other loaded user has this domain; ", own count.to_string(),
        own if count == 1 { " has " } else { " have " }, raw &Raw::from(near)
    ))
}

/// How many letters must be changed, added, left out or swapped with their neighbour to get from one to the other.
fn distance(left: &str, right: &str) -> usize {
    let (left, right): (Vec<char>, Vec<char>) = (left.chars().collect(), right.chars().collect());
    if left.len().abs_diff(right.len()) > 2 {
        return usize::MAX;
    }
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=right.len()).collect();
    for (row, a) in left.iter().enumerate() {
        let mut line = vec![row + 1];
        for (column, b) in right.iter().enumerate() {
            let at = |line: &[usize], column: usize| line.get(column).copied().unwrap_or(usize::MAX / 2);
            let mut best = (at(&last, column) + usize::from(a != b))
                .min(at(&last, column + 1) + 1)
                .min(at(&line, column) + 1);
            let swapped = row > 0 && column > 0 && left.get(row - 1) == Some(b) && right.get(column - 1) == Some(a);
            if swapped {
                best = best.min(at(&before, column - 1) + 1);
            }
            line.push(best);
        }
        before = std::mem::replace(&mut last, line);
    }
    last.last().copied().unwrap_or(usize::MAX)
}
