//! Other clients of the service: boto3 to fill pools and to see what really is in them, the AWS CLI to run a command
//! exactly as a person would paste it. What the program under test believes it did is checked with these, never with
//! the program's own SDK.

use std::collections::BTreeMap;
use std::io::Write;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

use super::install::{last_lines, sources};
use super::{Folder, Peers, Server};

/// A pool that was filled.
#[derive(Clone, Debug, PartialEq)]
pub struct Seeded {
    pub pool_id: String,
    /// The service's own usernames in the order of the document.
    pub usernames: Vec<String>,
}

/// A user as another client sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct UserSeen {
    pub username: String,
    pub enabled: bool,
    pub status: String,
    pub attributes: BTreeMap<String, String>,
}

impl Peers {
    /// Runs a Python snippet with boto3 and gives back the JSON it prints. `from client import cognito` and
    /// `cognito(endpoint)` make a client; the arguments are in `sys.argv[1:]`. The error is the end of the traceback,
    /// in which boto3 names the service's error code.
    pub fn boto3(&self, snippet: &str, arguments: &[&str]) -> Result<Value, String> {
        let mut command = self.installed.python();
        command.arg("-c").arg(snippet).args(arguments);
        printed_json(command, "")
    }

    /// Makes a pool with groups and users on a peer; `tests/peers/seed.py` describes the document.
    pub fn seed(&self, server: &Server, document: &Value) -> Result<Seeded, String> {
        let command = self.script("seed.py", &[&server.url, server.kind.name()]);
        let seeded = printed_json(command, &document.to_string())?;
        Ok(Seeded {
            pool_id: text(&seeded, "pool_id")?,
            usernames: seeded
                .get("usernames")
                .and_then(Value::as_array)
                .ok_or("seed.py printed no usernames")?
                .iter()
                .filter_map(|each| Some(each.as_str()?.to_owned()))
                .collect(),
        })
    }

    /// Reads one user with AdminGetUser, from a peer or from any other endpoint.
    pub fn read_user(&self, endpoint: &str, pool_id: &str, username: &str) -> Result<UserSeen, String> {
        let seen = printed_json(self.script("read.py", &[endpoint, pool_id, username]), "")?;
        Ok(UserSeen {
            username: text(&seen, "username")?,
            enabled: seen
                .get("enabled")
                .and_then(Value::as_bool)
                .ok_or("read.py printed no enabled")?,
            status: text(&seen, "status")?,
            attributes: seen
                .get("attributes")
                .and_then(Value::as_object)
                .ok_or("read.py printed no attributes")?
                .iter()
                .filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())))
                .collect(),
        })
    }

    /// Runs a shell command line, such as one copied from the program, in which `aws` is the AWS CLI of the set-up,
    /// with invented credentials and this endpoint for Cognito.
    pub fn shell(&self, command_line: &str, endpoint: &str) -> Result<Output, String> {
        let home = Folder::new("shell").map_err(|error| error.to_string())?;
        let mut path = self.installed.python_commands().into_os_string();
        path.push(":");
        path.push(std::env::var_os("PATH").unwrap_or_default());
        Command::new("sh")
            .arg("-c")
            .arg(command_line)
            .env_clear()
            .env("PATH", path)
            .env("HOME", home.path())
            .env("LANG", "C.UTF-8")
            .env("AWS_ACCESS_KEY_ID", "test")
            .env("AWS_SECRET_ACCESS_KEY", "test")
            .env("AWS_REGION", "us-east-1")
            .env("AWS_DEFAULT_REGION", "us-east-1")
            .env("AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER", endpoint)
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .env("AWS_PAGER", "")
            .env("AWS_MAX_ATTEMPTS", "1")
            .stdin(Stdio::null())
            .output()
            .map_err(|error| error.to_string())
    }

    /// What the AWS CLI makes of arguments, run in this folder; `tests/peers/shorthand.py` describes both documents.
    pub fn read_by_aws_cli(&self, document: &Value, folder: &Folder) -> Result<Value, String> {
        let mut command = self.script("shorthand.py", &[]);
        command.current_dir(folder.path());
        printed_json(command, &document.to_string())
    }

    /// The error codes that the pinned API model lists for each operation.
    pub fn error_shapes(&self) -> Result<BTreeMap<String, Vec<String>>, String> {
        serde_json::from_value(printed_json(self.script("error_shapes.py", &[]), "")?)
            .map_err(|error| error.to_string())
    }

    /// A script of `tests/peers`, about to be run.
    pub fn script(&self, name: &str, arguments: &[&str]) -> Command {
        let mut command = self.installed.python();
        command.arg(sources().join(name)).args(arguments);
        command
    }
}

