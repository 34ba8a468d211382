//! The scenarios: each is played on the services that the list names, and states what AWS does by its documents.

pub mod accounts;
pub mod acting;
pub mod contacts;
pub mod guarding;
pub mod looking;
pub mod resending;
pub mod signing_in;
pub mod writing;

use std::time::Duration;

use cognitui::domain::sign_in::{Flow, Password};
use cognitui::domain::{ClientId, Raw, Secret};
use cognitui::job::{Job, Reply, Submitted};

use super::ledger::Ledger;
use super::program::{Program, became, change};
use super::service::{AppClient, PASSWORD, Site};
use crate::peers::clients::UserSeen;

/// How long an answer of a service on this machine may take.
const READ_TIMEOUT: Duration = Duration::from_secs(30);

/// The program, about to ask.
fn program() -> Program {
    Program::on_the_network(READ_TIMEOUT)
}

/// The program with leave to write to this pool.
fn writing_program(site: &Site) -> Program {
    let program = program();
    program.open_writer(&site.place);
    program
}

/// The program at the service's time, with leave to write as an administrator and the pool's settings read, as the
/// form has them: only with them it knows what may wait for a code.
fn acting_program(site: &Site) -> Program {
    let program = Program::on_the_network_at(site.clock(), READ_TIMEOUT);
    program.open_writer(&site.place);
    let reply = program.ask(Job::DescribePool {
        place: site.place.clone(),
    });
    assert!(matches!(reply, Reply::Pool(Ok(_))), "{reply:?}");
    program
}

/// A sign-in with everybody's password.
fn with_password(client: &AppClient, username: &str) -> Password {
    password(client, username, PASSWORD, None)
}

/// A sign-in that needs no AWS credentials.
fn password(client: &AppClient, username: &str, password: &str, expected: Option<&str>) -> Password {
    Password {
        flow: Flow::UserPassword,
        client: ClientId::new(client.id.as_str()),
        username: Raw::from(username),
        password: Secret::new(password),
        expected: expected.map(Raw::from),
    }
}

/// An outcome without the service's words.
fn outcome(submitted: &Submitted) -> String {
    let outcome = became(submitted);
    outcome.splitn(3, ": ").take(2).collect::<Vec<_>>().join(": ")
}

/// Changes that are sent one after the other, and looked at together when all of them were: no two of them change the
/// same user.
struct Writes<'a> {
    site: &'a Site,
    program: &'a Program,
    sent: Vec<Write>,
}

struct Write {
    statement: &'static str,
    username: String,
    became: String,
    look: Vec<&'static str>,
    aws: String,
}

impl<'a> Writes<'a> {
    fn new(site: &'a Site, program: &'a Program) -> Self {
        Self {
            site,
            program,
            sent: Vec::new(),
        }
    }

    /// Sends a change of a user as it is now. AWS makes `aws` of it: the outcome, and what another client then reads of
    /// the attributes in `look`, as in `applied; email=new@example.com email_verified=false`. One that is not set reads
    /// `-`.
    fn send(
        &mut self,
        statement: &'static str,
        username: &str,
        edits: &[(&str, Option<&str>)],
        look: &[&'static str],
        aws: impl Into<String>,
    ) {
        let base = match self.program.user(&self.site.place, username) {
            Ok(base) => base,
            Err(fault) => panic!("{username} cannot be read: {fault:?}"),
        };
        let submitted = self.program.submit(&self.site.place, change(&base, edits));
        self.add(statement, username, became(&submitted), look, aws);
    }

    /// Adds a change that was sent already.
    fn add(
        &mut self,
        statement: &'static str,
        username: &str,
        became: String,
        look: &[&'static str],
        aws: impl Into<String>,
    ) {
        self.sent.push(Write {
            statement,
            username: username.to_owned(),
            became,
            look: look.to_vec(),
            aws: aws.into(),
        });
    }

    /// Reads all of them with another client and states what is there.
    fn state(self, ledger: &mut Ledger) {
        let usernames: Vec<&str> = self.sent.iter().map(|write| write.username.as_str()).collect();
        for (write, seen) in self.sent.iter().zip(self.site.seen(&usernames)) {
            let found = format!("{}; {}", write.became, shown(&seen, &write.look));
            ledger.states(write.statement, write.aws.as_str(), found);
        }
    }
}

/// Some attributes of a user.
fn shown(seen: &UserSeen, look: &[&str]) -> String {
    let shown: Vec<String> = look
        .iter()
        .map(|name| match seen.attributes.get(*name) {
            Some(value) => format!("{name}={value}"),
            None => format!("{name}=-"),
        })
        .collect();
    shown.join(" ")
}
