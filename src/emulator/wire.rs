//! The AWS JSON 1.1 protocol, because everything above the socket (signing, retries, error decoding) is to be the
//! client's real code. Source: the API model's metadata (`protocol: json`, `jsonVersion: 1.1`, `targetPrefix:
//! AWSCognitoIdentityProviderService`) and the "Common errors" page of the Cognito API reference.

use bytes::Bytes;
use http::{HeaderValue, Method, Request, Response, StatusCode};
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::faults::Foreign;

/// The members of a request.
pub(crate) type Body = Map<String, Value>;

const TARGET_PREFIX: &str = "AWSCognitoIdentityProviderService.";
const CONTENT_TYPE: &str = "application/x-amz-json-1.1";

/// A refusal in the service's own words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) code: String,
    pub(crate) message: String,
    pub(crate) status: u16,
}

impl Refusal {
    /// A refusal with the HTTP status the model gives this code: 500 for InternalErrorException, 400 for the rest.
    pub(crate) fn new(code: impl Into<String>, message: impl Into<String>) -> Self {
        let code = code.into();
        let status = if matches!(code.as_str(), "InternalErrorException" | "InternalFailure") {
            500
        } else if code == "ServiceUnavailable" {
            503
        } else {
            400
        };
        Self {
            code,
            message: message.into(),
            status,
        }
    }

    pub(crate) fn parameter(message: impl Into<String>) -> Self {
        Self::new("InvalidParameterException", message)
    }

    pub(crate) fn no_user() -> Self {
        Self::new("UserNotFoundException", "User does not exist.")
    }

    pub(crate) fn no_pool(id: &str) -> Self {
        Self::new("ResourceNotFoundException", format!("User pool {id} does not exist."))
    }

    fn serialization(message: impl Into<String>) -> Self {
        Self::new("SerializationException", message)
    }
}

/// The operation a request names, before anything else is looked at.
pub(crate) fn operation(request: &Request<Bytes>) -> Result<String, Refusal> {
    if request.method() != Method::POST || request.uri().path() != "/" {
        return Err(Refusal::new(
            "UnknownOperationException",
            format!(
                "this is an emulated Amazon Cognito: it takes POST / with X-Amz-Target, not {} {}",
                request.method(),
                request.uri().path()
            ),
        ));
    }
    let target = request
        .headers()
        .get("x-amz-target")
        .and_then(|v| v.to_str().ok())
        .unwrap_or_default();
    match target.strip_prefix(TARGET_PREFIX) {
        Some(name) if !name.is_empty() => Ok(name.to_owned()),
        _ => Err(Refusal::new(
            "UnknownOperationException",
            format!(
                "this is an emulated Amazon Cognito: X-Amz-Target is to be {TARGET_PREFIX}<Operation>, not '{target}'"
            ),
        )),
    }
}

/// The members of the request's JSON body; an empty body counts as `{}`.
pub(crate) fn body(request: &Request<Bytes>) -> Result<Body, Refusal> {
    let bytes = request.body();
    if bytes.is_empty() {
        return Ok(Body::new());
    }
    match serde_json::from_slice(bytes) {
        Ok(Value::Object(members)) => Ok(members),
        Ok(_) => Err(Refusal::serialization(
            "Start of structure or map found where not expected.",
        )),
        Err(_) => Err(Refusal::serialization(
            "Unexpected token in the request body: it is not JSON.",
        )),
    }
}

/// A wrong JSON type, in the protocol's code; the words differ between AWS front ends.
pub(crate) fn wrong_type(found: &Value, wanted: &str) -> Refusal {
    let found = match found {
        Value::Null => "NULL_VALUE",
        Value::Bool(_) => "BOOLEAN_VALUE",
        Value::Number(_) => "NUMBER_VALUE",
        Value::String(_) => "STRING_VALUE",
        Value::Array(_) => "START_ARRAY",
        Value::Object(_) => "START_OBJECT",
    };
    Refusal::serialization(format!("{found} can not be converted to {wanted}"))
}

/// A date as the protocol has it: seconds since 1970 with three decimals.
pub(crate) fn date(at: Timestamp) -> Value {
    #[expect(clippy::cast_precision_loss, reason = "milliseconds since 1970 are far below 2^53")]
    let seconds = at.as_millisecond() as f64 / 1000.0;
    json!(seconds)
}

pub(crate) fn accepted(output: &Value, request_id: &str) -> Response<Bytes> {
    respond(200, Bytes::from(output.to_string()), request_id)
}

pub(crate) fn refused(refusal: &Refusal, request_id: &str) -> Response<Bytes> {
    let text = json!({"__type": refusal.code, "message": refusal.message}).to_string();
    let mut response = respond(refusal.status, Bytes::from(text), request_id);
    // The header carries the code and the message for clients that do not read the body; codes are ASCII names.
    if let Ok(value) = HeaderValue::from_str(&refusal.code) {
        response.headers_mut().insert("x-amzn-errortype", value);
    }
    response
}

/// A response with any status, content type and body: what a proxy or a broken peer sends.
pub(crate) fn foreign(answer: Foreign, request_id: &str) -> Response<Bytes> {
    let response = respond(answer.status, Bytes::from(answer.body), request_id);
    let mut response = relabelled(response, &answer.content_type);
    if let Some(Ok(value)) = answer.location.as_deref().map(HeaderValue::from_str) {
        response.headers_mut().insert("location", value);
    }
    response
}

/// The same response under another content type.
pub(crate) fn relabelled(mut response: Response<Bytes>, content_type: &str) -> Response<Bytes> {
    if let Ok(value) = HeaderValue::from_str(content_type) {
        response.headers_mut().insert("content-type", value);
    }
    response
}

/// How much of a body without an end is sent at a time.
const PIECE: usize = 1024 * 1024;

/// The beginning of a body that has no end: JSON as far as it goes.
pub(crate) fn without_end(request_id: &str) -> Response<Bytes> {
    let mut response = respond(200, Bytes::from(vec![b' '; PIECE]), request_id);
    response.headers_mut().remove("content-length");
    response
}

/// The same response with the service's time on it, as every HTTP answer has.
pub(crate) fn dated(mut response: Response<Bytes>, now: Timestamp) -> Response<Bytes> {
    let date = now.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
    if let Ok(value) = HeaderValue::from_str(&date) {
        response.headers_mut().insert("date", value);
    }
    response
}

fn respond(status: u16, body: Bytes, request_id: &str) -> Response<Bytes> {
    let length = body.len();
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    headers.insert("content-type", HeaderValue::from_static(CONTENT_TYPE));
    headers.insert("content-length", HeaderValue::from(length));
    if let Ok(value) = HeaderValue::from_str(request_id) {
        headers.insert("x-amzn-requestid", value);
    }
    response
}

/// The same response with only the first half of its body; the headers still promise the whole.
pub(crate) fn halve(response: Response<Bytes>) -> Response<Bytes> {
    response.map(|body| body.slice(..body.len() / 2))
}
