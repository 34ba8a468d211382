//! One row a code. A code that the service gains and this table lacks fails a test elsewhere, which reads the API
//! model.

use super::modelled::MODELLED;
use super::{Words, acting, parameter};

/// Errors common to all of AWS, which no operation lists.
const COMMON: &[(&str, Words)] = &[
    (
        "AccessDeniedException",
        Words {
            meaning: "the role may not do this",
            next: "ask for the action that the message names; `cognitui iam` prints the whole policy",
        },
    ),
    (
        "ExpiredTokenException",
        Words {
            meaning: "the credentials have expired",
            next: "renew the credentials, then r",
        },
    ),
    (
        "IncompleteSignature",
        Words {
            meaning: "the request arrived without a whole signature: something on the way changed it",
            next: "check any proxy between, then r",
        },
    ),
    (
        "InternalFailure",
        Words {
            meaning: "the service failed on its side before it named the reason",
            next: "wait a moment, then r reads what is there now",
        },
    ),
    (
        "InvalidAction",
        Words {
            meaning: "this endpoint does not have the operation",
            next: "check the endpoint: a stand-in may lack it",
        },
    ),
    (
        "InvalidClientTokenId",
        Words {
            meaning: "the access key does not exist in this partition",
            next: "check the access key, and for temporary credentials that the session token is set",
        },
    ),
    (
        "InvalidSignatureException",
        Words {
            meaning: "the signature does not match: a wrong secret key, a changed request or a wrong clock",
            next: "check the secret key and this machine's clock, then r",
        },
    ),
    (
        "MalformedHttpRequestException",
        Words {
            meaning: "the request did not arrive as it was sent: something on the way changed it",
            next: "check any proxy between; if there is none, report it with the request id",
        },
    ),
    (
        "MissingAuthenticationTokenException",
        Words {
            meaning: "the request arrived unsigned: something on the way took the signature off",
            next: "check the credentials and any proxy between, then r",
        },
    ),
    (
        "NotAuthorized",
        Words {
            meaning: "the service does not let these credentials do this",
            next: "check the profile and its permissions; `cognitui iam` prints the whole policy",
        },
    ),
    (
        "OptInRequired",
        Words {
            meaning: "the account is not signed up for the service in this region",
            next: "check the region and the account",
        },
    ),
    (
        "RequestAbortedException",
        Words {
            meaning: "the service gave the request up before it answered",
            next: "wait a moment, then r reads what is there now",
        },
    ),
    (
        "RequestEntityTooLargeException",
        Words {
            meaning: "the request is larger than the service takes",
            next: "shorten the largest value or the client metadata, then review again",
        },
    ),
    (
        "RequestExpired",
        Words {
            meaning: "the request arrived more than 15 minutes away from its date: a wrong clock, or a request that was held up",
            next: "check this machine's clock (NTP) and any proxy between, then r",
        },
    ),
    (
        "RequestTimeTooSkewed",
        Words {
            meaning: "the date of the request is too far from the service's time",
            next: "set this machine's clock (NTP), then r",
        },
    ),
    (
        "RequestTimeoutException",
        Words {
            meaning: "the service did not get the whole request in time",
            next: "check the network, then r reads what is there now",
        },
    ),
    (
        "SerializationException",
        Words {
            meaning: "the service could not read the request",
            next: "check any proxy between; if there is none, report it with the request id",
        },
    ),
    (
        "ServiceUnavailable",
        Words {
            meaning: "the service is not available at the moment",
            next: "wait a moment, then r reads what is there now",
        },
    ),
    (
        "ThrottlingException",
        Words {
            meaning: "too many requests in this account and region; nothing was done",
            next: "wait a moment, then r",
        },
    ),
    (
        "UnrecognizedClientException",
        Words {
            meaning: "the access key is not known: deleted, of another partition, or without its session token",
            next: "check the profile and its keys, then r",
        },
    ),
    (
        "ValidationError",
        Words {
            meaning: "the request breaks a limit that the service sets; its message says which",
            next: "mend the value that the message names",
        },
    ),
];

