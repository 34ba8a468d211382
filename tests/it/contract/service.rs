//! The services, each with its own way to get a pool with people in it, and the same way to be asked: over a
//! socket.

use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, SocketAddr};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};
use std::sync::{Mutex, OnceLock, PoisonError};

use bytes::Bytes;
use cognitui::domain::{Place, PoolId, Target};
use cognitui::emulator::{Emulator, Seed, listen};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use super::program::{Clock, Reader, time_of_day};
use crate::peers::clients::UserSeen;
use crate::peers::{CODE, Folder, Peers, Server};

/// Who answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Service {
    Emulator,
    Moto,
    CognitoLocal,
    Ministack,
}

/// The password of everybody.
pub const PASSWORD: &str = "Invented-Passw0rd!";

/// Operations that say by a client or an access token which pool is meant.
const WITHOUT_POOL: &[&str] = &[
    "AssociateSoftwareToken",
    "ConfirmSignUp",
    "DeleteUserAttributes",
    "GetUser",
    "GetUserAttributeVerificationCode",
    "GlobalSignOut",
    "InitiateAuth",
    "ResendConfirmationCode",
    "RespondToAuthChallenge",
    "RevokeToken",
    "SetUserMFAPreference",
    "SignUp",
    "UpdateUserAttributes",
    "VerifySoftwareToken",
    "VerifyUserAttribute",
];

/// A pool with people in it.
pub struct Site {
    pub place: Place,
    /// The service's own usernames in the order of the document.
    pub usernames: Vec<String>,
    other: OtherClient,
}

/// A way to the same service that is not the program's.
enum OtherClient {
    /// Calls into the emulator past the socket and the SDK; the runtime is what listens.
    Direct {
        emulator: Emulator,
        _listening: Listening,
    },
    Boto3 {
        peers: &'static Peers,
        url: String,
    },
}

/// boto3, kept running for the whole process: starting Python takes longer than most calls. It ends when its input does,
/// with the test process.
struct Boto3 {
    _process: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    _home: Folder,
}

impl Boto3 {
    fn start(peers: &Peers) -> Self {
        let home = Folder::new("boto3").unwrap();
        let mut command = peers.script("calls.py", &[]);
        command.env("HOME", home.path());
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        Self {
            input: child.stdin.take().unwrap(),
            output: BufReader::new(child.stdout.take().unwrap()),
            _process: child,
            _home: home,
        }
    }

    /// Calls, one after the other; `tests/peers/calls.py` describes both documents.
    fn ask(peers: &Peers, calls: &Value) -> Vec<Value> {
        static RUNNING: OnceLock<Mutex<Boto3>> = OnceLock::new();
        let running = RUNNING.get_or_init(|| Mutex::new(Self::start(peers)));
        let mut answer = String::new();
        {
            // Whoever failed here before had the answer to its question already.
            let mut running = running.lock().unwrap_or_else(PoisonError::into_inner);
            writeln!(running.input, "{calls}").unwrap();
            running.output.read_line(&mut answer).unwrap();
        }
        match serde_json::from_str(&answer) {
            Ok(answers) => answers,
            Err(error) => panic!("boto3 answered {answer:?}: {error}"),
        }
    }
}

/// An emulator behind a socket for as long as this lives.
pub struct Listening {
    pub address: SocketAddr,
    // Dropped in this order: the listener is told to stop, then its threads end.
    _listening: listen::Listening,
    _runtime: Runtime,
}

impl Listening {
    pub fn start(emulator: &Emulator) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let any_port = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let listening = runtime.block_on(listen::start(emulator.clone(), any_port)).unwrap();
        Self {
            address: listening.address(),
            _listening: listening,
            _runtime: runtime,
        }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

/// A pool behind an endpoint.
pub fn place(url: &str, pool: &str) -> Place {
    Place {
        target: Target {
            region: Some("us-east-1".to_owned()),
            endpoint: Some(url.to_owned()),
            ..Target::default()
        },
        pool: PoolId::new(pool),
    }
}

/// An app client, as it was made.
pub struct AppClient {
    pub id: String,
}

/// Whether an app client proves itself with a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    None,
    Secret,
}

impl Site {
    /// Makes a pool as the document says; `tests/peers/seed.py` describes its form. For a peer, the caller has made
    /// sure that there is one.
    pub fn new(service: Service, document: &Value) -> Self {
        match service {
            Service::Emulator => Self::emulator(document),
            Service::Moto => Self::peer(Peers::moto, document),
            Service::CognitoLocal => Self::peer(Peers::cognito_local, document),
            Service::Ministack => Self::peer(Peers::ministack, document),
        }
    }