fn text(value: &Value, key: &str) -> Result<String, String> {
    value
        .get(key)
        .and_then(Value::as_str)
        .map(str::to_owned)
        .ok_or_else(|| format!("the script printed no {key}"))
}

/// Runs a command that reads `input` and prints one JSON document.
fn printed_json(mut command: Command, input: &str) -> Result<Value, String> {
    let home = Folder::new("boto3").map_err(|error| error.to_string())?;
    let mut child = command
        .env("HOME", home.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| error.to_string())?;
    // The scripts read all of their input before they print, so writing first cannot block; one that fails without
    // reading closes the pipe, and its own output is the better reason.
    if let Some(mut stdin) = child.stdin.take() {
        let _ = stdin.write_all(input.as_bytes());
    }
    let output = child.wait_with_output().map_err(|error| error.to_string())?;
    if !output.status.success() {
        return Err(last_lines(&String::from_utf8_lossy(&output.stderr), 12));
    }
    serde_json::from_slice(&output.stdout).map_err(|error| format!("not one JSON document on the output: {error}"))
}

mod tests {
    use serde_json::json;

    use super::*;
    use crate::peers::{self, SEEDED_POOL};

    fn document() -> Value {
        json!({
            "pool": {"PoolName": "seeded by a test", "AutoVerifiedAttributes": ["email"]},
            "custom": [
                {"Name": "tier", "AttributeDataType": "String", "Mutable": true},
                {"Name": "seats", "AttributeDataType": "Number", "Mutable": true,
                 "NumberAttributeConstraints": {"MinValue": "1", "MaxValue": "500"}},
            ],
            "groups": ["support"],
            "users": [
                {"username": "ann", "attributes": {"email": "ann@example.com", "email_verified": "true",
                 "custom:tier": "gold"}, "groups": ["support"]},
                {"username": "zoë", "attributes": {"email": "zoe@example.com"}, "confirmed": false, "enabled": false},
            ],
        })
    }