/// Names under which other protocols and stand-ins send the same thing.
const OTHER_NAMES: &[(&str, &str)] = &[
    ("AccessDenied", "AccessDeniedException"),
    ("UnauthorizedOperation", "AccessDeniedException"),
    ("ExpiredToken", "ExpiredTokenException"),
    ("IncompleteSignatureException", "IncompleteSignature"),
    ("InternalServerError", "InternalFailure"),
    ("InternalServerException", "InternalFailure"),
    ("MissingAuthenticationToken", "MissingAuthenticationTokenException"),
    ("ServiceUnavailableException", "ServiceUnavailable"),
    ("SignatureDoesNotMatch", "InvalidSignatureException"),
    ("Throttling", "ThrottlingException"),
    ("RequestLimitExceeded", "ThrottlingException"),
    ("AuthFailure", "InvalidSignatureException"),
    ("UnknownOperationException", "InvalidAction"),
    ("ValidationException", "ValidationError"),
];

/// This program's own codes, for what it stopped before it was sent.
const LOCAL: &[(&str, Words)] = &[
    (
        "ReadOnly",
        Words {
            meaning: "this pool is open for reading only",
            next: "open it for writing, where the settings allow that",
        },
    ),
    (
        "PoolClosed",
        Words {
            meaning: "this pool is not in the configuration, and such pools stay closed here",
            next: "list it in the configuration, or ask who keeps the policy of this machine",
        },
    ),
    (
        "NameNotTyped",
        Words {
            meaning: "this pool is not in the configuration, so its name is typed before anything is sent",
            next: "W and the pool's name open it for writing",
        },
    ),
    (
        "ReasonMissing",
        Words {
            meaning: "a reason is required here, and the one given will not do",
            next: "review again and give the reason",
        },
    ),
    (
        "UserProtected",
        Words {
            meaning: "this user is on the list of those that are not changed from here",
            next: "ask who keeps the list (protected-users)",
        },
    ),
    (
        "PasswordNotSet",
        Words {
            meaning: "the user has a temporary password, and a new one for good would be a change",
            next: "W and the pool's name allow it, where the settings do; then sign in again, or choose another user",
        },
    ),
    (
        "ActAsUserOff",
        Words {
            meaning: "acting as a user is switched off here",
            next: "act-as-user = \"on\" in the configuration allows it",
        },
    ),
    (
        "NoRegion",
        Words {
            meaning: "it is not known in which region the service is to be asked",
            next: "start with --region, set AWS_REGION, or give the profile a region; then r",
        },
    ),
    (
        "CaBundle",
        Words {
            meaning: "the CA bundle cannot be used, so no server could be trusted",
            next: "mend the file, or name another with --ca-bundle; then r",
        },
    ),
    (
        "ProfileNotFound",
        Words {
            meaning: "there is no profile of that name in the AWS files",
            next: "name one that is there (aws configure list-profiles), or make it; then r",
        },
    ),
    (
        "UnsupportedProfile",
        Words {
            meaning: "this profile signs in in a way that this program cannot do by itself",
            next: "put a credential_process into the profile, or use another; then r",
        },
    ),
    (
        "NotArmed",
        Words {
            meaning: "this pool is protected and its name was not typed, or too long ago",
            next: "review again and type the pool's name",
        },
    ),
    (
        "Journal",
        Words {
            meaning: "the change could not be written down, so it was not sent",
            next: "free the disk or mend the file that the message names, then review again",
        },
    ),
    (
        "Filter",
        Words {
            meaning: "that text cannot be searched for",
            next: "search for a shorter text without control characters",
        },
    ),
    (
        "NoToken",
        Words {
            meaning: "no access token is held for this pool any more",
            next: "sign in as the user again, or give a token",
        },
    ),
    (
        "NotShown",
        Words {
            meaning: "accepted, and not among what the token's app client may read: its own reading cannot tell",
            next: "an administrator's reading of the user shows it",
        },
    ),
    (
        "AccessToken",
        Words {
            meaning: "that token cannot be used here; its own problem stands beside this",
            next: "sign in as the user, or give another access token",
        },
    ),
    (
        "Challenge",
        Words {
            meaning: "this sign-in asks for something that cannot be answered here",
            next: "finish it in the application and give the access token, or use another test user",
        },
    ),
    (
        "WrongWriter",
        Words {
            meaning: "the call is of the other kind: an administrator's and a user's own do not mix; a fault of this program",
            next: "report it; nothing was sent",
        },
    ),
    (
        "WrongPool",
        Words {
            meaning: "the change belongs to another pool than the one that is open for writing; a fault of this program",
            next: "report it; nothing was sent",
        },
    ),
    (
        "OtherUser",
        Words {
            meaning: "the user of that name is gone, and somebody else can be reached by it now",
            next: "go back to the list, r, and look the user up again",
        },
    ),
    (
        WORKER_PANICKED,
        Words {
            meaning: "a part of this program broke while it worked; please report it",
            next: "r reads what is there now",
        },
    ),
];

