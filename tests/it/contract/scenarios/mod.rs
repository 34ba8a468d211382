//! The scenarios: each is played on the services that the list names, and states what AWS does by its documents.

pub mod contacts;
pub mod guarding;
pub mod looking;
pub mod resending;
pub mod writing;

use std::time::Duration;

use cognitui::job::Protection;

use super::ledger::Ledger;
use super::program::{Program, became, change};
use super::service::Site;
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
    program.open_writer(&site.place, Protection::Open);
    program
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
