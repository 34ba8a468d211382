//! What can happen on the way to the service and back, and what the program is to make of each.

use cognitui::domain::FaultKind;
use cognitui::emulator::Fault;
use serde_json::json;

use std::time::Duration;

/// Whether the service had done what it was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    Before,
    After,
}

/// What the program makes of it.
pub struct Taken {
    pub code: &'static str,
    /// The message from beginning to end, or up to where `…` stands in its place.
    pub message: &'static str,
    pub kind: FaultKind,
    /// An answer with a request id came.
    pub answered: bool,
    /// How often a reading is sent.
    pub readings: usize,
}

/// A thing that goes wrong.
pub struct Trouble {
    pub name: &'static str,
    pub when: When,
    /// The fault for an operation, or `None` where it cannot happen to it.
    pub fault: fn(&str) -> Option<Fault>,
    /// What it is taken for; `None`: nothing is wrong with it.
    pub taken: Option<Taken>,
}

const JSON: &str = "application/x-amz-json-1.1";
const PORTAL: &str = "<!doctype html><html><body>Sign in to the guest network</body></html>";
const GATEWAY: &str = "<html><head><title>502 Bad Gateway</title></head></html>";

/// The members of the lists that come in pages: where the next page begins.
fn token_of(operation: &str) -> Option<&'static str> {
    match operation {
        "ListUsers" => Some("PaginationToken"),
        "AdminListGroupsForUser"
        | "ListGroups"
        | "ListIdentityProviders"
        | "ListUserPoolClients"
        | "ListUserPools"
        | "ListUsersInGroup" => Some("NextToken"),
        _ => None,
    }
}

/// An answer that lacks what the program cannot do without. The answer to most writes holds nothing.
fn hollow(operation: &str) -> Option<&'static str> {
    Some(match operation {
        "AdminGetUser" | "GetUser" => r#"{"UserAttributes": []}"#,
        "AdminListGroupsForUser" | "ListGroups" => r#"{"Groups": [{"Description": "no name"}]}"#,
        "DescribeIdentityProvider" | "DescribeUserPool" | "DescribeUserPoolClient" | "GetCSVHeader" => "{}",
        "ListIdentityProviders" => r#"{"Providers": [{"ProviderType": "OIDC"}]}"#,
        "ListUserPoolClients" => r#"{"UserPoolClients": [{"ClientName": "no id"}]}"#,
        "ListUserPools" => r#"{"UserPools": [{"Name": "no id"}]}"#,
        "ListUsers" | "ListUsersInGroup" => r#"{"Users": [{"Enabled": true}]}"#,
        "InitiateAuth" | "AdminInitiateAuth" | "RespondToAuthChallenge" | "AdminRespondToAuthChallenge" => "{}",
        _ => return None,
    })
}

fn unreadable() -> Option<Taken> {
    Some(Taken {
        code: "UnreadableAnswer",
        message: "HTTP 200 with a body that is not the expected JSON",
        kind: FaultKind::Undecodable,
        answered: true,
        readings: 1,
    })
}

fn timeout() -> Option<Taken> {
    Some(Taken {
        code: "Timeout",
        message: "…",
        kind: FaultKind::Timeout,
        answered: false,
        readings: 3,
    })
}

fn reset() -> Option<Taken> {
    Some(Taken {
        code: "ConnectionBroken",
        message: "dispatch failure: io error: connection reset by peer",
        kind: FaultKind::Broken,
        answered: false,
        readings: 3,
    })
}

fn internal() -> Option<Taken> {
    Some(Taken {
        code: "InternalErrorException",
        message: "Something went wrong",
        kind: FaultKind::Server,
        answered: true,
        readings: 3,
    })
}

