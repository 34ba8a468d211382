//! The user's own calls by three clients: this program, boto3 and the AWS CLI. Each does the same with an emulator of
//! its own, in which the same is there at the same time; so the requests must be equal to the last member, the tokens
//! and the codes included, and the answers too.

use cognitui::domain::sign_in::{Flow, Password};
use cognitui::domain::{
    AttributeValue, ClientId, ClientMetadata, CodeDelivery, Contact, Operation, Raw, Secret, User as Read,
};
use cognitui::emulator::{Attribute, Client, Emulator, Kind, PoolSeed, Seed, User};
use cognitui::job::{Job, Reply, SignedIn};
use serde_json::{Map, Value, json};

use super::READ_TIMEOUT;
use crate::contract::program::{Clock, Program, became, own_change, own_change_with};
use crate::contract::service::{Listening, PASSWORD, call, place};
use crate::peers;

const POOL: &str = "us-east-1_Own000001";
const CLIENT: &str = "1h57kf5cpq17m0eml12EXAMPLE";
const SECRET: &str = "1nvented0secret0of0an0app0client";
const BACKEND: &str = "2h57kf5cpq17m0eml12EXAMPLE";
const USER: &str = "zoë, \"o'neil\"";

/// Values that every layer might take for something else. The first waits for its code, the last is deleted.
const VALUES: [(&str, &str); 5] = [
    (
        "custom:note",
        "line one\nline two\r\n\ttab, \"quoted\" 👩‍👧 \u{202e}rtl\u{202c} ﷽",
    ),
    ("email", "new+tag@example.org"),
    ("name", "Doe, Jane \"JJ\" O'Neil"),
    ("nickname", "file:///etc/hostname"),
    ("profile", ""),
];

const METADATA: [(&str, &str); 2] = [("empty", ""), ("ticket", "it's \"urgent\", file://x\n")];

/// The calls that are compared. What else the program asks is its own affair.
const COMPARED: [&str; 5] = [
    "DeleteUserAttributes",
    "GetUserAttributeVerificationCode",
    "InitiateAuth",
    "UpdateUserAttributes",
    "VerifyUserAttribute",
];

/// An emulator behind a socket, at a time that stands still.
struct Scene {
    emulator: Emulator,
    listening: Listening,
}

impl Scene {
    fn new() -> Self {
        let user = User::new(USER)
            .verified_email("ann@example.com")
            .with("sub", "11111111-2222-4333-8444-555555555555")
            .with("family_name", "Example")
            .with("given_name", "Robin")
            .with("profile", "https://example.com")
            .password(PASSWORD);
        let pool = PoolSeed::new(POOL, "own")
            .verified_before_update(&["email"])
            .attribute(Attribute::custom("note", Kind::TEXT))
            .client(Client::new("web").id(CLIENT))
            .client(Client::new("backend").id(BACKEND).secret(SECRET))
            .user(user);
        let emulator = Emulator::new(Seed::empty().pool(pool), Clock::new().reader());
        let listening = Listening::start(&emulator);
        Self { emulator, listening }
    }

    /// The requests in their order, each as operation, members and outcome.
    fn requests(&self) -> Vec<(String, Value, String)> {
        let compared = |call: &cognitui::emulator::Call| COMPARED.contains(&call.operation.as_str());
        let calls = self.emulator.calls().into_iter().filter(compared);
        calls.map(|call| (call.operation, call.body, call.outcome)).collect()
    }

    /// The requests for GetUser: this program reads more often than the others.
    fn readings(&self) -> Vec<Value> {
        let calls = self.emulator.calls().into_iter();
        let readings = calls.filter(|call| call.operation == "GetUser");
        readings.map(|call| call.body).collect()
    }

    /// The code that the user got last.
    fn code(&self) -> String {
        self.emulator.outbox().last().unwrap().code.clone().unwrap()
    }

    /// What is there afterwards.
    fn left(&self) -> (User, Vec<(String, Option<String>)>) {
        let messages = self.emulator.outbox().into_iter();
        let messages = messages.map(|message| (message.destination, message.code)).collect();
        (self.emulator.user(POOL, USER).unwrap(), messages)
    }
}

fn metadata() -> ClientMetadata {
    ClientMetadata(METADATA.map(|(key, value)| (key.to_owned(), value.to_owned())).into())
}

