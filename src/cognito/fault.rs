//! What went wrong, told from the SDK's errors without ever printing one: their Debug holds whole response bodies.
//!
//! Taken from an error: the service's code and message, the request id, the HTTP status, and the `Display` of what the
//! transport or a credentials provider said. The code decides what the words are, the kind what may be concluded about
//! a write.

use std::error::Error;
use std::io;

use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_cognitoidentityprovider::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_cognitoidentityprovider::operation::RequestId;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::ConnectorError;
use jiff::SignedDuration;
use zeroize::Zeroizing;

use crate::domain::fault::{ClockOff, is_throttle};
use crate::domain::{Fault, FaultKind, Raw, Secret};

use super::bounded::TooLong;

/// The service gave up on a request without saying how far it had come (Cognito API reference, common errors).
const GIVEN_UP: [&str; 2] = ["RequestAbortedException", "RequestTimeoutException"];

/// How much of a redirect's target is shown: a portal packs the whole request into it.
const LONGEST_PLACE: usize = 200;

/// The fault that `error` is.
pub(super) fn of<E>(operation: &'static str, error: &SdkError<E, HttpResponse>) -> Fault
where
    E: ProvideErrorMetadata + Error + 'static,
{
    let Some(response) = error.raw_response() else {
        return unanswered(operation, error);
    };
    let status = response.status().as_u16();
    let too_long = find::<TooLong>(error).is_some();
    let body = response.body().bytes().unwrap_or_default();
    let code = error
        .code()
        .map(str::to_owned)
        .or_else(|| header_code(response))
        .or_else(|| element(body, "Code"))
        .filter(|code| !code.is_empty());
    let message = error.message().map(str::to_owned).or_else(|| element(body, "Message"));
    let (kind, code) = match (status, code) {
        (500.., code) => (FaultKind::Server, code.unwrap_or_else(|| format!("HTTP {status}"))),
        (400..500, Some(code)) if GIVEN_UP.contains(&code.as_str()) => (FaultKind::Server, code),
        (408, code) => (FaultKind::Server, code.unwrap_or_else(|| format!("HTTP {status}"))),
        (400..500, Some(code)) if is_throttle(&code) => (FaultKind::Throttled, code),
        (429, code) => (FaultKind::Throttled, code.unwrap_or_else(|| format!("HTTP {status}"))),
        (400..500, code) => (FaultKind::Service, code.unwrap_or_else(|| format!("HTTP {status}"))),
        // Nothing of the service's: where it leads is not followed.
        (300..400, _) => (FaultKind::Undecodable, format!("HTTP {status}")),
        // An answer that says yes (or nothing we know) and cannot be read.
        _ if too_long => (FaultKind::Undecodable, "AnswerTooLong".to_owned()),
        _ if broke_off(error) => (FaultKind::Broken, "AnswerCut".to_owned()),
        _ => (FaultKind::Undecodable, "UnreadableAnswer".to_owned()),
    };
    let message = message.unwrap_or_else(|| match kind {
        _ if too_long => TooLong.to_string(),
        _ if (300..400).contains(&status) => redirect(response),
        FaultKind::Broken => said(error),
        FaultKind::Undecodable => {
            format!("HTTP {status} with a body that is not the expected JSON")
        }
        _ => format!("HTTP {status} without a message"),
    });
    Fault {
        kind,
        operation,
        code: Raw::from(code),
        message: Raw::from(message),
        request_id: error.request_id().map(Raw::from),
        status: Some(status),
        clock: response.extension::<ClockOff>().copied(),
    }
}

/// Where an answer leads, in place of a message.
fn redirect(response: &HttpResponse) -> String {
    match response.headers().get("location") {
        Some(place) => {
            let place: String = place.chars().take(LONGEST_PLACE).collect();
            format!("the answer leads elsewhere: {place}")
        }
        None => "the answer leads elsewhere".to_owned(),
    }
}

/// The shortest secret that is looked for: no password and no code of the service has fewer characters, and a few
/// letters stand in any sentence.
const SHORTEST_SECRET: usize = 6;
/// What stands where a secret stood.
const WITHHELD: &str = "(withheld)";

/// The fault without what the request held in secret. A message can repeat the request: a gateway's, a trigger's, a
/// stand-in's; and messages are shown, copied and kept in the journal.
pub(super) fn without(fault: Fault, secrets: &[&Secret]) -> Fault {
    let secrets = secrets.iter().map(|secret| secret.expose());
    let secrets = secrets.filter(|secret| secret.chars().count() >= SHORTEST_SECRET);
    secrets.fold(fault, |fault, secret| {
        // As it is, and as it stands in the JSON of a request.
        let quoted = Zeroizing::new(serde_json::Value::from(secret).to_string());
        let inner = quoted.strip_prefix('"').and_then(|inner| inner.strip_suffix('"'));
        let cut = |text: &Raw| {
            let text = text.as_str().replace(inner.unwrap_or(secret), WITHHELD);
            Raw::from(text.replace(secret, WITHHELD))
        };
        Fault {
            code: cut(&fault.code),
            message: cut(&fault.message),
            request_id: fault.request_id.as_ref().map(cut),
            ..fault
        }
    })
}

/// Something here stopped a request before it was sent. `code` is this program's own name for it.
pub(super) fn local(operation: &'static str, code: &'static str, message: impl Into<String>) -> Fault {
    Fault {
        kind: FaultKind::Local,
        operation,
        code: Raw::from(code),
        message: Raw::from(message.into()),
        request_id: None,
        status: None,
        clock: None,
    }
}

/// No answer came: what is known about why, and whether the request can have arrived.
fn unanswered<E>(operation: &'static str, error: &SdkError<E, HttpResponse>) -> Fault
where
    E: Error + 'static,
{
    let (kind, code) = if let Some(credentials) = find::<CredentialsError>(error) {
        why_no_credentials(credentials)
    } else if chain(error).any(|cause| cause.to_string().starts_with("identity resolver timed out")) {
        // The SDK's cache of credentials gave up waiting; its error type is private.
        (FaultKind::NoCredentials, "CredentialsTimeout")
    } else {
        match error {
            SdkError::ConstructionFailure(_) => (FaultKind::Local, "RequestNotBuilt"),
            SdkError::TimeoutError(_) => (FaultKind::Timeout, "Timeout"),
            _ => match find::<ConnectorError>(error) {
                Some(connector) => why_no_answer(connector),
                None => (FaultKind::Broken, "ConnectionBroken"),
            },
        }
    };
    Fault {
        kind,
        operation,
        code: Raw::from(code),
        message: Raw::from(said(error)),
        request_id: None,
        status: None,
        clock: None,
    }
}

fn why_no_answer(connector: &ConnectorError) -> (FaultKind, &'static str) {
    // hyper-util knows whether the failure came before a connection stood, and nothing is sent before that.
    let never_connected =
        find::<hyper_util::client::legacy::Error>(connector).is_some_and(hyper_util::client::legacy::Error::is_connect);
    if never_connected {
        let code = if connector.is_timeout() {
            "ConnectTimeout"
        } else if chain(connector).any(|cause| cause.to_string() == "dns error") {
            "NameNotFound"
        } else if chain(connector).any(|cause| cause.is::<rustls::Error>()) {
            "TlsFailed"
        } else if chain(connector).any(|cause| io_kind(cause) == Some(io::ErrorKind::ConnectionRefused)) {
            "ConnectionRefused"
        } else {
            "NoConnection"
        };
        return (FaultKind::NoConnection, code);
    }
    if connector.is_timeout() {
        return (FaultKind::Timeout, "Timeout");
    }
    if connector.is_user() {
        return (FaultKind::Local, "RequestNotBuilt");
    }
    (FaultKind::Broken, "ConnectionBroken")
}

/// Nothing was sent: a request is signed before it goes out.
fn why_no_credentials(error: &CredentialsError) -> (FaultKind, &'static str) {
    // The providers' own error types are private, so an ended SSO session is known by its words: the token cache's,
    // and the code with which IAM Identity Center refuses a token.
    const SSO_ENDED: [&str; 4] = [
        "the SSO token has expired",
        "the cached SSO token",
        "/sso/cache/",
        "UnauthorizedException",
    ];
    let sso_ended = chain(error).any(|cause| {
        let words = cause.to_string();
        SSO_ENDED.iter().any(|ended| words.contains(ended))
    });
    match error {
        _ if sso_ended => (FaultKind::SsoExpired, "SsoSessionExpired"),
        CredentialsError::CredentialsNotLoaded(_) => (FaultKind::NoCredentials, "NoCredentials"),
        CredentialsError::ProviderTimedOut(_) => (FaultKind::NoCredentials, "CredentialsTimeout"),
        CredentialsError::InvalidConfiguration(_) => (FaultKind::NoCredentials, "CredentialsMisconfigured"),
        _ => (FaultKind::NoCredentials, "CredentialsFailed"),
    }
}

/// Whether the body ended before its end.
fn broke_off<E>(error: &SdkError<E, HttpResponse>) -> bool
where
    E: Error + 'static,
{
    chain(error).any(|cause| cause.is::<io::Error>() || cause.is::<hyper::Error>())
}

/// The errors from outermost to innermost. The payload of an `io::Error` is part of it, which `source` skips.
fn chain<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&error| match error.downcast_ref::<io::Error>() {
        Some(io) => io.get_ref().map(|inner| inner as &(dyn Error + 'static)),
        None => error.source(),
    })
}

fn find<'a, T: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a T> {
    chain(error).find_map(|cause| cause.downcast_ref::<T>())
}

fn io_kind(error: &(dyn Error + 'static)) -> Option<io::ErrorKind> {
    error.downcast_ref::<io::Error>().map(io::Error::kind)
}

/// What each error of the chain says of itself, outermost first. Display only: it names paths, hosts and reasons, and
/// no part of a body.
fn said(error: &(dyn Error + 'static)) -> String {
    let mut words: Vec<String> = Vec::new();
    for cause in chain(error) {
        // Some causes are laid out over several lines: here they are one sentence of a row.
        let word = cause.to_string().split_whitespace().collect::<Vec<_>>().join(" ");
        if !word.is_empty() && words.last().is_none_or(|last| !last.contains(&word)) {
            words.push(word);
        }
    }
    words.join(": ")
}

/// The code in the header that AWS sends beside the body, without namespace and address.
fn header_code(response: &HttpResponse) -> Option<String> {
    let code = response.headers().get("x-amzn-errortype")?;
    let code = code.split(':').next().unwrap_or(code);
    Some(code.rsplit('#').next().unwrap_or(code).to_owned())
}

/// The text of the first such element of an XML body: proxies and stand-ins answer so.
fn element(body: &[u8], name: &str) -> Option<String> {
    let text = std::str::from_utf8(body).ok()?;
    let (_, rest) = text.split_once(&format!("<{name}>"))?;
    let (content, _) = rest.split_once(&format!("</{name}>"))?;
    let content = content.trim();
    (!content.is_empty() && content.len() <= 2_048).then(|| content.to_owned())
}

pub(super) fn log_answer(operation: &'static str, request_id: Option<&Raw>, took: SignedDuration) {
    tracing::info!(
        operation,
        request_id = request_id.map(Raw::as_str),
        ms = took.as_millis(),
        "answered"
    );
}

/// Code, not message: a message can quote a value.
pub(super) fn log_fault(fault: &Fault, took: SignedDuration) {
    tracing::warn!(
        operation = fault.operation,
        code = fault.code.as_str(),
        status = fault.status,
        request_id = fault.request_id.as_ref().map(Raw::as_str),
        ms = took.as_millis(),
        "failed"
    );
}

#[cfg(test)]
mod tests;
