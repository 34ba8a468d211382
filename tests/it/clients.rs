//! Other people's clients against our emulator: the binary is started as a person would start it, and boto3 and the AWS
//! CLI are pointed at it. Whoever reads the service's documents as we do would not notice a mistake in them; botocore
//! was made from the service's own model.
#![cfg(test)]

use std::io::{BufRead, BufReader, Read};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

use cognitui::domain::command::aws_command;
use cognitui::domain::{ClientMetadata, Operation, Place};
use cognitui::job::{Job, Reply};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};

use crate::contract::program::{Program, change_with};
use crate::contract::service::place;
use crate::peers::{self, Folder, Peers};

mod own;

/// How long the program waits for the emulator.
const READ_TIMEOUT: Duration = Duration::from_secs(30);

/// What the binary says when it is up.
const ANNOUNCEMENT: &str = "listening on http://";

/// `cognitui emulator` as a process. It is ended when this is dropped.
struct Process {
    child: Child,
    url: String,
    _home: Folder,
}

fn command(home: &Folder, listen: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cognitui"));
    command
        .args(["emulator", "--listen", listen])
        .env_clear()
        .env("HOME", home.path())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

impl Process {
    fn start() -> Self {
        let home = Folder::new("emulator").unwrap();
        let mut child = command(&home, "127.0.0.1:0").spawn().unwrap();
        let mut line = String::new();
        // Ends with the process at the latest, and then the line is not the one.
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let url = match line.trim_end().strip_prefix("listening on ") {
            Some(url) => url.to_owned(),
            None => panic!("the emulator said {line:?}"),
        };
        Self {
            child,
            url,
            _home: home,
        }
    }

    fn address(&self) -> SocketAddr {
        self.url.strip_prefix("http://").unwrap().parse().unwrap()
    }

    /// Sends a signal and waits for the end.
    fn end_with(&mut self, signal: Signal) -> ExitStatus {
        let pid = Pid::from_raw(i32::try_from(self.child.id()).unwrap()).unwrap();
        kill_process(pid, signal).unwrap();
        self.child.wait().unwrap()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Neither can fail for a child that was not waited for, and one that was is gone.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn the_address_is_on_this_machine_and_a_signal_ends_it_well() {
    for signal in [Signal::TERM, Signal::INT] {
        let mut process = Process::start();
        let address = process.address();
        assert!(address.ip().is_loopback() && address.port() != 0, "{address}");
        // A client that stays connected does not keep it alive, and the signal may come as soon as it has announced itself.
        let idle = TcpStream::connect(address).unwrap();
        let status = process.end_with(signal);
        assert_eq!(status.code(), Some(0), "{signal:?}: {status}");
        assert!(TcpStream::connect(address).is_err(), "something still listens");
        drop(idle);
        let mut rest = String::new();
        process.child.stderr.take().unwrap().read_to_string(&mut rest).unwrap();
        assert_eq!(rest, "", "{signal:?}");
    }
}

#[test]
fn the_program_itself_finds_the_demo_behind_it() {
    let process = Process::start();
    let program = Program::on_the_network(READ_TIMEOUT);
    let target = place(&process.url, "").target;
    match program.ask(Job::ListPools { target, token: None }) {
        Reply::Pools(Ok(answered)) => {
            let ids: Vec<&str> = answered.value.items.iter().map(|pool| pool.id.as_str()).collect();
            assert!(ids.contains(&"us-east-1_aB3dE5fGh"), "{ids:?}");
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_address_of_another_machine_is_refused() {
    for listen in ["0.0.0.0:0", "[::]:0", "192.0.2.1:9229", "9229", "localhost"] {
        let home = Folder::new("emulator").unwrap();
        let refused = command(&home, listen).output().unwrap();
        assert_eq!(refused.status.code(), Some(2), "{listen}: {}", refused.status);
        assert!(refused.stdout.is_empty(), "{listen}: it announced something");
        let said = String::from_utf8(refused.stderr).unwrap();
        assert!(
            said.contains(listen) && said.contains("127.0.0.1:9229"),
            "{listen}: {said}"
        );
    }
}

#[test]
fn an_address_that_is_taken_is_told() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let home = Folder::new("emulator").unwrap();
    let refused = command(&home, &address).output().unwrap();
    assert_eq!(refused.status.code(), Some(1), "{}", refused.status);
    let said = String::from_utf8(refused.stderr).unwrap();
    assert!(said.contains(&format!("cannot listen on {address}")), "{said}");
    assert_eq!(said.trim_end().lines().count(), 1, "{said}");
    assert!(!String::from_utf8_lossy(&refused.stdout).contains(ANNOUNCEMENT));
}

/// Makes a pool of 130 people and does with it what an administrator's script does.
const DRIVE: &str = r#"
import datetime, json, sys
from botocore.exceptions import ClientError
from client import cognito

idp = cognito(sys.argv[1])
pool = idp.create_user_pool(PoolName="clients", AutoVerifiedAttributes=["email"])["UserPool"]["Id"]
idp.add_custom_attributes(UserPoolId=pool, CustomAttributes=[
    {"Name": "tier", "AttributeDataType": "String", "Mutable": True},
    {"Name": "seats", "AttributeDataType": "Number", "Mutable": True,
     "NumberAttributeConstraints": {"MinValue": "1", "MaxValue": "500"}},
    {"Name": "employee", "AttributeDataType": "String", "Mutable": False},
])
for number in range(130):
    name = f"user{number:03d}"
    idp.admin_create_user(UserPoolId=pool, Username=name, MessageAction="SUPPRESS", UserAttributes=[
        {"Name": "email", "Value": f"{name}@example.com"}, {"Name": "email_verified", "Value": "true"},
        {"Name": "given_name", "Value": "Robin \"R\""}, {"Name": "custom:employee", "Value": "E-1"}])

def attributes(name):
    user = idp.admin_get_user(UserPoolId=pool, Username=name)
    return {each["Name"]: each["Value"] for each in user["UserAttributes"] if each["Name"] != "sub"}

def update(name, **values):
    idp.admin_update_user_attributes(UserPoolId=pool, Username=name, UserAttributes=[
        {"Name": name.replace("__", ":"), "Value": value} for name, value in values.items()])

def pages(**more):
    return [[user["Username"] for user in page["Users"]]
            for page in idp.get_paginator("list_users").paginate(UserPoolId=pool, **more)]

def listed(filter):
    return sorted(user["Username"] for user in idp.list_users(UserPoolId=pool, Filter=filter)["Users"])

def refused(operation, **parameters):
    try:
        getattr(idp, operation)(**{"UserPoolId": pool, **parameters})
        return "not refused"
    except ClientError as error:
        answer = error.response
        assert answer["ResponseMetadata"]["RequestId"], "no request id"
        return [answer["ResponseMetadata"]["HTTPStatusCode"], answer["Error"]["Code"], answer["Error"]["Message"]]

def refused_update(name, value):
    return refused("admin_update_user_attributes", Username="user001", UserAttributes=[{"Name": name, "Value": value}])

seen = {}
whole, small = pages(), pages(PaginationConfig={"PageSize": 50})
seen["pages"] = [len(page) for page in whole]
seen["small pages"] = [len(page) for page in small]
seen["distinct"] = [len({name for page in each for name in page}) for each in (whole, small)]
seen["exact"] = listed('email = "USER007@example.com"')
seen["prefix"] = listed('username ^= "user12"')
seen["no blanks"] = len(listed('given_name^="Robin \\"R\\""'))
seen["import header"] = idp.get_csv_header(UserPoolId=pool)["CSVHeader"]
seen["nobody"] = listed('email = "nobody@example.com"')

user = idp.admin_get_user(UserPoolId=pool, Username="user001")
seen["user"] = [user["Username"], user["Enabled"], user["UserStatus"],
                isinstance(user["UserCreateDate"], datetime.datetime)]
update("user001", nickname="Bobby", custom__tier="gold")
seen["set"] = attributes("user001")
update("user001", nickname="", given_name="")
seen["deleted"] = attributes("user001")
update("user001", email="new@example.com")
seen["unverified"] = attributes("user001")["email_verified"]

token = idp.list_users(UserPoolId=pool, Limit=5)["PaginationToken"]
seen["refused"] = {
    "unknown user": refused("admin_get_user", Username="nobody"),
    "unknown pool": refused("admin_get_user", UserPoolId="us-east-1_NotThere1", Username="user001"),
    "update of nobody": refused("admin_update_user_attributes", Username="nobody",
                                UserAttributes=[{"Name": "nickname", "Value": "x"}]),
    "unknown attribute": refused_update("custom:nothing", "x"),
    "immutable attribute": refused_update("custom:employee", "E-2"),
    "sub": refused_update("sub", "x"),
    "phone": refused_update("phone_number", "555 0100"),
    "e-mail": refused_update("email", "not an address"),
    "absent value": refused("admin_update_user_attributes", Username="user001", UserAttributes=[{"Name": "nickname"}]),
    "limit": refused("list_users", Limit=61),
    "filter": refused("list_users", Filter='email > "a"'),
    "filter by a custom attribute": refused("list_users", Filter='custom:tier = "gold"'),
    "token": refused("list_users", PaginationToken=token, Filter='email ^= "user"'),
    "operation": refused("get_ui_customization")[1],
}
seen["number"] = refused_update("custom:seats", "501")[:2]
seen["left"] = attributes("user001").get("custom:seats")
print(json.dumps(seen))
"#;

#[test]
fn boto3_works_with_it() {
    let Some(peers) = peers::for_suite("boto3 against the emulator") else {
        return;
    };
    let process = Process::start();
    let seen = peers.boto3(DRIVE, &[&process.url]).unwrap();

    assert_eq!(seen["pages"], json!([60, 60, 10]));
    assert_eq!(seen["small pages"], json!([50, 50, 30]));
    assert_eq!(seen["distinct"], json!([130, 130]));
    assert_eq!(seen["exact"], json!(["user007"]));
    let twelve: Vec<String> = (120..130).map(|number| format!("user{number}")).collect();
    assert_eq!(seen["prefix"], json!(twelve));
    assert_eq!(seen["no blanks"], json!(60));
    assert_eq!(seen["nobody"], json!([]));
    let header = seen["import header"].as_array().unwrap();
    assert_eq!(header.len(), 19 + 3 + 2);
    assert!(!header.contains(&json!("sub")), "{header:?}");
    let last = [
        "custom:tier",
        "custom:seats",
        "custom:employee",
        "cognito:mfa_enabled",
        "cognito:username",
    ];
    assert_eq!(header[19..], last.map(|name| json!(name)));
    assert_eq!(seen["user"], json!(["user001", true, "FORCE_CHANGE_PASSWORD", true]));
    assert_eq!(
        seen["set"],
        json!({"email": "user001@example.com", "email_verified": "true", "given_name": "Robin \"R\"",
               "custom:employee": "E-1", "nickname": "Bobby", "custom:tier": "gold"})
    );
    assert_eq!(
        seen["deleted"],
        json!({"email": "user001@example.com", "email_verified": "true", "custom:employee": "E-1",
               "custom:tier": "gold"})
    );
    assert_eq!(seen["unverified"], json!("false"));

    let parameter = |words: &str| json!([400, "InvalidParameterException", words]);
    let no_user = json!([400, "UserNotFoundException", "User does not exist."]);
    let refused = &seen["refused"];
    for (what, expected) in [
        ("unknown user", no_user.clone()),
        ("update of nobody", no_user),
        (
            "unknown pool",
            json!([
                400,
                "ResourceNotFoundException",
                "User pool us-east-1_NotThere1 does not exist."
            ]),
        ),
        (
            "unknown attribute",
            parameter("user.custom:nothing: Attribute does not exist in the schema."),
        ),
        (
            "immutable attribute",
            parameter("user.custom:employee: Attribute cannot be updated."),
        ),
        ("sub", parameter("user.sub: Attribute cannot be updated.")),
        ("phone", parameter("Invalid phone number format.")),
        ("e-mail", parameter("Invalid email address format.")),
        (
            "absent value",
            parameter("Attribute value for nickname must not be null"),
        ),
        (
            "limit",
            parameter(
                "1 validation error detected: Value '61' at 'limit' failed to satisfy constraint: Member must have \
                 value less than or equal to 60",
            ),
        ),
        ("filter", parameter("Error while parsing filter")),
        (
            "filter by a custom attribute",
            parameter("Invalid search attribute: custom:tier"),
        ),
        ("token", parameter("Paging Marker is Invalid for Request")),
        ("operation", json!("UnknownOperationException")),
    ] {
        assert_eq!(refused[what], expected, "{what}");
    }
    assert_eq!(seen["number"], json!([400, "InvalidParameterException"]));
    assert_eq!(seen["left"], Value::Null);
}

/// Runs a command line in a shell; what it printed, if it went well.
fn shell(peers: &Peers, process: &Process, command_line: &str) -> Result<String, String> {
    let output = peers.shell(command_line, &process.url).unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    match output.status.code() {
        Some(0) => Ok(String::from_utf8(output.stdout).unwrap()),
        code => Err(format!("{code:?}: {}", said.trim())),
    }
}

/// A name that the service allows and every layer of a command line might take for something else.
const USERNAME: &str = "--o'neil,\"x\"=file://$HOME/`id`\\n[{}]*;&|>👩é";

/// Attributes and values that every layer might take for something else.
const VALUES: [(&str, &str); 9] = [
    ("name", "Doe, Jane \"JJ\" O'Neil"),
    ("nickname", "file:///etc/hostname"),
    ("given_name", "--cli-input-json"),
    ("family_name", "line one\nline two\r\n\ttab and \\n no newline"),
    ("profile", "https://example.com/?a=1&b=$(id)`id`;'\\''\""),
    ("gender", "=a=b,Name=sub,Value=x"),
    ("address", "{\"formatted\":\"1 Main St\\nSpringfield\",\"x\":[null]}"),
    (
        "custom:note",
        "\u{1b}]0;title\u{7}\u{202e}rtl\u{202c}\u{200b}e\u{301} 👩‍👧 ﷽ \u{7f}",
    ),
    ("custom:blank", "  true  "),
];

#[test]
fn the_aws_cli_works_with_it_and_runs_the_copied_command() {
    let Some(peers) = peers::for_suite("the AWS CLI against the emulator") else {
        return;
    };
    let process = Process::start();
    let seeded = peers
        .boto3(
            "import json, sys\n\
             from client import cognito\n\
             idp = cognito(sys.argv[1])\n\
             pool = idp.create_user_pool(PoolName='cli')['UserPool']['Id']\n\
             idp.add_custom_attributes(UserPoolId=pool, CustomAttributes=[\n\
             \x20   {'Name': name, 'AttributeDataType': 'String', 'Mutable': True} for name in ('note', 'blank', 'old')])\n\
             idp.admin_create_user(UserPoolId=pool, Username=sys.argv[2], MessageAction='SUPPRESS', UserAttributes=[\n\
             \x20   {'Name': 'email', 'Value': 'ann@example.com'}, {'Name': 'custom:old', 'Value': 'to be deleted'}])\n\
             print(json.dumps(pool))",
            &[&process.url, USERNAME],
        )
        .unwrap();
    let pool = seeded.as_str().unwrap();

    let listed = shell(
        peers,
        &process,
        &format!("aws cognito-idp list-users --user-pool-id {pool} --filter 'email ^= \"ann\"' --output json"),
    )
    .unwrap();
    let listed: Value = serde_json::from_str(&listed).unwrap();
    assert_eq!(listed["Users"][0]["Username"], json!(USERNAME));
    let header = shell(
        peers,
        &process,
        &format!("aws cognito-idp get-csv-header --user-pool-id {pool} --output json"),
    )
    .unwrap();
    let header: Value = serde_json::from_str(&header).unwrap();
    assert_eq!(header["UserPoolId"], json!(pool));
    assert!(
        header["CSVHeader"]
            .as_array()
            .unwrap()
            .contains(&json!("cognito:username"))
    );
    let nobody = shell(
        peers,
        &process,
        &format!("aws cognito-idp admin-get-user --user-pool-id {pool} --username nobody"),
    );
    assert_eq!(
        nobody.unwrap_err(),
        "Some(255): An error occurred (UserNotFoundException) when calling the AdminGetUser operation: User does not \
         exist."
    );

    // The command that `y` copies, for a user and values made to break it, through a real shell.
    let place: Place = place(&process.url, pool);
    let base = Program::on_the_network(READ_TIMEOUT).user(&place, USERNAME).unwrap();
    let mut edits: Vec<(&str, Option<&str>)> = VALUES.iter().map(|(name, value)| (*name, Some(*value))).collect();
    edits.push(("custom:old", None));
    let metadata = ClientMetadata([("why".to_owned(), "it's \"urgent\", file://x\n".to_owned())].into());
    let command_line = aws_command(&place, &Operation::update(change_with(&base, &edits, metadata)));
    let command_line = command_line.as_str();
    assert!(command_line.contains("--cli-input-json"), "{command_line}");
    assert!(
        command_line.bytes().all(|byte| (0x20..0x7f).contains(&byte)),
        "not one line of ASCII: {command_line}"
    );
    assert_eq!(shell(peers, &process, command_line).unwrap(), "");

    let seen = peers.read_user(&process.url, pool, USERNAME).unwrap();
    for (name, value) in VALUES {
        assert_eq!(seen.attributes.get(name).map(String::as_str), Some(value), "{name}");
    }
    assert_eq!(seen.attributes.get("custom:old"), None);
    assert_eq!(seen.attributes["email"], "ann@example.com");
    assert_eq!(seen.attributes.len(), VALUES.len() + 2, "{:?}", seen.attributes.keys());
}