/// A reported delivery in the API's own shape.
fn detail(delivery: &CodeDelivery) -> Value {
    let mut members = Map::new();
    for (name, raw) in [
        ("AttributeName", &delivery.attribute),
        ("DeliveryMedium", &delivery.medium),
        ("Destination", &delivery.destination),
    ] {
        members.extend(raw.as_ref().map(|raw| (name.to_owned(), json!(raw.as_str()))));
    }
    Value::Object(members)
}

fn attributes(user: &Read) -> Value {
    user.attributes
        .iter()
        .map(|(name, value)| json!({"Name": name.as_str(), "Value": value.as_str()}))
        .collect()
}

/// This program, from the password to the verified address; its answers in the order of the calls.
fn by_this_program(scene: &Scene) -> Value {
    let place = place(&scene.listening.url(), POOL);
    let program = Program::on_the_network(READ_TIMEOUT);
    let reply = program.ask(Job::DescribePool { place: place.clone() });
    assert!(matches!(reply, Reply::Pool(Ok(_))), "{reply:?}");
    let mut read = None;
    for client in [BACKEND, CLIENT] {
        let signed_in = program.sign_in(
            &place,
            Password {
                flow: Flow::UserPassword,
                client: ClientId::new(client),
                username: Raw::from(USER),
                password: Secret::new(PASSWORD),
                expected: None,
            },
        );
        match signed_in {
            Ok(SignedIn::As(acting)) => read = Some(acting.user),
            other => panic!("{other:?}"),
        }
    }
    let read = read.unwrap();
    program.open_own_writer(&place);
    program.open_writer(&place);
    let edits = VALUES.map(|(name, value)| (name, Some(value).filter(|value| !value.is_empty())));
    let updated = program.submit(&place, own_change_with(&read, &edits, metadata()));
    assert_eq!(became(&updated), "waiting");
    let user = || program.own_user(&place, USER).unwrap();
    let sent = program.carry_out(
        &place,
        Operation::SendCode {
            user: user(),
            contact: Contact::Email,
            metadata: metadata(),
        },
    );
    let verify = |code: &str| {
        let operation = Operation::VerifyCode {
            user: user(),
            contact: Contact::Email,
            pending: Some(AttributeValue::new(VALUES[1].1)),
            code: Secret::new(code),
        };
        became(&program.carry_out(&place, operation))
    };
    let wrong = verify("000000");
    assert_eq!(verify(&scene.code()), "applied");
    let deleted = own_change(&user(), &[("family_name", None), ("given_name", None)]);
    assert_eq!(became(&program.submit(&place, deleted)), "applied");
    json!({
        "read": {"Username": read.username.as_str(), "UserAttributes": attributes(&read)},
        "updated": updated.reported.iter().map(detail).collect::<Vec<_>>(),
        "sent": detail(&sent.reported[0]),
        "wrong": wrong.strip_prefix("refused: ").unwrap(),
        "left": attributes(&user()),
    })
}

/// The same by boto3, as its documentation does it. The code is asked for in between.
const BOTO3: &str = r#"
import base64, hashlib, hmac, json, sys
from botocore.exceptions import ClientError
from client import cognito

given = json.loads(sys.argv[2])
idp = cognito(sys.argv[1])
user, metadata = given["user"], given["metadata"]
plain = lambda answer: {name: value for name, value in answer.items() if name != "ResponseMetadata"}

if "token" not in given:
    digest = hmac.new(given["secret"].encode(), (user + given["backend"]).encode(), hashlib.sha256).digest()
    for client, more in ((given["backend"], {"SECRET_HASH": base64.b64encode(digest).decode()}), (given["client"], {})):
        answer = idp.initiate_auth(ClientId=client, AuthFlow="USER_PASSWORD_AUTH",
                                   AuthParameters={"USERNAME": user, "PASSWORD": given["password"], **more})
        token = answer["AuthenticationResult"]["AccessToken"]
    read = plain(idp.get_user(AccessToken=token))
    updated = idp.update_user_attributes(
        AccessToken=token, ClientMetadata=metadata,
        UserAttributes=[{"Name": name, "Value": value} for name, value in given["values"]])
    sent = idp.get_user_attribute_verification_code(AccessToken=token, AttributeName="email", ClientMetadata=metadata)
    try:
        idp.verify_user_attribute(AccessToken=token, AttributeName="email", Code="000000")
        wrong = "not refused"
    except ClientError as error:
        wrong = "{Code}: {Message}".format(**error.response["Error"])
    print(json.dumps({"token": token, "read": read, "updated": updated["CodeDeliveryDetailsList"],
                      "sent": sent["CodeDeliveryDetails"], "wrong": wrong}))
