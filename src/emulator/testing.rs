//! What every test of the emulator needs: a service on a clock that stands still until it is moved, and calls by
//! name.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use bytes::Bytes;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::{Emulator, PoolSeed, Seed};

/// The id of the pool most tests use.
pub(crate) const POOL: &str = "us-east-1_Test00001";

pub(crate) struct Bench {
    pub(crate) emulator: Emulator,
    now: Arc<AtomicI64>,
}

impl Bench {
    pub(crate) fn new(seed: Seed) -> Self {
        let now = Arc::new(AtomicI64::new(1_800_000_000_000));
        let clock = Arc::clone(&now);
        let read = move || Timestamp::from_millisecond(clock.load(Ordering::SeqCst)).unwrap();
        Self {
            emulator: Emulator::new(seed, Arc::new(read)),
            now,
        }
    }

    pub(crate) fn with(pool: PoolSeed) -> Self {
        Self::new(Seed::empty().pool(pool))
    }

    pub(crate) fn pass(&self, milliseconds: i64) {
        self.now.fetch_add(milliseconds, Ordering::SeqCst);
    }

    pub(crate) fn now(&self) -> Timestamp {
        Timestamp::from_millisecond(self.now.load(Ordering::SeqCst)).unwrap()
    }

    /// The output, or code and message of the refusal.
    pub(crate) fn call(&self, operation: &str, body: Value) -> Result<Value, (String, String)> {
        let response = self
            .emulator
            .answer(request(operation, body))
            .expect("no cut was asked for");
        let output: Value = serde_json::from_slice(response.body()).unwrap();
        if response.status() == 200 {
            return Ok(output);
        }
        let text = |name: &str| output[name].as_str().unwrap().to_owned();
        assert_eq!(response.headers()["x-amzn-errortype"], text("__type"));
        Err((text("__type"), text("message")))
    }

    pub(crate) fn ok(&self, operation: &str, body: Value) -> Value {
        self.call(operation, body)
            .unwrap_or_else(|(code, message)| panic!("{operation}: {code}: {message}"))
    }

    /// The refusal's code and message.
    pub(crate) fn refused(&self, operation: &str, body: Value) -> (String, String) {
        self.call(operation, body).expect_err("the call was to be refused")
    }

    /// The message of an InvalidParameterException.
    pub(crate) fn invalid(&self, operation: &str, body: Value) -> String {
        let (code, message) = self.refused(operation, body);
        assert_eq!(code, "InvalidParameterException", "{message}");
        message
    }

    /// The access token of a user whose password is `Secret-1`, through the app client with this id.
    pub(crate) fn access_token(&self, client: &str, user: &str) -> String {
        let ask = json!({
            "AuthFlow": "USER_PASSWORD_AUTH",
            "ClientId": client,
            "AuthParameters": {"USERNAME": user, "PASSWORD": "Secret-1"},
        });
        let answer = self.ok("InitiateAuth", ask);
        answer["AuthenticationResult"]["AccessToken"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    pub(crate) fn user(&self, name: &str) -> super::User {
        self.emulator.user(POOL, name).expect("the user exists")
    }

    pub(crate) fn value(&self, name: &str, attribute: &str) -> Option<String> {
        self.user(name).attribute(attribute).map(str::to_owned)
    }
}

pub(crate) fn request(operation: &str, body: Value) -> http::Request<Bytes> {
    http::Request::post("/")
        .header("x-amz-target", format!("AWSCognitoIdentityProviderService.{operation}"))
        .header("content-type", "application/x-amz-json-1.1")
        .body(Bytes::from(body.to_string()))
        .unwrap()
}

/// The body of an AdminUpdateUserAttributes.
pub(crate) fn update(user: &str, attributes: &[(&str, &str)]) -> Value {
    let list: Vec<Value> = attributes
        .iter()
        .map(|(name, value)| json!({"Name": name, "Value": value}))
        .collect();
    json!({"UserPoolId": POOL, "Username": user, "UserAttributes": list})
}
