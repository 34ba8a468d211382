use serde_json::json;

use crate::cognito::testing::*;

use super::*;

const CLIENT: &str = "1h57kf5cpq17m0eml12EXAMPLE";

async fn of_jane(service: &Service) -> Result<Option<Secret>, Fault> {
    let reader = service.connect().await.reader(Some(&pool())).unwrap();
    of(reader.client(), &pool(), &ClientId::new(CLIENT), "jane").await
}

#[test]
fn the_hash_is_the_documented_one() {
    // Made with Python's hmac module: hmac.new(b"secret", b"jane" + b"client", "sha256").
    let made = hash(&Secret::new("secret"), &ClientId::new("client"), "jane");
    assert_eq!(made.expose(), "MRPITOHaaXF3U2mXQ8u/9mU3u+IhlYGP0cF9VpZjE5M=");
    let other = hash(&Secret::new("secret"), &ClientId::new("client"), "jane.doe");
    assert_ne!(made, other, "each username has its own");
}

#[tokio::test]
async fn only_a_client_with_a_secret_has_a_hash() {
    let service = Service::new([
        ok(json!({"UserPoolClient": {"ClientId": CLIENT, "ClientSecret": "secret"}})),
        ok(json!({"UserPoolClient": {"ClientId": CLIENT}})),
    ]);
    let made = of_jane(&service).await.unwrap();
    assert_eq!(made, Some(hash(&Secret::new("secret"), &ClientId::new(CLIENT), "jane")));
    assert_eq!(of_jane(&service).await.unwrap(), None);
    assert_eq!(
        service.bodies(),
        [
            json!({"UserPoolId": POOL, "ClientId": CLIENT}),
            json!({"UserPoolId": POOL, "ClientId": CLIENT}),
        ]
    );
}

/// The call that needs the hash has not left: whatever became of this reading, nothing is unknown.
#[tokio::test]
async fn a_reading_that_fails_leaves_nothing_unknown() {
    let failing = || (0..3).map(|_| refusal("InternalErrorException", "oops"));
    let service = Service::new(failing());
    let fault = of_jane(&service).await.unwrap_err();
    assert_eq!(
        (fault.kind, fault.operation),
        (FaultKind::Local, "DescribeUserPoolClient")
    );
    assert_eq!(service.asked().len(), 3, "a reading is retried");
    let throttled = Service::new((0..3).map(|_| refusal("TooManyRequestsException", "Rate exceeded")));
    assert_eq!(of_jane(&throttled).await.unwrap_err().kind, FaultKind::Local);
    let denied = Service::new([refusal("AccessDeniedException", "no")]);
    assert_eq!(of_jane(&denied).await, Ok(None), "the call itself may need no hash");
}
