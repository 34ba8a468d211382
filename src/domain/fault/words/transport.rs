//! The words for what came in place of the service's answer, by this program's own names for it. None of these says who
//! sent it: between here and the service there can be a proxy, a portal or another endpoint.

use super::Words;

/// The words of one of these codes, or `None` for one that says no more than its kind.
pub(super) fn words(code: &str) -> Option<Words> {
    let (meaning, next) = match code {
        "AnswerTooLong" => (
            "the answer was longer than any of the service's, so it was not read to its end",
            "check the endpoint and any proxy between, then r reads what is there now",
        ),
        "IncompleteAnswer" => (
            "the answer lacks what every answer of the service holds",
            "check the endpoint and any proxy between, then r reads what is there now",
        ),
        "RepeatedToken" => (
            "the service led back to a page that was read already, so the list would never end",
            "r reads it from its beginning",
        ),
        "HTTP 407" => (
            "the proxy between wants to know who is asking",
            "put name and password of the proxy into HTTPS_PROXY, then start again",
        ),
        _ => by_status(code.strip_prefix("HTTP ")?)?,
    };
    Some(Words { meaning, next })
}

/// An answer of which nothing is known but its status.
fn by_status(status: &str) -> Option<(&'static str, &'static str)> {
    Some(match status.as_bytes() {
        [b'3', _, _] => (
            "something between sends requests elsewhere; that was not followed",
            "check the endpoint and any proxy or sign-in page between, then r reads what is there now",
        ),
        [b'4', _, _] => (
            "something in front of the service refused it and named no reason",
            "check the endpoint and any proxy between, then r",
        ),
        [b'5', _, _] => (
            "the service or a proxy before it failed and named no reason",
            "wait a moment, then r reads what is there now",
        ),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_that_says_no_has_words_and_others_have_none() {
        for status in 300..600 {
            let words = words(&format!("HTTP {status}")).unwrap();
            assert!(!words.meaning.is_empty() && !words.next.is_empty(), "{status}");
        }
        for code in ["HTTP 200", "HTTP 4", "HTTP 4000", "HTTP", "Timeout", ""] {
            assert_eq!(words(code), None, "{code}");
        }
    }
}