/// All of them.
pub fn all() -> Vec<Trouble> {
    use When::{After, Before};
    let trouble = |name, when, fault, taken| Trouble {
        name,
        when,
        fault,
        taken,
    };
    vec![
        trouble("closed before it was done", Before, |_| Some(Fault::reset()), reset()),
        trouble("closed after", After, |_| Some(Fault::reset()), reset()),
        trouble("hang", Before, |_| Some(Fault::hang()), timeout()),
        trouble("hang after", After, |_| Some(Fault::hang()), timeout()),
        trouble(
            "slow, in time",
            After,
            |_| Some(Fault::latency(Duration::from_secs(3))),
            None,
        ),
        trouble(
            "too slow",
            After,
            |_| Some(Fault::latency(Duration::from_secs(60))),
            timeout(),
        ),
        trouble("500 before", Before, |_| Some(Fault::internal()), internal()),
        trouble("500 after", After, |_| Some(Fault::internal()), internal()),
        trouble(
            "half of the answer",
            After,
            |_| Some(Fault::truncated()),
            Some(Taken {
                code: "AnswerCut",
                message: "response error: connection closed before the answer was complete",
                kind: FaultKind::Broken,
                answered: true,
                readings: 3,
            }),
        ),
        trouble(
            "truncated JSON",
            After,
            |_| Some(Fault::foreign(200, JSON, r#"{"Users": [{"Userna"#)),
            unreadable(),
        ),
        trouble(
            "invalid JSON",
            After,
            |_| Some(Fault::foreign(200, JSON, "{Users: none}")),
            unreadable(),
        ),
        trouble(
            "HTML with 200",
            After,
            |_| Some(Fault::foreign(200, "text/html", PORTAL)),
            unreadable(),
        ),
        trouble(
            "HTML of a proxy",
            Before,
            |_| Some(Fault::foreign(502, "text/html", GATEWAY)),
            Some(Taken {
                code: "HTTP 502",
                message: "HTTP 502 without a message",
                kind: FaultKind::Server,
                answered: true,
                readings: 3,
            }),
        ),
        trouble(
            "refused by a proxy",
            Before,
            |_| Some(Fault::foreign(403, "text/html", GATEWAY)),
            Some(Taken {
                code: "HTTP 403",
                message: "HTTP 403 without a message",
                kind: FaultKind::Service,
                answered: true,
                readings: 1,
            }),
        ),
        trouble(
            "another content type",
            After,
            |_| Some(Fault::relabelled("text/html")),
            None,
        ),
        trouble(
            "redirect",
            Before,
            |_| Some(Fault::redirect(302, "https://portal.example/sign-in")),
            Some(Taken {
                code: "HTTP 302",
                message: "the answer leads elsewhere: https://portal.example/sign-in",
                kind: FaultKind::Undecodable,
                answered: true,
                readings: 1,
            }),
        ),
        trouble(
            "a body without an end",
            After,
            |_| Some(Fault::endless()),
            Some(Taken {
                code: "AnswerTooLong",
                message: "the answer is longer than 32 MiB",
                kind: FaultKind::Undecodable,
                answered: true,
                readings: 3,
            }),
        ),
        trouble("a body that drips", After, |_| Some(Fault::drip()), timeout()),
        trouble(
            "bad UTF-8",
            After,
            |_| Some(Fault::foreign(200, JSON, b"{\"\xff\xfe\": \"\xff\xfe\"}")),
            unreadable(),
        ),
        trouble(
            "missing fields",
            After,
            |operation| hollow(operation).map(|body| Fault::foreign(200, JSON, body)),
            Some(Taken {
                code: "IncompleteAnswer",
                message: "the answer has …",
                kind: FaultKind::Undecodable,
                answered: true,
                readings: 1,
            }),
        ),
        trouble(
            "the same page again",
            Before,
            |operation| {
                let body = json!({ token_of(operation)?: "again" });
                // The service itself leaves no list out.
                let mut body = body.as_object()?.clone();
                body.insert(list_of(operation)?.to_owned(), json!([]));
                Some(Fault::foreign(200, JSON, serde_json::to_vec(&body).ok()?))
            },
            Some(Taken {
                code: "RepeatedToken",
                message: "the answer has the token of a page that was read already",
                kind: FaultKind::Undecodable,
                answered: true,
                readings: 2,
            }),
        ),
    ]
}

fn list_of(operation: &str) -> Option<&'static str> {
    Some(match operation {
        "ListUsers" | "ListUsersInGroup" => "Users",
        "AdminListGroupsForUser" | "ListGroups" => "Groups",
        "ListIdentityProviders" => "Providers",
        "ListUserPoolClients" => "UserPoolClients",
        "ListUserPools" => "UserPools",
        _ => return None,
    })
}