else:
    token = given["token"]
    verified = plain(idp.verify_user_attribute(AccessToken=token, AttributeName="email", Code=given["code"]))
    deleted = plain(idp.delete_user_attributes(AccessToken=token, UserAttributeNames=["family_name", "given_name"]))
    assert verified == deleted == {}, (verified, deleted)
    print(json.dumps(idp.get_user(AccessToken=token)["UserAttributes"]))
"#;

#[test]
fn boto3_sends_what_this_program_sends_and_is_told_the_same() {
    let Some(peers) = peers::for_suite("boto3 against the emulator") else {
        return;
    };
    let ours = Scene::new();
    let told = by_this_program(&ours);

    let theirs = Scene::new();
    let mut given = json!({
        "user": USER, "client": CLIENT, "backend": BACKEND, "secret": SECRET, "password": PASSWORD,
        "values": VALUES, "metadata": metadata().0,
    });
    let url = theirs.listening.url();
    let mut answers = peers.boto3(BOTO3, &[&url, &given.to_string()]).unwrap();
    given["token"] = answers["token"].take();
    given["code"] = json!(theirs.code());
    answers["left"] = peers.boto3(BOTO3, &[&url, &given.to_string()]).unwrap();
    answers.as_object_mut().unwrap().remove("token");
    assert_eq!(told, answers);

    let (sent, expected) = (ours.requests(), theirs.requests());
    let names: Vec<&str> = sent.iter().map(|(operation, ..)| operation.as_str()).collect();
    assert_eq!(
        names,
        [
            "InitiateAuth",
            "InitiateAuth",
            "UpdateUserAttributes",
            "GetUserAttributeVerificationCode",
            "VerifyUserAttribute",
            "VerifyUserAttribute",
            "DeleteUserAttributes"
        ]
    );
    for (sent, expected) in sent.iter().zip(&expected) {
        assert_eq!(sent, expected);
    }
    assert_eq!(sent.len(), expected.len());
    assert!(ours.readings().contains(&theirs.readings()[0]), "another GetUser");
    assert!(ours.left() == theirs.left(), "not the same is left");
}

#[test]
fn the_aws_cli_sends_the_update_that_this_program_sends() {
    let Some(peers) = peers::for_suite("the AWS CLI against the emulator") else {
        return;
    };
    let ours = Scene::new();
    let told = by_this_program(&ours);

    let theirs = Scene::new();
    let secret_hash = ours.requests()[0].1["AuthParameters"]["SECRET_HASH"].clone();
    let mut token = Value::Null;
    for (client, hash) in [(BACKEND, Some(secret_hash)), (CLIENT, None)] {
        let mut parameters = json!({"USERNAME": USER, "PASSWORD": PASSWORD});
        if let Some(hash) = hash {
            parameters["SECRET_HASH"] = hash;
        }
        let asked = json!({"ClientId": client, "AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": parameters});
        token = call(&theirs.emulator, "InitiateAuth", &asked).unwrap()["AuthenticationResult"]["AccessToken"].take();
    }
    let values: Vec<Value> = VALUES
        .iter()
        .map(|(name, value)| json!({"Name": name, "Value": value}))
        .collect();
    let quoted = |value: &Value| format!("'{}'", value.to_string().replace('\'', "'\\''"));
    // The token stands in the arguments for as long as the CLI runs. It is an emulator's.
    let line = format!(
        "aws cognito-idp update-user-attributes --output json --access-token {} --user-attributes {} \
         --client-metadata {}",
        token.as_str().unwrap(),
        quoted(&json!(values)),
        quoted(&json!(metadata().0)),
    );
    let output = peers.shell(&line, &theirs.listening.url()).unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let printed: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(printed, json!({"CodeDeliveryDetailsList": told["updated"]}));
    let update = |scene: &Scene| {
        let requests = scene.requests().into_iter();
        let mut updates = requests.filter(|(operation, ..)| operation == "UpdateUserAttributes");
        (updates.next().unwrap(), updates.next())
    };
    assert_eq!(update(&ours), update(&theirs));
}
