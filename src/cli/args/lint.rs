//! `cognitui lint`: which checks over which pool, and in which form.

use std::path::PathBuf;

use clap::Args;

use super::{Form, Options};
use crate::domain::lint::{Check, RECENT_DAYS};

/// The command's options.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP, after_long_help = AFTER_LONG_HELP)]
pub struct LintArgs {
    /// Make this check only; may be given several times
    ///
    /// Without it every check is made; --help lists them.
    #[arg(long, value_name = "ID", value_parser = check, verbatim_doc_comment)]
    pub check: Vec<Check>,

    /// Leave this check out; may be given several times
    #[arg(long, value_name = "ID", value_parser = check)]
    pub skip: Vec<Check>,

    /// An attribute everybody should have; a custom one by its short name too; may be given several times
    #[arg(long, value_name = "NAME")]
    pub attribute: Vec<String>,

    /// How many days back a change of a disabled account counts as recent
    #[arg(long, value_name = "DAYS", default_value_t = RECENT_DAYS)]
    pub recent_days: u16,

    /// How it is printed on standard output
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    pub output: Form,

    /// Check an export in JSON Lines in the place of a pool
    #[arg(long, value_name = "FILE")]
    pub from: Option<PathBuf>,

    #[command(flatten)]
    pub options: Options,
}

const AFTER_HELP: &str = "What was found goes to standard output, words go to standard error. --help says more.";

const AFTER_LONG_HELP: &str = "\
Checks, the most serious first:
  look-alike           usernames and e-mail addresses that look alike (Unicode skeletons); of plain ASCII
                       only addresses that differ in the domain alone: rn and m, 1 and l meet by accident
  case-twins           usernames and addresses that differ only by case or by how an accent is encoded
  duplicate-email      the same e-mail address
  duplicate-phone      the same phone number
  federated-and-local  a federated user and a local one with the same e-mail address
  hidden-characters    characters in a value that cannot be seen, and spaces at its ends
  no-contact           confirmed users with neither e-mail address nor phone number
  missing-attribute    attributes missing that the pool requires or --attribute names
  outside-schema       values that the pool's schema would not take
  not-e164             phone numbers that are not + and digits
  unverified-contact   contacts that are not verified
  stale-invitation     invitations older than the life of the pool's temporary passwords
  disabled-recently    disabled users that were changed in the last --recent-days

The whole pool is read with ListUsers, at the pace that the configuration sets; nobody is counted as active.
With --from the users of an export are checked, and nobody is asked: no service, no credentials.

Exit codes: 0 nothing was found; 1 something was found; 2 the command line, the configuration or the
credentials cannot be used; 3 the pool could not be read to its end, or the export is not all of its pool
(what was found so far is printed).";

fn check(id: &str) -> Result<Check, String> {
    Check::parse(id).ok_or_else(|| {
        let known: Vec<&str> = Check::ALL.iter().map(|check| check.id()).collect();
        format!("there is no such check; there are {}", known.join(", "))
    })
}

impl LintArgs {
    /// The checks to make, the most serious first.
    pub fn checks(&self) -> Vec<Check> {
        let wanted = |check: &Check| self.check.is_empty() || self.check.contains(check);
        Check::ALL
            .into_iter()
            .filter(wanted)
            .filter(|check| !self.skip.contains(check))
            .collect()
    }

    /// Why this command line is not followed, and what to write instead.
    pub(super) fn refusal(&self) -> Option<String> {
        if self.checks().is_empty() {
            return Some("no check is left to make: --skip takes away what --check names".to_owned());
        }
        self.options
            .beside_file(self.from.as_deref())
            .or_else(|| self.options.refusal())
    }
}
