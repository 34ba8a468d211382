//! The same arguments given to the AWS CLI, and the same command on servers of others, read by somebody else's client.

use serde_json::{Value, json};

use super::super::places::proxy;
use super::{CUSTOMERS, SHOP, Script, Service, token};
use crate::peers;

#[test]
fn the_aws_cli_sends_the_same_and_prints_the_same_list() {
    let Some(peers) = peers::for_suite("update and the AWS CLI") else {
        return;
    };
    let arguments =
        "--user-attributes Name=email,Value=new@example.com 'Name=nickname,Value=\"J, D\"' --client-metadata a=b,c=d";
    let seen = |service: &Service| -> Value {
        let calls = service.emulator.calls();
        let call = calls
            .iter()
            .find(|call| call.operation == "UpdateUserAttributes")
            .expect("the call");
        let mut body = call.body.clone();
        body["AccessToken"].take();
        let list = body["UserAttributes"].as_array_mut().unwrap();
        list.sort_by_key(|attribute| attribute["Name"].as_str().unwrap().to_owned());
        body
    };
    let theirs = Service::start();
    let command = format!(
        "aws cognito-idp update-user-attributes --access-token {} {arguments}",
        token(&theirs, SHOP, "jane.doe")
    );
    let output = peers.shell(&command, &theirs.url).unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();

    let ours = Service::start();
    let script = Script::on(&ours.url, &[SHOP]);
    let ran = script
        .own(
            &token(&ours, SHOP, "jane.doe"),
            &[
                "--user-attributes",
                "Name=email,Value=new@example.com",
                "Name=nickname,Value=\"J, D\"",
                "--client-metadata",
                "a=b,c=d",
            ],
        )
        .ends(0);
    assert_eq!(seen(&ours), seen(&theirs));
    assert_eq!(ran.json()["CodeDeliveryDetailsList"], answer["CodeDeliveryDetailsList"]);
    assert_eq!(answer["CodeDeliveryDetailsList"].as_array().unwrap().len(), 1);
}

fn document() -> Value {
    json!({
        "pool": {
            "PoolName": "support desk",
            "AutoVerifiedAttributes": ["email"],
            "UserAttributeUpdateSettings": {"AttributesRequireVerificationBeforeUpdate": ["email"]},
        },
        "users": [
            {"username": "ann", "attributes": {"email": "ann@example.com", "email_verified": "true", "name": "Ann"}},
        ],
    })
}

#[test]
fn a_user_of_moto_is_changed_by_an_administrator_from_a_script() {
    let Some(peers) = peers::for_suite("update on moto and cognito-local") else {
        return;
    };
    let server = peers.moto();
    let pool = peers.seed(server, &document()).unwrap().pool_id;
    let script = Script::on(&server.url, &[&pool]);
    let arguments = ["--user-pool-id", &pool, "--username", "ann", "--user-attributes"];
    let change = [
        "Name=email,Value=ann.new@example.com",
        "Name=name,Value=Ann Other",
        "--verified",
        "email",
    ];
    let ran = script.run(&[arguments.as_slice(), &change].concat(), "").ends(0);
    assert_eq!(ran.ours()["outcome"], "applied");
    let ann = peers.read_user(&server.url, &pool, "ann").unwrap();
    assert_eq!(ann.attributes["email"], "ann.new@example.com");
    assert_eq!(ann.attributes["email_verified"], "true");
    assert_eq!(ann.attributes["name"], "Ann Other");
}

/// Signs in with boto3 and prints the access token.
const SIGN_IN: &str = "
import json, sys
from client import cognito
idp = cognito(sys.argv[1])
client = idp.create_user_pool_client(UserPoolId=sys.argv[2], ClientName='script', ExplicitAuthFlows=['ALLOW_USER_PASSWORD_AUTH'])
answer = idp.initiate_auth(ClientId=client['UserPoolClient']['ClientId'], AuthFlow='USER_PASSWORD_AUTH',
    AuthParameters={'USERNAME': 'ann', 'PASSWORD': 'Invented-Passw0rd!'})
print(json.dumps(answer['AuthenticationResult']['AccessToken']))
";

#[test]
fn a_user_of_cognito_local_changes_the_own_address_from_a_script() {
    let Some(peers) = peers::for_suite("update on moto and cognito-local") else {
        return;
    };
    let server = peers.cognito_local();
    let pool = peers.seed(server, &document()).unwrap().pool_id;
    let token = peers.boto3(SIGN_IN, &[&server.url, &pool]).unwrap();
    let token = token.as_str().unwrap();
    let script = Script::on(&server.url, &[&pool]);
    let change = ["--user-attributes", "Name=email,Value=ann.new@example.com"];
    let ran = script.own(token, &change).ends(0).says(&["reported: EMAIL to "]);
    assert_eq!(ran.ours()["outcome"], "waiting", "{}", ran.err);
    let list = ran.json()["CodeDeliveryDetailsList"].clone();
    assert_eq!(list[0]["DeliveryMedium"], "EMAIL");
    assert_eq!(list[0]["AttributeName"], "email");
    let ann = peers.read_user(&server.url, &pool, "ann").unwrap();
    assert_eq!(ann.attributes["email"], "ann@example.com", "until the code is entered");
}

#[test]
fn a_token_needs_no_credentials_and_everything_else_says_that_it_does() {
    // What is not signed gets as far as the proxy.
    let (address, noted) = proxy();
    let service = Service::start();
    let mut script = Script::on("", &[CUSTOMERS]);
    script.environment.push(("HTTPS_PROXY", format!("http://{address}")));
    let change = ["--user-attributes", "Name=name,Value=Other"];
    script.admin("jane.doe", &change).ends(2).says(&["credentials"]);
    assert_eq!(noted.try_iter().count(), 0, "without credentials nothing signed leaves");
    script
        .own(&token(&service, CUSTOMERS, "jane.doe"), &change)
        .ends(1)
        .says(&["nothing was sent"]);
    let asked: Vec<String> = noted.try_iter().collect();
    assert!(!asked.is_empty());
    for line in asked {
        assert!(
            line.starts_with("CONNECT cognito-idp.us-east-1.amazonaws.com:443 "),
            "{line}"
        );
    }
}