    fn seeding_works(peers: &Peers, server: &Server) {
        let seeded = peers.seed(server, &document()).unwrap();
        assert_eq!(seeded.usernames, ["ann", "zoë"]);

        let ann = peers.read_user(&server.url, &seeded.pool_id, "ann").unwrap();
        assert_eq!((ann.username.as_str(), ann.enabled), ("ann", true));
        assert_eq!(ann.status, "CONFIRMED");
        assert_eq!(ann.attributes["email"], "ann@example.com");
        assert_eq!(ann.attributes["custom:tier"], "gold");
        let zoe = peers.read_user(&server.url, &seeded.pool_id, "zoë").unwrap();
        assert_eq!((zoe.enabled, zoe.status.as_str()), (false, "FORCE_CHANGE_PASSWORD"));

        let described = peers
            .boto3(
                "import json, sys\n\
                 from client import cognito\n\
                 idp, pool = cognito(sys.argv[1]), sys.argv[2]\n\
                 schema = idp.describe_user_pool(UserPoolId=pool)['UserPool']['SchemaAttributes']\n\
                 groups = idp.admin_list_groups_for_user(UserPoolId=pool, Username='ann')['Groups']\n\
                 pools = idp.list_user_pools(MaxResults=60)['UserPools']\n\
                 print(json.dumps({'schema': [each['Name'] for each in schema],\n\
                                   'groups': [each['GroupName'] for each in groups],\n\
                                   'listed': pool in [each['Id'] for each in pools]}))",
                &[&server.url, &seeded.pool_id],
            )
            .unwrap();
        assert_eq!(described["groups"], json!(["support"]));
        assert_eq!(described["listed"], json!(true));
        let schema: Vec<&str> = described["schema"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(Value::as_str)
            .collect();
        for name in [
            "sub",
            "name",
            "email",
            "phone_number_verified",
            "custom:tier",
            "custom:seats",
        ] {
            assert!(schema.contains(&name), "{name} is not in {schema:?}");
        }
    }

    #[test]
    fn moto_answers_after_seeding() {
        let Some(peers) = peers::for_suite("seeding the peers") else {
            return;
        };
        seeding_works(peers, peers.moto());
        let refused = peers
            .seed(peers.moto(), &json!({"pool": {"PoolName": "x", "Schema": []}}))
            .unwrap_err();
        assert!(refused.contains("must not be created with a Schema"), "{refused}");
    }

    #[test]
    fn ministack_answers_after_seeding() {
        let Some(peers) = peers::for_suite("seeding the peers") else {
            return;
        };
        seeding_works(peers, peers.ministack());
    }

    #[test]
    fn cognito_local_answers_after_seeding() {
        let Some(peers) = peers::for_suite("seeding the peers") else {
            return;
        };
        let server = peers.cognito_local();
        seeding_works(peers, server);

        let by_email = json!({
            "pool": {"PoolName": "by e-mail", "UsernameAttributes": ["email"]},
            "users": [{"username": "bo@example.com", "groups": []}],
        });
        let seeded = peers.seed(server, &by_email).unwrap();
        assert_ne!(seeded.usernames, ["bo@example.com"]);
        let bo = peers
            .read_user(&server.url, &seeded.pool_id, &seeded.usernames[0])
            .unwrap();
        assert_eq!(bo.attributes["email"], "bo@example.com");
    }

    #[test]
    fn cognito_local_notes_the_messages_it_sends() {
        let Some(peers) = peers::for_suite("seeding the peers") else {
            return;
        };
        let server = peers.cognito_local();
        let seeded = peers.seed(server, &document()).unwrap();
        peers
            .boto3(
                "import json, sys\n\
                 from client import cognito\n\
                 cognito(sys.argv[1]).admin_update_user_attributes(UserPoolId=sys.argv[2], Username='ann',\n\
                     UserAttributes=[{'Name': 'email', 'Value': 'ann.new@example.com'}])\n\
                 print(json.dumps(True))",
                &[&server.url, &seeded.pool_id],
            )
            .unwrap();
        assert!(
            server.log().contains(peers::CODE),
            "no code in the log:\n{}",
            server.log()
        );
    }

    #[test]
    fn a_moto_can_begin_with_thousands_of_users() {
        let Some(peers) = peers::for_suite("seeding the peers") else {
            return;
        };
        let server = peers.moto_with_users(2_000);
        let last = peers.read_user(&server.url, SEEDED_POOL, "user001999").unwrap();
        assert_eq!(last.status, "CONFIRMED");
        assert_eq!(last.attributes["email"], "user001999@example.com");
    }

    #[test]
    fn an_error_of_the_service_is_named() {
        let Some(peers) = peers::for_suite("seeding the peers") else {
            return;
        };
        let seeded = peers.seed(peers.moto(), &document()).unwrap();
        let refused = peers
            .read_user(&peers.moto().url, &seeded.pool_id, "nobody")
            .unwrap_err();
        assert!(refused.contains("UserNotFoundException"), "{refused}");
    }

    #[test]
    fn a_pasted_aws_command_reaches_the_peer() {
        let Some(peers) = peers::for_suite("the AWS CLI") else {
            return;
        };
        let server = peers.moto();
        let seeded = peers.seed(server, &document()).unwrap();
        let command_line = format!(
            "aws cognito-idp admin-update-user-attributes --cli-input-json '{}'",
            json!({"UserPoolId": seeded.pool_id, "Username": "ann",
                   "UserAttributes": [{"Name": "name", "Value": "Doe, \"J\" Jane"}]})
        );
        let output = peers.shell(&command_line, &server.url).unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let ann = peers.read_user(&server.url, &seeded.pool_id, "ann").unwrap();
        assert_eq!(ann.attributes["name"], "Doe, \"J\" Jane");
    }

    #[test]
    fn the_api_model_lists_the_errors() {
        let Some(peers) = peers::for_suite("the API model") else {
            return;
        };
        let shapes = peers.error_shapes().unwrap();
        assert!(shapes["AdminUpdateUserAttributes"].contains(&"AliasExistsException".to_owned()));
        assert!(shapes["ListUsers"].contains(&"TooManyRequestsException".to_owned()));
        assert!(shapes.len() > 90, "{} operations", shapes.len());
    }
}