/// The one local fault after which a write may be half done.
pub(super) const WORKER_PANICKED: &str = "WorkerPanicked";

/// The words of one of this program's own codes.
pub(super) fn for_local(code: &str) -> Option<Words> {
    LOCAL.iter().find(|(name, _)| *name == code).map(|(_, words)| *words)
}

/// The words of a code of the service, or `None` for one that has none of its own.
pub fn words_for(code: &str) -> Option<Words> {
    let code = OTHER_NAMES
        .iter()
        .find(|(other, _)| *other == code)
        .map_or(code, |(_, name)| name);
    MODELLED
        .iter()
        .chain(COMMON)
        .find(|(name, _)| *name == code)
        .map(|(_, words)| *words)
}

/// Every code that has words of its own.
pub fn codes() -> impl Iterator<Item = &'static str> {
    let table = MODELLED.iter().chain(COMMON).map(|(code, _)| *code);
    table.chain(OTHER_NAMES.iter().map(|(other, _)| *other))
}

/// Sharper words where operation and message tell more than the code.
pub(super) fn for_operation(code: &str, operation: &str, message: &str) -> Option<Words> {
    let text = message.to_lowercase();
    acting::for_operation(code, operation, &text).or_else(|| by_message(code, operation, message, &text))
}

fn by_message(code: &str, operation: &str, message: &str, text: &str) -> Option<Words> {
    match code {
        "InvalidParameterException" => parameter::words(message),
        "ResourceNotFoundException" if text.contains("user pool") || text.contains("userpool") => Some(Words {
            meaning: "this account has no such pool in this region",
            next: "check the region (the pool id begins with it), the profile and the account",
        }),
        "ResourceNotFoundException" if operation.contains("IdentityProvider") => Some(Words {
            meaning: "this pool has no such identity provider now",
            next: "r reads the pool again",
        }),
        "ResourceNotFoundException" if text.contains("group") => Some(Words {
            meaning: "this pool has no such group now",
            next: "r reads the groups again",
        }),
        "NotAuthorizedException" if text.contains("disabled") => Some(Words {
            meaning: "the user is disabled",
            next: "enable the user first",
        }),
        "NotAuthorizedException" if text.contains("unauthorized attribute") => Some(Words {
            meaning: "the app client may not write that attribute",
            next: "change it as an administrator, or ask for the app client's write permission",
        }),
        "NotAuthorizedException" if text.contains("token") => Some(Words {
            meaning: "the access token is not valid any more",
            next: "sign in as the user again",
        }),
        "NotAuthorizedException" if text.contains("current state") || text.contains("current status") => Some(Words {
            meaning: "the user's status does not allow it",
            next: "r reads the user's status again",
        }),
        "InvalidSignatureException" | "SignatureDoesNotMatch"
            if text.contains("expired") || text.contains("not yet current") =>
        {
            Some(Words {
                meaning: "this machine's clock is wrong by minutes, so the signature does not count",
                next: "set the clock (NTP), then r",
            })
        }
        "LimitExceededException" if text.contains("attempt limit") => Some(Words {
            meaning: "too many attempts for this user within the hour; sending again makes it worse",
            next: "wait an hour before trying this user again",
        }),
        _ => None,
    }
}
