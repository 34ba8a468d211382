//! A peer as a running process: on a free loopback port that it chooses itself, ready when `start` returns, and gone
//! with the test process however that ends, because it reads a pipe whose other end only the test process holds.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use serde_json::Value;

use super::folder::Folder;
use super::install::{Installed, last_lines};

/// Every verification code that cognito-local sends.
pub const CODE: &str = "1234";
/// The pool of a moto that was started with users.
pub const SEEDED_POOL: &str = "us-east-1_Seeded001";

/// Long enough for the first start, when Python compiles moto, on a busy machine.
const START: Duration = Duration::from_secs(120);
const POLL: Duration = Duration::from_millis(20);
const POLLS_UNTIL_READY: u32 = 500;
const POLLS_UNTIL_STOPPED: u32 = 250;

/// Without this config cognito-local gives every pool UsernameAttributes = ["email"].
const COGNITO_LOCAL_CONFIG: &str = r#"{"UserPoolDefaults":{"UsernameAttributes":null}}"#;

/// Which peer a server is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServerKind {
    Moto,
    MotoWithUsers(usize),
    CognitoLocal,
    Ministack,
}

impl ServerKind {
    /// The name that the seeding script and messages use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Moto | Self::MotoWithUsers(_) => "moto",
            Self::CognitoLocal => "cognito-local",
            Self::Ministack => "ministack",
        }
    }
}

/// A running peer; it is stopped when this is dropped.
pub struct Server {
    /// `http://127.0.0.1:PORT`
    pub url: String,
    pub kind: ServerKind,
    child: Child,
    /// Its end is the signal to stop.
    lifeline: Option<ChildStdin>,
    log: PathBuf,
    _folder: Folder,
}

impl Server {
    /// Starts one and returns when it answers ListUserPools; the error is a text with the end of its log.
    pub fn start(installed: &Installed, kind: ServerKind) -> Result<Self, String> {
        let folder = Folder::new(kind.name()).map_err(|error| error.to_string())?;
        let mut command = match kind {
            ServerKind::Moto => python_server(installed, None),
            ServerKind::MotoWithUsers(count) => python_server(installed, Some(count)),
            ServerKind::CognitoLocal => {
                let settings = folder.path().join(".cognito");
                fs::create_dir(&settings)
                    .and_then(|()| fs::write(settings.join("config.json"), COGNITO_LOCAL_CONFIG))
                    .map_err(|error| error.to_string())?;
                let mut command = installed.node("serve_cognito_local.js");
                command
                    .env("HOST", Ipv4Addr::LOCALHOST.to_string())
                    .env("PORT", "0")
                    .env("CODE", CODE);
                command
            }
            ServerKind::Ministack => {
                let mut command = installed.ministack();
                command
                    .arg(super::install::sources().join("serve_ministack.py"))
                    .env("TMPDIR", folder.path())
                    // Where it keeps the keys it signs tokens with.
                    .env("STATE_DIR", folder.path().join("state"));
                command
            }
        };
        command.current_dir(folder.path()).env("HOME", folder.path());
        Self::start_command(command, kind, folder)
    }

    fn start_command(mut command: Command, kind: ServerKind, folder: Folder) -> Result<Self, String> {
        let log = folder.path().join("log");
        let log_file = File::create(&log).map_err(|error| error.to_string())?;
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(log_file)
            .spawn()
            .map_err(|error| format!("{} does not start: {error}", kind.name()))?;
        let lifeline = child.stdin.take();
        let output = child.stdout.take();
        let mut server = Self {
            url: String::new(),
            kind,
            child,
            lifeline,
            log,
            _folder: folder,
        };
        let port = output
            .and_then(announced_port)
            .ok_or_else(|| server.failure("did not say where it listens"))?;
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        server.url = format!("http://{address}");
        server.until_ready(address)?;
        Ok(server)
    }

    /// What the server has written so far; cognito-local notes here every message it would have sent.
    pub fn log(&self) -> String {
        fs::read(&self.log)
            .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
            .unwrap_or_else(|error| format!("(no log: {error})"))
    }

    fn until_ready(&mut self, address: SocketAddr) -> Result<(), String> {
        let mut last = String::new();
        for _ in 0..POLLS_UNTIL_READY {
            match post(address, "ListUserPools", r#"{"MaxResults":1}"#) {
                Ok((200, _)) => return Ok(()),
                Ok((status, body)) => last = format!("answered {status}: {body}"),
                Err(error) => last = format!("does not answer: {error}"),
            }
            if let Ok(Some(status)) = self.child.try_wait() {
                return Err(self.failure(&format!("ended with {status}")));
            }
            std::thread::park_timeout(POLL);
        }
        Err(self.failure(&last))
    }

    fn failure(&self, what: &str) -> String {
        format!("{} {what}\n{}", self.kind.name(), last_lines(&self.log(), 30))
    }