    fn emulator(document: &Value) -> Self {
        let emulator = Emulator::new(Seed::empty(), Clock::new().reader());
        let listening = Listening::start(&emulator);
        let url = listening.url();
        let (pool, usernames) = seed(&emulator, document);
        Self {
            place: place(&url, &pool),
            usernames,
            other: OtherClient::Direct {
                emulator,
                _listening: listening,
            },
        }
    }

    fn peer(server: fn(&'static Peers) -> &'static Server, document: &Value) -> Self {
        let peers = Peers::available().unwrap();
        let server = server(peers);
        let seeded = peers.seed(server, document).unwrap();
        Self {
            place: place(&server.url, &seeded.pool_id),
            usernames: seeded.usernames,
            other: OtherClient::Boto3 {
                peers,
                url: server.url.clone(),
            },
        }
    }

    /// The service's own name of the user that the document names at this position.
    pub fn username(&self, position: usize) -> &str {
        &self.usernames[position]
    }

    /// The time by which its tokens are good.
    pub fn clock(&self) -> Reader {
        match &self.other {
            OtherClient::Direct { .. } => Clock::new().reader(),
            OtherClient::Boto3 { .. } => time_of_day(),
        }
    }

    /// A new app client that allows these flows.
    pub fn app_client(&self, name: &str, flows: &[&str], proof: Proof) -> AppClient {
        let parameters = json!({
            "ClientName": name, "ExplicitAuthFlows": flows, "GenerateSecret": proof == Proof::Secret,
        });
        let created = self
            .by_another_client(&[("CreateUserPoolClient", parameters)])
            .remove(0);
        AppClient {
            id: created["UserPoolClient"]["ClientId"].as_str().unwrap().to_owned(),
        }
    }

    /// Somebody who signed up and did not enter the code yet. The emulator has no SignUp: there it is somebody whom an
    /// administrator made, put into that state.
    pub fn sign_up(&self, client: &AppClient, username: &str, email: &str) {
        match &self.other {
            OtherClient::Direct { emulator, .. } => {
                let attributes = json!([{"Name": "email", "Value": email}]);
                self.by_another_client(&[(
                    "AdminCreateUser",
                    json!({"Username": username, "UserAttributes": attributes, "TemporaryPassword": PASSWORD,
                           "MessageAction": "SUPPRESS"}),
                )]);
                let found = emulator.change_user(self.place.pool.as_str(), username, |user| {
                    user.status = "UNCONFIRMED".to_owned();
                });
                assert!(found, "nobody to be put into the state of a sign-up");
            }
            OtherClient::Boto3 { .. } => {
                self.by_another_client(&[(
                    "SignUp",
                    json!({"ClientId": client.id, "Username": username, "Password": PASSWORD,
                           "UserAttributes": [{"Name": "email", "Value": email}]}),
                )]);
            }
        }
    }

    /// The code that this user got last: from the emulator's outbox, else the fixed one.
    pub fn code(&self, username: &str) -> String {
        match &self.other {
            OtherClient::Direct { emulator, .. } => emulator
                .outbox()
                .iter()
                .rev()
                .filter(|message| message.user == username)
                .find_map(|message| message.code.clone())
                .unwrap(),
            OtherClient::Boto3 { .. } => CODE.to_owned(),
        }
    }

    /// The emulator, where it is one.
    pub fn as_emulator(&self) -> Option<&Emulator> {
        match &self.other {
            OtherClient::Direct { emulator, .. } => Some(emulator),
            OtherClient::Boto3 { .. } => None,
        }
    }

    /// Users as another client reads them, in the order of the names.
    pub fn seen(&self, usernames: &[&str]) -> Vec<UserSeen> {
        let calls: Vec<(&str, Value)> = usernames
            .iter()
            .map(|username| ("AdminGetUser", json!({"Username": username})))
            .collect();
        self.by_another_client(&calls).iter().map(user_seen).collect()
    }

    /// Whom another client gets under a name: the service's own username, or the refusal.
    pub fn named(&self, name: &str) -> String {
        match self.tried(&[("AdminGetUser", json!({"Username": name}))]).remove(0) {
            Ok(user) => user_seen(&user).username,
            Err(refused) => refused,
        }
    }

    /// Calls on this pool that the program does not know of, one after the other; none may be refused.
    pub fn by_another_client(&self, calls: &[(&str, Value)]) -> Vec<Value> {
        self.tried(calls).into_iter().map(Result::unwrap).collect()
    }

    /// The same where some may be refused: outputs, or codes and messages.
    pub fn tried(&self, calls: &[(&str, Value)]) -> Vec<Result<Value, String>> {
        let calls: Vec<(&str, Value)> = calls
            .iter()
            .map(|(operation, parameters)| {
                let mut parameters = parameters.clone();
                if !WITHOUT_POOL.contains(operation) {
                    parameters["UserPoolId"] = json!(self.place.pool.as_str());
                }
                (*operation, parameters)
            })
            .collect();
        match &self.other {
            OtherClient::Boto3 { peers, url } => {
                let answers = Boto3::ask(peers, &json!([url, calls]));
                answers
                    .into_iter()
                    .map(|mut answer| match (&answer["refused"], &answer["broken"]) {
                        (Value::String(refused), _) => Err(refused.clone()),
                        (_, Value::String(broken)) => panic!("{broken}"),
                        _ => Ok(answer["ok"].take()),
                    })
                    .collect()
            }
            OtherClient::Direct { emulator, .. } => calls
                .iter()
                .map(|(operation, parameters)| call(emulator, operation, parameters))
                .collect(),
        }
    }
}

fn user_seen(answer: &Value) -> UserSeen {
    let text = |of: &Value, member: &str| of[member].as_str().unwrap().to_owned();
    UserSeen {
        username: text(answer, "Username"),
        enabled: answer["Enabled"].as_bool().unwrap(),
        status: text(answer, "UserStatus"),
        attributes: answer["UserAttributes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|each| (text(each, "Name"), text(each, "Value")))
            .collect(),
    }
}

/// One call into an emulator: its output, or code and message.
pub fn call(emulator: &Emulator, operation: &str, parameters: &Value) -> Result<Value, String> {
    let request = http::Request::post("/")
        .header("x-amz-target", format!("AWSCognitoIdentityProviderService.{operation}"))
        .header("content-type", "application/x-amz-json-1.1")
        .body(Bytes::from(parameters.to_string()))
        .unwrap();
    let response = emulator.answer(request).map_err(|cut| format!("{cut:?}"))?;
    let output: Value = serde_json::from_slice(response.body()).map_err(|error| error.to_string())?;
    if response.status().is_success() {
        Ok(output)
    } else {
        let text = |member: &str| output[member].as_str().unwrap_or_default().to_owned();
        Err(format!("{}: {}", text("__type"), text("message")))
    }
}

/// Fills an emulator through its API, as the seeding script fills a peer, and without needing Python. Custom
/// attributes are added afterwards.
fn seed(emulator: &Emulator, document: &Value) -> (String, Vec<String>) {
    let ok = |operation: &str, parameters: Value| match call(emulator, operation, &parameters) {
        Ok(output) => output,
        Err(refused) => panic!("{operation} while seeding: {refused}"),
    };
    let list = |of: &Value, member: &str| of[member].as_array().cloned().unwrap_or_default();
    let created = ok("CreateUserPool", document["pool"].clone());
    let pool = created["UserPool"]["Id"].as_str().unwrap().to_owned();
    let custom = list(document, "custom");
    if !custom.is_empty() {
        ok(
            "AddCustomAttributes",
            json!({"UserPoolId": pool, "CustomAttributes": custom}),
        );
    }
    for group in list(document, "groups") {
        ok("CreateGroup", json!({"UserPoolId": pool, "GroupName": group}));
    }
    let mut usernames = Vec::new();
    for user in list(document, "users") {
        let attributes: Vec<Value> = user["attributes"]
            .as_object()
            .into_iter()
            .flatten()
            .map(|(name, value)| json!({"Name": name, "Value": value}))
            .collect();
        let created = ok(
            "AdminCreateUser",
            json!({"UserPoolId": pool, "Username": user["username"], "UserAttributes": attributes,
                   "TemporaryPassword": PASSWORD, "MessageAction": "SUPPRESS"}),
        );
        let username = created["User"]["Username"].as_str().unwrap().to_owned();
        if user["confirmed"] != json!(false) {
            ok(
                "AdminSetUserPassword",
                json!({"UserPoolId": pool, "Username": username, "Password": PASSWORD, "Permanent": true}),
            );
        }
        for group in list(&user, "groups") {
            ok(
                "AdminAddUserToGroup",
                json!({"UserPoolId": pool, "Username": username, "GroupName": group}),
            );
        }
        if user["enabled"] == json!(false) {
            ok("AdminDisableUser", json!({"UserPoolId": pool, "Username": username}));
        }
        usernames.push(username);
    }
    (pool, usernames)
}
