//! A service that answers what a test tells it to, and remembers what it was asked.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_sdk_cognitoidentityprovider::config::SharedHttpClient;
use bytes::Bytes;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::domain::{PoolId, Target};

use super::connect::ProfileFiles;
use super::wire::WireClient;
use super::{Clock, Connection, Cut, Limits, Outside, Sleep, Way, Wire, WireAnswer};

pub(super) const POOL: &str = "eu-west-1_Test12345";

pub(super) const REQUEST_ID: &str = "11111111-2222-3333-4444-555555555555";

pub(super) fn pool() -> PoolId {
    PoolId::new(POOL)
}

pub(super) fn now() -> Timestamp {
    "2026-03-01T12:00:00Z".parse().unwrap()
}

pub(super) fn clock() -> Clock {
    Arc::new(now)
}

/// A sleep that is over at once: back-off and timeouts cost no time.
pub(super) fn no_sleep() -> Sleep {
    Arc::new(|_| Box::pin(std::future::ready(())))
}

pub(super) fn limits() -> Limits {
    Limits {
        connect_timeout: Duration::from_secs(2),
        read_timeout: Duration::from_secs(5),
    }
}

/// What the service does with one request.
pub(super) type Act = Box<dyn FnOnce() -> WireAnswer + Send>;

/// A scripted service: each request takes the next act. One too many is answered with 418, which fails any test.
#[derive(Clone, Default)]
pub(super) struct Service {
    acts: Arc<Mutex<VecDeque<Act>>>,
    asked: Arc<Mutex<Vec<http::Request<Bytes>>>>,
}

impl Service {
    pub(super) fn new(acts: impl IntoIterator<Item = Act>) -> Self {
        Self {
            acts: Arc::new(Mutex::new(acts.into_iter().collect())),
            asked: Arc::default(),
        }
    }

    pub(super) fn wire(&self) -> Wire {
        let service = self.clone();
        Arc::new(move |request| {
            service.asked.lock().unwrap().push(request);
            match service.acts.lock().unwrap().pop_front() {
                Some(act) => act(),
                None => reply(418, json!({"__type": "Unexpected"}))(),
            }
        })
    }

    pub(super) fn asked(&self) -> Vec<http::Request<Bytes>> {
        self.asked.lock().unwrap().clone()
    }

    /// The bodies of what was asked.
    pub(super) fn bodies(&self) -> Vec<Value> {
        self.asked()
            .iter()
            .map(|request| serde_json::from_slice(request.body()).unwrap())
            .collect()
    }

    pub(super) fn outside(&self) -> Outside {
        Outside {
            clock: clock(),
            sleep: Some(no_sleep()),
            way: Way::Wire(self.wire()),
        }
    }

    /// What takes the network's place under a connection that does read profiles.
    pub(super) fn http(&self) -> SharedHttpClient {
        SharedHttpClient::new(WireClient(self.wire()))
    }

    pub(super) async fn connect(&self) -> Connection {
        Connection::open(&Target::default(), Some(&pool()), &limits(), &self.outside())
            .await
            .unwrap()
    }
}

pub(super) fn response(status: u16, body: impl Into<Bytes>) -> http::Response<Bytes> {
    http::Response::builder()
        .status(status)
        .header("content-type", "application/x-amz-json-1.1")
        .header("x-amzn-requestid", REQUEST_ID)
        .body(body.into())
        .unwrap()
}

fn at_once(result: Result<http::Response<Bytes>, Cut>) -> WireAnswer {
    WireAnswer {
        after: Duration::ZERO,
        result,
    }
}

pub(super) fn reply(status: u16, body: Value) -> Act {
    Box::new(move || at_once(Ok(response(status, body.to_string()))))
}

pub(super) fn text(status: u16, body: &'static str) -> Act {
    Box::new(move || at_once(Ok(response(status, body))))
}

pub(super) fn ok(body: Value) -> Act {
    reply(200, body)
}

/// A refusal as the service words it: 500 for InternalErrorException, 400 for the rest.
pub(super) fn refusal(code: &'static str, message: &'static str) -> Act {
    let status = if code == "InternalErrorException" { 500 } else { 400 };
    reply(status, json!({"__type": code, "message": message}))
}

pub(super) fn reset() -> Act {
    Box::new(|| at_once(Err(Cut::Reset)))
}

pub(super) fn hang() -> Act {
    Box::new(|| at_once(Err(Cut::Hang)))
}

pub(super) fn truncated(status: u16, body: Value) -> Act {
    Box::new(move || at_once(Err(Cut::Truncated(response(status, body.to_string())))))
}

/// The answer arrives whole, but only `after` this long.
pub(super) fn late(after: Duration, body: Value) -> Act {
    Box::new(move || WireAnswer {
        after,
        result: Ok(response(200, body.to_string())),
    })
}

/// The answer carries this `Date`.
pub(super) fn dated(date: &'static str, status: u16, body: Value) -> Act {
    Box::new(move || {
        let mut response = response(status, body.to_string());
        response.headers_mut().insert("date", date.parse().unwrap());
        at_once(Ok(response))
    })
}

pub(super) fn header<'a>(request: &'a http::Request<Bytes>, name: &str) -> &'a str {
    request
        .headers()
        .get(name)
        .map(|value| value.to_str().unwrap())
        .unwrap_or_default()
}

/// Profiles as if they stood in the AWS config file; nothing of the machine's own is read.
#[expect(
    deprecated,
    reason = "the successor's crate is an internal one of the SDK; the alias names the same type"
)]
pub(super) fn profile_files(config: &str) -> ProfileFiles {
    use aws_config::profile::profile_file::ProfileFileKind;
    ProfileFiles::builder()
        .with_contents(ProfileFileKind::Config, config)
        .build()
}

/// Runs one ignored test of this binary in an environment of its own: setting a variable of this process would reach
/// the tests beside it.
pub(super) fn in_environment(test: &str, variables: &[(&str, &str)]) {
    let mut command = std::process::Command::new(std::env::current_exe().unwrap());
    command
        .args(["--ignored", "--exact", test])
        .env_clear()
        .envs(variables.iter().copied());
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains("1 passed"), "{said}");
}