    /// Ends the lifeline and waits for the process; true when it went by itself.
    fn stop(&mut self) -> bool {
        drop(self.lifeline.take());
        for _ in 0..POLLS_UNTIL_STOPPED {
            if matches!(self.child.try_wait(), Ok(Some(_))) {
                return true;
            }
            std::thread::park_timeout(POLL);
        }
        false
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if !self.stop() {
            // It ignores its lifeline. Neither call can fail for a child that was not waited for.
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}

fn python_server(installed: &Installed, users: Option<usize>) -> Command {
    let mut command = installed.python();
    command.arg(super::install::sources().join("serve_moto.py"));
    command.args(users.map(|count| count.to_string()));
    command
}

/// Reads the port from the first line of a server's output. The rest is read and dropped, on a thread of its own, so
/// that the server never blocks on a full pipe.
fn announced_port(output: impl Read + Send + 'static) -> Option<u16> {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        let mut output = BufReader::new(output);
        let mut line = String::new();
        let announced = output
            .read_line(&mut line)
            .ok()
            .and_then(|_| serde_json::from_str::<Value>(&line).ok())
            .and_then(|line| line.get("port")?.as_u64()?.try_into().ok());
        // The receiver may have given up, and the pipe ends with the server: neither needs anything from here.
        let _ = sender.send(announced);
        let _ = std::io::copy(&mut output, &mut std::io::sink());
    });
    receiver.recv_timeout(START).ok().flatten()
}

/// One request as a Cognito client sends it, unsigned: status and body.
fn post(address: SocketAddr, operation: &str, body: &str) -> std::io::Result<(u16, String)> {
    let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(5))?;
    stream.set_read_timeout(Some(Duration::from_secs(30)))?;
    write!(
        stream,
        "POST / HTTP/1.1\r\n\
         Host: {address}\r\n\
         Content-Type: application/x-amz-json-1.1\r\n\
         X-Amz-Target: AWSCognitoIdentityProviderService.{operation}\r\n\
         Authorization: AWS4-HMAC-SHA256 Credential=test/20200101/us-east-1/cognito-idp/aws4_request\r\n\
         Content-Length: {}\r\n\
         Connection: close\r\n\r\n{body}",
        body.len()
    )?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    let answer = String::from_utf8_lossy(&answer);
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
    let status = head
        .split(' ')
        .nth(1)
        .and_then(|status| status.parse().ok())
        .ok_or_else(|| std::io::Error::other(format!("not an HTTP answer: {head}")))?;
    Ok((status, body.to_owned()))
}

mod tests {
    use super::*;
    use crate::peers::{self, Missing};

    fn address(server: &Server) -> SocketAddr {
        server.url.strip_prefix("http://").unwrap().parse().unwrap()
    }

    #[test]
    fn a_server_ends_when_its_lifeline_does() {
        let Some(peers) = peers::for_suite("starting and stopping the peers") else {
            return;
        };
        for kind in [ServerKind::Moto, ServerKind::CognitoLocal, ServerKind::Ministack] {
            let mut server = Server::start(&peers.installed, kind).unwrap();
            let address = address(&server);
            assert!(address.ip().is_loopback());
            assert!(post(address, "ListUserPools", r#"{"MaxResults":1}"#).is_ok());
            assert!(server.stop(), "{kind:?} outlived its lifeline");
            assert!(post(address, "ListUserPools", "{}").is_err());
        }
    }

    #[test]
    fn a_server_that_does_not_start_shows_its_log() {
        let mut command = Command::new("sh");
        command.args(["-c", "echo the reason >&2; exit 3"]);
        let failure = Server::start_command(command, ServerKind::Moto, Folder::new("no-server").unwrap()).err();
        assert_eq!(
            failure.as_deref(),
            Some("moto did not say where it listens\nthe reason")
        );
    }

    #[test]
    fn a_server_that_dies_after_saying_its_port_is_noticed() {
        let mut command = Command::new("sh");
        // Nothing listens on port 1 of loopback.
        command.args(["-c", r#"echo '{"port":1}'; echo gone >&2"#]);
        let failure = Server::start_command(command, ServerKind::CognitoLocal, Folder::new("no-server").unwrap())
            .err()
            .unwrap();
        assert!(
            failure.contains("cognito-local ended with exit status: 0") && failure.contains("gone"),
            "{failure}"
        );
    }

    #[test]
    fn peers_are_shared_by_the_process() {
        let peers = match peers::Peers::available() {
            Ok(peers) => peers,
            Err(missing) => {
                assert_eq!(missing, Missing::LeftOut);
                return;
            }
        };
        assert_eq!(peers.moto().url, peers.moto().url);
        assert_ne!(peers.moto().url, peers.cognito_local().url);
        assert_ne!(peers.moto().url, peers.ministack().url);
    }
}
