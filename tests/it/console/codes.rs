//! A user's own address changed from sign-in to code, with the real program on a service of others.

use serde_json::json;

use super::{Hands, NOTHING, cognitui, configure, listed};
use crate::peers::{self, CODE};

const PASSWORD: &str = "Passw0rd!";

/// An app client of the pool, and a password for ann.
const SETS_UP: &str = "
import json, sys
from client import cognito
endpoint, pool, password = sys.argv[1:]
service = cognito(endpoint)
service.create_user_pool_client(UserPoolId=pool, ClientName='web', ExplicitAuthFlows=['ALLOW_USER_PASSWORD_AUTH'])
service.admin_set_user_password(UserPoolId=pool, Username='ann', Password=password, Permanent=True)
print(json.dumps({}))
";

#[test]
fn an_address_is_changed_by_its_user_on_cognito_local_and_an_administrator_changes_more() {
    let Some(peers) = peers::for_suite("acting as a user of cognito-local") else {
        return;
    };
    let server = peers.cognito_local();
    let document = json!({
        "pool": {
            "PoolName": "support desk",
            "AutoVerifiedAttributes": ["email"],
            "UserAttributeUpdateSettings": {"AttributesRequireVerificationBeforeUpdate": ["email"]},
        },
        "users": [{"username": "ann", "attributes": {"email": "ann@example.com", "email_verified": "true", "name": "Ann"}}],
    });
    let pool = peers.seed(server, &document).unwrap().pool_id;
    peers.boto3(SETS_UP, &[&server.url, &pool, PASSWORD]).unwrap();
    let launch = cognitui(["--endpoint-url", &server.url, "--user-pool-id", &pool, "ann"]).size(100, 30);
    configure(&launch, &listed(&pool));
    let mut pty = launch.start();
    pty.wait_for_text("User ann");

    // Signed in with a password, through the pool's app client.
    pty.settles().press("T", "Sign in as ann");
    pty.press("j", ">  a password, USER_PASSWORD_AUTH")
        .confirms("Through which app client?")
        .settles();
    pty.confirms("Password").settles();
    assert!(
        pty.screen_text().contains("Never ask a customer for a password"),
        "{}",
        pty.screen_text()
    );
    pty.press(PASSWORD, ">*********")
        .confirms("Edit AS THE USER ann")
        .settles();
    assert!(pty.screen_text().contains("AS ann"), "{}", pty.screen_text());

    // The address changed; where the code went is read off the status pane, as the service reports it.
    pty.press("<enter>", "EDITING email")
        .press("<c-u>", "empty is no value")
        .press("ann.new@example.com", "ann.new@example.com")
        .press("<enter>", "1 to send")
        .settles();
    pty.reviews("ann")
        .confirms("reported: EMAIL to ann.new@example.com for email");
    pty.settles();
    let screen = pty.screen_text();
    assert!(screen.contains("WAITING"), "{screen}");
    assert!(screen.contains("email still ann@example.com"), "{screen}");
    assert!(screen.contains("waits for its code: ann.new@example.com"), "{screen}");
    let before = peers.read_user(&server.url, &pool, "ann").unwrap();
    assert_eq!(before.attributes["email"], "ann@example.com");

    // The code entered, and the value seen to change.
    pty.press("c", "VerifyUserAttribute").settles();
    pty.press(CODE, CODE).confirms(">[ Cancel");
    pty.press("<tab>", ">[ Send")
        .confirms("email is ann.new@example.com and email_verified is true");
    pty.settles();
    let screen = pty.screen_text();
    assert!(!screen.contains("waits for its code"), "{screen}");
    assert!(!screen.contains("1 waiting"), "what waited is over:\n{screen}");
    let after = peers.read_user(&server.url, &pool, "ann").unwrap();
    assert_eq!(after.attributes["email"], "ann.new@example.com");
    assert_eq!(after.attributes["email_verified"], "true");

    // An administrator's change on top.
    pty.opens_form("ann")
        .types("name", "Ann Other")
        .reviews("ann")
        .confirms("read back and true: name");
    let last = peers.read_user(&server.url, &pool, "ann").unwrap();
    assert_eq!(last.attributes["name"], "Ann Other");
    assert_eq!(last.attributes["email"], "ann.new@example.com");

    assert_eq!(pty.quits(), Some(0));
    assert_eq!(pty.left_behind(), NOTHING);
    let shown = String::from_utf8_lossy(&pty.raw()).into_owned();
    assert!(!shown.contains(PASSWORD), "the password never reaches the terminal");
}
