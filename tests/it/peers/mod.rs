//! The servers that are not ours. The emulator is written from the same documents as the program, so a misreading of
//! them would be in both; moto, cognito-local and ministack were written by others, and boto3 and the AWS CLI read what
//! was written. They are set up here, by the tests themselves, from the lock files in `tests/peers`, once per change of
//! a lock file, under `<target>/test-peers`.
//!
//! Every suite begins with
//!
//! ```ignore
//! let Some(peers) = peers::for_suite("the contract with moto") else { return };
//! ```
//!
//! and shares one moto, one cognito-local and one ministack with the rest of the process: pools are told apart by their ids.
#![cfg(test)]

pub mod clients;
mod folder;
mod install;
mod server;

use std::collections::BTreeSet;
use std::fmt;
use std::io::Write;
use std::sync::{Mutex, OnceLock};

pub use folder::Folder;
pub use server::{CODE, SEEDED_POOL, Server, ServerKind};

use install::Installed;

const SWITCH: &str = "COGNITUI_TEST_PEERS";

/// Why there are no peers. Its text is one line that says what to do, and Debug is that text, so that a test that
/// unwraps it shows the line and nothing else. (A failed set-up adds the end of the tool's own output.)
#[derive(Clone, PartialEq)]
pub enum Missing {
    /// Left out on request.
    LeftOut,
    /// The switch holds something else than `off`.
    Switch(String),
    /// What has to be installed first, in words.
    Tools(Vec<&'static str>),
    /// A step of the set-up failed: which one, and the end of its output.
    SetUp { step: String, output: String },
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LeftOut => write!(f, "{SWITCH}=off: left out"),
            Self::Switch(value) => {
                write!(f, "{SWITCH} is {value:?}; the only value it knows is off")
            }
            Self::Tools(tools) => write!(
                f,
                "contract tests need {}; install {} or set {SWITCH}=off",
                tools.join(" and "),
                if tools.len() == 1 { "it" } else { "them" },
            ),
            Self::SetUp { step, output } => {
                write!(f, "contract tests could not be set up: {step} failed\n{output}")
            }
        }
    }
}

impl fmt::Debug for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The peers of this test process: what is installed, and the shared servers once a test has asked for them.
pub struct Peers {
    installed: Installed,
    moto: OnceLock<Server>,
    cognito_local: OnceLock<Server>,
    ministack: OnceLock<Server>,
}

impl Peers {
    /// Sets up what is not there yet (a minute, once) and says why if that is not possible.
    pub fn available() -> Result<&'static Peers, Missing> {
        static PEERS: OnceLock<Result<Peers, Missing>> = OnceLock::new();
        let peers = PEERS.get_or_init(|| {
            if let Some(reason) = switched_off(std::env::var_os(SWITCH)) {
                return Err(reason);
            }
            Ok(Peers {
                installed: Installed::ensure(&install::test_peers())?,
                moto: OnceLock::new(),
                cognito_local: OnceLock::new(),
                ministack: OnceLock::new(),
            })
        });
        peers.as_ref().map_err(Missing::clone)
    }

    /// The moto that the whole process shares. Panics, with the end of the server's log, if it does not come up.
    pub fn moto(&'static self) -> &'static Server {
        self.moto.get_or_init(|| self.started(ServerKind::Moto))
    }

    /// The cognito-local that the whole process shares; every code it sends is [`CODE`]. Panics, with the end
    /// of the server's log, if it does not come up.
    pub fn cognito_local(&'static self) -> &'static Server {
        self.cognito_local
            .get_or_init(|| self.started(ServerKind::CognitoLocal))
    }

    /// The ministack that the whole process shares. Panics, with the end of the server's log, if it does not come up.
    pub fn ministack(&'static self) -> &'static Server {
        self.ministack.get_or_init(|| self.started(ServerKind::Ministack))
    }

    /// A moto of the caller's own whose pool [`SEEDED_POOL`] has this many confirmed users from the start
    /// (`user000000`, ..). It stops when dropped.
    pub fn moto_with_users(&self, count: usize) -> Server {
        self.started(ServerKind::MotoWithUsers(count))
    }

    fn started(&self, kind: ServerKind) -> Server {
        match Server::start(&self.installed, kind) {
            Ok(server) => server,
            Err(why) => panic!("{why}"),
        }
    }
}

/// The peers, or `None` when they are left out on request, which is said on the real standard error (libtest captures
/// only what goes through the print macros). Panics with the one line of [`Missing`] in every other case.
pub fn for_suite(suite: &'static str) -> Option<&'static Peers> {
    static SAID: Mutex<BTreeSet<&str>> = Mutex::new(BTreeSet::new());
    match Peers::available() {
        Ok(peers) => Some(peers),
        Err(Missing::LeftOut) => {
            if SAID.lock().is_ok_and(|mut already_said| already_said.insert(suite)) {
                say(&format!("{} ({suite})", Missing::LeftOut));
            }
            None
        }
        Err(missing) => panic!("{missing}"),
    }
}

/// What the switch asks for: `None` is "use the peers".
fn switched_off(value: Option<std::ffi::OsString>) -> Option<Missing> {
    let value = value?.to_string_lossy().into_owned();
    match value.as_str() {
        "" => None,
        "off" => Some(Missing::LeftOut),
        _ => Some(Missing::Switch(value)),
    }
}

/// One line on standard error that libtest does not capture.
fn say(line: &str) {
    // A closed standard error is no reason for a test to fail: there is nobody to tell.
    let _ = writeln!(std::io::stderr().lock(), "{line}");
}

mod tests {
    use super::*;

    #[test]
    fn the_switch_knows_off_and_nothing_else() {
        assert_eq!(switched_off(None), None);
        assert_eq!(switched_off(Some("".into())), None);
        assert_eq!(switched_off(Some("off".into())), Some(Missing::LeftOut));
        let wrong = switched_off(Some("no".into())).map(|missing| missing.to_string());
        assert_eq!(
            wrong.as_deref(),
            Some("COGNITUI_TEST_PEERS is \"no\"; the only value it knows is off")
        );
    }

    #[test]
    fn what_is_missing_is_one_line() {
        let one = Missing::Tools(vec![install::PYTHON]);
        assert_eq!(
            format!("{one:?}"),
            "contract tests need Python 3.11 or newer (python3 with venv); install it or set COGNITUI_TEST_PEERS=off"
        );
        let both = Missing::Tools(vec![install::PYTHON, install::NODE]).to_string();
        assert!(
            both.contains(" and Node.js 20 or newer (node with npm); install them"),
            "{both}"
        );
        assert_eq!(both.lines().count(), 1);
    }
}
