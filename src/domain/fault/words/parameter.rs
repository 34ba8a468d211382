//! InvalidParameterException covers a dozen different mistakes; its message tells them apart.

use super::Words;

/// A part of a message, in small letters, and the words for it. The first that fits wins, so the exact come first.
const PATTERNS: &[(&str, Words)] = &[
    (
        "required attribute cannot be deleted",
        Words {
            meaning: "a required attribute cannot be deleted",
            next: "u puts it back",
        },
    ),
    (
        "the attribute is required",
        Words {
            meaning: "this pool requires an attribute that the user does not have",
            next: "give the missing attribute a value and review again",
        },
    ),
    (
        "attributes did not conform to the schema",
        Words {
            meaning: "a value does not fit this pool's schema",
            next: "mend the attribute that the message names",
        },
    ),
    (
        "attribute does not exist in the schema",
        Words {
            meaning: "this pool has no such attribute",
            next: "r reads the pool's schema again; u puts the attribute back",
        },
    ),
    (
        "attribute cannot be updated",
        Words {
            meaning: "the attribute is immutable in this pool, even with the value it has",
            next: "u puts it back",
        },
    ),
    (
        "cannot modify the non-mutable attribute",
        Words {
            meaning: "the attribute is immutable in this pool, even with the value it has",
            next: "u puts it back",
        },
    ),
    (
        "could not be determined",
        Words {
            meaning: "this pool has no attribute of that name",
            next: "r reads the pool's schema again; u puts the attribute back",
        },
    ),
    (
        "must not be null",
        Words {
            meaning: "a value was missing from the request: a fault of this program",
            next: "report it with the request id",
        },
    ),
    (
        "invalid phone number format",
        Words {
            meaning: "a phone number is + and digits only",
            next: "mend phone_number, as +15555550100",
        },
    ),
    (
        "invalid email address format",
        Words {
            meaning: "the service does not take this for an e-mail address",
            next: "mend email",
        },
    ),
    (
        "required to verify/un-verify",
        Words {
            meaning: "a verified mark needs an address or number to speak of",
            next: "set the address or number first, or u puts the mark back",
        },
    ),
    (
        "no registered/verified email or phone_number",
        Words {
            meaning: "the user has no verified address or number that a code could go to",
            next: "verify an address or number first",
        },
    ),
    (
        "error while parsing filter",
        Words {
            meaning: "the service could not read the search",
            next: "search for plainer text; report the text if it looks harmless",
        },
    ),
    (
        "invalid search attribute",
        Words {
            meaning: "the service cannot search by that attribute",
            next: "search by username, name, e-mail, phone number or sub",
        },
    ),
    (
        "requested attributes do not exist",
        Words {
            meaning: "a list was asked for with attributes that some user lacks: a fault of this program",
            next: "report it with the request id",
        },
    ),
    (
        "paging marker",
        Words {
            meaning: "the list can no longer be continued: its place is lost or belongs to another search",
            next: "r reads the list from its beginning",
        },
    ),
    (
        "pagination token",
        Words {
            meaning: "the list can no longer be continued: its place is lost or older than an hour",
            next: "r reads the list from its beginning",
        },
    ),
    (
        "paginationtoken",
        Words {
            meaning: "the list can no longer be continued: its place is lost or older than an hour",
            next: "r reads the list from its beginning",
        },
    ),
    (
        "nexttoken",
        Words {
            meaning: "the list can no longer be continued: its place is lost or older than an hour",
            next: "r reads the list from its beginning",
        },
    ),
    (
        "'userpoolid' failed to satisfy constraint",
        Words {
            meaning: "this is not the shape of a pool id",
            next: "check the pool id: it looks like us-east-1_aB3dE5fGh",
        },
    ),
    (
        "'username' failed to satisfy constraint",
        Words {
            meaning: "this is not a username the service can have",
            next: "check the username: up to 128 characters, no spaces",
        },
    ),
    (
        "clientmetadata",
        Words {
            meaning: "the client metadata is too large or not plain keys and values",
            next: "m edits the client metadata",
        },
    ),
    (
        "length less than or equal to",
        Words {
            meaning: "a value is longer than the service keeps",
            next: "shorten the value that the message names",
        },
    ),
    (
        "failed to satisfy constraint",
        Words {
            meaning: "a value breaks a limit of the service",
            next: "mend the value that the message names",
        },
    ),
    (
        "invalid user attributes",
        Words {
            meaning: "the service does not take one of the values",
            next: "mend the value that the message names",
        },
    ),
];

/// The words for what the message says, or `None` for a message that is new.
pub(super) fn words(message: &str) -> Option<Words> {
    let message = message.to_lowercase();
    PATTERNS
        .iter()
        .find(|(part, _)| message.contains(part))
        .map(|(_, words)| *words)
}

#[cfg(test)]
pub(super) fn parts() -> impl Iterator<Item = &'static str> {
    PATTERNS.iter().map(|(part, _)| *part)
}
